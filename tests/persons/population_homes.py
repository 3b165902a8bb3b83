"""Where the invented population lives: towns, streets, postcodes and UPRNs, worked out from a household's number."""

from dataclasses import dataclass

from moothall.persons.rules.known import Place
from tests.persons.population_names import BLOCKS, STREETS, TOWNS

AREAS = ("ZX", "ZY", "QX", "QZ", "LE", "CF", "BD", "XZ")
LETTERS = "ABDEFGHJLNPQRSTUWXYZ"
HOMES, UNITS, DISTRICTS = 17, 300, 30
"""Homes of one postcode, postcodes of one district, districts of one area."""


@dataclass(frozen=True, slots=True)
class Home:
    """One address, as it is written and as it is compared."""

    line: str
    town: str
    postcode: str
    uprn: str

    @property
    def place(self) -> Place:
        return Place(self.line.lower().replace(",", ""), self.postcode.replace(" ", "").lower(), self.uprn)


def home(number: int) -> Home:
    """Return the address of the household of that number.

    >>> home(0)
    Home(line='1 Ash Road', town='Ashbury', postcode='ZX1 0AA', uprn='10090000011')
    """
    unit, door = divmod(number, HOMES)
    district, unit_there = divmod(unit, UNITS)
    street, part = divmod(unit_there, 3)
    mixed = (street * 7 + district * 101) % len(STREETS)
    if unit % 9 == 4:
        line = f"Flat {door + 1}, {BLOCKS[mixed % len(BLOCKS)].title()}"
    else:
        line = f"{door * 2 + 1 + part * HOMES * 2} {STREETS[mixed].title()}"
    return Home(line, town_of(district), postcode_of(district, unit_there), str(10_090_000_011 + number * 7))


def postcode_of(district: int, unit: int) -> str:
    """Return a postcode: ten sectors of a district, thirty units of a sector."""
    sector, place = divmod(unit, 30)
    first, second = divmod(place * 13, len(LETTERS))
    area, outward = divmod(district, DISTRICTS)
    return f"{AREAS[area % len(AREAS)]}{outward + 1} {sector}{LETTERS[first % 20]}{LETTERS[second]}"


def town_of(district: int) -> str:
    """Return the town of a district; three districts make a town."""
    return TOWNS[district // 3 % len(TOWNS)].title()


def street_of(number: int) -> int:
    """Return the street of a household, as a number."""
    return number // HOMES // 3


def another_in_town(number: int, households: int, chance: float) -> int:
    """Return some household of the same town, by a chance between 0 and 1."""
    size = HOMES * UNITS * 3
    first = number // size * size
    return first + int(chance * min(size, households - first))
