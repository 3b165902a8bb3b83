"""Deciding a step, passing it on, writing a note, adding a file."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from moothall.look.widgets import Radios, Text
from moothall.process.actions.notes import NOTE_LENGTH
from moothall.process.files.names import DOCUMENTS
from moothall.process.forms import OutcomeForm
from moothall.process.kinds.uploads import FileKind
from moothall.process.queries.people import Receiver
from moothall.process.rules import TEXT_LENGTH
from moothall.workplace.queries.waiting import Need


class DecideForm(OutcomeForm):
    """How a step turns out, drawn small: staff work through many of these pages."""

    small = True


_VOTES = [("for", "For"), ("against", "Against"), ("abstain", "Abstain")]


class VoteForm(forms.Form):
    """One's vote, and why; it may be changed until the vote is decided."""

    say_optional = False

    expected = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2**53)
    choice = forms.ChoiceField(
        label="How do you vote?",
        choices=_VOTES,
        error_messages={"required": "Choose how you vote"},
    )
    text = forms.CharField(required=False, max_length=TEXT_LENGTH, widget=forms.Textarea({"rows": 3}))

    def __init__(self, data: Any = None, *, passes: str, fails: str, ask: str, **more: Any) -> None:
        super().__init__(data, **more)
        choice = self.fields["choice"]
        assert isinstance(choice, forms.ChoiceField)
        hints = {
            "for": f"“{passes}”",
            "against": f"“{fails}”",
            "abstain": "Counts as having voted, for neither",
        }
        choice.widget = Radios(small=True, hints=hints, choices=_VOTES)
        choice.widget.is_required = False
        self.fields["text"].label = ask or "Why?"
        needed = "Needed if you vote against. " if ask else "You need not say why. "
        self.fields["text"].help_text = f"{needed}It stands in the history with your name."
        self.fields["text"].error_messages["max_length"] = (
            f"What you write must be {TEXT_LENGTH:,} characters or fewer"
        )


@dataclass(frozen=True, slots=True)
class WaiveBox:
    """The sentence of a need, the box for the reason to go on without it, and whether something is in the box."""

    say: str
    box: BoundField
    written: bool


class WaiveForm(forms.Form):
    """Why a step may be finished although a need is not met: a box for each that the viewer may go on without."""

    say_optional = False

    def __init__(self, data: Any = None, *, needs: Sequence[Need], **more: Any) -> None:
        super().__init__(data, **more)
        self.says = {f"waive_{each.index}": each.say for each in needs}
        self._shown = {f"waive_{each.index}" for each in needs if each.early}
        for each in needs:
            self.fields[f"waive_{each.index}"] = forms.CharField(
                label="Why may it go on all the same?",
                help_text="Your reason stands in the history with your name.",
                required=False,
                max_length=TEXT_LENGTH,
                widget=forms.Textarea({"rows": 3}),
            )

    def show(self, reasons: Collection[str]) -> None:
        """Show the boxes of needs that were refused."""
        self._shown |= {name for name, say in self.says.items() if say in reasons}

    @property
    def boxes(self) -> list[WaiveBox]:
        """The boxes that are to be seen."""
        found = []
        for name, say in self.says.items():
            written = bool(str(self[name].value() or "").strip())
            if name in self._shown or written or self[name].errors:
                found.append(WaiveBox(say, self[name], written or bool(self[name].errors)))
        return found

    def waived(self) -> dict[int, str]:
        """Return the reasons that were given, by the number of the need."""
        given = {name: str(self.cleaned_data.get(name) or "").strip() for name in self.fields}
        return {int(name.removeprefix("waive_")): text for name, text in given.items() if text}


class LinkForm(forms.Form):
    """Another case that belongs to this one."""

    other = forms.CharField(
        label="Reference of the other case",
        max_length=40,
        widget=Text(width=20, attrs={"spellcheck": "false", "autocomplete": "off"}),
        error_messages={"required": "Enter the reference of the other case"},
    )
    kind = forms.ChoiceField(
        label="How do they belong together?",
        choices=[("related", "They are related"), ("duplicate", "They are about the same thing")],
        initial="related",
        widget=Radios(
            small=True, choices=[("related", "They are related"), ("duplicate", "They are about the same")]
        ),
        error_messages={"required": "Choose how they belong together"},
    )


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
