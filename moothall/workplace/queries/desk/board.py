"""What the pages of the board show: its seats, and a meeting with who must sit and how each vote stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from moothall.councils import gate
from moothall.councils.models import Council, Staff
from moothall.councils.rules import Viewer
from moothall.look import dates
from moothall.process.engine.state import CaseState
from moothall.servicedesk.models import AgendaItem, Change, Meeting, Seat
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries import board as queries
from moothall.servicedesk.queries.board import EMERGENCY, ON_PAGE, VOTES, VoteCast
from moothall.servicedesk.rules import board as rules
from moothall.workplace.queries import ballots
from moothall.workplace.queries.ballots import Ballot


@dataclass(frozen=True, slots=True)
class SeatRow:
    """A council's seat, and whether the viewer may say who sits there or that its holder is away."""

    council: Council
    seat: Seat | None
    may_set: bool
    may_leave: bool
    away: bool


@dataclass(frozen=True, slots=True)
class BoardPage:
    """The board: its seats, what waits for it, its meetings, and how long it takes."""

    seats: Sequence[SeatRow]
    waiting: Sequence[Change]
    emergencies: Sequence[Change]
    to_come: Sequence[Meeting]
    held: Sequence[Meeting]
    lead: queries.LeadTime
    may_hold: bool


def board_page(viewer: Viewer, now: datetime) -> BoardPage:
    """Return the page of the board."""
    on = now.astimezone(dates.LONDON).date()
    holds = gate.councils(viewer, Can.HOLD_BOARD)
    seats = []
    for council, seat in queries.seats_of_board(viewer, on):
        own = seat is not None and viewer.staff_id in {seat.holder_id, seat.deputy_id} - {None}
        may_set = council.pk in holds
        away = seat is not None and queries.held(seat).is_away(on)
        seats.append(SeatRow(council, seat, may_set, own or (may_set and seat is not None), away))
    to_come, held = queries.meetings(viewer, now)
    return BoardPage(
        seats,
        queries.waiting_for_board(viewer),
        queries.waiting_for_board(viewer, (EMERGENCY,)),
        to_come,
        held,
        queries.lead_time(viewer, now),
        bool(holds),
    )


@dataclass(frozen=True, slots=True)
class AgendaRow:
    """One change on an agenda: whose councils it touches, who sits for them, and how its vote stands."""

    item: AgendaItem
    councils: Sequence[Council]
    missing: Sequence[str]
    quorate: bool
    votes: Sequence[VoteCast]
    is_open: bool

    @property
    def change(self) -> Change:
        return self.item.change


@dataclass(frozen=True, slots=True)
class MeetingPage:
    """A meeting: its agenda, and who is to be there and is."""

    meeting: Meeting
    rows: Sequence[AgendaRow]
    people: Sequence[tuple[str, str]]
    present: Sequence[str]
    may_hold: bool


def meeting_page(viewer: Viewer, number: int) -> MeetingPage:
    """Return the page of a meeting."""
    meeting = queries.meeting_seen(viewer, number)
    on = meeting.at.astimezone(dates.LONDON).date()
    seats = queries.seats(on)
    held = [queries.held(each) for each in seats.values()]
    there = list(meeting.present.values_list("id", flat=True))
    agenda = queries.agenda(viewer, meeting)
    waiting = {each.pk for each in queries.waiting_for_board(viewer)}
    votes = queries.votes_of([each.change for each in agenda])
    codes = {code for each in agenda for code in each.change.call.case.data.get("councils") or ()}
    councils = {each.code: each for each in Council.objects.filter(code__in=codes)}
    rows = []
    for each in agenda:
        touched = sorted(
            (councils[code] for code in each.change.call.case.data.get("councils") or () if code in councils),
            key=lambda council: council.name,
        )
        needed, missing = rules.must_sit([council.pk for council in touched], held)
        names = [council.name for council in touched if council.pk in missing]
        quorate = rules.has_quorum(needed, there) and not missing
        rows.append(
            AgendaRow(each, touched, names, quorate, votes.get(each.change_id, ()), each.change_id in waiting)
        )
    seen = gate.councils(viewer, Can.SEE_CHANGES)
    people = _people([each for each in seats.values() if each.council_id in seen], meeting, seen)
    called = dict(people)
    return MeetingPage(
        meeting,
        rows,
        people,
        [called[str(each)] for each in there if str(each) in called],
        gate.anywhere(viewer, Can.HOLD_BOARD),
    )


def _people(seats: Sequence[Seat], meeting: Meeting, seen: frozenset[int]) -> list[tuple[str, str]]:
    """Return who may be at a meeting: holders, deputies, whoever is in the chair, and who was noted already."""
    found: dict[str, str] = {}
    for seat in sorted(seats, key=lambda each: each.council.name):
        found[str(seat.holder_id)] = f"{seat.holder.user.name}, {seat.council.name}"
        if seat.deputy is not None:
            found[str(seat.deputy_id)] = f"{seat.deputy.user.name}, {seat.council.name}, deputy"
    there = meeting.present.filter(council__in=seen).select_related("user")
    others: list[Staff] = [*there, *([meeting.chair] if meeting.chair else [])]
    for staff in others:
        found.setdefault(str(staff.pk), staff.user.name)
    return list(found.items())


_TITLES = {
    EMERGENCY: "Vote of the emergency board",
    "board": "Vote of the board",
    "afterwards": "Vote of the board afterwards",
}


@dataclass(frozen=True, slots=True)
class Round:
    """One vote on a change: what was said, whether people or councils have a vote, and the ballot if it is open."""

    title: str
    votes: Sequence[VoteCast]
    by_person: bool
    ballot: Ballot | None = None


@dataclass(frozen=True, slots=True)
class VotePart:
    """The votes on a change, for its page, and why the viewer may not vote in the one that is open, if one is."""

    rounds: Sequence[Round]
    why_not: str = ""
    expected: int = 0

    @property
    def open(self) -> Round | None:
        return next((each for each in self.rounds if each.ballot is not None), None)

    @property
    def by_person(self) -> bool:
        return self.open is not None and self.open.by_person


def vote_part(viewer: Viewer, change: Change, case: CaseState, now: datetime) -> VotePart:
    """Return the votes on a change that the viewer has been shown, in the order in which they are cast."""
    votes: Mapping[int, Sequence[VoteCast]] = queries.votes_of([change], ON_PAGE)
    cast = votes.get(change.pk, ())
    run = next((each for each in case.open_steps() if each.key in ON_PAGE), None)
    ballot = ballots.ballot(viewer, case, run, now) if run is not None else None
    rounds = []
    for key, title in _TITLES.items():
        own = [each for each in cast if each.step == key]
        is_open = run is not None and run.key == key
        if own or is_open:
            rounds.append(Round(title, own, key == EMERGENCY, ballot if is_open else None))
    if run is None or ballot is None:
        return VotePart(rounds)
    no_seat = _seat_why_not(viewer, change, now) if run.key in VOTES else ""
    return VotePart(rounds, no_seat or ballot.why_not, case.seq)


def _seat_why_not(viewer: Viewer, change: Change, now: datetime) -> str:
    if viewer.staff_id is None or viewer.council_id is None:
        return "Only the seats of the board vote."
    on = now.astimezone(dates.LONDON).date()
    seat = queries.seats(on).get(viewer.council_id)
    present = queries.present_at(change.pk, now)
    return rules.why_not(viewer.staff_id, queries.held(seat) if seat else None, on, present)


def member_choices(council_id: int) -> list[tuple[str, str]]:
    """Return who may hold a seat of a council."""
    return [(str(number), name) for number, name in queries.members(council_id)]


def chair_choices(viewer: Viewer, now: datetime) -> list[tuple[str, str]]:
    """Return who may be in the chair: whoever calls the meeting, and the holders of seats."""
    on = now.astimezone(dates.LONDON).date()
    found = {str(viewer.staff_id): viewer.actor.name} if viewer.staff_id else {}
    seen = gate.councils(viewer, Can.SEE_CHANGES)
    for seat in (each for each in queries.seats(on).values() if each.council_id in seen):
        found.setdefault(str(seat.holder_id), f"{seat.holder.user.name}, {seat.council.name}")
    return list(found.items())
