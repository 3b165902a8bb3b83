"""Many histories of one process, laid down by bulk inserts: 100,000 cases, a million events, over three councils.

Nothing is played through the engine: an X-ray reads rows, and these have the shape the engine writes. Events lie in the
order in which they happened, those of all cases mixed, as in a house that has been at work for two years.
"""

import hashlib
import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

SEED, PROCESS = 1485, "kerb-repair"
NOW = datetime(2026, 11, 20, 15, 40, tzinfo=UTC)
YEAR = 365 * 24 * 60
TAKEN = 0.4
HERE = Path(__file__)
NEVER = datetime(9999, 12, 31, tzinfo=UTC)
WORDS = "The kerb by the bus stop is loose and two stones are missing since the lorry turned here last week"
ANSWERS = {"what": WORDS, "address": {"line1": "12 Ash Grove", "town": "Ashby", "postcode": "ZX1 2AB"}}

YAML = """
process: kerb-repair
title: Kerb repair
owner: highways
start: [resident, agent]
fields:
  what: {ask: What is broken?, type: text}
  answer: {ask: Your answer, type: text, optional: true}
clocks:
  repaired:
    title: Repaired
    within: 10 working days
    from: report
    until: repair
    pause: reply
    late: {tell: highways}
steps:
  report: {title: Report, by: [resident, agent], ask: [what]}
  check:
    title: Check
    by: highways
    outcomes:
      repair: {title: Repair it}
      ask: {title: Ask, answers: []}
      refuse: {title: Refuse, end: refused}
  reply:
    title: Answer from the resident
    by: [resident]
    when: check.outcome == "ask"
    ask: [answer]
    outcomes:
      answered: {title: Answered, back: check}
  visit: {title: Visit, by: customer-services, when: check.outcome == "repair", after: check}
  repair:
    title: Repair
    by: highways
    after: visit
    when: check.outcome == "repair"
    outcomes:
      done: {title: Repaired}
      again: {title: Look again, back: visit}
  sign:
    title: Sign off
    by: complaints
    after: repair
    when: check.outcome == "repair"
    outcomes:
      done: {title: Signed off, end: completed}
"""


def key(cases: int) -> str:
    """Return what changes when the histories would come out differently."""
    rooms = HERE.parents[2] / "moothall"
    files = [HERE, *sorted(rooms.glob("*/migrations/*.py"))]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files) + str(cases).encode()).hexdigest()[
        :10
    ]


def build(cases: int) -> None:
    """Fill the migrated, empty house this process lives in."""
    from django.db import connection, transaction

    from moothall.config.demo import cast
    from moothall.councils import scope, walls
    from moothall.councils.models import Council, Team
    from moothall.councils.rules import Viewer
    from moothall.process import actions, language

    cast.found(NOW)
    read = language.read(YAML)
    assert read.definition is not None, read.mistakes
    version = actions.publish(by=Viewer.system(), definition=read.definition, source=YAML, now=NOW)
    councils = dict(Council.objects.values_list("code", "id"))
    teams = dict(Team.objects.values_list("code", "id"))
    serving = {
        councils["alderbridge"]: (teams["city-streets"], teams["contact-centre"], teams["joint-complaints"]),
        councils["fernshire"]: (
            teams["county-highways"],
            teams["contact-centre"],
            teams["county-complaints"],
        ),
        councils["wenbury"]: (teams["district-streets"], teams["contact-centre"], teams["joint-complaints"]),
    }
    with scope.everything("a benchmark builds its histories"), walls.as_owner(), transaction.atomic():
        _Histories(cases, version.pk, serving).lay()
    with walls.as_owner(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM ANALYZE")
        else:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


class _History:
    """One case while it is told: its rows, and the time, which only goes on."""

    def __init__(self, number: int, council: int, teams: tuple[int, int, int], start: datetime) -> None:
        self.number, self.council, self.start, self.at = number, council, start, start
        highways, centre, complaints = teams
        self.teams = {"check": highways, "visit": centre, "repair": highways, "sign": complaints}
        self.events: list[tuple[Any, ...]] = []
        self.steps: list[list[Any]] = []
        self.clock: list[Any] | None = None
        self.ending, self.stopped = "", False
        self.runs: dict[str, int] = {}

    def say(
        self, kind: str, step: str = "", run: int = 0, outcome: str = "", team: int | None = None, **body: Any
    ) -> None:
        self.events.append(
            (self.at, self.number, len(self.events) + 1, kind, step, run, outcome, team, json.dumps(body))
        )

    def pass_(self, minutes: float) -> bool:
        """Let time go on; false when that would be after now."""
        self.at += timedelta(seconds=round(60 * minutes))
        self.stopped = self.stopped or self.at > NOW
        return not self.stopped


def walk(rng: random.Random, case: _History) -> None:
    """Tell one case from its report to its end, or to now."""
    case.say("started", data=ANSWERS)
    _step(case, rng, "report", wait=0)
    case.clock = ["running", case.at, case.at + timedelta(days=14), None, None]
    if (checked := _checked(rng, case)) == "refuse":
        _end(case, "refused")
    if checked != "repair":
        return
    went = "again"
    while went == "again":
        went = rng.choices(("done", "again"), (92, 8))[0]
        if not _step(case, rng, "visit", wait=1500):
            return
        if not _step(case, rng, "repair", wait=4000, outcome=went):
            return
    if _step(case, rng, "sign", wait=600):
        _end(case, "completed")


def _checked(rng: random.Random, case: _History) -> str:
    """Let the report be checked, and the resident asked as often as it takes; empty if that goes on now."""
    while True:
        went = rng.choices(("repair", "ask", "refuse"), (50, 10, 40))[0]
        if not _step(case, rng, "check", wait=900, outcome=went):
            return ""
        if went != "ask":
            return went
        if not _step(case, rng, "reply", wait=2500, outcome="answered"):
            return ""


def _step(case: _History, rng: random.Random, key: str, *, wait: float, outcome: str = "done") -> bool:
    """Open a step, let it wait, and do it; false if it is still open now."""
    case.runs[key] = run = case.runs.get(key, 0) + 1
    team = case.teams.get(key)
    case.say("opened", key, run, team=team)
    row = [case.council, case.number, True, key, run, "open", team is None, team, None]
    row += [case.at, NEVER, None, "", ""]
    for other in case.steps:
        if other[3] == key:
            other[2] = False
    case.steps.append(row)
    if key == "reply":
        case.say("paused", "repaired", 1, **{"while": "reply"})
    if wait and not case.pass_(rng.expovariate(1 / wait)):
        return False
    if team is not None and rng.random() < TAKEN:
        case.say("taken", key, run, team=team)
        if not case.pass_(rng.expovariate(1 / 200)):
            return False
    clock = case.clock
    if clock is not None and clock[0] == "running" and clock[3] is None and case.at > clock[2]:
        clock[3] = clock[2]
        case.say("late", "repaired", 1, due=clock[2].isoformat())
    case.say("done", key, run, outcome, team, answers={"what": WORDS[: rng.randrange(20, 90)]})
    if key == "reply":
        case.say("resumed", "repaired", 1, since=row[9].isoformat(), due=NOW.isoformat())
    row[5], row[11], row[12], row[13] = "done", case.at, f"user:{rng.randrange(1, 40)}", outcome
    if key == "repair" and outcome == "done" and clock is not None:
        clock[0], clock[4] = ("missed" if clock[3] else "met"), case.at
    return True


def _end(case: _History, ending: str) -> None:
    case.ending = ending
    if case.clock and case.clock[0] == "running":
        case.clock[0], case.clock[4] = ("missed" if case.clock[3] else "stopped"), case.at
    case.say("ended", outcome=ending)


class _Histories:
    """All the cases, told first and then written down table by table."""

    def __init__(self, cases: int, version: int, serving: dict[int, tuple[int, int, int]]) -> None:
        rng = random.Random(SEED)
        councils = sorted(serving)
        starts = sorted(rng.randrange(2 * YEAR) for _ in range(cases))
        self.version = version
        self.cases: list[_History] = []
        for number, minute in enumerate(starts, start=1):
            council = rng.choice(councils)
            case = _History(number, council, serving[council], NOW - timedelta(minutes=2 * YEAR - minute))
            walk(rng, case)
            self.cases.append(case)

    def lay(self) -> None:
        from moothall.process.models import Case, Clock, Event, Step

        self._insert(
            Case,
            "id council_id version_id process reference headline status ending priority data origins"
            " circle seq due_at opened_at changed_at closed_at",
            self._case_rows(),
        )
        self._insert(
            Step,
            "council_id case_id current key run state asks_requester team_id person_id opened_at due_at"
            " done_at done_by outcome circle",
            ([*row, ""] for case in self.cases for row in case.steps),
        )
        self._insert(
            Clock,
            "council_id case_id key run state started_at due_at late_at ended_at"
            " target within calendar stood ended_by",
            (
                [case.council, case.number, "repaired", 1, *case.clock, *[""] * 5]
                for case in self.cases
                if case.clock
            ),
        )
        councils = {case.number: case.council for case in self.cases}
        events = sorted(
            (event for case in self.cases for event in case.events),
            key=lambda each: (each[0], each[1], each[2]),
        )
        self._insert(
            Event,
            "council_id case_id seq at kind actor_kind actor_user actor_name step run outcome team_id body",
            (
                [
                    councils[number],
                    number,
                    seq,
                    at,
                    kind,
                    "staff",
                    7,
                    "Helen Okafor",
                    step,
                    run,
                    outcome,
                    team,
                    body,
                ]
                for at, number, seq, kind, step, run, outcome, team, body in events
            ),
        )

    def _case_rows(self) -> Iterator[list[Any]]:
        data = json.dumps(ANSWERS)
        origins = json.dumps(
            {
                key: {"at": NOW.isoformat(), "by": "Somebody", "from": "step:report"}
                for key in ("what", "address")
            }
        )
        for case in self.cases:
            state = "closed" if case.ending else "open"
            due = case.clock[2] if case.clock and case.clock[0] == "running" else NEVER
            yield [
                case.number,
                case.council,
                self.version,
                PROCESS,
                f"KRB-{case.number:08}",
                WORDS[:60],
                state,
                case.ending,
                "",
                data,
                origins,
                "",
                len(case.events),
                due,
                case.start,
                min(case.at, NOW),
                case.at if case.ending else None,
            ]

    def _insert(self, model: Any, names: str, rows: Iterator[list[Any]]) -> None:
        from django.db import connection

        adapt = connection.ops.adapt_datetimefield_value
        columns = names.split()
        statement = (
            f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) VALUES"
            f" ({', '.join(['%s'] * len(columns))})"
        )
        with connection.cursor() as cursor:
            cursor.executemany(
                statement,
                ([adapt(each) if isinstance(each, datetime) else each for each in row] for row in rows),
            )
