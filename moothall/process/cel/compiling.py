"""From the tree of a rule to a closure over the facts: what is known about a case, by name."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, assert_never
from zoneinfo import ZoneInfo

from moothall.process.cel.tree import All, Binary, Call, Either, Items, Literal, Name, Node, Pick, Unary
from moothall.process.cel.values import ARITHMETIC, ORDERS, equal, ordered, whole, within

Facts = Mapping[str, Any]
Closure = Callable[[Facts], Any]

SINCE = "@since"
"""Under this name the facts hold what says since when an answer is there; no answer can be called so."""
_LONDON = ZoneInfo("Europe/London")
_MOST_DAYS = 400_000
_SIMPLE = (bool, int, str)


def compiled(node: Node) -> Closure:  # noqa: PLR0911 - one answer for each kind of node
    """Return a function of the facts; it returns None for what is not known."""
    match node:
        case Literal(value):
            return lambda _facts: value
        case Name(path):
            return _name(path)
        case Items(parts):
            return _items([compiled(part) for part in parts])
        case All(parts):
            return _joined([compiled(part) for part in parts], decides=False)
        case Either(parts):
            return _joined([compiled(part) for part in parts], decides=True)
        case Unary(sign, of):
            return _opposite(compiled(of)) if sign == "!" else _negative(compiled(of))
        case Pick(test, yes, no):
            return _pick(compiled(test), compiled(yes), compiled(no))
        case Binary(sign, left, right):
            return _binary(sign, left, right)
        case Call(function, arguments):
            return _call(function, arguments)
        case _:
            assert_never(node)


def _name(path: tuple[str, ...]) -> Closure:
    first, *rest = path
    if not rest:
        return lambda facts: facts.get(first)

    def value(facts: Facts) -> Any:
        found = facts.get(first)
        for part in rest:
            if type(found) is not dict:
                return None
            found = found.get(part)
        return found

    return value


def _items(parts: list[Closure]) -> Closure:
    def value(facts: Facts) -> Any:
        found = [part(facts) for part in parts]
        return None if None in found else found

    return value


def _joined(parts: list[Closure], *, decides: bool) -> Closure:
    """Kleene's “and” and “or”: one deciding part settles it, whatever is not known."""

    def value(facts: Facts) -> bool | None:
        answer: bool | None = not decides
        for part in parts:
            found: object = part(facts)
            if found is decides:
                return decides
            if found is not (not decides):
                answer = None
        return answer

    return value


def _opposite(of: Closure) -> Closure:
    def value(facts: Facts) -> bool | None:
        found = of(facts)
        return found is False if type(found) is bool else None

    return value


def _negative(of: Closure) -> Closure:
    def value(facts: Facts) -> Any:
        found = of(facts)
        if type(found) is int:
            return whole(-found)
        return -found if type(found) is timedelta else None

    return value


def _pick(test: Closure, yes: Closure, no: Closure) -> Closure:
    def value(facts: Facts) -> Any:
        found = test(facts)
        return yes(facts) if found is True else no(facts) if found is False else None

    return value


def _binary(sign: str, left: Node, right: Node) -> Closure:
    if sign in ("==", "!=") and isinstance(right, Literal) and type(right.value) in _SIMPLE:
        return _equals_constant(compiled(left), right.value, same=sign == "==")
    one, other = compiled(left), compiled(right)
    if sign == "==":
        return lambda facts: equal(one(facts), other(facts))
    if sign == "!=":
        return _opposite(lambda facts: equal(one(facts), other(facts)))
    if sign == "in":
        return lambda facts: within(one(facts), other(facts))
    if sign in ORDERS:
        return lambda facts: ordered(sign, one(facts), other(facts))
    reckon = ARITHMETIC[sign]
    return lambda facts: reckon(one(facts), other(facts))


def _equals_constant(of: Closure, constant: Any, *, same: bool) -> Closure:
    kind = type(constant)

    def value(facts: Facts) -> bool | None:
        found = of(facts)
        return (found == constant) is same if type(found) is kind else None

    return value


def _call(function: str, arguments: tuple[Node, ...]) -> Closure:
    match function, arguments:
        case "age", (Name((key,)),):
            return _age(key)
        case _:
            return _FUNCTIONS[function](*(compiled(argument) for argument in arguments))


def _has(of: Closure) -> Closure:
    return lambda facts: of(facts) is not None


def _size(of: Closure) -> Closure:
    def value(facts: Facts) -> int | None:
        found = of(facts)
        return len(found) if type(found) in (str, list) else None

    return value


def _days(of: Closure) -> Closure:
    def value(facts: Facts) -> timedelta | None:
        found = of(facts)
        return timedelta(days=found) if type(found) is int and abs(found) <= _MOST_DAYS else None

    return value


def _age(key: str) -> Closure:
    """Return for how long an answer is there: a span, not known where the answer or its time is not."""

    def value(facts: Facts) -> timedelta | None:
        now, since = facts.get("now"), facts.get(SINCE)
        if facts.get(key) is None or since is None or not isinstance(now, datetime):
            return None
        at = since(key)
        return None if at is None else now - at

    return value


def _today() -> Closure:
    def value(facts: Facts) -> Any:
        now = facts.get("now")
        return now.astimezone(_LONDON).date() if isinstance(now, datetime) else None

    return value


def _text(test: Callable[[str, str], bool]) -> Callable[[Closure, Closure], Closure]:
    def made(of: Closure, part: Closure) -> Closure:
        def value(facts: Facts) -> bool | None:
            whole_text, some = of(facts), part(facts)
            return test(whole_text, some) if type(whole_text) is str and type(some) is str else None

        return value

    return made


_FUNCTIONS: dict[str, Callable[..., Closure]] = {
    "contains": _text(lambda text, part: part in text),
    "days": _days,
    "endsWith": _text(str.endswith),
    "has": _has,
    "size": _size,
    "startsWith": _text(str.startswith),
    "today": _today,
}
