"""Promising somebody a call. The promise is a case of the engine: it waits until its time and nobody forgets it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from moothall.contacts import rules
from moothall.contacts.actions.recording import case_for, keep, record_for
from moothall.contacts.errors import ContactRefused, NoCallBacks
from moothall.contacts.models import Channel, Contact
from moothall.contacts.permissions import Can
from moothall.councils import gate
from moothall.councils.models import Council
from moothall.councils.rules import Viewer
from moothall.persons.actions.casework import keep_person
from moothall.persons.models import CasePerson, Record
from moothall.process import actions as process
from moothall.process import store
from moothall.process.engine.state import CaseState
from moothall.process.errors import NoSuchProcess
from moothall.process.models import Case

FURTHEST = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Promised:
    """A call that was promised: the case that waits for its time, and the contact in which it was said."""

    case: CaseState
    contact: Contact


@transaction.atomic
def promise(
    *,
    by: Viewer,
    council_id: int,
    record_id: int | None,
    phone: str,
    at: datetime,
    about: str,
    now: datetime,
    submission: str,
    given_name: str = "",
    case_id: int | None = None,
    channel: str = Channel.PHONE,
    service: str = "",
    avoidable: str = "",
    seconds: int | None = None,
) -> Promised:
    """Promise a call not before a time, and record the contact in which it was promised; sent twice, promised once.

    `case_id` is the case it is about: the two are linked. Refuses a number that cannot be dialled, a time that is past
    or more than 60 days away, and a council at which the process was never published.
    """
    gate.allow(by, Can.RECORD, council_id)
    key = f"{council_id}:{submission}"
    if already := _already(key):
        return already
    number = _dialled(phone, about, at, now)
    other = case_for(by, council_id, case_id)
    record = record_for(by, council_id, record_id, now)
    name = given_name.strip() or (record.name if record else "")
    case = _begin(by, council_id, number, name, at, about, now)
    if record is not None:
        _put(by, case, record, now)
    if other is not None:
        process.link(by=by, case_id=case.id, other=other.reference, kind="related", now=now)
    contact = keep(
        by=by,
        council_id=council_id,
        submission=key,
        now=now,
        record=record,
        case=Case.objects.get(pk=case.id),
        channel=Channel(channel),
        direction=Contact.Direction.IN,
        at=now,
        seconds=seconds,
        address=number,
        given_name=name,
        about=service or (other.process if other else ""),
        summary=about,
        outcome=Contact.Outcome.CALL_BACK,
        resolved=False,
        avoidable=Contact.Avoidable(avoidable) if avoidable else "",
    )
    return Promised(case, contact)


def _already(key: str) -> Promised | None:
    contact = Contact.objects.filter(submission=key[:80]).first()
    case = store.load(contact.case_id) if contact is not None and contact.case_id else None
    return Promised(case, contact) if contact is not None and case is not None else None


def _dialled(phone: str, about: str, at: datetime, now: datetime) -> str:
    """Return the number as it is dialled; refuses what would be a promise that nobody can keep."""
    number = rules.compared(phone)
    wrong: dict[str, list[str]] = {}
    if not rules.is_phone(number):
        wrong["phone"] = ["Enter a phone number, like 01632 960 001 or 07700 900 982."]
    if at < now - rules.AHEAD:
        wrong["call_at"] = ["The time of the call-back must be still to come."]
    if at > now + FURTHEST:
        wrong["call_at"] = ["A call-back can be promised for the next 60 days."]
    if not about.strip():
        wrong["summary"] = ["Enter what the call is about, for whoever makes it."]
    if wrong:
        raise ContactRefused(wrong, why=next(iter(wrong.values()))[0])
    return number


def _begin(  # noqa: PLR0917 - each is one thing that was said
    by: Viewer, council_id: int, number: str, name: str, at: datetime, about: str, now: datetime
) -> CaseState:
    try:
        return process.start_case(
            by=by,
            council=Council.objects.get(pk=council_id),
            process=rules.CALL_BACK,
            now=now,
            answers={
                "who": name or "Somebody who gave no name",
                "number": number,
                "about": about.strip()[:1000],
                "not_before": max(at, now).isoformat(),
                "promised_by": by.actor.name,
            },
            words=(name, number, rules.shown(number)),
        )
    except NoSuchProcess:
        raise NoCallBacks from None


def _put(by: Viewer, case: CaseState, record: Record, now: datetime) -> None:
    chosen = CasePerson.How.CHOSEN
    keep_person(by=by, case_id=case.id, council_id=case.council_id, record_id=record.pk, how=chosen, now=now)
