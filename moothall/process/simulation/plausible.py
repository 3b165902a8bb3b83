"""Answers worth trying: every choice, the edges of what is allowed, what rules compare with, and what is near it."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from moothall.process import cel
from moothall.process.cel.compiling import compiled
from moothall.process.cel.tree import Binary, Call, Name, Node, children, names
from moothall.process.definition import Definition, Field
from moothall.process.kinds import KINDS, Wrong, clean
from moothall.process.kinds.dates import limit
from moothall.process.kinds.kind import LONDON

_MOST = 60
_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
_WORDS = ("Ash Grove", "As agreed on the phone", "None that we know of")
_SAMPLES: Mapping[str, tuple[Any, ...]] = {
    "text": _WORDS,
    "paragraph": (*_WORDS, "It began on Monday.\nNobody was hurt."),
    "yesno": (True, False),
    "email": ("someone@example.com",),
    "phone": ("01632 960001",),
    "postcode": ("ZX1 2AB",),
    "address": ({"line1": "1 Ash Grove", "town": "Ashby", "postcode": "ZX1 2AB", "uprn": "100012345678"},),
    "location": ({"place": "Mill Road car park"},),
    "photo": ([{"id": "made-up", "name": "photo.jpg"}],),
    "file": ([{"id": "made-up", "name": "letter.pdf"}],),
    "staff": ({"staff": 0, "user": 0, "name": "Sam Ash"},),
    "number": (0, 1, 2, 3, 5, 10, 100),
    "money": (0, 1, 100, 1250, 10_000, 1_000_000),
}
_ANY: tuple[Any, ...] = (
    "100012345678", ["One", "Two"], {"given": "Sam", "family": "Ash"}, {"family": "Ash", "born": "1980-04-06"},
    "Sam Ash",
)  # fmt: skip
"""For kinds of answer that are not known here: what they take of these is tried."""


def pools(definition: Definition, now: datetime) -> dict[str, tuple[Any, ...]]:
    """Return for each field that is asked the answers to try, clean already; none where no answer could be right."""
    compared = _compared(definition, now)
    asked = dict.fromkeys(key for step in definition.steps.values() for key in step.ask)
    return {key: _pool(definition.fields[key], compared.get(key, ()), now) for key in asked}


def pulled(definition: Definition, now: datetime) -> dict[str, tuple[Any, ...]]:
    """Return by its source what may be found for each field that is pulled from elsewhere."""
    compared = _compared(definition, now)
    return {each.source: _pool(each, compared.get(each.key, ()), now) for each in definition.pulled}


def _pool(field: Field, compared: Iterable[Any], now: datetime) -> tuple[Any, ...]:
    today = now.astimezone(LONDON).date()
    found: list[Any] = []
    for raw in (*compared, *_samples(field, now)):
        try:
            value = clean(field, raw, today=today)
        except Wrong:
            continue
        if value is not None and value not in found:
            found.append(value)
    return tuple(found if field.of else found[:_MOST])


def _samples(field: Field, now: datetime) -> Iterator[Any]:
    """Return raw answers to a question, without regard to rules."""
    if field.of:
        keys = [choice.key for choice in field.of]
        yield from keys
        yield from (list(pair) for pair in pairwise(keys))
        yield keys
        return
    yield from _SAMPLES.get(field.type, ())
    for edge in (field.min, field.max):
        if isinstance(edge, int) and field.type in {"number", "money"}:
            yield from (edge, edge + 1, edge - 1)
    if field.type in {"text", "paragraph"}:
        yield "x" * (field.min if isinstance(field.min, int) else 1)
    today = now.astimezone(LONDON).date()
    if field.type == "date":
        edges = (limit(str(edge), today) for edge in (field.min, field.max) if edge)
        days = [today + timedelta(days=each) for each in _DAYS]
        yield from (day.isoformat() for day in [*filter(None, edges), *days])
    elif field.type not in _SAMPLES:
        yield from ((now + timedelta(days=days)).isoformat(timespec="minutes") for days in _DAYS)
        yield from _ANY


_DAYS = (0, -1, 1, -2, -5, 3, 10, -20, 40, -100, 200, -400, -800, 800, -8_000, -30_000)


def _compared(definition: Definition, now: datetime) -> dict[str, list[Any]]:
    """Return what the rules compare each answer with, and what lies just beside it."""
    found: dict[str, list[Any]] = {}
    for source in rules(definition):
        for key, value in _constants(cel.rule(source).tree, {"now": now}):
            field = definition.fields.get(key)
            if field is not None and field.type in KINDS:
                found.setdefault(key, []).extend(_beside(value))
    return found


def rules(definition: Definition) -> Iterator[str]:
    """Return every rule of a process that decides how a case goes."""
    for field in definition.fields.values():
        yield from filter(None, (field.when, field.calc))
    for step in definition.steps.values():
        yield from filter(None, (step.when, *(need.rule for need in step.need)))
        yield from filter(None, (outcome.when for outcome in step.outcomes.values()))


def _constants(node: Node, facts: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Return each answer that a rule compares with something which does not hang on other answers."""
    match node:
        case Binary(_, Name((key,)), other) | Binary(_, other, Name((key,))) if not _answers(other):
            value = compiled(other)(facts)
            yield from ((key, each) for each in (value if isinstance(value, list) else [value]))
        case Binary(_, Call("size", (Name((key,)),)), other) if not _answers(other):
            length = compiled(other)(facts)
            if isinstance(length, int):
                yield from ((key, "x" * one) for one in range(max(1, length - 1), length + 2))
        case Call("contains" | "startsWith" | "endsWith", (Name((key,)), other)) if not _answers(other):
            yield key, compiled(other)(facts)
        case _:
            for child in children(node):
                yield from _constants(child, facts)


def _answers(node: Node) -> bool:
    """Whether a part of a rule names anything but the time."""
    return any(name.path != ("now",) for name in names(node))


def _beside(value: Any) -> list[Any]:
    if isinstance(value, bool) or value is None:
        return []
    if isinstance(value, int):
        return [value, value - 1, value + 1]
    if isinstance(value, datetime):
        return [(value + step).isoformat(timespec="minutes") for step in (-_HOUR, _HOUR, -_DAY, _DAY)]
    if isinstance(value, date):
        return [(value + step).isoformat() for step in (timedelta(0), -_DAY, _DAY)]
    return [value] if isinstance(value, str) else []
