"""When a call was open, from what is kept of it: the rule by which a past month's backlog is worked out.

A call is open from when it was logged until it is resolved, or ended otherwise (withdrawn, refused, merged). Each time
that it is reopened it is open again until it is resolved again. What is kept of a call says all of that where it was
reopened once; where it was reopened more often, each time that it was resolved has a row of its own (`Resolution`), and
without such rows (calls that were imported) only the first time resolved, the last time reopened and the last time
resolved are known, and what lay between them counts as resolved. A call that was moved to another council counts there
alone, from the beginning.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Spell:
    """One time that a call was resolved, until it was reopened, if it was."""

    resolved_at: datetime
    reopened_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Life:
    """Everything that made a call open or not: when it was logged, its spells of being resolved, its other end."""

    logged_at: datetime
    spells: Sequence[Spell] = ()
    ended_at: datetime | None = None

    def open_at(self, at: datetime) -> bool:
        """Say whether it was open just before a moment.

        >>> from datetime import UTC
        >>> day = lambda number: datetime(2026, 10, number, tzinfo=UTC)
        >>> life = Life(day(1), [Spell(day(3), day(5)), Spell(day(9))])
        >>> [life.open_at(day(number)) for number in (1, 2, 4, 6, 10)]
        [False, True, False, True, False]
        """
        if not self.logged_at < at or (self.ended_at is not None and self.ended_at < at):
            return False
        return not any(
            each.resolved_at < at and (each.reopened_at is None or each.reopened_at >= at)
            for each in self.spells
        )


def life_of(  # noqa: PLR0913, PLR0917 - what a row of a call says
    logged_at: datetime,
    first_resolved_at: datetime | None,
    reopened: int,
    reopened_at: datetime | None,
    resolved_at: datetime | None,
    ended_at: datetime | None,
    kept: Iterable[Spell] = (),
) -> Life:
    """Return the life of a call. `ended_at` is when it closed without being resolved; `kept` are its own rows."""
    spells = [each for each in kept if reopened > 1]
    if not spells and first_resolved_at is not None and reopened and reopened_at is not None:
        spells = [Spell(first_resolved_at)]
    if reopened_at is not None and spells and spells[-1].resolved_at < reopened_at:
        spells[-1] = Spell(spells[-1].resolved_at, spells[-1].reopened_at or reopened_at)
    if resolved_at is not None and (not spells or resolved_at > spells[-1].resolved_at):
        spells.append(Spell(resolved_at))
    return Life(logged_at, spells, ended_at if resolved_at is None else None)
