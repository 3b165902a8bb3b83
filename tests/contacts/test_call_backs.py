"""Promising a call, and making it."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from moothall.contacts import actions
from moothall.contacts.actions import Promised
from moothall.contacts.errors import ContactRefused, NoCallBacks
from moothall.contacts.models import Contact
from moothall.contacts.queries.people import callbacks_open, contacts_of
from moothall.persons.models import CasePerson, Record
from moothall.process import actions as process
from moothall.process import store
from moothall.process.models import Case, Link
from tests.contacts.making import Desk, an_enquiry, make_desk
from tests.persons.making import make_record

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]


@pytest.fixture
def ash() -> Desk:
    return make_desk(code="ash", name="Ash District Council")


@pytest.fixture
def priya(ash: Desk) -> Record:
    return make_record(council=ash.council, by=ash.adviser)


def promised(desk: Desk, record: Record, now: datetime, *, hours: int = 3, **facts: Any) -> Promised:
    given: dict[str, Any] = {
        "phone": "07700 900982",
        "about": "Her council tax",
        "submission": "form-1",
    } | facts
    return actions.promise(
        by=desk.adviser,
        council_id=desk.council.pk,
        record_id=record.pk,
        at=now + timedelta(hours=hours),
        now=now,
        **given,
    )


def called(desk: Desk, promise: Promised, step: str, outcome: str, now: datetime, text: str = "") -> None:
    answers = {"settled": True} if outcome == "reached" else {}
    process.act(
        by=desk.adviser,
        case_id=promise.case.id,
        step=step,
        expected=None,
        now=now,
        answers=answers,
        outcome=outcome,
        text=text,
    )


def open_steps(promise: Promised) -> list[str]:
    case = store.load(promise.case.id)
    assert case is not None
    return [run.key for run in case.open_steps()]


class TestPromisingACall:
    def test_waits_until_the_time_that_was_said(self, ash: Desk, priya: Record, now: datetime) -> None:
        made = promised(ash, priya, now)
        assert open_steps(made) == ["hold"]
        process.sweep(now + timedelta(hours=2))
        assert open_steps(made) == ["hold"]
        process.sweep(now + timedelta(hours=3, minutes=1))
        assert open_steps(made) == ["call"]
        case = store.load(made.case.id)
        assert case is not None
        assert case.steps["call"].team_id == ash.team.pk
        assert case.clocks["called"].due_at == now + timedelta(hours=5, minutes=1)

    def test_is_a_contact_of_the_person_and_a_case_of_theirs(
        self, ash: Desk, priya: Record, now: datetime
    ) -> None:
        made = promised(ash, priya, now)
        assert (made.contact.outcome, made.contact.resolved) == ("call-back", False)
        assert made.contact.record_id == priya.pk
        assert CasePerson.objects.get(case_id=made.case.id).record_id == priya.pk
        (open_call,) = callbacks_open(ash.adviser, [priya.pk], now)
        assert (open_call.reference, open_call.is_due) == (made.case.reference, False)
        assert open_call.at == now + timedelta(hours=3)
        assert (open_call.number, open_call.about) == ("07700 900982", "Her council tax")

    def test_sent_twice_is_promised_once(self, ash: Desk, priya: Record, now: datetime) -> None:
        first, again = promised(ash, priya, now), promised(ash, priya, now)
        assert first.case.id == again.case.id
        assert Case.objects.filter(process="call-back").count() == 1

    def test_is_linked_with_the_case_that_it_is_about(self, ash: Desk, priya: Record, now: datetime) -> None:
        case = an_enquiry(ash)
        made = promised(ash, priya, now, case_id=case.id)
        assert Link.objects.filter(case_id=made.case.id, other_id=case.id, kind="related").exists()
        assert made.contact.about == "general-enquiry"

    def test_refuses_what_nobody_could_keep(self, ash: Desk, priya: Record, now: datetime) -> None:
        with pytest.raises(ContactRefused) as refused:
            promised(ash, priya, now, hours=-3, phone="12", about=" ")
        assert set(refused.value.fields) == {"phone", "call_at", "summary"}
        with pytest.raises(ContactRefused, match="60 days"):
            promised(ash, priya, now, hours=24 * 80)

    def test_says_what_to_do_where_the_process_was_never_published(self, now: datetime) -> None:
        oak = make_desk(code="oak", published=False)
        with pytest.raises(NoCallBacks):
            promised(oak, make_record(council=oak.council), now)


class TestCallingBack:
    def test_is_a_contact_that_may_settle_the_matter(self, ash: Desk, priya: Record, now: datetime) -> None:
        made = promised(ash, priya, now)
        later = now + timedelta(hours=3, minutes=5)
        process.sweep(later)
        called(ash, made, "call", "reached", later, "She pays by card now.")
        outbound = Contact.objects.get(direction="out")
        assert (outbound.channel, outbound.outcome, outbound.resolved) == ("phone", "answered", True)
        assert (outbound.summary, outbound.address) == ("She pays by card now.", "+447700900982")
        assert outbound.by == ash.adviser.actor.name
        assert Case.objects.get(pk=made.case.id).ending == "reached"
        assert callbacks_open(ash.adviser, [priya.pk], later) == []
        assert [line.number for line in contacts_of(ash.adviser, [priya.pk])] == [
            outbound.pk,
            made.contact.pk,
        ]

    def test_is_tried_three_times_and_then_a_letter_goes_out(
        self, ash: Desk, priya: Record, now: datetime
    ) -> None:
        made = promised(ash, priya, now, hours=0)
        moment = now
        for step in ("call", "call_again", "last_call"):
            moment += timedelta(days=1)
            process.sweep(moment)
            assert open_steps(made) == [step]
            called(ash, made, step, "no-answer", moment)
        assert open_steps(made) == ["letter"]
        process.act(
            by=ash.adviser,
            case_id=made.case.id,
            step="letter",
            expected=None,
            now=moment,
            answers={},
            outcome="written",
            text="We tried to call.",
        )
        outbound = Contact.objects.filter(direction="out").order_by("pk")
        assert [(each.channel, each.outcome) for each in outbound] == [
            ("phone", "no-answer"),
            ("phone", "no-answer"),
            ("phone", "no-answer"),
            ("letter", "answered"),
        ]
        assert Case.objects.get(pk=made.case.id).ending == "written"
