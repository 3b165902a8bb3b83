"""Adding people, and what a council holds about them."""

from dataclasses import replace
from datetime import datetime

import pytest

from moothall.councils.models import Council
from moothall.councils.rules import Viewer
from moothall.journal.models import Entry
from moothall.persons.actions.records import add_fact, add_person, end_fact, replace_fact
from moothall.persons.actions.relating import relate
from moothall.persons.errors import (
    FactGone,
    FactRefused,
    Locked,
    NobodyKnown,
    NoSuchPerson,
    NotRelated,
    Restricted,
)
from moothall.persons.models import Fact, Record
from moothall.persons.queries.people import history_of, person_file
from moothall.persons.rules.facts import NewFact
from moothall.persons.rules.known import Known
from moothall.plain.errors import Refused
from tests.makers import make_agreement, make_council, make_grant, make_staff, make_team, make_viewer
from tests.persons.making import a_birth, a_name, a_phone, an_address, make_record

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]


@pytest.fixture
def ash() -> Council:
    return make_council(code="ash", name="Ash District Council")


@pytest.fixture
def adviser(ash: Council) -> Viewer:
    return make_viewer(make_staff(council=ash, roles=("adviser",)))


class TestAddingSomebody:
    def test_keeps_each_fact_with_its_source_and_the_record_in_short(
        self, ash: Council, adviser: Viewer, now: datetime
    ) -> None:
        record = make_record(council=ash, by=adviser, now=now)
        assert (record.name, str(record.born)) == ("Priya Nair", "1980-05-04")
        assert record.address == "14 Mill Lane, Alderbridge, AB10 1AB"
        assert {(fact.kind, fact.source) for fact in record.facts.all()} == {
            (kind, "adviser") for kind in ("name", "birth", "address", "phone", "email")
        }
        known = Known.of(record.traits)
        assert known.names[0].family == "nair"
        assert known.phones == ("+447700900982",)

    def test_keeps_nothing_if_one_fact_is_refused(self, ash: Council, adviser: Viewer, now: datetime) -> None:
        with pytest.raises(FactRefused, match="future"):
            add_person(
                by=adviser,
                council_id=ash.pk,
                facts=[a_name(), a_birth("2031-01-01")],
                source="adviser",
                now=now,
            )
        assert not Record.objects.exists()
        assert not Fact.objects.exists()

    def test_needs_a_name_or_a_number(self, ash: Council, adviser: Viewer, now: datetime) -> None:
        with pytest.raises(NobodyKnown):
            add_person(by=adviser, council_id=ash.pk, facts=[a_phone()], source="adviser", now=now)

    def test_is_refused_to_who_may_only_look(self, ash: Council, now: datetime) -> None:
        auditor = make_viewer(make_staff(council=ash, roles=("auditor",)))
        with pytest.raises(Refused, match="add people"):
            add_person(by=auditor, council_id=ash.pk, facts=[a_name()], source="adviser", now=now)

    def test_tells_the_journal_only_of_which_sort_its_source_is(
        self, ash: Council, adviser: Viewer, now: datetime
    ) -> None:
        facts = [a_name(), a_phone()]
        add_person(by=adviser, council_id=ash.pk, facts=facts, source="request:ASH-7KQ4-M2XD", now=now)
        said = " ".join(Entry.objects.values_list("facts", flat=True))
        assert '"request"' in said
        assert "M2XD" not in said

    def test_writes_nothing_of_the_person_into_the_journal(
        self, ash: Council, adviser: Viewer, now: datetime
    ) -> None:
        make_record(council=ash, by=adviser, now=now)
        said = " ".join(Entry.objects.values_list("facts", flat=True)).lower()
        assert "name" in said
        assert not any(word in said for word in ("priya", "nair", "mill lane", "1980", "900982"))

    def test_takes_a_child_that_is_not_born_yet(self, ash: Council, adviser: Viewer, now: datetime) -> None:
        record = make_record(
            council=ash, by=adviser, facts=[a_name("", "Nair"), a_birth("2027-03-01", "unborn")], now=now
        )
        assert record.born is None
        assert (
            person_file(adviser, record.person.reference, now)
            .values["birth"][0]
            .words.startswith("Not born yet")
        )

    def test_tells_a_wrong_nhs_number_by_its_check_digit(
        self, ash: Council, adviser: Viewer, now: datetime
    ) -> None:
        record = make_record(council=ash, by=adviser, now=now)
        wrong = NewFact(kind="identifier", body={"scheme": "nhs", "value": "943 476 5918"})
        with pytest.raises(FactRefused) as refused:
            add_fact(by=adviser, record_id=record.pk, fact=wrong, source="adviser", now=now)
        assert "value" in refused.value.fields
        right = replace(wrong, body={"scheme": "nhs", "value": "943 476 5919"})
        add_fact(by=adviser, record_id=record.pk, fact=right, source="adviser", now=now)
        assert person_file(adviser, record.person.reference, now).values["identifier"][0].words == (
            "NHS number 943 476 5919"
        )


class TestChangingAFact:
    def test_keeps_what_was_believed_before(self, ash: Council, adviser: Viewer, now: datetime) -> None:
        record = make_record(council=ash, by=adviser, now=now)
        held = record.facts.get(kind="address")
        replace_fact(
            by=adviser,
            record_id=record.pk,
            fact_id=held.pk,
            fact=an_address("2 Oak Row"),
            why="Moved",
            source="adviser",
            now=now,
        )
        record.refresh_from_db()
        assert record.address.startswith("2 Oak Row")
        ended = next(fact for fact in history_of(adviser, [record.pk]) if fact.pk == held.pk)
        assert (ended.ended_at, ended.ended_why) == (now, "Moved")

    def test_is_refused_to_the_second_of_two(self, ash: Council, adviser: Viewer, now: datetime) -> None:
        record = make_record(council=ash, by=adviser, now=now)
        held = record.facts.get(kind="phone")
        end_fact(by=adviser, record_id=record.pk, fact_id=held.pk, why="Wrong number", now=now)
        with pytest.raises(FactGone):
            end_fact(by=adviser, record_id=record.pk, fact_id=held.pk, why="Wrong number", now=now)

    def test_of_a_kind_of_which_there_is_one_ends_the_former(
        self, ash: Council, adviser: Viewer, now: datetime
    ) -> None:
        record = make_record(council=ash, by=adviser, now=now)
        add_fact(by=adviser, record_id=record.pk, fact=a_birth("1980-05-14"), source="adviser", now=now)
        record.refresh_from_db()
        assert str(record.born) == "1980-05-14"
        assert record.facts.filter(kind="birth", ended_at=None).count() == 1

    def test_adds_nothing_that_is_held_already(self, ash: Council, adviser: Viewer, now: datetime) -> None:
        record = make_record(council=ash, by=adviser, now=now)
        add_fact(by=adviser, record_id=record.pk, fact=a_phone("+44 7700 900982"), source="adviser", now=now)
        assert record.facts.filter(kind="phone").count() == 1

    def test_is_refused_on_a_restricted_record(self, ash: Council, adviser: Viewer, now: datetime) -> None:
        record = make_record(council=ash, by=adviser, now=now)
        Record.objects.update(restricted_at=now, restricted_why="They dispute it.")
        with pytest.raises(Restricted, match="They dispute it"):
            add_fact(by=adviser, record_id=record.pk, fact=a_phone("01632 960001"), source="adviser", now=now)


class TestLookingAtSomebody:
    def test_shows_nothing_of_another_council_without_an_agreement(self, ash: Council, now: datetime) -> None:
        elm = make_council(name="Elm Council")
        record = make_record(council=ash, now=now)
        stranger = make_viewer(make_staff(council=elm, roles=("adviser",)))
        with pytest.raises(NoSuchPerson):
            person_file(stranger, record.person.reference, now)

    def test_says_that_another_council_holds_a_record_too(
        self, ash: Council, adviser: Viewer, now: datetime
    ) -> None:
        elm = make_council(name="Elm Council")
        record = make_record(council=ash, now=now)
        make_record(council=elm, person=record.person, facts=[a_name("Priya", "Secretname")], now=now)
        file = person_file(adviser, record.person.reference, now)
        assert [each.council for each in file.elsewhere] == ["Elm Council"]
        assert "Secretname" not in repr(file.values)

    def test_shows_both_under_an_agreement_and_says_which(self, ash: Council, now: datetime) -> None:
        elm = make_council(name="Elm Council")
        pact = make_agreement(councils=(ash, elm), kinds=("persons",), name="The pact")
        record = make_record(council=ash, now=now)
        make_record(
            council=elm,
            person=record.person,
            facts=[a_name("Pria", "Nair"), a_phone("01632 960001")],
            now=now,
        )
        staff = make_staff(council=elm, roles=("adviser",))
        make_grant(staff=staff, role="adviser", council=ash, agreement=pact)
        file = person_file(make_viewer(staff), record.person.reference, now)
        assert {(each.council, each.agreement) for each in file.records} == {
            ("Ash District Council", "The pact"),
            ("Elm Council", ""),
        }
        assert {value.words for value in file.values["name"]} == {"Priya Nair", "Pria Nair"}

    def test_says_of_a_locked_record_only_whom_to_ask(
        self, ash: Council, adviser: Viewer, now: datetime
    ) -> None:
        make_team(council=ash, function="adoption", name="Adoption team")
        record = make_record(council=ash, now=now)
        Record.objects.update(circle="adoption", locked_why="The adoption team works on it.")
        file = person_file(adviser, record.person.reference, now)
        assert file.is_locked
        assert file.records[0].whom == "Adoption team"
        assert not file.values
        assert file.name == "Locked record"
        with pytest.raises(Locked, match="adoption team"):
            add_fact(by=adviser, record_id=record.pk, fact=a_phone("01632 960001"), source="adviser", now=now)

    def test_shows_an_alert_only_to_its_teams(self, ash: Council, adviser: Viewer, now: datetime) -> None:
        record = make_record(council=ash, now=now)
        body = {"category": "aggression", "text": "Threatened a crew.", "review_on": "2027-01-10"}
        alert = NewFact(kind="alert", body=body, circle="waste")
        add_fact(by=Viewer.system(), record_id=record.pk, fact=alert, source="adviser", now=now)
        assert "alert" not in person_file(adviser, record.person.reference, now).values
        crew = make_staff(council=ash, roles=("officer",))
        make_team(council=ash, function="waste", members=(crew,))
        assert "alert" in person_file(make_viewer(crew), record.person.reference, now).values

    def test_finds_who_lives_with_them(self, ash: Council, adviser: Viewer, now: datetime) -> None:
        record = make_record(council=ash, now=now)
        child = make_record(council=ash, facts=[a_name("Asha"), a_birth("2015-01-02"), an_address()], now=now)
        make_record(council=ash, facts=[a_name("Ann", "Other"), an_address("15 Mill Lane")], now=now)
        assert person_file(adviser, record.person.reference, now).household == [child]


class TestWhoActsForSomebody:
    def test_needs_dated_consent(self, ash: Council, adviser: Viewer, now: datetime) -> None:
        record = make_record(council=ash, now=now)
        carer = make_record(council=ash, facts=[a_name("Tom", "Hughes")], now=now)
        with pytest.raises(NotRelated) as refused:
            relate(
                by=adviser,
                record_id=record.pk,
                other_id=carer.pk,
                kind="representative",
                source="adviser",
                now=now,
            )
        assert "consent_on" in refused.value.fields
        relate(
            by=adviser,
            record_id=record.pk,
            other_id=carer.pk,
            kind="representative",
            consent_on=now.date(),
            consent_how="By phone, identity checked",
            source="adviser",
            now=now,
        )
        assert [each.how for each in person_file(adviser, record.person.reference, now).related] == [
            "Acts for them"
        ]
        assert [each.how for each in person_file(adviser, carer.person.reference, now).related] == [
            "They act for this person"
        ]
