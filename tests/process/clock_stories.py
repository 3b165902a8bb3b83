"""Random stories of one clock (it starts, stands still, gets other targets, ends), and how they must come out.

The way they must come out is found from running totals of every second (see `tests.plain.by_the_second`), by the law
as it is written down for authors, and by nothing of the engine.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from random import Random
from typing import Literal

from moothall.plain.actors import Actor
from moothall.plain.working_time import Calendar
from moothall.process.definition import Clock, Definition, Span, Target, Targets, Unit
from moothall.process.engine import answering, clocks, moving, steps
from moothall.process.engine.state import Around, CaseState, ClockRun
from moothall.process.language import read
from tests.plain.by_the_second import ALWAYS, Seconds, moment, some_plan

CALL = """
process: call
title: Call
owner: desk
start: [agent]
fields:
  priority: {ask: Priority?, type: choice, of: [P1, P2, P3, P4, P5], amend: [desk]}
clocks:
  restored:
    title: Restored
    within: {by: priority, P1: 1 hour, P2: 2 hours, P3: 3 hours, P4: 4 hours, P5: none}
    from: log
    until: resolve
    pause: reply
    warn: 50%
    late: {tell: desk}
steps:
  log: {title: Log, by: [agent], ask: [priority]}
  ask: {title: Ask, by: desk, after: log, outcomes: {asked: {title: Ask, go: reply}}}
  reply: {title: Reply, by: [agent], on_demand: true, outcomes: {sent: {title: Send, back: ask}}}
  resolve: {title: Resolve, by: desk, after: log, outcomes: {resolved: {title: Resolved, end: resolved}}}
"""
NONE = "P5"
Act = Literal["pause", "resume", "retarget", "sweep", "end"]
_SECONDS = {"minutes": 60, "hours": 3600, "days": 86400}
_SPANS: tuple[tuple[Unit, bool, int], ...] = (
    ("minutes", False, 600), ("hours", False, 60), ("hours", True, 40), ("minutes", True, 900), ("days", False, 6),
    ("days", True, 6),
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One row of the table: how much time of which unit, in which calendar."""

    count: int
    unit: Unit
    working: bool
    calendar: str

    @property
    def kept(self) -> str:
        return self.calendar if self.working else "always"


@dataclass(frozen=True)
class Story:
    """What happens to one clock, each at a second of its own."""

    rows: Mapping[str, Row]
    begins: int
    priority: str
    acts: tuple[tuple[int, Act, str], ...]


@dataclass
class Outcome:
    """How a clock came out. `dues` says after each act when it was due, as long as it went and was not late."""

    state: str = "running"
    late: int | None = None
    used: int | None = None
    dues: list[int | None] = field(default_factory=list)


@dataclass
class World:
    """Two calendars around one night, as plans that are counted second by second, and as the house has them."""

    seconds: Mapping[str, Seconds]
    calendars: Mapping[str, Calendar]

    @classmethod
    def make(cls, random: Random, near: date) -> "World":
        plans = {"office": some_plan(random, near), "extended": some_plan(random, near), "always": ALWAYS}
        return cls(
            {name: Seconds(plan, near) for name, plan in plans.items()},
            {name: plan.calendar("Europe/London", name) for name, plan in plans.items()},
        )


def some_story(random: Random, world: World) -> Story:
    """Return a story that begins in the second week, with up to a dozen turns."""
    rows = {}
    for key in ("P1", "P2", "P3", "P4"):
        unit, working, most = random.choice(_SPANS)
        rows[key] = Row(random.randint(1, most), unit, working, random.choice(("office", "extended")))
    seconds = world.seconds["always"]
    begins = seconds.first + random.randint(4 * 86_400, 9 * 86_400)
    length = random.choice((3_600, 40_000, 300_000, 900_000))
    times = sorted(random.sample(range(begins + 1, begins + length), random.randint(1, 12)))
    acts: list[tuple[int, Act, str]] = []
    waiting = False
    for at in times[:-1]:
        act: Act = random.choice(("retarget", "retarget", "sweep", "resume" if waiting else "pause"))
        waiting = act == "pause" or (waiting and act != "resume")
        acts.append((at, act, random.choice(("P1", "P2", "P3", "P4", NONE)) if act == "retarget" else ""))
    acts.append((times[-1], "end", ""))
    return Story(rows, begins, random.choice(("P1", "P2", "P3", "P4")), tuple(acts))


class Expected:
    """The story told by the law, second by second."""

    def __init__(self, world: World, story: Story) -> None:
        self.world, self.story = world, story
        self.row: Row | None = story.rows.get(story.priority)
        self.last = self.row
        self.key = story.priority
        self.stood: list[tuple[int, int]] = []
        self.still: int | None = None
        self.waiting = False
        self.due: int | None = None
        self.out = Outcome()
        self.aim()

    def told(self) -> Outcome:
        for at, act, key in self.story.acts:
            getattr(self, f"_{act}")(at, key)
            going = self.row is not None and self.still is None and self.out.late is None
            self.out.dues.append(None if not going or self._over(at) else self.due)
        return self.out

    def seconds(self, row: Row) -> Seconds:
        return self.world.seconds[row.kept]

    def length(self, row: Row) -> int | None:
        """Return the open seconds that a row gives; None beyond the four weeks."""
        if not (row.working and row.unit == "days"):
            return row.count * _SECONDS[row.unit]
        closing = self.seconds(row).closing(self.story.begins, row.count)
        return None if closing is None else self.seconds(row).between(self.story.begins, closing)

    def aim(self) -> None:
        assert self.row is not None
        length = self.length(self.row)
        self.due = None
        if length is not None:
            self.due = self.seconds(self.row).reach(self.story.begins, length, self.stood)

    def used(self, at: int, row: Row) -> int:
        return self.seconds(row).used(self.story.begins, at if self.still is None else self.still, self.stood)

    def run_out(self, at: int, *, now: bool) -> None:
        """Be late if it has run out by a moment, or with that moment."""
        if self.row is None or self.still is not None or self.out.late is not None or self.due is None:
            return
        if self.due < at or (now and self.due == at):
            self.out.late = self.due

    def _pause(self, at: int, _key: str) -> None:
        self.waiting = True
        self.run_out(at, now=True)
        if self.row is not None and self.out.late is None and self.still is None:
            self.still = at

    def _resume(self, at: int, _key: str) -> None:
        self.waiting = False
        if self.row is not None and self.still is not None:
            self._goes_on(at)
            self.aim()

    def _goes_on(self, at: int) -> None:
        assert self.still is not None
        self.stood.append((self.still, at))
        self.still = None

    def _sweep(self, at: int, _key: str) -> None:
        self.run_out(at, now=True)

    def _retarget(self, at: int, key: str) -> None:
        if key == self.key:
            return
        self.key = key
        self.run_out(at, now=True)
        row = self.story.rows.get(key)
        if row is None:
            if self.row is not None:
                self.out.used, self.last = self.used(at, self.row), self.row
                self.out.state = "missed" if self.out.late is not None else "stopped"
            self.row = None
            return
        again = self.row is None
        self.row, self.out.state = row, "running"
        if self.out.late is None:
            self._by_the_new_row(at, row)
        if again and self.still is not None and not self.waiting:
            self._goes_on(at)
            self.aim()
        elif again and self.waiting and self.still is None and self.out.late is None and not self._over(at):
            self.still = at

    def _over(self, at: int) -> bool:
        return self.due is not None and self.due <= at

    def _by_the_new_row(self, at: int, row: Row) -> None:
        length = self.length(row)
        if length is not None and self.used(at, row) >= length:
            if self.still is not None:
                self._goes_on(at)
            self.due = at
        elif self.still is None:
            self.aim()

    def _end(self, at: int, _key: str) -> None:
        if self.row is None:
            return
        self.run_out(at, now=False)
        self.out.used = self.used(at, self.row)
        self.out.state = "missed" if self.out.late is not None else "met"
        self.row = None


@cache
def call() -> Definition:
    """Return the process of all stories; its table is another in each."""
    reading = read(CALL)
    assert reading.definition is not None, [str(each) for each in reading.mistakes]
    return reading.definition


def with_rows(rows: Mapping[str, Row]) -> Definition:
    """Return the process with this table."""
    definition = call()
    made = [
        Target(
            choice=key, span=Span(count=row.count, unit=row.unit, working=row.working), calendar=row.calendar
        )
        for key, row in rows.items()
    ]
    clock: Clock = definition.clocks["restored"]
    table = Targets(by="priority", rows=(*made, Target(choice=NONE)))
    return replace(definition, clocks={"restored": replace(clock, targets=table)})


class Played:
    """The story played by the engine."""

    def __init__(self, world: World, story: Story) -> None:
        self.world, self.story = world, story
        self.case = CaseState(1, 1, "R", with_rows(story.rows), 0, "open", {}, moment(story.begins))
        steps.begin(self.case, self.around(story.begins))
        self.do(story.begins, "log", priority=story.priority)

    def around(self, at: int) -> Around:
        by = Actor(kind="staff", user_id=1, name="Ann")
        return Around(moment(at), by, {"desk": 1}.get, self.world.calendars.__getitem__, staff_id=1)

    def do(self, at: int, step: str, **given: str) -> None:
        steps.complete(self.case, self.around(at), step=step, given=given)

    @property
    def run(self) -> ClockRun:
        return self.case.clocks["restored"]

    def told(self) -> Outcome:
        out = Outcome()
        for at, act, key in self.story.acts:
            self.act(at, act, key)
            going = self.run.state == "running" and self.run.late_at is None
            due = int(self.run.due_at.timestamp())
            out.dues.append(due if going and due > at else None)
        out.state, out.used = self.run.state, self.run.used_seconds
        out.late = int(self.run.late_at.timestamp()) if self.run.late_at else None
        return out

    def act(self, at: int, act: Act, key: str) -> None:
        if act == "pause":
            self.do(at, "ask")
        elif act == "resume":
            self.do(at, "reply")
        elif act == "sweep":
            clocks.sweep(self.case, self.around(at))
        elif act == "end":
            self.do(at, "resolve")
        elif key != self.case.data["priority"]:
            answering.amend(self.case, {"priority": key}, self.around(at), "")
            moving.refresh(self.case, self.around(at))
