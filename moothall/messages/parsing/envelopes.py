"""The head of a letter: from whom, to whom, about what, when, and which letters it answers."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import getaddresses, parsedate_to_datetime
from typing import TypeVar

from moothall.messages.parsing.structure import Part, head
from moothall.messages.parsing.wording import header_text, unescaped

LONGEST_NAME, LONGEST_ADDRESS, LONGEST_SUBJECT = 200, 320, 300
MOST_IDS, MOST_ADDRESSES = 50, 100
_FIRST_YEAR, _LAST_YEAR = 1990, 2200
_ID = re.compile(r"<[^<>\s]{1,248}>")
_ADDRESS = re.compile(r"[^\s<>@,;:\"()]{1,250}@[^\s<>@,;:\"()]{1,250}")
_FOUND_BY = ("delivered-to", "x-original-to", "envelope-to", "to", "cc")
T = TypeVar("T")
U = TypeVar("U")


@dataclass(frozen=True, slots=True)
class Envelope:
    """What stands on the outside of a letter. Addresses are in small letters; what is missing is empty."""

    sender_name: str = ""
    sender: str = ""
    reply_to: str = ""
    to: tuple[str, ...] = ()
    subject: str = ""
    message_id: str = ""
    answers: tuple[str, ...] = ()
    """Message-IDs that it answers or follows, the nearest first."""
    written_at: datetime | None = None
    hops: int = 0


def envelope(raw: bytes) -> Envelope:
    """Return the head of a letter, as far as it can be read at all."""
    return attempt(lambda: envelope_of(head(raw)), Envelope())


def attempt(read: Callable[[], T], otherwise: U) -> T | U:
    """Return what can be read, or the other value where the header is so broken that the library gives up."""
    try:
        return read()
    except Exception:  # noqa: BLE001 - the library raises anything at all; the letter counts, not one header of it
        return otherwise


def envelope_of(letter: Part) -> Envelope:
    """Return the head of a letter that was taken apart; a header that cannot be read counts as missing."""
    sender_name, sender = next(iter(attempt(lambda: _senders(letter), ())), ("", ""))
    return Envelope(
        sender_name=sender_name,
        sender=sender,
        reply_to=next((address for _, address in attempt(lambda: _people(letter, "reply-to"), ())), ""),
        to=attempt(lambda: _addressed(letter), ()),
        subject=attempt(lambda: header_text(first(letter, "subject"))[:LONGEST_SUBJECT], ""),
        message_id=next(iter(attempt(lambda: ids(letter, "message-id"), ())), ""),
        answers=attempt(lambda: _answers(letter), ()),
        written_at=attempt(lambda: moment(first(letter, "date")), None),
        hops=len(letter.get_all("received") or ()),
    )


def first(letter: Part, name: str) -> str:
    """Return a header as it came, or nothing."""
    return next((str(value) for key, value in letter.raw_items() if key.lower() == name), "")


def every(letter: Part, name: str) -> list[str]:
    """Return all headers of a name as they came."""
    return [str(value) for key, value in letter.raw_items() if key.lower() == name][:MOST_ADDRESSES]


def ids(letter: Part, name: str) -> tuple[str, ...]:
    """Return the Message-IDs in a header, as many as are of use, the last first."""
    found = _ID.findall("\n".join(unescaped(value) for value in every(letter, name)))
    return tuple(dict.fromkeys(reversed(found)))[:MOST_IDS]


def _answers(letter: Part) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*ids(letter, "in-reply-to"), *ids(letter, "references")]))[:MOST_IDS]


def _senders(letter: Part) -> list[tuple[str, str]]:
    for name in ("from", "sender", "reply-to", "return-path"):
        if found := _people(letter, name):
            return found
    return []


def _addressed(letter: Part) -> tuple[str, ...]:
    found = [address for name in _FOUND_BY for _, address in _people(letter, name)]
    return tuple(dict.fromkeys(found))[:MOST_ADDRESSES]


def _people(letter: Part, name: str) -> list[tuple[str, str]]:
    """Return names and addresses in a header; where it follows no rule, what looks like an address in it."""
    values = [unescaped(value) for value in every(letter, name)]
    try:
        listed = getaddresses(values)
    except (RecursionError, IndexError, TypeError, ValueError):
        listed = []
    found = [
        (header_text(said)[:LONGEST_NAME], address.strip().lower()[:LONGEST_ADDRESS])
        for said, address in listed[: 10 * MOST_ADDRESSES]
        if _ADDRESS.fullmatch(address.strip())
    ]
    if not found:
        found = [("", each.lower()[:LONGEST_ADDRESS]) for each in _ADDRESS.findall("\n".join(values))]
    return found[:MOST_ADDRESSES]


def moment(said: str) -> datetime | None:
    """Return when a letter says that it was written, if that can be.

    >>> moment("Mon, 23 Nov 2026 09:30:00 +0100")
    datetime.datetime(2026, 11, 23, 8, 30, tzinfo=datetime.timezone.utc)
    >>> moment("Mon, 99 Nov 99999 09:30:00 +9999"), moment("")
    (None, None)
    """
    try:
        found = parsedate_to_datetime(said.strip()[:100])
        at = found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, TypeError, OverflowError, IndexError, AttributeError):
        return None
    return at if _FIRST_YEAR <= at.year <= _LAST_YEAR else None
