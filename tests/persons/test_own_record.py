"""What a connected resident sees of their own record, and puts right."""

from datetime import date, datetime
from typing import Any

import pytest

from moothall.councils.models import Council
from moothall.councils.rules import Viewer
from moothall.journal.models import Entry
from moothall.persons.actions.correcting import add_own, end_own, end_own_representative, replace_own
from moothall.persons.actions.linking import link_same, undo
from moothall.persons.errors import (
    FactGone,
    FactRefused,
    NotShownHere,
    NotYoursToChange,
)
from moothall.persons.models import Record
from moothall.persons.queries.connections import own_details
from moothall.persons.rules.facts import NewFact
from moothall.plain.errors import NotFound
from tests.makers import make_council, make_staff, make_viewer
from tests.persons.making import a_name, a_phone, an_email, make_record
from tests.persons.residents import (
    connected,
    connected_by_staff,
    enter,
    letter_for,
    represent,
    resident,
    seen,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]


@pytest.fixture
def ash() -> Council:
    return make_council(code="ash", name="Ash District Council")


@pytest.fixture
def adviser(ash: Council) -> Viewer:
    return make_viewer(make_staff(council=ash, roles=("adviser",)))


@pytest.fixture
def priya(ash: Council) -> Viewer:
    """Somebody who is signed in on the site of Ash."""
    return resident(ash, "Priya Nair")


@pytest.fixture
def record(ash: Council) -> Record:
    return make_record(council=ash)


class TestOnesOwnRecord:
    def test_is_shown_with_where_each_value_came_from(
        self, ash: Council, record: Record, priya: Viewer, now: datetime
    ) -> None:
        connected(priya, record, now)
        details = own_details(priya, ash.pk, now)
        assert details is not None
        assert details.reference == record.person.reference
        phone = details.values["phone"][0]
        assert (phone.source, phone.told_on, phone.may_change) == (
            "our staff wrote it down",
            date(2026, 11, 23),
            True,
        )
        assert not details.values["birth"][0].may_change

    def test_shows_no_alerts_and_no_whole_numbers(self, ash: Council, priya: Viewer, now: datetime) -> None:
        alert = NewFact(
            kind="alert", body={"category": "aggression", "text": "Zebedee", "review_on": "2027-01-01"}
        )
        nhs = NewFact(kind="identifier", body={"scheme": "nhs", "value": "943 476 5919"})
        record = make_record(council=ash, facts=[a_name(), nhs, alert])
        connected_by_staff(priya, record, now)
        shown = seen(priya, ash, now)
        assert "alert" not in shown
        assert shown["identifier"] == ["NHS number that ends in 919"]

    def test_is_not_there_for_anybody_else(
        self, ash: Council, record: Record, priya: Viewer, now: datetime
    ) -> None:
        connected(priya, record, now)
        assert own_details(resident(ash, "Eve"), ash.pk, now) is None
        assert own_details(Viewer.anonymous(ash.pk), ash.pk, now) is None

    @pytest.mark.parametrize(
        "change",
        [
            {"circle": "safeguarding"},
            {"restricted_at": "now"},
            {"state": "erased"},
        ],
    )
    def test_is_not_shown_once_it_is_locked_restricted_or_erased(
        self, ash: Council, record: Record, priya: Viewer, now: datetime, change: dict[str, Any]
    ) -> None:
        connected(priya, record, now)
        Record.objects.update(**{key: now if value == "now" else value for key, value in change.items()})
        details = own_details(priya, ash.pk, now)
        assert details is not None
        assert (details.is_shown, details.values, details.reference) == (False, {}, "")
        with pytest.raises(NotShownHere):
            add_own(
                by=priya,
                council_id=ash.pk,
                kind="phone",
                body={"number": "07700 900123", "use": "mobile"},
                now=now,
            )


class TestAMerge:
    @pytest.fixture
    def other(self, ash: Council) -> Record:
        return make_record(council=ash, facts=[a_name("Priya", "Sharma"), a_phone("07700 900111")])

    @pytest.fixture
    def steward(self, ash: Council) -> Viewer:
        return make_viewer(make_staff(council=ash, roles=("record-steward",)))

    def test_by_a_person_shows_both_and_its_undoing_only_ones_own(
        self, ash: Council, record: Record, other: Record, steward: Viewer, priya: Viewer, now: datetime
    ) -> None:
        connected(priya, record, now)
        before = seen(priya, ash, now)
        link = link_same(by=steward, one_id=record.pk, other_id=other.pk, why="Married", now=now)
        assert "Priya Sharma" in seen(priya, ash, now)["name"]
        assert len(seen(priya, ash, now)["phone"]) == 2
        undo(by=steward, link_id=link.pk, why="Two people", now=now)
        assert seen(priya, ash, now) == before

    def test_by_the_matching_alone_shows_only_ones_own(
        self, ash: Council, record: Record, other: Record, priya: Viewer, now: datetime
    ) -> None:
        connected(priya, record, now)
        before = seen(priya, ash, now)
        link_same(by=Viewer.system(), one_id=record.pk, other_id=other.pk, why="", now=now, score=30.0)
        record.refresh_from_db()
        other.refresh_from_db()
        assert record.person_id == other.person_id
        assert seen(priya, ash, now) == before
        phone = other.facts.get(kind="phone")
        with pytest.raises(NotFound):
            end_own(by=priya, council_id=ash.pk, fact_id=phone.pk, now=now)

    def test_with_a_locked_record_shows_nothing(
        self, ash: Council, record: Record, other: Record, steward: Viewer, priya: Viewer, now: datetime
    ) -> None:
        connected(priya, record, now)
        link_same(by=steward, one_id=record.pk, other_id=other.pk, why="Married", now=now)
        Record.objects.filter(pk=other.pk).update(circle="safeguarding")
        details = own_details(priya, ash.pk, now)
        assert details is not None
        assert not details.is_shown

    def test_of_another_councils_record_shows_nothing_of_it(
        self, ash: Council, record: Record, priya: Viewer, now: datetime
    ) -> None:
        elm = make_council(code="elm")
        theirs = make_record(council=elm, facts=[a_name("Priya", "Elsewhere")])
        connected(priya, record, now)
        link_same(by=Viewer.system(), one_id=record.pk, other_id=theirs.pk, why="Said so", now=now)
        assert seen(priya, ash, now)["name"] == ["Priya Nair"]
        assert own_details(priya, elm.pk, now) is None

    def test_keeps_a_letter_good(
        self, ash: Council, record: Record, other: Record, steward: Viewer, priya: Viewer, now: datetime
    ) -> None:
        letter = letter_for(record, Viewer.system(), now)
        link_same(by=steward, one_id=other.pk, other_id=record.pk, why="Married", now=now)
        assert enter(priya, letter, now) is not None


class TestPuttingRight:
    @pytest.fixture(autouse=True)
    def _connected(self, everything: None, record: Record, priya: Viewer, now: datetime) -> None:
        connected(priya, record, now)

    def test_a_phone_number_keeps_that_they_said_so(
        self, ash: Council, record: Record, priya: Viewer, now: datetime
    ) -> None:
        held = record.facts.get(kind="phone")
        body = {"number": "07700 900123", "use": "mobile", "consent": "yes", "preferred": "yes"}
        made = replace_own(by=priya, council_id=ash.pk, fact_id=held.pk, body=body, now=now)
        assert (made.source, made.recorded_by) == ("resident", "Priya Nair")
        assert made.body == {"number": "+447700900123", "use": "mobile", "consent": "yes", "preferred": True}
        record.refresh_from_db()
        assert record.traits["p"] == ["+447700900123"]

    def test_the_same_once_more_changes_nothing(
        self, ash: Council, record: Record, priya: Viewer, now: datetime
    ) -> None:
        held = record.facts.get(kind="phone")
        body = {"number": "07700 900982", "use": "mobile"}
        assert replace_own(by=priya, council_id=ash.pk, fact_id=held.pk, body=body, now=now) == held

    def test_twice_at_once_is_done_once(
        self, ash: Council, record: Record, priya: Viewer, now: datetime
    ) -> None:
        held = record.facts.get(kind="phone")
        end_own(by=priya, council_id=ash.pk, fact_id=held.pk, now=now)
        with pytest.raises(FactGone):
            end_own(by=priya, council_id=ash.pk, fact_id=held.pk, now=now)

    def test_a_need_is_added(self, ash: Council, priya: Viewer, now: datetime) -> None:
        add_own(
            by=priya,
            council_id=ash.pk,
            kind="need",
            body={"need": "supporter", "text": "<b>Ann</b>"},
            now=now,
        )
        assert seen(priya, ash, now)["need"] == ["Somebody with you: <b>Ann</b>"]

    def test_is_refused_in_words(self, ash: Council, priya: Viewer, now: datetime) -> None:
        with pytest.raises(FactRefused) as refused:
            add_own(by=priya, council_id=ash.pk, kind="email", body={"address": "nonsense"}, now=now)
        assert "address" in refused.value.fields

    def test_has_an_end(self, ash: Council, priya: Viewer, now: datetime) -> None:
        for at in range(9):
            body = {"number": f"07700 90010{at}", "use": "mobile"}
            add_own(by=priya, council_id=ash.pk, kind="phone", body=body, now=now)
        with pytest.raises(FactRefused, match="10 already"):
            add_own(
                by=priya,
                council_id=ash.pk,
                kind="phone",
                body={"number": "07700 900199", "use": "home"},
                now=now,
            )

    @pytest.mark.parametrize("kind", ["name", "birth", "address"])
    def test_what_is_checked_first_is_refused(
        self, ash: Council, record: Record, priya: Viewer, now: datetime, kind: str
    ) -> None:
        fact = record.facts.get(kind=kind)
        with pytest.raises(NotYoursToChange):
            end_own(by=priya, council_id=ash.pk, fact_id=fact.pk, now=now)
        with pytest.raises(NotYoursToChange):
            add_own(by=priya, council_id=ash.pk, kind=kind, body={}, now=now)

    def test_an_alert_or_somebody_elses_value_is_not_there(
        self, ash: Council, record: Record, priya: Viewer, adviser: Viewer, now: datetime
    ) -> None:
        other = make_record(council=ash, facts=[a_name("Ravi"), an_email("ravi@example.org")])
        with pytest.raises(NotFound):
            end_own(by=priya, council_id=ash.pk, fact_id=other.facts.get(kind="email").pk, now=now)

    def test_writes_no_value_into_the_journal(
        self, ash: Council, record: Record, priya: Viewer, now: datetime
    ) -> None:
        add_own(by=priya, council_id=ash.pk, kind="email", body={"address": "zebedee@example.org"}, now=now)
        assert "zebedee" not in " ".join(Entry.objects.values_list("facts", flat=True))
        assert Entry.objects.filter(what="person.fact_added", actor_kind="resident").count() == 1


class TestWhoActsForSomebody:
    @pytest.fixture
    def ravi(self, ash: Council) -> Record:
        return make_record(council=ash, facts=[a_name("Ravi", "Nair")])

    def test_is_shown_with_the_consent_to_both(
        self, ash: Council, record: Record, ravi: Record, adviser: Viewer, priya: Viewer, now: datetime
    ) -> None:
        represent(adviser, record, ravi, now)
        connected(priya, record, now)
        other = resident(ash, "Ravi Nair")
        connected_by_staff(other, ravi, now)
        details, theirs = own_details(priya, ash.pk, now), own_details(other, ash.pk, now)
        assert details is not None
        assert theirs is not None
        assert [(each.name, each.consent_on, each.scope) for each in details.act_for_me] == [
            ("Ravi Nair", date(2026, 11, 2), "Council tax")
        ]
        assert [each.name for each in theirs.i_act_for] == ["Priya Nair"]
        assert (details.i_act_for, theirs.act_for_me) == ([], [])

    def test_is_ended_by_whom_they_act_for_and_not_the_other_way_round(
        self, ash: Council, record: Record, ravi: Record, adviser: Viewer, priya: Viewer, now: datetime
    ) -> None:
        row = represent(adviser, record, ravi, now)
        connected(priya, record, now)
        other = resident(ash, "Ravi Nair")
        connected_by_staff(other, ravi, now)
        with pytest.raises(FactGone):
            end_own_representative(by=other, council_id=ash.pk, relationship_id=row, now=now)
        end_own_representative(by=priya, council_id=ash.pk, relationship_id=row, now=now)
        details = own_details(priya, ash.pk, now)
        assert details is not None
        assert details.act_for_me == []

    def test_is_not_named_where_their_record_is_locked(
        self, ash: Council, record: Record, ravi: Record, adviser: Viewer, priya: Viewer, now: datetime
    ) -> None:
        represent(adviser, record, ravi, now)
        connected(priya, record, now)
        Record.objects.filter(pk=ravi.pk).update(circle="safeguarding")
        details = own_details(priya, ash.pk, now)
        assert details is not None
        assert "Ravi" not in details.act_for_me[0].name
