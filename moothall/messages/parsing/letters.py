"""A whole letter, read: what it says now, what it quotes, what is attached, and which sort of letter it is."""

import re
import unicodedata
from dataclasses import dataclass, field

from moothall.messages.parsing.automatic import Failure, Kind, failure, kind_of
from moothall.messages.parsing.envelopes import Envelope, attempt, envelope_of
from moothall.messages.parsing.markup import text_of_markup
from moothall.messages.parsing.replies import split
from moothall.messages.parsing.structure import Part, Unreadable, inner, parts, tree
from moothall.messages.parsing.wording import header_text, text_of

LONGEST_TEXT = 200_000
MOST_ATTACHMENTS = 50
MOST_ATTACHED = 50 * 1024 * 1024
_LONGEST_NAME, _LONGEST_ENDING = 150, 10
_WORDS = frozenset({"text/plain", "text/html"})
_UNSAFE = re.compile(r'[<>:"|?*\\/]')
_ENDINGS = {
    "message/rfc822": "eml", "text/calendar": "ics", "application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png",
    "image/gif": "gif", "text/csv": "csv", "application/zip": "zip",
}  # fmt: skip
_CUT = "\n\n[The rest of this letter is too long to be shown. It is kept whole.]"


@dataclass(frozen=True, slots=True)
class Attachment:
    """Something that came with a letter, exactly as it came: never opened, unpacked or believed."""

    name: str
    content_type: str
    content: bytes = field(repr=False)
    is_inline: bool = False

    @property
    def size(self) -> int:
        """How many bytes it has."""
        return len(self.content)


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a letter says. `left_out` names what came with it and is only in the letter as it was kept."""

    envelope: Envelope
    kind: Kind
    text: str
    quoted: str
    attachments: tuple[Attachment, ...] = ()
    left_out: tuple[str, ...] = ()
    failure: Failure | None = None


def read(raw: bytes) -> Parsed:
    """Return what a letter says; raise `Unreadable`, in a sentence, where nobody could tell."""
    if not raw.strip(b"\x00 \t\r\n"):
        raise Unreadable("It is empty.")
    letter = tree(raw)
    outside = envelope_of(letter)
    if not (outside.sender or outside.subject or outside.message_id or outside.to):
        raise Unreadable("It has no head of a letter: nobody, no subject, no number.")
    kind = kind_of(letter, outside)
    words, things = _sorted(letter)
    text = _text(words)
    new, quoted = split(text)
    taken, left = _attached(things)
    return Parsed(
        envelope=outside,
        kind=kind,
        text=new,
        quoted=quoted,
        attachments=taken,
        left_out=left,
        failure=attempt(lambda: failure(letter, text), None) if kind == "bounce" else None,
    )


def _sorted(letter: Part) -> tuple[list[tuple[Part, str]], list[Part]]:
    """Part what is to be read from what is attached."""
    words: list[tuple[Part, str]] = []
    things: list[Part] = []
    for part, inside in parts(letter):
        if part.get_content_type() in _WORDS and not _is_attached(part):
            words.append((part, inside))
        elif part.get_content_maintype() != "multipart":
            things.append(part)
    return words, things


def _is_attached(part: Part) -> bool:
    return _disposition(part) == "attachment" or bool(_filename(part))


def _text(words: list[tuple[Part, str]]) -> str:
    """Return the plain parts, or where none says anything, what the HTML says."""
    for kind, reading in (("text/plain", str), ("text/html", text_of_markup)):
        said = [
            text
            for part, _ in words
            if part.get_content_type() == kind and (text := reading(_decoded(part)).strip())
        ]
        if said:
            whole = "\n\n".join(said).replace("\r\n", "\n").replace("\r", "\n")
            return whole if len(whole) <= LONGEST_TEXT else whole[:LONGEST_TEXT] + _CUT
    return ""


def _decoded(part: Part) -> str:
    return text_of(_content(part), str(attempt(part.get_content_charset, None) or "utf-8"))


def _content(part: Part) -> bytes:
    """Return the bytes of a part; of a letter inside the letter, that letter."""
    if part.is_multipart():
        return attempt(lambda: b"\n".join(each.as_bytes() for each in inner(part)), b"")
    found = attempt(lambda: part.get_payload(decode=True), None)
    return found if isinstance(found, bytes) else b""


def _attached(things: list[Part]) -> tuple[tuple[Attachment, ...], tuple[str, ...]]:
    taken: list[Attachment] = []
    left: list[str] = []
    size = 0
    for number, part in enumerate(things, 1):
        name = _named(part, number)
        content = _content(part) if len(taken) < MOST_ATTACHMENTS else b""
        size += len(content)
        if len(taken) == MOST_ATTACHMENTS or size > MOST_ATTACHED:
            left.append(name)
        elif content:
            inline = _disposition(part) == "inline" or "content-id" in part
            taken.append(Attachment(name, part.get_content_type()[:100], content, inline))
    return tuple(taken), tuple(left[:MOST_ATTACHMENTS])


def _disposition(part: Part) -> str:
    return attempt(part.get_content_disposition, None) or ""


def _filename(part: Part) -> str:
    return header_text(attempt(part.get_filename, None) or "")


def _named(part: Part, number: int) -> str:
    return tidy(_filename(part)) or f"attachment-{number}.{_ENDINGS.get(part.get_content_type(), 'bin')}"


def tidy(name: str) -> str:
    r"""Return the name of an attachment without folders, or what cannot be seen; empty if nothing is left.

    >>> tidy("..\\secret/my\u202egpj.exe  photo .JPG"), tidy("../..")
    ('mygpj.exe photo .JPG', '')
    """
    last = unicodedata.normalize("NFC", name[:10_000]).replace("\\", "/").rpartition("/")[2]
    seen = "".join(each if each.isprintable() else " " * each.isspace() for each in last)
    seen = " ".join(_UNSAFE.sub("_", seen).split()).strip(". ")
    stem, dot, end = seen.rpartition(".")
    if not dot or len(end) > _LONGEST_ENDING:
        return seen[:_LONGEST_NAME]
    return f"{stem[: _LONGEST_NAME - len(end) - 1]}.{end}"
