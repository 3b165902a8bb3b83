"""The weights by which two people are compared: how often a level is seen with one person, with two, and at one home.

Fellegi and Sunter's model (JASA 64, 1969): what a level is worth is log2(m / u) bits, where `m` is how often it is seen
when both are one person, and `u` when they are two people taken at random. Most people who are mistaken for one another
are not taken at random, though: they live together. So each level has a third number, `r`: how often it is seen with
two people at one address; whoever is compared must be told apart from both. One file serves the desk and the batch.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from math import log2
from typing import Any

from moothall.persons.rules.matching.fields import FIELDS

LEAST = 1e-9
A_NAME = 5e-5
"""The share from which on a forename is known to be one: a common name is mistyped in one way less often than that."""
BY_NAME = ("forename", "surname")


@dataclass(frozen=True, slots=True)
class Chances:
    """How often a level is seen: with one person (m), with two at random (u), with two at one address (r)."""

    m: float
    u: float
    r: float

    @property
    def points(self) -> float:
        """Return what the level is worth, in bits, against two people at random."""
        return log2(self.m / self.u)

    @property
    def points_at_home(self) -> float:
        """Return what the level is worth, in bits, against two people at one address."""
        return log2(self.m / self.r)


@dataclass(frozen=True, eq=False)
class Weights:
    """A version of the weights.

    `prior` is the chance that two records taken at random are one person, `neighbours` that they are two people at one
    address. `often` has the shares of forenames and surnames, `rare` the share of one that is not listed. `forenames`
    are those that are so frequent that they are no typing errors.
    """

    version: int
    note: str
    prior: float
    neighbours: float
    chances: Mapping[str, Mapping[str, Chances]]
    often: Mapping[str, Mapping[str, float]]
    rare: Mapping[str, float]
    start: tuple[float, float] = field(init=False)
    points: tuple[tuple[float, ...], ...] = field(init=False)
    points_at_home: tuple[tuple[float, ...], ...] = field(init=False)
    forenames: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        def table(name: str) -> tuple[tuple[float, ...], ...]:
            return tuple(
                (0.0, *(getattr(self.chances[each.key][level], name) for level in each.levels))
                for each in FIELDS
            )

        odds = self.prior / (1 - self.prior)
        object.__setattr__(self, "start", (log2(odds), log2(self.prior / self.neighbours)))
        often = self.often["forename"]
        object.__setattr__(self, "forenames", frozenset(name for name in often if often[name] >= A_NAME))
        object.__setattr__(self, "points", table("points"))
        object.__setattr__(self, "points_at_home", table("points_at_home"))

    def share(self, kind: str, name: str) -> float:
        """Return the share of people with a forename or surname.

        >>> shipped().share("surname", "smith") > shipped().share("surname", "featherstonehaugh")
        True
        """
        return self.often[kind].get(name, self.rare[kind])

    def points_of_name(self, kind: str, name: str) -> float:
        """Return what the same forename or surname is worth: much, if it is rare."""
        return log2(self.chances[kind]["same"].m / self.share(kind, name))

    @classmethod
    def load(cls, body: Mapping[str, Any]) -> "Weights":
        """Return weights from JSON as `body` writes them.

        Raises `ValueError` with a sentence if a field or level is missing, or a chance is none.
        """
        try:
            return cls(
                version=int(body["version"]),
                note=str(body["note"]),
                prior=_chance(body["prior"]),
                neighbours=_chance(body["neighbours"]),
                chances={
                    each.key: {level: _chances(body["fields"][each.key][level]) for level in each.levels}
                    for each in FIELDS
                },
                often={kind: dict(body["often"][kind]) for kind in BY_NAME},
                rare={kind: _chance(body["rare"][kind]) for kind in BY_NAME},
            )
        except (KeyError, TypeError) as error:
            raise ValueError(
                f"These are no weights for matching people: {error} is missing or wrong."
            ) from error

    @property
    def body(self) -> dict[str, Any]:
        """Return the weights as JSON."""
        return {
            "version": self.version,
            "note": self.note,
            "prior": self.prior,
            "neighbours": self.neighbours,
            "fields": {
                key: {level: [each.m, each.u, each.r] for level, each in levels.items()}
                for key, levels in self.chances.items()
            },
            "rare": dict(self.rare),
            "often": {kind: dict(shares) for kind, shares in self.often.items()},
        }


def _chance(value: Any) -> float:
    chance = float(value)
    if not 0 < chance < 1:
        raise ValueError(f"A chance is between 0 and 1, and {chance} is not.")
    return chance


def _chances(values: Any) -> Chances:
    m, u, r = (max(_chance(value), LEAST) for value in values)
    return Chances(m, u, r)


@lru_cache(maxsize=1)
def shipped() -> Weights:
    """Return the weights that come with Moothall: version 0, learned on made-up people."""
    text = files("moothall.persons.rules.matching").joinpath("weights.json").read_text(encoding="utf-8")
    return Weights.load(json.loads(text))
