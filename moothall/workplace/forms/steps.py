"""Deciding a step, passing it on, writing a note, adding a file."""

from collections.abc import Sequence
from typing import Any

from django import forms

from moothall.process.actions.notes import NOTE_LENGTH
from moothall.process.files.names import DOCUMENTS
from moothall.process.forms import OutcomeForm
from moothall.process.kinds.uploads import FileKind
from moothall.process.queries.people import Receiver
from moothall.process.rules import TEXT_LENGTH


class DecideForm(OutcomeForm):
    """How a step turns out, drawn small: staff work through many of these pages."""

    small = True


class PassOnForm(forms.Form):
    """To a team, or to a person of one."""

    expected = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    to = forms.ChoiceField(
        label="Who should do it?",
        error_messages={"required": "Choose a team or a person"},
        widget=forms.Select,
    )
    why = forms.CharField(
        label="Why do you pass it on?",
        help_text="They read this first, and it stays in the history.",
        max_length=TEXT_LENGTH,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": "Say why you pass it on, so that they know what to do"},
    )

    def __init__(self, data: Any = None, *, receivers: Sequence[Receiver], **more: Any) -> None:
        super().__init__(data, **more)
        choice = self.fields["to"]
        assert isinstance(choice, forms.ChoiceField)
        groups: list[Any] = [("", "Choose a team or a person")]
        for each in receivers:
            people = [(f"{each.team_id}:{number}", name) for number, name in each.people]
            groups.append((each.team, [(f"{each.team_id}:", f"{each.team}: anyone"), *people]))
        choice.choices = groups

    def receiver(self) -> tuple[int, int | None]:
        """Return the team and, if one was named, the person."""
        team, _, person = self.cleaned_data["to"].partition(":")
        return int(team), int(person) if person else None


class NoteForm(forms.Form):
    text = forms.CharField(
        label="Add a note",
        help_text="Staff read it; the person who asked does not.",
        max_length=NOTE_LENGTH,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": "Write the note first"},
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["text"].widget.attrs.pop("maxlength", None)  # a counter of ten thousand helps nobody


class FileForm(forms.Form):
    file = forms.FileField(
        label="Add a file",
        help_text=f"{DOCUMENTS}.",
        widget=forms.FileInput({"accept": FileKind.accept}),
        error_messages={"required": "Choose a file first"},
    )
