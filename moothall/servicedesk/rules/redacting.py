"""Taking names out of a report before everybody may read it: people, addresses, numbers and machines are replaced.

What is replaced stands in square brackets, so that a person who reads it sees what was done. It only proposes: somebody
compares both sides, and somebody else publishes.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_EMAIL = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
_URL = re.compile(r"\b(?:https?|ftp|ssh|rdp|smb)://[^\s<>\[\]\"']+[^\s<>\[\]\"'.,;:!?)]", re.IGNORECASE)
_IPV4 = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?:/\d{1,2})?(?::\d{1,5})?(?![\w]|\.\d)")
_IPV6 = re.compile(
    r"(?<![\w:])(?:(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}|(?:[0-9a-f]{1,4}:){1,7}:(?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){0,6})?"
    r"|::(?:[0-9a-f]{1,4}:){0,6}[0-9a-f]{1,4})(?:/\d{1,3})?(?![\w:])",
    re.IGNORECASE,
)
_MAC = re.compile(r"(?<![\w:-])(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}(?![\w:-])", re.IGNORECASE)
_PHONE = re.compile(
    r"(?<![\w.])(?:\+44\s?(?:\(0\)\s?)?|\(?0)\d(?:[\d\s()-]{7,12})\d(?:\s?(?:ext\.?|x)\s?\d{1,6})?(?!\w)"
)
_HOST = re.compile(
    r"(?<![\w.@-])(?=[a-z0-9-]*[a-z])[a-z0-9][a-z0-9-]*(?:\.[a-z0-9-]+)*"
    r"\.(?:local|internal|lan|corp|intranet|gov\.uk|nhs\.uk|org\.uk|co\.uk|com|net|org|io|uk)(?![\w-])",
    re.IGNORECASE,
)
_MACHINE = re.compile(  # as machines are called: FW-EDGE-02, srv-db01, esx3-ald
    r"(?<![\w.@-])(?=[A-Za-z0-9-]*\d)(?!P[1-4]\b)(?:[A-Z]{2,}[A-Z0-9]*(?:-[A-Z0-9]+)+|[a-z]{2,}[a-z0-9]*(?:-[a-z0-9]+)+)(?![\w-])"
)
_PLAIN: tuple[tuple[re.Pattern[str], str], ...] = (
    (_EMAIL, "[email address]"),
    (_URL, "[web address]"),
    (_MAC, "[network address]"),
    (_IPV6, "[IP address]"),
    (_IPV4, "[IP address]"),
    (_HOST, "[host name]"),
    (_PHONE, "[phone number]"),
    (_MACHINE, "[machine]"),
)
_BRACKETED = re.compile(r"(\[[^\[\]\n]{1,80}\])")


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing that was found, and what stands there instead."""

    found: str
    instead: str


@dataclass(frozen=True, slots=True)
class Redacted:
    """A text without what is not for everybody, and what was taken out of it."""

    text: str
    marks: tuple[Mark, ...]


def redact(text: str, *, people: Mapping[str, str], systems: Mapping[str, str]) -> Redacted:
    """Return a text in which people stand as their roles, and addresses, numbers and machines as what they are.

    `people` says the role of each name, `systems` the kind of each system that is not named to the public. What stands
    in square brackets was replaced before, and is left alone.
    """
    marks: dict[str, str] = {}
    rules = [*_PLAIN[:2], *_named(people), *_named(systems), *_PLAIN[2:]]
    for pattern, instead in rules:
        text = _replaced(text, pattern, instead, marks)
    return Redacted(text, tuple(Mark(found, instead) for found, instead in marks.items()))


def still_there(text: str, *, people: Mapping[str, str], systems: Mapping[str, str]) -> tuple[str, ...]:
    """Return what of a text would be taken out of it: what a person has left in, or put in again."""
    return tuple(mark.found for mark in redact(text, people=people, systems=systems).marks)


def roles_of(people: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the role of each name, also of the parts of it by which colleagues call each other.

    A first name that two of them have is nobody's; a short one, or one that is a common word, is left to the reader.

    >>> roles_of([("Rhys Gould", "Platform engineer"), ("Dr Mary-Ann Hill", "")])["Rhys"]
    'platform engineer'
    >>> roles_of([("Will Stone", "Engineer")]).keys()
    dict_keys(['Will Stone'])
    """
    found: dict[str, str] = {}
    parts: dict[str, set[str]] = {}
    for name, role in people:
        words = " ".join(name.split())
        said = role.strip() or "member of staff"
        said = said if said[:2].isupper() else said[:1].lower() + said[1:]
        if not words:
            continue
        found[words] = said
        for part in words.split():
            if len(part) >= _SHORTEST_NAME and part[0].isupper() and part.lower().strip(".") not in _WORDS:
                parts.setdefault(part, set()).add(said)
    for part, roles in parts.items():
        found.setdefault(part, next(iter(roles)) if len(roles) == 1 else "member of staff")
    return found


_SHORTEST_NAME = 3
_TITLES = frozenset({"cllr", "sgt", "mrs", "miss", "rev", "sir", "dame", "prof"})
_WORDS = _TITLES | frozenset(
    {
        "and",
        "bell",
        "bridge",
        "brook",
        "case",
        "cook",
        "day",
        "dean",
        "faith",
        "field",
        "for",
        "frost",
        "grace",
    }
    | {
        "grant",
        "hill",
        "hope",
        "king",
        "lane",
        "long",
        "major",
        "mark",
        "marsh",
        "may",
        "page",
        "penn",
        "power",
    }
    | {"price", "rose", "stone", "the", "ward", "will", "wood", "young"}
)


def _named(names: Mapping[str, str]) -> list[tuple[re.Pattern[str], str]]:
    """Return patterns for names, the longest first, so that a full name goes before its parts."""
    return [
        (re.compile(rf"(?<![\w@.-]){re.escape(name)}(?![\w@-])"), f"[{instead}]")
        for name, instead in sorted(names.items(), key=lambda each: -len(each[0]))
        if name.strip()
    ]


def _replaced(text: str, pattern: re.Pattern[str], instead: str, marks: dict[str, str]) -> str:
    def put(match: re.Match[str]) -> str:
        marks.setdefault(match.group().strip(), instead)
        return instead

    pieces = _BRACKETED.split(text)
    return "".join(each if number % 2 else pattern.sub(put, each) for number, each in enumerate(pieces))
