"""Actions that a report promised: added, done in words, dropped for a reason, and chased."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from moothall.councils import gate, scope
from moothall.councils.queries import calendar_of
from moothall.councils.rules import Viewer
from moothall.journal import actions as journal
from moothall.look import dates
from moothall.messages.actions import send_email
from moothall.messages.models import Message
from moothall.servicedesk.actions.majors import keeping
from moothall.servicedesk.errors.majors import NotNow, NotSaid
from moothall.servicedesk.models import LessonAction, Major
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries import lessons as queries
from moothall.servicedesk.queries import majors
from moothall.servicedesk.rules import lessons as rules
from moothall.servicedesk.rules.majors import check_reason
from moothall.servicedesk.rules.reviewing import week_of

AT_ONCE = 200


@transaction.atomic
def add_action(
    *, by: Viewer, major_id: int, text: str, owner_id: int, due_on: date, now: datetime
) -> LessonAction:
    """Promise an action, with whose it is and by when. It is counted at its owner's council, if that may see it."""
    major = majors.major_to_change(by, major_id, Can.LEAD_MAJORS)
    if major.state in {Major.State.CLOSED, Major.State.STOOD_DOWN}:
        raise NotNow(
            why="This major incident is closed. Raise a problem or a change for what is still to do."
        )
    words = rules.check_action(text, due_on, timezone.localdate(now))
    owner = next((each for each in queries.owners(major) if each.pk == owner_id), None)
    if owner is None:
        why = "Choose whose it is."
        raise NotSaid({"owner": [why]}, why=why)
    own = gate.may(by, Can.LEAD_MAJORS, owner.council_id)
    kept: LessonAction = LessonAction.objects.create(
        council_id=owner.council_id if own else major.council_id,
        major=major,
        text=words,
        owner=owner,
        due_on=due_on,
    )
    _record(by, "action_added", kept, now, owner=owner.pk, due=due_on.isoformat())
    return kept


@transaction.atomic
def finish_action(*, by: Viewer, action_id: int, text: str, now: datetime) -> LessonAction:
    """Say that an action was done, and what was done; its owner does, or whoever leads major incidents there."""
    action = _mine(by, action_id)
    words = check_reason(text, "Enter what was done.", key="text")
    return _close(by, action, "action_done", now, done_text=words)


@transaction.atomic
def drop_action(*, by: Viewer, action_id: int, why: str, now: datetime) -> LessonAction:
    """Say that an action is not done any more, and why."""
    action = _mine(by, action_id)
    words = check_reason(why, "Enter why it is not done.", key="text")
    return _close(by, action, "action_dropped", now, dropped_why=words)


def _mine(by: Viewer, action_id: int) -> LessonAction:
    LessonAction.objects.select_for_update(of=("self",)).filter(pk=action_id).first()
    action = queries.action_seen(by, action_id)
    owns = by.staff_id is not None and action.owner_id == by.staff_id
    if not owns and not gate.may(by, Can.LEAD_MAJORS, action.major.council_id):
        raise NotNow(why="This action is somebody else's: they close it, or whoever leads major incidents.")
    rules.check_open(is_done=action.done_at is not None)
    return action


def _close(by: Viewer, action: LessonAction, what: str, now: datetime, **said: str) -> LessonAction:
    action.done_at, action.done_by = now, by.actor.name[:150]
    for key, words in said.items():
        setattr(action, key, words)
    action.save(update_fields=["done_at", "done_by", *said])
    late = max(0, (timezone.localdate(now) - action.due_on).days)
    _record(by, what, action, now, days_late=late)
    return action


def _record(by: Viewer, what: str, action: LessonAction, now: datetime, **facts: object) -> None:
    journal.write(
        by=by.actor,
        what=f"servicedesk.{what}",
        about=f"action:{action.pk}",
        council_id=action.council_id,
        now=now,
        facts={"major": action.major_id, **facts},
    )


def chase_actions(now: datetime) -> int:
    """Write once a week to whoever has overdue actions, in the hours of their council: periodic work."""
    today = timezone.localdate(now)
    with scope.everything("overdue actions are chased at every council"):
        rows = LessonAction.objects.filter(done_at=None, due_on__lt=today)
        rows = rows.select_related("owner__user", "major__case").order_by("owner_id", "due_on", "pk")
        theirs: dict[int, list[LessonAction]] = {}
        for each in rows[:AT_ONCE]:
            theirs.setdefault(each.owner_id, []).append(each)
        return sum(_chase(actions, now) for actions in theirs.values())


@transaction.atomic
def _chase(actions: list[LessonAction], now: datetime) -> int:
    owner = actions[0].owner
    key = f"lessons:{owner.pk}:{week_of(timezone.localdate(now))}"
    if not calendar_of(owner.council_id).is_open(now) or Message.objects.filter(key=key).exists():
        return 0
    lines = [
        f"- {each.text}\n  due {dates.in_words(each.due_on)}: {keeping.address_of(each.major, f'actions/{each.pk}/')}"
        for each in actions
    ]
    what = "An action is" if len(lines) == 1 else f"{len(lines)} actions are"
    send_email(
        council_id=owner.council_id,
        about=f"staff:{owner.pk}",
        to=owner.user.email,
        subject=f"{what} overdue",
        body="You promised these after a major incident. Say what was done, or why it is dropped:\n\n"
        + "\n".join(lines),
        key=key,
        now=now,
    )
    return 1
