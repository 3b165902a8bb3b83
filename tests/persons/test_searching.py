"""The search box for people: whatever is typed, in any order, with slips; and nothing that the viewer may not see."""

from dataclasses import replace
from datetime import datetime
from random import Random

import pytest
from pytest_django import DjangoAssertNumQueries

from moothall.councils.models import Council
from moothall.councils.rules import Viewer
from moothall.persons.actions.records import add_fact
from moothall.persons.models import Record
from moothall.persons.permissions import Can
from moothall.persons.queries.searching import LOCKED, MOST, FoundPerson, search
from moothall.persons.rules.facts import NewFact
from tests.makers import make_council, make_staff, make_team, make_viewer
from tests.persons.making import a_birth, a_name, a_phone, an_address, an_email, make_record
from tests.persons.population import people
from tests.persons.population_noise import mistyped

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]
NUMBER = NewFact(kind="identifier", body={"scheme": "nhs", "value": "999 000 0018"})


@pytest.fixture
def ash() -> Council:
    return make_council(code="ash", name="Ash District Council")


@pytest.fixture
def elm() -> Council:
    return make_council(code="elm", name="Elm City Council")


@pytest.fixture
def adviser(ash: Council) -> Viewer:
    return make_viewer(make_staff(council=ash, roles=("adviser",)))


@pytest.fixture
def priya(ash: Council) -> Record:
    """Priya Nair among others who share a name, a home or a birthday with her."""
    make_record(council=ash, facts=[a_name("Anil", "Nair"), a_birth("1979-01-30"), an_address()])
    make_record(council=ash, facts=[a_name("Priya", "Shah"), a_birth("1991-07-12")])
    make_record(council=ash, facts=[a_name("Tom", "Baker"), a_birth("1980-05-04")])
    return make_record(
        council=ash,
        facts=[
            a_name(), a_birth(), an_address(uprn="10090000011"), a_phone(), an_email(), NUMBER,
            a_name("Priya", "Menon", use="former"), a_name("Pree", "Nair", use="known-as"),
        ],
    )  # fmt: skip


def first(viewer: Viewer, text: str, now: datetime) -> FoundPerson | None:
    return next(iter(search(viewer, text, now)), None)


class TestASearch:
    @pytest.mark.parametrize(
        "text",
        [
            "Priya Nair", "nair priya", "NAIR, Priya", "ms priya nair", "pirya nair", "priya niar", "priya nai",
            "nair pri", "07700 900982", "+44 7700 900982", "(07700) 900 982", "priya@example.org",
            "Priya@Example.org nair",
            "AB10 1AB priya", "priya ab101ab", "10090000011", "uprn 10090000011", "14 Mill Lane priya", "priya 14 mill",
            "999 000 0018", "9990000018", "nair 9990000018",
            "4/5/1980 nair", "nair 4 May 1980", "1980-05-04 priya", "04.05.80 priya", "priya may 4 1980",
            "5/4/1980 nair", "04051980 priya", "priya nair 1980", "priya menon", "pree nair", "ab10 priya nair",
            "4 mai 1980 nair",
            "priya nair 07700 900982 ab10 1ab", "p nair 4/5/1980",
        ],
    )  # fmt: skip
    def test_finds_her_by_whatever_is_typed(
        self, adviser: Viewer, priya: Record, text: str, now: datetime
    ) -> None:
        found = first(adviser, text, now)
        assert found is not None
        assert (found.reference, found.name) == (priya.person.reference, "Priya Nair")

    def test_finds_by_the_reference_however_it_is_written(
        self, adviser: Viewer, priya: Record, now: datetime
    ) -> None:
        reference = priya.person.reference
        for text in (reference, reference.lower().replace("-", " "), f"{reference} nair"):
            (found,) = search(adviser, text, now)
            assert (found.reference, found.why) == (
                reference,
                ("Reference",) if "nair" not in text else ("Reference", "Name"),
            )
        assert search(adviser, "PSN-0000-0000", now) == []

    def test_says_what_it_was_found_by(self, adviser: Viewer, priya: Record, now: datetime) -> None:
        found = first(adviser, "priya nair 4/5/1980 ab10 1ab", now)
        assert found is not None
        assert found.why == ("Name", "Date of birth", "Postcode")
        slip = first(adviser, "priya niar", now)
        assert slip is not None
        assert slip.why == ("Name is spelt alike",)

    def test_says_by_which_other_name(self, adviser: Viewer, priya: Record, now: datetime) -> None:
        found = first(adviser, "priya menon", now)
        assert found is not None
        assert (found.also, found.why) == ("Priya Menon", ("Name", "Former or other name"))

    def test_wants_all_that_was_typed_to_fit(self, adviser: Viewer, priya: Record, now: datetime) -> None:
        assert [each.name for each in search(adviser, "nair 4/5/1980", now)] == ["Priya Nair"]
        assert {each.name for each in search(adviser, "4/5/1980", now)} == {"Priya Nair", "Tom Baker"}
        assert search(adviser, "tom nair", now) == []

    def test_lets_one_thing_be_wrong_if_nobody_fits_all(
        self, adviser: Viewer, priya: Record, now: datetime
    ) -> None:
        moved = first(adviser, "priya nair zx9 9zz", now)
        assert moved is not None
        assert (moved.name, moved.why) == ("Priya Nair", ("Name",))
        other_name = first(adviser, "wilson 07700 900982", now)
        assert other_name is not None
        assert (other_name.name, other_name.why) == ("Priya Nair", ("Phone",))
        assert search(adviser, "wilson 4/5/1980", now) == []

    def test_puts_the_best_first(self, adviser: Viewer, priya: Record, now: datetime) -> None:
        names = [each.name for each in search(adviser, "priya", now)]
        assert set(names) == {"Priya Nair", "Priya Shah"}
        assert search(adviser, "5/4/1980 tom", now)[0].name == "Tom Baker"

    @pytest.mark.parametrize(
        "text", ["", "  ", "%", "_", "'; --", "\0", "a" * 5000, "zx1", "😀", "1 2 3", "@", "psn-"]
    )
    def test_of_nothing_that_can_be_found_finds_nobody(
        self, adviser: Viewer, priya: Record, text: str, now: datetime
    ) -> None:
        assert search(adviser, text, now) == []

    def test_gives_no_more_than_fit_on_a_page(self, ash: Council, adviser: Viewer, now: datetime) -> None:
        for day in range(1, 29):
            make_record(council=ash, facts=[a_name("John", "Smith"), a_birth(f"1980-06-{day:02}")])
        assert len(search(adviser, "john smith", now)) == MOST
        assert len(search(adviser, "john smith 17/6/1980", now)) == 1

    def test_forgets_what_is_not_known_any_more_and_finds_what_is(
        self, adviser: Viewer, priya: Record, now: datetime
    ) -> None:
        add_fact(
            by=Viewer.system(), record_id=priya.pk, fact=a_phone("07700 900111"), source="adviser", now=now
        )
        assert first(adviser, "07700 900111", now) is not None

    def test_costs_few_questions(
        self,
        adviser: Viewer,
        priya: Record,
        now: datetime,
        django_assert_max_num_queries: DjangoAssertNumQueries,
    ) -> None:
        with django_assert_max_num_queries(4):
            search(adviser, "priya nair 4/5/1980 ab10 1ab", now)
        with django_assert_max_num_queries(12):
            search(adviser, "pirya niar", now)


class TestOtherCouncils:
    def test_are_not_searched_without_the_right(
        self, elm: Council, adviser: Viewer, priya: Record, now: datetime
    ) -> None:
        make_record(council=elm, facts=[a_name("Zoe", "Nair"), a_birth("1980-05-04")])
        assert search(adviser, "zoe nair", now) == []
        assert {each.name for each in search(adviser, "4/5/1980", now)} == {"Priya Nair", "Tom Baker"}

    def test_are_searched_under_an_agreement_and_named(
        self, ash: Council, elm: Council, adviser: Viewer, priya: Record, now: datetime
    ) -> None:
        there = make_record(council=elm)
        there.person = priya.person
        there.save()
        reached = replace(adviser, powers={Can.SEARCH.value: frozenset({ash.pk, elm.pk})})
        (found,) = search(reached, "priya nair", now)
        assert found.councils == (ash.name, elm.name)
        (found,) = search(adviser, "priya nair", now)
        assert found.councils == (ash.name,)

    def test_come_after_those_of_the_viewers_own(
        self, ash: Council, elm: Council, adviser: Viewer, now: datetime
    ) -> None:
        other = make_record(council=elm, facts=[a_name("John", "Smith"), a_birth("1950-01-01")])
        own = make_record(council=ash, facts=[a_name("John", "Smith"), a_birth("1990-01-01")])
        reached = replace(adviser, powers={Can.SEARCH.value: frozenset({ash.pk, elm.pk})})
        assert [each.reference for each in search(reached, "john smith", now)] == [
            own.person.reference, other.person.reference,
        ]  # fmt: skip

    def test_are_not_searched_by_a_resident(self, ash: Council, priya: Record, now: datetime) -> None:
        assert search(Viewer.anonymous(ash.pk), "priya nair", now) == []

    def test_do_not_give_their_names_away_as_spellings(
        self, elm: Council, adviser: Viewer, priya: Record, now: datetime
    ) -> None:
        make_record(council=elm, facts=[a_name("Xanthippe", "Quux")])
        assert search(adviser, "xanthipe", now) == []


class TestALockedRecord:
    @pytest.fixture
    def hidden(self, ash: Council, priya: Record) -> Record:
        make_team(council=ash, code="hub", name="Safeguarding hub")
        Record.objects.filter(pk=priya.pk).update(circle="hub")
        return priya

    @pytest.mark.parametrize("text", ["priya nair", "priya nair 4/5/1980", "9990000018"])
    def test_says_that_it_is_there_and_whom_to_ask(
        self, adviser: Viewer, hidden: Record, text: str, now: datetime
    ) -> None:
        (found,) = search(adviser, text, now)
        assert found.reference == hidden.person.reference
        assert (found.name, found.born, found.address, found.why, found.also) == (LOCKED, None, "", (), "")
        assert (found.locked, found.whom) == (True, "Safeguarding hub")

    @pytest.mark.parametrize(
        "text",
        ["priya nair ab10 1ab", "07700 900982", "priya@example.org", "10090000011", "priya nair 14 mill lane",
         "4/5/1980", "priya", "nair pri", "priya nair 07700 900982", "pirya nair", "priya nair ab10",
         "priya nair zx9 9zz"],
    )  # fmt: skip
    def test_confirms_no_address_or_contact_to_whoever_guesses(
        self, adviser: Viewer, hidden: Record, text: str, now: datetime
    ) -> None:
        assert LOCKED not in [each.name for each in search(adviser, text, now)]

    def test_is_open_to_its_teams(self, ash: Council, hidden: Record, now: datetime) -> None:
        staff = make_staff(council=ash, roles=("adviser",))
        make_team(council=ash, code="hub-2", function="hub", members=(staff,))
        (found,) = search(make_viewer(staff), "priya nair ab10 1ab", now)
        assert found.name == "Priya Nair"

    def test_that_was_erased_is_not_there(self, adviser: Viewer, priya: Record, now: datetime) -> None:
        Record.objects.filter(pk=priya.pk).update(state=Record.State.ERASED)
        assert search(adviser, "priya nair 4/5/1980", now) == []


class TestATown:
    """Forty people of whole households, looked up with a slip in one of their names."""

    def test_is_searched_with_slips(self, ash: Council, adviser: Viewer, now: datetime) -> None:
        rng = Random(4)
        references = {}
        for person in people(40):
            facts = [a_name(person.given.title(), person.family.title()), a_birth(person.born.isoformat())]
            record = make_record(council=ash, facts=facts)
            references[person.truth] = (person, record.person.reference)
        found = 0
        for person, reference in references.values():
            typed = f"{mistyped(person.given, rng)} {person.family}"
            found += reference in [each.reference for each in search(adviser, typed, now)]
            typed = f"{person.born:%d/%m/%Y} {mistyped(person.family, rng)}"
            found += reference in [each.reference for each in search(adviser, typed, now)]
        assert found >= 78
