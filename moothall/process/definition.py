"""What a process is, once its file has been read and found sound: frozen values, and their JSON for ever.

Keys are as in the file, except that a clock's `from` is `since`. A rule stays text; `process.cel.rule`
compiles it once. Anything equal to its default is left out of the JSON, so that a key added later changes
no old digest.
"""

import dataclasses
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any, Literal

from moothall.plain.canonical import canonical

Unit = Literal["minutes", "hours", "days", "weeks"]
Contact = Literal["required", "optional", "none"]

DONE = "done"
RESIDENT = "resident"
AGENT = "agent"
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
class Field:
    """One question. `min` and `max` mean what the type says: characters, a number, pence, a date.

    `missing` is the sentence for whoever leaves it out; `most` is how many files may be given.
    """

    key: str
    ask: str
    type: str
    label: str = ""
    hint: str = ""
    missing: str = ""
    of: tuple[Choice, ...] = ()
    when: str = ""
    optional: bool = False
    private: str = ""
    min: int | str | None = None
    max: int | str | None = None
    most: int = 1
    unit: str = ""

    @property
    def name(self) -> str:
        """The short words for lists and refusals."""
        return self.label or self.ask


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What must be so before the step can be finished, and the sentence for the person if it is not."""

    rule: str
    say: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One way a step may turn out. `by` narrows who may choose it; nobody named means all who do the step.

    `back` takes the case back to a step; `go` opens a step that is there on demand. `answers` are those of the
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
    tell: tuple[str, ...] = ()
    say: str = ""
    need_text: str = ""

    @property
    def text_missing(self) -> str:
        """The sentence for whoever left the words out that it needs: what to write, not the question once more."""
        return f"Write an answer to “{self.need_text}”" if self.need_text.endswith("?") else self.need_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One piece of work by one kind of person. `next` is what the resident reads while it is open.

    A step on demand has no place in the order: it opens only when an outcome goes to it.
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
class Late:
    """What happens when a clock runs out: who is told, and the priority the case then gets."""

    tell: tuple[str, ...] = ()
    priority: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """A promise: within this span, from the end of step `since`, until step `until` is settled.

    It stands still while one of the `pause` steps is open. `warn` is the percentage of the span after which
    the team is warned.
    """

    key: str
    title: str
    within: Span
    since: str
    until: str
    when: str = ""
    pause: tuple[str, ...] = ()
    calendar: str = "office"
    warn: int | None = None
    late: Late = field(default_factory=Late)


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


@dataclass(frozen=True, kw_only=True)
class Definition:
    """A whole process. Mappings keep the order of the file."""

    key: str
    title: str
    owner: str
    start: tuple[str, ...]
    steps: Mapping[str, Step]
    summary: str = ""
    service: Service | None = None
    fields: Mapping[str, Field] = field(default_factory=dict)
    clocks: Mapping[str, Clock] = field(default_factory=dict)

    @property
    def first(self) -> Step:
        """The step that starts a case."""
        return next(iter(self.steps.values()))

    @cached_property
    def dates(self) -> tuple[str, ...]:
        """The fields whose answers are dates, which rules compare as such."""
        return tuple(key for key, field in self.fields.items() if field.type == "date")

    @cached_property
    def followers(self) -> Mapping[str, tuple[str, ...]]:
        """For each step, the steps that wait for it directly."""
        return {
            key: tuple(step.key for step in self.steps.values() if key in step.after) for key in self.steps
        }

    @cached_property
    def downstream(self) -> Mapping[str, frozenset[str]]:
        """For each step, every step that comes after it, by any way; never itself."""
        found: dict[str, frozenset[str]] = {}
        for key in self.steps:
            seen: set[str] = set()
            waiting = list(self.followers[key])
            while waiting:
                if (step := waiting.pop()) not in seen:
                    seen.add(step)
                    waiting += self.followers[step]
            found[key] = frozenset(seen - {key})
        return found

    @cached_property
    def leads_back(self) -> Mapping[str, frozenset[str]]:
        """For each step, the steps that will be done again after it, unless the case ends: those before a question."""
        found: dict[str, frozenset[str]] = {}
        for key, step in self.steps.items():
            ways = [outcome.back for outcome in step.outcomes.values() if not outcome.end]
            over = [self.downstream[back] | {back} if back else frozenset[str]() for back in ways]
            found[key] = frozenset.intersection(*over) if over else frozenset()
        return found

    @cached_property
    def body(self) -> str:
        """The canonical JSON, as a version is stored."""
        return canonical(_plain(self)).decode()

    @cached_property
    def sha256(self) -> str:
        """The digest of the canonical JSON: the same file gives the same digest for ever."""
        return hashlib.sha256(self.body.encode()).hexdigest()


def to_json(definition: Definition) -> str:
    """Return the canonical JSON of a definition."""
    return definition.body


@lru_cache(maxsize=512)
def from_json(body: str) -> Definition:
    """Return the definition that was stored; the same text gives the same object, already indexed."""
    plain = json.loads(body)
    return Definition(
        **plain
        | {
            "start": tuple(plain["start"]),
            "steps": _keyed([_step(step) for step in plain["steps"]]),
            "service": _made(Service, plain["service"]) if "service" in plain else None,
            "fields": _keyed([_field(one) for one in plain.get("fields", [])]),
            "clocks": _keyed([_clock(one) for one in plain.get("clocks", [])]),
        }
    )


def _plain(value: Any) -> Any:
    """Return dataclasses as mappings without their defaults, and mappings by key as lists in their order."""
    if dataclasses.is_dataclass(value):
        return {
            each.name: _plain(held)
            for each in dataclasses.fields(value)
            if (held := getattr(value, each.name)) != _default(each)
        }
    if isinstance(value, Mapping):
        return [_plain(held) for held in value.values()]
    if isinstance(value, tuple):
        return [_plain(held) for held in value]
    return value


def _default(each: dataclasses.Field[Any]) -> Any:
    if each.default_factory is not dataclasses.MISSING:
        return each.default_factory()
    return each.default


def _keyed(things: list[Any]) -> dict[str, Any]:
    return {thing.key: thing for thing in things}


def _made(kind: Any, plain: Mapping[str, Any], **more: Any) -> Any:
    """Return the dataclass with its lists as tuples."""
    return kind(
        **{key: tuple(held) if isinstance(held, list) else held for key, held in plain.items()} | more
    )


def _field(plain: Mapping[str, Any]) -> Field:
    made: Field = _made(Field, plain, of=tuple(Choice(**choice) for choice in plain.get("of", [])))
    return made


def _step(plain: Mapping[str, Any]) -> Step:
    outcomes = [_made(Outcome, outcome) for outcome in plain["outcomes"]]
    need = tuple(Need(**need) for need in plain.get("need", []))
    made: Step = _made(Step, plain, need=need, outcomes=_keyed(outcomes))
    return made


def _clock(plain: Mapping[str, Any]) -> Clock:
    late = _made(Late, plain.get("late", NOTHING))
    made: Clock = _made(Clock, plain, within=Span(**plain["within"]), late=late)
    return made
