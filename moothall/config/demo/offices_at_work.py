"""Plays what staff ask of each other, case by case, with all that those cases open, through the pages' own actions."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from django.db import transaction

from moothall.config.demo.cast import Cast
from moothall.config.demo.errands import ERRANDS
from moothall.config.demo.stories.telling import Scene, Turn
from moothall.councils import gate, scope
from moothall.councils.models import Staff, Team
from moothall.councils.queries import calendar_of, viewer_for
from moothall.councils.rules import Viewer
from moothall.process import actions as process
from moothall.process import store
from moothall.process.definition import STAFF
from moothall.process.engine.state import CaseState, StepRun, signature
from moothall.process.errors import AnswersRefused, NotYet
from moothall.process.models import Link
from moothall.process.permissions import Can
from moothall.process.queries import newest_versions

SEED = 1974
_BATCH = 20
_HOUR = 3600
_TAKEN = 0.5
_MINUTES_TO_VOTE = 900
_OF_LATE = (
    ("mash", 0.4), ("mash", 1), ("mash", 1.2), ("mash", 2), ("stage-gate", 3), ("stage-gate", 5), ("starter", 6),
    ("leaver", 5), ("disposal-review", 30),
)  # fmt: skip
"""What was begun so many days ago in any case, so that there is something of everything to look at."""
_FOUR_EYES = {
    "decide": "triage", "check": "submit", "destroy": "review",
}  # fmt: skip
"""A step, and the one whose doer must not do it."""


@dataclass(frozen=True, slots=True)
class Left:
    """An errand that is left alone as soon as a step of it waits, for somebody whom the guide leads to it."""

    errand: str
    step: str
    to: str
    days: float = 0.2
    after: str = ""
    """What has to be known in the case before: a gate is not the first one when something was delivered."""


LEFT = (
    Left("mash", "police", "Sgt Claire Doyle"),
    Left("mash", "decide", "Anthea Royle", after="police_info"),
    Left("mash", "step_down", "Ffion Harding"),
    Left("stage-gate", "submit", "Callum Muir", days=100, after="delivered"),
)
_TRIES = 12


@dataclass(slots=True)
class Bureau:
    """Everything an errand is played with."""

    random: Random
    cast: Cast
    viewers: Mapping[int, Viewer]
    functions: Mapping[str, Sequence[Team]]
    now: datetime


@dataclass(slots=True)
class Family:
    """A case and all that it opened, and what is planned for their open steps."""

    ids: list[int]
    plans: dict[tuple[int, str, int], tuple[datetime, Turn]] = field(default_factory=dict)
    votes: dict[tuple[int, str, int], list[tuple[datetime, Staff]]] = field(default_factory=dict)


def play(cast: Cast, count: int, now: datetime, progress: Callable[[int], None]) -> int:
    """Play so many errands of the last months; the newest are still under way. Return how many there are."""
    random = Random(SEED)  # noqa: S311 - a play, not a secret
    staff = {one.pk: one for people in cast.teams.values() for one in people}
    functions: dict[str, list[Team]] = {}
    for team in Team.objects.filter(pk__in=cast.teams).prefetch_related("councils"):
        functions.setdefault(team.function, []).append(team)
    bureau = Bureau(
        random,
        cast,
        {pk: viewer_for(one.user, today=now.date()) for pk, one in staff.items()},
        functions,
        now,
    )
    names = [name for name, errand in ERRANDS.items() if errand.ask]
    drawn = [
        (name, ERRANDS[name].days * random.random() ** 1.2 + 0.05)
        for name in random.choices(names, [ERRANDS[name].share for name in names], k=count)
    ]
    drawn += _OF_LATE
    for first in range(0, len(drawn), _BATCH):
        with scope.everything("the demonstration plays in all its councils"), transaction.atomic():
            for name, days in drawn[first : first + _BATCH]:
                _play_one(bureau, name, _office_hour(random, now - timedelta(days=days)))
        progress(min(first + _BATCH, len(drawn)))
    with scope.everything("the demonstration plays in all its councils"), transaction.atomic():
        for left in LEFT:
            began = (now - timedelta(days=left.days + tried) for tried in range(_TRIES))
            any(_play_one(bureau, left.errand, _office_hour(random, at), left) for at in began)
    return len(drawn)


def _play_one(bureau: Bureau, name: str, moment: datetime, left: Left | None = None) -> bool:
    """Begin an errand, and play it and what it opens until nothing more happens before today.

    Return whether the step at which it is to be left waits now.
    """
    errand, random = ERRANDS[name], bureau.random
    by, council_id = _starter(bureau, name)
    council = next(each for each in bureau.cast.councils.values() if each.pk == council_id)
    assert errand.ask is not None
    given = errand.ask(Scene(random, {}, moment))
    case = process.start(by=by, council=council, process=name, answers=given, now=moment)
    family = Family([case.id])
    while left is None or not _waits(bureau, case.id, left):
        if not _next(bureau, family):
            return False
        others = Link.objects.filter(case_id__in=family.ids).values_list("other_id", flat=True)
        family.ids += [each for each in others if each not in family.ids]
    return True


def _waits(bureau: Bureau, case_id: int, left: Left) -> bool:
    """Return whether a case waits where it is to be left; if so, whom it is left to has taken it, where one can."""
    case = store.load(case_id)
    run = next((each for each in case.open_steps() if each.key == left.step), None) if case else None
    if case is None or run is None or (left.after and left.after not in case.data):
        return False
    if case.definition.steps[run.key].vote is not None or case.definition.steps[run.key].case:
        return True
    somebody = next(one for one in bureau.cast.teams[run.team_id or 0] if one.user.name == left.to)
    before = case.steps.get(_FOUR_EYES.get(run.key, ""))
    by = bureau.viewers[somebody.pk]
    if before is not None and signature(by.actor) == before.done_by:
        return False
    at = min(run.opened_at + timedelta(minutes=20), bureau.now)
    if run.person_id is None:
        process.take(by=by, case_id=case.id, step=run.key, expected=None, now=at)
    return run.person_id in (None, somebody.pk)


def _office_hour(random: Random, moment: datetime) -> datetime:
    moved = moment.replace(hour=random.randrange(8, 17), minute=random.randrange(60), microsecond=0)
    return min(moved, moment)


def _starter(bureau: Bureau, name: str) -> tuple[Viewer, int]:
    """Return somebody who may start it, and the council they start it at."""
    definition = newest_versions()[name][1]
    able: list[tuple[Viewer, int]] = []
    owners = bureau.functions.get(definition.owner, [])
    served = {council.pk for team in owners for council in team.councils.all()}
    starting = {team.pk for function in definition.start for team in bureau.functions.get(function, [])}
    for viewer in bureau.viewers.values():
        if STAFF not in definition.start and starting.isdisjoint(viewer.team_ids):
            continue
        home = viewer.council_id
        able += [(viewer, home)] if home in served and gate.may(viewer, Can.START, home) else []
    return bureau.random.choice(able)


def _next(bureau: Bureau, family: Family) -> bool:
    """Play what comes next in a family of cases; return False when that lies in the future, or nothing waits."""
    cases = [case for each in family.ids if (case := store.load(each)) is not None and case.status == "open"]
    planned = [
        (at, case, run)
        for case in cases
        for run in case.open_steps()
        for at in _planned(bureau, family, case, run)
    ]
    timed = [at for case in cases for at in _times(case)]
    first = min([at for at, _, _ in planned] + timed, default=bureau.now)
    if first >= bureau.now:
        _leave(bureau, [(case, run) for _, case, run in planned])
        return False
    if first in timed:
        process.sweep(first)
        return True
    at, case, run = min(planned, key=lambda each: each[0])
    if case.definition.steps[run.key].vote is not None:
        _vote(bureau, family, case, run)
    else:
        _act(bureau, family, case, run, at)
    return True


def _times(case: CaseState) -> Iterator[datetime]:
    """Return when time itself does something with a case."""
    yield from (run.sweep_at for run in case.clocks.values() if run.sweep_at is not None)
    yield from (run.wake_at for run in case.steps.values() if run.wake_at is not None)


def _planned(bureau: Bureau, family: Family, case: CaseState, run: StepRun) -> list[datetime]:
    """Return when somebody does this step next; empty for what only time or another case does."""
    key = (case.id, run.key, run.run)
    errand = ERRANDS[case.definition.key]
    step = case.definition.steps[run.key]
    if step.vote is not None:
        if key not in family.votes:
            family.votes[key] = _casting(bureau, case, run)
        return [at for at, _ in family.votes[key][:1]]
    if run.key not in errand.handle:
        return []
    if key not in family.plans:
        turn = errand.handle[run.key](Scene(bureau.random, case.data, run.opened_at))
        at = calendar_of(case.council_id).add(run.opened_at, int(turn.hours * _HOUR) + 60)
        family.plans[key] = (at, turn)
    return [family.plans[key][0]]


def _casting(bureau: Bureau, case: CaseState, run: StepRun) -> list[tuple[datetime, Staff]]:
    """Return when each member of the board votes, in order: one for each council where that is the rule."""
    vote = case.definition.steps[run.key].vote
    assert vote is not None
    members = {
        staff.pk: staff
        for function in vote.of
        for team in bureau.functions.get(function, [])
        for staff in bureau.cast.teams[team.pk]
    }
    before = {case.steps[each.partition(".")[0]].done_by for each in vote.excluded}
    able = [one for one in members.values() if signature(bureau.viewers[one.pk].actor) not in before]
    if vote.one_per:
        able = list({one.council_id: one for one in able}.values())
    bureau.random.shuffle(able)
    at = run.opened_at
    found = []
    for one in able:
        at = calendar_of(case.council_id).add(at, bureau.random.randrange(5, _MINUTES_TO_VOTE) * 60)
        found.append((at, one))
    return found


def _vote(bureau: Bureau, family: Family, case: CaseState, run: StepRun) -> None:
    at, staff = family.votes[case.id, run.key, run.run].pop(0)
    share, why = ERRANDS[case.definition.key].against.get(run.key, (0.0, ""))
    against = bureau.random.random() < share
    process.cast(
        by=bureau.viewers[staff.pk],
        case_id=case.id,
        step=run.key,
        expected=None,
        choice="against" if against else "for",
        text=why if against else "",
        now=at,
    )


def _act(bureau: Bureau, family: Family, case: CaseState, run: StepRun, at: datetime) -> None:
    key = (case.id, run.key, run.run)
    turn = family.plans.pop(key)[1]
    staff = _somebody(bureau, case, run, leading=bool(turn.waived))
    if staff is None:
        family.plans[key] = (bureau.now, turn)
        return
    asked = case.definition.steps[run.key].ask
    try:
        process.act(
            by=bureau.viewers[staff.pk],
            case_id=case.id,
            step=run.key,
            expected=None,
            now=at,
            answers={key: value for key, value in turn.given.items() if key in asked},
            outcome=turn.outcome,
            text=turn.text,
            waived=turn.waived,
        )
    except (NotYet, AnswersRefused):
        family.plans[key] = (bureau.now, turn)  # it waits for something, as in life


def _somebody(bureau: Bureau, case: CaseState, run: StepRun, *, leading: bool = False) -> Staff | None:
    """Return who does it: whoever has it, else anybody of the team, but nobody whom four eyes forbid it.

    `leading` asks for somebody who supervises: only they may go on without what a rule wants.
    """
    before = case.steps.get(_FOUR_EYES.get(run.key, ""))
    team = bureau.cast.teams.get(run.team_id or 0, ())
    allowed = [
        one
        for one in team
        if (before is None or signature(bureau.viewers[one.pk].actor) != before.done_by)
        and (not leading or gate.may(bureau.viewers[one.pk], Can.SUPERVISE, case.council_id))
    ]
    return next(
        (one for one in allowed if one.pk == run.person_id),
        bureau.random.choice(allowed) if allowed else None,
    )


def _leave(bureau: Bureau, waiting: Sequence[tuple[CaseState, StepRun]]) -> None:
    """Leave the open steps as they stand today: often somebody has taken one already."""
    for case, run in waiting:
        votes = case.definition.steps[run.key].vote is not None
        if votes or run.person_id is not None or bureau.random.random() > _TAKEN:
            continue
        staff = _somebody(bureau, case, run)
        at = min(run.opened_at + timedelta(minutes=bureau.random.randrange(5, 240)), bureau.now)
        if staff is not None:
            process.take(by=bureau.viewers[staff.pk], case_id=case.id, step=run.key, expected=None, now=at)
            return
