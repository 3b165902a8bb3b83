"""What is asked before something is done to several calls at once."""

from collections.abc import Sequence
from typing import Any

from django import forms

from moothall.look.widgets import Radios, Text
from moothall.process.queries.people import Receiver
from moothall.workplace.forms.desk.calls_acts import WHY, AssignForm

Likely = Sequence[tuple[str, str]]


class TogetherForm(forms.Form):
    """An act that needs nothing but that somebody is sure."""


class AssignTogetherForm(AssignForm):
    """To whom all of them go."""

    def __init__(self, data: Any = None, *, receivers: Sequence[Receiver]) -> None:
        super().__init__(data, receivers=receivers)
        del self.fields["expected"]


class IntoForm(forms.Form):
    """The call that stays, or that the others are put under: one of those selected, or any by its reference."""

    into = forms.ChoiceField(label="Which call goes on?", required=False)
    other = forms.CharField(
        label="Or the reference of another call",
        required=False,
        max_length=40,
        widget=Text(width=20, attrs={"spellcheck": "false", "autocomplete": "off"}),
    )
    say_optional = False

    def __init__(self, data: Any = None, *, likely: Likely) -> None:
        super().__init__(data)
        field = self.fields["into"]
        assert isinstance(field, forms.ChoiceField)
        field.widget = Radios(small=True)
        field.choices = list(likely)

    def clean(self) -> dict[str, Any]:
        """Miss the call that goes on if none was chosen or entered."""
        given = super().clean() or {}
        if not given.get("other") and not given.get("into"):
            self.add_error("other", "Choose the call that goes on, or enter its reference")
        return given

    @property
    def reference(self) -> str:
        """The call that goes on."""
        return str(self.cleaned_data.get("other") or self.cleaned_data.get("into") or "")


class MergeTogetherForm(IntoForm):
    why = forms.CharField(
        label="Why are they the same?",
        help_text="It stands in each history with your name.",
        max_length=WHY,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": "Say why they are the same"},
    )


class UnderTogetherForm(IntoForm):
    """The call that the others are put under."""
