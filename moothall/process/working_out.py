"""What nobody is asked, because it follows from the answers: decision tables and calculations."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any

from moothall.process import cel
from moothall.process.definition import Definition, Field, Table
from moothall.process.kinds import KINDS, Wrong
from moothall.process.kinds.kind import LONDON

Test = Callable[[Any], bool | None]

_COMPARED = re.compile(r"(<=|>=|<|>)\s*(-?\d{1,12})", re.ASCII)
_RANGE = re.compile(r"(-?\d{1,12})\s*\.\.\s*(-?\d{1,12})", re.ASCII)
_YES_NO = {True: frozenset({"yes", "true"}), False: frozenset({"no", "false"})}


def work_out(definition: Definition, known: dict[str, Any], today: date) -> dict[str, Any]:
    """Return each answer that the house works out, in the order of the file; None for what is not known.

    `known` are the facts, which are brought up to date: a later one may depend on an earlier one.
    """
    found: dict[str, Any] = {}
    for field in definition.worked_out:
        value = None
        if cel.holds(field.when, known):
            raw = first_row(field.table, known) if field.table else cel.rule(field.calc).value(known)
            value = fitting(field, raw, today)
        found[field.key] = value
        known[field.key] = None if value is None else KINDS[field.type].rule_value(value)
    return found


def first_row(table: Table, known: Mapping[str, Any]) -> str | None:
    """Return what the first row says whose tests all hold; None if no row does, or if that cannot be known yet.

    A row of which a test is not known decides nothing, and neither do those below it: they are for what it is not.
    """
    inputs = [cel.rule(name).value(known) for name in table.by]
    for tests, then in _compiled(table):
        answers = {test(value) for test, value in zip(tests, inputs, strict=False)}
        if False not in answers:
            return None if None in answers else then
    return None


@lru_cache(maxsize=1_024)
def _compiled(table: Table) -> tuple[tuple[tuple[Test, ...], str], ...]:
    return tuple((tuple(map(test_of, row.tests)), row.then) for row in table.rows)


def test_of(written: str) -> Test:
    """Return the test that a cell of a table writes down: of a value, true, false, or None if that is not known.

    >>> [test_of("1..4")(number) for number in (1, 5, None)], test_of("*")(None), test_of("tap|gas")("gas")
    ([True, False, None], True, True)
    """
    text = written.strip()
    if text == "*":
        return lambda _value: True
    if between := _RANGE.fullmatch(text):
        least, most = int(between[1]), int(between[2])
        return lambda value: least <= value <= most if type(value) is int else None
    if compared := _COMPARED.fullmatch(text):
        rule = cel.rule(f"value {compared[1]} {compared[2]}")
        return lambda value: rule.value({"value": value})
    return _one_of(frozenset(part.strip() for part in text.split("|")))


def _one_of(wanted: frozenset[str]) -> Test:
    def test(value: Any) -> bool | None:
        if value is None:
            return None
        if type(value) is bool:
            return not wanted.isdisjoint(_YES_NO[value])
        if type(value) is list:
            return not wanted.isdisjoint(map(str, value))
        return str(value) in wanted

    return test


def fitting(field: Field, raw: Any, today: date) -> Any:
    """Return a value as an answer to this field, in JSON; None if it is none, or does not fit the type."""
    if raw is None:
        return None
    if field.type == "date" and isinstance(raw, datetime):
        raw = raw.astimezone(LONDON).date()
    elif field.type == "datetime" and isinstance(raw, date) and not isinstance(raw, datetime):
        raw = datetime.combine(raw, time(), LONDON)
    elif field.type in {"text", "paragraph"} and type(raw) is int:
        raw = str(raw)
    try:
        return KINDS[field.type].clean(field, raw, today=today)
    except (Wrong, TypeError):
        return None
