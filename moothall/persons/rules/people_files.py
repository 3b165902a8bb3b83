"""Reading a file of people, row by row: what is known of each, or why a row cannot be used.

A file is CSV with a line of headings. What is wrong with a name, a date or the row itself refuses the row; a postcode,
number or address that cannot be read is left out, and said.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from moothall.persons.rules import numbers
from moothall.persons.rules.known import Known, Name, Place, fold

NEEDED = ("given", "family")
COLUMNS = (
    "id", "source", "given", "middle", "family", "known_as", "former", "born", "line1", "line2", "town", "postcode",
    "uprn", "phone", "email", "nhs", "nino",
)  # fmt: skip
_EARLIEST = date(1880, 1, 1)
_LONGEST = 200
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_BRITISH = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})")
_POSTCODE = re.compile(r"[a-z]{1,2}[0-9][0-9a-z]?[0-9][a-z]{2}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_UPRN = re.compile(r"0*([1-9][0-9]{0,11})")
_PHONE = re.compile(r"\+[1-9][0-9]{7,14}")
_NOISE = re.compile(r"[\s().\-]+")
_TEN_DIGITS = re.compile(r"[0-9]{10}")


@dataclass(frozen=True, slots=True)
class Row:
    """One row that can be used: its line in the file, its own key and source, and what could not be read."""

    line: int
    key: str
    source: str
    known: Known
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """One row that cannot be used, and why."""

    line: int
    key: str
    source: str
    why: str


def headings(found: Sequence[str]) -> list[str]:
    """Return the columns of a file by their headings, in small letters. Raises `ValueError` with a sentence.

    >>> headings(["ID", "Given", "Family"])
    ['id', 'given', 'family']
    >>> headings(["name"])
    Traceback (most recent call last):
    ValueError: The file has no columns “given”, “family”. Its first line must name the columns.
    """
    names = [name.strip().lower() for name in found]
    if missing := [name for name in NEEDED if name not in names]:
        listed = ", ".join(f"“{name}”" for name in missing)
        raise ValueError(
            f"The file has no column{'s' if len(missing) > 1 else ''} {listed}. Its first line must name the columns."
        )
    if unknown := [name for name in names if name not in COLUMNS]:
        raise ValueError(
            f"The file has a column “{unknown[0][:40]}”, which says nothing here. Take it out, or call it one of: "
            f"{', '.join(COLUMNS)}."
        )
    if twice := [name for name in names if names.count(name) > 1]:
        raise ValueError(f"The file has two columns “{twice[0]}”. Take one out.")
    return names


def read(
    columns: Sequence[str], lines: Iterable[tuple[int, Sequence[str]]], today: date
) -> Iterator[Row | RefusedRow]:
    """Give each row, in order, as what is known of somebody or as refused. Lines come with their numbers."""
    seen: dict[tuple[str, str], int] = {}
    for line, values in lines:
        row = {name: value.strip() for name, value in zip(columns, values, strict=False)}
        source, key = row.get("source", ""), row.get("id", "") or f"line {line}"
        first = seen.setdefault((source, key), line)
        if len(values) != len(columns):
            why = f"It has {len(values)} values, and the file has {len(columns)} columns."
        elif first != line:
            why = f"Line {first} has the same id “{key[:40]}”."
        else:
            try:
                yield _row(line, key, source, row, today)
            except ValueError as error:
                why = str(error)
            else:
                continue
        yield RefusedRow(line, key, source, why)


def _row(line: int, key: str, source: str, row: Mapping[str, str], today: date) -> Row:
    if any(len(value) > _LONGEST for value in row.values()):
        raise ValueError(f"A value is longer than {_LONGEST} characters.")
    notes: list[str] = []
    identifiers = {
        scheme: frozenset({value})
        for scheme, value in (("nhs", _nhs(row, notes)), ("nino", _nino(row, notes)))
        if value
    }
    phone, email = _phone(row.get("phone", ""), notes), row.get("email", "").lower()
    if email and not _EMAIL.fullmatch(email):
        notes.append("The email address is none, and was left out.")
        email = ""
    known = Known(
        names=_names(row),
        born=_born(row.get("born", ""), today),
        places=_places(row, notes),
        phones=(phone,) if phone else (),
        emails=(email,) if email else (),
        identifiers=identifiers,
    )
    return Row(line, key, source, known, tuple(notes))


def _names(row: Mapping[str, str]) -> tuple[Name, ...]:
    given, middle, family = (_folded(row.get(part, "")) for part in ("given", "middle", "family"))
    if not given and not family:
        raise ValueError("It has no name that can be read.")
    names = [Name(given, middle, family)]
    if other := _folded(row.get("known_as", "")):
        names.append(Name(other, "", family))
    if former := _folded(row.get("former", "")):
        names.append(Name(given, "", former))
    return tuple(dict.fromkeys(names))


@lru_cache(maxsize=65_536)
def _folded(text: str) -> str:
    return fold(text)


def _born(text: str, today: date) -> date | None:
    if not text:
        return None
    if found := _ISO.fullmatch(text):
        parts = found.groups()
    elif found := _BRITISH.fullmatch(text):
        parts = found.groups()[::-1]
    else:
        raise ValueError(f"“{text[:20]}” is no date of birth. Write it like 1980-05-31 or 31/05/1980.")
    try:
        born = date(*map(int, parts))
    except ValueError:
        raise ValueError(f"There is no day {text[:20]} in the calendar.") from None
    if not _EARLIEST <= born <= today:
        raise ValueError(f"Nobody who is alive was born on {text[:20]}.")
    return born


def _places(row: Mapping[str, str], notes: list[str]) -> tuple[Place, ...]:
    line = _line(row)
    postcode = row.get("postcode", "").replace(" ", "").lower()
    if postcode and not _POSTCODE.fullmatch(postcode):
        notes.append("The postcode is none, and was left out.")
        postcode = ""
    uprn = ""
    if text := row.get("uprn", ""):
        if found := _UPRN.fullmatch(text):
            uprn = found[1]
        else:
            notes.append("The UPRN is none, and was left out: they have at most 12 digits.")
    return (Place(line, postcode, uprn),) if line or postcode or uprn else ()


def _line(row: Mapping[str, str]) -> str:
    return fold(f"{row.get('line1', '')} {row.get('line2', '')}")


def _phone(text: str, notes: list[str]) -> str:
    number = _NOISE.sub("", text)
    number = (
        f"+{number[2:]}"
        if number.startswith("00")
        else f"+44{number[1:]}"
        if number.startswith("0")
        else number
    )
    if number and not _PHONE.fullmatch(number):
        notes.append("The phone number is none, and was left out.")
        return ""
    return number


def _nhs(row: Mapping[str, str], notes: list[str]) -> str:
    text = row.get("nhs", "")
    if not text:
        return ""
    try:
        return numbers.nhs(text)
    except ValueError as error:
        number = _NOISE.sub("", text)
        said = (
            "it only counts where it is one digit off" if _TEN_DIGITS.fullmatch(number) else "it was left out"
        )
        notes.append(f"{error} So {said}.")
        return number if _TEN_DIGITS.fullmatch(number) else ""


def _nino(row: Mapping[str, str], notes: list[str]) -> str:
    text = row.get("nino", "")
    if not text:
        return ""
    try:
        return numbers.nino(text).lower()
    except ValueError as error:
        notes.append(f"{error} So it was left out.")
        return ""
