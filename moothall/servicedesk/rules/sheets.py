"""Reading a table that another system wrote as CSV: in whatever encoding and with whatever separator it has."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

MOST_ROWS = 250_000
MOST_COLUMNS = 200
_SEPARATORS = ",;\t|"
_LOOKED_AT = 20_000
_LONGEST = 200_000


class NotASheet(ValueError):
    """This is no table; the words say why."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as text: what its columns are called, and how its lines are told apart."""

    heads: tuple[str, ...]
    text: str
    separator: str

    def rows(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Return each row with the number of its line; empty ones are left out."""
        csv.field_size_limit(_LONGEST)
        reader = csv.reader(io.StringIO(self.text, newline=""), delimiter=self.separator)
        for number, cells in enumerate(reader):
            if not number or not any(each.strip() for each in cells):
                continue
            if number > MOST_ROWS:
                raise NotASheet(f"It has more than {MOST_ROWS:,} rows. Bring them in as several files.")
            yield reader.line_num, dict(zip(self.heads, cells, strict=False))


def read(raw: bytes) -> Sheet:
    r"""Return the table in a file; refuses what is none.

    >>> read("Number;Title\n1;Café".encode("cp1252")).heads
    ('Number', 'Title')
    """
    text = _decoded(raw)
    first = text[:_LOOKED_AT].split("\n", 1)[0]
    separator = max(_SEPARATORS, key=first.count)
    try:
        heads = next(csv.reader(io.StringIO(text[:_LOOKED_AT], newline=""), delimiter=separator), [])
    except csv.Error as error:
        raise NotASheet(f"It cannot be read as CSV ({error}).") from error
    named = _named(heads)
    if len(named) < 2 or len(named) > MOST_COLUMNS:  # noqa: PLR2004 - a summary and a time at least
        raise NotASheet("Its first line does not name columns, separated by commas.")
    return Sheet(named, text, separator)


def _decoded(raw: bytes) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _strictly(raw, "utf-16")
    if b"\x00" in raw[:_LOOKED_AT]:
        raise NotASheet("It is not text. Save it as CSV first.")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _strictly(raw, "cp1252")


def _strictly(raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        raise NotASheet("Its letters cannot be read. Save it as CSV in UTF-8.") from None


def _named(heads: Sequence[str]) -> tuple[str, ...]:
    """Return the names of columns, each once: a second “Date” is “Date (2)”."""
    found: dict[str, None] = {}
    for place, head in enumerate(heads, start=1):
        name = " ".join(head.split())[:100] or f"Column {place}"
        number = 2
        while name in found:
            name, number = f"{' '.join(head.split())[:90]} ({number})", number + 1
        found[name] = None
    return tuple(found)
