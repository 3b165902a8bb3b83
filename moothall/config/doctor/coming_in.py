"""Questions of `moothall doctor`: whether mail comes in, and is read."""

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings

from moothall.messages.queries import incoming
from moothall.plain.checkup import Finding, advice, hang, problem


@hang("mail coming in")
def mail_coming_in(now: datetime) -> Iterator[Finding]:
    """Ask about mailboxes that cannot be read, and letters that wait."""
    state = incoming(now)
    if not state.mailboxes and not settings.DEMO:
        yield advice(
            "No council takes mail: answers to our letters reach nobody here.",
            "Add a mailbox with `moothall mailbox add`: docs/how-to/receive-mail.md.",
        )
    for address, why in state.troubled:
        yield problem(
            f"The mailbox {address} cannot be read: {why}",
            "Mail waits on its server. Try `moothall mailbox check`, and put right what it says.",
        )
    for address in state.silent:
        yield problem(
            f"Nobody has looked into the mailbox {address} for half an hour.",
            "Start `moothall serve`, or `moothall worker` beside it.",
        )
    if state.unread:
        yield problem(
            f"{state.unread} {'letter' if state.unread == 1 else 'letters'} came in more than an hour ago and"
            f" {'was' if state.unread == 1 else 'were'} not read yet.",
            "Look whether a worker runs, and at failed jobs; then `moothall mailbox again`.",
        )
