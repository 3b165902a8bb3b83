"""Learning the weights from records: no labels from staff, but pairs that share a valid NHS number.

`m` comes from those pairs, `u` from random pairs, `r` from pairs at one address with two valid NHS numbers, the chance
that two records are one person from a rule that hardly errs, and how often it catches those pairs. Learning by
expectation and maximisation, which needs no numbers, takes relatives for matches where whole households are on file.
"""

from collections.abc import Container
from dataclasses import replace

from moothall.datasets import linking
from moothall.datasets.store import Store
from moothall.persons.management.batch import PEOPLE, model
from moothall.persons.management.refusals import TooFewPairs
from moothall.persons.rules.matching import Weights
from moothall.persons.rules.matching.weights import BY_NAME, LEAST, Chances

LEAST_PAIRS = 2_000
RANDOM_PAIRS = 2e6
_BEFORE, _BEFORE_U = 20.0, 1e4
_LISTED, _HELD_BY = 4_000, 10
_COLUMNS = {"forename": "given", "surname": "family"}
_EXACT = (
    ("phone", "same", "phone"), ("email", "same", "email"), ("nino", "same", "nino"), ("nhs", "same", "nhs"),
    ("address", "uprn", "uprn"), ("address", "spot", "spot"),
)  # fmt: skip
_MOSTLY_ONE = 500
"""At least one of so many pairs that share a number is taken to be of two people, whatever the sums say."""
_BY_HAND = {"surname": {"swapped"}, "key": {"same", "differs"}, "nhs": {"differs"}}
"""What records cannot teach: whoever shares an NHS number has no other, and keys of other systems are hardly shared."""
_ALL_EQUAL = "given, family, born"
_LABELLED = f"from {PEOPLE} l join {PEOPLE} r on l.{{0}} = r.{{0}} and l.unique_id < r.unique_id"
_HOUSEMATES = (
    f"from {PEOPLE} l join {PEOPLE} r on l.spot = r.spot and l.unique_id < r.unique_id and l.{{0}} <> r.{{0}}"
)


def learn(
    store: Store,
    weights: Weights,
    version: int,
    note: str,
    *,
    label: str = "label",
    keep: Container[tuple[str, str]] = (),
) -> Weights:
    """Return new weights from the people in the store (`batch.load`), where what was not seen stays as it was.

    `label` is the column with a number that only one person has, `keep` names fields and levels that stay as they are.
    Refuses if fewer than 2,000 pairs share an NHS number.
    """
    records = store.number(f"select count(*) from {PEOPLE}")  # noqa: S608
    labelled = store.number(f"select count(*) {_LABELLED.format(label)}")
    if labelled < LEAST_PAIRS:
        raise TooFewPairs(pairs=int(labelled), least=LEAST_PAIRS)
    prior = _prior(store, records, label)
    chances = _chances(store, weights, min(RANDOM_PAIRS, records * records / 2), label)
    _exact(store, chances, records, prior)
    _numbers(store, chances, model(weights))
    for key, levels in chances.items():
        for level in levels:
            if (key, level) in keep or level in _BY_HAND.get(key, ()):
                levels[level] = weights.chances[key][level]
    often, rare = _names(store)
    return Weights(
        version=version,
        note=note,
        prior=prior,
        neighbours=_neighbours(store, records, prior, weights),
        chances=chances,
        often=often,
        rare=rare,
    )


def _chances(store: Store, weights: Weights, sampled: float, label: str) -> dict[str, dict[str, Chances]]:
    """Return all chances, each drawn a little towards what it was, and the more the less was seen."""
    before = model(weights)
    random = linking.at_random(store, PEOPLE, before, sampled)
    store.run(f"create or replace table together as {_pairs(_LABELLED.format(label))} using sample 300000")
    store.run(f"create or replace table apart as {_pairs(_HOUSEMATES.format(label))} using sample 300000")
    found: dict[str, dict[str, Chances]] = {}
    for each in before.comparisons:
        one, two = (linking.levels_of(store, pairs, each) for pairs in ("together", "apart"))
        found[each.key] = {}
        for place, level in enumerate(each.levels):
            kept = weights.chances[each.key][level.key]
            r = kept.r if each.key in {"address", "nhs"} else _drawn(two[place], sum(two), kept.r, _BEFORE)
            u = random[each.key][level.key]
            found[each.key][level.key] = Chances(
                _drawn(one[place], sum(one), kept.m, _BEFORE),
                kept.u if u is None else _drawn(u * sampled, sampled, kept.u, _BEFORE_U),
                r,
            )
    store.run("drop table together")
    store.run("drop table apart")
    return found


def _drawn(seen: float, times: float, before: float, counts: float) -> float:
    return min(1 - 1e-6, max(LEAST, (seen + before * counts) / (times + counts)))


def _pairs(tables: str) -> str:
    return f"select columns(l.*) as '\\0_l', columns(r.*) as '\\0_r' {tables}"


def _same(column: str) -> str:
    """Return the query for how many pairs share a value."""
    return (
        f"select sum(n * (n - 1) / 2) from (select count(*) as n from {PEOPLE} "  # noqa: S608
        f"where {column} is not null group by {column})"
    )


def _exact(store: Store, chances: dict[str, dict[str, Chances]], records: float, prior: float) -> None:
    """Count what random pairs hardly ever share, instead of drawing pairs; those that are one person are taken off."""
    for key, level, column in _EXACT:
        known = store.number(f"select count({column}) from {PEOPLE}")  # noqa: S608
        if key == "address":
            known = records
        if known > 1:
            held = chances[key][level]
            shared = store.number(_same(column)) / (known * (known - 1) / 2)
            u = max(shared - prior * held.m, shared / _MOSTLY_ONE, LEAST)
            chances[key][level] = replace(held, u=u)


def _numbers(store: Store, chances: dict[str, dict[str, Chances]], before: linking.Model) -> None:
    """Take how often people's numbers agree from pairs that agree in all else: those that share one cannot say."""
    alike = "l.given = r.given and l.family = r.family and l.born = r.born and l.spot = r.spot"
    pairs = _pairs(f"from {PEOPLE} l join {PEOPLE} r on {alike} and l.unique_id < r.unique_id")
    for comparison in before.comparisons:
        if comparison.key not in {"nhs", "nino"}:
            continue
        counts = linking.levels_of(store, f"({pairs})", comparison)
        times = sum(counts)
        for level, count in zip(comparison.levels, counts, strict=True):
            kept = chances[comparison.key][level.key]
            chances[comparison.key][level.key] = replace(kept, m=_drawn(count, times, level.m, _BEFORE))


def _prior(store: Store, records: float, label: str) -> float:
    """Return the chance that two records are one person: what a strict rule finds, by its share of known pairs."""
    alike = "l.given = r.given and l.family = r.family and l.born = r.born"
    complete = "l.born is not null and r.born is not null"
    caught = store.number(f"select avg(({alike})::int) {_LABELLED.format(label)} where {complete}")
    found = store.number(_same(f"({_ALL_EQUAL})").replace(f"({_ALL_EQUAL}) is not null", "born is not null"))
    pairs = records * (records - 1) / 2
    return min(0.1, max(found / max(caught, 0.1) / pairs, 0.5 / records))


def _neighbours(store: Store, records: float, prior: float, weights: Weights) -> float:
    """Return the chance that two records are two people at one address."""
    pairs = records * (records - 1) / 2
    together = store.number(_same("spot")) / pairs
    housed = (store.number(f"select count(spot) from {PEOPLE}") / records) ** 2  # noqa: S608
    stay = sum(weights.chances["address"][level].m for level in ("uprn", "spot"))
    return max(together / max(housed, 0.1) - prior * stay, prior / 4)


def _names(store: Store) -> tuple[dict[str, dict[str, float]], dict[str, float]]:
    """Return the shares of names that at least ten records have, and of one that fewer have."""
    often: dict[str, dict[str, float]] = {}
    rare: dict[str, float] = {}
    for kind in BY_NAME:
        column = _COLUMNS[kind]
        counts = store.rows(
            f"select {column}, count(*) as n from {PEOPLE} where {column} is not null "  # noqa: S608
            f"group by {column} order by n desc, {column}"
        )
        total = sum(count for _, count in counts)
        listed = [(name, count) for name, count in counts[:_LISTED] if count >= _HELD_BY]
        often[kind] = {name: float(f"{count / total:.3g}") for name, count in listed}
        rest = counts[len(listed) :]
        left = sum(count for _, count in rest)
        rare[kind] = max(left / max(len(rest), 1) / total, 1 / total) if rest else 1 / total
    return often, rare
