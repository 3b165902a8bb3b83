"""Playing the changes of two months: raised, voted on, made; a freeze, and what nobody approved."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import cycle

from moothall.config.demo.cast import Cast
from moothall.config.demo.desk.changes_told import CHANGES, SEEN, Told
from moothall.councils.models import Council, Staff, Team
from moothall.councils.queries import viewer_for
from moothall.councils.rules import Viewer
from moothall.look.dates import LONDON
from moothall.process import actions as process
from moothall.process.models import Step
from moothall.servicedesk.actions import board, freezes
from moothall.servicedesk.actions.changes import Asked, raise_change
from moothall.servicedesk.actions.observing import Seen, observe
from moothall.servicedesk.models import Change, Meeting
from moothall.servicedesk.rules.changes import EMERGENCY, NORMAL, STANDARD

_SEATS = {"fernshire": ("Adrian Fell", "Priya Nair"), "alderbridge": ("Monica Reyes", "Sean Mulligan")}
_MORE_SEATS = {"wenbury": ("Dilys Parry", "Glyn Hughes")}
_AHEAD = timedelta(days=8)
_THURSDAY = 3
_AGAINST = "Not while the exams are on: the library must be open."


@dataclass
class Stage:
    """Who plays: engineers, the change manager, and who sits on the board."""

    cast: Cast
    now: datetime
    manager: Viewer
    engineers: list[Viewer]
    seats: dict[str, Viewer] = field(default_factory=dict)


def play(cast: Cast, now: datetime) -> None:
    """Play the changes, the board, a freeze for an election, and what was seen that nobody approved."""
    people = {one.user.name: one for one in Staff.objects.select_related("user")}
    platforms = Team.objects.get(code="platforms")
    stage = Stage(
        cast,
        now,
        _viewer(people["Tessa Vaughan"], now),
        [_viewer(one, now) for one in cast.teams[platforms.pk]],
    )
    _sit(stage, people)
    authors = cycle(range(len(stage.engineers)))
    for number, told in enumerate(CHANGES):
        _change(stage, told, next(authors), number)
    _election(stage)
    _meeting(stage)
    _seen(stage)


def _viewer(staff: Staff, now: datetime) -> Viewer:
    return viewer_for(staff.user, today=now.date())


def _sit(stage: Stage, people: dict[str, Staff]) -> None:
    for code, (holder, deputy) in (_SEATS | _MORE_SEATS).items():
        board.set_seat(
            by=stage.manager,
            council_id=stage.cast.councils[code].pk,
            holder_id=people[holder].pk,
            deputy_id=people[deputy].pk,
            since=(stage.now - timedelta(days=200)).date(),
            now=stage.now,
        )
        stage.seats[code] = _viewer(people[holder], stage.now)


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), LONDON)


def _change(stage: Stage, told: Told, author: int, number: int) -> None:
    engineers = stage.engineers
    by, peer, third = (engineers[(author + step) % len(engineers)] for step in range(3))
    starts = _at((stage.now + timedelta(days=told.day)).astimezone(LONDON).date(), told.hour)
    if told.ends == "open":
        starts = stage.now - timedelta(minutes=30)
    ahead = _AHEAD if told.kind == NORMAL else timedelta(hours=5)
    raised_at = min(starts - ahead, stage.now - timedelta(hours=30 - number))
    tested, before, in_hours, away = told.answers
    change = raise_change(
        by=by,
        council=stage.cast.councils[told.council],
        asked=Asked(
            what=told.what,
            reason=told.reason,
            kind=told.kind,
            items=told.items,
            plan="As it is written in the handbook of the platform, with a colleague at the phone.",
            tests="Sign in, open one record, print one page.",
            backout="Put back the copy that is made before it begins.",
            rollback_tested=tested,
            done_before=before,
            in_hours=in_hours,
            service_away=away,
            starts_at=starts,
            ends_at=starts + timedelta(hours=told.hours),
            second_id=third.staff_id,
        ),
        now=raised_at,
        submission=f"demo-change-{number}",
    )
    if told.ends == "raised":
        return
    _decided(stage, told, change, peer, raised_at)
    if told.ends in {"works", "backed-out", "failed", "open"}:
        _made(stage, told, change, (by, peer, third))


def _decided(stage: Stage, told: Told, change: Change, peer: Viewer, raised_at: datetime) -> None:
    """Let a colleague find the plan sound, and the board vote, unless it still waits for that."""
    if told.kind == STANDARD:
        return
    _step(change, peer, "peer", raised_at + timedelta(hours=3), outcome="sound")
    if told.kind == EMERGENCY:
        for code in ("fernshire", "alderbridge"):
            _cast(change, stage.seats[code], "ecab", raised_at + timedelta(hours=4))
        for code in _touched(change):
            _cast(change, stage.seats[code], "afterwards", raised_at + timedelta(hours=26))
        return
    if told.ends == "waiting":
        return
    touched = _touched(change)
    if told.ends == "rejected":
        _cast(change, stage.seats[touched[0]], "board", raised_at + timedelta(days=2), against=True)
        return
    for number, code in enumerate(touched):
        _cast(change, stage.seats[code], "board", raised_at + timedelta(days=1 + number))


def _touched(change: Change) -> list[str]:
    change = Change.objects.select_related("call__case").get(pk=change.pk)
    return list(change.call.case.data["councils"])


def _made(stage: Stage, told: Told, change: Change, people: tuple[Viewer, Viewer, Viewer]) -> None:
    by, _, third = people
    change = Change.objects.select_related("call").get(pk=change.pk)
    process.sweep(change.starts_at)
    change.refresh_from_db()
    at = change.starts_at + timedelta(minutes=10)
    if change.complex:
        _step(change, third, "attend", at, outcome="attending")
    if told.ends == "open":
        return
    done = {"works": "made"}.get(told.ends, told.ends)
    words = {"made": "It went as planned.", "failed": "Calls did not come in. The old exchange is back."}
    said = words.get(done, "It grew slower, not faster, so it was undone.")
    _step(change, by, "make", change.ends_at - timedelta(minutes=20), outcome=done, answers={"result": said})
    after = change.ends_at + timedelta(minutes=15)
    if done == "made":
        _step(change, third, "verify", after, outcome="works", answers={"objectives": True})
    _reviewed(stage, told, change, after + timedelta(days=3))


def _reviewed(stage: Stage, told: Told, change: Change, at: datetime) -> None:
    """Review what has to be, unless that is still to come."""
    change = Change.objects.select_related("call__case").get(pk=change.pk)
    steps = set(change.call.case.steps.filter(state="open").values_list("key", flat=True))
    if "review" not in steps or at > stage.now:
        return
    good = told.ends == "works"
    _step(
        change,
        stage.manager,
        "review",
        at,
        outcome="implemented" if good else told.ends,
        answers={
            "objectives": good,
            "backout_used": "not-used" if good else "worked",
            "findings": "It went well."
            if good
            else "The way back had not been tested, and it took two hours.",
            "lessons": "" if good else "No change of this size without a tested way back.",
        },
    )


def _step(
    change: Change,
    by: Viewer,
    key: str,
    at: datetime,
    *,
    outcome: str,
    answers: dict[str, object] | None = None,
) -> None:
    change = Change.objects.select_related("call").get(pk=change.pk)
    process.act(
        by=by,
        case_id=change.call.case_id,
        step=key,
        expected=None,
        now=at,
        outcome=outcome,
        answers=answers or {},
    )


def _cast(change: Change, by: Viewer, key: str, at: datetime, *, against: bool = False) -> None:
    change = Change.objects.select_related("call").get(pk=change.pk)
    if not Step.objects.filter(case_id=change.call.case_id, key=key, state=Step.State.OPEN).exists():
        return  # those who voted before have decided it
    process.cast(
        by=by,
        case_id=change.call.case_id,
        step=key,
        expected=None,
        choice="against" if against else "for",
        text=_AGAINST if against else "",
        now=at,
    )


def _election(stage: Stage) -> None:
    """Let Wenbury want nothing changed while a by-election is on."""
    begin = _at((stage.now + timedelta(days=23)).date(), 7)
    freezes.set_freeze(
        by=stage.manager,
        council_id=stage.cast.councils["wenbury"].pk,
        reason="By-election in the ward of Wenbury North",
        starts_at=begin,
        ends_at=begin + timedelta(days=4, hours=12),
        now=stage.now,
    )


def _meeting(stage: Stage) -> None:
    """Let the board meet next Thursday afternoon, and have met before."""
    today = stage.now.astimezone(LONDON).date()
    thursday = today + timedelta(days=(_THURSDAY - today.weekday()) % 7 or 7)
    Meeting.objects.create(
        at=_at(thursday - timedelta(days=14), 14),
        place="Committee room 2, Alderbridge",
        state=Meeting.State.HELD,
        minutes="The move of the telephones was spoken about. The way back is tested before it is tried again.",
        called_by="Tessa Vaughan",
    )
    board.call_meeting(
        by=stage.manager,
        at=_at(thursday, 14),
        place="Committee room 2, Alderbridge",
        chair_id=stage.manager.staff_id,
        now=stage.now,
    )


def _seen(stage: Stage) -> None:
    """Take in what other systems saw: what belongs to changes, and three things that belong to none."""
    host: Council = stage.cast.councils["fernshire"]
    rows = [
        Seen(f"none-{number}", stage.now - timedelta(days=days), item, who, what)
        for number, (days, item, who, what) in enumerate(SEEN)
    ]
    made = Change.objects.filter(finished_at__isnull=False, decided_at__isnull=False).prefetch_related(
        "items"
    )
    for change in made:
        at = change.starts_at + timedelta(minutes=30)
        rows += [
            Seen(f"made-{change.pk}-{item.pk}", at, item.code, "deploy", "Changed: configuration")
            for item in change.items.all()
        ]
    observe(council_id=host.pk, source="NetBox", rows=rows, now=stage.now)
