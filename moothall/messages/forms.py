"""Writing to a council, in the demonstration: what a mail program would ask."""

from typing import Any

from django import forms

from moothall.councils.models import Council


class WriteForm(forms.Form):
    """A letter from somebody, to the mailbox of a council."""

    council = forms.ChoiceField(label="To")
    name = forms.CharField(label="Your name", max_length=150, required=False)
    sender = forms.EmailField(
        label="Your email address",
        max_length=254,
        help_text="Anything like ada@example.org. Nothing is sent.",
    )
    subject = forms.CharField(label="Subject", max_length=200, required=False)
    text = forms.CharField(label="Your letter", max_length=20_000, widget=forms.Textarea(attrs={"rows": 10}))
    answers = forms.CharField(max_length=250, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, councils: list[Council], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["council"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(each.code, each.name) for each in councils]
