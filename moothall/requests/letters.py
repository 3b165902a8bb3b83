"""The words of what is sent about a request. Plain values in, a subject and a text out; nothing is sent here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from moothall.look import dates
from moothall.process.definition import Clock
from moothall.process.rules import DUPLICATE, IN_ERROR, WITHDRAWN

_SOON = timedelta(hours=30)
ENDED = {
    WITHDRAWN: "The request was withdrawn, so we stop working on it.",
    DUPLICATE: "We are working on the same thing already in another request, so we close this one.",
    IN_ERROR: "The request was made in error, so we close it.",
}
"""What a resident reads when a request ends before its process does."""


@dataclass(frozen=True, slots=True)
class Sender:
    """The council that writes, and how it can be reached."""

    name: str
    email: str = ""
    phone: str = ""

    @property
    def contact(self) -> str:
        """The sentence that says how to reach the council; empty if nothing is known."""
        ways = [f"email {self.email}"] * bool(self.email) + [f"call {self.phone}"] * bool(self.phone)
        return f"If you need help, {' or '.join(ways)}." if ways else ""


@dataclass(frozen=True, slots=True)
class Letter:
    """What is sent."""

    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class News:
    """What there is to say about a request, in the order in which it is read. `inside` is work that staff ask for."""

    sender: Sender
    service: str
    reference: str
    link: str
    name: str = ""
    said: Sequence[str] = ()
    asked: Sequence[tuple[str, str]] = ()
    next: str = ""
    promise: str = ""
    late: str = ""
    inside: bool = False


def promise(title: str, due_at: datetime, now: datetime) -> str:
    """Return by when something is promised, in words; with the time of day if it is near.

    >>> from datetime import UTC
    >>> promise("Bin emptied", datetime(2026, 11, 25, 17, tzinfo=UTC), datetime(2026, 11, 23, 9, tzinfo=UTC))
    'Bin emptied: by Wednesday 25 November 2026'
    """
    day = dates.weekday(due_at)
    at = f"{dates.time_of_day(due_at)} on {day}" if due_at - now < _SOON else day
    return f"{title}: by {at}"


def overdue(clock: Clock, due_at: datetime) -> str:
    """Return the honest sentence about a promise that was not kept; only a process that moves it up says so."""
    said = f"We said “{clock.title}” by {dates.weekday(due_at)}. We have not done it yet, and we are sorry."
    moved = "Your request has been moved up, and you do not" if clock.late.priority else "You do not"
    return f"{said} {moved} need to contact us."


def received(news: News) -> Letter:
    """Return the first letter: we have it, what happens next and by when."""
    parts = [f"Thank you. We have your request: {news.service}.", f"Your reference is {news.reference}."]
    parts += news.said
    if news.next or news.promise:
        parts.append(_titled("What happens next", news.next, news.promise))
    parts.append(_follow(news, "Follow your request, or tell us more"))
    return _letter(f"We have your request: {news.reference}", news, parts)


def told(news: News) -> Letter:
    """Return the letter about something that was decided or done."""
    parts = [_about(news), *news.said]
    if news.next or news.promise:
        parts.append(_titled("What happens next", news.next, news.promise))
    parts.append(_follow(news, "See your request"))
    return _letter(f"News about your request {news.reference}", news, parts)


def asked(news: News) -> Letter:
    """Return the letter that puts a question."""
    parts = [_about(news), *news.said, *_shown(news.asked)]
    if news.next:
        parts.append(news.next)
    parts.append(_follow(news, "Answer here"))
    return _letter(f"We need something from you: {news.reference}", news, parts)


def closed(news: News) -> Letter:
    """Return the last letter."""
    parts = [_about(news), *news.said, "This request is now closed."]
    parts.append(_follow(news, "See what was done"))
    return _letter(f"Your request {news.reference} is closed", news, parts)


def written(news: News) -> Letter:
    """Return the letter with what somebody of the staff wrote."""
    parts = [_about(news), *news.said, _follow(news, "Answer, or see your request")]
    return _letter(f"A message about your request {news.reference}", news, parts)


def late(news: News) -> Letter:
    """Return the letter that says that we are late, before anybody has to ask."""
    parts = [_about(news), news.late]
    parts.append(_follow(news, "See your request"))
    return _letter(f"We are late with your request {news.reference}", news, parts)


def new_link(news: News) -> Letter:
    """Return the letter with the link that was lost."""
    parts = [
        f"Somebody, probably you, asked for the link to this request: {news.service}, {news.reference}.",
        _follow(news, "Follow your request"),
        "If it was not you, you need not do anything: the link was sent only to you.",
    ]
    return _letter(f"Your link to {news.reference}", news, parts)


def saved(*, sender: Sender, service: str, link: str, until: datetime) -> Letter:
    """Return the letter with the link back to answers under way."""
    news = News(sender=sender, service=service, reference="", link=link)
    parts = [
        f"You saved your answers: {service}. We have not had your request yet.",
        _follow(news, "Go on where you left off"),
        f"We keep your answers until {dates.weekday(until)}, and delete them after that.",
    ]
    return _letter(f"Your saved answers: {service}", news, parts)


def late_for_team(
    *, reference: str, service: str, headline: str, clock: str, due_at: datetime, inside: bool = False
) -> Letter:
    """Return the letter to a team whose clock ran out; `inside` where no resident follows it."""
    parts = [
        f"A promise was not kept in time: {clock}.",
        f"It was due at {dates.with_time(due_at)}.",
        f"{reference}: {service}" + (f"\n{headline}" if headline else ""),
        "Find it in your worklist by its reference."
        + ("" if inside else " The resident can see that it is late."),
    ]
    return Letter(f"Late: {reference}, {clock}", "\n\n".join(parts))


def told_team(*, reference: str, service: str, headline: str, title: str) -> Letter:
    """Return the letter to a team that a process tells about an outcome."""
    parts = [f"{reference}: {service}" + (f"\n{headline}" if headline else ""), f"New: {title}."]
    return Letter(f"{reference}: {title}", "\n\n".join(parts))


def kept_apart(*, reference: str, is_late: bool) -> Letter:
    """Return the letter to a team about what only some may know of: that there is something, and no more."""
    said = "Something is late." if is_late else "There is something new."
    parts = [said, f"Find it in your worklist by its reference: {reference}."]
    return Letter(f"{'Late' if is_late else 'New'}: {reference}", "\n\n".join(parts))


def _about(news: News) -> str:
    return f"This is about your request {news.reference}{f': {news.service}' if news.service else ''}."


def _titled(title: str, *lines: str) -> str:
    return "\n".join([title, *[line for line in lines if line]])


def _shown(facts: Iterable[tuple[str, str]]) -> list[str]:
    return [f"{label}:\n{value}" for label, value in facts]


def _follow(news: News, words: str) -> str:
    return f"{words}:\n{news.link}"


def _letter(subject: str, news: News, parts: Sequence[str]) -> Letter:
    hello = f"Dear {news.name}," if news.name else "Hello,"
    keep = "" if news.inside else "Keep this email: anybody who has the link can see what you told us."
    end = [
        *([keep] if keep else []),
        *([news.sender.contact] if news.sender.contact else []),
        news.sender.name,
    ]
    return Letter(subject, "\n\n".join([hello, *parts, *end]) + "\n")
