"""Letters that came in: an answer in a thread, somebody unknown, an absence, a list, and one that nobody can read."""

from datetime import datetime, timedelta

from moothall.config.demo.cast import Cast
from moothall.messages import actions as messages
from moothall.messages.dropping import Dropped, drop, mailbox_of
from moothall.messages.models import Message


def play(cast: Cast, now: datetime) -> None:
    """Drop some letters into the councils' mailboxes; the worker reads them."""
    for number, written in enumerate(_answers() + _strangers()):
        council = list(cast.councils.values())[number % len(cast.councils)]
        if written.answers:
            council = Message.objects.select_related("council").get(message_id=written.answers).council
        drop(council, written, now - timedelta(minutes=200 - 17 * number))
    broken = b"From: someone\r\nContent-Type: multipart/mixed; boundary=\r\n\r\n\xff\xfe\x00 \x81\x82"
    home = mailbox_of(next(iter(cast.councils.values())), now)
    messages.keep(mailbox=home, raw=broken, now=now - timedelta(minutes=12))


def _answers() -> list[Dropped]:
    """Return answers to letters about cases that are still open."""
    sent = Message.objects.filter(direction="out", about__startswith="case:", key__endswith=":received")
    found = []
    for message in sent.order_by("-id")[:3]:
        name = message.to.partition("@")[0].replace(".", " ").title()
        text = (
            "Hello,\n\nit is worse now: since last night there is glass on the path, too.\n\nThank you\n"
            + name
        )
        quoted = "\n\nOn Monday the council wrote:\n> " + message.body[:200].replace("\n", "\n> ")
        found.append(Dropped(message.to, name, f"Re: {message.subject}", text + quoted, message.message_id))
    return found


def _strangers() -> list[Dropped]:
    return [
        Dropped(
            "m.okonjo@example.net", "Miriam Okonjo", "Bins after the move",
            "We moved into 3 Weavers Row last week. Which day are the bins emptied, and can we have a second"
            " recycling box?\n\nMiriam Okonjo\n07700 900871",
        ),
        Dropped(
            "tenants@example.net", "Foundry Street residents", "Street lamp",
            "The lamp outside number 40 has been out for three weeks. We told you twice on the website.",
        ),
        Dropped(
            "norah.whelan@example.net", "Norah Whelan", "Your letter of the 12th",
            "I have read your letter three times and do not understand what I am to pay. Please ring me, I cannot"
            " see well enough to write long emails.",
        ),
    ]  # fmt: skip
