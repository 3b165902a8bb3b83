"""Forms about changes: raising one, and a time in which nothing may be changed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from django import forms

from moothall.look.dates import LONDON
from moothall.look.fields import DateField
from moothall.look.widgets import Checkboxes, Radios, Text
from moothall.servicedesk.actions.changes import Asked
from moothall.servicedesk.models import Change
from moothall.workplace.forms.desk.setting_up import Pairs, choose, moment, one_of

_YES_NO = (("yes", "Yes"), ("no", "No"))
_LONGEST = 4_000


def yes_no(label: str, missing: str) -> forms.TypedChoiceField:
    """Return a question that is answered with yes or no."""
    return forms.TypedChoiceField(
        label=label,
        choices=_YES_NO,
        coerce=lambda value: value == "yes",
        widget=Radios(inline=True, small=True),
        error_messages={"required": missing},
    )


def paragraph(label: str, missing: str = "", rows: int = 4, help_text: str = "") -> forms.CharField:
    """Return a question that is answered in several lines."""
    return forms.CharField(
        label=label,
        required=bool(missing),
        help_text=help_text,
        max_length=_LONGEST,
        widget=forms.Textarea({"rows": rows}),
        error_messages={"required": missing},
    )


class WindowForm(forms.Form):
    """A time with a beginning and an end, each a day and a time of day in London."""

    start_day = DateField(
        label="Day", what="Day", error_messages={"required": "Enter the day on which it begins"}
    )
    start_time = forms.CharField(
        label="From",
        help_text="For example, 9pm or 21:00.",
        max_length=20,
        widget=Text(width=10, attrs={"autocomplete": "off"}),
        error_messages={"required": "Enter the time at which it begins"},
    )
    end_day = DateField(
        label="Last day", what="Last day", required=False, help_text="Leave it out if it ends the same day."
    )
    end_time = forms.CharField(
        label="Until",
        max_length=20,
        widget=Text(width=10, attrs={"autocomplete": "off"}),
        error_messages={"required": "Enter the time at which it ends"},
    )

    WINDOW = ("start_day", "start_time", "end_day", "end_time")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        given["end_day"] = given.get("end_day") or given.get("start_day")
        self.cleaned_data["end_day"] = given["end_day"]
        given["starts_at"] = moment(self, "start_day", "start_time")
        given["ends_at"] = moment(self, "end_day", "end_time")
        return given


class ChangeForm(WindowForm):
    """A change as its author asks for it. Its risk is not asked: it follows from the systems and four answers."""

    council = one_of("For which council is it?", missing="Choose a council")
    kind = forms.ChoiceField(
        label="What kind of change is it?",
        choices=Change.Type.choices,
        widget=Radios(
            small=True,
            hints={
                "standard": "Done often and always in the same way. It was approved once for all times.",
                "normal": "The councils that it touches vote on it. Raise it 5 days before.",
                "emergency": "It cannot wait. Two of the emergency board approve it, and the board afterwards.",
            },
        ),
        error_messages={"required": "Choose what kind of change it is"},
    )
    what = forms.CharField(
        label="What will change?", max_length=200, error_messages={"required": "Enter what will change"}
    )
    reason = paragraph("Why is it needed?", "Enter why it is needed", 3)
    items = forms.MultipleChoiceField(
        label="Which systems does it touch?",
        help_text="Only what is changed itself. Who is touched by that follows from what stands on it.",
        error_messages={"required": "Choose at least one system"},
        widget=Checkboxes(small=True),
    )
    plan = paragraph("How is it made?", "Enter how it is made", 5)
    tests = paragraph("How will you see that it works?", "Enter how you will see that it works", 3)
    backout = paragraph("How will you undo it?", "Enter how you will undo it, or why that is not possible", 3)
    rollback_tested = yes_no("Has the way back been tested?", "Choose whether the way back has been tested")
    done_before = yes_no("Has this been done here before?", "Choose whether it has been done before")
    in_hours = yes_no("Is it made while people work?", "Choose whether it is made while people work")
    service_away = yes_no("Is a service away meanwhile?", "Choose whether a service is away meanwhile")
    second = one_of(
        "Who is the second technical resource?",
        required=False,
        help_text="They verify it. If it is complex, they also attend while somebody else makes it.",
    )
    freeze_reason = paragraph(
        "If a council wants nothing changed then: why can it not wait?",
        help_text="Only for an emergency. The board reads it.",
        rows=2,
    )
    known = forms.BooleanField(required=False, label="I have read this, and the window stays", initial=False)
    submission = forms.CharField(widget=forms.HiddenInput, min_length=8, max_length=60)

    ORDER = ("council", "kind", "what", "reason", "items", "plan", "tests", "backout")

    def __init__(
        self, data: Any, *, councils: Pairs, items: Pairs, people: Pairs, begin: Mapping[str, Any]
    ) -> None:
        super().__init__(data, initial={"submission": uuid4().hex} | dict(begin))
        choose(self, "council", councils)
        choose(self, "items", items)
        choose(self, "second", people, "Nobody")
        self.order_fields([*self.ORDER, *self.WINDOW])
        if len(councils) == 1:
            self.fields["council"].widget = forms.HiddenInput()
            self.initial["council"] = councils[0][0]

    @property
    def asked(self) -> Asked:
        """What was filled in, as it is raised."""
        given = self.cleaned_data
        names = (
            "what",
            "reason",
            "kind",
            "items",
            "plan",
            "tests",
            "backout",
            "rollback_tested",
            "done_before",
        )
        more = ("in_hours", "service_away", "starts_at", "ends_at", "freeze_reason")
        return Asked(second_id=given["second"], **{name: given[name] for name in (*names, *more)})


class RetrospectiveForm(ChangeForm):
    """A change that was made already: what was seen is known, and why it counts as one is said as well."""

    why = paragraph("Why is it approved afterwards, and not before?", "Say why", 2)

    def __init__(self, data: Any, **facts: Any) -> None:
        super().__init__(data, **facts)
        for name in ("kind", "second", "freeze_reason", "known"):
            del self.fields[name]

    @property
    def asked(self) -> Asked:
        self.cleaned_data |= {"kind": Change.Type.EMERGENCY.value, "second": None, "freeze_reason": ""}
        return super().asked


class FreezeForm(WindowForm):
    """A time in which a council wants nothing changed."""

    council = one_of("Which council is it?", missing="Choose a council")
    reason = forms.CharField(
        label="Why?",
        help_text="For whoever plans a change, like: elections to the council.",
        max_length=150,
        error_messages={"required": "Enter why nothing may be changed"},
    )

    def __init__(self, data: Any, *, councils: Pairs) -> None:
        super().__init__(data)
        choose(self, "council", councils, "Choose a council")
        self.order_fields(["council", "reason", *self.WINDOW])


def of_window(starts_at: datetime, ends_at: datetime) -> dict[str, Any]:
    """Return a window as its form begins."""
    start, end = starts_at.astimezone(LONDON), ends_at.astimezone(LONDON)
    return {
        "start_day": start.date(),
        "start_time": f"{start:%H:%M}",
        "end_day": end.date(),
        "end_time": f"{end:%H:%M}",
    }
