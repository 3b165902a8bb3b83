"""For how long a council keeps what it holds about a person: by rule, each with its source.

`RULES` is the whole schedule. Several rules may speak of one person; the longest counts. A rule that `binds` is a
reason to keep that erasure on request must give way to (UK GDPR article 17(3)); the others only say when a record is
due to be looked at. What a council has to confirm with its own schedule says so in `confirm`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

FOREVER = date(9999, 12, 31)
"""Kept until what its rule counts from is known, such as a date of birth."""
ADULT = 18
MOST_YEARS = 150


@dataclass(frozen=True, slots=True)
class Life:
    """What the schedule needs to know of a person at one council. `processes` are those of their cases, all closed.

    `active_on` is when anything last happened: a contact, a case, something learned.
    """

    active_on: date
    born: date | None = None
    died: date | None = None
    closed_on: date | None = None
    processes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the schedule: so many years after what `counts` names.

    `counts` is `active`, `closed` (the last case), `minor` (their eighteenth birthday, if they were a child when the
    last case was closed) or `birth`. With `processes`, only whoever has a case of one of them; `if_died` is for those
    who died before they were eighteen, instead of `years`.
    """

    key: str
    title: str
    source: str
    years: int
    counts: str
    binds: bool
    processes: frozenset[str] = frozenset()
    if_died: int = 0
    confirm: bool = False


RULES: tuple[Rule, ...] = (
    Rule(
        key="activity",
        title="6 years after anything last happened",
        source="Limitation Act 1980, sections 2 and 5; storage limitation, UK GDPR article 5(1)(e)",
        years=6,
        counts="active",
        binds=False,
        confirm=True,
    ),
    Rule(
        key="case",
        title="6 years after their last case was closed",
        source="Limitation Act 1980, sections 2 and 5; legal claims, UK GDPR article 17(3)(e)",
        years=6,
        counts="closed",
        binds=True,
    ),
    Rule(
        key="minor",
        title="6 years after the eighteenth birthday of who was a child when the last case was closed",
        source="Limitation Act 1980, section 28; legal claims, UK GDPR article 17(3)(e)",
        years=6,
        counts="minor",
        binds=True,
    ),
    Rule(
        key="child-in-care",
        title="75 years after birth, or 15 years after the death of a child in care",
        source="Care Planning, Placement and Case Review (England) Regulations 2010, regulation 50",
        years=75,
        counts="birth",
        binds=True,
        processes=frozenset({"child-in-care", "looked-after-child"}),
        if_died=15,
    ),
    Rule(
        key="child-protection",
        title="75 years after birth, for work to protect a child",
        source="As for children in care; the Independent Inquiry into Child Sexual Abuse asks for 75 years",
        years=75,
        counts="birth",
        binds=True,
        processes=frozenset({"mash", "strategy-discussion", "child-protection"}),
        confirm=True,
    ),
    Rule(
        key="adult-care",
        title="8 years after adult social care ended",
        source="Records Management Code of Practice for Health and Social Care, retention schedule",
        years=8,
        counts="closed",
        binds=True,
        processes=frozenset({"adult-care", "adult-safeguarding", "care-assessment"}),
        confirm=True,
    ),
)


@dataclass(frozen=True, slots=True)
class Keeping:
    """Until when a record is kept, and the rule that says so. `bound_until` is for how long erasure is refused."""

    until: date
    rule: Rule
    bound_until: date | None = None
    binding: Rule | None = None


def keeping(life: Life, rules: Iterable[Rule] = RULES) -> Keeping:
    """Return until when the schedule keeps what is held of a person: the latest day that any rule gives.

    >>> found = keeping(Life(active_on=date(2020, 2, 29)))
    >>> found.until.isoformat(), found.rule.key, found.bound_until
    ('2026-02-28', 'activity', None)
    >>> found = keeping(Life(date(2026, 1, 5), born=date(2015, 6, 1), closed_on=date(2026, 1, 5)))
    >>> found.until.isoformat(), found.rule.key
    ('2039-06-01', 'minor')
    """
    days = [(day, rule) for rule in rules if (day := _until(rule, life)) is not None]
    if not days:
        days = [(years_after(life.active_on, RULES[0].years), RULES[0])]
    until, rule = max(days, key=lambda each: each[0])
    bound = max((each for each in days if each[1].binds), key=lambda each: each[0], default=None)
    return Keeping(until, rule, *(bound or (None, None)))


def _until(rule: Rule, life: Life) -> date | None:
    """Return the day that a rule gives, or None if it does not speak of this person."""
    if rule.processes and rule.processes.isdisjoint(life.processes):
        return None
    if rule.counts == "active":
        return years_after(max(life.active_on, life.died or life.active_on), rule.years)
    if rule.counts == "closed":
        return years_after(life.closed_on, rule.years) if life.closed_on else None
    if rule.counts == "minor":
        return _after_childhood(rule, life)
    return _after_birth(rule, life)


def _after_childhood(rule: Rule, life: Life) -> date | None:
    if life.born is None or life.closed_on is None:
        return None
    grown = years_after(life.born, ADULT)
    return years_after(grown, rule.years) if life.closed_on < grown and not life.died else None


def _after_birth(rule: Rule, life: Life) -> date:
    if life.born is None:
        return FOREVER
    if rule.if_died and life.died and life.died < years_after(life.born, ADULT):
        return years_after(life.died, rule.if_died)
    return years_after(life.born, rule.years)


def years_after(day: date, years: int) -> date:
    """Return the same day so many years later; 28 February for the 29th where there is none.

    >>> years_after(date(2024, 2, 29), 1)
    datetime.date(2025, 2, 28)
    """
    year = min(day.year + years, FOREVER.year)
    return (
        day.replace(year=year, day=28)
        if (day.month, day.day) == (2, 29) and not _leap(year)
        else day.replace(year=year)
    )


def _leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def overridden(given: Mapping[str, object]) -> tuple[Rule, ...]:
    """Return the schedule with a council's own numbers of years, by the key of the rule.

    Raises `ValueError` with a sentence for a rule that does not exist, and for what is no number of years. A rule of
    statute (one that binds and needs no confirmation) can be made longer, never shorter.
    """
    known = {rule.key: rule for rule in RULES}
    for key, years in given.items():
        rule = known.get(key)
        if rule is None:
            raise ValueError(f"There is no retention rule “{key}”. There are: {', '.join(known)}.")
        if isinstance(years, bool) or not isinstance(years, int) or not 1 <= years <= MOST_YEARS:
            raise ValueError(f"“{key}” needs a number of years from 1 to {MOST_YEARS}.")
        if rule.binds and not rule.confirm and years < rule.years:
            raise ValueError(f"“{key}” cannot be shorter than {rule.years} years: {rule.source}.")
        title = f"{rule.title} (here {years} years)" if years != rule.years else rule.title
        known[key] = replace(rule, years=years, title=title, confirm=False)
    return tuple(known.values())


def rule_of(key: str) -> Rule | None:
    """Return a rule of the schedule by its key."""
    return next((rule for rule in RULES if rule.key == key), None)
