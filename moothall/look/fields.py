"""Form fields that Django lacks."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from moothall.look.widgets import MONTHS, PARTS, DateParts


class DateField(forms.Field):
    """A date typed into three boxes. `what` names it in the refusals: “Date of birth must include a year”."""

    widget = DateParts

    def __init__(self, *, what: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.what = what

    @property
    def _name(self) -> str:
        return self.what or (str(self.label) if self.label and "?" not in str(self.label) else "The date")

    def to_python(self, value: Any) -> dt.date | None:
        if isinstance(value, dt.date):
            return value
        typed = DateParts.typed(value)
        if not any(typed):
            return None
        if missing := [part for part, text in zip(PARTS, typed, strict=True) if not text]:
            raise ValidationError(f"{self._name} must include a {' and '.join(missing)}", code="incomplete")
        day, month, year = typed
        if not (year.isascii() and year.isdigit() and len(year) == 4):  # noqa: PLR2004
            raise ValidationError("Year must include 4 numbers", code="year")
        try:
            return dt.date(int(year), MONTHS.get(month[:3].lower()) or int(month), int(day))
        except ValueError:
            raise ValidationError(f"{self._name} must be a real date", code="invalid") from None

    def has_changed(self, initial: Any, data: Any) -> bool:
        return DateParts.typed(initial) != DateParts.typed(data)
