"""What a field that nobody is asked may get wrong: decision tables, calculations, and answers pulled from elsewhere."""

import re
from collections.abc import Collection, Iterator
from itertools import product
from math import prod
from typing import Any

from moothall.process.cel import RuleError, rule
from moothall.process.cel.tree import Items, Literal, Node, Pick, names
from moothall.process.definition import RESIDENT, Field, Table
from moothall.process.kinds import KINDS
from moothall.process.language.before import roots
from moothall.process.language.checking import Desk
from moothall.process.language.mistakes import did_you_mean
from moothall.process.language.names import REQUESTER
from moothall.process.working_out import test_of

_PLAIN = frozenset(KINDS) - {"photo", "file", "staff"}
_ANSWERED = frozenset({"choice", "text", "paragraph", "number", "money", "yesno"})
_TESTED = frozenset({"choice", "choices", "yesno", "number", "money", "text", "postcode", "uprn"})
_NUMBERS = re.compile(r"-?\d+", re.ASCII)
_COMPARISON = re.compile(r"(<=|>=|<|>)\s*-?\d{1,12}|-?\d{1,12}\s*\.\.\s*-?\d{1,12}", re.ASCII)
_MOST = 200_000
"""So many rows are tried on all combinations together; beyond that, nothing is said of a table."""
_YES, _NO = frozenset({"yes", "true"}), frozenset({"no", "false"})


def check_derived(desk: Desk, field: Field, sources: Collection[str] | None) -> None:
    """Note what is wrong with a field that is pulled from elsewhere or worked out."""
    path = f"fields.{field.key}"
    ways = [
        key for key, there in (("from", field.source), ("table", field.table), ("calc", field.calc)) if there
    ]
    if not ways:
        return
    if len(ways) > 1:
        wrong = f"An answer comes from one place, and here are {' and '.join(ways)}."
        desk.report.wrong(f"{path}.{ways[1]}", wrong, "Keep one of them.")
    if field.type not in _PLAIN:
        desk.report.wrong(
            f"{path}.type", f"Nobody is asked, so it cannot be a {field.type}.", "Use another type."
        )
    asked = any(field.key in step.ask for step in desk.definition.steps.values())
    if field.worked_out and asked:
        wrong = "It is worked out, and a step asks it all the same."
        desk.report.wrong(f"{path}.{ways[0]}", wrong, f"Take “{ways[0]}” out, or the question.")
    if field.source and asked and not field.ask:
        wrong = "A step asks it, and there is no question."
        desk.report.wrong(path, wrong, "Write “ask: …”, or only show it.")
    if field.worked_out:
        everything = set(desk.definition.fields)
        desk.rules.check(f"{path}.when", field.when, everything, set(desk.definition.steps))
    if field.source:
        _pulled(desk, field, sources)
    elif field.table is not None:
        _table(desk, field, field.table)
    else:
        _calculated(desk, field)


def _pulled(desk: Desk, field: Field, sources: Collection[str] | None) -> None:
    path = f"fields.{field.key}.from"
    fields = desk.definition.fields
    root, _, part = field.source.partition(".")
    root = RESIDENT if root == REQUESTER else root
    if not part or (root != RESIDENT and root not in fields):
        wrong = f"“{field.source}” does not say from where."
        others = [key for key, each in fields.items() if each is not field]
        near = did_you_mean(root, [REQUESTER, *others])
        desk.report.wrong(
            path, wrong, f"Write “from: requester.name”, or a field and its part. {near}".strip()
        )
        return
    if root == field.key:
        desk.report.wrong(path, "It cannot be pulled from itself.", "Name another field.")
        return
    hung = REQUESTER if root == RESIDENT else fields[root].type
    own = root != RESIDENT and part in KINDS[fields[root].type].parts
    if sources is not None and hung not in sources and not own:
        wrong = f"Nothing here knows more about a {hung}, so it will have no answer."
        there = ", ".join(sorted(sources)) or "nothing so far"
        desk.report.advise(path, wrong, f"What can be pulled from: {there}.")
    if root != RESIDENT and root not in desk.order.asked(set(desk.definition.steps)):
        desk.report.wrong(path, f"Nobody is asked “{root}”, so nothing can be looked up by it.", "Ask it.")


def _earlier(desk: Desk, field: Field, where: str, read: Collection[str]) -> None:
    """Note what is read although it is worked out later, or never known."""
    order = list(desk.definition.fields)
    known = desk.order.asked(set(desk.definition.steps))
    for name in read:
        other = desk.definition.fields.get(name)
        if other is None:
            continue
        if name == field.key:
            desk.report.wrong(where, "It would be worked out from itself.", f"Write it without “{name}”.")
        elif other.worked_out and order.index(name) > order.index(field.key):
            wrong = f"“{name}” is worked out after it, in the order of the file."
            if field.key in _inputs(other):
                wrong = f"“{field.key}” and “{name}” are worked out from each other."
            desk.report.wrong(
                where, wrong, f"Write “{name}” above “{field.key}”, and not the other way round."
            )
        elif name not in known and not other.worked_out:
            desk.report.wrong(
                where, f"Nobody is asked “{name}”, so this is never known.", "Ask it in a step."
            )


def _inputs(field: Field) -> set[str]:
    if field.table is not None:
        return {root for name in field.table.by for root in roots(name)}
    return roots(field.calc)


def _calculated(desk: Desk, field: Field) -> None:
    path = f"fields.{field.key}.calc"
    everything = set(desk.definition.fields)
    kind = desk.rules.expression(path, field.calc, everything, set(desk.definition.steps))
    wanted = KINDS[field.type].rules
    fits = {wanted} | ({"number"} if wanted == "text" and not field.of else set())
    fits |= {"time"} if wanted == "date" else {"date"} if wanted == "time" else set()
    if kind and kind not in fits:
        wrong = f"This gives {desk.rules.words(kind)}, and a {field.type} is {desk.rules.words(wanted)}."
        desk.report.wrong(path, wrong, "Give it another type, or another calculation.")
    try:
        tree = rule(field.calc).tree
    except RuleError:
        return
    _earlier(desk, field, path, list(dict.fromkeys(name.path[0] for name in names(tree))))
    keys = [choice.key for choice in field.of]
    for value in _results(tree) if keys else ():
        if value not in keys:
            desk.report.wrong(path, f"“{value}” is none of the answers.", did_you_mean(str(value), keys))


def _results(node: Node) -> Iterator[Any]:
    """Return what a calculation may come to, as far as it is written down."""
    match node:
        case Literal(value):
            yield value
        case Pick(_, yes, no):
            yield from _results(yes)
            yield from _results(no)
        case Items(parts):
            for part in parts:
                yield from _results(part)


def _table(desk: Desk, field: Field, table: Table) -> None:
    path = f"fields.{field.key}.table"
    if field.type not in _ANSWERED:
        wrong = f"A table answers with words, a number, yes or no; a {field.type} is none of these."
        desk.report.wrong(f"fields.{field.key}.type", wrong, f"It can be: {', '.join(sorted(_ANSWERED))}.")
    fields = desk.definition.fields
    inputs = [fields.get(name) for name in table.by]
    for number, (name, given) in enumerate(zip(table.by, inputs, strict=True)):
        where = f"{path}.by.{number}"
        if given is None:
            near = did_you_mean(name, [key for key in fields if key != field.key])
            desk.report.wrong(where, f"There is no field “{name}”.", near)
        elif given.type not in _TESTED:
            desk.report.wrong(where, f"A table cannot test a {given.type}.", "Use a choice, yesno or number.")
    _earlier(desk, field, f"{path}.by", table.by)
    _cells(desk, field, table, inputs)
    if None not in inputs and all(len(row.tests) == len(table.by) for row in table.rows):
        _coverage(desk, field, table, [given for given in inputs if given is not None])


def _cells(desk: Desk, field: Field, table: Table, inputs: list[Field | None]) -> None:
    keys = [choice.key for choice in field.of]
    for number, row in enumerate(table.rows):
        where = f"fields.{field.key}.table.rows.{number}"
        if not row.then:
            desk.report.wrong(where, "This row has no answer.", 'Write it after the tests: "council,no": P1.')
        elif keys and row.then not in keys:
            desk.report.wrong(where, f"“{row.then}” is none of the answers.", did_you_mean(row.then, keys))
        elif field.type in ("number", "money") and not _NUMBERS.fullmatch(row.then):
            desk.report.wrong(where, f"“{row.then}” is not a whole number.", "Write “12”; money is in pence.")
        elif field.type == "yesno" and row.then not in _YES | _NO:
            desk.report.wrong(where, f"“{row.then}” is neither yes nor no.", "Write “yes” or “no”.")
        for test, given in zip(row.tests, inputs, strict=False):
            if given is not None and test != "*":
                _cell(desk, where, test, given)


def _cell(desk: Desk, where: str, test: str, given: Field) -> None:
    if given.type in ("number", "money"):
        parts = [part.strip() for part in test.split("|")]
        if not _COMPARISON.fullmatch(test.strip()) and not all(map(_NUMBERS.fullmatch, parts)):
            instead = "Write “5”, “>= 5” or “1..4”; money is in pence."
            desk.report.wrong(where, f"“{test}” tests no number, and “{given.key}” is one.", instead)
        return
    known = [choice.key for choice in given.of] or (["yes", "no"] if given.type == "yesno" else [])
    for part in (part.strip() for part in test.split("|")):
        if known and part not in known and not (given.type == "yesno" and part in _YES | _NO):
            desk.report.wrong(where, f"“{given.key}” is never “{part}”.", did_you_mean(part, known))


def _coverage(desk: Desk, field: Field, table: Table, inputs: list[Field]) -> None:
    """Name a combination of answers that no row is for, and the rows that are never reached."""
    values = [_values(table, place, given) for place, given in enumerate(inputs)]
    if not all(values) or not table.rows or prod(map(len, values)) * len(table.rows) > _MOST:
        return
    tests = [[test_of(test) for test in row.tests] for row in table.rows]
    reached: set[int] = set()
    missed: tuple[Any, ...] | None = None
    for combination in product(*values):
        row = next(
            (
                number
                for number, row in enumerate(tests)
                if all(test(value) is not False for test, value in zip(row, combination, strict=True))
            ),
            None,
        )
        if row is None:
            missed = missed or combination
        else:
            reached.add(row)
    path = f"fields.{field.key}.table.rows"
    if missed is not None:
        said = ", ".join(_said(given, value) for given, value in zip(inputs, missed, strict=True))
        desk.report.advise(
            path, f"No row is for {said}.", f"Add a row, or “{','.join('*' * len(inputs))}” last."
        )
    if set(table.rows[-1].tests) == {"*"}:
        reached.add(len(tests) - 1)  # a net below all others does no harm
    for number in sorted(set(range(len(tests))) - reached):
        wrong = "This row is never reached: those above it take every answer it is for."
        desk.report.wrong(f"{path}.{number}", wrong, "Move it up, or take it out.")


def _values(table: Table, place: int, given: Field) -> list[Any]:
    """Return the answers by which the rows can be told apart; none if there are too many kinds."""
    if given.type == "choice":
        return [choice.key for choice in given.of]
    if given.type == "yesno":
        return [True, False]
    if given.type in ("number", "money"):
        edges = {
            int(found)
            for row in table.rows
            for found in _NUMBERS.findall(row.tests[place].replace("..", " "))
        }
        least = given.min if isinstance(given.min, int) else 0
        most = given.max if isinstance(given.max, int) else max([*edges, least]) + 1
        near = {edge + step for edge in edges for step in (-1, 0, 1)} | {least, most}
        return sorted(value for value in near if least <= value <= most)
    return []


def _said(given: Field, value: Any) -> str:
    plain = {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value
    return f"{given.key} “{plain}”"
