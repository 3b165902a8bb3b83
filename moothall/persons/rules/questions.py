"""What somebody typed into the search box for people: names, numbers, dates and places, in any order."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from moothall.persons.rules import dates, numbers
from moothall.persons.rules.keys import day_of, key, last_digits, squeezed
from moothall.persons.rules.known import fold
from moothall.plain import references

REFERENCE, BORN, PHONE, EMAIL, NUMBER = "Reference", "Date of birth", "Phone", "Email", "Number"
POSTCODE, DISTRICT, UPRN, ADDRESS, NAME = "Postcode", "Area", "UPRN", "Address", "Name"
TELLS_NO_PLACE = frozenset({REFERENCE, BORN, NUMBER, NAME})
"""By these a locked record may be found: whoever asks knows them, and learns nothing of where somebody is."""

_LONGEST, _MOST_WORDS = 200, 8
_EMAIL = re.compile(r"[^\s@,;<>]+@[^\s@,;<>]+")
_REFERENCE = re.compile(r"(?<!\w)psn[\s-]*[0-9a-z]{4}[\s-]*[0-9a-z]{4}(?!\w)")
_NINO = re.compile(r"(?<!\w)[a-z]{2}\s?\d{2}\s?\d{2}\s?\d{2}\s?[a-d](?!\w)")
_POSTCODE = re.compile(r"(?<!\w)([a-z]{1,2}\d[a-z\d]?)\s*(\d[a-z]{2})(?!\w)")
_DISTRICT = re.compile(r"(?<!\w)[a-z]{1,2}\d{1,2}[a-z]?(?!\w)")
_PHONE = re.compile(r"(?<!\w)(?:\+\s?44|0044|\+|0)[\s()\-.]*(?:\d[\s()\-.]*){8,11}\d(?!\w)")
_NHS = re.compile(r"(?<!\w)\d{3}[\s-]\d{3}[\s-]\d{4}(?!\w)")
_WAYS = (
    "road|rd|street|st|avenue|ave|av|close|cl|lane|ln|drive|dr|court|ct|house|place|pl|crescent|cres|gardens|gdns|"
    "grove|gr|way|terrace|ter|square|sq|park|hill|row|walk|green|mews|rise|view"
)
_FLAT = re.compile(r"(?<!\w)(?:flat|apartment|apt)\s+(?:\d+[a-z]?,?\s+(?=\d))?(?=\d)")
_HOUSE = re.compile(
    rf"(?<!\w)(\d{{1,4}}[a-z]?),?\s+([a-z']{{3,}})(?!\w)((?:\s+[a-z']+){{0,2}}?\s+(?:{_WAYS})(?!\w))?"
)
_CODE = re.compile(r"(?<!\w)[a-z0-9][a-z0-9/-]*\d[a-z0-9/-]*(?!\w)")
_TITLES = frozenset(("mr", "mrs", "miss", "ms", "mx", "dr", "prof", "sir", "dame", "rev", "master"))
_YEARS = range(1880, 2100)
_SHORTEST_NUMBER, _SHORTEST_UPRN, _NHS_LENGTH = 4, 6, 10


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that was said beside names: the keys that it may mean, and what each would be."""

    said: str
    keys: Mapping[int, str]

    @property
    def weak(self) -> bool:
        """Whether it fits thousands of people: a district does."""
        return set(self.keys.values()) == {DISTRICT}


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked. With `begins`, the last word may be the beginning of a name; `years` are of birth."""

    reference: str = ""
    terms: tuple[Term, ...] = ()
    words: tuple[str, ...] = ()
    begins: bool = False
    years: frozenset[int] = frozenset()
    born: frozenset[date] = frozenset()

    @property
    def asks(self) -> bool:
        return bool(self.reference or self.terms or self.words)


class _Reader:
    """Takes from a text one kind of thing after another; what is left are names."""

    def __init__(self, text: str, today: date) -> None:
        self.rest = text
        self._today = today
        self.reference = ""
        self.terms: list[Term] = []
        self.years: set[int] = set()
        self.born: set[date] = set()

    def _add(self, said: str, meant: Mapping[int, str]) -> None:
        if meant:
            self.terms.append(Term(said.strip(), meant))

    def _take(self, pattern: re.Pattern[str]) -> list[re.Match[str]]:
        found = list(pattern.finditer(self.rest))
        self.rest = pattern.sub(" | ", self.rest)
        return found

    def take_addresses_of_mail(self) -> None:
        for match in self._take(_EMAIL):
            self._add(match[0], {key("email", match[0].strip(".")): EMAIL})

    def take_references(self) -> None:
        for match in self._take(_REFERENCE):
            try:
                self.reference = references.normalise(match[0])
            except references.NotAReference:
                self.rest += f" {match[0]}"

    def take_dates(self) -> None:
        found, self.rest = dates.take(self.rest, self._today)
        for meant in found:
            self.born.update(meant)
            self._add(meant[0].isoformat(), {key("born", day_of(each)): BORN for each in meant})

    def take_numbers_of_the_state(self) -> None:
        for pattern in (_NINO, _NHS):
            for match in self._take(pattern):
                self._add(match[0], self._number(squeezed(match[0])))

    def take_places(self) -> None:
        for match in self._take(_POSTCODE):
            self._add(match[0], {key("post", match[1] + match[2]): POSTCODE})
        self._take(_FLAT)
        for match in list(_HOUSE.finditer(self.rest)):
            if match[3] or not (match[1].isdigit() and int(match[1]) in _YEARS):
                self.rest = self.rest.replace(match[0], " | ", 1)
                self._add(match[0], {key("house", f"{match[1]} {fold(match[2])}"): ADDRESS})

    def take_phones(self) -> None:
        for match in self._take(_PHONE):
            self._add(match[0], {key("phone", last_digits(match[0])): PHONE})

    def take_codes(self) -> None:
        for match in self._take(_CODE):
            code = squeezed(match[0])
            if code.isdigit() and int(code) in _YEARS and len(code) == _SHORTEST_NUMBER:
                self.years.add(int(code))
                continue
            meant = self._number(code)
            if _DISTRICT.fullmatch(match[0]):
                meant[key("district", code)] = DISTRICT
            self._add(match[0], meant)

    def _number(self, code: str) -> dict[int, str]:
        """Return what a number may be: of many kinds it cannot be told which."""
        if len(code) < _SHORTEST_NUMBER:
            return {}
        meant = {key("id", code): NUMBER}
        if code.isdigit():
            days = dates.of_digits(code, self._today)
            self.born.update(days)
            meant |= {key("born", day_of(each)): BORN for each in days}
            if len(code) >= _SHORTEST_UPRN:
                meant[key("uprn", code.lstrip("0"))] = UPRN
            if len(code) >= _NHS_LENGTH and not _is_nhs(code):
                meant[key("phone", last_digits(code))] = PHONE
        return meant


def read(text: str, today: date) -> Question:
    """Return what a text asks.

    >>> asked = read("Smith, 4 May 1980 zx1 2ab john", date(2026, 11, 23))
    >>> [term.said for term in asked.terms], asked.words, asked.begins
    (['1980-05-04', 'zx1 2ab'], ('smith', 'john'), True)
    >>> [set(term.keys.values()) for term in read("07700 900982", date(2026, 11, 23)).terms]
    [{'Phone'}]
    """
    reader = _Reader(" ".join(text.replace("\0", "").lower().split())[:_LONGEST], today)
    reader.take_addresses_of_mail()
    reader.take_references()
    reader.take_dates()
    reader.take_numbers_of_the_state()
    reader.take_phones()
    reader.take_places()
    reader.take_codes()
    words = [word for word in fold(reader.rest.replace("|", " ")).split() if word not in _TITLES]
    return Question(
        reference=reader.reference,
        terms=tuple(reader.terms),
        words=tuple(dict.fromkeys(words))[:_MOST_WORDS],
        begins=bool(words) and reader.rest.rstrip(" ").endswith(words[-1]),
        years=frozenset(reader.years),
        born=frozenset(reader.born),
    )


def _is_nhs(digits: str) -> bool:
    try:
        return bool(numbers.nhs(digits))
    except ValueError:
        return False
