"""The parts of a process, as frozen values. Keys are as in the file, except where a word of Python stood in the way.

A clock's and a field's `from` are `since` and `source`; a vote's `pass` and `not` are `needed` and `excluded`; what is
handed to another case (`pass`) is `passes`; `private` to a circle is `circle`. A rule stays text.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Unit = Literal["minutes", "hours", "days", "weeks", "months", "years"]
Contact = Literal["required", "optional", "none"]
Until = Literal["", "accepted", "closed"]

DONE = "done"
RESIDENT = "resident"
"""Whoever asked. A file may also say `requester`, which reads better where staff ask."""
AGENT = "agent"
STAFF = "staff"
"""Any member of staff: who may start a case of work inside the councils."""
TIME = "time"
"""As who may choose an outcome: nobody, it is taken when the time is up."""
ANYBODY = "any"
SUPERVISOR = "supervisor"
"""As who may waive a need: whoever does or passes on the work of other teams."""
PERSONAL = "personal"
NOTHING: Mapping[str, Any] = {}
NAMED = re.compile(r"\{([a-z][a-z0-9_]*)\}")
"""A field named in `say` or `next`, as in “We come on {visit_on}.”: the resident reads its answer there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One of the answers to choose from: the key is kept, the words are read."""

    key: str
    words: str
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of a decision table: a test for each input, in order, and what the answer then is."""

    tests: tuple[str, ...]
    then: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A decision table: the first row whose tests all hold gives the answer (hit policy “first” of DMN 1.3).

    A test is `*` (anything), one or more answers joined by `|`, or a comparison of numbers such as `>= 5` or `1..4`.
    """

    by: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One question, or a value that nobody is asked for. `min` and `max` mean what the type says.

    `missing` is the sentence for whoever leaves it out; `most` is how many files may be given. `source` says from where
    the answer is pulled (`requester.name`, `address.last_round`); `table` and `calc` work it out. `private` is
    `personal` (never found by search); `circle` names the teams that alone may read it, beside whoever does a step
    that shows or asks it. Whoever acts as one of `amend` may put the answer right outside any step.
    """

    key: str
    ask: str = ""
    type: str
    label: str = ""
    hint: str = ""
    missing: str = ""
    of: tuple[Choice, ...] = ()
    when: str = ""
    optional: bool = False
    private: str = ""
    circle: tuple[str, ...] = ()
    source: str = ""
    table: Table | None = None
    calc: str = ""
    min: int | str | None = None
    max: int | str | None = None
    most: int = 1
    unit: str = ""
    amend: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The short words for lists and refusals."""
        return self.label or self.ask

    @property
    def worked_out(self) -> bool:
        """Whether the house works the answer out, so that nobody is ever asked."""
        return self.table is not None or bool(self.calc)

    @property
    def secret(self) -> bool:
        """Whether it is kept out of search, headlines and messages."""
        return bool(self.private or self.circle)


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What must be so before the step can be finished, and the sentence for the person if it is not.

    Whoever acts as one of `waive` may go on all the same, with a written reason.
    """

    rule: str
    say: str
    waive: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """One answer that is handed to another case: under which name it is here, and there."""

    field: str
    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One way a step may turn out. `by` narrows who may choose it; nobody named means all who do the step.

    `back` takes the case back to a step; `go` opens a step that is there on demand; `open` starts a linked case of
    another process, which gets what it `passes`. `answers` are those of the
    step's questions that this outcome needs, so that nobody has to answer the rest; None means all of them.
    """

    key: str
    title: str
    by: tuple[str, ...] = ()
    answers: tuple[str, ...] | None = None
    when: str = ""
    back: str = ""
    go: str = ""
    end: str = ""
    open: str = ""
    passes: tuple[Pass, ...] = ()
    tell: tuple[str, ...] = ()
    say: str = ""
    need_text: str = ""

    @property
    def text_missing(self) -> str:
        """The sentence for whoever left the words out that it needs: what to write, not the question once more."""
        return f"Write an answer to “{self.need_text}”" if self.need_text.endswith("?") else self.need_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A length of time; `working` counts only the opening hours of the clock's calendar.

    >>> str(Span(count=2, unit="days", working=True)), str(Span(count=1, unit="hours"))
    ('2 working days', '1 hour')
    """

    count: int
    unit: Unit
    working: bool = False

    def __str__(self) -> str:
        unit = self.unit[:-1] if self.count == 1 else self.unit
        return f"{self.count} {'working ' if self.working else ''}{unit}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One row of a clock's table: how long it has with this answer. Without a `span`, nothing is promised.

    Working time is that of its own `calendar`, or of the clock's where it names none.
    """

    choice: str
    span: Span | None = None
    calendar: str = ""

    def __str__(self) -> str:
        return str(self.span or "none")


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """How long a clock has, by the answer to a question: one row for each of its choices.

    >>> hour = Span(count=1, unit="hours")
    >>> str(Targets(by="priority", rows=(Target(choice="P1", span=hour), Target(choice="P2"))))
    '1 hour (P1)'
    """

    by: str
    rows: tuple[Target, ...]

    def __str__(self) -> str:
        return ", ".join(f"{row} ({row.choice})" for row in self.rows if row.span)


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """How a step is decided by several people: its first outcome if the vote passes, its second if it cannot any more.

    `of` are the teams whose members vote; `needed` votes for it pass it (`all` of the seats, or a `majority` of them),
    once `quorum` have voted (`all`: for every seat). With one per `council`, a council has one seat, whoever of it
    votes first; `seats` names a question whose answer says which councils have one. `excluded` are those who did an
    earlier step (`report.by`). `veto` names the teams of which one vote against is enough, or `any`.
    """

    of: tuple[str, ...]
    needed: int | str
    quorum: int | str = 0
    one_per: Literal["", "council"] = ""
    seats: str = ""
    excluded: tuple[str, ...] = ()
    veto: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """How long a step waits: `until` the day or time in a field, for a `span`, or for people, but `at_most` so long.

    `then` is the outcome that is taken when the time is up. Working time is that of the `calendar`.
    """

    until: str = ""
    span: Span | None = None
    at_most: Span | None = None
    then: str = ""
    calendar: str = "office"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One piece of work by one kind of person. `next` is what the resident reads while it is open.

    A step on demand has no place in the order: it opens only when an outcome goes to it. One with a `vote` is decided
    by several people; one with a `wait` and nobody in `by` by time alone. With `every`, it opens again after each
    such span, until the step `until` is settled. With `case`, it hands work to another process: `until` says whether
    it waits until the receiving team has `accepted` (it is theirs to accept or refuse) or the other case is `closed`.
    `circle` names the teams that alone may see it. It falls to the very `person` whom a question was answered with.
    """

    key: str
    title: str
    by: tuple[str, ...]
    show: tuple[str, ...] = ()
    ask: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    on_demand: bool = False
    when: str = ""
    need: tuple[Need, ...] = ()
    outcomes: Mapping[str, Outcome] = field(default_factory=dict)
    next: str = ""
    circle: tuple[str, ...] = ()
    vote: Vote | None = None
    wait: Wait | None = None
    every: Span | None = None
    case: str = ""
    passes: tuple[Pass, ...] = ()
    until: str = ""
    person: str = ""

    @property
    def by_time(self) -> bool:
        """Whether nobody does it: it is done when its time has come."""
        return self.wait is not None and self.wait.at_most is None

    @property
    def by_other_case(self) -> bool:
        """Whether nobody does it: it is done when the case that it opened is closed."""
        return bool(self.case) and self.until == "closed"

    @property
    def for_requester(self) -> list[Outcome]:
        """The outcomes that whoever asked may choose."""
        return [each for each in self.outcomes.values() if not each.by or RESIDENT in each.by]

    def needed(self, outcome: str) -> tuple[str, ...] | None:
        """Return the questions that must be answered for an outcome; None for all that are not optional.

        Where there is only one, it need not be named.
        """
        chosen = self.outcomes.get(outcome or (next(iter(self.outcomes)) if len(self.outcomes) == 1 else ""))
        return chosen.answers if chosen else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """What happens when a clock runs out: who is told, and the priority the case then gets."""

    tell: tuple[str, ...] = ()
    priority: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """A promise: within this span, from the end of step `since`, until step `until` is settled.

    How long it has is one span, or `targets`: a table by the answer to a question. It stands still while one of the
    `pause` steps is open, and counts as kept while one of `kept` is, even if that one may lead back. `warn` is the
    percentage of the span after which the team is warned. When staff write to whoever asked, it is `met`, or met and
    begun `again` from then: that is `on_written`.
    """

    key: str
    title: str
    within: Span | None = None
    targets: Targets | None = None
    since: str
    until: str
    when: str = ""
    pause: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    calendar: str = "office"
    warn: int | None = None
    on_written: Literal["", "met", "again"] = ""
    late: Late = field(default_factory=Late)

    @property
    def promised(self) -> str:
        """How long it has, in words: a span, or each answer with its own."""
        return str(self.targets or self.within)

    @property
    def longest(self) -> Span | None:
        """Its span, or the one of its table that is written last: what a picture shows where one must stand for all."""
        if self.targets is None:
            return self.within
        return next((row.span for row in reversed(self.targets.rows) if row.span), None)

    def target(self, choice: Any) -> Target | None:
        """Return what it has with this answer; None if nothing is promised."""
        if self.targets is None:
            return Target(choice="", span=self.within, calendar=self.calendar)
        for row in self.targets.rows:
            if row.choice == choice:
                return row if row.span else None
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """How the process stands in the catalogue for residents."""

    title: str
    description: str
    category: str
    keywords: tuple[str, ...] = ()
    lgsl: int | None = None
    before_you_start: tuple[str, ...] = ()
    how_long: str = ""
    contact: Contact = "required"
    councils: tuple[str, ...] = ()
