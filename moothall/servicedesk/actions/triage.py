"""Deciding about what was seen changing and belongs to no approved change: each in words, and never by who did it."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from moothall.councils import gate
from moothall.councils.models import Council, Team
from moothall.councils.rules import Viewer
from moothall.journal import actions as journal
from moothall.look import dates
from moothall.servicedesk.actions.calls import log_call
from moothall.servicedesk.actions.changes import Asked, raise_change
from moothall.servicedesk.actions.observing import Counted, observe
from moothall.servicedesk.actions.routing_to import send_to
from moothall.servicedesk.errors.changes import ChangeRefused, LookedAt
from moothall.servicedesk.models import Call, Change, Observed
from moothall.servicedesk.models.calls import Channel, Kind
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries.changes import change_seen
from moothall.servicedesk.queries.observing import observed_one
from moothall.servicedesk.rules import observing as rules

_WHY = 300
_SUMMARY = 150


@transaction.atomic
def belongs_to(*, by: Viewer, observed_id: int, reference: str, why: str, now: datetime) -> Observed:
    """Say that something seen belongs to a change that was approved, and why it was not found by itself."""
    seen = _to_decide(by, observed_id)
    change = change_seen(by, reference)
    if change.decided_at is None or change.state in {Change.State.REJECTED, Change.State.WITHDRAWN}:
        raise _refused("reference", "That change was not approved, so nothing could be made by it.")
    return _decided(by, seen, Observed.Verdict.MATCHED, why, now, change)


@transaction.atomic
def nothing_changed(*, by: Viewer, observed_id: int, why: str, now: datetime) -> Observed:
    """Say that what was seen changes no service: a backup that ran, a label."""
    return _decided(by, _to_decide(by, observed_id), Observed.Verdict.HARMLESS, why, now)


@transaction.atomic
def unauthorised(*, by: Viewer, observed_id: int, why: str, now: datetime) -> tuple[Observed, Call]:
    """Say that nobody approved it: whoever answers for the system gets a call, and the month's figures count it."""
    seen = _to_decide(by, observed_id)
    kept = _decided(by, seen, Observed.Verdict.UNAUTHORISED, why, now)
    name = seen.item.name if seen.item is not None else seen.item_name
    call = log_call(
        by=by,
        council=Council.objects.get(pk=seen.council_id),
        kind=Kind.INCIDENT,
        answers={
            "summary": f"Changed without approval: {name}"[:_SUMMARY],
            "detail": (
                f"{seen.what}\nSeen by {seen.source} on {dates.with_time(seen.at)}.\n"
                f"Done by: {seen.who or 'not known'}.\n{why.strip()}"
            ),
            "category": "security",
            "impact": "team",
            "urgency": "yes",
        },
        now=now,
        submission=f"observed:{seen.pk}",
        channel=Channel.MONITORING,
        item_id=seen.item_id,
        automatic=True,
    )
    _to_owner(call, seen, now)
    call.refresh_from_db()
    return kept, call


def _to_owner(call: Call, seen: Observed, now: datetime) -> None:
    """Send the call to the team that answers for the system, if it serves the council."""
    team_id = seen.item.team_id if seen.item is not None else None
    if team_id is not None and Team.objects.filter(pk=team_id, councils=seen.council_id).exists():
        send_to(call=call, team_id=team_id, person_id=None, why="They answer for this system.", now=now)


@transaction.atomic
def approve_afterwards(
    *, by: Viewer, observed_id: int, asked: Asked, why: str, now: datetime
) -> tuple[Observed, Change]:
    """Raise the change that should have been raised before: an emergency, made already, for the board to judge."""
    seen = _to_decide(by, observed_id)
    if seen.item is None:
        raise _refused(
            "items", "It is not known which system this is. Record the system in the estate first."
        )
    council = Council.objects.get(pk=seen.council_id)
    made = replace(asked, kind=Change.Type.EMERGENCY.value, retrospective=True)
    change = raise_change(by=by, council=council, asked=made, now=now, submission=f"observed:{seen.pk}")
    return _decided(by, seen, Observed.Verdict.RETROSPECTIVE, why, now, change), change


@transaction.atomic
def look_again(*, by: Viewer, observed_id: int, why: str, now: datetime) -> Observed:
    """Put back among those to be looked at what was decided wrongly. What followed from that stays."""
    seen = observed_one(by, observed_id)
    gate.allow(by, Can.TRIAGE_OBSERVED, seen)
    if seen.verdict == Observed.Verdict.WAITING:
        raise LookedAt
    return _decided(by, seen, Observed.Verdict.WAITING, why, now)


@transaction.atomic
def observe_file(*, by: Viewer, council_id: int, source: str, text: str, now: datetime) -> Counted:
    """Take in a CSV of what was seen; a file with a mistake is refused whole, with its lines."""
    gate.allow(by, Can.TRIAGE_OBSERVED, council_id)
    if not source.strip():
        raise _refused("source", "Enter where the file comes from, like NetBox.")
    read = rules.read_csv(text)
    if read.wrong:
        raise ChangeRefused({"file": list(read.wrong[:20])}, why=" ".join(read.wrong[:3]))
    counted = observe(council_id=council_id, source=source, rows=read.rows, now=now)
    journal.write(
        by=by.actor,
        what="servicedesk.observed_file",
        about=f"council:{council_id}",
        council_id=council_id,
        now=now,
        facts={"kept": counted.kept, "known": counted.known, "matched": counted.matched},
    )
    return counted


def _to_decide(by: Viewer, observed_id: int) -> Observed:
    seen = observed_one(by, observed_id)
    gate.allow(by, Can.TRIAGE_OBSERVED, seen)
    locked = Observed.objects.select_for_update().filter(pk=seen.pk, verdict=Observed.Verdict.WAITING)
    if not locked.exists():
        raise LookedAt
    return seen


def _decided(
    by: Viewer, seen: Observed, verdict: str, why: str, now: datetime, change: Change | None = None
) -> Observed:
    if not why.strip():
        raise _refused("why", "Say why, for whoever reads this later.")
    waits = verdict == Observed.Verdict.WAITING
    seen.verdict, seen.why, seen.change = verdict, why.strip()[:_WHY], change
    seen.decided_at, seen.decided_by = (None, "") if waits else (now, by.actor.name[:150])
    seen.save(update_fields=["verdict", "why", "change", "decided_at", "decided_by"])
    journal.write(
        by=by.actor,
        what="servicedesk.observed_decided",
        about=f"observed:{seen.pk}",
        council_id=seen.council_id,
        now=now,
        facts={"verdict": verdict, "change": change.pk if change else None},
    )
    return seen


def _refused(field: str, why: str) -> ChangeRefused:
    return ChangeRefused({field: [why]}, why=why)
