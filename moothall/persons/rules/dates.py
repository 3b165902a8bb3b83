"""Dates of birth in the many writings in which people type them, with both meanings where there are two."""

import re
from datetime import date

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january ionawr", "feb february chwefror", "mar march mawrth", "apr april ebrill", "may mai",
            "jun june mehefin", "jul july gorffennaf", "aug august awst", "sep sept september medi",
            "oct october hydref", "nov november tachwedd", "dec december rhagfyr",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_TH = r"(?:st|nd|rd|th)?(?:\s+of)?"
_PATTERNS = (
    re.compile(r"(?<![\w/.-])(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?![\w/-])"),
    re.compile(r"(?<![\w/.-])(?P<d>\d{1,2})\s*[-/.]\s*(?P<m>\d{1,2})\s*[-/.]\s*(?P<y>\d{4}|\d{2})(?![\w/-])"),
    re.compile(r"(?<!\w)(?P<d>\d{1,2}) (?P<m>\d{1,2}) (?P<y>(?:19|20)\d{2})(?!\w)"),
    re.compile(rf"(?<!\w)(?P<d>\d{{1,2}}){_TH}[\s-]*(?P<n>{_MONTH})[\s,-]*(?P<y>\d{{4}}|\d{{2}})(?!\w)"),
    re.compile(rf"(?<!\w)(?P<n>{_MONTH})\.?\s+(?P<d>\d{{1,2}}){_TH},?\s+(?P<y>\d{{4}})(?!\w)"),
)
_CENTURIES = (1900, 2000)
_EIGHT, _SIX = 8, 6
_OLDEST = 1880


def take(text: str, today: date) -> tuple[list[tuple[date, ...]], str]:
    """Return the dates that a text in small letters has, each with what else it may mean, and the rest of the text.

    >>> take("smith 4/5/1980", date(2026, 11, 23))
    ([(datetime.date(1980, 5, 4),)], 'smith  | ')
    >>> take("4th of may 80 ann", date(2026, 11, 23))
    ([(datetime.date(1980, 5, 4),)], ' |  ann')
    >>> take("4.5.20", date(2026, 11, 23))[0]
    [(datetime.date(1920, 5, 4), datetime.date(2020, 5, 4))]
    """
    found = []
    for pattern in _PATTERNS:
        while match := pattern.search(text):
            parts = match.groupdict()
            month = _MONTHS[parts["n"]] if parts.get("n") else int(parts["m"])
            meant = _meant(parts["y"], month, int(parts["d"]), today)
            if not meant:
                break
            found.append(meant)
            text = f"{text[: match.start()]} | {text[match.end() :]}"
    return found, text


def of_digits(digits: str, today: date) -> tuple[date, ...]:
    """Return what digits without anything between them may mean as a date.

    >>> of_digits("04051980", date(2026, 11, 23)), of_digits("19800504", date(2026, 11, 23))
    ((datetime.date(1980, 5, 4),), (datetime.date(1980, 5, 4),))
    >>> of_digits("12345", date(2026, 11, 23))
    ()
    """
    if len(digits) == _EIGHT:
        return (
            *_meant(digits[4:], int(digits[2:4]), int(digits[:2]), today),
            *_meant(digits[:4], int(digits[4:6]), int(digits[6:]), today),
        )
    if len(digits) == _SIX:
        return _meant(digits[4:], int(digits[2:4]), int(digits[:2]), today)
    return ()


def _meant(year: str, month: int, day: int, today: date) -> tuple[date, ...]:
    """Return the days that this may be, none later than today; a month over 12 is the day."""
    years = [int(year)] if len(year) > len("80") else [century + int(year) for century in _CENTURIES]
    found = []
    for each in years:
        if not _OLDEST <= each <= today.year:
            continue
        try:
            born = date(each, month, day)
        except ValueError:
            try:
                born = date(each, day, month)
            except ValueError:
                continue
        if born <= today:
            found.append(born)
    return tuple(found)
