"""What is asked before something is done to a call: one short form for each act."""

from collections.abc import Sequence
from typing import Any

from django import forms

from moothall.look.widgets import Radios, Text
from moothall.process.queries.people import Receiver

LONGEST = 10_000
WHY = 300
Pairs = Sequence[tuple[str, str]]
_TEAM, _PERSON = "team:", "person:"


def _words(
    label: str, missing: str, *, rows: int = 6, needed: bool = True, hint: str = ""
) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        required=needed,
        max_length=LONGEST,
        widget=forms.Textarea({"rows": rows}),
        error_messages={"required": missing, "max_length": f"Use {LONGEST:,} characters or fewer"},
    )


def _why(label: str = "Why?", *, missing: str = "Say why", hint: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint or "It stands in the history with your name.",
        max_length=WHY,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": missing, "max_length": f"Use {WHY} characters or fewer"},
    )


def _reference(label: str, missing: str, hint: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=40,
        widget=Text(width=20, attrs={"spellcheck": "false", "autocomplete": "off"}),
        error_messages={"required": missing},
    )


class ActForm(forms.Form):
    """What every act carries: the event that the person saw last. Whoever saw nothing is never in time."""

    expected = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2**53)

    def choose(self, name: str, choices: Sequence[Any]) -> None:
        """Fill the choices of a field."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    @property
    def typed(self) -> list[tuple[str, str]]:
        """What was typed in words, by question."""
        return [
            (str(bound.label), str(bound.data))
            for bound in self
            if isinstance(bound.field.widget, forms.Textarea) and bound.data
        ]


class AssignForm(ActForm):
    """To a team, or to somebody in it."""

    to = forms.ChoiceField(
        label="Who should have it?", error_messages={"required": "Choose a team or a person"}
    )
    why = _why("Why, or what is to be done?", missing="Say why, so that they know what to do")

    def __init__(self, data: Any = None, *, receivers: Sequence[Receiver], **more: Any) -> None:
        super().__init__(data, **more)
        groups: list[Any] = [("", "Choose a team or a person")]
        for each in receivers:
            people = [(f"{_PERSON}{each.team_id}:{number}", name) for number, name in each.people]
            groups.append((each.team, [(f"{_TEAM}{each.team_id}", f"{each.team}: whoever is free"), *people]))
        self.choose("to", groups)

    @property
    def receiver(self) -> tuple[int, int | None]:
        """The team that was chosen, and the person in it if one was."""
        return receiver_of(self.cleaned_data["to"])


def receiver_of(chosen: str) -> tuple[int, int | None]:
    """Return the team and the person of a choice.

    >>> receiver_of("team:7"), receiver_of("person:7:12")
    ((7, None), (7, 12))
    """
    if chosen.startswith(_TEAM):
        return int(chosen.removeprefix(_TEAM)), None
    team, _, person = chosen.removeprefix(_PERSON).partition(":")
    return int(team), int(person)


class PriorityForm(ActForm):
    """How many are affected and whether work can go on; the priority follows."""

    impact = forms.ChoiceField(
        label="How many are affected?", error_messages={"required": "Choose how many are affected"}
    )
    urgency = forms.ChoiceField(
        label="Can work go on?", error_messages={"required": "Choose whether work can go on"}
    )
    why = _why(missing="Say why the priority changes")

    def __init__(self, data: Any = None, *, impacts: Pairs, urgencies: Pairs, **more: Any) -> None:
        super().__init__(data, **more)
        for name, pairs in (("impact", impacts), ("urgency", urgencies)):
            self.fields[name].widget = Radios(small=True)
            self.fields[name].widget.is_required = False
            self.choose(name, pairs)
            if not pairs:
                del self.fields[name]


class ReplyForm(ActForm):
    """Words to the user. A canned reply is put in with its button, then changed at will."""

    canned = forms.ChoiceField(label="Canned reply", required=False)
    text = _words(
        "What do you write?", "Write the reply first", hint="The user gets it, and it is kept here."
    )
    article = forms.ChoiceField(
        label="Send an article with it",
        required=False,
        help_text="Its address is put below your words, and it counts as having been used.",
    )

    def __init__(self, data: Any = None, *, replies: Pairs, articles: Pairs, **more: Any) -> None:
        super().__init__(data, **more)
        for name, pairs, nothing in (("canned", replies, "None"), ("article", articles, "No article")):
            if pairs:
                self.choose(name, [("", nothing), *pairs])
            else:
                del self.fields[name]


class AskForm(ActForm):
    question = _words(
        "What do you need to know?",
        "Write the question first",
        rows=4,
        hint="The user gets it. Until they answer, the clocks of the call stand still.",
    )


class ResolveForm(ActForm):
    fix = _words(
        "What put it right?", "Say what put it right", hint="The user reads it, and is asked if it works."
    )
    article = forms.ChoiceField(label="With which article?", required=False)

    def __init__(self, data: Any = None, *, articles: Pairs, **more: Any) -> None:
        super().__init__(data, **more)
        if articles:
            self.choose("article", [("", "No article"), *articles])
        else:
            del self.fields["article"]


class NoteForm(ActForm):
    text = _words("Note for the desk", "Write the note first", rows=3, hint="The user never sees it.")


class WhyForm(ActForm):
    """An act that needs nothing but a reason."""

    why = _why()


class NothingForm(ActForm):
    """An act that needs nothing at all."""


class _OtherForm(ActForm):
    """Another call: one of those that are likely, or any by its reference."""

    same = forms.ChoiceField(label="Calls that may be meant", required=False)
    other = forms.CharField(
        label="Reference of the other call",
        required=False,
        max_length=40,
        widget=Text(width=20, attrs={"spellcheck": "false", "autocomplete": "off"}),
    )
    missing = "Choose a call, or enter its reference"
    say_optional = False

    def __init__(self, data: Any = None, *, likely: Sequence[tuple[str, str, str]], **more: Any) -> None:
        super().__init__(data, **more)
        if not likely:
            del self.fields["same"]
            return
        self.fields["same"].widget = Radios(
            small=True, hints={reference: hint for reference, _, hint in likely}
        )
        self.choose("same", [(reference, words) for reference, words, _ in likely])
        self.fields["other"].label = "Or the reference of another call"

    def clean(self) -> dict[str, Any]:
        """Miss the other call if neither was chosen nor entered; what was entered counts before what was chosen."""
        given = super().clean() or {}
        if not given.get("other") and not given.get("same"):
            self.add_error("other", self.missing)
        return given

    @property
    def reference(self) -> str:
        """The call that is meant."""
        return str(self.cleaned_data.get("other") or self.cleaned_data.get("same") or "")


class MergeForm(_OtherForm):
    why = _why("Why are they the same?", missing="Say why they are the same")


class UnmergeForm(ActForm):
    why = _why("Why is it not the same?", missing="Say why it is not the same")


class UnderForm(_OtherForm):
    """The call that another one is put under."""


class SplitForm(ActForm):
    summary = forms.CharField(
        label="What is the other matter?",
        help_text="A call of its own is logged for it, for the same user.",
        max_length=200,
        widget=Text(),
        error_messages={"required": "Say what the other matter is"},
    )
    detail = _words("What should we know of it?", "", rows=4, needed=False)
    submission = forms.CharField(widget=forms.HiddenInput, min_length=8, max_length=40)


class LinkForm(ActForm):
    other = _reference("Reference of the other call or case", "Enter the reference of the other one")


class ProblemForm(ActForm):
    other = _reference(
        "Reference of the problem behind it",
        "Enter the reference of the problem",
        "The call stays open: the problem is worked on by itself.",
    )


class WaveForm(ActForm):
    """What is said to everybody of a wave, or how all of it was put right."""

    text = _words("What do you write to all of them?", "Write the words first")


class WaveResolveForm(ActForm):
    fix = _words(
        "What put it right?",
        "Say what put it right",
        hint="Each user is told, and asked if it works. The page of this call says how far it has come.",
    )


class MoveForm(ActForm):
    council = forms.TypedChoiceField(
        label="To which council does it belong?",
        coerce=int,
        error_messages={"required": "Choose the council"},
    )
    why = _why(
        missing="Say why it belongs to the other council",
        hint="A call is logged there, with when it first reached us, and this one is closed as moved.",
    )

    def __init__(self, data: Any = None, *, councils: Sequence[tuple[int, str]], **more: Any) -> None:
        super().__init__(data, **more)
        self.fields["council"].widget = Radios(small=True)
        self.fields["council"].widget.is_required = False
        self.choose("council", list(councils))


class SupplierForm(ActForm):
    """Which supplier, each with what they promise for this call."""

    route = forms.TypedChoiceField(
        label="Which supplier?",
        coerce=int,
        help_text="Those who support its system, or something that it needs.",
        error_messages={"required": "Choose the supplier"},
    )
    their_reference = forms.CharField(
        label="Their reference",
        help_text="You can add it later.",
        required=False,
        max_length=60,
        widget=Text(width=20, attrs={"spellcheck": "false", "autocomplete": "off"}),
    )

    def __init__(self, data: Any = None, *, routes: Sequence[tuple[int, str, str]], **more: Any) -> None:
        super().__init__(data, **more)
        field = self.fields["route"]
        field.widget = Radios(small=True, hints={str(number): hint for number, _, hint in routes})
        field.widget.is_required = False
        self.choose("route", [(number, words) for number, words, _ in routes])
        if not routes:
            field.help_text = (
                "No supplier is kept for this council. Somebody who keeps the estate can add one."
            )


class RespondedForm(ActForm):
    their_reference = forms.CharField(
        label="Their reference",
        required=False,
        max_length=60,
        widget=Text(width=20, attrs={"spellcheck": "false", "autocomplete": "off"}),
    )


class ReturnedForm(ActForm):
    result = _words("What did the supplier do?", "Say what the supplier did", rows=4)


class FollowForm(ActForm):
    email = forms.EmailField(
        label="Email address of whoever should hear of it",
        max_length=320,
        error_messages={
            "required": "Enter an email address",
            "invalid": "Enter an email address, like name@example.org",
        },
    )
    name = forms.CharField(label="Their name", required=False, max_length=150, widget=Text(width=20))


class LeaveOutForm(ActForm):
    follower = forms.TypedChoiceField(
        label="Who should hear of it no more?", coerce=int, error_messages={"required": "Choose who it is"}
    )

    def __init__(self, data: Any = None, *, followers: Sequence[tuple[int, str]], **more: Any) -> None:
        super().__init__(data, **more)
        self.fields["follower"].widget = Radios(small=True)
        self.fields["follower"].widget.is_required = False
        self.choose("follower", list(followers))
