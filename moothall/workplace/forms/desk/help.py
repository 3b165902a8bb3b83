"""Asking for something from the catalogue, and looking for help."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django import forms

from moothall.look.widgets import Radios, Text
from moothall.servicedesk.models import CatalogueItem
from moothall.workplace.forms.desk.calls_new import CHANNELS, CallerForm

LONGEST = 10_000
_URGENCIES = [("yes", "Yes"), ("partly", "In part"), ("no", "No")]


class FindForm(forms.Form):
    say_optional = False

    q = forms.CharField(
        label="What is it about?",
        required=False,
        max_length=200,
        widget=Text(attrs={"type": "search", "autocomplete": "off", "data-search": ""}),
    )


class ColleagueForm(CallerForm):
    """For whom somebody asks, if not for themselves."""

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["q"].label = "Is it for somebody else? Find them first"


class AskForForm(forms.Form):
    """Something from the catalogue: what the team needs to know, how much it hurries, and who approves it.

    `other` says that it is for somebody else, `by_desk` that the desk logs it for them.
    """

    channel = forms.ChoiceField(
        label="How did it reach us?",
        choices=CHANNELS,
        widget=Radios(small=True, inline=True, choices=CHANNELS),
        error_messages={"required": "Choose how it reached us"},
    )
    detail = forms.CharField(
        label="What should we know to do it?",
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": "Answer this question"},
    )
    urgency = forms.ChoiceField(
        label="Can your work go on without it?",
        choices=_URGENCIES,
        widget=Radios(small=True, choices=_URGENCIES),
        error_messages={"required": "Choose whether your work can go on"},
    )
    approver = forms.TypedChoiceField(
        label="Who should approve it?", required=False, coerce=int, empty_value=None
    )
    submission = forms.CharField(widget=forms.HiddenInput, min_length=8, max_length=40)

    def __init__(
        self,
        data: Any = None,
        *,
        item: CatalogueItem,
        approvers: Sequence[tuple[int, str]],
        other: bool = False,
        by_desk: bool = False,
    ) -> None:
        begin = {"submission": uuid4().hex, "urgency": "yes", "channel": CHANNELS[0][0]}
        super().__init__(data, initial=begin)
        if not by_desk:
            del self.fields["channel"]
        if other:
            self.fields["urgency"].label = "Can their work go on without it?"
            self.fields["urgency"].error_messages["required"] = "Choose whether their work can go on"
        if item.ask:
            self.fields["detail"].label = item.ask
            self.fields["detail"].required = True
            self.fields["detail"].error_messages["required"] = f"Answer “{item.ask}”"
        if approvers:
            choice = self.fields["approver"]
            assert isinstance(choice, forms.ChoiceField)
            choice.choices = [("", "Whoever of them is there"), *approvers]
        else:
            del self.fields["approver"]
