"""A P1 opens one major incident, whoever logs it; one that is less is stood down, and opened again if it comes back.

This is the house's own work: whoever reported the fault need not know that there are major incidents.
"""

from datetime import datetime

from django.utils import timezone

from moothall.councils import scope
from moothall.councils.models import Council, Staff
from moothall.councils.rules import Viewer
from moothall.estate.queries import used_by
from moothall.process import actions as process
from moothall.process import store
from moothall.process.engine.state import CaseState
from moothall.process.errors import NoSuchProcess
from moothall.process.hooks import Change
from moothall.servicedesk.actions import joining
from moothall.servicedesk.actions.majors import keeping
from moothall.servicedesk.actions.majors.keeping import HOUSE, keep_line
from moothall.servicedesk.actions.majors.pointing import point_to_earlier
from moothall.servicedesk.actions.outages import start_outage
from moothall.servicedesk.models import Call, CallOut, Major, Outage, RoomEntry
from moothall.servicedesk.models.calls import Kind
from moothall.servicedesk.queries import majors as queries
from moothall.servicedesk.rules import kinds
from moothall.servicedesk.rules import majors as rules

_INCIDENT = kinds.PROCESS[kinds.INCIDENT]
_WHY = "a P1 opens one major incident, whoever logs it"
_SEVERAL = "all-councils"


def follow_call(change: Change) -> None:
    """Watch incidents: one that is a P1 has a major incident, from the change on that makes it one."""
    case = change.case
    if case.definition.key != _INCIDENT or case.status != "open":
        return
    if kinds.priority_of(case.data.get("priority")) != rules.P1:
        return
    with scope.everything(_WHY):
        call = Call.objects.filter(case_id=case.id, kind=Kind.INCIDENT, open=True).first()
        if call is None:
            return
        major = settle(call, case, change.now)
        again = [each for each in change.happened if each.step == "confirm" and each.outcome == "not-fixed"]
        if major is not None and again:
            text = f"The user of {call.reference} says that it does not work: {again[0].body.get('text', '')}"
            keep_line(major, text.strip(": "), by=change.by.name, at=change.now, now=change.now)


def less_urgent(call: Call, before: int, now: datetime) -> None:
    """Hear that a call has another priority: what is no P1 any more is stood down."""
    if before != rules.P1 or call.priority == rules.P1:
        return
    with scope.everything(_WHY):
        major = Major.objects.filter(call_id=call.pk).first()
        if major is not None and rules.move(call.priority, major.state) == "stand-down":
            why = f"{call.reference} is P{call.priority} now."
            stand_down_case(Viewer.system(), major, why, now)


def settle(call: Call, case: CaseState, now: datetime) -> Major | None:
    """Do what the priority of a call asks for: open its major incident, once, or open it again."""
    major: Major | None = Major.objects.filter(call_id=call.pk).first()
    move = rules.move(rules.P1, major.state if major else "")
    if major is not None and move == "again":
        return begin_again(Viewer.system(), major, f"{call.reference} is a P1 again.", now)
    if move != "open":
        return major
    first = _first(call)
    if first is not None:
        return _join(call, first, now)
    return _open(call, case, now)


def _first(call: Call) -> Major | None:
    """Return the major incident that a call belongs to: that of the call it is under, or one of the same system.

    A call that stays under one that was restored opens none of its own: it is resolved with it in a moment.
    """
    rows = Major.objects.select_related("call", "case")
    over = rows.filter(call_id=call.parent_id).exclude(state=Major.State.STOOD_DOWN)
    found: Major | None = over.first() if call.parent_id is not None else None
    if found is not None or call.item_id is None:
        return found
    going_on = rows.filter(state=Major.State.OPEN, call__open=True)
    alike = going_on.filter(item_id=call.item_id, call__circle=call.circle)
    first: Major | None = alike.order_by("pk").first()
    return first


def _join(call: Call, first: Major, now: datetime) -> Major:
    """Put a call under the first of its kind; another council that is hit by it is hit from now on."""
    if first.state != Major.State.OPEN:
        return first
    if call.parent_id != first.call_id:
        joining.put_under(by=Viewer.system(), call_id=call.pk, parent_id=first.call_id, now=now)
        where = f" at {call.council.name}" if call.council_id != first.council_id else ""
        text = f"{call.reference}{where} is the same fault, and was put under {first.call.reference}."
        keep_line(first, text, by=HOUSE, at=call.logged_at, now=now)
    if first.item_id is not None:
        _away(first, call.council_id, call, now)
    return first


def _open(call: Call, case: CaseState, now: datetime) -> Major | None:
    title = "A private call" if call.circle else (call.headline or call.reference)
    council = Council.objects.get(pk=call.council_id)
    answers = {"summary": title, "call": call.reference, "system": call.item.name if call.item else None}
    try:
        begun = process.start_case(
            by=Viewer.system(), council=council, process=rules.PROCESS, now=now, answers=answers
        )
    except NoSuchProcess:  # a fault is logged all the same; `moothall doctor` names what is not published
        return None
    major: Major = Major.objects.create(
        council_id=call.council_id,
        call=call,
        case_id=begun.id,
        title=title[:200],
        item_id=call.item_id,
        opened_at=now,
    )
    process.link(by=Viewer.system(), case_id=begun.id, other=call.reference, kind="related", now=now)
    keep_line(major, f"{call.reference} was logged: {title}", by=HOUSE, at=call.logged_at, now=now)
    keeping.record(Viewer.system(), "major_opened", major, now, call=call.pk)
    if call.item_id is not None:
        _away(major, call.council_id, call, now)
        if case.data.get("impact") == _SEVERAL:
            for council_id in sorted(used_by([call.item_id], timezone.localdate(now))):
                _away(major, council_id, call, now)
    point_to_earlier(major, now)
    _call_in(major, now)
    return major


def _away(major: Major, council_id: int, call: Call, now: datetime) -> None:
    """Begin the outage of the system at a council, unless it is recorded as away there already."""
    assert major.item_id is not None
    known = Outage.objects.filter(council_id=council_id, item_id=major.item_id, ended_at=None, planned=False)
    if (already := known.filter(degraded=False).first()) is not None:
        if already.major_id is None:
            Outage.objects.filter(pk=already.pk).update(major_id=major.pk)
        return
    start_outage(
        by=Viewer.system(),
        council_id=council_id,
        item_id=major.item_id,
        started_at=min(call.logged_at, now),
        call_id=call.pk if call.council_id == council_id else None,
        major_id=major.pk,
        now=now,
    )


def _call_in(major: Major, now: datetime) -> None:
    """Call in whoever is on call for the teams that a major incident needs."""
    for each in queries.to_call(major, now):
        if each.on_call:
            call_in(major, each.staff, f"On call for {each.team.name}", HOUSE, now)


def call_in(major: Major, staff: Staff, role: str, by: str, now: datetime) -> CallOut:
    """Write to somebody that they are needed, and keep since when they know."""
    kept: CallOut = CallOut.objects.create(
        council_id=major.council_id,
        major=major,
        staff=staff,
        name=str(staff)[:150],
        role=role[:100],
        called_at=now,
        by=by[:150],
    )
    keep_line(major, f"{staff} was called ({role}).", by=by, at=now, now=now, kind=RoomEntry.Kind.CALL_OUT)
    bridge = f"The bridge: {major.bridge}\n\n" if major.bridge else ""
    keeping.write_to(
        major,
        [staff.user.email],
        subject=f"Major incident {major.case.reference}: you are needed",
        body=f"{major.title}\n\n{bridge}Say that you are on it, and see what is known:\n{keeping.address_of(major)}",
        key=f"called:{kept.pk}",
        now=now,
    )
    return kept


def stand_down_case(by: Viewer, major: Major, why: str, now: datetime) -> None:
    """Take the case of a major incident to where it is watched whether it comes back; `following` does the rest."""
    case = store.load(major.case_id)
    assert case is not None
    step = next(each.key for each in case.open_steps() if each.key in {"lead", "restore"})
    process.act(by=by, case_id=case.id, step=step, expected=None, now=now, outcome="stood-down", text=why)


def begin_again(by: Viewer, major: Major, why: str, now: datetime) -> Major:
    """Open a major incident again: its case goes back to who leads it, or it gets another if that has ended."""
    case = store.load(major.case_id)
    assert case is not None
    open_now = {each.key for each in case.open_steps()}
    step = next((key for key in ("stood_down", "report") if key in open_now), "")
    if step:
        process.act(by=by, case_id=case.id, step=step, expected=None, now=now, outcome="again", text=why)
    else:
        council = Council.objects.get(pk=major.council_id)
        answers = {"summary": major.title, "call": major.call.reference}
        begun = process.start_case(
            by=Viewer.system(), council=council, process=rules.PROCESS, now=now, answers=answers
        )
        Major.objects.filter(pk=major.pk).update(case_id=begun.id, state=Major.State.OPEN)
        process.link(by=Viewer.system(), case_id=begun.id, other=case.reference, kind="related", now=now)
        keep_line(major, f"Opened again. {why}", by=by.actor.name, at=now, now=now)
    keeping.record(by, "major_reopened", major, now)
    major.refresh_from_db()
    return major
