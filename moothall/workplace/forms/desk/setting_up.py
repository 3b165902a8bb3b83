"""What forms that set up the desk have in common: choices filled in late, numbers, and a day with a time."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from moothall.look.widgets import Checkboxes
from moothall.plain.errors import HouseError, Invalid
from moothall.process.kinds.moments import time_of_day
from moothall.servicedesk.rules.on_call import at_london

Pairs = Sequence[tuple[str, Any]]


def choose(form: forms.Form, name: str, pairs: Pairs, nothing: str | None = None) -> None:
    """Fill in what a field lets choose; `nothing` is what stands for no choice."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = [*([("", nothing)] if nothing is not None else []), *pairs]


def one_of(label: str, *, required: bool = True, **facts: Any) -> forms.TypedChoiceField:
    """Return a field for one thing, known by its number."""
    messages = {"required": facts.pop("missing", "Choose one of them")}
    return forms.TypedChoiceField(
        label=label, required=required, coerce=int, empty_value=None, error_messages=messages, **facts
    )


def councils_field(help_text: str = "Leave all of them out, and it is for every council.") -> forms.Field:
    """Return a field for some councils, or all."""
    return forms.TypedMultipleChoiceField(
        label="For which councils?",
        required=False,
        coerce=int,
        widget=Checkboxes(small=True),
        help_text=help_text,
    )


def complain(form: forms.Form, error: HouseError, names: Sequence[tuple[str, str]] = ()) -> None:
    """Say at each question of a form what is wrong with its answer; `names` are fields that are called otherwise."""
    called = dict(names)
    fields = error.fields if isinstance(error, Invalid) else {}
    for key, sentences in (fields or {"": [f"{error.sentence} {error.advice}".strip()]}).items():
        name = called.get(key, key)
        for sentence in sentences:
            form.add_error(name if name in form.fields else None, sentence)


def moment(form: forms.Form, day: str, time: str) -> datetime | None:
    """Return the moment of a day and a time of day in London; says at the time what is wrong with it."""
    on, typed = form.cleaned_data.get(day), str(form.cleaned_data.get(time) or "")
    at = time_of_day(" ".join(typed.split()))
    if at is None and typed:
        form.add_error(time, ValidationError("Enter a time, like 9am or 17:30"))
    return at_london(on, at) if isinstance(on, date) and at is not None else None
