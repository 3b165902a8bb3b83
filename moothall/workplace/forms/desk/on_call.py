"""Shifts, swaps, and rotas made from a pattern."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from moothall.look import dates
from moothall.look.fields import DateField
from moothall.look.widgets import Phone, Text
from moothall.servicedesk.rules import on_call as rules
from moothall.workplace.forms.desk.setting_up import Pairs, choose, moment, one_of

_MOST_TURNS = 12
_TIME = Text(width=10, attrs={"autocomplete": "off"})


class ShiftForm(forms.Form):
    """Who is on call, from when to when."""

    staff = one_of("Who is on call?", missing="Choose who is on call")
    second = one_of("Who is called if they do not answer?", required=False)
    phone = forms.CharField(label="On which number?", required=False, max_length=40, widget=Phone())
    first_day = DateField(
        label="From which day?", what="The first day", error_messages={"required": "Enter the first day"}
    )
    starts = forms.CharField(
        label="From what time?",
        help_text="For example, 9am or 17:30.",
        max_length=20,
        widget=_TIME,
        error_messages={"required": "Enter a time, like 9am or 17:30"},
    )
    last_day = DateField(
        label="To which day?", what="The last day", error_messages={"required": "Enter the last day"}
    )
    ends = forms.CharField(
        label="To what time?",
        max_length=20,
        widget=Text(width=10, attrs={"autocomplete": "off"}),
        error_messages={"required": "Enter a time, like 9am or 17:30"},
    )

    def __init__(self, data: Any = None, *, people: Pairs, begin: dict[str, Any]) -> None:
        super().__init__(data, initial=begin)
        choose(self, "staff", people, "Choose somebody")
        choose(self, "second", people, "Nobody")

    def clean(self) -> dict[str, Any]:
        """Put days and times together."""
        given = super().clean() or {}
        given["starts_at"] = moment(self, "first_day", "starts")
        given["ends_at"] = moment(self, "last_day", "ends")
        return given


class SwapForm(forms.Form):
    other = one_of("Which shift do they swap with?", missing="Choose a shift")

    def __init__(self, data: Any = None, *, shifts: Pairs) -> None:
        super().__init__(data)
        choose(self, "other", shifts, "Choose a shift")


class RotaForm(forms.Form):
    """People in turn, a week each."""

    first = DateField(
        label="From which week?",
        what="The first week",
        help_text="Any day of it. Weeks are handed over on Mondays at 9am.",
        error_messages={"required": "Enter a day of the first week"},
    )
    weeks = forms.IntegerField(
        label="For how many weeks?",
        min_value=1,
        max_value=rules.MOST_WEEKS,
        widget=Text(width=3, attrs={"inputmode": "numeric"}),
        error_messages={
            "required": "Enter a number of weeks",
            "invalid": f"Enter a number of weeks from 1 to {rules.MOST_WEEKS}",
            "min_value": f"Enter a number of weeks from 1 to {rules.MOST_WEEKS}",
            "max_value": f"Enter a number of weeks from 1 to {rules.MOST_WEEKS}",
        },
    )
    phone = forms.CharField(
        label="On which number?",
        help_text="The number of the rota, if it has one of its own.",
        required=False,
        max_length=40,
        widget=Phone(),
    )

    def __init__(self, data: Any = None, *, people: Pairs, begin: dict[str, Any]) -> None:
        super().__init__(data, initial=begin)
        self.turns = [f"turn_{number}" for number in range(1, min(len(people), _MOST_TURNS) + 1)]
        for number, name in enumerate(self.turns, start=1):
            self.fields[name] = one_of(
                _TURN.format(number=number), required=number == 1, missing="Choose somebody"
            )
            choose(self, name, people, "Nobody more" if number > 1 else "Choose somebody")

    def clean(self) -> dict[str, Any]:
        """Return the people in their order; each of them once."""
        given = super().clean() or {}
        order = [given[name] for name in self.turns if given.get(name) is not None]
        if len(set(order)) < len(order):
            last = next(name for name in reversed(self.turns) if order.count(given.get(name) or 0) > 1)
            self.add_error(last, ValidationError("Choose each person once"))
        given["order"] = order
        return given


_TURN = "Turn {number}"


def week_of(text: str, now: datetime) -> date:
    """Return the day whose week an address asks for; this week if it asks for none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return now.astimezone(dates.LONDON).date()
