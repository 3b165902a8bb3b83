"""Deciding a step, passing it on, writing a note, adding a file."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from moothall.look.widgets import Radios
from moothall.process.actions.notes import NOTE_LENGTH
from moothall.process.definition import Outcome
from moothall.process.files.names import DOCUMENTS
from moothall.process.queries.people import Receiver

_TEXT = 2_000


class DecideForm(forms.Form):
    """How a step turns out. With one way only, the button says it."""

    expected = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    outcome = forms.ChoiceField(label="What happens next?", required=False)
    text = forms.CharField(required=False, max_length=_TEXT, widget=forms.Textarea({"rows": 3}))

    def __init__(self, data: Any = None, *, outcomes: Sequence[Outcome], **more: Any) -> None:
        super().__init__(data, **more)
        self.only = outcomes[0] if len(outcomes) == 1 else None
        if self.only is not None:
            del self.fields["outcome"]
        else:
            choice = self.fields["outcome"]
            assert isinstance(choice, forms.ChoiceField)
            choice.choices = [(each.key, each.title) for each in outcomes]
            choice.widget = Radios(small=True, choices=choice.choices)
            choice.required, choice.widget.is_required = True, False
            choice.error_messages["required"] = "Choose what happens next"
        self._ask_why([each for each in outcomes if each.need_text])

    def hint(self, closed: Mapping[str, str]) -> None:
        """Say beside each outcome that is closed so far what is in its way."""
        if self.only is None:
            widget = self.fields["outcome"].widget
            assert isinstance(widget, Radios)
            widget.hints = closed

    def _ask_why(self, needing: list[Outcome]) -> None:
        """Put the question for the words that an outcome needs; without such an outcome there is no such question."""
        if not needing:
            del self.fields["text"]
            return
        field = self.fields["text"]
        if len(needing) == 1:
            field.label = needing[0].need_text
            field.help_text = "" if self.only else f"Needed for “{needing[0].title}”."
        else:
            field.label = "Why?"
            field.help_text = " ".join(f"For “{each.title}”: {each.need_text}" for each in needing)
        field.required = self.only is not None
        field.widget.is_required = False
        if self.only is not None:
            field.error_messages["required"] = needing[0].need_text

    say_optional = False

    @property
    def button(self) -> str:
        return self.only.title if self.only is not None else "Save and go on"

    def decided(self) -> tuple[int | None, str, str]:
        """Return the event the person saw last, the outcome chosen, and the words."""
        given = self.cleaned_data
        outcome = self.only.key if self.only is not None else given.get("outcome", "")
        return given.get("expected"), outcome, given.get("text", "")


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
        max_length=_TEXT,
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
        label="Add a file", help_text=f"{DOCUMENTS}.", error_messages={"required": "Choose a file first"}
    )
