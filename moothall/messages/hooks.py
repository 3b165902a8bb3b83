"""What upper rooms hang here: who takes a letter that came in, and who knows what a subject is about."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from moothall.councils.rules import Viewer
from moothall.messages.parsing import Attachment


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter that came in, as upper rooms see it while it is filed.

    `message_id` is the number of the `Message` that it becomes if somebody takes it. `thread` is what the letter
    that it answers is about (“case:12”), or what its subject names; `is_from_whom_we_wrote` says that it comes from
    the very address which that letter went to. A sender's address can be forged: it proves nothing.
    `kind` is letter, auto-reply or bulk; what was not delivered, or goes round in a loop, is not offered. `purpose` is
    that of its mailbox, `to` are all addresses it was sent to, `letter_id` is its own Message-ID.
    """

    council_id: int
    received_id: int
    message_id: int
    mailbox: str
    sender_name: str
    sender: str
    reply_to: str
    subject: str
    text: str
    quoted: str
    arrived_at: datetime
    written_at: datetime | None
    kind: str
    thread: str = ""
    answers: int | None = None
    purpose: str = ""
    to: tuple[str, ...] = ()
    letter_id: str = ""
    is_from_whom_we_wrote: bool = False
    attachments: tuple[Attachment, ...] = field(default=(), repr=False)
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Filed:
    """Said by whoever took a letter: what it is about now (“case:12”, “contact:7”); empty for its thread.

    With `council_id`, the letter that came to a shared mailbox is that council's from now on.
    """

    about: str = ""
    council_id: int | None = None


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A letter of ours that a mail server sent back for good."""

    council_id: int
    message_id: int
    about: str
    to: str
    reason: str
    at: datetime


Taken = Filed | bool | str | None
Taker = Callable[[Letter], Taken]
Knower = Callable[[int, str], str]
Told = Callable[[Undelivered], None]
Sight = Callable[[Viewer, str], bool]

_takers: dict[str, tuple[str, Taker]] = {}
_knowers: dict[str, Knower] = {}
_told: dict[str, Told] = {}
_sights: dict[str, Sight] = {}


def on_received(function: Taker, *, purpose: str = "") -> Taker:
    """Hang a function that takes letters, called in the transaction that files each.

    With a `purpose`, it takes those of mailboxes for that, and nobody else is asked about them; it then sees every
    council, for the letter may be any one's.
    It returns `Filed` (or True) if it took the letter; a sentence that says why the letter has to wait for
    somebody; or None (or False) if it is not its business. The first that takes it ends the asking. If it raises,
    what it wrote is undone, and the letter waits with that reason.
    """
    _takers[f"{function.__module__}.{function.__qualname__}"] = (purpose, function)
    return function


def on_subject(function: Knower) -> Knower:
    """Hang a function that gets a council's number and a subject, and returns what it names (“case:12”) or nothing."""
    _knowers[f"{function.__module__}.{function.__qualname__}"] = function
    return function


def on_undelivered(function: Told) -> Told:
    """Hang a function that is told of a letter of ours that was sent back, in the transaction that marks it so."""
    _told[f"{function.__module__}.{function.__qualname__}"] = function
    return function


def on_seeing(function: Sight) -> Sight:
    """Hang a function that says whether what a letter is about (“case:12”) is there for a viewer.

    Where anybody says no, the letter is not there for them either.
    """
    _sights[f"{function.__module__}.{function.__qualname__}"] = function
    return function


def offer(letter: Letter) -> Filed | str:
    """Ask everybody in turn; return how it was filed, or why it waits."""
    reasons = []
    for purpose, taker in list(_takers.values()):
        said = taker(letter) if purpose == letter.purpose else None
        if isinstance(said, Filed):
            return said
        if said is True:
            return Filed()
        if isinstance(said, str) and said:
            reasons.append(said)
    return " ".join(reasons)


def named(council_id: int, subject: str) -> str:
    """Return what a subject names, if anybody knows."""
    return next((about for knower in list(_knowers.values()) if (about := knower(council_id, subject))), "")


def is_there(viewer: Viewer, about: str) -> bool:
    """Say whether what a letter is about is there for a viewer, as far as anybody knows."""
    return viewer.is_system or not about or all(sight(viewer, about) for sight in list(_sights.values()))


def tell(undelivered: Undelivered) -> None:
    """Tell everybody of a letter that was sent back."""
    for told in list(_told.values()):
        told(undelivered)
