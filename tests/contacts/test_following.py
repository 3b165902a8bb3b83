"""Contacts that came since two records were joined go where they belong when the link is taken back."""

from datetime import timedelta

import pytest

from moothall.contacts.actions.following import FOLLOWER
from moothall.contacts.actions.recording import record_contact
from moothall.contacts.models import Contact
from moothall.councils.rules import Viewer
from moothall.journal.models import Entry
from moothall.persons import hooks
from moothall.persons.actions.linking import undo
from moothall.persons.hooks import Thing
from moothall.persons.models import Record
from moothall.persons.queries.pairs import pair
from moothall.persons.queries.since import came_since
from tests.persons.linked import LATER, Desk, join, make_desk, somebody
from tests.persons.making import a_phone

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]
ANNS, BOBS = "07700 900001", "07700 900002"


@pytest.fixture
def desk() -> Desk:
    return make_desk()


def call(desk: Desk, record: Record, number: str) -> Contact:
    return record_contact(
        by=desk.ada,
        council_id=record.council_id,
        channel="phone",
        direction="in",
        at=LATER,
        outcome="answered",
        submission=f"call-{number}-{record.pk}",
        now=LATER,
        record_id=record.pk,
        address=number,
        summary="Asked about bins",
    )


class TestContacts:
    def test_follow_records(self) -> None:
        assert hooks.followers["contact"] is FOLLOWER

    def test_are_counted_and_put_to_whom_they_fit(self, desk: Desk) -> None:
        ann, bob = somebody(desk.ash, "Ann", a_phone(ANNS)), somebody(desk.ash, "Bob", a_phone(BOBS))
        link = join(desk.stella, ann, bob)
        hers, his = call(desk, ann, ANNS), call(desk, ann, BOBS)
        assert dict(pair(desk.stella, link.pk, LATER).low.counts)["contacts"] == 2
        since = came_since(desk.stella, link.pk, LATER)
        assert {each.thing: each.suggested for each in since.things} == {
            Thing("contact", hers.pk): ann.pk,
            Thing("contact", his.pk): bob.pk,
        }
        assert since.things[0].words.startswith("Phone, they reached us, 23 December 2026"[:24])
        places = {each.thing: each.suggested for each in since.things}
        undo(by=desk.stella, link_id=link.pk, why="Two", now=LATER + timedelta(days=1), places=places)
        assert {row.pk: row.record_id for row in Contact.objects.all()} == {hers.pk: ann.pk, his.pk: bob.pk}
        assert Entry.objects.filter(what="contact.put", about=f"contact:{his.pk}").count() == 1

    def test_are_moved_only_by_whoever_may_sort_them(self, desk: Desk) -> None:
        ann = somebody(desk.ash, "Ann", a_phone(ANNS))
        row = call(desk, ann, ANNS)
        assert FOLLOWER.where(desk.stella, [row.pk]) == {row.pk: ann.pk}
        assert FOLLOWER.where(Viewer.anonymous(desk.ash.pk), [row.pk]) == {}
