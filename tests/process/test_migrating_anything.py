"""Random processes, random cases, random moves between them: whatever is chosen, the case stays whole and can go on."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest

from moothall.councils.rules import Viewer
from moothall.plain.errors import HouseError
from moothall.process import actions, queries, store
from moothall.process.definition import Definition
from moothall.process.engine.state import CaseState
from moothall.process.models import Case, Event, ProcessVersion, Step
from tests.makers import make_council, make_team
from tests.process import drawing, holding
from tests.process.making import MONDAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]
SYSTEM = Viewer.system()
SEEDS = [*range(30), 54, 58, 117, 206]


def publish(definition: Definition, number: int) -> ProcessVersion:
    """Publish a definition as a version; the same twice would be one."""
    made = replace(definition, summary=f"Number {number}")
    return actions.publish(by=SYSTEM, definition=made, source="", now=MONDAY)


def given(dice: Random, case: CaseState, step: str) -> dict[str, Any]:
    return {key: dice.choice(drawing.RIGHT[key]) for key in case.definition.steps[step].ask}


def go_on(case_id: int, dice: Random, at: datetime, acts: int) -> CaseState:
    """Do a few things at random; what is refused is left."""
    for number in range(acts):
        case = store.load(case_id)
        assert case is not None
        if case.status == "closed":
            return case
        if not case.open_steps():  # it waits for a time
            actions.sweep(at + timedelta(days=number + 1))
            continue
        step = dice.choice(case.open_steps()).key
        outcome = dice.choice(list(case.definition.steps[step].outcomes))
        now = at + timedelta(minutes=7 * number)
        actions.sweep(now)
        try:
            actions.act(by=SYSTEM, case_id=case_id, step=step, expected=None, now=now, text="So.", outcome=outcome,
                        answers=given(dice, case, step))  # fmt: skip
        except HouseError:
            continue
    case = store.load(case_id)
    assert case is not None
    return case


def choices_for(dice: Random, version: ProcessVersion, now: datetime) -> dict[str, str]:
    """Choose at random for every trouble that the dry run names; now and then leave one."""
    found: dict[str, str] = {}
    for group in actions.dry_run(by=SYSTEM, version=version, now=now).groups:
        ways = [*group.trouble.options, *(["-"] if group.trouble.may_drop else [])]
        if ways and dice.randrange(5):
            found[group.trouble.key] = dice.choice(ways)
    return found


def whole(case_id: int) -> None:
    """Check all that must be so of a case, whatever became of it."""
    case = store.load(case_id)
    assert case is not None
    assert case.steps.keys() <= case.definition.steps.keys()
    holding.promises_of_state(case)
    holding.proven(case)
    rows = list(Step.objects.filter(case_id=case_id).values_list("key", "run", "state", "current", "circle"))
    assert {(key, run) for key, run, _, current, _ in rows if current} == {
        (key, run.run) for key, run in case.steps.items()
    }
    assert not [row for row in rows if row[2] == "open" and not row[3]]
    for key, run in case.steps.items():
        assert sorted(number for one, number, *_ in rows if one == key) == list(range(1, run.run + 1))
        if run.state == "done":
            assert run.outcome in case.definition.steps[key].outcomes
    data: dict[str, Any] = {}
    for body in store.bodies(case_id):
        data = {key: value for key, value in data.items() if key not in body.get("dropped", ())}
        data |= body.get("data", {}) | body.get("answers", {})
    assert data == case.data
    queries.case_file(SYSTEM, case.reference, MONDAY, whole_history=True)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_case_stays_whole_whatever_version_it_is_moved_to(seed: int) -> None:
    dice = Random(seed)
    council = make_council()
    for name in drawing.TEAMS[: dice.randint(1, 3)]:
        make_team(council=council, function=name)
    versions = [publish(drawing.definition(dice.randrange(10_000)), number) for number in range(3)]
    cases = []
    for _ in range(3):
        version = dice.choice(versions)
        try:
            first = store.definition_of(version.pk).first
            answers = {key: dice.choice(drawing.RIGHT[key]) for key in first.ask}
            case = actions.start_case(by=SYSTEM, council=council, process="model", now=MONDAY, answers=answers,
                                      version_id=version.pk)  # fmt: skip
        except HouseError:
            case = actions.start_case(
                by=SYSTEM, council=council, process="model", now=MONDAY, version_id=version.pk
            )
        cases.append(go_on(case.id, dice, MONDAY, dice.randrange(6)).id)
    for number in range(1, 4):
        now = MONDAY + timedelta(hours=number)
        version = dice.choice(versions)
        choices = choices_for(dice, version, now)
        tried = actions.dry_run(by=SYSTEM, version=version, choices=choices, now=now)
        done = actions.migrate(by=SYSTEM, version=version, choices=choices, now=now)
        assert (done.moved, done.left) == (tried.safe, tried.needing)
        for case_id in cases:
            whole(case_id)
            go_on(case_id, dice, now, dice.randrange(5))
            whole(case_id)
    moves = Event.objects.filter(kind="migrated", case_id__in=cases)
    for event in moves:
        body = json.loads(event.body)
        assert body["from_version"] != body["to_version"]
    assert Case.objects.filter(pk__in=cases).count() == len(cases)
