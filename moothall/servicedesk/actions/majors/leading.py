"""Leading a major incident: who does, what is written down as it happens, who is called, and when it is over."""

from datetime import datetime

from django.db import transaction

from moothall.councils import gate
from moothall.councils.models import Staff
from moothall.councils.rules import Viewer
from moothall.process import actions as process
from moothall.process import store
from moothall.process.engine.state import CaseState
from moothall.servicedesk.actions.majors import keeping, opening
from moothall.servicedesk.actions.majors.keeping import keep_line
from moothall.servicedesk.errors.majors import NotNow, NotSaid
from moothall.servicedesk.models import CallOut, Major, RoomEntry
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries import majors as queries
from moothall.servicedesk.rules import majors as rules

BY_HAND = (RoomEntry.Kind.FACT, RoomEntry.Kind.ACTION, RoomEntry.Kind.DECISION)
_CLOSED = (Major.State.CLOSED, Major.State.STOOD_DOWN)


@transaction.atomic
def lead_major(
    *, by: Viewer, major_id: int, manager_id: int | None, bridge: str, every_minutes: int, now: datetime
) -> Major:
    """Say who leads a major incident, where they meet, and how often users are told; the first time takes the lead.

    Without a manager, whoever says it leads it, if they are one of those who may.
    """
    major = queries.major_to_change(by, major_id, Can.LEAD_MAJORS)
    rules.check_going_on(major.state, "change who leads it")
    able = {each.pk: each for each in queries.managers(major)}
    chosen = able.get(manager_id or by.staff_id or 0)
    if chosen is None:
        why = "Choose somebody of the major incident team."
        raise NotSaid({"manager": [why]}, why=why)
    if every_minutes not in rules.EVERY:
        why = "Choose how often users are told."
        raise NotSaid({"every_minutes": [why]}, why=why)
    before = (major.manager_id, major.bridge)
    major.manager, major.every_minutes = chosen, every_minutes
    major.bridge = " ".join(bridge.split())[:200]
    major.save(update_fields=["manager", "every_minutes", "bridge"])
    case = _case(major)
    if any(run.key == "lead" for run in case.open_steps()):
        answers = {"bridge": major.bridge} if major.bridge else {}
        process.act(
            by=by, case_id=case.id, step="lead", expected=None, now=now, answers=answers, outcome="leading"
        )
    elif before != (major.manager_id, major.bridge):
        where = f" The bridge: {major.bridge}" if major.bridge else ""
        text = f"{chosen} leads it.{where}"
        keep_line(major, text, by=by.actor.name, at=now, now=now, kind=RoomEntry.Kind.DECISION)
    keeping.record(by, "major_led", major, now, manager=chosen.pk, every=every_minutes)
    major.refresh_from_db()
    return major


@transaction.atomic
def write_line(
    *, by: Viewer, major_id: int, kind: str, text: str, now: datetime, at: datetime | None = None
) -> RoomEntry:
    """Write down what happened, what was done or decided, and when; while it is going on, and until it is closed.

    Whoever works on calls at its council may write: those who mend it know first.
    """
    major = queries.major_to_change(by, major_id, Can.WORK)
    if major.state in _CLOSED:
        raise NotNow(why="This major incident is closed, so nothing is added to its timeline.")
    if kind not in BY_HAND:
        raise NotSaid({"kind": [_KIND]}, why=_KIND)
    words = rules.check_line(text, at or now, now)
    kept = keep_line(major, words, by=by.actor.name, at=at or now, now=now, kind=kind)
    keeping.record(by, "major_line_written", major, now, line=kept.pk, kind=kind)
    return kept


_KIND = "Choose what kind of line it is."


@transaction.atomic
def correct_line(
    *, by: Viewer, major_id: int, line_id: int, text: str, now: datetime, at: datetime | None = None
) -> RoomEntry:
    """Put a line right by another one; what was written first stays under it. Refuses a line that was put right."""
    major = queries.major_to_change(by, major_id, Can.WORK)
    if major.state in _CLOSED:
        raise NotNow(why="This major incident is closed, so its timeline stays as it is.")
    line = RoomEntry.objects.filter(major=major, pk=line_id).first()
    if line is None:
        raise NotSaid({"text": [_GONE]}, why=_GONE)
    if RoomEntry.objects.filter(corrects=line).exists():
        raise NotNow(why="Somebody has put this line right already.")
    words = rules.check_line(text, at or line.at, now)
    kept = keep_line(major, words, by=by.actor.name, at=at or line.at, now=now, kind=line.kind, corrects=line)
    keeping.record(by, "major_line_corrected", major, now, line=kept.pk, corrects=line.pk)
    return kept


_GONE = "That line is not in this timeline."


@transaction.atomic
def call_out(
    *, by: Viewer, major_id: int, now: datetime, staff_id: int | None = None, name: str = "", role: str = ""
) -> CallOut:
    """Call somebody in: a colleague, who is written to, or by name somebody who is called by phone."""
    major = queries.major_to_change(by, major_id, Can.LEAD_MAJORS)
    rules.check_going_on(major.state, "call anybody in")
    if staff_id is not None:
        known = {each.staff.pk: each for each in queries.to_call(major, now)}
        chosen = known.get(staff_id)
        if chosen is None:
            raise NotSaid({"staff": [_WHOM]}, why=_WHOM)
        said = role.strip() or (f"On call for {chosen.team.name}" if chosen.on_call else chosen.team.name)
        kept = opening.call_in(major, chosen.staff, said, by.actor.name, now)
    else:
        words = " ".join(name.split())
        if not words:
            raise NotSaid({"name": [_WHOM]}, why=_WHOM)
        kept = CallOut.objects.create(
            council_id=major.council_id,
            major=major,
            name=words[:150],
            role=role.strip()[:100],
            called_at=now,
            by=by.actor.name[:150],
        )
        text = f"{words} was called{f' ({role.strip()})' if role.strip() else ''}."
        keep_line(major, text, by=by.actor.name, at=now, now=now, kind=RoomEntry.Kind.CALL_OUT)
    keeping.record(by, "major_called_out", major, now, call_out=kept.pk)
    return kept


_WHOM = "Choose whom to call, or enter a name."


@transaction.atomic
def answered(*, by: Viewer, major_id: int, call_out_id: int, now: datetime) -> CallOut:
    """Say that somebody who was called has answered: they themselves, or whoever works on calls. Once is enough."""
    major = queries.major_to_change(by, major_id, Can.SEE_MAJORS)
    rows = CallOut.objects.select_for_update().filter(major=major, pk=call_out_id)
    found: CallOut | None = rows.first()
    if found is None:
        raise NotSaid({"call_out": [_GONE_CALL]}, why=_GONE_CALL)
    themselves = found.staff_id is not None and found.staff_id == by.staff_id
    if not themselves and not gate.may(by, Can.WORK, major.council_id):
        raise NotNow(why="They say themselves that they are on it, or whoever works on the call does.")
    if found.answered_at is None:
        found.answered_at = now
        found.save(update_fields=["answered_at"])
        minutes = int((now - found.called_at).total_seconds() // 60)
        text = f"{found.name} answered after {minutes} minute{'s' * (minutes != 1)}."
        keep_line(major, text, by=by.actor.name, at=now, now=now, kind=RoomEntry.Kind.CALL_OUT)
        keeping.record(by, "major_call_answered", major, now, call_out=found.pk, minutes=minutes)
    return found


_GONE_CALL = "Nobody was called there."


@transaction.atomic
def restore_major(*, by: Viewer, major_id: int, fix: str, now: datetime, at: datetime | None = None) -> Major:
    """Say that the service is back, what restored it, and since when: outages end, the call is resolved.

    Whoever leads it, takes the lead by that if nobody had; calls under it are resolved in a moment.
    """
    major = queries.major_to_change(by, major_id, Can.LEAD_MAJORS)
    rules.check_going_on(major.state, "restore it")
    words = rules.check_line(fix, at or now, now, key="fix")
    if at is not None and at < major.call.logged_at:
        raise NotSaid({"at": [_BEFORE]}, why=_BEFORE)
    case = _led(by, major, now)
    Major.objects.filter(pk=major.pk).update(restored_at=min(at or now, now))
    process.act(
        by=by,
        case_id=case.id,
        step="restore",
        expected=None,
        now=now,
        answers={"fix": words},
        outcome="restored",
    )
    major.refresh_from_db()
    return major


_BEFORE = "It cannot have been back before it was reported."


@transaction.atomic
def stand_down(*, by: Viewer, major_id: int, why: str, now: datetime) -> Major:
    """Say that it is no major incident, and why; it is watched for a week in case it comes back."""
    major = queries.major_to_change(by, major_id, Can.LEAD_MAJORS)
    rules.check_going_on(major.state, "stand it down")
    words = rules.check_reason(why, "Say why it is no major incident.")
    opening.stand_down_case(by, major, words, now)
    major.refresh_from_db()
    return major


@transaction.atomic
def reopen_major(*, by: Viewer, major_id: int, why: str, now: datetime) -> Major:
    """Say that it is back after it was stood down or restored: it is led again, and its time goes on."""
    major = queries.major_to_change(by, major_id, Can.LEAD_MAJORS)
    if major.state not in {Major.State.STOOD_DOWN, Major.State.RESTORED}:
        raise NotNow(why="Only what was stood down, or has no report yet, is opened again. Log a new P1.")
    words = rules.check_reason(why, "Say how you know that it is back.")
    return opening.begin_again(by, major, words, now)


def _case(major: Major) -> CaseState:
    case = store.load(major.case_id)
    assert case is not None
    return case


def _led(by: Viewer, major: Major, now: datetime) -> CaseState:
    """Return the case of a major incident that somebody leads: whoever acts, if nobody has taken it."""
    case = _case(major)
    if not any(run.key == "lead" for run in case.open_steps()):
        return case
    if major.manager_id is None and by.staff_id is not None:
        Major.objects.filter(pk=major.pk).update(manager=Staff.objects.get(pk=by.staff_id))
    return process.act(by=by, case_id=case.id, step="lead", expected=None, now=now, outcome="leading")
