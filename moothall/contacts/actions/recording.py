"""Recording a conversation, and saying what came of it. The journal names outcomes, never what was said."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from moothall.contacts import rules
from moothall.contacts.errors import ContactRefused
from moothall.contacts.models import Channel, Contact
from moothall.contacts.permissions import Can
from moothall.contacts.queries.seeing import contact_to_change
from moothall.councils import gate
from moothall.councils.rules import Viewer
from moothall.journal import actions as journal
from moothall.persons.actions.holding import own_record
from moothall.persons.models import Record
from moothall.persons.queries.records import record_seen
from moothall.process import circles
from moothall.process.models import Case
from moothall.process.permissions import Can as ProcessCan

_SOURCE = "contact"


@transaction.atomic
def record_contact(
    *,
    by: Viewer,
    council_id: int,
    channel: str,
    direction: str,
    at: datetime,
    outcome: str,
    submission: str,
    now: datetime,
    record_id: int | None = None,
    case_id: int | None = None,
    address: str = "",
    given_name: str = "",
    about: str = "",
    summary: str = "",
    resolved: bool | None = None,
    avoidable: str = "",
    seconds: int | None = None,
    message_id: int | None = None,
) -> Contact:
    """Record one conversation of a council; the same `submission` twice is one contact.

    It hangs on the council's own record of the person: if the record given is another council's, seen under an
    agreement, the council's own is found or added. Without a record, it is that of whom its case is about. Refuses a
    time to come, and a case of another council.
    """
    gate.allow(by, Can.RECORD, council_id)
    _check_time(at, now)
    case = case_for(by, council_id, case_id)
    return keep(
        by=by,
        council_id=council_id,
        submission=f"{council_id}:{submission}",
        now=now,
        record=record_for(by, council_id, record_id, now),
        case=case,
        message_id=message_id,
        channel=Channel(channel),
        direction=Contact.Direction(direction),
        at=at,
        seconds=seconds,
        address=address,
        given_name=given_name,
        about=about or (case.process if case else ""),
        summary=summary,
        outcome=Contact.Outcome(outcome),
        resolved=resolved,
        avoidable=Contact.Avoidable(avoidable) if avoidable else "",
    )


def on_case(
    *,
    by: Viewer,
    case_id: int,
    channel: str,
    outcome: str,
    submission: str,
    now: datetime,
    direction: str = "in",
    **more: Any,
) -> Contact:
    """Record a conversation on a case, for a room that has asked its own gate about it.

    Whose it is follows from the case, whoever that is put to later. `more` are further fields of the contact:
    `address`, `given_name`, `summary`, `message_id`, `resolved`.
    """
    case = Case.objects.get(pk=case_id)
    return keep(
        by=by,
        council_id=case.council_id,
        submission=submission,
        now=now,
        record=None,
        case=case,
        channel=Channel(channel),
        direction=Contact.Direction(direction),
        at=now,
        about=case.process,
        outcome=Contact.Outcome(outcome),
        **more,
    )


def keep(
    *,
    by: Viewer,
    council_id: int,
    submission: str,
    now: datetime,
    record: Record | None,
    case: Case | None,
    **facts: Any,
) -> Contact:
    """Write a contact and the journal of it, for actions that have asked the gate; a submission is kept once."""
    kept: Contact
    kept, is_new = Contact.objects.get_or_create(
        submission=submission[:80],
        defaults={
            **tidied(facts),
            "council_id": council_id,
            "record": record,
            "case": case,
            "staff_id": by.staff_id,
            "by": by.actor.name[:150],
            "created_at": now,
        },
    )
    if is_new:
        write(
            by,
            "contact.recorded",
            kept,
            now,
            channel=kept.channel,
            direction=kept.direction,
            outcome=kept.outcome,
        )
    return kept


def tidied(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is known of a conversation as it is kept: compared addresses, texts of no more than their length."""
    found = dict(facts)
    found["address"] = rules.compared(str(facts.get("address") or ""))
    for name, longest in (("given_name", 150), ("about", 60), ("summary", rules.KEPT_LENGTH)):
        found[name] = str(facts.get(name) or "").replace("\0", "").strip()[:longest]
    return found


@transaction.atomic
def mark_avoidable(*, by: Viewer, contact_id: int, reason: str, now: datetime) -> Contact:
    """Say that good service would have made a contact needless, and why; an empty reason takes it back."""
    contact = contact_to_change(by, contact_id, Can.RECORD)
    wanted = Contact.Avoidable(reason) if reason else ""
    if contact.avoidable != wanted:
        former, contact.avoidable = contact.avoidable, wanted
        contact.save(update_fields=["avoidable"])
        write(by, "contact.marked", contact, now, avoidable=str(wanted), former=former)
    return contact


@transaction.atomic
def settle(*, by: Viewer, contact_id: int, resolved: bool | None, outcome: str, now: datetime) -> Contact:
    """Say what came of a contact, and whether that settled it; None takes back what was said of it."""
    contact = contact_to_change(by, contact_id, Can.RECORD)
    contact.resolved, contact.outcome = resolved, Contact.Outcome(outcome or contact.outcome)
    if contact.outcome != Contact.Outcome.SET_ASIDE:
        contact.aside = ""
    contact.save(update_fields=["resolved", "outcome", "aside"])
    write(by, "contact.settled", contact, now, outcome=contact.outcome, resolved=resolved)
    return contact


def record_for(by: Viewer, council_id: int, record_id: int | None, now: datetime) -> Record | None:
    """Return the council's own record of the person of a record that the viewer sees; None for nobody."""
    if record_id is None:
        return None
    record = record_seen(by, record_id)
    if record.council_id == council_id:
        return record
    return own_record(by=by, council_id=council_id, record_id=record_id, source=_SOURCE, now=now)


def case_for(by: Viewer, council_id: int, case_id: int | None) -> Case | None:
    """Return a case of the council that is wholly there for the viewer; None where none is meant."""
    if case_id is None:
        return None
    rows = gate.narrow(by, ProcessCan.SEE, Case.objects.filter(pk=case_id, council_id=council_id))
    case: Case | None = circles.narrow(by, rows).first()
    if case is None:
        why = "There is no such case at this council. Check the reference."
        raise ContactRefused({"case": [why]}, why=why)
    return case


def write(by: Viewer, what: str, contact: Contact, now: datetime, **facts: object) -> None:
    """Write down what happened to a contact: whose it is by number, and nothing that was said."""
    journal.write(
        by=by.actor,
        what=what,
        about=f"contact:{contact.pk}",
        council_id=contact.council_id,
        now=now,
        facts={"record": contact.record_id, "case": contact.case_id, **facts},
    )


def _check_time(at: datetime, now: datetime) -> None:
    if at > now + rules.AHEAD:
        why = "A contact must have happened already. Promise a call-back for what is to come."
        raise ContactRefused({"at": [why]}, why=why)
    if at < now - rules.EARLIEST:
        why = "This is more than a year ago. Check the day."
        raise ContactRefused({"at": [why]}, why=why)
