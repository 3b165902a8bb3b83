"""Who somebody at the desk may be, as far as the viewer may know."""

from dataclasses import replace
from datetime import date, datetime

import pytest
from pytest_django import DjangoAssertNumQueries

from moothall.councils.models import Council
from moothall.councils.rules import Viewer
from moothall.persons.models import Cutoff, Link, MatchModel, Record
from moothall.persons.permissions import Can
from moothall.persons.queries import weights
from moothall.persons.queries.candidates import LOCKED, Candidates, candidates
from moothall.persons.rules.known import Known, Name, Place
from moothall.persons.rules.matching.weights import shipped
from moothall.plain.errors import NotFound
from tests.makers import make_council, make_staff, make_team, make_viewer
from tests.persons.making import a_birth, a_name, an_address, make_record

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]
PRIYA = Known(
    (Name("priya", "", "nair"),),
    date(1980, 5, 4),
    (Place("14 mill lane", "ab101ab"),),
    ("+447700900982",),
    ("priya@example.org",),
)


@pytest.fixture
def ash() -> Council:
    return make_council(code="ash", name="Ash District Council")


@pytest.fixture
def elm() -> Council:
    return make_council(code="elm", name="Elm City Council")


@pytest.fixture
def adviser(ash: Council) -> Viewer:
    return make_viewer(make_staff(council=ash, roles=("adviser",)))


def ids(found: Candidates) -> list[int]:
    return [each.record_id for each in found.found]


class TestCandidates:
    def test_are_the_people_whom_a_description_fits_with_reasons(
        self, ash: Council, adviser: Viewer, now: datetime
    ) -> None:
        record = make_record(council=ash)
        make_record(council=ash, facts=[a_name("Tom", "Baker"), a_birth("1955-01-02")])
        (found,) = candidates(adviser, ash.pk, PRIYA, now).found
        assert (found.record_id, found.reference) == (record.pk, record.person.reference)
        assert (found.name, found.born, found.council) == ("Priya Nair", date(1980, 5, 4), ash.name)
        assert found.verdict == "link"
        assert found.here == record.pk
        assert {"born", "forename"} <= {reason.field for reason in found.reasons}

    def test_are_found_with_mistakes_in_what_was_typed(
        self, ash: Council, adviser: Viewer, now: datetime
    ) -> None:
        record = make_record(council=ash)
        for said in (
            replace(PRIYA, names=(Name("pirya", "", "nair"),)),
            replace(PRIYA, born=date(1980, 4, 5)),
            replace(PRIYA, places=(), phones=(), emails=()),
            replace(PRIYA, names=(Name("priya", "", "brown"),)),
        ):
            assert ids(candidates(adviser, ash.pk, said, now)) == [record.pk]

    def test_are_nobody_when_nothing_is_known(self, ash: Council, adviser: Viewer, now: datetime) -> None:
        make_record(council=ash)
        assert candidates(adviser, ash.pk, Known(), now) == Candidates()

    def test_come_best_first(self, ash: Council, adviser: Viewer, now: datetime) -> None:
        make_record(council=ash, facts=[a_name("Anil", "Nair"), a_birth("1980-05-04"), an_address()])
        record = make_record(council=ash)
        found = candidates(adviser, ash.pk, PRIYA, now).found
        assert found[0].record_id == record.pk
        assert [each.score for each in found] == sorted((each.score for each in found), reverse=True)

    def test_are_one_line_for_each_person(self, ash: Council, elm: Council, now: datetime) -> None:
        here = make_record(council=ash, facts=[a_name(), a_birth()])
        there = make_record(council=elm)
        there.person = here.person
        there.save()
        (found,) = candidates(Viewer.system(), ash.pk, PRIYA, now).found
        assert (found.record_id, found.here) == (there.pk, here.pk)

    def test_are_refused_to_whoever_may_not_look_people_up(
        self, ash: Council, elm: Council, now: datetime
    ) -> None:
        stranger = make_viewer(make_staff(council=elm, roles=("adviser",)))
        with pytest.raises(NotFound):
            candidates(stranger, ash.pk, PRIYA, now)

    def test_leave_out_what_is_restricted_or_erased(
        self, ash: Council, adviser: Viewer, now: datetime
    ) -> None:
        record = make_record(council=ash)
        Record.objects.filter(pk=record.pk).update(restricted_at=now)
        assert ids(candidates(adviser, ash.pk, PRIYA, now)) == []
        Record.objects.filter(pk=record.pk).update(restricted_at=None, state=Record.State.ERASED)
        assert ids(candidates(adviser, ash.pk, PRIYA, now)) == []

    def test_of_a_record_leave_out_itself_and_whom_it_is_not(
        self, ash: Council, adviser: Viewer, now: datetime
    ) -> None:
        one, other, third = (make_record(council=ash) for _ in range(3))
        assert set(ids(candidates(adviser, ash.pk, PRIYA, now, one.pk))) == {other.pk, third.pk}
        Link.objects.create(council=ash, low=one, high=other, kind=Link.Kind.APART, made_at=now, made_by="A")
        assert ids(candidates(adviser, ash.pk, PRIYA, now, one.pk)) == [third.pk]
        assert ids(candidates(adviser, ash.pk, PRIYA, now, other.pk)) == [third.pk]

    def test_cost_a_few_questions_however_many_there_are(
        self,
        ash: Council,
        adviser: Viewer,
        now: datetime,
        django_assert_max_num_queries: DjangoAssertNumQueries,
    ) -> None:
        for _ in range(15):
            make_record(council=ash)
        with django_assert_max_num_queries(4):
            found = candidates(adviser, ash.pk, PRIYA, now)
        assert len(found.found) == 10


class TestALockedCandidate:
    def test_is_told_without_anything_of_it(self, ash: Council, adviser: Viewer, now: datetime) -> None:
        make_team(council=ash, code="hub", name="Safeguarding hub")
        record = make_record(council=ash)
        Record.objects.filter(pk=record.pk).update(circle="hub")
        (found,) = candidates(adviser, ash.pk, PRIYA, now).found
        assert (found.name, found.born, found.address, found.reasons) == (LOCKED, None, "", ())
        assert (found.locked, found.whom, found.verdict, found.score) == (True, "Safeguarding hub", "ask", 0)
        assert found.here is None

    def test_is_open_to_its_teams(self, ash: Council, now: datetime) -> None:
        staff = make_staff(council=ash, roles=("adviser",))
        make_team(council=ash, code="hub", members=(staff,))
        record = make_record(council=ash)
        Record.objects.filter(pk=record.pk).update(circle="hub")
        (found,) = candidates(make_viewer(staff), ash.pk, PRIYA, now).found
        assert (found.name, found.locked) == ("Priya Nair", False)


class TestElsewhere:
    def test_is_told_only_where_somebody_surely_is_known(
        self, ash: Council, elm: Council, adviser: Viewer, now: datetime
    ) -> None:
        record = make_record(council=elm)
        found = candidates(adviser, ash.pk, PRIYA, now)
        assert found.found == ()
        assert found.elsewhere == (elm.name,)
        assert found.told == ((record.pk, elm.pk),)
        unsure = replace(PRIYA, born=date(1981, 6, 4), phones=(), emails=(), places=())
        assert candidates(adviser, ash.pk, unsure, now).elsewhere == ()

    def test_says_nothing_of_a_locked_record(
        self, ash: Council, elm: Council, adviser: Viewer, now: datetime
    ) -> None:
        record = make_record(council=elm)
        Record.objects.filter(pk=record.pk).update(circle="hub")
        assert candidates(adviser, ash.pk, PRIYA, now) == Candidates()

    def test_is_seen_under_an_agreement(
        self, ash: Council, elm: Council, adviser: Viewer, now: datetime
    ) -> None:
        record = make_record(council=elm)
        reached = replace(adviser, powers={Can.SEARCH.value: frozenset({ash.pk, elm.pk})})
        found = candidates(reached, ash.pk, PRIYA, now)
        assert (ids(found), found.elsewhere) == ([record.pk], ())


class TestCutoffs:
    def test_are_those_of_the_council_that_asks(self, ash: Council, adviser: Viewer, now: datetime) -> None:
        make_record(council=ash)
        Cutoff.objects.create(council=ash, link=500, ask=-50)
        assert [each.verdict for each in candidates(adviser, ash.pk, PRIYA, now).found] == ["ask"]
        Cutoff.objects.filter(council=ash).update(link=600, ask=500)
        assert ids(candidates(adviser, ash.pk, PRIYA, now)) == []

    def test_leave_the_unlikely_for_whoever_wants_to_look(
        self, ash: Council, adviser: Viewer, now: datetime
    ) -> None:
        make_record(council=ash)
        score = candidates(adviser, ash.pk, PRIYA, now).found[0].score
        Cutoff.objects.create(council=ash, link=500, ask=score + 5)
        found = candidates(adviser, ash.pk, PRIYA, now)
        assert (found.found, [each.verdict for each in found.unlikely]) == ((), ["new"])
        make_team(council=ash, code="hub")
        Record.objects.update(circle="hub")
        assert candidates(adviser, ash.pk, PRIYA, now).unlikely == ()


class TestTheWeightsInForce:
    def test_are_those_that_were_learned_last(self, now: datetime) -> None:
        assert weights.in_force() is shipped()
        for number in (1, 2):
            body = shipped().body | {"version": number}
            MatchModel.objects.create(number=number, body=body, made_at=now, made_by="A")
        assert weights.in_force().version == 2
        assert weights.in_force() is weights.in_force()
