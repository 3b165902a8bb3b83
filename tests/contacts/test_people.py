"""The conversations with one person, and for whom they are there."""

from datetime import datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from moothall.contacts.models import Contact
from moothall.contacts.queries.people import contacts_of, of_address
from moothall.contacts.queries.seeing import there
from moothall.persons.models import Record
from moothall.process.models import Case
from tests.contacts.making import Desk, an_enquiry, call, make_desk, put
from tests.persons.making import make_record

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]


@pytest.fixture
def ash() -> Desk:
    return make_desk(code="ash", name="Ash District Council")


@pytest.fixture
def priya(ash: Desk) -> Record:
    return make_record(council=ash.council, by=ash.adviser)


class TestTheContactsOfAPerson:
    @pytest.mark.parametrize(
        "nonsense",
        [
            "x",
            "_",
            "2026-13-45T09:30:00+00:00_1",
            "2026-11-23T09:30:00_1",
            "2026-11-23T09:30:00+00:00_\u00b2",
            f"2026-11-23T09:30:00+00:00_{2**63}",
            "0001-01-01T00:00:00+14:00_1",
        ],
    )
    def test_begin_anew_where_nobody_can_have_been(self, ash: Desk, priya: Record, nonsense: str) -> None:
        call(ash, record_id=priya.pk)
        assert len(contacts_of(ash.adviser, [priya.pk], before=nonsense)) == 1

    def test_are_those_with_them_and_those_about_their_cases(
        self, ash: Desk, priya: Record, now: datetime
    ) -> None:
        case = an_enquiry(ash)
        put(case, priya)
        theirs = call(ash, record_id=priya.pk, at=now - timedelta(days=1))
        about = call(ash, case_id=case.id)
        call(ash)
        found = contacts_of(ash.adviser, [priya.pk])
        assert {each.number for each in found} >= {theirs.pk, about.pk}
        assert found[-1].number == theirs.pk
        put(case, None)
        assert [each.number for each in contacts_of(ash.adviser, [priya.pk])] == [theirs.pk]

    def test_cost_the_same_however_many_there_are(
        self, ash: Desk, priya: Record, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        case = an_enquiry(ash)
        put(case, priya)
        for _ in range(5):
            call(ash, record_id=priya.pk, resolved=True)
            call(ash, case_id=case.id)
        with django_assert_num_queries(3):
            assert len(contacts_of(ash.adviser, [priya.pk])) == 11
        call(ash, case_id=case.id, resolved=True)  # others may have come back about the case
        with django_assert_num_queries(4):
            assert len(contacts_of(ash.adviser, [priya.pk])) == 12

    def test_go_on_after_the_last_line_seen_and_lose_none(
        self, ash: Desk, priya: Record, now: datetime
    ) -> None:
        made = {call(ash, record_id=priya.pk, at=now - timedelta(days=number // 3)).pk for number in range(7)}
        seen: list[int] = []
        before = ""
        while page := contacts_of(ash.adviser, [priya.pk], 3, before):
            seen += [each.number for each in page]
            before = page[-1].cursor
        assert len(seen) == 7
        assert set(seen) == made

    def test_are_not_there_for_other_councils(self, ash: Desk, priya: Record) -> None:
        call(ash, record_id=priya.pk)
        oak = make_desk(code="oak", published=False)
        assert contacts_of(oak.adviser, [priya.pk]) == []

    def test_are_not_there_where_the_record_is_locked_or_the_case_is_private(
        self, ash: Desk, priya: Record
    ) -> None:
        case = an_enquiry(ash)
        call(ash, record_id=priya.pk)
        call(ash, case_id=case.id)
        Record.objects.filter(pk=priya.pk).update(circle="safeguarding")
        Case.objects.filter(pk=case.id).update(circle="safeguarding")
        assert not there(ash.officer).exists()
        assert not there(ash.auditor).exists()
        Case.objects.filter(pk=case.id).update(circle="customer-services")
        assert there(ash.adviser).exists()

    def test_say_whether_what_was_settled_stayed_so(self, ash: Desk, priya: Record, now: datetime) -> None:
        long_ago = now - timedelta(days=40)
        first = call(ash, record_id=priya.pk, about="missed-bin", resolved=True, at=long_ago)
        other = call(ash, record_id=priya.pk, about="council-tax", resolved=True, at=long_ago)
        call(ash, record_id=priya.pk, about="missed-bin", at=long_ago + timedelta(days=5))
        held = {each.number: each.held for each in contacts_of(ash.adviser, [priya.pk], now=now)}
        assert held[first.pk] is False
        assert held[other.pk] is True


class TestTheContactsOfAnAddress:
    def test_are_found_however_it_is_written(self, ash: Desk) -> None:
        made = call(ash, address="07700 900982")
        assert [each.number for each in of_address(ash.adviser, "+44 7700 900 982")] == [made.pk]
        assert of_address(ash.adviser, " ") == []
        oak = make_desk(code="oak", published=False)
        assert of_address(oak.adviser, "07700 900982") == []

    def test_have_no_more_in_the_database_than_they_need(self, ash: Desk) -> None:
        call(ash, address=" Somebody@Example.ORG ")
        assert Contact.objects.get().address == "somebody@example.org"
