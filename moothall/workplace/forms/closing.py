"""Writing to whoever asked, and ending a case."""

from django import forms

from moothall.look.widgets import Radios
from moothall.process.actions.notes import NOTE_LENGTH
from moothall.process.rules import ENDINGS, TEXT_LENGTH


class WriteForm(forms.Form):
    text = forms.CharField(
        label="What do you want to tell them?",
        help_text="They can answer on the page of their request. It stays in the history.",
        max_length=NOTE_LENGTH,
        widget=forms.Textarea({"rows": 6}),
        error_messages={"required": "Write the message first"},
    )


class EndForm(forms.Form):
    expected = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    ending = forms.ChoiceField(
        label="Why does it end here?",
        choices=list(ENDINGS.items()),
        widget=Radios(choices=list(ENDINGS.items())),
        error_messages={"required": "Choose why the case ends"},
    )
    text = forms.CharField(
        label="What should whoever reads it later know?",
        help_text="For example, the reference of the other case. The person who asked reads it, too.",
        max_length=TEXT_LENGTH,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": "Say why, for whoever reads the case later"},
    )
