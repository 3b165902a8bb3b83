"""How addresses are compared, whether what was settled stayed so, and what counts as avoidable. Plain values only."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from moothall.plain.references import NotAReference, normalise
from moothall.process.definition import Field
from moothall.process.kinds import Wrong, clean, words

HELD_FOR = timedelta(days=14)
"""How long nobody may have to come back, for a contact to count as settled at the first time.

Contact centres count 7 to 14 days, and up to 30 (B. Cleveland, Call Center Management on Fast Forward, 4th edition,
ICMI Press 2019; SQM Group). The longer of the usual spans fits councils, where a bin comes round once a fortnight.
"""
CALL_BACK = "call-back"
"""The process of a call that was promised."""
SUMMARY_LENGTH = 4_000
KEPT_LENGTH = 50_000
MOST_REFERENCES = 10
EARLIEST = timedelta(days=366)
AHEAD = timedelta(minutes=5)
_PHONE = Field(key="number", ask="Phone number", type="phone")
_LONGEST = 320
_LOOKED_THROUGH = 20_000
_LIKE_A_REFERENCE = re.compile(r"\b[A-Za-z]{2,5}[- ][0-9A-Za-z]{4}[- ]?[0-9A-Za-z]{4}\b")


def compared(address: str) -> str:
    """Return a phone number or an email address as it is compared: E.164, or in small letters.

    What is neither is kept as it was written: a withheld number, a name on a social network.

    >>> compared("07700 900 982"), compared(" Sam@Example.ORG "), compared("withheld"), compared("")
    ('+447700900982', 'sam@example.org', 'withheld', '')
    """
    text = " ".join(address.replace("\0", "").split())[:_LONGEST]
    if "@" in text:
        return text.lower()
    try:
        return str(clean(_PHONE, text, today=date.min)) if text else ""
    except Wrong:
        return text


def is_phone(address: str) -> bool:
    """Say whether a compared address is a phone number."""
    return address.startswith("+") and address[1:].isdigit()


def shown(address: str) -> str:
    """Return a compared address as people read it.

    >>> shown("+447700900982"), shown("sam@example.org")
    ('07700 900982', 'sam@example.org')
    """
    return words(_PHONE, address) if is_phone(address) else address


def same_sender(address: str, known: str) -> bool:
    """Say whether a letter says that it comes from an address that is known. It proves nothing: anybody can say so.

    >>> same_sender("Sam@Example.org", "sam@example.org"), same_sender("", "")
    (True, False)
    """
    return bool(address) and compared(address) == compared(known)


@dataclass(frozen=True, slots=True)
class Touch:
    """One contact, as far as it says whether another one settled its matter."""

    at: datetime
    about: str = ""
    case_id: int | None = None
    inbound: bool = True


def held(*, resolved: bool | None, first: Touch, later: Iterable[Touch], now: datetime) -> bool | None:
    """Say whether a contact settled its matter for good: nobody came back about the same within `HELD_FOR`.

    None where nobody said that it was settled, or the span is not over yet. `later` are other contacts of the same
    person. Two are about the same if they are about one case, or about one service where either has no case.

    >>> from datetime import UTC
    >>> day = lambda number: datetime(2026, 11, number, 9, tzinfo=UTC)
    >>> held(resolved=True, first=Touch(day(2), "bins"), later=[Touch(day(9), "bins")], now=day(30))
    False
    >>> held(resolved=True, first=Touch(day(2), "bins"), later=[Touch(day(17), "bins")], now=day(30))
    True
    >>> held(resolved=True, first=Touch(day(20), "bins"), later=[], now=day(30)) is None
    True
    """
    if not resolved:
        return None if resolved is None else False
    ends = first.at + HELD_FOR
    if any(each.inbound and first.at < each.at <= ends and _same(first, each) for each in later):
        return False
    return True if now > ends else None


def _same(one: Touch, other: Touch) -> bool:
    if one.case_id and other.case_id:
        return one.case_id == other.case_id
    return bool(one.about) and one.about == other.about


def answered_subject(subject: str) -> str:
    """Return the subject of an answer.

    >>> answered_subject("My bin"), answered_subject("RE: My bin"), answered_subject("")
    ('Re: My bin', 'RE: My bin', 'Re: your message')
    """
    if not subject.strip():
        return "Re: your message"
    return subject if subject.lower().startswith("re:") else f"Re: {subject}"


def references_in(text: str) -> list[str]:
    """Return what has the form of our references in a text, as it would be kept. Whether there are such, nobody says.

    >>> references_in("About my bin: ash-0000-000g, or ASH-0000-000B?"), references_in("nothing of the kind")
    (['ASH-0000-000G'], [])
    """
    found: dict[str, None] = {}
    for each in _LIKE_A_REFERENCE.findall(text[:_LOOKED_THROUGH]):
        try:
            found.setdefault(normalise(each))
        except NotAReference:
            continue
    return list(found)[:MOST_REFERENCES]


def month_before(month: date, back: int) -> date:
    """Return the first day of a month so many months earlier.

    >>> month_before(date(2026, 11, 30), 0), month_before(date(2026, 2, 1), 3)
    (datetime.date(2026, 11, 1), datetime.date(2025, 11, 1))
    """
    whole = month.year * 12 + month.month - 1 - back
    return date(whole // 12, whole % 12 + 1, 1)
