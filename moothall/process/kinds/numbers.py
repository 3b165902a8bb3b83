"""Questions answered with a number: number, and money in whole pence."""

import re
from datetime import date
from typing import Any

from moothall.process.definition import Field
from moothall.process.kinds.kind import Kind, Wrong
from moothall.process.kinds.tidying import tidy

_WHOLE = re.compile(r"[-\u2212]?\d{1,12}", re.ASCII)
_MONEY = re.compile(r"(-|\u2212)?£?(-|\u2212)?(\d{1,12})(?:\.(\d{1,2}))?", re.ASCII)
_DIGITS = 40


def pounds(pence: int) -> str:
    """Return an amount as people write it.

    >>> pounds(125_050), pounds(-500)
    ('£1,250.50', '-£5')
    """
    whole, rest = divmod(abs(pence), 100)
    return f"{'-' if pence < 0 else ''}£{whole:,}" + (f".{rest:02}" if rest else "")


class NumberKind(Kind):
    """Whole numbers only."""

    name = "number"
    options = frozenset({"max", "min", "unit"})
    rules = "number"
    smallest, biggest = 0, 999_999_999_999
    example = "must be a whole number, like 12"

    def clean(self, field: Field, raw: Any, *, today: date) -> int | None:  # noqa: ARG002
        value = raw if isinstance(raw, int) and not isinstance(raw, bool) else self.read(field, raw)
        if value is None:
            return None
        least = field.min if isinstance(field.min, int) else self.smallest
        most = field.max if isinstance(field.max, int) else self.biggest
        if value < least:
            raise Wrong(f"“{field.name}” must be {self.written(least)} or more.")
        if value > most:
            raise Wrong(f"“{field.name}” must be {self.written(most)} or less.")
        return value

    def read(self, field: Field, raw: Any) -> int | None:
        text = tidy(raw, longest=_DIGITS, name=field.name).replace(",", "").replace(" ", "")
        if not text:
            return None
        if not _WHOLE.fullmatch(text):
            raise Wrong(f"“{field.name}” {self.example}.")
        return int(text.replace("\u2212", "-"))

    def written(self, value: int) -> str:
        return f"{value:,}"

    def words(self, field: Field, value: Any) -> str:
        return f"{self.written(value)} {field.unit}".strip()


class MoneyKind(NumberKind):
    name = "money"
    options = frozenset({"max", "min"})
    biggest = 99_999_999_999
    example = "must be an amount of money, like 12 or 12.50"

    def read(self, field: Field, raw: Any) -> int | None:
        text = tidy(raw, longest=_DIGITS, name=field.name).replace(",", "").replace(" ", "")
        if not text:
            return None
        amount = _MONEY.fullmatch(text)
        if amount is None or (amount[1] and amount[2]):
            raise Wrong(f"“{field.name}” {self.example}.")
        pence = int(amount[3]) * 100 + int((amount[4] or "0").ljust(2, "0"))
        return -pence if amount[1] or amount[2] else pence

    def written(self, value: int) -> str:
        return pounds(value)
