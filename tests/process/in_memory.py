"""What tests of the engine need in memory: a process from its text, people, and a case that has begun."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from moothall.plain.actors import SYSTEM, Actor
from moothall.plain.working_time import Calendar, Version, Week
from moothall.process.definition import Definition
from moothall.process.engine import steps
from moothall.process.engine.state import Around, CaseState, Happening, Pulled, Voter
from moothall.process.language import read

MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
ANN, BOB, CAT, DAN, EVE = (
    Actor(kind="staff", user_id=number, name=name)
    for number, name in enumerate(("Ann", "Bob", "Cat", "Dan", "Eve"), start=1)
)
TEAMS = {"desk": 1, "crew": 2, "board": 3}
OFFICE = Calendar(
    [
        Version(
            datetime(2020, 1, 1, tzinfo=UTC).date(),
            Week((((9 * 3600, 17 * 3600),),) * 5 + ((), ())),
        )
    ]
)


def made(source: str) -> Definition:
    """Return the process that a text describes; every mistake in it fails the test."""
    reading = read(source)
    assert reading.definition is not None, [str(each) for each in reading.mistakes]
    return reading.definition


def voter(person: Actor, council: int = 1, *teams: str) -> Voter:
    """Return somebody with a vote."""
    assert person.user_id is not None
    return Voter(person.user_id, f"user:{person.user_id}", council, frozenset(teams or ("board",)))


def around(
    by: Actor = ANN,
    at: datetime = MONDAY,
    *,
    hats: frozenset[str] | None = None,
    voters: tuple[Voter, ...] = (),
    pulled: Mapping[str, Any] | None = None,
) -> Around:
    """Return what is true around a case, for somebody who acts as all of the step's people unless it is said."""

    def pull(case: CaseState, source: str) -> Pulled | None:
        found = (pulled or {}).get(source)
        value = found(case) if callable(found) else found
        return None if value is None else Pulled(value, source)

    return Around(
        now=at,
        by=by,
        team=TEAMS.get,
        calendar=lambda name: Calendar.always() if name == "always" else OFFICE,
        staff_id=by.user_id,
        acts_as=hats,
        voters=lambda teams: tuple(each for each in voters if not each.teams.isdisjoint(teams)),
        pull=pull,
        owner={"other": "crew"}.__getitem__,
    )


def begun(definition: Definition, place: Around | None = None) -> CaseState:
    """Return a case that has begun."""
    place = place or around()
    case = CaseState(1, 1, "ASH-0000-0000", definition, 0, "open", {}, place.now)
    steps.begin(case, place)
    return case


def do(case: CaseState, step: str, place: Around | None = None, /, **said: Any) -> None:
    """Finish a step. What is said beside the answers: `outcome`, `text`, `waived`."""
    beside = {key: said.pop(key) for key in ("outcome", "text", "waived") if key in said}
    steps.complete(case, place or around(), step=step, given=said, **beside)


def at(**after: float) -> datetime:
    """Return a moment so long after the beginning."""
    return MONDAY + timedelta(**after)


def night(case: CaseState, at: datetime) -> bool:
    """Let time do what is due."""
    return steps.wake(case, around(SYSTEM, at))


def open_keys(case: CaseState) -> list[str]:
    return [run.key for run in case.open_steps()]


def kinds(case: CaseState, *only: str) -> list[str]:
    """Return what has happened, in order."""
    return [each.kind for each in case.happened if not only or each.kind in only]


def last(case: CaseState, kind: str) -> Happening:
    """Return the newest event of a kind."""
    return next(each for each in reversed(case.happened) if each.kind == kind)
