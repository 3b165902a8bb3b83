"""How values are compared and reckoned with. None means: not known."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from operator import ge, gt, le, lt
from typing import Any

from moothall.process.cel.lexing import BIGGEST

_SUMS = {
    (str, str),
    (list, list),
    (timedelta, timedelta),
    (date, timedelta),
    (datetime, timedelta),
}
_REMAINS = _SUMS - {(str, str), (list, list)} | {(date, date), (datetime, datetime)}
_ORDERED = (int, str, date, datetime, timedelta, bool)
ORDERS: dict[str, Callable[[Any, Any], bool]] = {"<": lt, "<=": le, ">": gt, ">=": ge}


def equal(left: Any, right: Any) -> bool | None:
    """Say whether two values are the same; of different types, that is not known.

    >>> equal(1, 1), equal(1, True), equal([1], [2])
    (True, None, False)
    """
    kind = type(left)
    if left is None or kind is not type(right) or kind is dict:
        return None
    if kind is not list:
        return bool(left == right)
    if len(left) != len(right):
        return False
    answers = [equal(one, other) for one, other in zip(left, right, strict=True)]
    return False if False in answers else None if None in answers else True


def within(item: Any, items: Any) -> bool | None:
    """Say whether a list has an item."""
    if item is None or type(items) is not list:
        return None
    answers = [equal(item, one) for one in items]
    return True if True in answers else None if None in answers else False


def ordered(sign: str, left: Any, right: Any) -> bool | None:
    """Compare two values of one type that has an order."""
    if type(left) is type(right) and type(left) in _ORDERED:
        return ORDERS[sign](left, right)
    return None


def whole(value: int) -> int | None:
    """Return a number that still fits 64 bits, as in CEL."""
    return value if -BIGGEST - 1 <= value <= BIGGEST else None


def added(left: Any, right: Any) -> Any:
    """Add numbers, texts, lists, or a span to a time."""
    kinds = (type(left), type(right))
    if kinds == (int, int):
        return whole(left + right)
    if kinds in {(timedelta, date), (timedelta, datetime)}:
        return added(right, left)
    try:
        return left + right if kinds in _SUMS else None
    except OverflowError:
        return None


def taken(left: Any, right: Any) -> Any:
    """Take a number from a number, a time or a span from a time."""
    kinds = (type(left), type(right))
    if kinds == (int, int):
        return whole(left - right)
    try:
        return left - right if kinds in _REMAINS else None
    except OverflowError:
        return None


def multiplied(left: Any, right: Any) -> int | None:
    """Multiply two whole numbers."""
    return whole(left * right) if type(left) is int and type(right) is int else None


def divided(left: Any, right: Any) -> int | None:
    """Divide two whole numbers, towards zero.

    >>> divided(-7, 2), divided(1, 0)
    (-3, None)
    """
    if type(left) is not int or type(right) is not int or right == 0:
        return None
    share = abs(left) // abs(right)
    return whole(share if (left < 0) == (right < 0) else -share)


def remainder(left: Any, right: Any) -> int | None:
    """Return what is left over; it has the sign of the first number.

    >>> remainder(-7, 2)
    -1
    """
    if type(left) is not int or type(right) is not int or divided(left, right) is None:
        return None
    rest = abs(left) % abs(right)
    return -rest if left < 0 else rest


ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": added,
    "-": taken,
    "*": multiplied,
    "/": divided,
    "%": remainder,
}
