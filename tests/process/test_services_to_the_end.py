"""The six services walked to their ends with random answers: no dead end, and every outcome can happen."""

import random
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import moothall.requests
from moothall.plain.actors import Actor
from moothall.plain.working_time import Calendar
from moothall.process.definition import Definition, Field
from moothall.process.engine import steps
from moothall.process.engine.state import Around, CaseState
from moothall.process.errors import AnswersRefused, ChooseAnOutcome, NotYet
from moothall.process.language import load

FILES = sorted((Path(moothall.requests.__file__).parent / "processes").glob("*.yaml"))
MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
WALKS = 150
TRIES = 200
LONGEST = 60


def answer(dice: random.Random, field: Field) -> Any:
    """Return an answer that its question may get."""
    if field.optional and dice.random() < 0.5:
        return None
    some = [choice.key for choice in field.of]
    day = MONDAY.date() + timedelta(days=dice.choice([-20, -10, -3, -1, 0, 1, 10, 20]))
    line = f"{dice.randrange(1, 99)} High Street"
    answers: dict[str, Callable[[], Any]] = {
        "yesno": lambda: dice.choice(["yes", "no"]),
        "choice": lambda: dice.choice(some),
        "choices": lambda: dice.sample(some, dice.randrange(1, len(some) + 1)),
        "date": day.isoformat,
        "number": lambda: dice.choice([1, 2, 3]),
        "address": lambda: {"line1": line, "town": "Ash", "postcode": "GU12 6AA"},
        "location": lambda: {"place": "Mill Road"},
        "photo": lambda: [{"id": "1", "name": "a.jpg"}],
        "file": lambda: [{"id": "1", "name": "a.pdf"}],
    }
    return answers.get(field.type, lambda: "Some words")()


def move(case: CaseState, dice: random.Random, minutes: int) -> None:
    """Finish one open step, trying answers until some are taken."""
    run = dice.choice(case.open_steps())
    step = case.definition.steps[run.key]
    for _ in range(TRIES):
        by = Actor(kind="staff", user_id=dice.randrange(1, 4), name="Ann")
        place = Around(
            now=MONDAY + timedelta(minutes=minutes),
            by=by,
            team=lambda _code: 1,
            calendar=lambda _name: Calendar.always(),
            staff_id=by.user_id,
        )
        given = {key: answer(dice, case.definition.fields[key]) for key in step.ask}
        outcome = dice.choice(["", *step.outcomes])
        try:
            steps.complete(case, place, step=step.key, given=given, outcome=outcome, text="Because.")
        except (AnswersRefused, NotYet, ChooseAnOutcome):
            continue
        return
    raise AssertionError(f"Nobody can finish “{step.title}” of {case.definition.key}.")


def walk(definition: Definition, dice: random.Random) -> CaseState:
    case = CaseState(1, 1, "ASH-0000-0000", definition, 0, "open", {}, MONDAY)
    place = Around(
        now=MONDAY,
        by=Actor("resident", None, "Ro"),
        team=lambda _code: 1,
        calendar=lambda _name: Calendar.always(),
    )
    steps.begin(case, place)
    for turn in range(LONGEST):
        if case.status == "open":
            assert case.open_steps(), "open, and nobody has anything to do"
            move(case, dice, turn * 30)
    return case


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
class TestEachService:
    def test_comes_to_an_end_by_every_outcome(self, file: Path) -> None:
        definition = load(file)
        dice = random.Random(definition.key)
        seen: Counter[str] = Counter()
        endings: Counter[str] = Counter()
        for _ in range(WALKS):
            case = walk(definition, dice)
            seen.update(
                f"{each.step}: {each.outcome}" for each in case.happened if each.step and each.outcome
            )
            endings[case.ending or case.status] += 1
        outcomes = {f"{key}: {name}" for key, step in definition.steps.items() for name in step.outcomes}
        assert outcomes - set(seen) == set()
        ends = {outcome.end for step in definition.steps.values() for outcome in step.outcomes.values()} - {
            ""
        }
        assert set(endings) - {"open"} == ends
