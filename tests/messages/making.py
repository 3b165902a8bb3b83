"""Mailboxes and letters for tests of mail that comes in."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import count

from moothall.councils.models import Council
from moothall.councils.rules import Viewer
from moothall.journal import worker
from moothall.messages import actions, hooks
from moothall.messages.actions import Added, Server
from moothall.messages.models import Mailbox, Message, Received
from tests.makers import make_council

_number = count(1)


def make_mailbox(
    *,
    now: datetime,
    council: Council | None = None,
    address: str = "",
    server: Server | None = None,
    plus: bool = False,
) -> Mailbox:
    return make_added(now=now, council=council, address=address, server=server, plus=plus).mailbox


def make_added(
    *,
    now: datetime,
    council: Council | None = None,
    address: str = "",
    server: Server | None = None,
    plus: bool = False,
) -> Added:
    return actions.add_mailbox(
        by=Viewer.system(),
        council=council or make_council(),
        address=address or f"help{next(_number)}@ash.example",
        server=server,
        plus=plus,
        now=now,
    )


def make_raw(
    *,
    sender: str = "Ada <ada@example.org>",
    subject: str = "My bin",
    text: str = "It was missed.",
    message_id: str = "",
    more: str = "",
) -> bytes:
    """Return a letter as it comes; `more` are further headers, each with its line end."""
    number = message_id or f"<{next(_number)}@example.org>"
    return (
        f"From: {sender}\r\nTo: help@ash.example\r\nSubject: {subject}\r\nMessage-ID: {number}\r\n{more}\r\n{text}\r\n"
    ).encode()


def receive(raw: bytes, *, mailbox: Mailbox, now: datetime) -> Received:
    """Keep a letter, let the worker read it, and return what became of it."""
    received = actions.keep(mailbox=mailbox, raw=raw, now=now)
    worker.drain()
    received.refresh_from_db()
    return received


def send(
    *, council: Council, now: datetime, about: str = "case:1", to: str = "ada@example.org", key: str = ""
) -> Message:
    return actions.send_email(
        council_id=council.pk, about=about, to=to, subject="Your bin", body="We come.", key=key or f"k{next(_number)}",
        now=now,
    )  # fmt: skip


@contextmanager
def taker(function: hooks.Taker) -> Iterator[list[hooks.Letter]]:
    """Let only this function take letters; give the list of those that were offered."""
    offered: list[hooks.Letter] = []

    def take(letter: hooks.Letter) -> hooks.Taken:
        offered.append(letter)
        return function(letter)

    held = dict(hooks._takers)
    hooks._takers.clear()
    hooks.on_received(take)
    try:
        yield offered
    finally:
        hooks._takers.clear()
        hooks._takers.update(held)
