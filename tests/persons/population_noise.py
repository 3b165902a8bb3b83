"""How offices write people down: each source has its own habits of missing, mistyping and keeping what is old."""

from dataclasses import dataclass
from datetime import date
from random import Random

from moothall.persons.rules.known import Known, Name, Place
from tests.persons.population_homes import home
from tests.persons.population_names import NICKNAMES, SPELT
from tests.persons.population_people import Somebody

_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
NEAR = {
    letter: "".join(
        row[place + step] for row in _KEYS for place, there in enumerate(row) if there == letter
        for step in (-1, 1) if 0 <= place + step < len(row)
    )
    for letter in "".join(_KEYS)
}  # fmt: skip


@dataclass(frozen=True)
class Habits:
    """The chances, between 0 and 1, of what a source does to each description."""

    covers: float = 1.0
    no_number: float = 0.0
    wrong_number: float = 0.002
    typo_given: float = 0.01
    typo_family: float = 0.01
    spelt: float = 0.1
    nickname: float = 0.02
    old_name: float = 0.05
    swapped_names: float = 0.003
    no_middle: float = 0.4
    two_names: float = 0.3
    wrong_born: float = 0.008
    swapped_born: float = 0.004
    first_of_year: float = 0.004
    no_born: float = 0.0
    old_home: float = 0.05
    typo_postcode: float = 0.005
    typo_line: float = 0.03
    no_home: float = 0.01
    no_uprn: float = 0.3
    no_phone: float = 0.2
    old_phone: float = 0.08
    no_email: float = 0.5


SOURCES = {
    "gp": Habits(covers=0.95, no_number=0.01, no_uprn=0.4),
    "hospital": Habits(
        covers=0.62, no_number=0.05, typo_given=0.02, typo_family=0.02, old_name=0.1, old_home=0.12, no_email=0.7
    ),
    "social-care": Habits(
        covers=0.25, no_number=0.35, typo_given=0.025, typo_family=0.02, nickname=0.1, first_of_year=0.015,
        no_born=0.01, swapped_names=0.01, old_home=0.08, no_uprn=0.2,
    ),
    "housing": Habits(
        covers=0.62, no_number=1.0, typo_given=0.03, typo_family=0.03, nickname=0.08, wrong_born=0.02, no_born=0.04,
        swapped_born=0.01, swapped_names=0.01, no_middle=0.7, no_uprn=0.02, typo_postcode=0.003,
    ),
    "schools": Habits(covers=0.95, no_number=0.95, nickname=0.06, no_middle=0.3, spelt=0.06, no_uprn=0.6, no_email=0.3),
}  # fmt: skip
COUNCIL = Habits(no_number=0.55, nickname=0.02, no_uprn=0.15, no_home=0.005, no_born=0.01, two_names=0.5)
"""What the register of a council holds: cleaner than most."""
INTAKE = Habits(
    no_number=0.7, wrong_number=0.01, typo_given=0.04, typo_family=0.04, spelt=0.3, nickname=0.12, old_name=0.06,
    swapped_names=0.01, no_middle=0.75, two_names=0.05, wrong_born=0.03, swapped_born=0.02, first_of_year=0.0,
    no_born=0.05, typo_postcode=0.02, typo_line=0.05, no_home=0.08, no_uprn=0.5, no_phone=0.35, old_phone=0.1,
    no_email=0.6,
)  # fmt: skip
"""What an adviser types while somebody is on the phone."""


class Writer:
    """Writes people down with some habits."""

    def __init__(self, habits: Habits, rng: Random) -> None:
        self._habits, self._rng, self._random = habits, rng, rng.random

    def covers(self, person: Somebody, source: str) -> bool:
        """Say whether this source knows them: schools know pupils, housing knows adults."""
        age = person.age
        if (source == "schools" and not 4 <= age <= 18) or (source == "housing" and age < 18):
            return False
        return self._random() < self._habits.covers

    def write(self, person: Somebody, household: int = -1) -> Known:
        """Return what is written down; they say that they live in `household`, if it is given."""
        number = self._number(person)
        return Known(
            names=self._names(person),
            born=self._born(person.born),
            places=self._places(person, household),
            phones=self._phones(person),
            emails=(person.email,) if person.email and self._random() >= self._habits.no_email else (),
            identifiers={"nhs": frozenset((number,))} if number else {},
        )

    def _number(self, person: Somebody) -> str:
        if not person.nhs or self._random() < self._habits.no_number:
            return ""
        return self._digit(person.nhs) if self._random() < self._habits.wrong_number else person.nhs

    def _names(self, person: Somebody) -> tuple[Name, ...]:
        habits, random = self._habits, self._random
        given, family, middle = person.given, person.family, person.middle
        if middle and random() < habits.no_middle:
            middle = ""
        if random() < habits.nickname:
            given = NICKNAMES.get(given, given)
        if person.former and random() < habits.old_name:
            family = person.former
        given = self._spelt(given, habits.typo_given)
        family = self._spelt(family, habits.typo_family)
        if random() < habits.swapped_names:
            given, family = family, given
        names = [Name(given, middle, family)]
        if person.known_as and random() < habits.two_names and person.known_as != given:
            names.append(Name(person.known_as, "", family))
        if person.former and person.former != family and random() < habits.two_names:
            names.append(Name(given, "", person.former))
        return tuple(names)

    def _spelt(self, name: str, typo: float) -> str:
        if name in SPELT and self._random() < self._habits.spelt:
            name = self._rng.choice(SPELT[name])
        return mistyped(name, self._rng) if self._random() < typo else name

    def _born(self, born: date) -> date | None:
        habits, chance = self._habits, self._random()
        for share, change in (
            (habits.no_born, lambda: None),
            (
                habits.swapped_born,
                lambda: born.replace(day=born.month, month=born.day) if born.day <= 12 else born,
            ),
            (habits.first_of_year, lambda: born.replace(day=1, month=1)),
            (habits.wrong_born, lambda: mistaken(born, self._rng)),
        ):
            if chance < share:
                return change()
            chance -= share
        return born

    def _places(self, person: Somebody, household: int) -> tuple[Place, ...]:
        habits, random = self._habits, self._random
        if random() < habits.no_home:
            return ()
        lives = household if household >= 0 else person.household
        if person.before >= 0 and household < 0 and random() < habits.old_home * 3:
            lives = person.before
        place = home(lives).place
        line, postcode, uprn = place.line, place.postcode, "" if random() < habits.no_uprn else place.uprn
        if not uprn and random() < habits.typo_line:
            line = mistyped(line, self._rng)
        if not uprn and random() < habits.typo_postcode:
            postcode = self._letter(postcode)
        written = (Place(line, postcode, uprn),)
        if person.before >= 0 and lives != person.before and random() < habits.two_names * 0.5:
            return (*written, home(person.before).place)
        return written

    def _phones(self, person: Somebody) -> tuple[str, ...]:
        habits, random = self._habits, self._random
        phones = []
        if person.phone and random() >= habits.no_phone:
            phones.append(self._digit(person.phone) if random() < habits.old_phone * 0.2 else person.phone)
            if random() < habits.old_phone:
                phones[0] = f"+44770{int(random() * 10_000_000):07}"
        if person.landline and random() >= max(0.5, habits.no_phone):
            phones.append(person.landline)
        return tuple(phones)

    def _digit(self, number: str) -> str:
        place = len(number) - 1 - int(self._random() * 7)
        return (
            number[:place]
            + str((int(number[place]) + 1 + int(self._random() * 9)) % 10)
            + number[place + 1 :]
        )

    def _letter(self, postcode: str) -> str:
        place = len(postcode) - 1 - int(self._random() * 2)
        return postcode[:place] + self._rng.choice("abdefghjln") + postcode[place + 1 :]


def mistyped(word: str, rng: Random) -> str:
    """Return a word with one slip of the fingers, after its first letter more often than there."""
    if len(word) < 3:
        return word
    place = 1 + int(rng.random() * (len(word) - 1)) if rng.random() < 0.93 else 0
    kind, letter = int(rng.random() * 4), word[place]
    if kind == 0:
        return word[:place] + word[place + 1 :]
    if kind == 1:
        return word[:place] + letter + word[place:]
    if kind == 2 and place + 1 < len(word):
        return word[:place] + word[place + 1] + letter + word[place + 2 :]
    return word[:place] + rng.choice(NEAR.get(letter, letter)) + word[place + 1 :]


def mistaken(born: date, rng: Random) -> date:
    """Return a date of birth with one part of it wrong."""
    kind = int(rng.random() * 3)
    if kind == 0:
        return born.replace(day=1 + (born.day + int(rng.random() * 26)) % 28)
    if kind == 1:
        return born.replace(day=min(28, born.day), month=1 + (born.month + int(rng.random() * 11)) % 12)
    return born.replace(
        day=min(28, born.day), year=max(1915, born.year + rng.choice((-10, -2, -1, 1, 2, 10)))
    )
