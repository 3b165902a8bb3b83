"""What must hold of every case whatever happened to it, and of the whole database when something was refused."""

import json
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

from django.db import connection

from moothall.councils.rules import Viewer
from moothall.journal import hooks
from moothall.journal.models import Entry
from moothall.process import queries, store, witness
from moothall.process.engine.state import NEVER, CaseState
from moothall.process.models import Event
from moothall.process.queries.worklists import WorkFilter
from tests.process.making import MONDAY
from tests.process.paper import Paper

TABLES = (
    "process_case", "process_step", "process_clock", "process_event", "process_searchword", "process_attachment",
    "process_vote", "process_link", "journal_entry", "journal_job",
)  # fmt: skip


def dump() -> dict[str, list[Any]]:
    """Return everything there is, row for row."""
    rows: dict[str, list[Any]] = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT * FROM {table}")
            rows[table] = sorted(map(repr, cursor.fetchall()))
    return rows


def plain(case: CaseState) -> dict[str, Any]:
    """Return a state without what only one side of the database knows."""
    return {
        "case": (case.seq, case.status, case.data, case.due_at, case.ending, case.priority, case.headline),
        "closed": case.closed_at,
        "origins": case.origins,
        "votes": {
            key: [(each.seat, each.by, each.choice, each.text, each.at) for each in run.votes]
            for key, run in case.steps.items()
            if run.state == "open"
        },
        "steps": {
            key: {name: getattr(run, name) for name in store._STEP_COLUMNS} for key, run in case.steps.items()
        },
        "clocks": {
            key: {name: getattr(run, name) for name in store._CLOCK_COLUMNS}
            for key, run in case.clocks.items()
        },
    }


def as_on_paper(case: CaseState, paper: Paper, now: datetime) -> None:
    assert (case.data, case.ending, case.priority) == (paper.data, paper.ending, paper.priority)
    assert {
        key: (run.run, run.state, run.team_id, run.person_id, run.outcome) for key, run in case.steps.items()
    } == {key: (run.number, run.state, run.team, run.person, run.outcome) for key, run in paper.runs.items()}
    assert {key: run.wake_at for key, run in case.steps.items()} == {
        key: paper.wakes(key) for key in paper.runs
    }
    for step in case.open_steps():
        assert {each.by: (each.seat, each.choice) for each in step.votes} == paper.runs[step.key].votes
    assert case.clocks.keys() == paper.timers.keys()
    for key, timer in paper.timers.items():
        run = case.clocks[key]
        timer.count(now)
        state = {"still": "paused"}.get(timer.mode, timer.mode)
        assert (run.state, run.run, run.late_at is not None) == (state, timer.number, timer.late), key
        if state == "running":
            assert run.due_at == now + timedelta(seconds=timer.span - timer.used)
        if state == "paused":
            assert run.left_seconds == timer.span - timer.used


def promises_of_state(case: CaseState) -> None:
    """A closed case waits for nothing; an open one for somebody or a time; it is due with its first running clock."""
    waits = any(run.wake_at is not None for run in case.steps.values())
    assert (case.status == "closed") == (not case.open_steps() and not waits) == bool(case.ending)
    assert case.origins.keys() == case.data.keys()
    assert not (case.status == "closed" and any(run.going for run in case.clocks.values()))
    running = [run.due_at for run in case.clocks.values() if run.state == "running"]
    assert case.due_at == min(running, default=NEVER)
    for run in case.clocks.values():
        assert (run.sweep_at is not None) == (run.state == "running" and run.late_at is None)
        assert (run.ended_at is None) == run.going


def retold(case: CaseState, events: Sequence[Event]) -> None:
    """Whoever reads the history from its beginning comes to the state and the answers as they are."""
    states: dict[str, tuple[int, str]] = {}
    data: dict[str, Any] = {}
    bells: Counter[tuple[str, str, int]] = Counter()
    for event in events:
        body = json.loads(event.body)
        if event.kind in {"opened", "repeated", "skipped"}:
            assert event.run == states.get(event.step, (0, ""))[0] + 1
            states[event.step] = (event.run, "skipped" if event.kind == "skipped" else "open")
        elif event.kind == "stopped":
            run, state = states[event.step]
            states[event.step] = (run, "cancelled" if state == "open" else state)
        elif event.kind == "done":
            assert states[event.step] == (event.run, "open")
            states[event.step] = (event.run, "done")
            data = {key: held for key, held in data.items() if key not in body.get("dropped", ())}
            data |= body.get("answers", {})
            outcome = case.definition.steps[event.step].outcomes[event.outcome]
            if target := outcome.back or outcome.go:
                for key in states.keys() & {target, *case.definition.downstream[target]}:
                    taken_back = {"open": "cancelled", "done": "reset", "skipped": "reset"}
                    states[key] = (states[key][0], taken_back.get(states[key][1], states[key][1]))
        elif event.kind == "ended":
            states = {
                key: (run, "cancelled" if state == "open" else state) for key, (run, state) in states.items()
            }
        elif event.kind in {"warned", "late"}:
            bells[event.kind, event.step, event.run] += 1
    assert states == {key: (run.run, run.state) for key, run in case.steps.items()}
    assert data == case.data
    assert all(count == 1 for count in bells.values())


def rows_agree(case: CaseState) -> None:
    """Each step has one current run, all its runs are kept, and the worklist shows what is open."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT key, run, current, state FROM process_step WHERE case_id = %s", [case.id])
        rows = cursor.fetchall()
    assert {(key, run) for key, run, current, _ in rows if current} == {
        (key, run.run) for key, run in case.steps.items()
    }
    for key, run in case.steps.items():
        assert sorted(number for one, number, _, _ in rows if one == key) == list(range(1, run.run + 1))
    lists = [
        queries.worklist(Viewer.system(), WorkFilter(whose="all", waits_for=who), MONDAY).rows
        for who in ("staff", "resident")
    ]
    shown = {
        (work.title.lower(), work.team_id, work.due_at) for work in chain(*lists) if work.case_id == case.id
    }
    open_now = {
        (run.key, run.team_id, None if run.due_at == NEVER else run.due_at) for run in case.open_steps()
    }
    assert shown == open_now


def proven(case: CaseState) -> None:
    """The record can prove every event of the case."""
    entries = Entry.objects.filter(about=f"case:{case.id}")
    said = [
        hooks.Testimony(each.pk, each.what, each.about, each.council_id, json.loads(each.facts))
        for each in entries
    ]
    assert witness.digests(said) == {each.entry_id: each.facts["digest"] for each in said}
    covered = [
        number for each in said for number in range(each.facts["events"][0], each.facts["events"][1] + 1)
    ]
    assert sorted(covered) == list(range(1, case.seq + 1))
    assert list(witness.strays()) == []
