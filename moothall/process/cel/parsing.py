"""From the words of a rule to its tree: one method for each rung of precedence."""

import difflib
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from moothall.process.cel.lexing import BIGGEST, RESERVED, Token, tokens, unquoted
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
    RuleError,
    Unary,
    children,
)

DEEPEST = 30
LONGEST_CHAIN = 60
METHODS = {"contains": 2, "endsWith": 2, "size": 1, "startsWith": 2}
FUNCTIONS = {"age": 1, "date": 1, "days": 1, "duration": 1, "has": 1, "size": 1, "timestamp": 1, "today": 0}
_COMPARISONS = ("==", "!=", "<", "<=", ">", ">=", "in")
_WORDS = {"and": "&&", "or": "||", "not": "!", "yes": "true", "no": "false"}
_EXAMPLES = {"date": "2026-04-06", "duration": "36h", "timestamp": "2026-04-06T09:00:00Z"}
_HOURS = re.compile(r"(-)?(?:(\d{1,7})h)?(?:(\d{1,7})m)?(?:(\d{1,9})s)?", re.ASCII)


def parse(source: str) -> Node:
    """Return the tree of a rule, or raise a RuleError that says where and what to write instead."""
    parser = _Parser(tokens(source))
    tree = parser.whole()
    _refuse_null(tree)
    left_over = parser.here
    if left_over.kind != "end":
        meant = _WORDS.get(left_over.text.lower())
        instead = f"Write “{meant}”." if meant else "Join two rules with “&&” (and) or “||” (or)."
        raise RuleError(f"The rule was over before “{left_over.text}”.", instead, left_over.at)
    return tree


class _Parser:
    def __init__(self, words: list[Token]) -> None:
        self.words = words
        self.place = 0
        self.depth = 0

    @property
    def here(self) -> Token:
        return self.words[self.place]

    def take(self) -> Token:
        token = self.here
        self.place = min(self.place + 1, len(self.words) - 1)
        return token

    def is_sign(self, *signs: str) -> bool:
        return self.here.kind in ("sign", "name") and self.here.text in signs

    def expect(self, sign: str) -> None:
        if not self.is_sign(sign):
            found = f"“{self.here.text}”" if self.here.text else "the end of the rule"
            raise RuleError(f"Here should be “{sign}”, not {found}.", f"Add “{sign}”.", self.here.at)
        self.take()

    def whole(self) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            raise RuleError("This rule is nested too deeply.", "Split it into several.", self.here.at)
        at = self.here.at
        tree = self.joined("||", lambda: self.joined("&&", self.comparison, All), Either)
        if self.is_sign("?"):
            self.take()
            yes = self.whole()
            self.expect(":")
            tree = Pick(tree, yes, self.whole(), at)
        self.depth -= 1
        return tree

    def joined(self, sign: str, part: Callable[[], Node], kind: type[All] | type[Either]) -> Node:
        at = self.here.at
        parts = [part()]
        while self.is_sign(sign):
            self.take()
            parts.append(part())
        return parts[0] if len(parts) == 1 else kind(tuple(parts), at)

    def chain(self, signs: tuple[str, ...], part: Callable[[], Node]) -> Node:
        tree = part()
        for _ in range(LONGEST_CHAIN):
            if not self.is_sign(*signs):
                return tree
            sign = self.take()
            tree = Binary(sign.text, tree, part(), sign.at)
        raise RuleError("This goes on for too long.", "Split it into several rules.", self.here.at)

    def comparison(self) -> Node:
        tree = self.chain(_COMPARISONS, self.sum)
        return _without_null(tree)

    def sum(self) -> Node:
        return self.chain(("+", "-"), lambda: self.chain(("*", "/", "%"), self.unary))

    def unary(self) -> Node:
        if not self.is_sign("!", "-"):
            return self.member()
        sign = self.take()
        if sign.text == "-" and self.here.kind == "int":
            return self.number(self.take(), negative=True)
        self.depth += 1
        if self.depth > DEEPEST:
            raise RuleError("This rule is nested too deeply.", "Take some signs out.", sign.at)
        of = self.unary()
        self.depth -= 1
        return Unary(sign.text, of, sign.at)

    def member(self) -> Node:
        tree = self.single()
        while self.is_sign("."):
            self.take()
            name = self.take()
            if name.kind != "name":
                raise RuleError("After a full stop comes a name.", "For example: address.postcode.", name.at)
            if self.is_sign("("):
                tree = self.call(name, (tree,), METHODS)
            elif isinstance(tree, Name):
                tree = Name((*tree.path, name.text), tree.at)
            else:
                raise RuleError(f"Only a name has parts, such as “.{name.text}”.", "Take it out.", name.at)
        return tree

    def single(self) -> Node:
        token = self.take()
        if token.kind == "int":
            return self.number(token)
        if token.kind == "text":
            return Literal(unquoted(token), token.at)
        if token.kind == "name":
            return self.named(token)
        if token.text == "(":
            tree = self.whole()
            self.expect(")")
            return tree
        if token.text == "[":
            return Items(self.listed("]"), token.at)
        if token.kind == "end":
            raise RuleError("The rule ends too early.", "Write what to compare with.", token.at)
        raise RuleError(f"A value should stand before “{token.text}”.", "Write what to compare.", token.at)

    def listed(self, close: str) -> tuple[Node, ...]:
        parts: list[Node] = []
        while not self.is_sign(close):
            parts.append(self.whole())
            if not self.is_sign(close):
                self.expect(",")
        self.take()
        return tuple(parts)

    def number(self, token: Token, *, negative: bool = False) -> Literal:
        value = -int(token.text) if negative else int(token.text) if len(token.text) < 30 else BIGGEST + 1  # noqa: PLR2004
        if not -BIGGEST - 1 <= value <= BIGGEST:
            raise RuleError("That number is too big.", f"The biggest is {BIGGEST:,}.", token.at)
        return Literal(value, token.at)

    def named(self, token: Token) -> Node:
        if token.text in ("true", "false"):
            return Literal(token.text == "true", token.at)
        if self.is_sign("("):
            return self.call(token, (), FUNCTIONS)
        if token.text == "null":
            return Literal(None, token.at)
        if token.text in RESERVED:
            raise RuleError(f"“{token.text}” is a word that rules keep for themselves.", "", token.at)
        return Name((token.text,), token.at)

    def call(self, name: Token, before: tuple[Node, ...], known: dict[str, int]) -> Node:
        self.take()
        arguments = before + self.listed(")")
        if name.text not in known:
            near = difflib.get_close_matches(name.text, known, 1)
            instead = f"Did you mean “{near[0]}”?" if near else f"There are: {', '.join(known)}."
            raise RuleError(f"There is no function “{name.text}”.", instead, name.at)
        if len(arguments) != known[name.text]:
            count = known[name.text] - len(before)
            raise RuleError(f"“{name.text}” takes {count or 'nothing'} in its brackets.", "", name.at)
        return _constant(Call(name.text, arguments, name.at))


def _without_null(tree: Node) -> Node:
    """Read `x == null` as `!has(x)`; null means nothing else here."""
    match tree:
        case Binary("==" | "!=" as sign, Name() as name, Literal(None), at) | Binary(
            "==" | "!=" as sign, Literal(None), Name() as name, at
        ):
            has = Call("has", (name,), at)
            return Unary("!", has, at) if sign == "==" else has
        case _:
            return tree


def _refuse_null(tree: Node) -> None:
    if isinstance(tree, Literal) and tree.value is None:
        raise RuleError("“null” says nothing here.", "For a missing answer write !has(name).", tree.at)
    for child in children(tree):
        _refuse_null(child)


def _constant(call: Call) -> Node:
    """Check what `has` asks for, and work out the dates and spans that are written down."""
    if call.function == "has" and not isinstance(call.arguments[0], Name):
        raise RuleError("“has” takes the name of an answer.", "For example: has(photo).", call.at)
    if call.function == "age" and not (
        isinstance(call.arguments[0], Name) and len(call.arguments[0].path) == 1
    ):
        raise RuleError("“age” takes the name of an answer.", "For example: age(income) < days(90).", call.at)
    if call.function not in ("date", "duration", "timestamp"):
        return call
    match call.arguments[0]:
        case Literal(str() as text):
            value = {"date": _date, "duration": _duration, "timestamp": _timestamp}[call.function](text)
        case _:
            value = None
    if value is None:
        example = {"date": "2026-04-06", "duration": "36h", "timestamp": "2026-04-06T09:00:00Z"}[
            call.function
        ]
        raise RuleError(
            f"“{call.function}” cannot read that.", f'For example: {call.function}("{example}").', call.at
        )
    return Literal(value, call.at)


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == len("2026-04-06") else None
    except ValueError:
        return None


def _timestamp(text: str) -> datetime | None:
    try:
        value = datetime.fromisoformat(text)
        return value.astimezone(UTC) if value.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _duration(text: str) -> timedelta | None:
    parts = _HOURS.fullmatch(text)
    if parts is None or not any(parts.groups()[1:]):
        return None
    hours, minutes, seconds = (int(part or 0) for part in parts.groups()[1:])
    span = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return -span if parts[1] else span
