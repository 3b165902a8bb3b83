"""Which cases an X-ray is about, by address: councils, and the days between which they were opened."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms

from moothall.look.widgets import Checkboxes
from moothall.process.xray import Lens

MOST = timedelta(days=10 * 366)
_FIRST = date(2000, 1, 1)


class _Day(forms.DateInput):
    """A day as the browser's own calendar gives it."""

    input_type = "date"


def _day(label: str) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        widget=_Day(format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        error_messages={"invalid": f"{label} must be a day, like 27/3/2026"},
    )


class LensForm(forms.Form):
    """The last twelve months and every council, unless something else is chosen."""

    say_optional = False

    since = _day("Opened from")
    until = _day("Opened until")
    council = forms.MultipleChoiceField(label="Councils", required=False, widget=Checkboxes(small=True))

    def __init__(self, data: Any, councils: Sequence[tuple[str, str]], today: date) -> None:
        self._year = (_a_year_before(today), today)
        days = {"since": self._year[0].isoformat(), "until": today.isoformat()}
        given = data.copy()
        for name, day in days.items():
            given.setdefault(name, day)
        super().__init__(given)
        choice = self.fields["council"]
        assert isinstance(choice, forms.MultipleChoiceField)
        choice.choices = list(councils)
        if len(councils) < 2:  # noqa: PLR2004 - nothing to choose between
            del self.fields["council"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        since, until = given.get("since") or self._year[0], given.get("until") or self._year[1]
        if until < since:
            self.add_error("until", "Opened until must be the same day as Opened from, or later")
        elif since < _FIRST or until - since > MOST:
            self.add_error("since", "Choose at most ten years, from the year 2000 on")
        return given | {"since": since, "until": until}

    def lens(self, process: str, numbers: dict[str, int]) -> Lens:
        """Return what to look at; what cannot be read is as if it had not been chosen."""
        if not self.is_valid():
            return Lens(process, *self._year)
        given = self.cleaned_data
        chosen = frozenset(numbers[code] for code in given.get("council", ()))
        return Lens(process, given["since"], given["until"], chosen)


def _a_year_before(today: date) -> date:
    """Return the first day of the twelve months that end today.

    >>> _a_year_before(date(2026, 11, 22)), _a_year_before(date(2028, 2, 29))
    (datetime.date(2025, 11, 23), datetime.date(2027, 3, 1))
    """
    day = today + timedelta(days=1)
    return day.replace(year=day.year - 1, day=min(day.day, 28) if day.month == 2 else day.day)  # noqa: PLR2004
