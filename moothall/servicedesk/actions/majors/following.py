"""A major incident follows its case: whoever does a step there, from its room or elsewhere, the room knows of it."""

from datetime import datetime

from django.utils import timezone

from moothall.councils import scope
from moothall.councils.models import Council
from moothall.councils.queries import viewer_for
from moothall.councils.rules import Viewer
from moothall.identity.models import User
from moothall.plain.errors import HouseError
from moothall.process.engine.state import CaseState
from moothall.process.hooks import Change
from moothall.servicedesk.actions import joining, waves, working
from moothall.servicedesk.actions.calls import log_call
from moothall.servicedesk.actions.majors import keeping
from moothall.servicedesk.actions.majors.keeping import HOUSE, keep_line
from moothall.servicedesk.actions.outages import end_outages
from moothall.servicedesk.models import Call, LessonAction, Major, RoomEntry
from moothall.servicedesk.models.calls import Kind
from moothall.servicedesk.rules import majors as rules
from moothall.servicedesk.rules import reviewing

_WHY = "a major incident is one for all the councils that it hits"
_REPORTED = {
    "summary": "what_happened",
    "cause": "cause",
    "cause_owner": "cause_owner",
    "root_cause": "root_cause",
    "went_well": "went_well",
    "lessons": "lessons",
}


def follow_major(change: Change) -> None:
    """Bring a major incident up to date with its case, in the same transaction."""
    if change.case.definition.key != rules.PROCESS:
        return
    with scope.everything(_WHY):
        major = Major.objects.select_related("call", "case").filter(case_id=change.case.id).first()
        if major is None:
            return
        before = major.state
        major.state = Major.State(standing(change.case))
        for each in change.happened:
            if each.kind == "done":
                _step_done(major, each.step, each.outcome, str(each.body.get("text", "")), change)
        if major.state != before or change.happened:
            _read_clock(major, change.case)
            major.save()


def standing(case: CaseState) -> str:
    """Return how a major incident stands, by its case."""
    steps = {key: rules.Step(run.state, run.outcome) for key, run in case.steps.items()}
    return rules.standing_of(steps, ending=case.ending if case.status == "closed" else "")


def _read_clock(major: Major, case: CaseState) -> None:
    """Keep by when the report is due, as its clock has it."""
    clock = case.clocks.get("report")
    if clock is not None and clock.state in {"running", "paused"}:
        major.report_due_at = clock.due_at


def _step_done(major: Major, step: str, outcome: str, text: str, change: Change) -> None:
    who, now = change.by.name, change.now
    if outcome == "stood-down":
        _stood_down(major, text, who, now)
    elif outcome == "again":
        major.restored_at = None
        keep_line(major, f"Opened again. {text}".strip(), by=who, at=now, now=now)
    elif step == "lead":
        major.bridge = str(change.case.data.get("bridge") or major.bridge)[:200]
        text = f"{who} leads it." + (f" The bridge: {major.bridge}" if major.bridge else "")
        keep_line(major, text, by=who, at=now, now=now, kind=RoomEntry.Kind.DECISION)
    elif step == "restore":
        _restored(major, change)
    elif step == "report":
        _reported(major, change)
    elif step == "review":
        _reviewed(major, outcome, text, change)


def _stood_down(major: Major, why: str, who: str, now: datetime) -> None:
    keep_line(major, f"Stood down. {why}".strip(), by=who, at=now, now=now, kind=RoomEntry.Kind.DECISION)
    keeping.record(Viewer.system(), "major_stood_down", major, now)


def _restored(major: Major, change: Change) -> None:
    """End what was away, resolve the call by which it came, and in a moment those under it."""
    at = major.restored_at or change.now
    fix = str(change.case.data.get("fix") or "")
    major.restored_at = at
    Major.objects.filter(pk=major.pk).update(restored_at=at, state=major.state)
    keep_line(major, f"The service is back. {fix}".strip(), by=change.by.name, at=at, now=change.now)
    end_outages(by=Viewer.system(), major_id=major.pk, at=at, now=change.now)
    _resolve(major, change, fix)
    keeping.record(Viewer.system(), "major_restored", major, change.now)
    keeping.write_to(
        major,
        [major.manager.user.email]
        if major.manager
        else keeping.addresses_of("major-incident", major.council_id),
        subject=f"Major incident {major.case.reference}: the report is due",
        body=f"{major.title}\n\nThe service is back. Write the report, with actions that keep it from happening"
        f" again:\n{keeping.address_of(major, 'report/')}",
        key=f"report:{change.seq}",
        now=change.now,
    )


def _resolve(major: Major, change: Change, fix: str) -> None:
    """Resolve the P1 as whoever restored the service, or as the house where they may not work on calls."""
    by = _acting(change)
    call = Call.objects.get(pk=major.call_id)
    if call.open:
        for viewer in (by, Viewer.system()):
            try:
                working.resolve(by=viewer, call_id=call.pk, fix=fix, expected=None, now=change.now)
                break
            except HouseError:
                continue
    waves.follow(by=by, parent=call, fix=fix, now=change.now)


def _acting(change: Change) -> Viewer:
    user = User.objects.filter(pk=change.by.user_id).first() if change.by.user_id else None
    viewer = viewer_for(user, today=timezone.localdate(change.now)) if user else Viewer.system()
    return viewer if viewer.is_staff else Viewer.system()


def _reported(major: Major, change: Change) -> None:
    """Keep what the report says, and from when on it is in review."""
    data = change.case.data
    report = reviewing.Report(**{key: str(data.get(field) or "") for key, field in _REPORTED.items()})
    actions = LessonAction.objects.filter(major=major).count()
    reviewing.check_report(report, actions=actions)
    for key in _REPORTED:
        setattr(major, key, getattr(report, key))
    major.reported_at = major.reported_at or change.now
    keep_line(
        major,
        "The report went to review.",
        by=change.by.name,
        at=change.now,
        now=change.now,
        kind=RoomEntry.Kind.ACTION,
    )
    keeping.record(Viewer.system(), "major_reported", major, change.now, actions=actions)


def _reviewed(major: Major, outcome: str, text: str, change: Change) -> None:
    if outcome != "approved":
        words = f"The report was sent back. {text}".strip()
        keep_line(major, words, by=HOUSE, at=change.now, now=change.now, kind=RoomEntry.Kind.DECISION)
        keeping.record(Viewer.system(), "major_report_rejected", major, change.now)
        return
    major.approved_at = change.now
    words = "Every council approved the report."
    keep_line(major, words, by=HOUSE, at=change.now, now=change.now, kind=RoomEntry.Kind.DECISION)
    keeping.record(Viewer.system(), "major_report_approved", major, change.now)
    _to_problem(major, change.now)


def _to_problem(major: Major, now: datetime) -> None:
    """Open a problem with what the report has found, unless the call has one."""
    call = Call.objects.get(pk=major.call_id)
    if call.problem_id is not None:
        return
    answers = {"summary": major.title, "detail": major.root_cause[:4000], "priority": "P2"}
    problem = log_call(
        by=Viewer.system(),
        council=Council.objects.get(pk=major.council_id),
        kind=Kind.PROBLEM,
        answers=answers,
        now=now,
        submission=f"major:{major.pk}:problem",
        channel="monitoring",
        automatic=True,
        item_id=major.cause_item_id or major.item_id,
    )
    joining.to_problem(by=Viewer.system(), call_id=call.pk, problem_id=problem.pk, now=now)
    keep_line(major, f"{problem.reference} was opened to remove the cause.", by=HOUSE, at=now, now=now)


def call_resolved(call: Call, now: datetime) -> None:
    """Hear that the call of a major incident was resolved by itself: whoever leads it must know."""
    if call.priority != rules.P1:
        return
    with scope.everything(_WHY):
        for major in Major.objects.filter(call_id=call.pk, state=Major.State.OPEN):
            text = f"{call.reference} was resolved. Say here whether the service is back for all."
            keep_line(major, text, by=HOUSE, at=now, now=now)
