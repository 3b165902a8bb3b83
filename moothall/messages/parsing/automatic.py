"""Letters that no person wrote: automatic answers, lists, and news that something could not be delivered."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from moothall.messages.parsing.envelopes import Envelope, attempt, every, first, ids
from moothall.messages.parsing.structure import Part, inner
from moothall.messages.parsing.wording import header_text, text_of

Kind = Literal["letter", "auto-reply", "bounce", "bulk", "loop"]
MOST_HOPS = 50
_LONGEST_REASON = 300
_POSTMASTERS = ("mailer-daemon@", "postmaster@", "mail-daemon@", "double-bounce@")
_BULK = frozenset({"bulk", "list", "junk"})
_LISTS = ("list-id", "list-unsubscribe", "list-post", "mailing-list")
_ANSWERING = ("x-autoreply", "x-autorespond", "x-autoresponder", "x-auto-response-suppress", "x-vacation")
_SUBJECTS = re.compile(
    r"(?:automatic reply|auto(?:matic)?[ -]?response|out of (?:the )?office)\s*[:-]", re.IGNORECASE
)
_OURS = re.compile(r"<[0-9a-f]{32}@[^<>\s]{1,200}>")
_LOOKED_AT = 100_000


@dataclass(frozen=True, slots=True)
class Failure:
    """What a mail server says of a letter that it could not deliver. `message_ids`: which it may have been."""

    message_ids: tuple[str, ...]
    recipient: str
    reason: str
    is_final: bool


def kind_of(letter: Part, outside: Envelope) -> Kind:
    """Return what sort of letter this is by its headers (RFC 3834, RFC 3464, RFC 2919, and what programs really send).

    A list is only said to be one if no mark of an automatic answer stands on the letter.
    """
    if outside.hops > MOST_HOPS:
        return "loop"
    if is_report(letter) or outside.sender.startswith(_POSTMASTERS):
        return "bounce"
    submitted = first(letter, "auto-submitted").partition(";")[0].strip().lower()
    precedence = first(letter, "precedence").strip().lower()
    answers = (
        submitted not in {"", "no"}
        or precedence in {"auto_reply", "auto-reply"}
        or any(first(letter, name).strip().lower() not in {"", "no"} for name in _ANSWERING)
        or every(letter, "return-path")[:1] == ["<>"]
        or bool(_SUBJECTS.match(outside.subject))
    )
    if answers:
        return "auto-reply"
    return "bulk" if precedence in _BULK or any(first(letter, name) for name in _LISTS) else "letter"


def is_report(letter: Part) -> bool:
    """Say whether this is a report of a mail server about what it did with a letter (RFC 3462)."""
    kind = attempt(lambda: str(letter.get_param("report-type") or "").lower(), "")
    return letter.get_content_type() == "multipart/report" and kind in {"delivery-status", ""}


def failure(letter: Part, text: str) -> Failure | None:
    """Return what could not be delivered, and why; None if the letter says neither (RFC 3464, then by its text)."""
    status = {name: value for part in _walk(letter) for name, value in _status(part)}
    found = [each for part in _walk(letter) for each in _original(part)]
    found += _OURS.findall(text[:_LOOKED_AT])
    if not found and not status:
        return None
    action = status.get("action", "").lower()
    said = " ".join(filter(None, [status.get("status", ""), status.get("diagnostic-code", "")]))
    recipient = status.get("final-recipient") or status.get("original-recipient", "")
    return Failure(
        message_ids=tuple(dict.fromkeys(found))[:20],
        recipient=recipient.rpartition(";")[2].strip().strip("<>").lower()[:320],
        reason=said.strip()[:_LONGEST_REASON] or "The mail server of the recipient sent it back.",
        is_final=action == "failed" or (not action and not status.get("status", "5").startswith("4")),
    )


def _walk(letter: Part) -> Iterator[Part]:
    """Return the letter and its parts, two floors deep: reports have no more."""
    yield letter
    yield from inner(letter)[:20]


def _status(part: Part) -> Iterator[tuple[str, str]]:
    if part.get_content_type() != "message/delivery-status":
        return
    for block in inner(part)[:20]:
        yield from ((name.lower(), header_text(str(value))) for name, value in block.raw_items())


def _original(part: Part) -> Iterator[str]:
    """Return the Message-IDs of the letter that a report is about."""
    if part.get_content_type() == "message/rfc822":
        for each in inner(part)[:1]:
            yield from ids(each, "message-id")
    elif part.get_content_type() in {"text/rfc822-headers", "message/rfc822-headers"}:
        raw = part.get_payload(decode=True)
        said = text_of(raw, "utf-8") if isinstance(raw, bytes) else ""
        lines = said[:_LOOKED_AT].splitlines()
        for at, line in enumerate(lines):
            if line.lower().startswith("message-id:"):
                yield from re.findall(r"<[^<>\s]{1,248}>", " ".join(lines[at : at + 2]))
