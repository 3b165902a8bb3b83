"""Whole households: who lives together, how they are related and named, and what numbers they have."""

from array import array
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from random import Random

from tests.persons.population_homes import another_in_town, street_of
from tests.persons.population_names import ASIAN_STREET, CULTURES, MUSLIM, NICKNAMES, SIKH, Culture, feminine

TODAY = date(2026, 11, 23)
_TODAY = TODAY.toordinal()
WITH_NUMBER = 900_000
"""How many have an NHS number: the range for tests (999) has 909,091, and newcomers want some."""
KINDS = {
    "single": (1, 30), "couple": (2, 28), "one child": (3, 9), "two children": (4, 10), "three children": (5, 4),
    "lone with one": (2, 5), "lone with two": (3, 3), "grown child": (3, 5), "three generations": (5, 3),
    "sharers": (3, 3),
}  # fmt: skip


@dataclass(slots=True)
class Somebody:
    """One invented person, as they really are."""

    truth: int
    household: int
    role: str
    group: str
    woman: bool
    given: str
    family: str
    born: date
    middle: str = ""
    former: str = ""
    known_as: str = ""
    before: int = -1
    phone: str = ""
    landline: str = ""
    email: str = ""
    nhs: str = ""
    nino: str = ""
    upn: str = ""

    @property
    def age(self) -> int:
        return (_TODAY - self.born.toordinal()) // 365


class Household:
    """Makes the people of one home, always the same for one seed."""

    def __init__(self, number: int, first: int, kind: str, rng: Random) -> None:
        self._number, self._first, self._kind, self._rng = number, first, kind, rng
        mixed = street_of(number) * 37 % 100 < 14
        self._culture = self._pick(ASIAN_STREET if mixed else CULTURES)
        self.people: list[Somebody] = []

    def _pick(self, options: tuple[Culture, ...]) -> Culture:
        return options[int(self._rng.random() * len(options))]

    def make(self, households: int) -> list[Somebody]:
        rng = self._rng
        if self._kind == "sharers":
            for _ in range(3):
                self._culture = self._pick(CULTURES)
                self._adult(19 + int(rng.random() * 15), "sharer", woman=rng.random() < 0.5)
        elif self._kind == "single":
            self._adult(20 + int(rng.random() * 72), "single", woman=rng.random() < 0.53)
        else:
            self._family()
        if rng.random() < 0.3:
            before = another_in_town(self._number, households, rng.random())
            for person in self.people:
                person.before = before
        self._reach()
        return self.people

    def _family(self) -> None:
        rng, kind = self._rng, self._kind
        grown = kind in {"grown child", "couple", "three generations"}
        age = (
            (45 + int(rng.random() * 40))
            if kind == "grown child"
            else 24 + int(rng.random() * (66 if grown else 26))
        )
        age = min(age, 45) if kind == "three generations" else age
        father = None
        if not kind.startswith("lone"):
            father = self._adult(age + int(rng.random() * 6), "husband", woman=False)
        mother = self._adult(age, "wife" if father else "mother", woman=True)
        if father:
            self._marry(father, mother)
        children = {
            "one child": 1,
            "two children": 2,
            "three children": 3,
            "lone with one": 1,
            "lone with two": 2,
        }
        if kind == "grown child":
            self._child(father or mother, mother, age - 20 - int(rng.random() * 8))
        elif kind == "three generations":
            self._children(father or mother, mother, 2)
            parent = self._adult(age + 22 + int(rng.random() * 12), "grandmother", woman=True)
            parent.family = (father or mother).family
        else:
            self._children(father or mother, mother, children.get(kind, 0))

    def _adult(self, age: int, role: str, *, woman: bool) -> Somebody:
        person = person_of(self._rng, self._culture, woman=woman, born=day(self._rng, age))
        person.truth, person.household, person.role = self._first + len(self.people), self._number, role
        self.people.append(person)
        return person

    def _marry(self, man: Somebody, woman: Somebody) -> None:
        if self._rng.random() < self._culture.changes_at_marriage:
            woman.former, woman.family = woman.family, of_woman(man.family)

    def _children(self, father: Somebody, mother: Somebody, number: int) -> None:
        age = min(18, mother.age - 19) - int(self._rng.random() * 6)
        for place in range(number):
            twin = place > 0 and self._rng.random() < 0.03
            child = self._child(father, mother, max(0, age))
            if twin:
                child.born, child.role = self.people[-2].born, "twin"
            age -= 1 + int(self._rng.random() * 4)

    def _child(self, father: Somebody, mother: Somebody, age: int) -> Somebody:
        rng = self._rng
        girl = rng.random() < 0.49
        child = self._adult(max(0, age), "child", woman=girl)
        named = {sibling.given for sibling in self.people[:-1] if sibling.role in {"child", "twin"}}
        while child.given in named:
            child.given = (
                child.given + "a"
                if len(named) > 3
                else drawn(rng, self._culture.women if girl else self._culture.men)
            )
        if not (self._culture is SIKH or (self._culture is MUSLIM and girl and rng.random() < 0.4)):
            child.family = of_woman(father.family) if girl else father.family
        if rng.random() < 0.03 and mother.family != father.family:
            child.family = f"{mother.family} {father.family}"
        if not girl and not father.woman and rng.random() < 0.04 and father.given not in named:
            child.given, child.role = father.given, "junior"
        return child

    def _reach(self) -> None:
        """Give phones, email addresses and numbers: the youngest are reached through a parent."""
        rng = self._rng
        line = f"+44113{4_000_000 + self._number * 7919 % 6_000_000}" if rng.random() < 0.4 else ""
        head = self.people[-1] if len(self.people) == 1 else self.people[0 if rng.random() < 0.4 else 1]
        shared = rng.random() < 0.06
        for person in [head, *(each for each in self.people if each is not head)]:
            age, truth = person.age, person.truth
            person.landline = line
            if age >= 16:
                person.phone = f"+44770{truth * 7_654_321 % 10_000_000:07}" if rng.random() < 0.92 else ""
                mail = rng.random() < (0.8 if age < 75 else 0.4)
                person.email = address_of(person) if mail else ""
                person.nino = f"zx{truth * 387_421 % 1_000_000:06}{'abcd'[truth // 1_000_000 % 4]}"
                if shared and head.email and person is not head:
                    person.email = head.email
            else:
                person.phone, person.email = head.phone, head.email
            if 4 <= age <= 18:
                person.upn = f"a{301_000_000_000 + truth * 13}"
            person.nhs = nhs_number(truth) if truth < WITH_NUMBER else ""


def person_of(rng: Random, culture: Culture, *, woman: bool, born: date) -> Somebody:
    """Return somebody of a culture, without home or numbers."""
    names = culture.women if woman else culture.men
    given = drawn(rng, names)
    middle = drawn(rng, names) if rng.random() < culture.middle else ""
    family = drawn(rng, culture.families)
    if woman:
        own = culture.women_families
        family = drawn(rng, own) if own and rng.random() < 0.6 else of_woman(family)
    if culture.group in {"African", "South Asian"} and born.year < 1996 and rng.random() < 0.06:
        born = date(born.year, 1, 1)
    short = NICKNAMES.get(given, "")
    return Somebody(
        -1, -1, "", culture.group, woman, given, family, born, middle if middle != given else "",
        known_as=short if rng.random() < 0.3 else "",
    )  # fmt: skip


def as_new(person: Somebody, **changes: object) -> Somebody:
    """Return a copy that is somebody else: no number of the first."""
    nothing = {"nhs": "", "nino": "", "upn": "", "truth": -1, "former": "", "known_as": ""}
    return replace(person, **(nothing | changes))  # type: ignore[arg-type]


def drawn(rng: Random, words: tuple[str, ...]) -> str:
    return words[int(rng.random() * len(words))]


def day(rng: Random, age: int) -> date:
    """Return a birthday of somebody of that age."""
    return date.fromordinal(_TODAY - int((age + rng.random()) * 365.25))


@cache
def of_woman(family: str) -> str:
    return feminine((family,))[0]


def address_of(person: Somebody) -> str:
    """Return an email address of their own."""
    family = person.family.replace(" ", "")
    host = ("example.org", "example.com", "example.net")[person.truth % 3]
    return f"{person.given}.{family}{person.truth % 9973}@{host}"


@cache
def _numbers() -> "array[int]":
    found, body = array("Q"), 12_345
    while len(found) < WITH_NUMBER + 9000:
        body = (body + 387_420_489) % 1_000_000
        digits = f"999{body:06}"
        check = -sum(int(digit) * (10 - place) for place, digit in enumerate(digits)) % 11
        if check < 10:
            found.append(int(digits) * 10 + check)
    return found


def nhs_number(place: int) -> str:
    """Return a valid NHS number of the range for tests; each place has its own.

    >>> nhs_number(0), len({nhs_number(place) for place in range(1000)})
    ('9994328344', 1000)
    """
    return str(_numbers()[place])
