"""The performance pack: worked out, signed, published, never changed again; and who sees what of it."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from moothall.councils import scope
from moothall.councils.actions import add_closing_day
from moothall.councils.models import Council
from moothall.councils.rules import Viewer
from moothall.councils.scope import Scope
from moothall.journal.models import Entry
from moothall.plain.errors import NotFound, Refused
from moothall.servicedesk.actions import packs
from moothall.servicedesk.errors.packs import (
    NoSuchPack,
    NotEveryCouncil,
    NotSigned,
    NotYourCouncil,
    PackRefused,
    Published,
    StillToCome,
)
from moothall.servicedesk.models import Call, CouncilFigure, JointFigure, Pack, SignOff
from moothall.servicedesk.queries.packs import document, months, tabs
from moothall.servicedesk.queries.packs.behind import Wanted, calls_behind
from moothall.servicedesk.rules.figures import Month
from moothall.servicedesk.rules.packs.document import PackDocument
from tests.makers import make_agreement, make_grant, make_staff, make_viewer
from tests.servicedesk.month_of_work import work
from tests.servicedesk.rows import Ground, add_clock, at, make_call, make_ground

OCTOBER = Month(date(2026, 10, 1))
NOW = at(10, month=11)
KINDS = ("servicedesk", "measures", "process")
pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class People:
    """Two councils and who comes to their pack."""

    ash: Ground
    elm: Ground
    manager: Viewer
    client: Viewer
    client_of_elm: Viewer
    member: Viewer
    resolver: Viewer


def make_people(grounds: tuple[Ground, Ground]) -> People:
    ash, elm = grounds
    pact = make_agreement(councils=(ash.council, elm.council), kinds=KINDS)

    def somebody(role: str, council: Council) -> Viewer:
        staff = make_staff(council=council, roles=(role,))
        for other in {ash.council, elm.council} - {council}:
            make_grant(staff=staff, role=role, council=other, agreement=pact)
        return make_viewer(staff)

    return People(
        ash,
        elm,
        manager=somebody("desk-manager", ash.council),
        client=somebody("ict-client", ash.council),
        client_of_elm=somebody("ict-client", elm.council),
        member=somebody("committee-member", ash.council),
        resolver=make_viewer(make_staff(council=ash.council, roles=("resolver",))),
    )


@pytest.fixture
def people() -> People:
    with scope.everything("making people for a test"):
        return make_people((make_ground(name="Ash Council"), make_ground(name="Elm Council")))


@pytest.fixture
def busy() -> People:
    with scope.everything("making a month for a test"):
        return make_people(work(30))


def as_viewer(viewer: Viewer) -> AbstractContextManager[Scope]:
    return scope.only(viewer.councils, whole=viewer.whole)


def publish(people: People, why: str = "The committee meets tomorrow", now: datetime = NOW) -> Pack:
    packs.work_out(by=people.manager, month=OCTOBER, now=now)
    return packs.publish(by=people.manager, month=OCTOBER, why=why, now=now)


def seen(viewer: Viewer, code: str = "") -> PackDocument:
    with as_viewer(viewer):
        return document(viewer, OCTOBER, code)


def names(shown: PackDocument) -> set[str]:
    return {block.definition.name for area in shown.areas for block in area.blocks}


def said(shown: PackDocument, name: str, key: str = "") -> str:
    return next(
        line.said for _, block, line in shown.lines() if (block.definition.name, line.key) == (name, key)
    )


class TestWorkingOut:
    def test_keeps_a_draft_with_every_figure_of_each_council_and_of_all(self, busy: People) -> None:
        pack = packs.work_out(by=busy.manager, month=OCTOBER, now=NOW)
        with scope.everything("to count"):
            assert JointFigure.objects.filter(pack=pack).count() > 130
            assert (
                CouncilFigure.objects.filter(pack=pack).count()
                == 2 * JointFigure.objects.filter(pack=pack).count()
            )
            assert Entry.objects.filter(what="servicedesk.pack_worked_out", about=f"pack:{pack.pk}").exists()

    def test_again_replaces_it(self, busy: People) -> None:
        packs.work_out(by=busy.manager, month=OCTOBER, now=NOW)
        first = said(seen(busy.manager), "came")
        with scope.everything("more happens"):
            make_call(busy.ash, at(5))
        packs.work_out(by=busy.manager, month=OCTOBER, now=NOW)
        assert int(said(seen(busy.manager), "came")) == int(first) + 1

    def test_is_refused_to_whoever_only_reads_it_and_for_a_month_to_come(self, people: People) -> None:
        with pytest.raises(Refused):
            packs.work_out(by=people.client, month=OCTOBER, now=NOW)
        with pytest.raises(StillToCome):
            packs.work_out(by=people.manager, month=OCTOBER.back(-2), now=NOW)

    def test_of_the_months_before_fills_the_trend(self, busy: People) -> None:
        packs.work_out(by=busy.manager, month=OCTOBER, now=NOW)
        assert packs.work_out_before(by=busy.manager, month=OCTOBER, now=NOW) == 12
        assert packs.work_out_before(by=busy.manager, month=OCTOBER, now=NOW) == 0
        line = next(
            line for _, block, line in seen(busy.manager).lines() if block.definition.name == "backlog"
        )
        assert [point.month.key for point in line.trend][0::12] == ["2025-10", "2026-10"]
        assert line.trend[11].value == line.before
        assert line.trend[0].said == "0"


class TestSigningOff:
    def test_is_for_whoever_works_for_that_council(self, busy: People) -> None:
        packs.work_out(by=busy.manager, month=OCTOBER, now=NOW)
        with scope.everything("signing"):
            packs.sign_off(by=busy.client, month=OCTOBER, council_id=busy.ash.council.pk, now=NOW)
            with pytest.raises(NotYourCouncil):
                packs.sign_off(by=busy.client, month=OCTOBER, council_id=busy.elm.council.pk, now=NOW)
            with pytest.raises(NoSuchPack):
                packs.sign_off(by=busy.member, month=OCTOBER, council_id=busy.ash.council.pk, now=NOW)
        assert [(each.council, bool(each.at)) for each in seen(busy.manager).signs] == [
            ("Ash Council", True),
            ("Elm Council", False),
        ]

    def test_has_to_be_done_again_once_the_figures_of_that_council_changed(self, busy: People) -> None:
        packs.work_out(by=busy.manager, month=OCTOBER, now=NOW)
        with scope.everything("signing"):
            packs.sign_off(by=busy.client, month=OCTOBER, council_id=busy.ash.council.pk, now=NOW)
            packs.sign_off(by=busy.client_of_elm, month=OCTOBER, council_id=busy.elm.council.pk, now=NOW)
            make_call(busy.elm, at(5))
            packs.work_out(by=busy.manager, month=OCTOBER, now=NOW)
            assert list(SignOff.objects.values_list("council__name", flat=True)) == ["Ash Council"]

    def test_can_be_taken_back_before_publication(self, busy: People) -> None:
        packs.work_out(by=busy.manager, month=OCTOBER, now=NOW)
        with scope.everything("signing"):
            council_id = busy.ash.council.pk
            packs.sign_off(by=busy.client, month=OCTOBER, council_id=council_id, now=NOW)
            packs.take_back_sign_off(by=busy.client, month=OCTOBER, council_id=council_id, now=NOW)
            assert not SignOff.objects.exists()


class TestPublishing:
    def test_waits_for_every_council_or_says_why_not(self, busy: People) -> None:
        packs.work_out(by=busy.manager, month=OCTOBER, now=NOW)
        with scope.everything("signing"):
            packs.sign_off(by=busy.client, month=OCTOBER, council_id=busy.ash.council.pk, now=NOW)
            with pytest.raises(NotSigned) as refused:
                packs.publish(by=busy.manager, month=OCTOBER, why=" ", now=NOW)
        assert "Elm Council" in refused.value.sentence
        assert "Ash Council" not in refused.value.sentence
        packs.publish(by=busy.manager, month=OCTOBER, why="The committee meets", now=NOW)
        assert any("The committee meets" in note for note in seen(busy.member).notes)

    def test_needs_no_reason_once_all_have_signed(self, busy: People) -> None:
        packs.work_out(by=busy.manager, month=OCTOBER, now=NOW)
        with scope.everything("signing"):
            packs.sign_off(by=busy.client, month=OCTOBER, council_id=busy.ash.council.pk, now=NOW)
            packs.sign_off(by=busy.client_of_elm, month=OCTOBER, council_id=busy.elm.council.pk, now=NOW)
        assert packs.publish(by=busy.manager, month=OCTOBER, why="", now=NOW).unsigned_why == ""

    def test_is_refused_before_the_month_is_over(self, people: People) -> None:
        packs.work_out(by=people.manager, month=OCTOBER, now=at(20))
        with pytest.raises(StillToCome):
            packs.publish(by=people.manager, month=OCTOBER, why="x", now=at(20))

    def test_is_refused_to_whoever_prepares_one_council_only(self, people: People) -> None:
        packs.work_out(by=people.manager, month=OCTOBER, now=NOW)
        one = make_viewer(make_staff(council=people.ash.council, roles=("desk-manager",)))
        with pytest.raises(NotEveryCouncil):
            packs.publish(by=one, month=OCTOBER, why="x", now=NOW)

    def test_freezes_it(self, busy: People) -> None:
        publish(busy)
        for act in (
            lambda: packs.work_out(by=busy.manager, month=OCTOBER, now=NOW),
            lambda: packs.publish(by=busy.manager, month=OCTOBER, why="x", now=NOW),
            lambda: packs.sign_off(by=busy.client, month=OCTOBER, council_id=busy.ash.council.pk, now=NOW),
        ):
            with scope.everything("trying"), pytest.raises(Published):
                act()

    def test_makes_it_stand_whatever_is_put_right_later(self, busy: People) -> None:
        publish(busy)
        before = {(b.definition.name, line.key): line.said for _, b, line in seen(busy.manager).lines()}
        with scope.everything("history is put right"):
            Call.objects.filter(kind="incident").update(priority=1)
            add_closing_day(
                by=Viewer.system(), council=busy.ash.council, day=date(2026, 10, 14), reason="Flood", now=NOW
            )
            call = Call.objects.filter(resolved_at__gte=OCTOBER.start, resolved_at__lt=OCTOBER.end).first()
            assert call is not None
            call.case.clocks.update(state="missed")
            Call.objects.filter(pk=call.pk).update(
                resolved_at=None,
                open=True,
                reopened=1,
                reopened_at=NOW + timedelta(days=1),
                changed_at=NOW + timedelta(days=1),
            )
        after = {(b.definition.name, line.key): line.said for _, b, line in seen(busy.manager).lines()}
        assert after == before
        later = NOW + timedelta(days=2)
        assert packs.compare(by=busy.manager, month=OCTOBER, now=later) > 5
        shown = seen(busy.manager)
        assert {(b.definition.name, line.key): line.said for _, b, line in shown.lines()} == before
        restated = {each.title: each for each in shown.restated}
        assert restated["Resolved within target"].published != restated["Resolved within target"].now
        assert "1 call was reopened" in restated["Resolved within target"].why

    def test_compared_at_once_finds_nothing(self, busy: People) -> None:
        publish(busy)
        assert packs.compare(by=busy.manager, month=OCTOBER, now=NOW) == 0


class TestWhoSeesWhat:
    def test_a_member_of_the_committee_sees_no_draft(self, busy: People) -> None:
        packs.work_out(by=busy.manager, month=OCTOBER, now=NOW)
        with pytest.raises(NoSuchPack), as_viewer(busy.member):
            document(busy.member, OCTOBER, "")
        with as_viewer(busy.member):
            assert months(busy.member, NOW) == []
        with as_viewer(busy.client):
            assert [line.month for line in months(busy.client, NOW)] == [OCTOBER]

    def test_a_member_sees_every_joint_figure_and_of_a_council_only_what_is_for_the_committee(
        self, busy: People
    ) -> None:
        publish(busy)
        assert "logged" in names(seen(busy.member))
        of_ash = names(seen(busy.member, busy.ash.council.code))
        assert "resolve_sla" in of_ash
        assert not {"logged", "calls_per_user", "supplier_sla"} & of_ash

    def test_a_client_officer_sees_more_of_the_own_council_than_of_the_other(self, busy: People) -> None:
        publish(busy)
        own, other = (names(seen(busy.client, each.council.code)) for each in (busy.ash, busy.elm))
        assert "logged" in own - other
        assert "supplier_sla" not in own
        assert "supplier_sla" in names(seen(busy.manager, busy.elm.council.code))

    def test_is_changed_by_whoever_prepares_the_pack_from_then_on(self, busy: People) -> None:
        publish(busy)
        packs.set_level(by=busy.manager, figure="resolve_sla", level="officers", now=NOW)
        assert "resolve_sla" not in names(seen(busy.client, busy.ash.council.code))
        packs.set_level(by=busy.manager, figure="resolve_sla", level="committee", now=NOW + timedelta(days=1))
        assert "resolve_sla" in names(seen(busy.member, busy.ash.council.code))
        with pytest.raises(Refused):
            packs.set_level(by=busy.client, figure="resolve_sla", level="council", now=NOW)

    def test_whoever_may_not_see_the_pack_of_a_council_has_no_page_of_it(self, busy: People) -> None:
        publish(busy)
        of_elm_only = make_viewer(make_staff(council=busy.elm.council, roles=("committee-member",)))
        with as_viewer(of_elm_only):
            assert [tab.code for tab in tabs(of_elm_only)] == ["", busy.elm.council.code]
            with pytest.raises(NoSuchPack):
                document(of_elm_only, OCTOBER, busy.ash.council.code)
        assert said(seen(of_elm_only), "came") == said(seen(busy.manager), "came")

    def test_a_resolver_sees_no_pack(self, busy: People) -> None:
        publish(busy)
        with pytest.raises(Refused), as_viewer(busy.resolver):
            document(busy.resolver, OCTOBER, "")


class TestComments:
    def test_stand_at_their_figure_and_are_kept_from_whoever_may_not_see_it(self, busy: People) -> None:
        packs.work_out(by=busy.manager, month=OCTOBER, now=NOW)
        with scope.everything("commenting"):
            for figure in ("logged", "resolve_sla", ""):
                packs.comment(
                    by=busy.client,
                    month=OCTOBER,
                    council_id=busy.ash.council.pk,
                    figure=figure,
                    text=f"On {figure}",
                    now=NOW,
                )
        packs.publish(by=busy.manager, month=OCTOBER, why="x", now=NOW)

        def read(viewer: Viewer) -> set[str]:
            shown = seen(viewer)
            blocks = [block for area in shown.areas for block in area.blocks]
            return {each.text for block in blocks for each in block.comments} | {
                each.text for each in shown.comments
            }

        assert read(busy.manager) == {"On logged", "On resolve_sla", "On"}
        assert read(busy.member) == {"On resolve_sla", "On"}
        assert "On resolve_sla" not in {
            each.text
            for block in seen(busy.member, busy.elm.council.code).areas[0].blocks
            for each in block.comments
        }

    def test_are_refused_empty_to_no_figure_and_for_another_council(self, busy: People) -> None:
        packs.work_out(by=busy.manager, month=OCTOBER, now=NOW)
        with scope.everything("commenting"):
            for figure, text in (("nonsense", "x"), ("", " "), ("supplier_sla", "x")):
                with pytest.raises(PackRefused):
                    packs.comment(
                        by=busy.client,
                        month=OCTOBER,
                        council_id=busy.ash.council.pk,
                        figure=figure,
                        text=text,
                        now=NOW,
                    )
            with pytest.raises(NotYourCouncil):
                packs.comment(
                    by=busy.client,
                    month=OCTOBER,
                    council_id=busy.elm.council.pk,
                    figure="",
                    text="x",
                    now=NOW,
                )


class TestTheCallsBehindANumber:
    def test_are_listed_for_whoever_may_see_them_and_counted_for_the_rest(self, busy: People) -> None:
        packs.work_out(by=busy.manager, month=OCTOBER, now=NOW)
        wanted = Wanted("resolve_sla", "", "rest")
        with as_viewer(busy.manager):
            all_seen = calls_behind(busy.manager, OCTOBER, "", wanted, NOW)
        publish(busy)
        with as_viewer(busy.member):
            none_seen = calls_behind(busy.member, OCTOBER, "", wanted, NOW)
        assert all_seen.times == len(all_seen.calls) == all_seen.kept > 0
        assert (none_seen.times, none_seen.hidden, none_seen.calls) == (all_seen.times, all_seen.times, [])

    def test_say_so_if_the_pack_says_otherwise(self, busy: People) -> None:
        publish(busy)
        with scope.everything("more happens"):
            late = make_call(busy.ash, at(5), resolved=at(6))
            add_clock(late, "resolve", state="missed")
        with as_viewer(busy.manager):
            found = calls_behind(busy.manager, OCTOBER, "", Wanted("resolve_sla", "", "rest"), NOW)
        assert found.differs
        assert found.times == found.kept + 1

    def test_are_not_there_where_the_figure_is_not(self, busy: People) -> None:
        publish(busy)
        code = busy.ash.council.code
        for wanted in (Wanted("logged", "incident"), Wanted("resolve_sla", "P9"), Wanted("nps"), Wanted("x")):
            with pytest.raises(NotFound), as_viewer(busy.member):
                calls_behind(busy.member, OCTOBER, code, wanted, NOW)


class TestADifferenceInTheBacklog:
    def test_is_said_at_the_top_of_the_pack(self, busy: People) -> None:
        publish(busy)
        assert seen(busy.manager).warnings == []
        JointFigure.objects.filter(name="backlog_difference").update(value=3)
        assert "differs by +3" in seen(busy.manager).warnings[0]


class TestStatingUserAccounts:
    def test_is_dated_and_for_whoever_signs_or_prepares(self, people: People) -> None:
        with scope.everything("stating"):
            council_id = people.ash.council.pk
            given: dict[str, Any] = {
                "council_id": council_id,
                "source": "Payroll",
                "in_force_from": date(2026, 9, 1),
                "now": NOW,
            }
            packs.state_users(by=people.client, users=900, **given)
            assert packs.state_users(by=people.manager, users=950, **given).users == 950
            with pytest.raises(PackRefused):
                packs.state_users(by=people.manager, users=0, **given)
            with pytest.raises((Refused, NotFound)):
                packs.state_users(by=people.member, users=1, **given)
