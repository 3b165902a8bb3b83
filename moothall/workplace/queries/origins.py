"""Where answers came from, when, and how old they are, in words; and every version there was of one."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q

from moothall.councils.rules import Viewer
from moothall.look import dates
from moothall.plain.errors import NotFound
from moothall.process.circles import OTHERS, Sight
from moothall.process.definition import Field, Step
from moothall.process.engine.state import CaseState
from moothall.process.models import Event
from moothall.process.past import EMPTIED, MIGRATED, Past
from moothall.process.queries.casefile import CaseFile, loaded
from moothall.process.queries.history import SOMEBODY
from moothall.process.queries.wording import in_words

_KINDS = ("started", "done", "pulled", "amended")
_WHERES = {"table": "Worked out by a table of the process", "calc": "Worked out by the process"}


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of a case. `origin` is said where nobody of this case simply gave it; `circle` names who reads it."""

    key: str
    label: str
    words: str
    private: str
    circle: str
    origin: str


@dataclass(frozen=True, slots=True)
class Version:
    """What an answer was from some moment on; without words, it was taken out."""

    at: datetime
    who: str
    where: str
    words: str
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Versions:
    """Every version of one answer, the newest first."""

    case: CaseState
    field: Field
    circle: str
    versions: Sequence[Version]


def answers_of(file: CaseFile, now: datetime) -> list[Answer]:
    """Return the answers that the viewer may read, each with where it came from if that is worth saying."""
    fields = file.case.definition.fields
    return [
        Answer(
            each.key,
            each.label,
            each.words,
            each.private,
            circle_words(fields[each.key]),
            origin_words(file, each.key, now),
        )
        for each in file.facts
    ]


def origins_of(file: CaseFile, now: datetime) -> dict[str, str]:
    """Return of every answer that was not simply given in a step of the case where it came from."""
    found = {key: origin_words(file, key, now) for key in file.case.data}
    return {key: words for key, words in found.items() if words}


def circle_words(field: Field) -> str:
    """Return who alone may read an answer, in words; empty if that is everybody who may read the case."""
    return ", ".join(name.replace("-", " ") for name in field.circle)


def origin_words(file: CaseFile, key: str, now: datetime) -> str:
    """Return where an answer came from and how old it is; empty for what was answered in a step of this case."""
    origin = file.case.origins.get(key, {})
    kind, _, rest = str(origin.get("from", "")).partition(":")
    if kind in _WHERES:
        return _WHERES[kind]
    if kind == "amend":
        at = _at(origin)
        return f"Put right by {origin.get('by', '')}" + (f", {dates.length(now - at)} ago" if at else "")
    if kind not in {"source", "case"}:
        return ""
    if kind == "case":
        known = {each.reference for each in file.links}
        where = f"From case {rest}" if rest in known else "From another case"
    else:
        where = f"From {_source(rest)}"
    at = _at(origin)
    return f"{where}, {dates.length(now - at)} ago" if at else where


def _source(where: str) -> str:
    """Return a source in words: that it is the account of whoever asked, or the record where it is kept."""
    root, _, part = where.partition(".")
    if root == "requester":
        return f"the account of whoever asked ({part})" if part else "the account of whoever asked"
    return where.replace("_", " ").replace(".", ", ")


def _at(origin: Mapping[str, Any]) -> datetime | None:
    try:
        return datetime.fromisoformat(str(origin.get("at", "")))
    except ValueError:
        return None


def versions_of(viewer: Viewer, reference: str, key: str) -> Versions:
    """Return every version of an answer that the viewer may read.

    Of what was answered in a step that is not there for them, only that it was.
    """
    case, seen = loaded(viewer, reference)
    field = case.definition.fields.get(key)
    if field is None or key not in seen.fields:
        raise NotFound(what="answer")
    if Event.objects.filter(case_id=case.id, kind=EMPTIED).exists():
        return Versions(case, field, circle_words(field), [])
    past = Past(case.definition, Event.objects.filter(case_id=case.id, kind=MIGRATED))
    named = reduce(or_, (Q(body__contains=json.dumps(name)) for name in sorted(past.names(key))))
    rows = Event.objects.filter(named, case_id=case.id, kind__in=_KINDS).order_by("-seq")
    found = (_version(case, past, key, event, past.sight(event.seq, seen)) for event in rows)
    return Versions(case, field, circle_words(field), [each for each in found if each is not None])


def _version(case: CaseState, past: Past, key: str, event: Event, seen: Sight) -> Version | None:
    """Return what an event made of an answer, in the words and circles of its time."""
    then = past.definition(event.seq)
    field = then.fields.get(past.name(event.seq, key))
    if field is None:
        return None
    body: Mapping[str, Any] = json.loads(event.body)
    given = body.get("data" if event.kind == "started" else "answers", {}).get(field.key)
    confirmed = given is None and field.key in body.get("again", ())
    if given is None and not confirmed and field.key not in body.get("dropped", ()):
        return None
    hidden = field.key not in seen.fields or (event.step and not seen.step(event.step, event.team_id))
    if not seen.everything and hidden:
        return Version(event.at, SOMEBODY, OTHERS, "", confirmed)
    words = "" if given is None else in_words(then, field, given)
    where = _where(case, field, then.steps.get(event.step), event, body)
    return Version(event.at, event.actor_name, where, words, confirmed)


def _where(case: CaseState, field: Field, step: Step | None, event: Event, body: Mapping[str, Any]) -> str:
    """Return where a version came from: the step, the register, or that it was worked out."""
    if field.worked_out:
        return _WHERES["table" if field.table else "calc"]
    if event.kind == "amended":
        return "Put right, outside any step"
    if event.kind == "started":
        handed_over = str(case.origins.get(field.key, {}).get("from", "")).startswith("case:")
        return "Handed over from another case" if handed_over else "Given when the case was started"
    kind, _, rest = str(body.get("from", {}).get(field.key, "")).partition(":")
    if kind == "source" or (field.source and step is not None and field.key not in step.ask):
        return f"From {_source(rest or field.source)}"
    return f"“{step.title}”" if step else ""
