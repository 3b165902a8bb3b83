"""Recording a conversation, and saying what came of it."""

from datetime import datetime, timedelta

import pytest

from moothall.contacts import actions
from moothall.contacts.errors import ContactRefused, NoSuchContact
from moothall.contacts.models import Contact
from moothall.journal.models import Entry
from moothall.persons.errors import Locked
from moothall.persons.models import Record
from moothall.plain.errors import NotFound, Refused
from tests.contacts.making import Desk, an_enquiry, call, make_desk
from tests.makers import make_agreement, make_grant, make_staff, make_viewer
from tests.persons.making import make_record

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]


@pytest.fixture
def ash() -> Desk:
    return make_desk(code="ash", name="Ash District Council")


class TestRecordingAContact:
    def test_keeps_who_it_was_with_and_compares_the_number_as_it_is_dialled(
        self, ash: Desk, now: datetime
    ) -> None:
        record = make_record(council=ash.council, by=ash.adviser)
        made = call(ash, record_id=record.pk, address="07700 900 982", about="missed-bin", summary="  When? ")
        kept = Contact.objects.get()
        assert (kept.pk, kept.record_id, kept.address) == (made.pk, record.pk, "+447700900982")
        assert (kept.summary, kept.about, kept.by) == ("When?", "missed-bin", ash.adviser.actor.name)
        assert kept.staff_id == ash.adviser.staff_id
        assert kept.at == now

    def test_sent_twice_is_one_contact(self, ash: Desk) -> None:
        first = call(ash, submission="the-same-form", summary="One")
        again = call(ash, submission="the-same-form", summary="Two")
        assert first.pk == again.pk
        assert Contact.objects.get().summary == "One"

    def test_writes_what_happened_into_the_journal_and_nothing_that_was_said(self, ash: Desk) -> None:
        made = call(ash, address="sam@example.org", given_name="Sam Okoro", summary="My bin is full")
        entry = Entry.objects.get(what="contact.recorded")
        assert entry.about == f"contact:{made.pk}"
        assert "phone" in str(entry.facts)
        assert not any(word in str(entry.facts) for word in ("Sam", "Okoro", "example.org", "bin"))

    def test_refuses_what_is_still_to_come_and_what_was_long_ago(self, ash: Desk, now: datetime) -> None:
        with pytest.raises(ContactRefused, match="call-back"):
            call(ash, at=now + timedelta(hours=1))
        with pytest.raises(ContactRefused, match="year ago"):
            call(ash, at=now - timedelta(days=400))

    def test_refuses_a_case_of_another_council(self, ash: Desk) -> None:
        oak = make_desk(code="oak", published=False)
        with pytest.raises(ContactRefused, match="no such case"):
            call(ash, case_id=an_enquiry(oak).id)

    def test_is_for_those_who_may(self, ash: Desk) -> None:
        with pytest.raises(Refused):
            call(ash, by=ash.auditor)
        oak = make_desk(code="oak", published=False)
        with pytest.raises(NotFound):
            call(ash, by=oak.adviser)

    def test_puts_nothing_on_a_record_that_is_locked(self, ash: Desk) -> None:
        record = make_record(council=ash.council)
        Record.objects.filter(pk=record.pk).update(circle="safeguarding")
        with pytest.raises(Locked):
            call(ash, record_id=record.pk)

    def test_of_somebody_known_to_another_council_hangs_on_a_record_of_its_own(self, ash: Desk) -> None:
        elm = make_desk(code="elm", published=False)
        make_agreement(councils=(ash.council, elm.council), kinds=("persons", "contacts"))
        staff = make_staff(council=ash.council, roles=("adviser",))
        make_grant(staff=staff, role="adviser", council=elm.council)
        theirs = make_record(council=elm.council)
        made = call(ash, by=make_viewer(staff), record_id=theirs.pk)
        assert made.record is not None
        assert made.record.council_id == ash.council.pk
        assert made.record.person_id == theirs.person_id
        assert made.record.name == "Priya Nair"
        again = call(ash, by=make_viewer(staff), record_id=theirs.pk)
        assert again.record_id == made.record_id


class TestSayingWhatCameOfIt:
    def test_marks_it_avoidable_by_a_tap_and_takes_that_back(self, ash: Desk, now: datetime) -> None:
        made = call(ash)
        for reason in ("progress", ""):
            actions.mark_avoidable(by=ash.adviser, contact_id=made.pk, reason=reason, now=now)
            assert Contact.objects.get().avoidable == reason
        assert Entry.objects.filter(what="contact.marked").count() == 2

    def test_says_that_it_is_settled(self, ash: Desk, now: datetime) -> None:
        made = call(ash)
        actions.settle(by=ash.adviser, contact_id=made.pk, resolved=True, outcome="signposted", now=now)
        kept = Contact.objects.get()
        assert (kept.resolved, kept.outcome) == (True, "signposted")

    def test_is_not_for_another_council(self, ash: Desk, now: datetime) -> None:
        made, oak = call(ash), make_desk(code="oak", published=False)
        with pytest.raises(NoSuchContact):
            actions.mark_avoidable(by=oak.adviser, contact_id=made.pk, reason="progress", now=now)

    def test_is_not_for_whom_the_record_is_locked(self, ash: Desk, now: datetime) -> None:
        record = make_record(council=ash.council)
        made = call(ash, record_id=record.pk)
        Record.objects.filter(pk=record.pk).update(circle="safeguarding")
        with pytest.raises(NoSuchContact):
            actions.settle(by=ash.adviser, contact_id=made.pk, resolved=True, outcome="answered", now=now)
