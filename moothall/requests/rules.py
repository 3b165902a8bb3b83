"""The way through a service's questions, whom a council can answer, and who acts. Plain values in, an answer out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from moothall.councils.rules import Viewer
from moothall.plain.actors import Actor
from moothall.process import answers, cel
from moothall.process.definition import Contact as Needed
from moothall.process.definition import Definition, Field
from moothall.process.kinds import Wrong, clean, words
from moothall.process.kinds.kind import LONDON
from moothall.requests.errors import ContactRefused

KEPT_DAYS = 28
MOST_LINKS = 5
LINK_PAUSE = timedelta(minutes=10)
COMMENT_LENGTH = 4_000
UPLOADS = frozenset({"photo", "file"})
SOMEBODY = "A resident"

NAME = Field(
    key="name", ask="Full name", label="Your name", type="text", max=100, missing="Enter your full name."
)
EMAIL = Field(key="email", ask="Email address", type="email")
PHONE = Field(key="phone", ask="Phone number", type="phone")


@dataclass(frozen=True, slots=True)
class Question:
    """One question that is put, and whether it has been dealt with: answered, or left out where it may be."""

    field: Field
    dealt_with: bool
    value: Any

    @property
    def key(self) -> str:
        return self.field.key

    @property
    def words(self) -> str:
        return words(self.field, self.value)


def way(definition: Definition, given: Mapping[str, Any], now: datetime) -> list[Question]:
    """Return the questions that are put, in order. An answer to a hidden question hides no other question."""
    known: dict[str, Any] = {"now": now}
    found: list[Question] = []
    for key in definition.first.ask:
        field = definition.fields[key]
        known[key] = None
        if cel.holds(field.when, known):
            value = given.get(key)
            known[key] = answers.rule_value(field, value)
            found.append(Question(field, key in given, value))
    return found


def known(questions: Iterable[Question], now: datetime) -> dict[str, Any]:
    """Return what rules may know on the way: the answers to questions that are put, and the time."""
    found: dict[str, Any] = {each.key: answers.rule_value(each.field, each.value) for each in questions}
    return {**found, "now": now}


def first_open(questions: Iterable[Question]) -> str:
    """Return the key of the first question not yet dealt with; empty if all are."""
    return next((each.key for each in questions if not each.dealt_with), "")


def reachable(questions: Sequence[Question], key: str) -> bool:
    """Say whether a question may be looked at: it is put, and all before it were dealt with."""
    for each in questions:
        if each.key == key:
            return True
        if not each.dealt_with:
            return False
    return False


def before(questions: Sequence[Question], key: str) -> str:
    """Return the question before this one; empty if it is the first."""
    keys = [each.key for each in questions]
    at = keys.index(key) if key in keys else 0
    return keys[at - 1] if at else ""


def after(questions: Sequence[Question], key: str) -> str:
    """Return the question after this one; empty if it is the last."""
    keys = [each.key for each in questions]
    at = keys.index(key) + 1 if key in keys else len(keys)
    return keys[at] if at < len(keys) else ""


def counted(questions: Iterable[Question]) -> dict[str, Any]:
    """Return the answers that count: to questions that are put, and not left out."""
    return {each.key: each.value for each in questions if each.value is not None}


def expiry(now: datetime) -> datetime:
    """Return until when a draft that was changed now is kept."""
    return now + timedelta(days=KEPT_DAYS)


@dataclass(frozen=True, slots=True)
class Person:
    """Who asks, and how they can be reached."""

    name: str = ""
    email: str = ""
    phone: str = ""
    prefers: str = ""

    @property
    def plain(self) -> dict[str, str]:
        return asdict(self)


def person(raw: Mapping[str, Any], needed: Needed, today: date) -> Person:
    """Return who asks, from what was entered; refuses what cannot be used to answer them."""
    must = needed == "required"
    wrong: dict[str, list[str]] = {}
    found: dict[str, str] = {}
    prefers = raw.get("prefers") or ""
    if prefers not in {"", "email", "phone"} or (must and not prefers):
        wrong["prefers"] = ["Select how we should contact you."]
    for field in (NAME, EMAIL, PHONE):
        wanted = (must and field is NAME) or field.key == prefers
        try:
            value = clean(replace(field, optional=not wanted), raw.get(field.key), today=today)
        except Wrong as error:
            wrong[field.key] = [error.sentence]
        else:
            found[field.key] = value or ""
    if wrong:
        raise ContactRefused(wrong)
    return Person(found["name"], found["email"], found["phone"], prefers or _reached_by(found))


def _reached_by(found: Mapping[str, str]) -> str:
    return "email" if found["email"] else "phone" if found["phone"] else ""


HOMES = ("address", "home", "home_address")
"""Questions whose answer is taken for the address at which whoever asks lives."""


def home(definition: Definition, answers: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the address at which whoever asks lives, as far as a service asks for it."""
    for key in HOMES:
        field, answer = definition.fields.get(key), answers.get(key)
        if field is not None and field.type == "address" and isinstance(answer, Mapping):
            return answer
    return None


def day_of(now: datetime) -> date:
    """Return what day it is in the United Kingdom."""
    return now.astimezone(LONDON).date()


def address(raw: str) -> str:
    """Return an email address that can be written to, or refuse."""
    try:
        return str(clean(EMAIL, raw, today=date.min))
    except Wrong as error:
        raise ContactRefused({"email": [error.sentence]}) from None


def as_requester(viewer: Viewer, name: str, council_id: int) -> Viewer:
    """Return the viewer as the person who asks: whoever they are at work counts for nothing here."""
    actor = Actor(kind="resident", user_id=viewer.actor.user_id, name=name or SOMEBODY)
    return Viewer(actor, council_id=council_id)
