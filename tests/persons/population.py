"""An invented population: whole households in towns, what five sources write down of them, and who comes next.

Always the same for one seed. No Django: benchmarks and tests both use it. Names are folded already.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from random import Random

from moothall.persons.rules.known import Known, Name
from tests.persons.population_homes import another_in_town, home
from tests.persons.population_names import CULTURES
from tests.persons.population_noise import COUNCIL, INTAKE, SOURCES, Writer
from tests.persons.population_people import (
    KINDS,
    WITH_NUMBER,
    Household,
    Somebody,
    as_new,
    day,
    drawn,
    nhs_number,
    of_woman,
    person_of,
)

SEED = 1066
RELATIVES = {
    "child": 28, "partner": 18, "grown child": 14, "parent": 10, "namesake": 8, "stranger": 8, "twin": 5, "lodger": 5,
    "junior": 4,
}  # fmt: skip
"""How often somebody really new stands so to somebody on the register, in a hundred."""


class Population:
    """So many people, in whole households that can be asked for in any order."""

    def __init__(self, count: int, seed: int = SEED) -> None:
        self.count, self._seed = count, seed
        rng = Random(seed)
        names, shares = list(KINDS), [share for _, share in KINDS.values()]
        self._kinds: list[str] = []
        self._firsts: list[int] = []
        first = 0
        while first < count:
            for kind in rng.choices(names, shares, k=1000):
                self._kinds.append(kind)
                self._firsts.append(first)
                first += KINDS[kind][0]
                if first >= count:
                    break
        self.households = len(self._kinds)

    def household(self, number: int) -> list[Somebody]:
        """Return who lives in the home of that number."""
        rng = Random(self._seed * 10_000_019 + number)
        first = self._firsts[number]
        return Household(number, first, self._kinds[number], rng).make(self.households)[: self.count - first]

    def somebody(self, truth: int) -> Somebody:
        """Return one person."""
        number = bisect_right(self._firsts, truth) - 1
        return self.household(number)[truth - self._firsts[number]]

    def __iter__(self) -> Iterator[Somebody]:
        for number in range(self.households):
            yield from self.household(number)


@lru_cache(maxsize=2)
def population(count: int, seed: int = SEED) -> Population:
    """Return a population; the last two are kept."""
    return Population(count, seed)


def people(count: int, seed: int = SEED) -> Iterator[Somebody]:
    """Give so many people, household by household."""
    yield from population(count, seed)


def known(person: Somebody) -> Known:
    """Return all that there is to know of somebody, without a mistake."""
    names = [Name(person.given, person.middle, person.family)]
    if person.known_as:
        names.append(Name(person.known_as, "", person.family))
    if person.former:
        names.append(Name(person.given, "", person.former))
    return Known(
        names=tuple(names),
        born=person.born,
        places=tuple(home(number).place for number in (person.household, person.before) if number >= 0),
        phones=tuple(phone for phone in (person.phone, person.landline) if phone),
        emails=(person.email,) if person.email else (),
        identifiers={
            scheme: frozenset((value,))
            for scheme, value in (("nhs", person.nhs), ("nino", person.nino), ("upn", person.upn))
            if value
        },
    )


def records(count: int, seed: int = SEED) -> Iterator[tuple[str, str, int, Known]]:
    """Give what five sources hold about so many people: source, its own key, who it truly is, what it says.

    About five records for two people.
    """
    rng = Random(seed + 1)
    writers = {source: Writer(habits, rng) for source, habits in SOURCES.items()}
    for person in people(count, seed):
        for source, writer in writers.items():
            if writer.covers(person, source):
                yield source, f"{source}-{person.truth}", person.truth, writer.write(person)


def register(count: int, seed: int = SEED) -> Iterator[tuple[Somebody, Known]]:
    """Give so many people, each with what a council holds of them."""
    writer = Writer(COUNCIL, Random(seed + 2))
    for person in people(count, seed):
        yield person, writer.write(person)


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody at the desk: `truth` is who they are on the register, or None if they never were on it."""

    truth: int | None
    how: str
    group: str
    woman: bool
    known: Known


def newcomers(count: int, number: int, seed: int = SEED, share_new: float = 0.4) -> Iterator[Newcomer]:
    """Give people who come to a register of `count`: `share_new` of them really new.

    Most of the new are relatives of registered people at the same address.
    """
    whole, rng = population(count, seed), Random(seed + 3)
    writer = Writer(INTAKE, rng)
    for _ in range(number):
        others = whole.household(int(rng.random() * whole.households))
        if rng.random() < share_new:
            how, person = _relative(others, rng, whole.households)
            yield Newcomer(None, how, person.group, person.woman, writer.write(person))
            continue
        person = others[int(rng.random() * len(others))]
        moved = rng.random() < 0.15
        lives = another_in_town(person.household, whole.households, rng.random()) if moved else -1
        how = "moved" if moved else "there"
        yield Newcomer(person.truth, how, person.group, person.woman, writer.write(person, lives))


def _relative(others: list[Somebody], rng: Random, households: int) -> tuple[str, Somebody]:
    """Return somebody who never was on the register, and how they stand to those at the same address."""
    how = rng.choices(list(RELATIVES), list(RELATIVES.values()))[0]
    head = others[-1] if how == "twin" else others[int(rng.random() * min(2, len(others)))]
    culture = next(each for each in CULTURES if each.group == head.group)
    woman = head.woman if how == "twin" else rng.random() < 0.5
    fresh = person_of(rng, culture, woman=woman, born=day(rng, int(rng.random() * 80)))
    at = {"household": head.household, "before": -1, "landline": head.landline}
    if how in {"namesake", "stranger"}:
        at = {
            "household": another_in_town(head.household, households, rng.random()),
            "before": -1,
            "landline": "",
        }
    number = int(rng.random() * 10_000_000)
    reach = {"phone": head.phone, "email": head.email}
    if how not in {"child", "twin", "junior"}:
        reach = {"phone": f"+44770{number:07}", "email": f"{fresh.given}{number}@example.org"}
    changes = {**at, **reach, "nhs": nhs_number(WITH_NUMBER + number % 9000)}
    if how == "twin":
        names = {one.given for one in others}
        while fresh.given in names:
            fresh.given = drawn(rng, culture.women if woman else culture.men)
        return how, as_new(head, given=fresh.given, middle="", **changes)
    if how == "junior":
        born = day(rng, int(rng.random() * max(1, head.age - 20)))
        return how, as_new(head, born=born, middle=fresh.middle, **changes)
    if how == "namesake":
        return how, as_new(head, born=day(rng, int(rng.random() * 85)), **changes)
    if how in {"child", "partner", "parent", "grown child"}:
        changes["family"] = of_woman(head.family) if woman else head.family
        changes["born"] = day(rng, _age(how, head.age, rng))
    return how, as_new(fresh, **changes)


def _age(how: str, head: int, rng: Random) -> int:
    """Return how old somebody is who stands so to somebody of that age."""
    if how == "partner":
        return max(18, head + int(rng.random() * 9) - 4)
    if how == "child":
        return int(rng.random() * 10)
    return min(95, head + 25) if how == "parent" else max(16, head - 26)
