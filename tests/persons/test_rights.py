"""What people ask for under data protection law: requests with their clock, restriction, rectification."""

from datetime import date, datetime, timedelta

import pytest

from moothall.journal.models import Entry
from moothall.persons.actions import rights
from moothall.persons.actions.looking import looked_at
from moothall.persons.actions.records import add_fact
from moothall.persons.errors import FactGone, FactRefused, NotRestricted, Restricted, SayGround
from moothall.persons.models import Record
from moothall.persons.queries.people import history_of
from moothall.persons.queries.records import records_of
from moothall.persons.queries.rights import rights_file
from moothall.persons.rules.rights import answer_by
from moothall.plain.errors import NotFound, Refused
from moothall.process import actions as process
from moothall.process import store
from moothall.process.engine.state import CaseState
from tests.makers import make_agreement, make_council, make_grant, make_staff, make_user, make_viewer
from tests.persons.exercised import Office, asked_for, granted, make_office
from tests.persons.making import a_birth, a_phone, make_record


@pytest.fixture
def office(db: None, everything: None, now: datetime) -> Office:
    return make_office(now)


def loaded(case_id: int) -> CaseState:
    found = store.load(case_id)
    assert found is not None
    return found


class TestTheDayOfTheAnswer:
    @pytest.mark.parametrize(
        ("came", "months", "last"),
        [
            (date(2026, 9, 3), 1, date(2026, 10, 5)),  # the 3rd is a Saturday
            (date(2027, 1, 31), 1, date(2027, 3, 1)),  # 28 February is a Sunday
            (date(2026, 11, 24), 1, date(2026, 12, 24)),
            (
                date(2026, 11, 25),
                1,
                date(2026, 12, 28),
            ),  # Christmas; the bank holiday for Boxing Day comes below
            (date(2026, 12, 31), 3, date(2027, 3, 31)),
        ],
    )
    def test_is_that_of_the_same_number(self, came: date, months: int, last: date) -> None:
        closed = {date(2026, 12, 25)}
        assert answer_by(came, months=months, closed=closed.__contains__) == last

    def test_is_not_on_a_bank_holiday_of_the_council(self, office: Office, now: datetime) -> None:
        record = make_record(council=office.council, now=now)
        case = rights.ask(
            by=office.dora,
            record_id=record.pk,
            right="access",
            wording="",
            how="phone",
            came_on=date(2026, 11, 25),
            now=now.replace(day=26),
        )
        assert case.data["answer_by"] == "2026-12-29"


class TestARequest:
    def test_is_a_case_about_the_person_with_the_month_of_the_law(
        self, office: Office, now: datetime
    ) -> None:
        record = make_record(council=office.council, now=now)
        case = asked_for(office, record, "access", now)
        clock = case.clocks["month"]
        assert (clock.state, clock.due_at.date()) == ("running", date(2026, 12, 23))
        assert case.data["answer_by"] == "2026-12-22"
        found = rights_file(office.dora, record.person.reference, now).held[0].asked
        assert [(each.reference, each.right, each.is_open, each.granted) for each in found] == [
            (case.reference, "access", True, False)
        ]

    def test_names_nobody_in_its_headline_or_the_journal(self, office: Office, now: datetime) -> None:
        record = make_record(council=office.council, now=now)
        case = asked_for(office, record, "access", now, wording="All about Priya Nair.")
        said = " ".join(Entry.objects.values_list("facts", flat=True)) + case.headline
        assert "Priya" not in said
        assert record.person.reference in case.headline

    def test_stands_still_while_they_are_asked_who_they_are(self, office: Office, now: datetime) -> None:
        record = make_record(council=office.council, now=now)
        case = asked_for(office, record, "access", now)
        process.act(
            by=office.dora, case_id=case.id, step="identify", expected=None, now=now, outcome="ask",
            answers={"identity": "unclear", "proof_wanted": "A council tax bill"},
        )  # fmt: skip
        later = now + timedelta(days=10)
        found = loaded(case.id)
        assert found.clocks["month"].state == "paused"
        process.act(
            by=office.dora,
            case_id=case.id,
            step="proof",
            expected=None,
            now=later,
            outcome="came",
            answers={},
        )
        process.act(
            by=office.dora, case_id=case.id, step="identify", expected=None, now=later, outcome="sure",
            answers={"identity": "documents"},
        )  # fmt: skip
        found = loaded(case.id)
        assert found.clocks["month"].due_at.date() == date(2027, 1, 2)

    def test_has_two_months_more_for_a_reason(self, office: Office, now: datetime) -> None:
        record = make_record(council=office.council, now=now)
        case = asked_for(office, record, "access", now)
        for step, answers, outcome in (
            ("identify", {"identity": "documents"}, "sure"),
            ("plan", {"longer_why": "Nine services hold files.", "longer_on": "2026-11-23"}, "longer"),
        ):
            process.act(
                by=office.dora,
                case_id=case.id,
                step=step,
                expected=None,
                now=now,
                answers=answers,
                outcome=outcome,
            )
        found = loaded(case.id)
        assert found.clocks["month"].state == "paused"
        assert found.clocks["three-months"].due_at.date() == date(2027, 2, 23)
        assert found.steps["more_time"].state == "open"

    def test_comes_to_its_end(self, office: Office, now: datetime) -> None:
        record = make_record(council=office.council, now=now)
        case_id = granted(office, record, "access", now)
        for step, answers, outcome in (
            ("carry_out", {"done": "A copy was sent."}, ""),
            ("tell", {"told_on": "2026-11-23", "told_how": "letter"}, "answered"),
        ):
            process.act(
                by=office.dora,
                case_id=case_id,
                step=step,
                expected=None,
                now=now,
                answers=answers,
                outcome=outcome,
            )
        found = loaded(case_id)
        assert (found.status, found.ending) == ("closed", "answered")
        assert found.clocks["month"].state == "met"

    def test_asks_for_one_of_five_rights(self, office: Office, now: datetime) -> None:
        record = make_record(council=office.council, now=now)
        with pytest.raises(SayGround) as refused:
            asked_for(office, record, "everything", now)
        assert "right" in refused.value.fields

    def test_is_for_who_answers_for_it(self, office: Office, now: datetime) -> None:
        record = make_record(council=office.council, now=now)
        with pytest.raises((Refused, NotFound)):
            rights.ask(
                by=office.adviser,
                record_id=record.pk,
                right="access",
                wording="",
                how="phone",
                came_on=now.date(),
                now=now,
            )


class TestRestricting:
    def test_keeps_a_record_from_being_changed_and_says_why(self, office: Office, now: datetime) -> None:
        record = make_record(council=office.council, now=now)
        rights.restrict(
            by=office.dora, record_id=record.pk, ground="accuracy", why="They dispute it.", now=now
        )
        with pytest.raises(Restricted, match="They dispute it"):
            add_fact(
                by=office.adviser,
                record_id=record.pk,
                fact=a_phone("01632 960001"),
                source="adviser",
                now=now,
            )
        entry = Entry.objects.get(what="person.restricted")
        assert "dispute" not in entry.facts
        assert "accuracy" in entry.facts

    def test_can_end(self, office: Office, now: datetime) -> None:
        record = make_record(council=office.council, now=now)
        rights.restrict(by=office.dora, record_id=record.pk, ground="accuracy", why="", now=now)
        with pytest.raises(NotRestricted):
            rights.restrict(by=office.dev, record_id=record.pk, ground="accuracy", why="", now=now)
        rights.end_restriction(by=office.dora, record_id=record.pk, now=now)
        with pytest.raises(NotRestricted):
            rights.end_restriction(by=office.dev, record_id=record.pk, now=now)
        add_fact(
            by=office.adviser, record_id=record.pk, fact=a_phone("01632 960001"), source="adviser", now=now
        )

    def test_needs_a_ground(self, office: Office, now: datetime) -> None:
        record = make_record(council=office.council, now=now)
        with pytest.raises(SayGround):
            rights.restrict(by=office.dora, record_id=record.pk, ground="mood", why="", now=now)


class TestPuttingRight:
    def test_leaves_what_was_wrong_in_the_history(self, office: Office, now: datetime) -> None:
        record = make_record(council=office.council, now=now)
        wrong = record.facts.get(kind="birth")
        done = rights.rectify(
            by=office.dora, record_id=record.pk, fact_id=wrong.pk, fact=a_birth("1981-05-04"), why="", now=now
        )
        record.refresh_from_db()
        assert str(record.born) == "1981-05-04"
        assert done.fact.source == "rectification"
        ended = next(each for each in history_of(office.dora, [record.pk]) if each.pk == wrong.pk)
        assert ended.ended_why == "It was wrong, as the person told us."
        with pytest.raises(FactGone):
            rights.rectify(
                by=office.dora, record_id=record.pk, fact_id=wrong.pk, fact=a_birth(), why="", now=now
            )

    def test_names_who_was_told_the_wrong_value_other_councils_first(
        self, office: Office, now: datetime
    ) -> None:
        elm = make_council(name="Elm Council")
        pact = make_agreement(councils=(office.council, elm), kinds=("persons",))
        away = make_staff(council=elm, user=make_user(name="Zed Away"))
        make_grant(staff=away, role="adviser", council=office.council, agreement=pact)
        record = make_record(council=office.council, now=now)
        records = records_of(office.adviser, record.person_id)
        looked_at(by=office.adviser, records=records, why="page", now=now)
        looked_at(by=office.adviser, records=records, why="page", now=now)
        looked_at(by=make_viewer(away), records=records, why="page", now=now)
        later = now + timedelta(hours=1)
        wrong = record.facts.get(kind="birth")
        told = rights.rectify(
            by=office.dora,
            record_id=record.pk,
            fact_id=wrong.pk,
            fact=a_birth("1981-05-04"),
            why="",
            now=later,
        ).recipients
        assert [(each.who, each.council, each.is_elsewhere, each.times) for each in told] == [
            ("Zed Away", "Elm Council", True, 1),
            ("Ada Adviser", "Ash District Council", False, 2),
        ]

    def test_goes_past_a_restriction_which_stays(self, office: Office, now: datetime) -> None:
        record = make_record(council=office.council, now=now)
        rights.restrict(by=office.dora, record_id=record.pk, ground="accuracy", why="", now=now)
        wrong = record.facts.get(kind="birth")
        rights.rectify(
            by=office.dora, record_id=record.pk, fact_id=wrong.pk, fact=a_birth("1981-05-04"), why="", now=now
        )
        assert Record.objects.get(pk=record.pk).restricted_at == now

    def test_refuses_what_cannot_be(self, office: Office, now: datetime) -> None:
        record = make_record(council=office.council, now=now)
        wrong = record.facts.get(kind="birth")
        rights.restrict(by=office.dora, record_id=record.pk, ground="accuracy", why="", now=now)
        with pytest.raises(FactRefused):
            rights.rectify(
                by=office.dora,
                record_id=record.pk,
                fact_id=wrong.pk,
                fact=a_birth("2031-05-04"),
                why="",
                now=now,
            )
        assert Record.objects.get(pk=record.pk).restricted_at == now


class TestTheFileOfRights:
    def test_says_of_a_locked_record_only_whom_to_ask(self, office: Office, now: datetime) -> None:
        record = make_record(council=office.council, now=now)
        Record.objects.update(circle="adoption", locked_why="Adoption.")
        held = rights_file(office.dora, record.person.reference, now).held[0]
        assert (held.is_open, held.may_exercise, list(held.asked), held.keeping) == (False, False, [], None)
        assert "supervisor" in held.whom

    def test_is_nothing_to_an_adviser_or_another_council(self, office: Office, now: datetime) -> None:
        record = make_record(council=office.council, now=now)
        for viewer in (office.adviser, make_office(now, code="elm").dora):
            with pytest.raises(NotFound):
                rights_file(viewer, record.person.reference, now)
