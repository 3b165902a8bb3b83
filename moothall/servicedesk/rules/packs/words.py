"""Figures in words: each unit as people read it, and what became better or worse."""

from decimal import ROUND_HALF_UP, Decimal

NOTHING = "\u2013"
_PLACES = {
    "%": 1,
    "calls": 0,
    "actions": 0,
    "changes": 0,
    "breaks": 0,
    "working days": 0,
    "pounds": 2,
    "points": 0,
}
_TWO = 2
_AFTER = {
    "%": "%",
    "hours": " hours",
    "working days": " working days",
    "days": " days",
}


def rounded(unit: str, value: Decimal) -> Decimal:
    """Return a value as it is shown: so many places as its unit wants, halves away from nought."""
    places = _PLACES.get(unit, _TWO if unit in {"ratio", "per user", "of 5", "times"} else 1)
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def said(unit: str, value: Decimal | None) -> str:
    """Return a value in words.

    >>> said("%", Decimal("87.25")), said("calls", Decimal("1234")), said("points", Decimal("23.4"))
    ('87.3%', '1,234', '+23')
    >>> said("pounds", Decimal("1200.5")), said("hours", Decimal("3.44")), said("working days", Decimal(1))
    ('£1,200.50', '3.4 hours', '1 working day')
    """
    if value is None:
        return NOTHING
    number = rounded(unit, value)
    if unit == "pounds":
        return f"£{number:,}"
    if unit == "points":
        return f"{number:+,}" if number else "0"
    after = _AFTER.get(unit, "")
    return f"{number:,}{after.removesuffix('s') if number == 1 else after}"


def changed(unit: str, value: Decimal | None, before: Decimal | None) -> str:
    """Return how a value changed, in words.

    >>> changed("%", Decimal("87.3"), Decimal("85")), changed("calls", Decimal(8), Decimal(8))
    ('+2.3 points', 'no change')
    >>> changed("calls", Decimal(8), Decimal(10)), changed("calls", None, Decimal(10)) == NOTHING
    ('-2', True)
    """
    if value is None or before is None:
        return NOTHING
    step = rounded(unit, value) - rounded(unit, before)
    if not step:
        return "no change"
    return f"{step:+,}{' points' if unit == '%' else ''}"


def is_better(better: str, value: Decimal | None, before: Decimal | None) -> bool | None:
    """Say whether a change is one for the better; None where neither can be said."""
    if not better or value is None or before is None or value == before:
        return None
    return (value > before) == (better == "up")


def of_parts(kind: str, n: int, parts: dict[str, object]) -> str:
    """Return of how many a figure is, in words.

    >>> of_parts("share", 40, {"part": 34, "of": 40}), of_parts("nps", 12, {"low": -9.6, "high": 40.1})
    ('34 of 40', '12 answers, 95% interval -9.6 to 40.1')
    >>> of_parts("nps", 4, {}), of_parts("count", 4, {}), of_parts("median", 4, {})
    ('4 answers, too few to show', '', 'of 4')
    """
    if kind not in {"nps", "count"} and not n:
        return "of none"
    if kind in {"share", "ratio"}:
        return f"{_number(parts.get('part', 0))} of {_number(parts.get('of', n))}"
    if kind == "nps":
        interval = f"95% interval {parts.get('low')} to {parts.get('high')}" if parts else "too few to show"
        return f"{n:,} answer{'' if n == 1 else 's'}, {interval}"
    return "" if kind == "count" else f"of {n:,}"


def _number(value: object) -> str:
    return f"{value:,.0f}" if isinstance(value, int | float) else str(value)
