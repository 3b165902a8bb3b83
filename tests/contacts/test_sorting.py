"""Putting what came in to its person and case, answering it, and setting it aside."""

from datetime import date, datetime

import pytest

from moothall.contacts import actions
from moothall.contacts.actions.arriving import arrive
from moothall.contacts.errors import ContactRefused, NoAddress, NoSuchContact, Sorted
from moothall.contacts.models import Contact
from moothall.contacts.queries.demand import Lens, counted
from moothall.contacts.queries.sorting import aside, contact_file, count_waiting, of_nobody, waiting
from moothall.councils.rules import Viewer
from moothall.journal.models import Entry
from moothall.messages.models import Message
from moothall.plain.errors import Refused
from moothall.process.models import Event
from tests.contacts.making import Desk, an_enquiry, call, make_desk
from tests.contacts.test_arriving import a_letter
from tests.persons.making import make_record

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]


@pytest.fixture
def ash() -> Desk:
    return make_desk(code="ash", name="Ash District Council")


@pytest.fixture
def letter(ash: Desk, now: datetime) -> Contact:
    return arrive(letter=a_letter(ash), now=now)


class TestPuttingAContact:
    def test_to_a_case_shows_it_there_and_ends_the_wait(
        self, ash: Desk, letter: Contact, now: datetime
    ) -> None:
        case = an_enquiry(ash)
        assert count_waiting(ash.adviser) == 1
        actions.put_to(by=ash.adviser, contact_id=letter.pk, record_id=None, case_id=case.id, now=now)
        kept = Contact.objects.get(pk=letter.pk)
        assert (kept.case_id, kept.outcome, kept.about) == (case.id, "added", "general-enquiry")
        note = Event.objects.get(case_id=case.id, kind="noted")
        assert note.actor_name == ash.adviser.actor.name
        assert "It is still there." in note.body
        assert count_waiting(ash.adviser) == 0

    def test_to_a_person_leaves_it_waiting_for_an_answer(
        self, ash: Desk, letter: Contact, now: datetime
    ) -> None:
        record = make_record(council=ash.council)
        actions.put_to(by=ash.adviser, contact_id=letter.pk, record_id=record.pk, case_id=None, now=now)
        kept = Contact.objects.get(pk=letter.pk)
        assert (kept.record_id, kept.outcome) == (record.pk, "waiting")
        assert Entry.objects.filter(what="contact.put", about=f"contact:{letter.pk}").exists()

    def test_as_a_request_that_was_made_of_it(self, ash: Desk, letter: Contact, now: datetime) -> None:
        case = an_enquiry(ash)
        actions.put_to(
            by=ash.adviser,
            contact_id=letter.pk,
            record_id=None,
            case_id=case.id,
            now=now,
            outcome="request",
        )
        assert Contact.objects.get(pk=letter.pk).outcome == "request"

    def test_needs_somewhere_to_put_it(self, ash: Desk, letter: Contact, now: datetime) -> None:
        with pytest.raises(ContactRefused):
            actions.put_to(by=ash.adviser, contact_id=letter.pk, record_id=None, case_id=None, now=now)

    def test_is_for_those_who_sort(self, ash: Desk, letter: Contact, now: datetime) -> None:
        case = an_enquiry(ash)
        with pytest.raises(Refused):
            actions.put_to(by=ash.officer, contact_id=letter.pk, record_id=None, case_id=case.id, now=now)
        oak = make_desk(code="oak", published=False)
        with pytest.raises(NoSuchContact):
            actions.put_to(by=oak.adviser, contact_id=letter.pk, record_id=None, case_id=case.id, now=now)
        theirs = an_enquiry(oak).id
        with pytest.raises(ContactRefused):
            actions.put_to(by=ash.adviser, contact_id=letter.pk, record_id=None, case_id=theirs, now=now)


class TestSettingAside:
    def test_says_why_and_waits_no_more(self, ash: Desk, letter: Contact, now: datetime) -> None:
        actions.set_aside(by=ash.adviser, contact_id=letter.pk, reason="advert", now=now)
        kept = Contact.objects.get(pk=letter.pk)
        assert (kept.outcome, kept.aside) == ("set-aside", "advert")
        assert waiting(ash.adviser) == []

    def test_takes_it_out_of_the_demand_and_keeps_it_to_be_looked_at(
        self, ash: Desk, letter: Contact, now: datetime
    ) -> None:
        whole = Viewer.system()
        lens = Lens([date(letter.at.year, letter.at.month, 1)])
        assert [each.count for each in counted(whole, lens)] == [1]
        actions.set_aside(by=ash.adviser, contact_id=letter.pk, reason="advert", now=now)
        assert counted(whole, lens) == []
        assert [line.number for line in aside(ash.adviser, now)] == [letter.pk]

    def test_is_refused_of_what_was_dealt_with(self, ash: Desk, now: datetime) -> None:
        with pytest.raises(Sorted):
            actions.set_aside(by=ash.adviser, contact_id=call(ash).pk, reason="advert", now=now)


class TestAnsweringByEmail:
    def test_writes_once_and_keeps_the_answer_as_a_contact(
        self, ash: Desk, letter: Contact, now: datetime
    ) -> None:
        for _ in range(2):
            actions.answer(
                by=ash.adviser,
                contact_id=letter.pk,
                subject="My hedge",
                text="We cut it on Monday.",
                submission="form-1",
                now=now,
            )
        message = Message.objects.get(to="sam@example.org")
        assert (message.subject, message.about) == ("Re: My hedge", f"contact:{letter.pk}")
        outbound = Contact.objects.get(direction="out")
        assert (outbound.message_id, outbound.address) == (message.pk, "sam@example.org")
        assert Contact.objects.get(pk=letter.pk).outcome == "answered"

    def test_needs_an_address(self, ash: Desk, now: datetime) -> None:
        with pytest.raises(NoAddress):
            actions.answer(
                by=ash.adviser, contact_id=call(ash).pk, subject="", text="Hello", submission="x", now=now
            )


class TestWhatWaits:
    def test_is_listed_for_those_who_sort_at_that_council(self, ash: Desk, letter: Contact) -> None:
        oak = make_desk(code="oak", published=False)
        assert [line.number for line in waiting(ash.adviser)] == [letter.pk]
        assert waiting(ash.officer) == []
        assert waiting(oak.adviser) == []

    def test_is_apart_from_calls_of_nobody(self, ash: Desk, letter: Contact, now: datetime) -> None:
        made = call(ash)
        call(ash, case_id=an_enquiry(ash).id)
        assert [line.number for line in of_nobody(ash.adviser, now)] == [made.pk]
        assert letter.pk != made.pk

    def test_is_shown_with_cases_it_may_belong_to(self, ash: Desk, now: datetime) -> None:
        case = an_enquiry(ash)
        waits = arrive(letter=a_letter(ash, text=f"It is about {case.reference}."), now=now)
        found = contact_file(ash.adviser, waits.pk, now)
        assert [(each.reference, each.why) for each in found.cases] == [
            (case.reference, "Its reference is in the text")
        ]
        assert found.may_answer
        assert not contact_file(ash.auditor, waits.pk, now).cases

    def test_is_shown_with_people_it_may_be_from(self, ash: Desk, now: datetime) -> None:
        record = make_record(council=ash.council)
        make_record(council=ash.council)
        waits = arrive(letter=a_letter(ash, name="Priya Nair", address="priya@example.org"), now=now)
        assert waits.record_id is None
        people = contact_file(ash.adviser, waits.pk, now).people
        assert record.pk in {each.record_id for each in people}
