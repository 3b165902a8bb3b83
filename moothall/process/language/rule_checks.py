"""Checking a rule against the process it stands in: all it names must exist, in time, and fit."""

from collections.abc import Set as AbstractSet
from datetime import date, datetime, timedelta

from moothall.process.cel import RuleError, rule
from moothall.process.cel.tree import (
    All,
    Binary,
    Call,
    Either,
    Items,
    Literal,
    Name,
    Node,
    Pick,
    Unary,
    children,
)
from moothall.process.definition import Definition
from moothall.process.kinds import KINDS
from moothall.process.language.mistakes import Report, did_you_mean

_STEP_PARTS = {"at": "time", "by": "person", "outcome": "text"}
_LITERALS: dict[type, str] = {bool: "yesno", int: "number", str: "text", date: "date", datetime: "time"}
_LITERALS |= {timedelta: "span"}
_CALLS = {"contains": "yesno", "days": "span", "endsWith": "yesno", "has": "yesno", "size": "number"}
_CALLS |= {"age": "span", "startsWith": "yesno", "today": "date"}
_INSTEAD = {
    "yesno": "Compare it with true or false, without quotation marks.",
    "text": 'Put the word in quotation marks: "garden".',
    "number": "Compare it with a whole number, without quotation marks.",
    "date": 'Compare it with today() or date("2026-04-06").',
    "time": 'Compare it with now or timestamp("2026-04-06T09:00:00Z").',
    "span": 'Compare it with days(28) or duration("36h").',
    "list": 'Ask “"garden" in name”, or has(name).',
    "parts": "Name the part: address.postcode.",
}
_WORDS = {"yesno": "yes or no", "text": "text", "number": "a number", "date": "a date", "time": "a time"}
_WORDS |= {
    "span": "a length of time",
    "list": "a list",
    "parts": "something with parts",
    "person": "a person",
}


class RuleChecker:
    def __init__(self, definition: Definition, report: Report) -> None:
        self.definition = definition
        self.report = report
        self.path = ""
        self.read: set[str] = set()
        """Every name that a rule has read so far, without its parts."""

    def check(self, path: str, source: str, asked: AbstractSet[str], steps: AbstractSet[str]) -> None:
        """Check one rule, given the fields asked and the steps done by the time it is evaluated."""
        if not source:
            return
        kind = self.expression(path, source, asked, steps)
        if kind not in ("yesno", ""):
            self.wrong(
                f"The rule “{source}” gives {_WORDS[kind]}, not yes or no.", "Compare it with something."
            )

    def expression(self, path: str, source: str, asked: AbstractSet[str], steps: AbstractSet[str]) -> str:
        """Check what a rule is made of, and return the kind of value it gives; empty if that cannot be said."""
        self.path = path
        try:
            tree = rule(source).tree
        except RuleError as error:
            self.wrong(
                f"The rule “{source}” cannot be read at column {error.column}. {error.wrong}", error.instead
            )
            return ""
        self.names(tree, asked, steps)
        return self.kind(tree)

    def words(self, kind: str) -> str:
        """Return a kind of value in words."""
        return _WORDS[kind]

    def wrong(self, wrong: str, instead: str) -> None:
        self.report.wrong(self.path, wrong, instead)

    def names(self, node: Node, asked: AbstractSet[str], steps: AbstractSet[str]) -> None:
        """Check that every name exists and is known by then."""
        if isinstance(node, Name):
            self.name(node, asked, steps)
        for child in children(node):
            self.names(child, asked, steps)

    def name(self, name: Name, asked: AbstractSet[str], steps: AbstractSet[str]) -> None:
        first, *rest = name.path
        definition = self.definition
        self.read.add(first)
        if first == "now" and not rest:
            return
        if first in definition.fields:
            if first not in asked:
                wrong = f"“{first}” is read here, but nothing before this asks it."
                self.wrong(wrong, "Ask it earlier, or write the rule without it.")
            self.parts(name, KINDS[definition.fields[first].type].parts)
        elif first in definition.steps:
            if first not in steps:
                self.wrong(
                    f"“{first}” is read here, but that step comes later.", "Use a step before this one."
                )
            self.parts(name, tuple(_STEP_PARTS))
            if not rest:
                self.wrong(f"“{first}” is a step.", f"Write {first}.outcome, {first}.by or {first}.at.")
        else:
            known = [*definition.fields, *definition.steps]
            self.wrong(f"The rule names “{first}”, which is no field or step.", did_you_mean(first, known))

    def parts(self, name: Name, known: tuple[str, ...]) -> None:
        rest = name.path[1:]
        if len(rest) > 1 or (rest and rest[0] not in known):
            wrong = f"“{name.path[0]}” has no part “{'.'.join(rest)}”."
            self.wrong(wrong, did_you_mean(rest[0], known) or f"Write “{name.path[0]}”.")

    def kind(self, node: Node) -> str:  # noqa: PLR0911 - one answer for each kind of node
        """Return the kind of value a part of the rule gives; empty if that cannot be said."""
        match node:
            case Literal(value):
                return _LITERALS.get(type(value), "")
            case Name():
                return self.name_kind(node)
            case Items(parts):
                for part in parts:
                    self.kind(part)
                return "list"
            case All(parts) | Either(parts):
                for part in parts:
                    self.wants(part, "yesno")
                return "yesno"
            case Unary("!", of):
                self.wants(of, "yesno")
                return "yesno"
            case Unary(_, of):
                return self.kind(of)
            case _:
                return self.joint_kind(node)

    def joint_kind(self, node: Node) -> str:
        match node:
            case Pick(test, yes, no):
                self.wants(test, "yesno")
                self.kind(no)
                return self.kind(yes)
            case Call(function, arguments):
                return self.call_kind(function, arguments)
            case Binary("in", left, right):
                self.member(left, right)
                return "yesno"
            case Binary("==" | "!=" | "<" | "<=" | ">" | ">=", left, right):
                self.compared(left, right)
                return "yesno"
            case Binary(_, left, right):
                return self.reckoned(self.kind(left), self.kind(right))
            case _:
                return ""

    def name_kind(self, name: Name) -> str:
        first, *rest = name.path
        if first == "now":
            return "time"
        if first in self.definition.steps:
            return _STEP_PARTS.get(rest[0], "") if rest else ""
        field = self.definition.fields.get(first)
        if field is None:
            return ""
        kind = KINDS[field.type].rules
        return ("text" if kind == "parts" else "") if rest else kind

    def call_kind(self, function: str, arguments: tuple[Node, ...]) -> str:
        kinds = [self.kind(argument) for argument in arguments]
        match function, arguments:
            case "age", (Name((first,)),) if first in self.definition.steps:
                self.wrong(f"“{first}” is a step, and a step has no age.", f"Write now - {first}.at.")
        if function in ("contains", "startsWith", "endsWith") and kinds[0] not in ("text", ""):
            self.wrong(f"“{function}” asks about text, and this is {_WORDS[kinds[0]]}.", "")
        return _CALLS[function]

    def reckoned(self, left: str, right: str) -> str:
        if left == right == "date" or left == right == "time":
            return "span"
        return left if left != "span" else right

    def wants(self, node: Node, wanted: str) -> None:
        kind = self.kind(node)
        if kind not in (wanted, ""):
            self.wrong(
                f"Here should be something that is yes or no, not {_WORDS[kind]}.", "Compare it first."
            )

    def compared(self, left: Node, right: Node) -> None:
        one, other = self.kind(left), self.kind(right)
        if one and other and one != other:
            first = isinstance(left, Name) or not (isinstance(left, Literal) or isinstance(right, Name))
            about = self.subject(left if first else right) or "One side"
            named, against = (one, other) if first else (other, one)
            wrong = f"{about} is {_WORDS[named]}; it is compared with {_WORDS[against]}."
            self.wrong(wrong, _INSTEAD.get(named, ""))
        for name, value in ((left, right), (right, left)):
            if isinstance(name, Name) and isinstance(value, Literal):
                self.chosen(name, value)

    def member(self, left: Node, right: Node) -> None:
        self.kind(left)
        kind = self.kind(right)
        if kind not in ("list", ""):
            self.wrong(f"After “in” comes a list, and this is {_WORDS[kind]}.", 'Write name in ["a", "b"].')
        if isinstance(left, Name) and isinstance(right, Items):
            for item in right.parts:
                self.compared(left, item)
        if isinstance(right, Name) and isinstance(left, Literal):
            self.chosen(right, left)

    def chosen(self, name: Name, literal: Literal) -> None:
        """Check that what an answer or an outcome is compared with is one of its choices."""
        first, *rest = name.path
        field, step = self.definition.fields.get(first), self.definition.steps.get(first)
        known: list[str] = []
        if field and not rest:
            known = [choice.key for choice in field.of]
        elif step and rest == ["outcome"]:
            known = [*step.outcomes, "skipped"]
        if known and isinstance(literal.value, str) and literal.value not in known:
            self.wrong(f"“{name.dotted}” is never “{literal.value}”.", did_you_mean(literal.value, known))

    def subject(self, node: Node) -> str:
        match node:
            case Name():
                return f"“{node.dotted}”"
            case Call(function, (Name() as name,)):
                return f"“{function}({name.dotted})”"
            case _:
                return ""
