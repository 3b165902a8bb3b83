"""Questions answered with a date, entered as day, month and year; kept as 2026-03-27."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, ClassVar

from moothall.process.definition import Field
from moothall.process.kinds.kind import Kind, Wrong
from moothall.process.kinds.tidying import tidy

_LIMIT = re.compile(r"(?P<today>today)(?: (?P<sign>[+-]) (?P<count>\d{1,5}) (?P<unit>days?|weeks?|years?))?")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_NAMES = tuple(date(2000, month, 1).strftime("%B").lower() for month in range(1, 13))
_DAYS = {"day": 1, "week": 7, "year": 365}
_LONGEST = 20
_NUMBER = re.compile(r"\d{1,4}", re.ASCII)
EARLIEST = date(1900, 1, 1)
LATEST = date(2200, 1, 1)


def written(day: date) -> str:
    """Return a date as people write it.

    >>> written(date(2026, 3, 7))
    '7 March 2026'
    """
    return f"{day.day} {day:%B %Y}"


def limit(text: str, today: date) -> date | None:
    """Return the date that a limit in a process file means: `today`, `today - 30 days`, or 2020-04-06.

    >>> limit("today - 1 week", date(2026, 3, 27))
    datetime.date(2026, 3, 20)
    """
    found = _LIMIT.fullmatch(text)
    try:
        if found is None:
            return date.fromisoformat(text)
        days = int(found["count"] or 0) * _DAYS[(found["unit"] or "day").removesuffix("s")]
        return today + timedelta(days=-days if found["sign"] == "-" else days)
    except (ValueError, OverflowError):
        return None


def _month(text: str) -> str:
    return str(_MONTHS.index(text[:3]) + 1) if text in _MONTHS or text in _MONTH_NAMES else text


def _real(*numbers: str) -> date | None:
    try:
        year, month, day = (int(number) for number in numbers if _NUMBER.fullmatch(number))
        return date(year, month, day)
    except ValueError:
        return None


class DateKind(Kind):
    name = "date"
    options = frozenset({"max", "min"})
    parts: ClassVar[tuple[str, ...]] = ("day", "month", "year")
    rules = "date"

    def missing(self, field: Field) -> str:
        return f"Enter a date for “{field.name}”, for example 27 3 2026."

    def clean(self, field: Field, raw: Any, *, today: date) -> str | None:
        day = self._read(field, raw)
        if day is None:
            return None
        self._check_limits(field, day, today)
        return day.isoformat()

    def _read(self, field: Field, raw: Any) -> date | None:
        if isinstance(raw, date):
            return raw
        if isinstance(raw, Mapping):
            return self._from_parts(field, raw)
        text = tidy(raw, longest=_LONGEST, name=field.name)
        try:
            return date.fromisoformat(text) if text else None
        except ValueError as error:
            raise Wrong(self.missing(field)) from error

    def _from_parts(self, field: Field, raw: Mapping[str, Any]) -> date | None:
        names = DateKind.parts
        parts = {part: tidy(raw.get(part), longest=_LONGEST, name=field.name) for part in names}
        if not any(parts.values()):
            return None
        left_out = [part for part in names if not parts[part]]
        if left_out:
            sentence = f"“{field.name}” must include a {' and '.join(left_out)}."
            raise Wrong(sentence, dict.fromkeys(left_out, sentence))
        if len(parts["year"]) != 4:  # noqa: PLR2004
            raise Wrong("Year must include 4 numbers.", {"year": "Year must include 4 numbers."})
        day = _real(parts["year"], _month(parts["month"].lower()), parts["day"])
        if day is None:
            sentence = f"“{field.name}” must be a real date, for example 27 3 2026."
            raise Wrong(sentence, dict.fromkeys(names, sentence))
        return day

    def _check_limits(self, field: Field, day: date, today: date) -> None:
        least = limit(str(field.min), today) if field.min else EARLIEST
        most = limit(str(field.max), today) if field.max else LATEST
        if least and day < least:
            when = "today or in the future" if field.min == "today" else f"{written(least)} or later"
            raise Wrong(f"“{field.name}” must be {when}.")
        if most and day > most:
            when = "today or in the past" if field.max == "today" else f"{written(most)} or earlier"
            raise Wrong(f"“{field.name}” must be {when}.")

    def words(self, _field: Field, value: Any) -> str:
        return written(date.fromisoformat(value))

    def rule_value(self, value: Any) -> Any:
        return date.fromisoformat(value)
