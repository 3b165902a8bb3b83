"""Changes of the directory: who may make them, what is refused, and that each is on record."""

from datetime import date, datetime
from typing import Any

import pytest
from django.db import connection

from moothall.councils import actions, queries, scope
from moothall.councils.errors import (
    LastAdministrator,
    MayNotGrant,
    NoAgreement,
    NoSuchCalendar,
    NoSuchRole,
    NotACalendar,
    NotAnAgreement,
    NotToOneself,
    NotValid,
    OneTeamOnly,
    StaffHasLeft,
)
from moothall.councils.models import Agreement, Council, Grant, Partnership
from moothall.councils.roles import ADMINISTRATOR
from moothall.councils.rules import Viewer
from moothall.journal.models import Entry
from moothall.plain.errors import NotFound, Refused
from moothall.plain.working_time import LONDON
from tests import makers

pytestmark = pytest.mark.django_db
SYSTEM = Viewer.system()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


def recorded(what: str) -> int:
    with scope.everything("to read the record"):
        return Entry.objects.filter(what=what).count()


def administrator(council: Council, role: str = ADMINISTRATOR) -> Viewer:
    return makers.make_viewer(makers.make_staff(council=council, roles=(role,)))


class TestFounding:
    def test_names_the_one_partnership(self, now: datetime) -> None:
        actions.found_partnership(by=SYSTEM, name="Three Rivers", now=now)
        actions.found_partnership(by=SYSTEM, name="Four Rivers", now=now)
        assert Partnership.objects.get().name == "Four Rivers"
        assert recorded("partnership.named") == 2

    def test_adds_a_council_that_is_open_in_office_hours(self, now: datetime) -> None:
        council = actions.add_council(
            by=SYSTEM, code="ash", name="Ash", kind="district", reference_prefix="ASH", now=now
        )
        calendar = queries.calendar_of(council.pk)
        assert calendar.is_open(at("2026-11-23 09:00"))
        assert calendar.why_closed(date(2026, 12, 25)) == "bank holiday: Christmas Day"
        assert recorded("council.added") == 1

    @pytest.mark.parametrize(
        ("fields", "wrong"),
        [
            ({"code": "Ash!"}, "code"),
            ({"code": "elm"}, "code"),
            ({"reference_prefix": "A1"}, "reference_prefix"),
            ({"reference_prefix": "PSN"}, "reference_prefix"),
            ({"kind": "empire"}, "kind"),
            ({"brand_colour": "#fefefe"}, "brand_colour"),
            ({"link_colour": "red"}, "brand_colour"),
        ],
    )
    def test_says_which_field_is_wrong(
        self, elm: Council, fields: dict[str, str], wrong: str, now: datetime
    ) -> None:
        given = {"code": "ash", "name": "Ash", "kind": "district", "reference_prefix": "ASH", **fields}
        with pytest.raises(NotValid) as refusal:
            actions.add_council(by=SYSTEM, now=now, **given)
        assert wrong in refusal.value.fields
        assert recorded("council.added") == 0

    def test_is_for_partnership_administrators(self, ash: Council, now: datetime) -> None:
        with pytest.raises(Refused):
            actions.set_up_council(
                by=administrator(ash, "council-administrator"), council=ash, website="", now=now
            )
        actions.set_up_council(
            by=administrator(ash),
            council=ash,
            brand_colour="#003366",
            website="https://ash.example.org",
            now=now,
        )
        assert Council.objects.get().website == "https://ash.example.org"
        with pytest.raises(TypeError):
            actions.set_up_council(by=SYSTEM, council=ash, code="x", now=now)


class TestAddingStaff:
    def test_is_for_administrators_of_that_council(self, ash: Council, elm: Council, now: datetime) -> None:
        by = administrator(ash, "council-administrator")
        staff = actions.add_staff(by=by, user=makers.make_user(), council=ash, now=now)
        assert staff.council == ash
        assert recorded("staff.added") == 1
        with pytest.raises(NotFound):
            actions.add_staff(by=by, user=makers.make_user(), council=elm, now=now)
        with pytest.raises(NotFound):
            actions.add_staff(by=administrator(ash, "officer"), user=makers.make_user(), council=ash, now=now)

    def test_takes_an_account_once(self, ash: Council, elm: Council, now: datetime) -> None:
        user = makers.make_user()
        actions.add_staff(by=SYSTEM, user=user, council=ash, now=now)
        with pytest.raises(NotValid):
            actions.add_staff(by=SYSTEM, user=user, council=elm, now=now)

    def test_who_leaves_can_join_no_team_and_be_given_no_role(self, ash: Council, now: datetime) -> None:
        staff = makers.make_staff(council=ash)
        actions.end_staff(by=SYSTEM, staff=staff, on=now.date(), now=now)
        with pytest.raises(StaffHasLeft):
            actions.grant(by=SYSTEM, staff=staff, role="officer", council=ash, now=now)
        with pytest.raises(StaffHasLeft):
            actions.join_team(by=SYSTEM, staff=staff, team=makers.make_team(council=ash), now=now)


class TestTeams:
    def test_serve_their_council_and_are_found_by_what_they_do(
        self, ash: Council, elm: Council, now: datetime
    ) -> None:
        team = actions.add_team(
            by=SYSTEM, council=ash, code="ash-waste", name="Waste", function="waste", now=now
        )
        assert queries.team_serving("waste", ash.pk) == team.pk
        assert queries.team_serving("waste", elm.pk) is None

    def test_serve_another_council_only_under_an_agreement(
        self, ash: Council, elm: Council, now: datetime
    ) -> None:
        facts: dict[str, Any] = {"council": ash, "code": "waste", "name": "Waste", "serves": (ash, elm)}
        with pytest.raises(NoAgreement):
            actions.add_team(by=SYSTEM, now=now, **facts)
        makers.make_agreement(councils=(ash, elm))
        team = actions.add_team(by=SYSTEM, now=now, **facts)
        assert queries.team_serving("waste", elm.pk) == team.pk
        with pytest.raises(OneTeamOnly):
            actions.add_team(
                by=SYSTEM, council=elm, code="elm-waste", name="Waste", function="waste", now=now
            )

    def test_are_joined_and_left(self, ash: Council, now: datetime) -> None:
        staff, team = makers.make_staff(council=ash), makers.make_team(council=ash)
        actions.join_team(by=SYSTEM, staff=staff, team=team, now=now)
        actions.join_team(by=SYSTEM, staff=staff, team=team, leads=True, now=now)
        assert makers.make_viewer(staff).leads == {team.pk}
        actions.leave_team(by=SYSTEM, staff=staff, team=team, now=now)
        assert makers.make_viewer(staff).team_ids == frozenset()
        with pytest.raises(NotFound):
            actions.leave_team(by=SYSTEM, staff=staff, team=team, now=now)


class TestGranting:
    def test_gives_powers_and_is_on_record(self, ash: Council, now: datetime) -> None:
        staff = makers.make_staff(council=ash)
        actions.grant(by=administrator(ash), staff=staff, role="officer", council=ash, now=now)
        assert makers.make_viewer(staff).powers["process.case.act"] == {ash.pk}
        actions.revoke(by=administrator(ash), staff=staff, role="officer", council=ash, now=now)
        assert not makers.make_viewer(staff).powers
        assert recorded("role.granted") == recorded("role.revoked") == 1

    def test_is_refused_for_a_role_that_is_not_the_givers_to_give(self, ash: Council, now: datetime) -> None:
        by, staff = administrator(ash, "council-administrator"), makers.make_staff(council=ash)
        actions.grant(by=by, staff=staff, role="officer", council=ash, now=now)
        for role in ("council-administrator", ADMINISTRATOR, "auditor"):
            with pytest.raises(MayNotGrant):
                actions.grant(by=by, staff=staff, role=role, council=ash, now=now)

    def test_does_not_admit_a_council_the_giver_does_not_see(
        self, ash: Council, elm: Council, now: datetime
    ) -> None:
        with pytest.raises(NotFound):
            actions.grant(
                by=administrator(ash),
                staff=makers.make_staff(council=elm),
                role="officer",
                council=elm,
                now=now,
            )

    def test_at_another_council_needs_an_agreement(self, ash: Council, elm: Council, now: datetime) -> None:
        staff = makers.make_staff(council=ash)
        with pytest.raises(
            NoAgreement, match="no agreement between Ash District Council and Elm City Council"
        ):
            actions.grant(by=SYSTEM, staff=staff, role="officer", council=elm, now=now)
        agreement = makers.make_agreement(councils=(ash, elm))
        actions.grant(by=SYSTEM, staff=staff, role="officer", council=elm, agreement=agreement, now=now)
        assert makers.make_viewer(staff).agreements == {elm.pk: agreement.name}

    def test_is_never_to_oneself(self, ash: Council, now: datetime) -> None:
        staff = makers.make_staff(council=ash, roles=("council-administrator",))
        with pytest.raises(NotToOneself):
            actions.grant(by=makers.make_viewer(staff), staff=staff, role="officer", council=ash, now=now)

    def test_refuses_a_role_that_is_not_there_and_the_same_role_twice(
        self, ash: Council, now: datetime
    ) -> None:
        staff = makers.make_staff(council=ash, roles=("officer",))
        with pytest.raises(NoSuchRole, match="“wizard” is not a role"):
            actions.grant(by=SYSTEM, staff=staff, role="wizard", council=ash, now=now)
        with pytest.raises(NotValid):
            actions.grant(by=SYSTEM, staff=staff, role="officer", council=ash, now=now)
        with pytest.raises(NotFound):
            actions.revoke(by=SYSTEM, staff=staff, role="auditor", council=ash, now=now)

    def test_never_leaves_the_partnership_without_an_administrator(self, ash: Council, now: datetime) -> None:
        last = makers.make_staff(council=ash, roles=(ADMINISTRATOR,))
        with pytest.raises(LastAdministrator):
            actions.revoke(by=SYSTEM, staff=last, role=ADMINISTRATOR, council=ash, now=now)
        with pytest.raises(LastAdministrator):
            actions.end_staff(by=SYSTEM, staff=last, on=now.date(), now=now)
        makers.make_staff(council=ash, roles=(ADMINISTRATOR,))
        actions.revoke(by=SYSTEM, staff=last, role=ADMINISTRATOR, council=ash, now=now)
        assert Grant.objects.count() == 1


class TestAgreements:
    def sign(self, *councils: Council, by: Viewer = SYSTEM, now: datetime, **changes: Any) -> Agreement:
        facts: dict[str, Any] = {
            "name": "Shared waste",
            "kinds": ["process", "requests"],
            "purpose": "One waste team",
            "lawful_basis": "Local Government Act 1972, section 113",
            "starts_on": date(2026, 1, 1),
        }
        return actions.sign_agreement(by=by, councils=councils, now=now, **{**facts, **changes})

    def test_are_on_the_record_of_each_council(self, ash: Council, elm: Council, now: datetime) -> None:
        agreement = self.sign(ash, elm, now=now)
        assert recorded("agreement.signed") == 2
        actions.end_agreement(
            by=SYSTEM, agreement=agreement, on=date(2026, 12, 31), reason="Moved on", now=now
        )
        assert recorded("agreement.ended") == 2
        assert queries.agreements_between(ash.pk, elm.pk, now=now) == {agreement.pk}
        assert not queries.agreements_between(ash.pk, elm.pk, now=at("2027-01-01 00:00"))

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"kinds": []}, "names no kind"),
            ({"kinds": ["gossip"]}, "“gossip” is no kind of data here"),
            ({"ends_on": date(2025, 1, 1)}, "end before it starts"),
        ],
    )
    def test_are_refused_with_what_is_wrong(
        self, ash: Council, elm: Council, changes: dict[str, Any], words: str, now: datetime
    ) -> None:
        with pytest.raises(NotAnAgreement, match=words):
            self.sign(ash, elm, now=now, **changes)

    def test_take_two_councils_and_a_signature_of_one_of_them(
        self, ash: Council, elm: Council, oak: Council, now: datetime
    ) -> None:
        with pytest.raises(NotAnAgreement, match="two councils"):
            self.sign(ash, ash, now=now)
        with pytest.raises(Refused):
            self.sign(ash, elm, by=administrator(oak), now=now)
        self.sign(ash, elm, by=administrator(ash), now=now)


class TestCalendars:
    def test_follow_what_was_set_from_its_day_on(self, ash: Council, now: datetime) -> None:
        before = queries.calendar_of(ash.pk)
        assert queries.calendar_of(ash.pk) is before
        by = administrator(ash, "council-administrator")
        actions.set_calendar(
            by=by,
            council=ash,
            weekly={"monday": [["10:00", "12:00"]]},
            in_force_from=date(2026, 11, 1),
            now=now,
        )
        after = queries.calendar_of(ash.pk)
        assert after.between(at("2026-11-23 00:00"), at("2026-11-24 00:00")) == 2 * 3600
        assert before.between(at("2026-11-23 00:00"), at("2026-11-24 00:00")) == 8 * 3600
        assert recorded("calendar.set") == 1

    def test_close_on_days_of_their_own_and_open_again(self, ash: Council, now: datetime) -> None:
        day = date(2026, 11, 24)
        actions.add_closing_day(by=SYSTEM, council=ash, day=day, reason="staff day", now=now)
        assert queries.calendar_of(ash.pk).why_closed(day) == "closing day: staff day"
        with pytest.raises(NotValid):
            actions.add_closing_day(by=SYSTEM, council=ash, day=day, reason="again", now=now)
        actions.remove_closing_day(by=SYSTEM, council=ash, day=day, now=now)
        assert queries.calendar_of(ash.pk).hours(day)
        with pytest.raises(NotFound):
            actions.remove_closing_day(by=SYSTEM, council=ash, day=day, now=now)

    def test_know_the_bank_holidays_of_their_nation(self) -> None:
        saint_andrew = date(2026, 11, 30)
        scottish = queries.calendar_of(makers.make_council(nation="SCT").pk)
        english = queries.calendar_of(makers.make_council(nation="ENG").pk)
        assert scottish.why_closed(saint_andrew).startswith("bank holiday")
        assert english.hours(saint_andrew)

    def test_say_what_is_wrong_with_hours(self, ash: Council, now: datetime) -> None:
        for weekly, name in (
            ({"monday": [["17:00", "09:00"]]}, "office"),
            ({"monday": [["09:00", "17:00"]]}, "always"),
        ):
            with pytest.raises(NotACalendar):
                actions.set_calendar(
                    by=SYSTEM, council=ash, weekly=weekly, in_force_from=now.date(), name=name, now=now
                )

    def test_are_refused_to_whoever_may_only_look(self, ash: Council, now: datetime) -> None:
        with pytest.raises(Refused, match="set opening hours"):
            actions.add_closing_day(
                by=administrator(ash, "officer"), council=ash, day=now.date(), reason="x", now=now
            )

    def test_always_is_every_councils_and_another_name_is_none(self, ash: Council) -> None:
        assert queries.calendar_of(ash.pk, "always").is_open(at("2026-12-25 03:00"))
        with pytest.raises(NoSuchCalendar):
            queries.calendar_of(ash.pk, "depot")
        with pytest.raises(NoSuchCalendar):
            queries.calendar_of(0)


class TestEveryAction:
    def test_happens_in_one_transaction(self) -> None:
        assert connection.in_atomic_block
        for name in actions.__all__:
            assert hasattr(getattr(actions, name), "__wrapped__"), f"{name} is not atomic"
