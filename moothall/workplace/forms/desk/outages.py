"""Recording what is away, for whom, and what users read of it; and work that is planned."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from moothall.look.fields import DateField
from moothall.look.widgets import Text
from moothall.process.kinds.moments import time_of_day
from moothall.servicedesk.rules.outages import PUBLIC_LENGTH
from moothall.workplace.forms.desk.majors import MomentField

Choices = Sequence[tuple[str, str]]
_TIME = Text(width=5, attrs={"autocomplete": "off", "spellcheck": "false"})


class OutageForm(forms.Form):
    """A system that is away at a council."""

    council = forms.ChoiceField(label="At which council?")
    item = forms.ChoiceField(
        label="Which system?", error_messages={"required": "Choose a system from the list."}
    )
    started_at = MomentField(label="Since when?", help_text="Like 9:30am", required=False)
    users = forms.IntegerField(
        label="How many people are hit?",
        help_text="Leave it empty for as many as use it there",
        required=False,
        min_value=0,
        widget=Text(width=5, attrs={"inputmode": "numeric"}),
    )
    degraded = forms.BooleanField(label="It works, but badly", required=False)
    public = forms.CharField(
        label="What do users read?",
        help_text="They see it before they report a fault",
        required=False,
        max_length=PUBLIC_LENGTH,
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, data: Any = None, *, councils: Choices, items: Choices, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        for name, choices in (("council", councils), ("item", [("", "Choose"), *items])):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = list(choices)

    @property
    def told(self) -> dict[str, Any]:
        """What was said, as the desk takes it."""
        given = self.cleaned_data
        return {
            "council_id": int(given["council"]),
            "item_id": int(given["item"]),
            **{name: given[name] for name in ("started_at", "users", "degraded", "public")},
        }


class SayForm(forms.Form):
    """What users read of an outage, and how many it hits."""

    users = forms.IntegerField(
        label="How many people are hit?",
        min_value=0,
        widget=Text(width=5, attrs={"inputmode": "numeric"}),
        error_messages={"required": "Enter how many people are hit, as a whole number."},
    )
    public = forms.CharField(
        label="What do users read?",
        required=False,
        max_length=PUBLIC_LENGTH,
        widget=forms.Textarea({"rows": 3}),
    )


class PlanForm(OutageForm):
    """Work that a council has agreed to, from when to when."""

    started_at = None  # type: ignore[assignment]
    users = None  # type: ignore[assignment]
    degraded = None  # type: ignore[assignment]
    day = DateField(label="On which day?", what="The day")
    begins = forms.CharField(label="From", help_text="Like 6pm", max_length=10, widget=_TIME)
    ends = forms.CharField(
        label="Until", help_text="Past midnight, it ends the day after", max_length=10, widget=_TIME
    )
    reason = forms.CharField(
        label="What is done in that time?",
        max_length=200,
        widget=Text(),
        error_messages={"required": "Enter what is done in that time."},
    )
    field_order = ("council", "item", "day", "begins", "ends", "reason", "public")

    def clean_begins(self) -> time:
        return _time(self.cleaned_data["begins"])

    def clean_ends(self) -> time:
        return _time(self.cleaned_data["ends"])

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """When it begins and when it ends."""
        given = self.cleaned_data
        begins = datetime.combine(given["day"], given["begins"])
        ends = datetime.combine(given["day"], given["ends"])
        if ends <= begins:
            ends += timedelta(days=1)
        return timezone.make_aware(begins), timezone.make_aware(ends)


def _time(text: str) -> time:
    found = time_of_day(text.strip())
    if found is None:
        raise ValidationError("Enter a time, like 6pm or 18:00")
    return found
