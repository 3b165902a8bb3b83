"""Whose case it is, found when it begins."""

from datetime import datetime

import pytest

from moothall.councils.models import Council
from moothall.councils.rules import Viewer
from moothall.persons.actions.intake import take_in
from moothall.persons.models import CasePerson, Connection, Link, Record
from moothall.persons.rules.told import facts_told
from moothall.process import actions as process
from moothall.process.models import Case
from tests.makers import make_agreement, make_council, make_user
from tests.persons.making import a_birth, a_name, a_phone, an_address, an_email, make_record
from tests.process.making import publish_repair

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]
SOURCE = """
process: odd-job
title: Odd job
owner: desk
start: [resident, agent]
service:
  title: Odd job
  description: An odd job.
  category: Odd
  how_long: Soon.
  contact: optional
fields:
  what: {ask: What is it?, type: text}
steps:
  ask: {title: Ask, by: [resident, agent], ask: [what]}
  do: {title: Do it, by: desk, outcomes: {done: {title: Done, end: done}}}
"""
HOME = {"line1": "14 Mill Lane", "town": "Alderbridge", "postcode": "AB10 1AB"}


@pytest.fixture
def ash() -> Council:
    return make_council(code="ash", name="Ash District Council")


def case_at(council: Council, now: datetime) -> int:
    publish_repair(SOURCE)
    resident = Viewer.anonymous(council.pk)
    return process.start_case(
        by=resident, council=council, process="odd-job", now=now, answers={"what": "A"}
    ).id


def taken(council: Council, now: datetime, user_id: int | None = None, **told: str) -> CasePerson | None:
    given = {"name": "Priya Nair", "email": "priya@example.org", "phone": "+447700900982"} | told
    return take_in(
        by=Viewer.anonymous(council.pk),
        case_id=case_at(council, now),
        council_id=council.pk,
        facts=facts_told(**given, place=HOME),
        source="request:ASH-0000-0000",
        now=now,
        user_id=user_id,
    )


class TestACaseThatBegins:
    def test_is_put_to_whoever_asked_before(self, ash: Council, now: datetime) -> None:
        record = make_record(council=ash)
        found = taken(ash, now)
        assert found is not None
        assert (found.record_id, found.how) == (record.pk, "matched")
        assert (found.score or 0) > 0
        assert Record.objects.count() == 1

    def test_adds_somebody_whom_nobody_resembles(self, ash: Council, now: datetime) -> None:
        make_record(council=ash)
        found = taken(ash, now, name="Tomasz Kowalski", email="tk@example.com", phone="+441632960555")
        assert found is not None
        assert found.how == "new"
        added = Record.objects.get(pk=found.record_id)
        assert (added.name, added.source) == ("Tomasz Kowalski", "request:ASH-0000-0000")

    def test_waits_for_somebody_to_look_where_it_is_not_sure(self, ash: Council, now: datetime) -> None:
        make_record(council=ash, facts=[a_name("Priya", "Nair"), an_address(), a_birth()])
        found = taken(ash, now, email="", phone="")
        assert found is not None
        assert found.record_id is None

    def test_is_nobodys_yet_where_two_people_fit(self, ash: Council, now: datetime) -> None:
        for _ in range(2):
            make_record(council=ash)
        found = taken(ash, now)
        assert found is not None
        assert found.record_id is None

    def test_is_nobodys_yet_where_the_record_is_locked(self, ash: Council, now: datetime) -> None:
        record = make_record(council=ash)
        Record.objects.filter(pk=record.pk).update(circle="adoption")
        found = taken(ash, now)
        assert found is not None
        assert found.record_id is None

    def test_is_nobodys_yet_where_the_record_is_restricted(self, ash: Council, now: datetime) -> None:
        record = make_record(council=ash)
        Record.objects.filter(pk=record.pk).update(restricted_at=now, restricted_why="Disputed.")
        found = taken(ash, now)
        assert found is not None
        assert found.record_id is None
        assert Record.objects.count() == 1

    def test_tells_the_register_nothing_without_a_name(self, ash: Council, now: datetime) -> None:
        assert taken(ash, now, name="") is None
        assert not Record.objects.exists()

    def test_teaches_the_register_a_new_phone_and_nothing_else(self, ash: Council, now: datetime) -> None:
        record = make_record(council=ash, facts=[a_name(), an_address(), an_email()])
        found = taken(ash, now)
        assert found is not None
        assert found.record_id == record.pk
        record.refresh_from_db()
        assert record.traits["p"] == ["+447700900982"]
        assert record.facts.get(kind="phone").source == "request:ASH-0000-0000"
        assert record.facts.filter(kind="name").count() == 1

    def test_teaches_the_register_an_address_only_where_it_has_none(
        self, ash: Council, now: datetime
    ) -> None:
        record = make_record(council=ash, facts=[a_name(), a_phone(), an_email()])
        assert taken(ash, now) is not None
        record.refresh_from_db()
        assert record.address.startswith("14 Mill Lane")
        elsewhere = HOME | {"line1": "2 Oak Row"}
        take_in(
            by=Viewer.anonymous(ash.pk),
            case_id=case_at(ash, now),
            council_id=ash.pk,
            facts=facts_told(
                name="Priya Nair", email="priya@example.org", phone="+447700900982", place=elsewhere
            ),
            source="request:ASH-0000-0001",
            now=now,
        )
        assert record.facts.filter(kind="address").count() == 1

    def test_goes_to_the_record_that_is_connected_with_the_account(self, ash: Council, now: datetime) -> None:
        record, user = make_record(council=ash, facts=[a_name("Quite", "Different")]), make_user()
        Connection.objects.create(council=ash, user=user, record=record, how="staff", at=now, by="A clerk")
        found = taken(ash, now, user_id=user.pk)
        assert found is not None
        assert (found.record_id, found.how) == (record.pk, "account")

    def test_teaches_nothing_of_a_neighbour_for_whom_somebody_asks(self, ash: Council, now: datetime) -> None:
        record, user = make_record(council=ash, facts=[a_name(), a_phone()]), make_user()
        Connection.objects.create(council=ash, user=user, record=record, how="staff", at=now, by="A clerk")
        taken(ash, now, user_id=user.pk, name="Edna Old", email="edna@example.org", phone="+441632960111")
        record.refresh_from_db()
        assert record.traits["p"] == ["+447700900982"]
        assert "e" not in record.traits


class TestSomebodyKnownToAnotherCouncil:
    def test_is_somebody_new_without_an_agreement(self, ash: Council, now: datetime) -> None:
        theirs = make_record(council=make_council(name="Elm"))
        found = taken(ash, now)
        assert found is not None
        assert found.how == "new"
        added = Record.objects.get(pk=found.record_id)
        assert added.person_id != theirs.person_id
        assert not Link.objects.exists()

    def test_gets_a_record_here_that_is_joined_with_theirs_under_an_agreement(
        self, ash: Council, now: datetime
    ) -> None:
        elm = make_council(name="Elm")
        theirs = make_record(council=elm)
        make_agreement(councils=(ash, elm), kinds=("persons",))
        found = taken(ash, now)
        assert found is not None
        assert found.how == "matched"
        added = Record.objects.get(pk=found.record_id)
        assert (added.council_id, added.person_id) == (ash.pk, theirs.person_id)
        assert added.origin_id != theirs.person_id
        link = Link.objects.get(ended_at=None)
        assert link.kind == "same"
        assert link.score == found.score
        assert {fact.source for fact in added.facts.filter(kind__in=("name", "birth"))} == {
            "council:" + elm.code
        }
        assert {fact.source for fact in added.facts.exclude(kind__in=("name", "birth"))} == {
            "request:ASH-0000-0000"
        }

    def test_is_found_only_as_long_as_the_agreement_is_in_force(self, ash: Council, now: datetime) -> None:
        elm = make_council(name="Elm")
        make_record(council=elm)
        ended = now.date().replace(day=1)
        make_agreement(councils=(ash, elm), kinds=("persons",), ends_on=ended)
        found = taken(ash, now)
        assert found is not None
        assert found.how == "new"


class TestWhatIsTakenIn:
    def test_is_one_row_for_each_case(self, ash: Council, now: datetime) -> None:
        make_record(council=ash)
        found = taken(ash, now)
        assert found is not None
        take_in(
            by=Viewer.anonymous(ash.pk), case_id=found.case_id, council_id=ash.pk, facts=facts_told(name="Priya Nair"),
            source="again", now=now,
        )  # fmt: skip
        assert CasePerson.objects.count() == Case.objects.count() == 1
