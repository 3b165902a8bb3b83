"""The change board: its seats, its meetings, and who may vote for a council."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Max

from moothall.councils import gate
from moothall.councils.models import Staff
from moothall.councils.rules import Viewer
from moothall.journal import actions as journal
from moothall.look import dates
from moothall.messages.actions import send_email
from moothall.process import actions as process
from moothall.process.engine.state import CaseState
from moothall.process.hooks import Change as CaseChange
from moothall.process.models import Step
from moothall.servicedesk.errors.changes import ChangeRefused, LookedAt, NotYourSeat
from moothall.servicedesk.models import AgendaItem, Change, Meeting, Seat
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries import board as queries
from moothall.servicedesk.queries.board import ON_PAGE, VOTES
from moothall.servicedesk.queries.changes import change_by_id
from moothall.servicedesk.rules import board as rules
from moothall.servicedesk.rules.changes import PROCESS


@transaction.atomic
def set_seat(
    *, by: Viewer, council_id: int, holder_id: int, deputy_id: int | None, since: date, now: datetime
) -> Seat:
    """Say who sits on the board for a council from a day on, and who stands in. Whoever sat before did until then."""
    gate.allow(by, Can.HOLD_BOARD, council_id)
    may = {number for number, _ in queries.members(council_id)}
    if holder_id not in may:
        raise _refused("holder", "Choose somebody of the council who is in the team of the change board.")
    if deputy_id is not None and deputy_id not in may:
        raise _refused("deputy", "Choose somebody of the council who is in the team of the change board.")
    if deputy_id == holder_id:
        raise _refused("deputy", "The deputy is somebody other than the holder.")
    rows = Seat.objects.select_for_update().filter(council_id=council_id)
    if rows.filter(since__gt=since).exists():
        raise _refused("since", "Somebody was given the seat from a later day on. Choose a later day.")
    rows.filter(since=since).delete()
    rows.filter(until=None).update(until=since - timedelta(days=1))
    seat: Seat = Seat.objects.create(
        council_id=council_id, holder_id=holder_id, deputy_id=deputy_id, since=since
    )
    _write(by, "servicedesk.seat_set", f"seat:{seat.pk}", council_id, now, holder=holder_id, deputy=deputy_id)
    return seat


@transaction.atomic
def holder_away(
    *, by: Viewer, council_id: int, away_from: date | None, away_until: date | None, now: datetime
) -> Seat:
    """Say between which days the holder of a seat is away, so that their deputy votes; None takes it back.

    Its holder and its deputy may say so, and whoever holds the board.
    """
    today = now.astimezone(dates.LONDON).date()
    seat: Seat | None = Seat.objects.select_for_update().filter(council_id=council_id, until=None).first()
    own = seat is not None and by.staff_id in {seat.holder_id, seat.deputy_id} - {None}
    if seat is None or not own:
        gate.allow(by, Can.HOLD_BOARD, council_id)
    if seat is None:
        raise _refused("council", "The council has no seat on the change board yet.")
    if away_from is not None and away_until is not None and away_until < max(away_from, today):
        raise _refused("until", "The last day must come after the first, and be still to come.")
    seat.away_from, seat.away_until = away_from, away_until if away_from is not None else None
    seat.save(update_fields=["away_from", "away_until"])
    _write(
        by,
        "servicedesk.seat_away",
        f"seat:{seat.pk}",
        council_id,
        now,
        since=str(away_from),
        until=str(away_until),
    )
    return seat


@transaction.atomic
def call_meeting(
    *, by: Viewer, at: datetime, place: str, now: datetime, chair_id: int | None = None
) -> Meeting:
    """Call the board together. Its agenda is filled with what waits for it, and every seat is written to."""
    gate.allow_anywhere(by, Can.HOLD_BOARD)
    if at <= now:
        raise _refused("at", "The meeting must be still to come.")
    if chair_id is not None and not Staff.objects.filter(pk=chair_id, ended_on=None).exists():
        raise _refused("chair", "Choose somebody of the staff.")
    meeting = Meeting.objects.create(
        at=at, place=place.strip()[:200], chair_id=chair_id, called_by=by.actor.name[:150]
    )
    _fill(by, meeting)
    _write(by, "servicedesk.meeting_called", f"meeting:{meeting.pk}", None, now, at=at.isoformat())
    _tell(by, meeting, "The change board meets", now)
    return meeting


@transaction.atomic
def fill_agenda(*, by: Viewer, meeting_id: int, now: datetime) -> int:
    """Put what waits for the board by now on the agenda of a meeting; return how many changes that were."""
    meeting = _to_change(by, meeting_id)
    number = _fill(by, meeting)
    if number:
        _write(by, "servicedesk.agenda_filled", f"meeting:{meeting.pk}", None, now, number=number)
    return number


def _fill(by: Viewer, meeting: Meeting) -> int:
    known = set(AgendaItem.objects.filter(meeting=meeting).values_list("change_id", flat=True))
    new = [each for each in queries.waiting_for_board(by) if each.pk not in known]
    last = AgendaItem.objects.filter(meeting=meeting).aggregate(last=Max("order"))["last"] or 0
    AgendaItem.objects.bulk_create(
        AgendaItem(council_id=each.council_id, meeting=meeting, change=each, order=last + number)
        for number, each in enumerate(new, 1)
    )
    return len(new)


@transaction.atomic
def take_off(*, by: Viewer, meeting_id: int, change_id: int, now: datetime) -> None:
    """Take a change off the agenda of a meeting that is still to come."""
    meeting, change = _to_change(by, meeting_id), change_by_id(by, change_id)
    gone, _ = AgendaItem.objects.filter(meeting=meeting, change=change).delete()
    if gone:
        _write(
            by,
            "servicedesk.agenda_taken_off",
            f"meeting:{meeting.pk}",
            change.council_id,
            now,
            change=change.pk,
        )


@transaction.atomic
def note_item(*, by: Viewer, meeting_id: int, change_id: int, note: str, now: datetime) -> AgendaItem:
    """Write what was said about a change at a meeting."""
    meeting, change = queries.meeting_seen(by, meeting_id), change_by_id(by, change_id)
    gate.allow(by, Can.HOLD_BOARD, change)
    item: AgendaItem | None = AgendaItem.objects.filter(meeting=meeting, change=change).first()
    if item is None:
        raise _refused("change", "This change is not on the agenda.")
    item.note = note.strip()[:4_000]
    item.save(update_fields=["note"])
    _write(by, "servicedesk.agenda_noted", f"meeting:{meeting.pk}", change.council_id, now, change=change.pk)
    return item


@transaction.atomic
def mark_present(*, by: Viewer, meeting_id: int, staff_ids: Iterable[int], now: datetime) -> Meeting:
    """Note who is at a meeting. Where the holder of a seat is not there and the deputy is, the deputy votes."""
    meeting = _to_change(by, meeting_id)
    meeting.present.set(Staff.objects.filter(pk__in=list(staff_ids)))
    number = meeting.present.count()
    _write(by, "servicedesk.meeting_attended", f"meeting:{meeting.pk}", None, now, number=number)
    return meeting


@transaction.atomic
def hold_meeting(*, by: Viewer, meeting_id: int, minutes: str, now: datetime) -> Meeting:
    """Close a meeting with its minutes; what was not decided waits for the next one."""
    meeting = _to_change(by, meeting_id)
    if not minutes.strip():
        raise _refused("minutes", "Write the minutes first.")
    if meeting.at > now:
        raise _refused("minutes", "The meeting has not begun yet.")
    meeting.minutes, meeting.state = minutes.strip()[:20_000], Meeting.State.HELD
    meeting.save(update_fields=["minutes", "state"])
    _write(by, "servicedesk.meeting_held", f"meeting:{meeting.pk}", None, now)
    return meeting


@transaction.atomic
def cancel_meeting(*, by: Viewer, meeting_id: int, now: datetime) -> Meeting:
    """Call a meeting off, and tell every seat."""
    meeting = _to_change(by, meeting_id)
    meeting.state = Meeting.State.CANCELLED
    meeting.save(update_fields=["state"])
    _write(by, "servicedesk.meeting_cancelled", f"meeting:{meeting.pk}", None, now)
    _tell(by, meeting, "The change board does not meet", now)
    return meeting


def _to_change(by: Viewer, meeting_id: int) -> Meeting:
    gate.allow_anywhere(by, Can.HOLD_BOARD)
    meeting = queries.meeting_seen(by, meeting_id)
    if meeting.state != Meeting.State.CALLED:
        raise LookedAt
    return meeting


def _tell(by: Viewer, meeting: Meeting, subject: str, now: datetime) -> None:
    """Write to holders and deputies: when, where, and what of theirs is on the agenda."""
    when = dates.with_time(meeting.at)
    items = queries.agenda(Viewer.system() if by.is_system else by, meeting)
    for council_id, seat in queries.seats(meeting.at.astimezone(dates.LONDON).date()).items():
        if not gate.may(by, Can.HOLD_BOARD, council_id):
            continue
        about = [
            each for each in items if seat.council.code in (each.change.call.case.data.get("councils") or ())
        ]
        lines = [f"- {each.change.call.reference}: {each.change.call.headline}" for each in about]
        body = "\n".join(
            [
                f"{subject} on {when}.",
                f"Where: {meeting.place or 'to be said'}.",
                "",
                f"For {seat.council.name}:",
            ]
            + (lines or ["- nothing so far"])
        )
        for staff in filter(None, (seat.holder, seat.deputy)):
            key = f"meeting:{meeting.pk}:{meeting.state}:{staff.pk}"
            send_email(
                council_id=council_id,
                about=f"meeting:{meeting.pk}",
                to=staff.user.email,
                subject=f"{subject}: {when}",
                body=body,
                key=key,
                now=now,
            )


def vote(
    *, by: Viewer, change_id: int, choice: str, text: str, expected: int | None, now: datetime
) -> CaseState:
    """Vote on a change: in the seat of one's council, or as one of the emergency board if it cannot wait."""
    change = change_by_id(by, change_id)
    steps = Step.objects.filter(case_id=change.call.case_id, key__in=ON_PAGE, state=Step.State.OPEN)
    step = steps.order_by("id").values_list("key", flat=True).first()
    if step is None:
        raise LookedAt
    return process.cast(
        by=by, case_id=change.call.case_id, step=step, expected=expected, choice=choice, text=text, now=now
    )


def only_seats_vote(happened: CaseChange) -> None:
    """Refuse a vote of the board by somebody who neither holds their council's seat nor may stand in for it now.

    The engine counts one vote for each council; whose vote that is, the board says. It holds on every page.
    """
    if happened.case.definition.key != PROCESS:
        return
    for each in happened.happened:
        if each.kind != "voted" or each.step not in VOTES or happened.by.user_id is None:
            continue
        staff = Staff.objects.get(user_id=happened.by.user_id)
        on = happened.now.astimezone(dates.LONDON).date()
        seat = queries.seats(on).get(staff.council_id)
        change = Change.objects.filter(call__case_id=happened.case.id).first()
        present = queries.present_at(change.pk, happened.now) if change is not None else None
        if why := rules.why_not(staff.pk, queries.held(seat) if seat else None, on, present):
            raise NotYourSeat(why=why)


def _write(by: Viewer, what: str, about: str, council_id: int | None, now: datetime, **facts: object) -> None:
    journal.write(by=by.actor, what=what, about=about, council_id=council_id, now=now, facts=facts)


def _refused(field: str, why: str) -> ChangeRefused:
    return ChangeRefused({field: [why]}, why=why)
