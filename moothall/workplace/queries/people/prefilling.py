"""What the register knows already when a request is raised for somebody, and where it knows it from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from moothall.councils.models import Council
from moothall.councils.rules import Viewer
from moothall.persons.errors import NoSuchPerson
from moothall.persons.models import Record
from moothall.persons.queries.people import PersonFile, Value, person_file
from moothall.persons.queries.records import locked
from moothall.process.definition import Definition
from moothall.process.definition import Field as Question
from moothall.workplace.queries.people.page import receipt

_NAMES = frozenset({"name", "full_name", "your_name", "resident_name", "tenant_name", "contact_name"})
_BIRTHS = frozenset({"born", "birth_date", "date_of_birth", "dob"})
_ONE_LINE = ("given", "middle", "family")


@dataclass(frozen=True, slots=True)
class ForWhom:
    """The person a request is raised for. `record_id` is one of theirs that the viewer sees; `here` the council's own.

    `answers` and `contact` are what can be filled in, by question; `receipts` say of each where it is from.
    """

    reference: str
    name: str
    records: tuple[Record, ...]
    here: int | None
    answers: Mapping[str, Any] = field(default_factory=dict)
    contact: Mapping[str, str] = field(default_factory=dict)
    receipts: Mapping[str, str] = field(default_factory=dict)

    @property
    def record_id(self) -> int:
        return self.here or self.records[0].pk


def for_whom(
    viewer: Viewer,
    reference: str,
    now: datetime,
    council: Council | None = None,
    definition: Definition | None = None,
) -> ForWhom:
    """Return whom a request is for, with what is known of them for the questions of a service."""
    file = person_file(viewer, reference, now)
    if file.is_locked:
        raise locked(file.records[0].record) if file.records else NoSuchPerson
    opened = tuple(held.record for held in file.records if held.is_open)
    here = next((record.pk for record in opened if council and record.council_id == council.pk), None)
    found = ForWhom(file.person.reference, file.name, opened, here)
    if definition is None:
        return found
    answers, receipts = dict[str, Any](), dict[str, str]()
    for key, answer, value in _answers(file, definition):
        answers[key] = answer
        receipts[key] = _receipt(value)
    contact = dict[str, str]()
    for key, kind in (("name", "name"), ("email", "email"), ("phone", "phone")):
        if held := file.first(kind):
            contact[key] = _line(held) if kind == "name" else _shown(held)
            receipts[f"contact:{key}"] = _receipt(held)
    return ForWhom(found.reference, found.name, opened, here, answers, contact, receipts)


def _receipt(value: Value) -> str:
    return f"Filled in from the register: {receipt(value.fact, value.council)}."


def _shown(value: Value) -> str:
    return value.words.partition(" (")[0] if value.fact.kind == "phone" else value.words


def _line(value: Value) -> str:
    return " ".join(str(value.fact.body[part]) for part in _ONE_LINE if value.fact.body.get(part))


def _answers(file: PersonFile, definition: Definition) -> Iterator[tuple[str, Any, Value]]:
    """Give the answers that are known, of each kind to the first question that asks for it.

    A second one asks for something else, as for the address that somebody moves to.
    """
    done: set[str] = set()
    for key in definition.first.ask:
        asked = definition.fields[key]
        kind, value, answer = _answer(file, asked)
        if value is not None and answer and kind not in done:
            done.add(kind)
            yield key, answer, value


def _answer(file: PersonFile, asked: Question) -> tuple[str, Value | None, Any]:
    kind = _kind(asked)
    fact_kind = {"postcode": "address", "uprn": "address", "person": "name"}.get(kind, kind)
    value = file.first(fact_kind) if fact_kind else None
    if value is None:
        return kind, None, None
    body = value.fact.body
    answers: dict[str, Any] = {
        "address": body.get("place"),
        "postcode": (body.get("place") or {}).get("postcode"),
        "uprn": (body.get("place") or {}).get("uprn"),
        "phone": body.get("number"),
        "email": body.get("address"),
        "birth": body.get("date"),
        "name": _line(value),
        "person": _person(file, body),
    }
    return kind, value, answers[kind]


def _kind(asked: Question) -> str:
    """Return what of a person a question asks for, by its type; texts and dates by their key alone."""
    if asked.type in {"address", "postcode", "uprn", "phone", "email", "person"}:
        return asked.type
    if asked.type == "text" and asked.key in _NAMES:
        return "name"
    return "birth" if asked.type == "date" and asked.key in _BIRTHS else ""


def _person(file: PersonFile, name: Mapping[str, Any]) -> dict[str, Any]:
    birth = file.first("birth")
    born = birth.fact.body.get("date") if birth else None
    found = {"given": name.get("given"), "family": name.get("family"), "born": born}
    return {part: said for part, said in found.items() if said}
