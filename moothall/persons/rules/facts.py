"""What may be known of a person: the kinds of facts, each with its questions, in the types of the process language.

What arrives goes through `cleaned`; what comes out is a body as it is kept. Adding a kind, or a part of one, is an
entry in `KINDS`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from moothall.persons.errors import FactRefused
from moothall.persons.rules import numbers, wordlists
from moothall.process.definition import Field
from moothall.process.definition.parts import Choice
from moothall.process.kinds import KINDS as TYPES
from moothall.process.kinds import Wrong, clean, words

Body = Mapping[str, Any]
OLDEST = 130
"""Years: nobody is known to have lived longer than 122 (Jeanne Calment, 1875 to 1997)."""
UPRN_LENGTH = 12
_LONGEST_PREGNANCY = 300  # days


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of fact. `single`: a person has one at a time, so that another takes its place."""

    key: str
    title: str
    plural: str
    parts: tuple[Field, ...]
    say: Callable[[Body], str]
    check: Callable[[dict[str, Any], date], Mapping[str, str]] = lambda _body, _today: {}
    single: bool = False
    dated: bool = False
    circled: bool = False
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFact:
    """A fact as it arrives, before it is cleaned. `source_at` is when the source said so; None for now."""

    kind: str
    body: Body
    since: date | None = None
    until: date | None = None
    circle: str = ""
    source_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A fact that may be kept."""

    kind: str
    body: dict[str, Any]
    since: date | None
    until: date | None
    circle: str
    source_at: datetime | None = field(default=None, compare=False)


def _of(*pairs: tuple[str, str]) -> tuple[Choice, ...]:
    return tuple(Choice(key=key, words=said) for key, said in pairs)


def _text(key: str, ask: str, most: int = 100, *, hint: str = "", needed: bool = False) -> Field:
    return Field(key=key, ask=ask, type="text", max=most, hint=hint, optional=not needed)


def _choice(key: str, ask: str, *pairs: tuple[str, str], hint: str = "", needed: bool = True) -> Field:
    return Field(key=key, ask=ask, type="choice", of=_of(*pairs), hint=hint, optional=not needed)


def _yesno(key: str, ask: str) -> Field:
    return Field(key=key, ask=ask, type="yesno", optional=True)


_CONSENT = _choice(
    "consent",
    "May we use it to send them news of their requests?",
    ("yes", "Yes, they agreed"),
    ("no", "No, they refused"),
    needed=False,
)
_PREFERRED = _yesno("preferred", "Is this how they like to be reached?")


def _check_name(body: dict[str, Any], _today: date) -> Mapping[str, str]:
    return (
        {} if body.get("given") or body.get("family") else {"family": "Enter a first name or a family name."}
    )


def _say_name(body: Body) -> str:
    return " ".join(str(body[part]) for part in ("title", "given", "middle", "family") if body.get(part))


def _check_birth(body: dict[str, Any], today: date) -> Mapping[str, str]:
    day = date.fromisoformat(body["date"]) if body.get("date") else None
    if body["precision"] == "unborn":
        expected = day is None or 0 <= (day - today).days <= _LONGEST_PREGNANCY
        return (
            {}
            if expected
            else {"date": "The date on which the child is expected must be in the next ten months."}
        )
    if day is None and body["precision"] == "exact":
        return {"date": "Enter the date of birth, or say that it is estimated."}
    if day is None and body.get("year") is None:
        return {"year": "Enter the year in which they were probably born."}
    if day is not None and day > today:
        return {
            "date": "A date of birth cannot be in the future. For a child that is expected, say “not born yet”."
        }
    if day is not None:
        body.pop("year", None)
    if not today.year - OLDEST <= (day.year if day else int(body["year"])) <= today.year:
        return {"date" if day else "year": f"They would be over {OLDEST} years old, or not born yet."}
    return {}


def _say_birth(body: Body) -> str:
    on = body.get("date")
    said = words(_DATE, on) if on else str(body.get("year") or "")
    if body["precision"] == "estimated":
        return f"About {said}"
    if body["precision"] == "unborn":
        return f"Not born yet, expected on {said}" if said else "Not born yet"
    return said


def _check_place(body: dict[str, Any], _today: date) -> Mapping[str, str]:
    if uprn := body["place"].get("uprn"):
        body["place"] = {**body["place"], "uprn": str(uprn).zfill(UPRN_LENGTH)}
    return {}


def _check_identifier(body: dict[str, Any], _today: date) -> Mapping[str, str]:
    checks = {"nhs": numbers.nhs, "nino": numbers.nino, "upn": numbers.upn}
    check = checks.get(body["scheme"])
    if check is not None:
        try:
            body["value"] = check(body["value"])
        except ValueError as error:
            return {"value": str(error)}
    return {}


def _say_identifier(body: Body) -> str:
    value = str(body["value"])
    if body["scheme"] == "nhs":
        value = f"{value[:3]} {value[3:6]} {value[6:]}"
    return f"{words(_SCHEME, body['scheme'])} {value}"


def _say_phone(body: Body) -> str:
    return f"{words(_NUMBER, body['number'])} ({words(_USE_OF_PHONE, body['use']).lower()})"


def _say_language(body: Body) -> str:
    return (
        f"{words(_LANGUAGE, body['language'])}{', needs an interpreter' if body.get('interpreter') else ''}"
    )


def _say_need(body: Body) -> str:
    said = words(_NEED, body["need"])
    return f"{said}: {body['text']}" if body.get("text") else said


def _say_alert(body: Body) -> str:
    return f"{words(_CATEGORY, body['category'])}: {body['text']}"


_PLACE = Field(key="place", ask="Address", type="address")
_DATE = Field(key="date", ask="Date of birth", label="Date of birth", type="date", optional=True)
_NUMBER = Field(key="number", ask="Phone number", type="phone")
_USE_OF_PHONE = _choice(
    "use", "What kind of phone is it?", ("mobile", "Mobile"), ("home", "Home"), ("work", "Work")
)
_SCHEME = _choice(
    "scheme",
    "What kind of number is it?",
    ("nhs", "NHS number"),
    ("nino", "National Insurance number"),
    ("upn", "Unique pupil number"),
    ("council-tax", "Council tax account"),
    ("rent", "Rent account"),
    ("benefits", "Housing benefit claim"),
    ("social-care", "Social care system"),
    ("other", "Another system"),
)
_LANGUAGE = _choice("language", "Which language do they speak best?", *wordlists.LANGUAGES)
_NEED = _choice("need", "What do they need?", *wordlists.NEEDS)
_CATEGORY = _choice("category", "What is it about?", *wordlists.ALERTS)

KINDS: Mapping[str, Kind] = {
    kind.key: kind
    for kind in (
        Kind(
            "name",
            "Name",
            "Names",
            (
                _text("title", "Title", 20),
                _text("given", "First name"),
                _text("middle", "Middle names"),
                _text("family", "Family name"),
                _choice(
                    "use",
                    "What is this name?",
                    ("usual", "Their name"),
                    ("known-as", "What they like to be called"),
                    ("former", "A former name"),
                ),
            ),
            _say_name,
            _check_name,
            dated=True,
        ),
        Kind(
            "birth",
            "Date of birth",
            "Date of birth",
            (
                _choice(
                    "precision",
                    "Is it known exactly?",
                    ("exact", "Yes"),
                    ("estimated", "No, it is estimated"),
                    ("unborn", "They are not born yet"),
                ),
                replace(_DATE, hint="For a child that is expected, the date on which it should be born."),
                Field(
                    key="year",
                    ask="Year, if the day is not known",
                    type="number",
                    optional=True,
                    min=1880,
                    max=2200,
                ),
            ),
            _say_birth,
            _check_birth,
            single=True,
        ),
        Kind(
            "death",
            "Date of death",
            "Date of death",
            (Field(key="date", ask="When did they die?", label="Date of death", type="date", max="today"),),
            lambda body: words(_DATE, body["date"]),
            single=True,
        ),
        Kind(
            "address",
            "Address",
            "Addresses",
            (
                _PLACE,
                _choice(
                    "use", "What is it?", ("home", "Where they live"), ("correspondence", "Where letters go")
                ),
            ),
            lambda body: words(_PLACE, body["place"]),
            _check_place,
            dated=True,
        ),
        Kind(
            "phone",
            "Phone number",
            "Phone numbers",
            (_NUMBER, _USE_OF_PHONE, _PREFERRED, _CONSENT),
            _say_phone,
            dated=True,
        ),
        Kind(
            "email",
            "Email address",
            "Email addresses",
            (Field(key="address", ask="Email address", type="email"), _PREFERRED, _CONSENT),
            lambda body: str(body["address"]),
            dated=True,
        ),
        Kind(
            "identifier",
            "Number in another system",
            "Numbers in other systems",
            (_SCHEME, _text("value", "Number", 60, needed=True)),
            _say_identifier,
            _check_identifier,
        ),
        Kind(
            "language",
            "Language",
            "Languages",
            (_LANGUAGE, _yesno("interpreter", "Do they need an interpreter?")),
            _say_language,
        ),
        Kind("need", "Access need", "Access needs", (_NEED, _text("text", "What exactly?", 200)), _say_need),
        Kind(
            "alert",
            "Alert",
            "Alerts",
            (
                _CATEGORY,
                _text("text", "What should colleagues know?", 200, hint="Facts, not opinions.", needed=True),
                Field(key="review_on", ask="When must it be looked at again?", type="date", min="today"),
            ),
            _say_alert,
            circled=True,
            hint="They may ask to read it. An alert is looked at again, and ends, on a date.",
        ),
    )
}


def cleaned(fact: NewFact, today: date) -> Cleaned:
    """Return a fact as it is kept, or refuse it part by part in whole sentences."""
    kind = KINDS.get(fact.kind)
    if kind is None:
        raise FactRefused(reason=f"“{fact.kind[:40]}” is not something that the register keeps.")
    body, wrong = _parts(kind, fact.body, today)
    if not wrong:
        wrong = dict(kind.check(body, today))
    if fact.until and fact.until < (fact.since or date.min):
        wrong["until"] = "It cannot have ended before it began."
    if wrong:
        raise FactRefused({part: [said] for part, said in wrong.items()}, reason=" ".join(wrong.values()))
    dated = (fact.since, fact.until) if kind.dated else (None, None)
    return Cleaned(kind.key, body, *dated, " ".join(sorted(fact.circle.split())), fact.source_at)


def _parts(kind: Kind, given: Body, today: date) -> tuple[dict[str, Any], dict[str, str]]:
    body: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for part in kind.parts:
        try:
            value = clean(part, given.get(part.key), today=today)
        except Wrong as error:
            wrong[part.key] = error.sentence
        else:
            body |= {} if value is None else {part.key: value}
    if unknown := sorted(given.keys() - {part.key for part in kind.parts}):
        wrong[unknown[0]] = f"“{unknown[0][:40]}” is no part of {kind.title.lower()}."
    return body, wrong


def said(kind: str, body: Body) -> str:
    """Return a fact as people read it."""
    return KINDS[kind].say(body)


def said_parts(kind: str, body: Body) -> list[tuple[str, str]]:
    """Return every part of a fact with its question, as people read it."""
    return [
        (part.name, TYPES[part.type].words(part, body[part.key]))
        for part in KINDS[kind].parts
        if part.key in body
    ]


def circles(facts: Iterable[str]) -> frozenset[str]:
    """Return the teams named in some circles."""
    return frozenset(word for circle in facts for word in circle.split())
