"""Matching many people at once: the same weights as at the desk, for all pairs that could be one person."""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import lru_cache

from moothall.datasets import linking
from moothall.datasets.clusters import Clusters
from moothall.datasets.linking import Comparison, Level, Model
from moothall.datasets.store import Store
from moothall.persons.rules.known import Known
from moothall.persons.rules.matching import Cutoffs, Weights, levels, rows, sql
from moothall.persons.rules.matching.fields import FIELDS

PEOPLE = "people"
PAIRS = "pairs"
_OFTEN = {"forename": "given", "surname": "family"}


def model(weights: Weights) -> Model:
    """Return the weights as a model for the batch."""
    return Model(
        prior=weights.prior,
        comparisons=tuple(
            Comparison(
                each.key,
                sql.CONDITIONS[each.key][0],
                tuple(
                    Level(
                        level,
                        sql.CONDITIONS[each.key][1].get(level, ""),
                        chances.m,
                        chances.u,
                        _OFTEN.get(each.key, "") if level == "same" else "",
                    )
                    for level, chances in weights.chances[each.key].items()
                ),
            )
            for each in FIELDS
        ),
        blocking=sql.BLOCKING,
    )


def load(store: Store, people: Iterable[Known], weights: Weights) -> int:
    """Make the table of people, numbered from 0, and return how many there are."""
    number = store.table("given_people", rows.COLUMNS, (rows.row(*each) for each in enumerate(people)))
    names = (
        name
        for (name,) in store.rows(
            "select distinct unnest([given, family]) as name from given_people order by name"
        )
        if name
    )
    store.table("given_names", rows.NAME_COLUMNS, rows.name_rows(names, weights.forenames))
    store.run(f"create or replace table placed as {rows.PLACED}")
    store.run(f"create or replace table {PEOPLE} as {rows.PREPARED}")
    for name in ("given_people", "placed"):
        store.run(f"drop table {name}")
    return number


def _shares(store: Store, weights: Weights) -> Mapping[str, str]:
    """Make a table of the shares of each name that occurs, and return their names by column."""
    for kind, column in _OFTEN.items():
        found = store.rows(f"select distinct {column} from {PEOPLE} where {column} is not null")  # noqa: S608
        store.table(
            f"shares_{column}",
            {column: "VARCHAR", f"tf_{column}": "DOUBLE"},
            ((name, weights.share(kind, name)) for (name,) in found),
        )
    return {column: f"shares_{column}" for column in _OFTEN.values()}


def score(store: Store, weights: Weights, at_least: float, *, households: bool = True) -> None:
    """Make the table of pairs: `low`, `high`, `score`, the level of each field, and `vetoed`.

    Without households, nobody is held apart as a relative: only for files in which nobody has any.
    """
    linking.scored(store, PEOPLE, model(weights), _shares(store, weights), at_least, "scored")
    at_home, vetoed = (sql.at_home(weights), sql.vetoed()) if households else ("score", "false")
    store.run(
        f"create or replace table {PAIRS} as select * replace (least(score, {at_home}) as score), "  # noqa: S608
        f"{vetoed} as vetoed from scored where {at_home} >= {float(at_least)}"
    )
    store.run("drop table scored")


@dataclass(frozen=True)
class Linked:
    """What came of a batch: for each person the number of their cluster, and pairs that somebody should look at.

    A cluster is known by its first person. Pairs are low, high, score.
    """

    clusters: Sequence[int]
    to_look_at: Sequence[tuple[int, int, float]] = field(default=())


@dataclass(frozen=True)
class Given:
    """What is known beforehand: who each is on the register ("" if nobody), and pairs that were told apart."""

    persons: Sequence[str] = field(default=())
    apart: AbstractSet[tuple[int, int]] = field(default=frozenset())


def link(
    store: Store, people: int, cutoffs: Cutoffs, *, given: Given | None = None, households: bool = True
) -> Linked:
    """Put the pairs together that score at least the cut-off and have no veto, best first.

    What a third joins is looked at as well: never two valid NHS numbers, nor two people of the register, nor clusters
    that mostly have other forenames or dates of birth far apart.
    """
    clusters = _clusters(store, people, given or Given(), households=households)
    for low, high in store.each(
        f"select low, high from {PAIRS} where not vetoed and score >= {float(cutoffs.link)} "  # noqa: S608
        "order by score desc, low, high"
    ):
        clusters.join(low, high)
    firsts: dict[int, int] = {}
    found = [firsts.setdefault(clusters.find(member), member) for member in range(people)]
    asked = [
        (low, high, points)
        for low, high, points in store.each(
            f"select low, high, score from {PAIRS} where score >= {float(cutoffs.ask)} "  # noqa: S608
            "order by score desc, low, high"
        )
        if found[low] != found[high]
    ]
    return Linked(found, asked)


def _clusters(store: Store, people: int, given: Given, *, households: bool) -> Clusters:
    marks: list[_Marks] = [_NOTHING] * people
    for number, *rest in store.each(
        f"select unique_id, case when sound_nhs then nhs end, given, family, born, givens from {PEOPLE}"  # noqa: S608
    ):
        marks[number] = _Marks(*rest)
    persons, apart = given.persons or [""] * people, given.apart

    def never(one: int, other: int) -> bool:
        if persons[one] and persons[other]:
            return persons[one] != persons[other]
        if apart and (min(one, other), max(one, other)) in apart:
            return True
        return _two_numbers(marks[one], marks[other])

    clusters = Clusters(
        people,
        never=never,
        against=lambda one, other: households and _unlike_each_other(marks[one], marks[other]),
    )
    firsts: dict[str, int] = {}
    for number, person in enumerate(persons):
        if person:
            clusters.unite(firsts.setdefault(person, number), number)
    return clusters


@dataclass(frozen=True, slots=True)
class _Marks:
    nhs: str | None = None
    given: str | None = None
    family: str | None = None
    born: str | None = None
    givens: Sequence[str] | None = None


_NOTHING = _Marks()


def _two_numbers(one: _Marks, other: _Marks) -> bool:
    return one.nhs is not None and other.nhs is not None and one.nhs != other.nhs


def _unlike_each_other(one: _Marks, other: _Marks) -> bool:
    if one.born and other.born and one.born != other.born and _far(one.born, other.born):
        return True
    if not one.given or not other.given or one.given == other.given:
        return False
    if one.given == other.family or other.given == one.family or not _unlike(one.given, other.given):
        return False
    return set(one.givens or ()).isdisjoint(other.givens or ())


@lru_cache(maxsize=65_536)
def _unlike(one: str, other: str) -> bool:
    return levels.unlike(one, other)


@lru_cache(maxsize=65_536)
def _far(one: str, other: str) -> bool:
    return levels.far(one, other)
