"""Which cases an X-ray is about, and what of them its viewer may count.

Every figure but the months is about one cohort: the cases of one process that were opened at some councils between two
days, with all that has happened to them up to now. A case whose circle the viewer is not in is in no figure; a step
that is private to a circle they are not in counts as “Work by others”.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

from django.db import connection
from django.db.models import Q

from moothall.councils import gate, scope
from moothall.councils.models import Council
from moothall.councils.rules import Viewer
from moothall.plain.days import begin_of
from moothall.process import cel, circles, store
from moothall.process.definition import RESIDENT, Definition, Step
from moothall.process.errors import NoSuchProcess
from moothall.process.models import ProcessVersion
from moothall.process.permissions import Can

OTHERS = "~"
"""The key of steps that are private to a circle the viewer is not in."""
_KEY = re.compile(r"[a-z][a-z0-9_-]{0,59}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Lens:
    """What somebody wants to look at. Both days count; no councils means all that the viewer may count."""

    process: str
    since: date
    until: date
    councils: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Words:
    """What the keys of a process are called, in the words of its newest version, and what its steps are.

    `backs` says to which step an outcome leads back; `repeated` steps come round by time; `waits_for` says of the steps
    that are nobody's of the staff for whom or what they wait: the `requester`, `time`, or another `case`.
    """

    title: str
    steps: Mapping[str, str]
    outcomes: Mapping[tuple[str, str], str]
    clocks: Mapping[str, str]
    backs: Mapping[tuple[str, str], str]
    votes: frozenset[str]
    repeated: frozenset[str]
    waits_for: Mapping[str, str]
    definition: Definition

    def step(self, key: str) -> str:
        """Return what a step is called; one that no version knows is named as it is."""
        return circles.OTHERS if key == OTHERS else self.steps.get(key, key)

    def outcome(self, step: str, key: str) -> str:
        return self.outcomes.get((step, key), key.replace("-", " "))

    def clock(self, key: str) -> str:
        return self.clocks.get(key, key)

    def place(self, key: str) -> int:
        """Return where a step stands in the order of the process."""
        return list(self.steps).index(key) if key in self.steps else len(self.steps)


@dataclass(frozen=True, slots=True)
class Cohort:
    """The cases that a viewer may count through a lens. `where` and `values` are its condition on `process_case c`."""

    lens: Lens
    now: datetime
    councils: Mapping[int, str]
    where: str
    values: tuple[Any, ...]
    any_time: str
    any_values: tuple[Any, ...]
    hidden: Mapping[int, frozenset[str]]
    untold: Mapping[int, frozenset[str]]
    words: Words

    @property
    def months(self) -> list[tuple[date, Any, Any]]:
        """The months of the period: the first day of each that counts, and when it begins and ends, as stored."""
        firsts = [self.lens.since]
        while (first := next_month(firsts[-1])) <= self.lens.until:
            firsts.append(first)
        days = [*firsts, self.lens.until + timedelta(days=1)]
        return [(day, stored(begin_of(day)), stored(begin_of(after))) for day, after in pairwise(days)]

    @property
    def cases(self) -> str:
        """The cases as the end of a statement."""
        return f"process_case c WHERE {self.where}"

    def events(self, *kinds: str) -> str:
        """Return the events of these kinds as the end of a statement: case by case, in their order, without a sort.

        CROSS JOIN keeps SQLite from turning the loops round; to PostgreSQL it is a join like any other.
        """
        names = ", ".join(f"'{_known(kind)}'" for kind in kinds)
        return (
            "process_case c CROSS JOIN process_event e WHERE e.case_id = c.id"
            f" AND {self.where} AND e.kind IN ({names})"
        )

    def shown(self, key: str) -> str:
        """Return the key of a step that a definition names, or that of others' if it is hidden at any council."""
        return OTHERS if any(key in keys for keys in self.hidden.values()) else key

    def step(self, column: str, council: str = "c.council_id", instead: str = f"'{OTHERS}'") -> str:
        """Return the expression of a step's key, which gives `instead` for those that are private to others."""
        return self.unless_hidden(column, column, council, instead)

    def unless_hidden(self, column: str, value: str, council: str, instead: str) -> str:
        """Return an expression that gives the value, or `instead` where the step is private to others."""
        if not self.hidden:
            return value
        cases = " ".join(
            f"WHEN {council} = {int(number)} AND {column} IN ({keys_in_sql(keys)}) THEN {instead}"
            for number, keys in sorted(self.hidden.items())
        )
        return f"CASE {cases} ELSE {value} END"

    def unless_untold(self, value: str, council: str, instead: str) -> tuple[str, list[str]]:
        """Return an expression, with its values, that gives `instead` for sentences of rules that tell too much."""
        if not self.untold:
            return value, []
        cases = " ".join(
            f"WHEN {council} = {int(number)} AND {value} IN ({_places(sorted(says))}) THEN {instead}"
            for number, says in sorted(self.untold.items())
        )
        values = [say for _, says in sorted(self.untold.items()) for say in sorted(says)]
        return f"CASE {cases} ELSE {value} END", values


def cohort(viewer: Viewer, lens: Lens, now: datetime) -> Cohort:
    """Return the cases that the viewer may count; refused where they may count none."""
    gate.allow_anywhere(viewer, Can.XRAY)
    reached = gate.councils(viewer, Can.XRAY)
    chosen = sorted(reached & lens.councils if lens.councils else reached)
    versions = _versions(lens.process, chosen)
    start, end = begin_of(lens.since), begin_of(lens.until + timedelta(days=1))
    within, circle_values = circles.clause_of_cases(viewer, "c")
    scoped, scope_values = scope.clause("c.council_id")
    # the plus keeps SQLite from choosing an index by council, which would not be in the order of the events
    any_time = f"c.process = %s AND +c.council_id IN ({_places(chosen)}) AND {within} AND {scoped}"
    any_values = (lens.process, *chosen, *circle_values, *scope_values)
    return Cohort(
        lens=lens,
        now=now,
        councils=dict(Council.objects.filter(id__in=chosen).order_by("name").values_list("id", "name")),
        where=f"{any_time} AND c.opened_at >= %s AND c.opened_at < %s",
        values=(*any_values, stored(start), stored(end)),
        any_time=any_time,
        any_values=any_values,
        hidden=_hidden(viewer, chosen, versions),
        untold=_untold(viewer, chosen, versions),
        words=_words([definition for _, definition in versions]),
    )


def next_month(day: date) -> date:
    """Return the first day of the month after the one of a day.

    >>> next_month(date(2026, 12, 31))
    datetime.date(2027, 1, 1)
    """
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def stored(at: datetime) -> Any:
    """Return a time as the database keeps it."""
    return connection.ops.adapt_datetimefield_value(at.astimezone(UTC))


def _versions(process: str, councils: Sequence[int]) -> list[tuple[int | None, Definition]]:
    """Return all versions of a process that count at these councils, the newest first; one of no council for all."""
    rows = ProcessVersion.objects.filter(Q(council=None) | Q(council__in=councils), key=process)
    found = rows.order_by("-number", "council_id").values_list("id", "council_id")
    if not found:
        raise NoSuchProcess(key=process, what="process")
    return [(council_id, store.definition_of(number)) for number, council_id in found]


def _hidden(
    viewer: Viewer, councils: Sequence[int], versions: Sequence[tuple[int | None, Definition]]
) -> dict[int, frozenset[str]]:
    """Return the steps of each council that are private to circles the viewer is not in, in any version."""
    found: dict[int, frozenset[str]] = {}
    for number in councils:
        keys = {
            step.key
            for council_id, definition in versions
            if council_id in {None, number}
            for step in definition.steps.values()
            if step.circle and not circles.sees(viewer, number, circles.own_circle(step))
        }
        if keys:
            found[number] = frozenset(keys)
    return found


def _untold(
    viewer: Viewer, councils: Sequence[int], versions: Sequence[tuple[int | None, Definition]]
) -> dict[int, frozenset[str]]:
    """Return the sentences of the rules of each council that are about what is kept from the viewer."""
    found: dict[int, frozenset[str]] = {}
    for number in councils:
        says = {
            need.say
            for council_id, definition in versions
            if council_id in {None, number} and definition.has_circles
            for kept in (circles.kept_from(viewer, number, definition),)
            for step in definition.steps.values()
            for need in step.need
            if kept & {path[0] for path in cel.rule(need.rule).names}
        }
        if says:
            found[number] = frozenset(says)
    return found


def _words(definitions: Sequence[Definition]) -> Words:
    """Return what things are called: by the newest version, and by older ones what it has no more."""
    steps: dict[str, str] = {}
    outcomes: dict[tuple[str, str], str] = {}
    clocks: dict[str, str] = {}
    backs: dict[tuple[str, str], str] = {}
    for definition in definitions:
        for step in definition.steps.values():
            steps.setdefault(step.key, step.title)
            for outcome in step.outcomes.values():
                outcomes.setdefault((step.key, outcome.key), outcome.title)
                if outcome.back:
                    backs.setdefault((step.key, outcome.key), outcome.back)
        for clock in definition.clocks.values():
            clocks.setdefault(clock.key, clock.title)
    every = [step for definition in definitions for step in definition.steps.values()]
    return Words(
        title=definitions[0].title,
        steps=steps,
        outcomes=outcomes,
        clocks=clocks,
        backs=backs,
        votes=frozenset(step.key for step in every if step.vote),
        repeated=frozenset(step.key for step in every if step.every),
        waits_for={step.key: what for step in reversed(every) if (what := _waits_for(step))},
        definition=definitions[0],
    )


def _waits_for(step: Step) -> str:
    if RESIDENT in step.by:
        return "requester"
    return "time" if step.by_time else "case" if step.by_other_case else ""


def keys_in_sql(keys: Iterable[str]) -> str:
    """Return keys of steps as SQL writes them; the language lets no other characters into one."""
    return ", ".join(f"'{_known(key)}'" for key in sorted(keys))


def _known(key: str) -> str:
    if not _KEY.fullmatch(key):
        raise ValueError(f"{key!r} is not a key of a process.")
    return key


def _places(values: Sequence[Any]) -> str:
    return ", ".join(["%s"] * len(values)) or "NULL"
