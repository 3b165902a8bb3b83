"""A rule as people say it: “First rating” is red or amber. What cannot be said simply stays as it was written."""

import re
from collections.abc import Mapping
from typing import Any

from moothall.process import cel
from moothall.process.cel.tree import All, Binary, Call, Either, Items, Literal, Name, Node, Unary
from moothall.process.cel.words import listed
from moothall.process.definition import Definition

_SIGNS = {
    "==": "is",
    "!=": "is not",
    "<": "is less than",
    "<=": "is at most",
    ">": "is more than",
    ">=": "is at least",
}
_OPPOSITES = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_CAPITALS = ("CAB", "DBS", "ECAB", "FOI", "GIS", "HR", "ICT", "LADO", "MASH", "SAR")
_ABBREVIATIONS = {word.lower(): word for word in _CAPITALS}
"""Teams and things that councils write in capitals; a key has none."""
_TEXT = {"contains": "contains", "startsWith": "begins with", "endsWith": "ends with"}


class _Unsaid(Exception):
    """This part of a rule has no simple words."""


def in_words(definition: Definition, rule: str) -> str:
    """Return a rule in words, or as it was written where they would only confuse."""
    try:
        return _said(definition, cel.rule(rule).tree)
    except _Unsaid:
        return rule


def plain(key: str) -> str:
    """Return a key as words.

    >>> plain("customer-services"), plain("ict-manager"), plain("no_access")
    ('Customer services', 'ICT manager', 'No access')
    """
    words = " ".join(_ABBREVIATIONS.get(word, word) for word in re.split("[-_]", key))
    return words[:1].upper() + words[1:]


def _said(definition: Definition, node: Node) -> str:  # noqa: PLR0911 - one answer for each kind of node
    match node:
        case All(parts):
            inner = [_said(definition, part) for part in parts]
            either = [isinstance(part, Either) for part in parts]
            return listed(
                [f"either {said}" if two else said for said, two in zip(inner, either, strict=True)], "and"
            )
        case Either(parts):
            return listed([_said(definition, part) for part in parts], "or")
        case Unary("!", of):
            return _denied(definition, of)
        case Name():
            return f"{_name(definition, node)} is yes"
        case Call("has", (of,)):
            return f"{_name(definition, of)} was given"
        case Call(function, (of, Literal(str() as text))) if function in _TEXT:
            return f"{_name(definition, of)} {_TEXT[function]} “{text}”"
        case Binary():
            return _compared(definition, node)
        case _:
            raise _Unsaid


def _denied(definition: Definition, node: Node) -> str:
    match node:
        case Call("has", (of,)):
            return f"{_name(definition, of)} was not given"
        case Binary(sign, left, right, at) if sign in _OPPOSITES:
            return _said(definition, Binary(_OPPOSITES[sign], left, right, at))
        case Binary("in", Name() as name, Items(parts)):
            return f"{_name(definition, name)} is not {_values(definition, name, parts)}"
        case Binary("in", Literal() as value, Name() as name):
            return f"{_name(definition, name)} does not include {_value(definition, name, value)}"
        case Name():
            return f"{_name(definition, node)} is no"
        case _:
            raise _Unsaid


def _compared(definition: Definition, node: Binary) -> str:
    match node:
        case Binary("==" | "!=" as sign, Name((one, "by")), Name((other, "by"))):
            who = "somebody other than who did" if sign == "!=" else "whoever did"
            return f"{_step(definition, one)} is done by {who} {_step(definition, other)}"
        case Binary(sign, Name((step, "outcome")), Literal(str() as value)) if step in definition.steps:
            return _turned_out(definition, step, value, yes=sign == "==")
        case Binary("in", Name((step, "outcome")), Items(parts)) if step in definition.steps:
            values = [str(each.value) for each in parts if isinstance(each, Literal)]
            return listed([_turned_out(definition, step, each, yes=True) for each in values], "or")
        case Binary("in", Name() as name, Items(parts)):
            return f"{_name(definition, name)} is {_values(definition, name, parts)}"
        case Binary("in", Literal() as value, Name() as name):
            return f"{_name(definition, name)} includes {_value(definition, name, value)}"
        case Binary(sign, Name() as name, right) if sign in _SIGNS:
            return f"{_name(definition, name)} {_SIGNS[sign]} {_value(definition, name, right)}"
        case _:
            raise _Unsaid


def _turned_out(definition: Definition, step: str, value: str, *, yes: bool) -> str:
    name = _step(definition, step)
    if value == "skipped":
        return f"{name} was {'not ' if yes else ''}needed"
    outcome = definition.steps[step].outcomes.get(value)
    words = outcome.title if outcome else plain(value)
    return f"{name} turned out {'' if yes else 'otherwise than '}“{words}”"


def _step(definition: Definition, key: str) -> str:
    return f"“{definition.steps[key].title}”" if key in definition.steps else f"“{plain(key)}”"


def _name(definition: Definition, node: Node) -> str:
    if not isinstance(node, Name):
        raise _Unsaid
    first, *rest = node.path
    if first in definition.fields:
        name = definition.fields[first].name or plain(first)
        return f"“{name}”" + "".join(f" ({plain(part).lower()})" for part in rest)
    raise _Unsaid


def _values(definition: Definition, name: Name, parts: tuple[Node, ...]) -> str:
    return listed([_value(definition, name, part) for part in parts], "or")


def _value(definition: Definition, name: Name, node: Node) -> str:
    if isinstance(node, Name):
        return _name(definition, node)
    if not isinstance(node, Literal):
        raise _Unsaid
    field = definition.fields.get(name.path[0])
    of: Mapping[Any, str] = {each.key: each.words for each in field.of} if field else {}
    if field and field.type == "money" and type(node.value) is int:
        return f"£{node.value / 100:,.2f}"
    return f"“{of[node.value]}”" if node.value in of else cel.plain_words(node.value)
