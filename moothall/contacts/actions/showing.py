"""Letting the team of a case see a letter that came in about it: as a note, with what came with it as files.

A letter proves nothing: it never finishes a step and never changes an answer, whoever says that they wrote it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from moothall.contacts.models import Contact
from moothall.councils.rules import Viewer
from moothall.messages import queries as letters
from moothall.messages.models import Received
from moothall.plain.actors import Actor
from moothall.plain.errors import HouseError, Unavailable
from moothall.process import actions as process
from moothall.process import files
from moothall.process.files import Kept
from moothall.process.models import Case

_NOTE_LENGTH = 9_000
_CUT = "\n\n[The rest stands in the contact.]"
_SMALL_PICTURE = 12_000
MOST_FILES = 20


@dataclass(frozen=True, slots=True)
class Enclosed:
    """Something that came with a letter, as it came."""

    name: str
    content: bytes
    is_inline: bool = False


@dataclass(frozen=True, slots=True)
class Enclosures:
    """What of it could be kept, and the names of what could not, each with why."""

    kept: tuple[Kept, ...] = ()
    refused: tuple[str, ...] = ()


NOTHING = Enclosures()


def enclosed_in(message_id: int | None) -> Enclosures:
    """Keep what came with a letter that was filed before, read again as it came."""
    received = Received.objects.filter(message_id=message_id).first() if message_id else None
    letter = letters.letter(Viewer.system(), received.pk).letter if received is not None else None
    if letter is None:
        return NOTHING
    enclosed = [Enclosed(each.name, each.content, each.is_inline) for each in letter.attachments]
    return kept_of(enclosed, letter.left_out)


def kept_of(enclosed: Iterable[Enclosed], left_out: Iterable[str] = ()) -> Enclosures:
    """Keep what came with a letter, looked through like every file that residents send.

    Small pictures that stand in the text are the ornaments of a signature, and are left out. A disk that is full stops
    it all: the letter is then read again later.
    """
    kept, refused = [], [f"“{name}”: it stands only in the letter as it came." for name in left_out]
    for number, each in enumerate(enclosed):
        if each.is_inline and len(each.content) < _SMALL_PICTURE:
            continue
        if number >= MOST_FILES:
            refused.append(f"“{each.name}”: a letter may bring {MOST_FILES} files.")
            continue
        try:
            upload = SimpleUploadedFile(each.name or "file", each.content)
            kept.append(files.keep(upload, limit=settings.UPLOAD_LIMIT))
        except Unavailable:
            raise
        except HouseError as error:
            refused.append(error.sentence)
    return Enclosures(tuple(kept), tuple(refused))


def on_case(
    *,
    by: Viewer,
    contact: Contact,
    case: Case,
    now: datetime,
    enclosed: Enclosures = NOTHING,
    remark: str = "",
    as_requester: bool = False,
) -> None:
    """Show a letter in the history of a case, and put what came with it to its files.

    `as_requester` is for letters from the address of the request: whoever asked finds it on their page as well.
    """
    text = contact.summary
    if len(text) > _NOTE_LENGTH:
        text = text[:_NOTE_LENGTH] + _CUT
    head = f"Email from {contact.given_name or contact.address} ({contact.address})."
    left_out = "Not kept: " + " ".join(enclosed.refused) if enclosed.refused else ""
    words = "\n\n".join(each for each in (head, remark, text, left_out) if each)
    process.note(by=by, case_id=case.pk, text=words, now=now, as_requester=as_requester)
    for file in enclosed.kept:
        process.attach(by=by, case_id=case.pk, file=file, now=now, as_requester=as_requester)


def as_sender(name: str, council_id: int) -> Viewer:
    """Return whoever wrote a letter, as they act: they may do nothing but be heard."""
    return Viewer(Actor(kind="resident", user_id=None, name=name or "A resident"), council_id=council_id)
