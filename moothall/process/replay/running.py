"""Running a log through the engine, at the log's own times."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from moothall.councils import scope
from moothall.councils.rules import Viewer
from moothall.plain.errors import HouseError
from moothall.process import actions
from moothall.process.engine.state import CaseState
from moothall.process.models import Case
from moothall.process.replay import graph
from moothall.process.replay.directory import Directory, directory
from moothall.process.replay.discovery import OPENING, Discovered, answers, discover, slug
from moothall.process.replay.logs import LOG_ENDS, Trace


class ReplayedAlready(HouseError):
    code = "process.replayed_already"
    status = 409
    message = "There are {count} cases of the process “{key}” already, so the log was not replayed again."
    next_step = "Give the replay another name with --name, or look at the cases that are there."


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a replay came to. `differences` names relations whose counts differ; a true replay has none."""

    process: str
    council: str
    cases: int
    open: int
    events: int
    relations: int
    distinct: int
    differences: tuple[str, ...]


def replay(
    traces: Sequence[Trace],
    *,
    name: str,
    code: str,
    council: str,
    now: datetime,
    progress: Callable[[int], None] = lambda _done: None,
) -> Replayed:
    """Publish a process for the log, run every trace as a case of it, and compare what followed what."""
    key = slug(f"replay {name}", "-", "replay")
    made = discover(traces, name=name, key=key)
    with scope.everything("a replay founds what the log needs"):
        if count := Case.objects.filter(process=key).count():
            raise ReplayedAlready(count=count, key=key)
        people = directory(made, traces, code=code, name=council, now=now)
        version = actions.publish(
            by=Viewer.system(), definition=made.definition, source=made.source, now=traces[0].events[0].at
        )
    with scope.only([people.council.pk]):
        for number, trace in enumerate(traces, start=1):
            _run(made, people, trace, version.pk)
            progress(number)
        return _compared(made, people, traces)


def _run(made: Discovered, people: Directory, trace: Trace, version_id: int) -> None:
    first = trace.events[0]
    case = actions.start_case(
        by=people.people[first.resource],
        council=people.council,
        process=made.definition.key,
        now=first.at,
        words=[trace.name],
        version_id=version_id,
    )
    given = answers(made, trace)
    if made.definition.first.key == OPENING:
        outcome = made.outcome_to(first.activity)
        case = _act(Viewer.system(), case, OPENING, first.at, given, outcome)
        given = {}
    for event, then in trace.ways():
        step, team = made.steps[event.activity], people.teams[event.group]
        case = _hand_to(case, step, team, event.at)
        case = _act(people.people[event.resource], case, step, event.at, given, made.outcome_to(then))
        given = {}
    if not trace.ended:
        _hand_to(case, made.steps[LOG_ENDS], team, event.at)


def _hand_to(case: CaseState, step: str, team_id: int, at: datetime) -> CaseState:
    """Pass a step to the group that does it in the log, if it fell to another."""
    if case.steps[step].team_id == team_id:
        return case
    return actions.pass_on(
        by=Viewer.system(),
        case_id=case.id,
        step=step,
        expected=case.seq,
        now=at,
        team_id=team_id,
        why="The log has this group do it.",
    )


def _act(
    by: Viewer, case: CaseState, step: str, at: datetime, given: dict[str, str], outcome: str
) -> CaseState:
    return actions.act(
        by=by, case_id=case.id, step=step, expected=case.seq, now=at, answers=given, outcome=outcome
    )


def _compared(made: Discovered, people: Directory, traces: Sequence[Trace]) -> Replayed:
    of_log = graph.of_log(traces)
    named = {step: activity for activity, step in made.steps.items()}
    of_cases = {
        (named[step], named[then]): count
        for (step, then), count in graph.of_cases(made.definition.key).items()
        if {OPENING, made.steps.get(LOG_ENDS)}.isdisjoint((step, then))
    }
    differences = tuple(
        f"{before} → {after}: {of_log.get((before, after), 0)} in the log, "
        f"{of_cases.get((before, after), 0)} in the cases"
        for before, after in sorted(of_log.keys() | of_cases.keys())
        if of_log.get((before, after), 0) != of_cases.get((before, after), 0)
    )
    return Replayed(
        process=made.definition.key,
        council=people.council.code,
        cases=len(traces),
        open=sum(not trace.ended for trace in traces),
        events=sum(len(trace.events) for trace in traces),
        relations=sum(of_cases.values()),
        distinct=len(of_cases),
        differences=differences,
    )
