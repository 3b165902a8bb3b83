"""Locking records, opening them again, and who looked at them."""

from datetime import datetime

import pytest

from moothall.councils.models import Council
from moothall.councils.rules import Viewer
from moothall.journal.models import Entry
from moothall.persons.actions.holding import own_record
from moothall.persons.actions.locking import lock_record, open_record
from moothall.persons.actions.looking import looked_at
from moothall.persons.errors import Locked, LockRefused
from moothall.persons.models import Record
from moothall.persons.queries.looks import looks_of
from moothall.persons.queries.people import person_file
from moothall.persons.queries.records import records_of
from moothall.plain.errors import Refused
from tests.makers import make_council, make_staff, make_team, make_viewer
from tests.persons.making import make_record

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]


@pytest.fixture
def ash() -> Council:
    return make_council(code="ash", name="Ash District Council")


@pytest.fixture
def adviser(ash: Council) -> Viewer:
    return make_viewer(make_staff(council=ash, roles=("adviser",)))


@pytest.fixture
def lead(ash: Council) -> Viewer:
    """A supervisor in the safeguarding hub."""
    staff = make_staff(council=ash, roles=("supervisor",))
    make_team(council=ash, code="hub", name="Safeguarding hub", members=(staff,))
    return make_viewer(staff)


class TestLockingARecord:
    def test_leaves_others_only_whom_to_ask(
        self, ash: Council, adviser: Viewer, lead: Viewer, now: datetime
    ) -> None:
        record = make_record(council=ash)
        lock_record(by=lead, record_id=record.pk, teams=["hub"], why="Works for us", now=now)
        found = person_file(adviser, record.person.reference, now)
        assert found.is_locked
        assert found.name == "Locked record"
        assert found.records[0].whom == "Safeguarding hub"
        assert person_file(lead, record.person.reference, now).name == "Priya Nair"

    def test_is_refused_without_teams_or_reason(self, ash: Council, lead: Viewer, now: datetime) -> None:
        record = make_record(council=ash)
        with pytest.raises(LockRefused) as refused:
            lock_record(by=lead, record_id=record.pk, teams=["nobody"], why=" ", now=now)
        assert set(refused.value.fields) == {"teams", "why"}

    def test_is_refused_where_nobody_could_open_it_again(
        self, ash: Council, lead: Viewer, now: datetime
    ) -> None:
        record = make_record(council=ash)
        make_team(council=ash, code="post", members=(make_staff(council=ash, roles=("adviser",)),))
        with pytest.raises(LockRefused, match="Nobody in these teams"):
            lock_record(by=lead, record_id=record.pk, teams=["post"], why="x", now=now)

    def test_is_refused_to_advisers(self, ash: Council, adviser: Viewer, now: datetime) -> None:
        with pytest.raises(Refused, match="lock people's records"):
            lock_record(by=adviser, record_id=make_record(council=ash).pk, teams=["hub"], why="x", now=now)

    def test_can_be_undone_only_from_inside(self, ash: Council, lead: Viewer, now: datetime) -> None:
        record = make_record(council=ash)
        lock_record(by=lead, record_id=record.pk, teams=["hub"], why="Works for us", now=now)
        outside = make_viewer(make_staff(council=ash, roles=("supervisor",)))
        with pytest.raises(Locked, match="Works for us"):
            open_record(by=outside, record_id=record.pk, now=now)
        open_record(by=lead, record_id=record.pk, now=now)
        assert Record.objects.get(pk=record.pk).circle == ""

    def test_leaves_it_the_councils_own_for_those_inside(
        self, ash: Council, lead: Viewer, now: datetime
    ) -> None:
        record = make_record(council=ash)
        lock_record(by=lead, record_id=record.pk, teams=["hub"], why="Works for us", now=now)
        own = own_record(by=lead, council_id=ash.pk, record_id=record.pk, source="adviser", now=now)
        assert own == record
        assert Record.objects.count() == 1

    def test_is_in_the_journal_without_the_reason(self, ash: Council, lead: Viewer, now: datetime) -> None:
        record = make_record(council=ash)
        lock_record(by=lead, record_id=record.pk, teams=["hub"], why="Works for us", now=now)
        entry = Entry.objects.get(what="person.locked")
        assert entry.about == f"record:{record.pk}"
        assert "Works" not in entry.facts


class TestWhoLooked:
    def test_is_told_newest_first_to_those_who_may_know(
        self, ash: Council, adviser: Viewer, lead: Viewer, now: datetime
    ) -> None:
        record = make_record(council=ash)
        looked_at(by=adviser, records=[record], why="page", now=now)
        looked_at(by=lead, records=[record], why="print", now=now)
        rows = records_of(lead, record.person_id)
        assert [(look.who, look.why) for look in looks_of(lead, rows).rows] == [
            (lead.actor.name, "print"),
            (adviser.actor.name, "page"),
        ]
        assert looks_of(adviser, rows).rows == []

    def test_goes_on_from_page_to_page(self, ash: Council, lead: Viewer, now: datetime) -> None:
        record = make_record(council=ash)
        for _ in range(101):
            looked_at(by=lead, records=[record], why="page", now=now)
        rows = records_of(lead, record.person_id)
        first = looks_of(lead, rows)
        assert (len(first.rows), first.older is not None) == (100, True)
        assert len(looks_of(lead, rows, first.older).rows) == 1
