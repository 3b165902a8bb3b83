"""What people ask under data protection law, and what is decided about records: restricted, held, kept, erased."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms

from moothall.look.fields import DateField
from moothall.look.widgets import Radios
from moothall.persons.models import Fact
from moothall.persons.rules.facts import Kind
from moothall.persons.rules.rights import ERASING, RESTRICTING, RIGHTS
from moothall.workplace.forms.facts import FactForm

CHANNELS = {
    "phone": "Phone",
    "email": "Email",
    "letter": "Letter",
    "in-person": "Face to face",
    "web": "Website",
    "social": "Social media",
}
_NO_NAMES = "Leave out names and other personal details: this stays when the record is gone."
_LAST_DAY = "The day"


def _radios(label: str, choices: Mapping[str, str], missing: str) -> forms.ChoiceField:
    pairs = list(choices.items())
    field = forms.ChoiceField(label=label, choices=pairs, error_messages={"required": missing})
    field.widget = Radios(small=True, choices=pairs)
    return field


def _words(label: str, hint: str, missing: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=500,
        required=bool(missing),
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": missing},
    )


class AskForm(forms.Form):
    """What somebody asks for under data protection law."""

    right = _radios("What do they ask for?", RIGHTS, "Choose what they ask for")
    how = _radios("How did it reach us?", CHANNELS, "Choose how it reached us")
    came_on = DateField(
        label="On which day did it come?",
        what="The day on which it came",
        help_text="The month counts from this day, wherever in the council it came in.",
        error_messages={"required": "Enter the day on which it came"},
    )
    wording = forms.CharField(
        label="What did they ask for, in their words?",
        help_text="Say which services it is about. Leave out what the register knows already.",
        max_length=4000,
        required=False,
        widget=forms.Textarea({"rows": 4}),
    )

    def __init__(self, data: Any = None, *, today: date) -> None:
        super().__init__(data)
        self.today = today

    def clean_came_on(self) -> date:
        """Refuse a day that is still to come."""
        day: date = self.cleaned_data["came_on"]
        if day > self.today:
            raise forms.ValidationError("The day on which it came must be today or in the past")
        return day


class RestrictForm(forms.Form):
    """Why the use of a record is restricted."""

    ground = _radios("Why is its use restricted?", RESTRICTING, "Choose the ground for the restriction")
    why = _words("What should colleagues know?", "They read it wherever the record is shown.")


class HoldForm(forms.Form):
    """Why a record must not be destroyed."""

    why = _words(
        "Why must it not be destroyed?",
        f"For example, a claim or an inquiry, with its reference. {_NO_NAMES}",
        "Say why it must not be destroyed",
    )


class KeepForm(forms.Form):
    """Until when a record is kept that is due, and why."""

    until = DateField(
        label="Until when is it kept?",
        what=_LAST_DAY,
        error_messages={"required": "Enter until when it is kept"},
    )
    why = _words("Why is it kept longer?", _NO_NAMES, "Say why it is kept longer")


class EraseForm(forms.Form):
    """On which ground a record is erased, and for which request."""

    ground = _radios(
        "On which ground is it erased?",
        {key: words for key, words in ERASING.items() if key != "retention"},
        "Choose the ground on which it is erased",
    )
    why = _words("What should whoever reads the certificate know?", _NO_NAMES)
    sure = forms.BooleanField(
        label="I have checked that this is the right record. It cannot be brought back.",
        error_messages={"required": "Confirm that this is the right record"},
    )

    def __init__(self, data: Any = None, *, requests: Sequence[tuple[str, str]]) -> None:
        super().__init__(data)
        if requests:
            choices = dict([*requests, ("none", "None: the council does so by itself")])
            self.fields["case"] = _radios("Which request is it for?", choices, "Choose the request, or none")
            self.order_fields(["case", "ground", "why", "sure"])

    @property
    def case_id(self) -> int | None:
        chosen = str(self.cleaned_data.get("case", "none"))
        return None if chosen == "none" else int(chosen)


class ProposeForm(forms.Form):
    """What the second person should know."""

    why = _words("What should whoever confirms it know?", _NO_NAMES)


class RectifyForm(FactForm):
    """What is right, in the place of what the person says is wrong."""

    def __init__(
        self, data: Any = None, *, kind: Kind, teams: Sequence[tuple[str, str]], today: date, held: Fact
    ) -> None:
        super().__init__(data, kind=kind, records=(), teams=teams, today=today, held=held)
        del self.fields["source"]
        self.fields["why"].label = "What was wrong?"
        self.fields["why"].help_text = "It stays in the history, beside the value that was wrong."
