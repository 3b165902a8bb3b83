"""Speaking to a mail server by IMAP: which letters are new, and each of them whole, by UID so that none is skipped."""

import imaplib
import re
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from moothall.identity.errors import SecretLost
from moothall.identity.sealing import unseal
from moothall.messages.models import Mailbox
from moothall.messages.queries import SEALED

TIMEOUT = 20
_WINDOW = 2_000
_WIDEST = 2_000_000
_NUMBER = re.compile(rb"\((\d+)\)|\[(\d+)\]|(\d+)")
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
_UID = re.compile(rb"UID (\d+)")


class Trouble(Exception):
    """The server cannot be reached, or does not do what was asked. Its words go to whoever looks after mail."""


class NotGiven(Trouble):
    """The server has a letter, and does not give it."""


@dataclass(frozen=True, slots=True)
class Box:
    """A folder that is open on a server."""

    server: imaplib.IMAP4
    uidvalidity: int
    uidnext: int
    count: int


@contextmanager
def opened(mailbox: Mailbox, *, readonly: bool = False) -> Iterator[Box]:
    """Sign in and open the folder of a mailbox. Whatever goes wrong on the way is `Trouble`, in words."""
    try:
        server = _connected(mailbox)
    except (OSError, imaplib.IMAP4.error) as error:
        raise Trouble(
            f"{mailbox.host}:{mailbox.port} does not answer as a mail server: {_words(error)}"
        ) from error
    try:
        _sign_in(server, mailbox)
        yield _select(server, mailbox.folder, readonly=readonly)
    except (OSError, imaplib.IMAP4.error) as error:
        raise Trouble(_words(error)) from error
    finally:
        _leave(server)


def _connected(mailbox: Mailbox) -> imaplib.IMAP4:
    context = ssl.create_default_context()
    if mailbox.security == Mailbox.Security.TLS:
        return imaplib.IMAP4_SSL(mailbox.host, mailbox.port, ssl_context=context, timeout=TIMEOUT)
    server = imaplib.IMAP4(mailbox.host, mailbox.port, timeout=TIMEOUT)
    if mailbox.security == Mailbox.Security.STARTTLS:
        server.starttls(ssl_context=context)
    return server


def _sign_in(server: imaplib.IMAP4, mailbox: Mailbox) -> None:
    try:
        password = unseal(mailbox.sealed, SEALED)
    except SecretLost:
        raise Trouble("Its password was sealed with another secret key. Add the mailbox again.") from None
    try:
        server.login(mailbox.user, password)
    except imaplib.IMAP4.abort:
        raise
    except (imaplib.IMAP4.error, UnicodeEncodeError) as error:
        raise Trouble(f"The server refuses user name and password: {_words(error)}") from None


def _select(server: imaplib.IMAP4, folder: str, *, readonly: bool) -> Box:
    quoted = '"' + folder.replace("\\", "\\\\").replace('"', '\\"') + '"'
    answer, data = server.select(quoted, readonly=readonly)
    if answer != "OK":
        raise Trouble(f"There is no folder “{folder}”.")
    count = _first_number(data)
    return Box(server, _said(server, "UIDVALIDITY"), _said(server, "UIDNEXT"), count)


def _said(server: imaplib.IMAP4, name: str) -> int:
    return _first_number(server.response(name)[1])


def _first_number(data: Sequence[object] | None) -> int:
    for each in data or ():
        if isinstance(each, bytes) and (found := _NUMBER.search(each)):
            return int(next(filter(None, found.groups())))
    return 0


def new_letters(box: Box, after: int, most: int) -> list[int]:
    """Return the UIDs of the next letters after one, the oldest first, at most so many."""
    if not box.uidnext:  # the server does not say where its numbers end
        return sorted(uid for uid in _search(box, after + 1, "*") if uid > after)[:most]
    found: list[int] = []
    start, width, end = after + 1, _WINDOW, box.uidnext - 1
    while start <= end and len(found) < most:
        last = min(start + width - 1, end)
        found += [uid for uid in _search(box, start, last) if start <= uid <= last]
        start, width = last + 1, min(width * 4, _WIDEST)
    return sorted(found)[:most]


def _search(box: Box, first: int, last: int | str) -> list[int]:
    answer, data = box.server.uid("SEARCH", "UID", f"{first}:{last}")
    if answer != "OK":
        raise Trouble("The server does not say which letters there are.")
    return [
        int(word) for each in data or () if isinstance(each, bytes) for word in each.split() if word.isdigit()
    ]


def size_of(box: Box, uid: int) -> int | None:
    """Return how many bytes a letter has; None if it is gone."""
    answer, data = box.server.uid("FETCH", str(uid), "(UID RFC822.SIZE)")
    if answer != "OK":
        raise NotGiven(f"The server has a letter (UID {uid}), but does not give it.")
    for each in data or ():
        line = each[0] if isinstance(each, tuple) else each
        if isinstance(line, bytes) and _is_of(line, uid) and (found := _SIZE.search(line)):
            return int(found[1])
    return None


def letter(box: Box, uid: int, *, only_head: bool = False) -> bytes | None:
    """Return a letter byte for byte, without marking it as seen; None if it is gone."""
    wanted = "BODY.PEEK[HEADER]" if only_head else "BODY.PEEK[]"
    answer, data = box.server.uid("FETCH", str(uid), f"(UID {wanted})")
    if answer != "OK":
        raise NotGiven(f"The server has a letter (UID {uid}), but does not give it.")
    for each in data or ():
        if isinstance(each, tuple) and isinstance(each[1], bytes):
            return each[1]
    return None


def mark_seen(box: Box, uid: int) -> None:
    """Mark a letter as seen, for people who look at the folder with a mail program; it means nothing to us."""
    box.server.uid("STORE", str(uid), "+FLAGS.SILENT", "(\\Seen)")


def _is_of(line: bytes, uid: int) -> bool:
    said = _UID.search(line)
    return said is None or int(said[1]) == uid


def _leave(server: imaplib.IMAP4) -> None:
    try:
        server.logout()
    except (OSError, imaplib.IMAP4.error):
        server.shutdown()


def _words(error: BaseException) -> str:
    first = error.args[0] if error.args and isinstance(error.args[0], bytes) else str(error)
    said = first.decode("utf-8", "replace") if isinstance(first, bytes) else first
    return " ".join(said.split())[:300] or type(error).__name__
