"""How far a change reaches, how likely it goes wrong, and what follows: a table, with every reason in words.

Both are 1 (low) to 4 (very high). Impact follows from the items that a change touches and whoever uses what stands on
them; risk from the items and four answers of its author. Nobody sets either by hand.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

LOW, MEDIUM, HIGH, VERY_HIGH = 1, 2, 3, 4
KEYS = {LOW: "low", MEDIUM: "medium", HIGH: "high", VERY_HIGH: "very-high"}
WORDS = {LOW: "Low", MEDIUM: "Medium", HIGH: "High", VERY_HIGH: "Very high"}
LEVEL = {key: level for level, key in KEYS.items()}
COMPLEX_FROM = 9
"""From which product of risk and impact a change is complex: high and high, at least."""


@dataclass(frozen=True, slots=True)
class Touched:
    """What a change touches: its items, the lowest tier among them and what stands on them, users and councils."""

    items: int
    tier: int
    users: int
    councils: int
    dependents: int


@dataclass(frozen=True, slots=True)
class Told:
    """What its author says of a change. None where it was not said: then the careful answer counts."""

    rollback_tested: bool | None = None
    done_before: bool | None = None
    in_hours: bool | None = None
    service_away: bool | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """One line of the table that held: how many points it gave, and why in words."""

    points: int
    words: str


@dataclass(frozen=True, slots=True)
class Judged:
    """Impact and risk of a change, whether it is complex, and why."""

    impact: int
    risk: int
    why_impact: tuple[Reason, ...]
    why_risk: tuple[Reason, ...]

    @property
    def complex(self) -> bool:
        return self.impact * self.risk >= COMPLEX_FROM

    @property
    def product(self) -> int:
        return self.impact * self.risk

    @property
    def reasons(self) -> list[str]:
        """Why it is so, in sentences: first its impact, then its risk."""
        return [each.words for each in (*self.why_impact, *self.why_risk)]


# from how many on, the level that it gives; the highest row that holds counts
USERS: Sequence[tuple[int, int]] = ((2_000, VERY_HIGH), (500, HIGH), (50, MEDIUM), (0, LOW))
COUNCILS: Sequence[tuple[int, int]] = ((3, VERY_HIGH), (2, HIGH), (0, LOW))
TIERS: Mapping[int, int] = {1: HIGH, 2: MEDIUM, 3: LOW, 4: LOW}
_TIER_WORDS = {1: "critical", 2: "important", 3: "standard", 4: "minor"}
# points of risk, and the level that so many give
RISK: Sequence[tuple[int, int]] = ((7, VERY_HIGH), (5, HIGH), (3, MEDIUM), (0, LOW))
_MANY_ITEMS, _MANY_DEPENDENTS = 3, 5


def judge(touched: Touched, told: Told) -> Judged:
    """Return impact and risk of a change, with the reasons.

    >>> judge(Touched(1, 4, 3, 1, 0), Told(True, True, False, False)).complex
    False
    """
    why_impact = _impact(touched)
    why_risk = _risk(touched, told)
    impact = max((each.points for each in why_impact), default=LOW)
    return Judged(impact, _level(RISK, sum(each.points for each in why_risk)), why_impact, why_risk)


def _impact(touched: Touched) -> tuple[Reason, ...]:
    """Return what the impact follows from; the largest of them counts, and what is low is no reason."""
    people = f"{touched.users:,} {'person uses' if touched.users == 1 else 'people use'} what it touches"
    found = (
        Reason(_level(USERS, touched.users), f"{people}."),
        Reason(_level(COUNCILS, touched.councils), f"It touches {touched.councils} councils."),
        Reason(
            TIERS.get(touched.tier, LOW),
            f"Something that it touches is {_TIER_WORDS.get(touched.tier, 'minor')}.",
        ),
    )
    return tuple(each for each in found if each.points > LOW)


def _risk(touched: Touched, told: Told) -> tuple[Reason, ...]:
    """Return the points of risk that hold."""
    table = (
        (told.rollback_tested is not True, 2, "Nobody has tested how to undo it."),
        (told.done_before is not True, 2, "It has not been done before."),
        (told.in_hours is not False, 1, "It is made while people work."),
        (told.service_away is not False, 1, "The service is away meanwhile."),
        (touched.tier == 1, 1, "A mistake in what is critical is felt at once."),
        (
            touched.dependents >= _MANY_DEPENDENTS,
            1,
            f"{touched.dependents} other systems stand on what it touches.",
        ),
        (touched.items >= _MANY_ITEMS, 1, f"It touches {touched.items} systems at once."),
    )
    return tuple(Reason(points, words) for holds, points, words in table if holds)


def _level(rows: Sequence[tuple[int, int]], value: int) -> int:
    return next(level for least, level in rows if value >= least)
