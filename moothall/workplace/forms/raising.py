"""Who asks, and how they reached us, when staff raise a request for them."""

from typing import Any

from django import forms

from moothall.look.widgets import Phone, Radios, Text
from moothall.process.definition import Contact
from moothall.requests.models import Channel, Prefers


class ContactForm(forms.Form):
    """How the person can be reached. What must be there is checked by the requests room, for every door alike."""

    channel = forms.ChoiceField(
        label="How did they reach us?",
        choices=[(value, label) for value, label in Channel.choices if value != Channel.WEB],
        widget=Radios(inline=True, small=True),
        error_messages={"required": "Choose how they reached us"},
    )
    name = forms.CharField(label="Full name", required=False, max_length=100)
    prefers = forms.ChoiceField(
        label="How should we contact them?", required=False, widget=Radios(inline=True, small=True)
    )
    email = forms.CharField(
        label="Email address",
        required=False,
        max_length=254,
        widget=forms.EmailInput({"spellcheck": "false"}),
    )
    phone = forms.CharField(label="Phone number", required=False, max_length=30, widget=Phone())
    submission = forms.CharField(widget=forms.HiddenInput, min_length=8, max_length=40)

    def __init__(self, data: Any = None, *, needed: Contact, **more: Any) -> None:
        super().__init__(data, **more)
        self.fields["name"].widget = Text(width=30)
        prefers = self.fields["prefers"]
        assert isinstance(prefers, forms.ChoiceField)
        prefers.choices = list(Prefers.choices)
        prefers.widget = Radios(inline=True, small=True, choices=prefers.choices)
        if needed == "required":
            for name in ("name", "prefers"):
                self.fields[name].required = True
                self.fields[name].widget.is_required = False
            self.fields["name"].error_messages["required"] = "Enter their full name"
            prefers.error_messages["required"] = "Select how we should contact them"

    def given(self) -> dict[str, str]:
        """Return the contact details as the requests room takes them."""
        return {key: self.cleaned_data[key] for key in ("name", "email", "phone", "prefers")}
