"""A year of requests, played case by case through the same actions that pages use."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.db import transaction

from moothall.config.demo.cast import Cast
from moothall.config.demo.residents import Resident, pick, residents
from moothall.config.demo.stories import STORIES
from moothall.config.demo.stories.telling import Scene, Story, Turn
from moothall.councils import scope
from moothall.councils.models import Council, Staff
from moothall.councils.queries import calendar_of, viewer_for
from moothall.councils.rules import Viewer
from moothall.process import actions as process
from moothall.process import store
from moothall.process.definition import Definition
from moothall.process.engine.state import CaseState, StepRun, signature
from moothall.process.queries import newest_versions
from moothall.requests import actions as requests
from moothall.requests import tokens
from moothall.requests.models import Draft, Request
from moothall.requests.rules import expiry
from moothall.requests.telling import token_of

SEED = 1831
_NOTED, _TAKEN, _PACE = 0.12, 0.5, 1.2
_OTHER_THAN = {"acknowledge_2": "respond", "review": "respond"}  # step: whoever did this one must not do it
_NOTES = (
    "Rang back, no answer. Left a message with the reference.",
    "They rang to ask how far it is. Told them what happens next.",
    "Spoke to the crew; it is on tomorrow's sheet.",
    "Photo from the crew is on the shared drive until files can be sent from the van.",
    "Same street as two others this week.",
)
RESIDENTS = 140
_BATCH = 40
_HOUR = 3600


@dataclass(frozen=True, slots=True)
class Stage:
    """Everything a case is played with."""

    random: Random
    cast: Cast
    viewers: Mapping[int, Viewer]
    people: Mapping[str, Sequence[Resident]]
    versions: Mapping[int, Mapping[str, tuple[int, Definition]]]  # of each council
    now: datetime


def play(cast: Cast, count: int, now: datetime, progress: Callable[[int], None]) -> int:
    """Play so many requests of the last twelve months; the newest are still under way. Return how many there are."""
    random = Random(SEED)  # noqa: S311 - a play, not a secret
    staff = {one.pk: one for people in cast.teams.values() for one in people}
    stage = Stage(
        random=random,
        cast=cast,
        viewers={pk: viewer_for(one.user, today=now.date()) for pk, one in staff.items()},
        people={
            code: residents(random, code, RESIDENTS, now - timedelta(days=380)) for code in cast.councils
        },
        versions={each.pk: newest_versions(each.pk) for each in cast.councils.values()},
        now=now,
    )
    moments = sorted(_moment(random, now) for _ in range(count))
    for first in range(0, count, _BATCH):
        with scope.everything("the demonstration plays in all its councils"), transaction.atomic():
            for moment in moments[first : first + _BATCH]:
                _play_one(stage, moment)
        progress(min(first + _BATCH, count))
    return count


def _moment(random: Random, now: datetime) -> datetime:
    """Return when somebody asks: more of late, and hardly at night."""
    days = 365 * random.random() ** 1.25
    moment = now - timedelta(days=days)
    hour = random.choices(
        range(24), [1, 0, 0, 0, 0, 1, 3, 7, 10, 11, 10, 9, 9, 8, 8, 8, 8, 8, 8, 7, 6, 5, 3, 2]
    )[0]
    moment = moment.replace(
        hour=hour, minute=random.randrange(60), second=random.randrange(60), microsecond=0
    )
    return min(moment, now - timedelta(minutes=5))


def _play_one(stage: Stage, moment: datetime) -> None:
    council, service = _what(stage)
    story = STORIES[service]
    resident = pick(stage.random, stage.people[council.code])
    request = _ask(stage, council, service, story, resident, moment)
    while (case := store.load(request.case_id)) is not None and case.status == "open":
        if not _next(stage, case, story, request, _as_resident(resident, council)):
            return


def _what(stage: Stage) -> tuple[Council, str]:
    """Return which council is asked for which service, among those it gives."""
    council = stage.random.choice(list(stage.cast.councils.values()))
    offered = {key: definition.service for key, (_, definition) in stage.versions[council.pk].items()}
    services = [
        key
        for key in STORIES
        if (service := offered.get(key)) is not None and council.kind in service.councils
    ]
    return council, stage.random.choices(services, [STORIES[key].share for key in services])[0]


def _ask(
    stage: Stage, council: Council, service: str, story: Story, resident: Resident, moment: datetime
) -> Request:
    given = story.ask(Scene(stage.random, {}, moment), resident)
    if stage.random.random() < story.online:
        by = _as_resident(resident, council)
        draft = _draft(by, council, stage.versions[council.pk][service], given, resident, moment)
        sent = requests.submit(by=by, council=council, service=service, draft_id=draft, now=moment)
    else:
        adviser = stage.random.choice(stage.cast.advisers)
        sent = requests.raise_for_resident(
            by=stage.viewers[adviser.pk],
            council=council,
            service=service,
            answers=given,
            contact=resident.contact,
            channel=stage.random.choice(["phone", "phone", "phone", "face-to-face", "e-mail"]),
            submission=secrets.token_hex(20),
            now=moment,
        )
    return sent.request


def _draft(
    by: Viewer,
    council: Council,
    version: tuple[int, Definition],
    given: Mapping[str, Any],
    resident: Resident,
    moment: datetime,
) -> int:
    """Keep a draft as the pages would have left it: every question dealt with, the empty ones too."""
    version_id, definition = version
    token = tokens.new_token()
    draft: Draft = Draft.objects.create(
        council=council,
        version_id=version_id,
        service=definition.key,
        owner_id=by.actor.user_id,
        answers={key: given.get(key) for key in definition.first.ask},
        contact=resident.contact,
        token_digest=token.digest,
        token_sealed=token.sealed,
        submission=secrets.token_hex(20),
        created_at=moment - timedelta(minutes=6),
        changed_at=moment,
        expires_at=expiry(moment),
    )
    return draft.pk


def _next(stage: Stage, case: CaseState, story: Story, request: Request, resident: Viewer) -> bool:
    """Play the next turn of a case; return False if it lies in the future, so that the case still waits for it."""
    run = stage.random.choice(case.open_steps())
    turn = story.handle[run.key](Scene(stage.random, case.data, run.opened_at))
    at = _when(case, run, turn)
    _sweep(case, min(at, stage.now))
    if at >= stage.now:
        _leave(stage, case, run)
        return False
    if turn.by_resident:
        _reply(request, run, turn, resident, at)
    else:
        _act(stage, case, run, turn, at)
    return True


def _when(case: CaseState, run: StepRun, turn: Turn) -> datetime:
    """Return when a turn is made: residents at any hour of the day, staff within their hours."""
    seconds = int(turn.hours * _HOUR * (1 if turn.by_resident else _PACE)) + 120
    if turn.by_resident:
        return run.opened_at + timedelta(seconds=seconds)
    return calendar_of(case.council_id).add(run.opened_at, seconds)


def _sweep(case: CaseState, until: datetime) -> None:
    """Let the clocks of the case warn and run out at their own times."""
    while due := [run.sweep_at for run in case.clocks.values() if run.sweep_at and run.sweep_at <= until]:
        process.sweep(min(due))
        found = store.load(case.id)
        assert found is not None
        case.clocks = found.clocks


def _reply(request: Request, run: StepRun, turn: Turn, resident: Viewer, at: datetime) -> None:
    case = store.load(request.case_id)
    assert case is not None
    requests.reply(
        by=resident,
        council=request.council,
        reference=case.reference,
        token=token_of(request),
        step=run.key,
        expected=case.seq,
        answers=turn.given,
        outcome=turn.outcome,
        text=turn.text,
        now=at,
    )


def _act(stage: Stage, case: CaseState, run: StepRun, turn: Turn, at: datetime) -> None:
    staff = _somebody(stage, case, run)
    by = stage.viewers[staff.pk]
    if stage.random.random() < _NOTED:
        note = stage.random.choice(_NOTES)
        process.note(by=by, case_id=case.id, text=note, now=at - (at - run.opened_at) / 2)
    dates = {key: (at + timedelta(days=days)).date().isoformat() for key, days in turn.dates.items()}
    given = {
        key: value for key, value in turn.given.items() if key in case.definition.steps[run.key].ask
    } | dates
    process.act(
        by=by,
        case_id=case.id,
        step=run.key,
        expected=None,
        now=at,
        answers=given,
        outcome=turn.outcome,
        text=turn.text,
    )


def _somebody(stage: Stage, case: CaseState, run: StepRun) -> Staff:
    """Return who does it: whoever has it, else anybody of the team, but nobody whom four eyes forbid it."""
    team = stage.cast.teams.get(run.team_id or 0) or stage.cast.advisers
    before = case.steps.get(_OTHER_THAN.get(run.key, ""))
    allowed = [
        one for one in team if before is None or signature(stage.viewers[one.pk].actor) != before.done_by
    ]
    return next((one for one in allowed if one.pk == run.person_id), stage.random.choice(allowed))


def _leave(stage: Stage, case: CaseState, run: StepRun) -> None:
    """Leave a step as it stands today: often somebody has taken it already."""
    if run.team_id is None or run.person_id is not None or stage.random.random() > _TAKEN:
        return
    staff = _somebody(stage, case, run)
    at = min(run.opened_at + timedelta(minutes=stage.random.randrange(5, 240)), stage.now)
    process.take(by=stage.viewers[staff.pk], case_id=case.id, step=run.key, expected=None, now=at)


def _as_resident(resident: Resident, council: Council) -> Viewer:
    if resident.user is None:
        return Viewer.anonymous(council.pk)
    return Viewer.resident(user_id=resident.user.pk, name=resident.name, council_id=council.pk)
