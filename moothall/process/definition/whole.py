"""A whole process, and what follows from the order of its steps."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from moothall.process import cel
from moothall.process.definition import keeping
from moothall.process.definition.parts import Clock, Field, Service, Step


@dataclass(frozen=True, kw_only=True)
class Definition:
    """A whole process. Mappings keep the order of the file.

    The cases of a `private` process exist only for the circle it names, its owner, and whoever has a step in one; those
    of one that is `seen_with` a permission, for whoever holds that at their council, and whoever has a step in one.
    """

    key: str
    title: str
    owner: str
    start: tuple[str, ...]
    steps: Mapping[str, Step]
    summary: str = ""
    service: Service | None = None
    fields: Mapping[str, Field] = field(default_factory=dict)
    clocks: Mapping[str, Clock] = field(default_factory=dict)
    private: tuple[str, ...] = ()
    seen_with: str = ""

    @property
    def first(self) -> Step:
        """The step that starts a case."""
        return next(iter(self.steps.values()))

    @cached_property
    def dates(self) -> tuple[str, ...]:
        """The fields whose answers are dates, which rules compare as such."""
        return tuple(key for key, field in self.fields.items() if field.type == "date")

    @cached_property
    def moments(self) -> tuple[str, ...]:
        """The fields whose answers are a day and a time, which rules compare as such."""
        return tuple(key for key, field in self.fields.items() if field.type == "datetime")

    @cached_property
    def colleagues(self) -> tuple[str, ...]:
        """The fields whose answers are members of staff, whom rules compare with who did a step."""
        return tuple(key for key, field in self.fields.items() if field.type == "staff")

    @cached_property
    def seats(self) -> frozenset[str]:
        """The fields whose answers are the codes of the councils that have a seat in a vote."""
        return frozenset(each.vote.seats for each in self.steps.values() if each.vote and each.vote.seats)

    @cached_property
    def circle(self) -> str:
        """The circle of its cases, as it is kept with each: names of teams, sorted; or a permission; or empty.

        Empty, they are there for all staff who see the cases of every service.
        """
        return circle_of((*self.private, self.owner)) if self.private else self.seen_with

    def circle_of_step(self, step: str) -> str:
        """Return the circle that may see a step: its own, else that of the case, and whoever votes in it."""
        found = self.steps[step]
        circle = found.circle or self.circle.split()
        return circle_of((*circle, *(found.vote.of if found.vote else ()))) if circle else ""

    @cached_property
    def has_circles(self) -> bool:
        """Whether it keeps anything from some of the staff who may see its cases."""
        return bool(self.private) or any(
            each.circle for part in (self.steps, self.fields) for each in part.values()
        )

    @cached_property
    def circled(self) -> frozenset[str]:
        """The questions whose answers only a circle reads, or only those who see the private step that asks them.

        What is worked out from any of them is one, too.
        """
        found = {key for part in (self.steps, self.fields) for key, each in part.items() if each.circle}
        found |= {key for step in self.steps.values() if step.circle for key in step.ask}
        for each in self.worked_out:
            if not found.isdisjoint(self.worked_out_from(each)):
                found.add(each.key)
        return frozenset(found & self.fields.keys())

    @cached_property
    def kept_apart(self) -> frozenset[str]:
        """The questions whose answers are in no search and no headline: secret, or only for some of the staff."""
        return self.circled | {key for key, each in self.fields.items() if each.secret}

    def worked_out_from(self, field: Field) -> frozenset[str]:
        """Return the questions, and the steps, on which it depends what this answer is worked out to be."""
        rules = [*(field.table.by if field.table else (field.calc,)), field.when]
        names = {path[0] for each in rules if each for path in cel.rule(each).names}
        return frozenset(names & (self.fields.keys() | self.steps.keys()))

    @cached_property
    def hands_over(self) -> bool:
        """Whether a step of it hands work to another case."""
        return any(each.case for each in self.steps.values())

    @cached_property
    def keys(self) -> tuple[frozenset[str], frozenset[str]]:
        """The keys of its steps and of its fields."""
        return frozenset(self.steps), frozenset(self.fields)

    @cached_property
    def conditional(self) -> frozenset[str]:
        """The steps that ask something only if a rule is true."""
        return frozenset(
            key for key, step in self.steps.items() if any(self.fields[each].when for each in step.ask)
        )

    @cached_property
    def ordered(self) -> tuple[Step, ...]:
        """The steps that have a place in the order: all but those on demand."""
        return tuple(each for each in self.steps.values() if not each.on_demand)

    @cached_property
    def worked_out(self) -> tuple[Field, ...]:
        """The fields that the house works out, in the order of the file."""
        return tuple(each for each in self.fields.values() if each.worked_out)

    @cached_property
    def pulled(self) -> tuple[Field, ...]:
        """The fields whose answers are pulled from elsewhere."""
        return tuple(each for each in self.fields.values() if each.source)

    @cached_property
    def unasked(self) -> tuple[Field, ...]:
        """The fields whose answers are pulled from elsewhere, and which nobody is asked."""
        asked = {key for step in self.steps.values() for key in step.ask}
        return tuple(each for each in self.pulled if each.key not in asked)

    @cached_property
    def voted(self) -> tuple[Step, ...]:
        """The steps that several people decide."""
        return tuple(each for each in self.steps.values() if each.vote is not None)

    @cached_property
    def timed(self) -> tuple[Step, ...]:
        """The steps with which time does something: they wait, or are repeated."""
        return tuple(each for each in self.steps.values() if each.wait or each.every)

    @cached_property
    def repeated(self) -> tuple[Step, ...]:
        """The steps that open again and again."""
        return tuple(each for each in self.steps.values() if each.every is not None)

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
        return keeping.body_of(self)

    @cached_property
    def sha256(self) -> str:
        """The digest of the canonical JSON: the same file gives the same digest for ever."""
        return hashlib.sha256(self.body.encode()).hexdigest()


def circle_of(teams: Iterable[str]) -> str:
    """Return a circle as it is kept: the names of its teams, sorted, with spaces between.

    >>> circle_of(["police", "mash"])
    'mash police'
    """
    return " ".join(sorted(set(teams)))


def named_circle(circle: str) -> str:
    """Return the part of a circle that names teams; empty if it names none, though a permission may open it.

    >>> [named_circle(each) for each in ("mash police", "cab servicedesk.change.see", "servicedesk.call.see")]
    ['mash police', 'cab', '']
    """
    return " ".join(each for each in circle.split() if "." not in each)
