"""Saying that two records are one person or two, taking it back, and looking for more."""

from collections.abc import Sequence
from typing import Any

from django import forms

from moothall.look import dates
from moothall.look.widgets import Radios, Text
from moothall.persons.hooks import Thing
from moothall.persons.models import Record
from moothall.persons.queries.since import Came

WHY_LENGTH = 500
SAME, APART, UNSURE = "same", "apart", "unsure"


class QueueForm(forms.Form):
    """Narrows the list to pairs of which one record is at a council."""

    say_optional = False

    council = forms.TypedChoiceField(label="Council", required=False, coerce=int, empty_value=None)

    def __init__(self, data: Any, councils: Sequence[tuple[int, str]]) -> None:
        super().__init__(data)
        choice = self.fields["council"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [("", "All councils"), *councils]


class DecideForm(forms.Form):
    """Why somebody decided so. Which of the buttons was pressed is `act`."""

    say_optional = False

    why = forms.CharField(
        label="What did you find out?",
        help_text="For whoever looks at it later. It stays with the decision.",
        required=False,
        max_length=WHY_LENGTH,
        widget=forms.Textarea({"rows": 2}),
    )

    def clean(self) -> dict[str, Any]:
        """Ask whoever cannot tell what they found out: the next one goes on from there."""
        given: dict[str, Any] = super().clean() or {}
        if self.data.get("act") not in {SAME, APART, UNSURE}:
            self.add_error(None, "Choose one of the buttons")
        elif self.data["act"] == UNSURE and not given.get("why"):
            self.add_error("why", "Say what you looked at, so that the next person goes on from there")
        return given


class UndoForm(forms.Form):
    """Why a link is taken back, and where what came since belongs."""

    why = forms.CharField(
        label="Why was it wrong?",
        help_text="It stays in the history of both records.",
        max_length=WHY_LENGTH,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": "Say why it was wrong, for whoever reads the history later"},
    )
    apart = forms.BooleanField(
        label="They are two people: never join them again",
        required=False,
    )

    def __init__(self, data: Any, *, things: Sequence[Came], may_tell_apart: bool) -> None:
        super().__init__(data)
        self.things = things
        if not may_tell_apart:
            del self.fields["apart"]
        for each in things:
            choices = [(str(record.pk), told(record)) for record in each.choices]
            self.fields[field_of(each.thing)] = forms.ChoiceField(
                label=each.words,
                help_text=f"Came {dates.short(each.at)}, {each.council}",
                choices=choices,
                initial=str(each.suggested),
                widget=Radios(small=True, choices=choices),
                error_messages={"required": f"Choose whose “{each.words}” is"},
            )

    @property
    def places(self) -> dict[Thing, int]:
        """Return to which record each thing goes."""
        return {each.thing: int(self.cleaned_data[field_of(each.thing)]) for each in self.things}


class CompareForm(forms.Form):
    """Names another person who may be the same."""

    say_optional = False

    other = forms.CharField(
        label="Reference of the other person",
        help_text="For example PSN-7KQ4-M2XD",
        max_length=20,
        widget=Text(width=20, attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "Enter the reference of the other person"},
    )


def field_of(thing: Thing) -> str:
    """Return the name of the question where a thing belongs."""
    return f"place-{thing}"


def told(record: Record) -> str:
    """Return a record so that it can be told from others of like name."""
    born = f", born {dates.short(record.born)}" if record.born else ""
    return f"{record.name}{born} ({record.origin.reference})"


class CutoffsForm(forms.Form):
    """A council's two scores, in bits: each bit more doubles the odds."""

    link = forms.FloatField(
        label="Link by itself from this score on",
        help_text="In bits: 6 are odds of 64 to 1 that both are one person, 10 of 1,000 to 1.",
        widget=Text(width=5),
        error_messages={"required": "Enter a score, like 6", "invalid": "Enter a number, like 6 or 7.5"},
    )
    ask = forms.FloatField(
        label="Ask somebody from this score on",
        help_text="0 is even odds. Below it, they are taken for somebody new.",
        widget=Text(width=5),
        error_messages={"required": "Enter a score, like -1", "invalid": "Enter a number, like -1 or 0.5"},
    )
