"""Names, titles and lengths of time, as process files write them."""

import re

from moothall.process.definition import RESIDENT, Span, Unit
from moothall.process.language.sections import Part

PROCESS_KEY = re.compile(r"[a-z][a-z0-9-]{0,59}", re.ASCII)
KEY = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)
OUTCOME_KEY = re.compile(r"[a-z][a-z0-9-]{0,39}", re.ASCII)
CLOCK_KEY = re.compile(r"[a-z][a-z0-9_-]{0,39}", re.ASCII)
TEAM = OUTCOME_KEY
PERMISSION = re.compile(r"[a-z_]+\.[a-z_]+\.[a-z_]+", re.ASCII)

_SPAN = re.compile(r"(\d{1,4}) (working )?(minute|hour|day|week|month|year)s?", re.ASCII)
_UNITS: dict[str, Unit] = {"minute": "minutes", "hour": "hours", "day": "days", "week": "weeks"}
_UNITS |= {"month": "months", "year": "years"}

REQUESTER = "requester"


def titled(key: str) -> str:
    """Return a key as words.

    >>> titled("not-ours")
    'Not ours'
    """
    return key.replace("_", " ").replace("-", " ").capitalize()


def names_in(part: Part, key: str, example: str) -> tuple[str, ...]:
    """Return the teams and kinds of people in a list; `requester` reads better where staff ask, and is a `resident`."""
    names = part.texts(key)
    for name in names:
        if not TEAM.fullmatch(name):
            part.report.wrong(part.at(key), f"“{name}” is not a name.", f"Write it like “{example}”.")
    return tuple(dict.fromkeys(RESIDENT if name == REQUESTER else name for name in names))


def title_in(part: Part, key: str) -> str:
    """Return the words for people, made of the key where there are none."""
    if not part.has("title"):
        part.report.advise(part.path, "It has no title.", f"Write “title: {titled(key)}”, or better words.")
    return part.text("title") or titled(key)


def span_in(part: Part, key: str) -> Span:
    """Return a length of time; working weeks, months and years are refused, since calendars do not know them."""
    text = part.needed(key, f"how long: “{key}: 2 working days”")
    span = span_of(text)
    if span is None and text:
        not_a_span(part, part.at(key), text)
    return span or Span(count=1, unit="days")


def span_of(text: str) -> Span | None:
    """Return a length of time that is written down; None if it is none."""
    found = _SPAN.fullmatch(text)
    if found is None or int(found[1]) == 0 or (found[2] and found[3] in {"week", "month", "year"}):
        return None
    return Span(count=int(found[1]), unit=_UNITS[found[3]], working=bool(found[2]))


def not_a_span(part: Part, path: str, text: str) -> None:
    """Note what is no length of time."""
    wrong = f"“{text}” is not a length of time."
    part.report.wrong(path, wrong, "Write “2 working days”, “4 hours” or “30 minutes”.")
