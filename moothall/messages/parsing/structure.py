"""The tree of a letter's parts, made within bounds: its headers capped, its lines and its depth counted before."""

from collections.abc import Iterator, Sequence
from email import message_from_bytes
from email.errors import MessageError
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import Compat32

Part = Message

DEEPEST = 30
MOST_PARTS = 500
_MOST_LINES = 3_000_000
_MOST_BORDERS = 20_000
_MOST_COMPARED = 10_000_000  # lines times the multiparts that each may end
_LONGEST_HEAD = 1_000_000
_LONG = 100_000
_LONG_HEADERS = frozenset({"to", "cc", "from", "reply-to", "references"})
_SHORT = 4_000  # what says how a part is read: the library looks at these often, and not in a straight line
_OTHER = 20_000


class Unreadable(Exception):
    """A letter that cannot be read. Its words are a whole sentence for whoever looks at it."""


class Capped(Compat32):
    """Takes headers as they came, but never more of one than an honest letter has."""

    def header_source_parse(self, sourcelines: Sequence[str]) -> tuple[str, str]:
        """Return the name and the beginning of the value, on as many lines as it came."""
        name, _, first = sourcelines[0].partition(":")
        limit = _limit(name.strip().lower())
        kept, length = [first.lstrip(" \t")[:limit]], len(first)
        for line in sourcelines[1:]:
            if length >= limit:
                break
            kept.append(line[: limit - length])
            length += len(line)
        return name, "".join(kept).rstrip("\r\n")


_POLICY = Capped()


def _limit(name: str) -> int:
    if name in _LONG_HEADERS:
        return _LONG
    return _SHORT if name.startswith(("content-", "mime-")) else _OTHER


def head(raw: bytes) -> Part:
    """Return the headers of a letter, without looking at its body."""
    return BytesHeaderParser(policy=_POLICY).parsebytes(_head_of(raw))


def _head_of(raw: bytes) -> bytes:
    start = raw[:_LONGEST_HEAD]
    ends = [at for mark in (b"\n\n", b"\n\r\n", b"\r\r") if (at := start.find(mark)) >= 0]
    return start[: min(ends) + 2] if ends else start


def tree(raw: bytes) -> Part:
    """Return a letter with all its parts; refuse what would take minutes or gigabytes to take apart."""
    _afford(raw)
    try:
        return message_from_bytes(raw, policy=_POLICY)
    except RecursionError:
        raise Unreadable("Its parts are nested too deeply to be taken apart.") from None
    except (MessageError, AssertionError, LookupError, ValueError, TypeError, AttributeError) as error:
        raise Unreadable(f"It could not be taken apart ({type(error).__name__}).") from error


def _afford(raw: bytes) -> None:
    lines = raw.count(b"\n") + raw.count(b"\r")
    if lines > _MOST_LINES:
        raise Unreadable("It has more lines than any letter that somebody wrote.")
    if raw.count(b"\n--") + raw.count(b"\r--") > _MOST_BORDERS:
        raise Unreadable("It has more parts than any letter that somebody wrote.")
    small = raw.lower()
    inside = small.count(b"multipart/") + small.count(b"message/")
    if inside > DEEPEST and inside * lines > _MOST_COMPARED:
        raise Unreadable("Its parts are nested too deeply to be taken apart.")


def inner(part: Part) -> list[Part]:
    """Return the parts of a part; none of one that has text or bytes."""
    held = part.get_payload() if part.is_multipart() else []
    return [each for each in held if isinstance(each, Message)] if isinstance(held, list) else []


def parts(letter: Part) -> Iterator[tuple[Part, str]]:
    """Return the leaves of a letter, with the subtype of the multipart each stands in; attached letters stay whole.

    At most `MOST_PARTS` of them, and none from deeper than `DEEPEST`.
    """
    waiting: list[tuple[Part, str, int]] = [(letter, "", 0)]
    given = 0
    while waiting and given < MOST_PARTS:
        part, inside, depth = waiting.pop()
        if part.get_content_maintype() == "multipart" and part.is_multipart():
            if depth < DEEPEST:
                kind = part.get_content_subtype()
                waiting += [(each, kind, depth + 1) for each in reversed(inner(part))]
            continue
        given += 1
        yield part, inside
