"""Why not: what a rule still wants, as sentences for the person in front of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from moothall.process.cel.compiling import Facts, compiled
from moothall.process.cel.evaluation import Rule
from moothall.process.cel.tree import All, Binary, Call, Either, Items, Literal, Name, Node, Pick, Unary

_OPPOSITES = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_MIRRORED = {"==": "==", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}
_NUMBERS = {"<": "less than", "<=": "at most", ">": "more than", ">=": "at least"}
_TIMES = {"<": "before", "<=": "on or before", ">": "after", ">=": "on or after"}


@dataclass(frozen=True, slots=True)
class Labels:
    """How the names of a process read: an answer by its question, a step by its title, a value in words."""

    names: Mapping[str, str] = field(default_factory=dict)
    steps: Mapping[str, str] = field(default_factory=dict)
    say: Callable[[str, Any], str] = lambda _name, value: plain_words(value)


def plain_words(value: Any) -> str:
    """Return a value as it is read when nothing more is known of it.

    >>> plain_words(True), plain_words([1, "ash"]), plain_words(date(2026, 4, 6))
    ('yes', '1 and ash', '6 April 2026')
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return f"{value.day} {value:%B %Y at %H:%M}"
    if isinstance(value, date):
        return f"{value.day} {value:%B %Y}"
    if isinstance(value, timedelta):
        return f"{value.days} days" if value.days else f"{value.seconds // 3600} hours"
    if isinstance(value, list):
        return listed([plain_words(item) for item in value], "and")
    return str(value)


def listed(words: list[str], last: str) -> str:
    """Join words as in a sentence.

    >>> listed(["a", "b", "c"], "or")
    'a, b or c'
    """
    return f" {last} ".join(part for part in (", ".join(words[:-1]), words[-1]) if part) if words else ""


def why_not(rule: Rule, facts: Facts, labels: Labels) -> list[str]:
    """Return what is still unmet, one sentence each; an empty list when the rule holds."""
    if rule.holds(facts):
        return []
    return list(dict.fromkeys(_Speaker(facts, labels).unmet(_inward(rule.tree, no=False))))


def _inward(node: Node, *, no: bool) -> Node:
    """Push every “not” down to the single comparisons."""
    match node:
        case Unary("!", of):
            return _inward(of, no=not no)
        case All(parts, at):
            inner = tuple(_inward(part, no=no) for part in parts)
            return Either(inner, at) if no else All(inner, at)
        case Either(parts, at):
            inner = tuple(_inward(part, no=no) for part in parts)
            return All(inner, at) if no else Either(inner, at)
        case Binary(sign, left, right, at) if no and sign in _OPPOSITES:
            return Binary(_OPPOSITES[sign], left, right, at)
        case _:
            return Unary("!", node, node.at) if no else node


class _Speaker:
    def __init__(self, facts: Facts, labels: Labels) -> None:
        self.facts = facts
        self.labels = labels

    def unmet(self, node: Node) -> list[str]:
        """Return the sentences for the parts that are not met."""
        if compiled(node)(self.facts) is True:
            return []
        match node:
            case All(parts):
                return [sentence for part in parts for sentence in self.unmet(part)]
            case Either(parts):
                return self.either(parts)
            case Pick(test, yes, no):
                answer = compiled(test)(self.facts)
                if answer is None:
                    return self.unknown(test) or [f"{self.phrase(test)} is not known yet."]
                return self.unmet(_inward(yes if answer else no, no=False))
            case _:
                return self.single(node)

    def either(self, parts: tuple[Node, ...]) -> list[str]:
        wanted = [self.wanted(part) for part in parts]
        if None in wanted:
            return self.unknown(*parts) or ["None of the ways to meet this rule is met."]
        phrases = [phrase for phrase in wanted if phrase]
        return [f"One of these must be so: {'; or '.join(phrases)}."]

    def single(self, node: Node) -> list[str]:
        if people := self.people(node):
            return [people]
        has = isinstance(node, Call) and node.function == "has"
        if not has and (missing := self.unknown(node)):
            return missing
        name = self.subject(node)
        verb = self.verb(node, name) if name else None
        if name is None or verb is None:
            return ["This rule of the process is not met."]
        if has:
            return [f"{self.label(name)} has not been given yet."]
        return [f"{self.label(name)} is {self.now(name)}; it {verb}."]

    def unknown(self, *nodes: Node) -> list[str]:
        """Return a sentence for each answer that the parts need and that is missing."""
        missing = dict.fromkeys(name for node in nodes for name in _read(node) if self.value(name) is None)
        return [
            f"“{self.labels.steps[name.path[0]]}” has not been done yet."
            if name.path[0] in self.labels.steps
            else f"{self.label(name)} has not been answered yet."
            for name in missing
        ]

    def people(self, node: Node) -> str | None:
        """Say the rule that two steps are done by two people, or by one."""
        match node:
            case Binary("!=" | "==" as sign, Name((one, "by")), Name((other, "by"))):
                steps = [f"“{self.labels.steps.get(step, step)}”" for step in (one, other)]
                if self.facts.get(one) is None or self.facts.get(other) is None:
                    return f"{listed(steps, 'and')} must both be done first."
                if sign == "!=":
                    return f"The person who does {steps[0]} may not be the person who did {steps[1]}."
                return f"The person who does {steps[0]} must be the person who did {steps[1]}."
            case _:
                return None

    def subject(self, node: Node) -> Name | None:
        """Return the name that a comparison is about."""
        match node:
            case Name():
                return node
            case Unary(of=inner) | Binary(left=Literal(), right=inner) | Call(arguments=(inner, *_)):
                return self.subject(inner)
            case Binary("in", Items(), inner) | Binary(left=inner):
                return self.subject(inner)
            case _:
                return None

    def wanted(self, node: Node) -> str | None:
        """Return what would meet the rule, as “X must be …”; None if it cannot be put simply."""
        if isinstance(node, All):
            parts = [self.wanted(part) for part in node.parts]
            return None if None in parts else listed([part for part in parts if part], "and")
        name = self.subject(node)
        verb = self.verb(node, name) if name else None
        return f"{self.label(name)} {verb}" if name and verb else None

    def verb(self, node: Node, name: Name) -> str | None:
        """Return what must be so of the name: “must be yes”."""
        match node:
            case Name():
                return "must be yes"
            case Call():
                return self.called(node)
            case Unary(of=of):
                return self.denied(of, name)
            case Binary(sign, Literal() as left, right, at) if sign in _MIRRORED:
                return self.verb(Binary(_MIRRORED[sign], right, left, at), name)
            case Binary():
                return self.compared(node, name)
            case _:
                return None

    def called(self, node: Call) -> str | None:
        match node:
            case Call("has"):
                return "must be given"
            case Call("contains" | "startsWith" | "endsWith" as function, (_, Literal(text))):
                joint = {"contains": "contain", "startsWith": "begin with", "endsWith": "end with"}[function]
                return f"must {joint} “{text}”"
            case _:
                return None

    def denied(self, node: Node, name: Name) -> str | None:
        match node:
            case Name():
                return "must be no"
            case Call("has"):
                return "must be left empty"
            case Binary("in", Literal(value), Name()):
                return f"must not include {self.say(name, value)}"
            case Binary("in", Name(), right):
                return self.among(name, right, "must not be")
            case _:
                return None

    def compared(self, node: Binary, name: Name) -> str | None:
        match node:
            case Binary("in", Literal(value), Name()):
                return f"must include {self.say(name, value)}"
            case Binary("in", Name(), right):
                return self.among(name, right, "must be")
            case Binary(sign, Name(), right) if sign in _OPPOSITES:
                return self.against(sign, name, right)
            case Binary(sign, Call("size", (Name(),)), Literal(count)) if sign in _NUMBERS:
                return f"must have {_NUMBERS[sign]} {count} characters or items"
            case Binary(sign, Call("age"), right) if sign in _NUMBERS:
                span = compiled(right)(self.facts)
                return f"must be {_NUMBERS[sign]} {plain_words(span)} old" if span is not None else None
            case _:
                return None

    def among(self, name: Name, node: Node, start: str) -> str | None:
        items = compiled(node)(self.facts)
        if type(items) is not list:
            return None
        return f"{start} {listed([self.say(name, item) for item in items], 'or')}"

    def against(self, sign: str, name: Name, node: Node) -> str | None:
        value = compiled(node)(self.facts)
        if value is None:
            return None
        words = self.say(name, value)
        if isinstance(node, Name):
            words = (
                f"the same as {self.label(node)}" if sign in ("==", "!=") else f"{self.label(node)} ({words})"
            )
        if sign in ("==", "!="):
            return f"must {'' if sign == '==' else 'not '}be {words}"
        return f"must be {(_TIMES if isinstance(value, date) else _NUMBERS)[sign]} {words}"

    def value(self, name: Name) -> Any:
        return compiled(name)(self.facts)

    def now(self, name: Name) -> str:
        return self.say(name, self.value(name))

    def say(self, name: Name, value: Any) -> str:
        return self.labels.say(name.dotted, value)

    def label(self, name: Name) -> str:
        """Return the name as it reads: the question, or the part of it, or the step."""
        first = name.path[0]
        if first in self.labels.steps:
            return f"“{self.labels.steps[first]}”"
        if first in ("now", "today"):
            return "The time now"
        label = self.labels.names.get(name.dotted) or self.labels.names.get(first, first)
        return f"“{label}”"

    def phrase(self, node: Node) -> str:
        name = self.subject(node)
        return self.label(name) if name else "Something this rule needs"


def _read(node: Node) -> list[Name]:
    """Return the names whose value the node needs; `has` needs none."""
    match node:
        case Name():
            return [node]
        case Call("has"):
            return []
        case Items(parts) | All(parts) | Either(parts):
            inner = parts
        case Call(arguments=arguments):
            inner = arguments
        case Unary(of=of):
            inner = (of,)
        case Binary(left=left, right=right):
            inner = (left, right)
        case Pick(test, yes, no):
            inner = (test, yes, no)
        case _:
            inner = ()
    return [name for part in inner for name in _read(part)]
