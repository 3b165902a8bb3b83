"""What follows from what people ask for under data protection law: requests, restriction, rectification."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from moothall.councils.queries import calendar_of
from moothall.councils.rules import Viewer
from moothall.persons.actions.casework import keep_person
from moothall.persons.actions.records import put_in_place, write
from moothall.persons.errors import FactGone, NotRestricted, SayGround
from moothall.persons.models import CasePerson, Fact, Record
from moothall.persons.permissions import Can
from moothall.persons.queries.exporting import Export, export
from moothall.persons.queries.records import record_held, record_seen
from moothall.persons.queries.rights import Recipient, recipients
from moothall.persons.rules.facts import NewFact
from moothall.persons.rules.rights import PROCESS, RESTRICTING, RIGHTS, answer_by
from moothall.process.actions.starting import start
from moothall.process.engine.state import CaseState

_WHY = 500


@transaction.atomic
def ask(
    *, by: Viewer, record_id: int, right: str, wording: str, how: str, came_on: date, now: datetime
) -> CaseState:
    """Record that somebody asks for something under data protection law, as a case with its clock.

    `came_on` is the day on which it came, from which the month counts; `how` is the channel.
    """
    record = record_held(by, record_id, Can.EXERCISE)
    if right not in RIGHTS:
        said = "Choose what they ask for."
        raise SayGround({"right": [said]}, reason=said)
    calendar = calendar_of(record.council_id)
    last = answer_by(came_on, closed=lambda day: calendar.why_closed(day).startswith("bank holiday"))
    case = start(
        by=by,
        council=record.council,
        process=PROCESS,
        answers={
            "person": record.person.reference,
            "right": right,
            "wording": wording or None,
            "how": how,
            "came_on": came_on.isoformat(),
            "answer_by": last.isoformat(),
        },
        now=now,
    )
    keep_person(
        by=by,
        case_id=case.id,
        council_id=record.council_id,
        record_id=record.pk,
        how=CasePerson.How.CHOSEN,
        now=now,
    )
    write(by, "person.right_asked", record, now, right=right, case=case.id)
    return case


@transaction.atomic
def restrict(*, by: Viewer, record_id: int, ground: str, why: str, now: datetime) -> Record:
    """Restrict the use of a record: it may be kept and read, and not changed or matched (UK GDPR article 18)."""
    record = record_held(by, record_id, Can.EXERCISE)
    if ground not in RESTRICTING:
        said = "Choose the ground for the restriction."
        raise SayGround({"ground": [said]}, reason=said)
    if record.restricted_at is not None:
        raise NotRestricted
    words = why.replace("\x00", "").strip()
    record.restricted_at = now
    record.restricted_why = (words or f"{RESTRICTING[ground]}.")[:_WHY]
    record.save(update_fields=["restricted_at", "restricted_why"])
    write(by, "person.restricted", record, now, ground=ground)
    return record


@transaction.atomic
def end_restriction(*, by: Viewer, record_id: int, now: datetime) -> Record:
    """End a restriction. Tell the person before: article 18(3)."""
    record = record_held(by, record_id, Can.EXERCISE)
    if record.restricted_at is None:
        raise NotRestricted
    record.restricted_at, record.restricted_why = None, ""
    record.save(update_fields=["restricted_at", "restricted_why"])
    write(by, "person.restriction_ended", record, now)
    return record


@dataclass(frozen=True, slots=True)
class Rectified:
    """The value that is right, and whom to tell that the former one was wrong."""

    fact: Fact
    recipients: Sequence[Recipient]


@transaction.atomic
def rectify(*, by: Viewer, record_id: int, fact_id: int, fact: NewFact, why: str, now: datetime) -> Rectified:
    """Put a value right that the person says is wrong, also on a restricted record (UK GDPR articles 16 and 19).

    The former value stays in the history, as one that was wrong. Returned is who looked at the record while it held it.
    """
    record = record_held(by, record_id, Can.EXERCISE)
    wrong = Fact.objects.filter(pk=fact_id, record=record, ended_at=None).first()
    if wrong is None:
        raise FactGone
    put = put_in_place(  # also on a restricted record: this very change is what the restriction waits for
        by=by,
        record=record,
        fact_id=fact_id,
        fact=fact,
        why=why or "It was wrong, as the person told us.",
        source="rectification",
        now=now,
    )
    wrong.refresh_from_db()
    told = recipients(by, record, wrong)
    write(by, "person.rectified", record, now, fact=put.pk, former=fact_id, kind=put.kind, looked=len(told))
    return Rectified(put, told)


@transaction.atomic
def give_copy(*, by: Viewer, record_id: int, now: datetime) -> Export:
    """Return everything that a council holds about a person, and write down that a copy was made (article 15)."""
    found = export(by, record_id, now)
    record = record_seen(by, record_id, Can.EXERCISE)
    counts = {section.title: len(section.rows) for section in found.sections}
    write(by, "person.exported", record, now, counts=counts)
    return found
