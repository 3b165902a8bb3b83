"""Connecting whoever proved who they are, and letters that somebody asks for."""

from datetime import date, datetime
from typing import Any

import pytest

from moothall.councils.models import Council
from moothall.councils.rules import Viewer
from moothall.identity import hooks
from moothall.identity.hooks import Proven
from moothall.identity.models import User
from moothall.persons.actions.proving import ask_for_letter, connect_proven
from moothall.persons.models import CasePerson, Connection, Record
from moothall.persons.queries.connections import own_case_ids
from moothall.persons.rules.facts import NewFact
from moothall.process.models import Case
from tests.makers import make_council, make_staff, make_team, make_viewer
from tests.persons.making import a_birth, a_name, an_address, make_record
from tests.persons.processes import publish
from tests.persons.residents import connected, resident

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


def proof(viewer: Viewer, **changes: Any) -> Proven:
    facts: dict[str, Any] = {
        "user": User.objects.get(pk=viewer.actor.user_id or 0),
        "given_names": "Priya",
        "family_name": "Nair",
        "born": date(1980, 5, 4),
        "addresses": ({"line1": "14 Mill Lane", "town": "Alderbridge", "postcode": "AB10 1AB"},),
        "level": "P2",
        "provider": "one",
        "council_code": "ash",
    }
    return Proven(**{**facts, **changes})


class TestAProvenIdentity:
    def test_connects_with_the_one_record_that_it_surely_is(
        self, ash: Council, record: Record, priya: Viewer
    ) -> None:
        assert connect_proven(proof(priya))
        made = Connection.objects.get()
        assert (made.record_id, made.how) == (record.pk, "identity")
        assert connect_proven(proof(priya))  # once more: nothing new
        assert Connection.objects.count() == 1
        assert record.facts.filter(kind="name").count() == 1

    def test_keeps_a_name_that_was_not_held(self, ash: Council, record: Record, priya: Viewer) -> None:
        assert connect_proven(proof(priya, given_names="Priya Anjali"))
        assert record.facts.get(kind="name", body__middle="Anjali").source == "identity:one"

    @pytest.mark.parametrize(
        "changes",
        [
            {"born": date(1980, 5, 5)},
            {"born": date(1981, 5, 4)},
            {"family_name": "Okoro", "given_names": "Sam"},
            {"family_name": "Okoro"},
            {"given_names": "Pooja"},
            {"council_code": ""},
            {"council_code": "nowhere"},
        ],
    )
    def test_connects_with_nobody_who_is_not_exactly_that(
        self, ash: Council, record: Record, priya: Viewer, changes: dict[str, Any]
    ) -> None:
        assert not connect_proven(proof(priya, **changes))
        assert not Connection.objects.exists()

    def test_connects_with_neither_of_two(self, ash: Council, record: Record, priya: Viewer) -> None:
        make_record(council=ash)
        assert not connect_proven(proof(priya))

    @pytest.mark.parametrize("given", ["Priya", "Pooja"])
    def test_never_takes_one_twin_for_the_other(
        self, ash: Council, record: Record, priya: Viewer, given: str
    ) -> None:
        twin = make_record(council=ash, facts=[a_name("Pooja"), a_birth(), an_address()])
        if connect_proven(proof(priya, given_names=given)):
            assert Connection.objects.get().record_id == {"Priya": record.pk, "Pooja": twin.pk}[given]

    @pytest.mark.parametrize(
        "change", [{"circle": "safeguarding"}, {"restricted_at": "now"}, {"state": "erased"}]
    )
    def test_connects_with_no_record_that_is_not_open(
        self, ash: Council, record: Record, priya: Viewer, now: datetime, change: dict[str, Any]
    ) -> None:
        Record.objects.update(**{key: now if value == "now" else value for key, value in change.items()})
        assert not connect_proven(proof(priya))

    def test_connects_with_nobody_who_has_died(self, ash: Council, priya: Viewer) -> None:
        death = NewFact(kind="death", body={"date": "2026-01-01"})
        make_record(council=ash, facts=[a_name(), a_birth(), an_address(), death])
        assert not connect_proven(proof(priya))

    def test_connects_at_that_council_alone(self, ash: Council, priya: Viewer) -> None:
        make_record(council=make_council(code="elm"))
        assert not connect_proven(proof(priya))

    def test_leaves_a_connection_with_somebody_else_as_it_is(
        self, ash: Council, record: Record, priya: Viewer, now: datetime
    ) -> None:
        other = make_record(council=ash, facts=[a_name("Ravi"), an_address()])
        connected(priya, other, now)
        assert not connect_proven(proof(priya))
        assert Connection.objects.get().record_id == other.pk


def test_a_proof_reaches_the_register() -> None:
    assert connect_proven in hooks._provers.values()


class TestAskingForALetter:
    @pytest.fixture(autouse=True)
    def _desk(self, everything: None, ash: Council, now: datetime) -> None:
        publish("connect-letter", now)
        make_team(council=ash, function="customer-services", name="The desk")

    def ask(self, by: Viewer, council: Council, now: datetime, family: str = "Nair") -> Case:
        answers = {
            "name": f"Priya {family}",
            "born": "1980-05-04",
            "address": {"line1": "14 Mill Lane", "town": "Alderbridge", "postcode": "AB10 1AB"},
        }
        ask_for_letter(by=by, council=council, answers=answers, now=now)
        made: Case = Case.objects.get(requester_id=by.actor.user_id)
        return made

    def test_makes_work_for_the_council_that_names_whom_it_surely_is(
        self, ash: Council, record: Record, priya: Viewer, now: datetime
    ) -> None:
        case = self.ask(priya, ash, now)
        assert case.steps.get(current=True, state="open").team is not None
        assert CasePerson.objects.get().record_id == record.pk

    def test_makes_the_same_work_where_nobody_is_known(
        self, ash: Council, priya: Viewer, now: datetime
    ) -> None:
        case = self.ask(priya, ash, now, family="Unknown")
        assert case.status == "open"
        assert CasePerson.objects.get().record_id is None
        assert not Record.objects.exists()

    def test_twice_makes_one_case_of_it(self, ash: Council, priya: Viewer, now: datetime) -> None:
        assert self.ask(priya, ash, now) == self.ask(priya, ash, now)

    def test_is_no_request_that_a_connected_resident_sees(
        self, ash: Council, record: Record, priya: Viewer, now: datetime
    ) -> None:
        self.ask(resident(ash, "Eve"), ash, now)
        connected(priya, record, now)
        assert own_case_ids(priya, ash.pk) == []
