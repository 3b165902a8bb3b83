"""The change board: its seats, its meetings, what waits for it, and how long it takes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q

from moothall.councils import gate
from moothall.councils.models import Council, Membership
from moothall.councils.rules import Viewer
from moothall.look import dates
from moothall.process.models import Step, Vote
from moothall.servicedesk.errors.changes import NoSuchMeeting
from moothall.servicedesk.models import AgendaItem, Change, Meeting, Seat
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries.changes import changes_there
from moothall.servicedesk.rules import board as rules
from moothall.servicedesk.rules.board import SeatHeld, Waiting

VOTES = ("board", "afterwards")
"""The steps in which seats vote."""
EMERGENCY = "ecab"
"""The step in which the people of the emergency board vote, each for themselves."""
ON_PAGE = (*VOTES, EMERGENCY)
FUNCTION = "cab"
_JOINT = "who sits on the joint board for a council that a change touches"
_BEGINS_BEFORE = timedelta(minutes=30)
_LASTS = timedelta(hours=12)
_MOST = 100
_BACK = timedelta(days=92)


def seats(on: date) -> dict[int, Seat]:
    """Return the seats of the board on a day, by council. Who sits on a joint board is no secret within it."""
    in_force = Q(since__lte=on) & (Q(until=None) | Q(until__gte=on))
    rows = Seat.unscoped(_JOINT).filter(in_force).select_related("council", "holder__user", "deputy__user")
    return {each.council_id: each for each in rows.order_by("since", "id")}


def held(seat: Seat) -> SeatHeld:
    """Return a seat as rules see it."""
    return SeatHeld(seat.council_id, seat.holder_id, seat.deputy_id, seat.away_from, seat.away_until)


def seats_of_board(viewer: Viewer, on: date) -> list[tuple[Council, Seat | None]]:
    """Return every council of the viewer's with its seat, or without one."""
    known = seats(on)
    rows = Council.objects.filter(id__in=sorted(gate.councils(viewer, Can.SEE_CHANGES))).order_by("name")
    return [(each, known.get(each.pk)) for each in rows]


def members(council_id: int) -> list[tuple[int, str]]:
    """Return who may hold a seat of a council: its staff in a team that sits as the board for it."""
    rows = Membership.objects.filter(
        team__function=FUNCTION, team__councils=council_id, staff__council=council_id, staff__ended_on=None
    )
    return list(rows.order_by("staff__user__name").values_list("staff_id", "staff__user__name").distinct())


def waiting_for_board(viewer: Viewer, votes: Sequence[str] = VOTES) -> list[Change]:
    """Return the changes that wait for the board, the riskiest first: for its vote, or its approval afterwards."""
    cases = Step.objects.filter(key__in=votes, state=Step.State.OPEN, current=True).values("case_id")
    rows = {each.pk: each for each in changes_there(viewer).filter(call__case_id__in=cases)[:_MOST]}
    order = rules.agenda_of(
        Waiting(each.pk, each.impact * each.risk, each.risk, each.starts_at) for each in rows.values()
    )
    return [rows[each] for each in order]


def meetings(viewer: Viewer, now: datetime) -> tuple[Sequence[Meeting], Sequence[Meeting]]:
    """Return the meetings to come, the next first, and those that were, the last first."""
    gate.allow_anywhere(viewer, Can.SEE_CHANGES)
    rows = Meeting.objects.select_related("chair__user").exclude(state=Meeting.State.CANCELLED)
    to_come = rows.filter(state=Meeting.State.CALLED, at__gte=now - _LASTS).order_by("at")
    held_before = rows.filter(Q(state=Meeting.State.HELD) | Q(at__lt=now - _LASTS)).order_by("-at")
    return list(to_come[:20]), list(held_before[:20])


def meeting_seen(viewer: Viewer, number: int) -> Meeting:
    """Return one meeting; it belongs to no one council, and what is on its agenda does."""
    gate.allow_anywhere(viewer, Can.SEE_CHANGES)
    found = Meeting.objects.select_related("chair__user").filter(pk=number).first()
    if found is None:
        raise NoSuchMeeting
    return found


def agenda(viewer: Viewer, meeting: Meeting) -> list[AgendaItem]:
    """Return what is on the agenda of a meeting, as far as the viewer may see it."""
    rows = gate.narrow(viewer, Can.SEE_CHANGES, AgendaItem.objects.filter(meeting=meeting))
    rows = rows.filter(change__in=changes_there(viewer).values("id"))
    return list(rows.select_related("change__call__case", "change__council").order_by("order", "id"))


def present_at(change_id: int, now: datetime) -> list[int] | None:
    """Return who is at the meeting that has a change before it now; None if there is none, or nobody was noted."""
    rows = Meeting.objects.filter(
        agenda__in=AgendaItem.objects.filter(change_id=change_id),
        state=Meeting.State.CALLED,
        at__lte=now + _BEGINS_BEFORE,
        at__gte=now - _LASTS,
    )
    meeting = rows.order_by("-at").first()
    if meeting is None:
        return None
    return list(meeting.present.values_list("id", flat=True)) or None


@dataclass(frozen=True, slots=True)
class VoteCast:
    """One vote as it is read: in which step, for which council, by whom, whether as a deputy of a seat."""

    step: str
    council: str
    name: str
    choice: str
    text: str
    at: datetime
    deputy: bool


def votes_of(changes: Iterable[Change], steps: Sequence[str] = VOTES) -> Mapping[int, Sequence[VoteCast]]:
    """Return the votes of the board on changes that the viewer has been shown, by change; deputies are marked."""
    cases = {each.call.case_id: each.pk for each in changes}
    rows = (
        Vote.objects.filter(step__case_id__in=list(cases), step__key__in=steps, step__current=True)
        .select_related("step", "staff__user", "staff__council")
        .order_by("at", "id")
    )
    all_seats = list(Seat.unscoped(_JOINT).filter(council_id__in=[each.staff.council_id for each in rows]))
    found: dict[int, list[VoteCast]] = {}
    for each in rows:
        on = each.at.astimezone(dates.LONDON).date()
        seat = next(
            (held(one) for one in all_seats if one.council_id == each.staff.council_id and _in(one, on)), None
        )
        found.setdefault(cases[each.step.case_id], []).append(
            VoteCast(
                each.step.key,
                each.staff.council.name,
                each.staff.user.name,
                each.choice,
                each.text,
                each.at,
                each.step.key in VOTES and rules.is_deputy(each.staff_id, seat),
            )
        )
    return found


def _in(seat: Seat, on: date) -> bool:
    return seat.since <= on and (seat.until is None or on <= seat.until)


def councils_touched(change: Change) -> list[Council]:
    """Return the councils that a change touches: those whose seats vote on it."""
    codes = change.call.case.data.get("councils") or ()
    return list(Council.objects.filter(code__in=codes).order_by("name"))


@dataclass(frozen=True, slots=True)
class LeadTime:
    """How long changes took from raised to decided: how many, and the median and longest in seconds."""

    number: int
    median: int
    longest: int


def lead_time(viewer: Viewer, now: datetime) -> LeadTime:
    """Return how long the board's changes of the last three months took from raised to decided."""
    rows = changes_there(viewer).filter(
        type=Change.Type.NORMAL, decided_at__isnull=False, decided_at__gte=now - _BACK, decided_at__lte=now
    )
    times = rows.values_list("call__logged_at", "decided_at")
    return LeadTime(*rules.lead_times((start, end) for start, end in times if end is not None))
