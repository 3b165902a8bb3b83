"""Letters that came in: put to their case, to their person, or left for somebody to sort."""

from datetime import datetime

import pytest
from pytest_django import Settings

from moothall.contacts.actions.arriving import Arrived, arrive, case_named, undelivered
from moothall.contacts.actions.showing import Enclosed
from moothall.contacts.models import Contact
from moothall.contacts.queries.sorting import sender_words
from moothall.persons.models import CasePerson, Record
from moothall.process import actions as process
from moothall.process.engine.state import CaseState
from moothall.process.models import Attachment, Case, Event
from tests.contacts.making import Desk, an_enquiry, make_desk
from tests.persons.making import a_name, an_email, make_record

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]


@pytest.fixture
def ash(settings: Settings, tmp_path: object) -> Desk:
    settings.FILES_ROOT = tmp_path
    return make_desk(code="ash", name="Ash District Council")


def a_letter(desk: Desk, *, number: int = 1, **facts: object) -> Arrived:
    given = {
        "name": "Sam Okoro",
        "address": "Sam@Example.org",
        "subject": "My hedge",
        "text": "It is still there.",
    } | facts
    return Arrived(council_id=desk.council.pk, number=number, **given)  # type: ignore[arg-type]


def notes(case: CaseState) -> list[Event]:
    return list(Event.objects.filter(case_id=case.id, kind="noted"))


class TestALetterInAThread:
    def test_is_shown_on_its_case_as_from_whoever_asked(self, ash: Desk, now: datetime) -> None:
        case = an_enquiry(ash)
        made = arrive(letter=a_letter(ash, thread=f"case:{case.id}"), now=now)
        assert (made.outcome, made.case_id, made.channel) == ("added", case.id, "e-mail")
        (note,) = notes(case)
        assert (note.actor_kind, note.actor_name) == ("resident", "Sam Okoro")
        assert "It is still there." in note.body
        assert sender_words(made) == (
            "From the address of the request. That proves nothing: anybody can write any address.",
            False,
        )

    def test_from_another_address_is_shown_with_care_and_not_to_whoever_asked(
        self, ash: Desk, now: datetime
    ) -> None:
        case = an_enquiry(ash)
        made = arrive(
            letter=a_letter(ash, address="sam@elsewhere.example", thread=f"case:{case.id}"), now=now
        )
        (note,) = notes(case)
        assert note.actor_kind == "system"
        assert "be careful" in note.body
        assert sender_words(made)[1]

    def test_finishes_no_step_and_changes_no_answer(self, ash: Desk, now: datetime) -> None:
        case = an_enquiry(ash)
        process.act(
            by=ash.adviser,
            case_id=case.id,
            step="sort",
            expected=None,
            now=now,
            answers={"topic": "us", "question": "Which hedge?"},
            outcome="ask-resident",
        )
        before = Case.objects.get(pk=case.id)
        arrive(letter=a_letter(ash, thread=f"case:{case.id}", text="The answer is 42"), now=now)
        after = Case.objects.get(pk=case.id)
        assert (after.data, after.status) == (before.data, before.status)
        assert Event.objects.filter(case_id=case.id, kind="done", step="reply").count() == 0

    def test_brings_its_files_and_names_those_that_cannot_be_kept(self, ash: Desk, now: datetime) -> None:
        case = an_enquiry(ash)
        enclosed = (
            Enclosed("hedge.txt", b"A very long hedge"),
            Enclosed("virus.exe", b"MZ"),
            Enclosed("logo.png", b"tiny", is_inline=True),
        )
        arrive(letter=a_letter(ash, thread=f"case:{case.id}", enclosed=enclosed), now=now)
        (kept,) = Attachment.objects.filter(case_id=case.id)
        assert (kept.name, kept.added_by) == ("hedge.txt", "Sam Okoro")
        (note,) = notes(case)
        assert "virus.exe" in note.body
        assert "logo.png" not in note.body

    def test_twice_is_one_contact_and_one_note(self, ash: Desk, now: datetime) -> None:
        case = an_enquiry(ash)
        letter = a_letter(ash, thread=f"case:{case.id}")
        assert arrive(letter=letter, now=now).pk == arrive(letter=letter, now=now).pk
        assert len(notes(case)) == 1

    def test_of_a_closed_case_waits_for_somebody(self, ash: Desk, now: datetime) -> None:
        case = an_enquiry(ash)
        process.end_case(
            by=ash.officer, case_id=case.id, ending="withdrawn", expected=None, now=now, text="Not needed"
        )
        made = arrive(letter=a_letter(ash, thread=f"case:{case.id}"), now=now)
        assert (made.outcome, made.case_id) == ("waiting", case.id)
        assert notes(case) == []

    def test_of_a_case_of_another_council_is_no_letter_about_it(self, ash: Desk, now: datetime) -> None:
        oak = make_desk(code="oak", published=False)
        theirs = an_enquiry(oak)
        assert case_named(ash.council.pk, f"About {theirs.reference}") == ""
        made = arrive(letter=a_letter(ash, thread=f"case:{theirs.id}"), now=now)
        assert (made.case_id, made.outcome) == (None, "waiting")
        assert notes(theirs) == []

    def test_that_answers_a_contact_goes_to_the_same_person(self, ash: Desk, now: datetime) -> None:
        record = make_record(council=ash.council)
        first = arrive(letter=a_letter(ash, address="priya@example.org"), now=now)
        assert first.record_id == record.pk
        answer = a_letter(ash, number=2, address="new@example.org", thread=f"contact:{first.pk}")
        assert arrive(letter=answer, now=now).record_id == record.pk


class TestALetterOfNoThread:
    def test_with_a_reference_in_its_subject_goes_to_that_case_and_says_so(
        self, ash: Desk, now: datetime
    ) -> None:
        case = an_enquiry(ash)
        subject = f"Re: {case.reference.lower()} my hedge"
        thread = case_named(ash.council.pk, subject)
        made = arrive(letter=a_letter(ash, subject=subject, thread=thread, by_subject=True), now=now)
        assert made.case_id == case.id
        assert "its subject" in notes(case)[0].body

    def test_waits_with_the_one_person_whose_address_it_is(self, ash: Desk, now: datetime) -> None:
        record = make_record(council=ash.council)
        made = arrive(letter=a_letter(ash, address="Priya@Example.org"), now=now)
        assert (made.outcome, made.record_id) == ("waiting", record.pk)
        assert made.summary == "My hedge\n\nIt is still there."

    def test_waits_with_nobody_where_two_share_the_address_or_the_record_is_locked(
        self, ash: Desk, now: datetime
    ) -> None:
        make_record(council=ash.council)
        second = make_record(council=ash.council, facts=[a_name("Ravi"), an_email()])
        assert arrive(letter=a_letter(ash, address="priya@example.org"), now=now).record_id is None
        Record.objects.exclude(pk=second.pk).update(state="erased")
        Record.objects.filter(pk=second.pk).update(circle="safeguarding")
        later = a_letter(ash, number=2, address="priya@example.org")
        assert arrive(letter=later, now=now).record_id is None

    def test_does_not_find_people_of_another_council(self, ash: Desk, now: datetime) -> None:
        make_record(council=make_desk(code="oak", published=False).council)
        assert arrive(letter=a_letter(ash, address="priya@example.org"), now=now).record_id is None


class TestALetterThatCouldNotBeDelivered:
    def test_is_told_in_the_history_of_its_case(self, ash: Desk, now: datetime) -> None:
        case = an_enquiry(ash)
        assert undelivered(
            thread=f"case:{case.id}",
            council_id=ash.council.pk,
            recipient="sam@example.org",
            reason="550 no such mailbox",
            now=now,
        )
        assert "550 no such mailbox" in notes(case)[0].body
        assert not Contact.objects.filter(direction="in", channel="e-mail").exists()
        assert CasePerson.objects.count() <= 1

    def test_about_nothing_known_is_only_filed(self, ash: Desk, now: datetime) -> None:
        for thread in ("", "case:999999", "draft:1", "case:x"):
            assert not undelivered(thread=thread, council_id=ash.council.pk, recipient="", reason="", now=now)
