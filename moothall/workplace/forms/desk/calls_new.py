"""Logging a call for somebody, and reporting one of one's own: one short form each."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django import forms

from moothall.look.widgets import Radios, Text
from moothall.servicedesk.models.calls import Channel, Kind

LONGEST = 10_000
Pairs = Sequence[tuple[str, str]]
CHANNELS = [(each.value, str(each.label)) for each in (Channel.PHONE, Channel.FACE_TO_FACE, Channel.EMAIL)]
_APPROVALS = [
    ("none", "Nobody"),
    ("manager", "The user's manager"),
    ("budget", "Whoever holds the budget"),
    ("security", "Information security"),
]


class _CallForm(forms.Form):
    """What is asked of every call, whoever logs it."""

    summary = forms.CharField(
        max_length=200,
        label="What is wrong?",
        widget=Text(),
        error_messages={"required": "Say what is wrong"},
    )
    detail = forms.CharField(
        label="What else should we know?",
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 4}),
    )
    system = forms.ChoiceField(label="Which system is it?", required=False)
    category = forms.ChoiceField(
        label="What kind of fault is it?", error_messages={"required": "Choose what kind of fault it is"}
    )
    impact = forms.ChoiceField(
        label="How many are affected?", error_messages={"required": "Choose how many are affected"}
    )
    urgency = forms.ChoiceField(
        label="Can work go on?", error_messages={"required": "Choose whether work can go on"}
    )
    submission = forms.CharField(widget=forms.HiddenInput, min_length=8, max_length=40)

    def __init__(
        self,
        data: Any = None,
        *,
        systems: Pairs,
        categories: Pairs,
        impacts: Pairs,
        urgencies: Pairs,
        begin: dict[str, Any],
    ) -> None:
        super().__init__(data, initial={"submission": uuid4().hex, **begin})
        self._choose("system", [("", "I do not know, or none of them"), *systems])
        self._choose("category", [("", "Choose one"), *categories])
        for name, pairs in (("impact", impacts), ("urgency", urgencies)):
            self._draw(name, pairs)

    def _choose(self, name: str, choices: Sequence[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def _draw(self, name: str, pairs: Pairs, *, inline: bool = False) -> None:
        self.fields[name].widget = Radios(small=True, inline=inline)
        self.fields[name].widget.is_required = False
        self._choose(name, pairs)

    @property
    def looked_at(self) -> dict[str, str]:
        """Return what has been entered so far, good or not: for what is shown beside the form."""
        names = ("summary", "detail", "system", "category", "impact", "urgency")
        return {name: str(self[name].value() or "").strip() for name in names if name in self.fields}


class ReportForm(_CallForm):
    """A fault in plain words, by whoever has it."""

    def __init__(self, data: Any = None, **more: Any) -> None:
        super().__init__(data, **more)
        self.fields["summary"].help_text = "In a few words, like “I cannot open the housing system”."
        self.fields["detail"].help_text = "What you did, what you saw, and since when."


class LogForm(_CallForm):
    """A call of somebody else, while they are on the phone or at the counter."""

    kind = forms.CharField(widget=forms.HiddenInput, max_length=10)
    channel = forms.ChoiceField(label="How did it reach us?")
    caller_name = forms.CharField(
        label="Their name",
        max_length=150,
        widget=Text(width=30, attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "Enter the name of the user"},
    )
    caller_email = forms.EmailField(
        label="Their email address",
        required=False,
        max_length=320,
        help_text="Without one, they hear nothing by email.",
        error_messages={"invalid": "Enter an email address, like name@example.org"},
    )
    council = forms.ChoiceField(label="Which council is it for?")
    approval = forms.ChoiceField(label="Who has to approve it?")

    field_order = (
        "kind", "channel", "council", "caller_name", "caller_email", "summary", "detail", "system", "category",
        "impact", "urgency", "approval", "submission",
    )  # fmt: skip

    def __init__(self, data: Any = None, *, councils: Pairs, kind: str, known: bool, **more: Any) -> None:
        super().__init__(data, **more)
        self._draw("channel", CHANNELS, inline=True)
        self._choose("council", councils)
        if len(councils) == 1 and not known:
            self.fields["council"].widget = forms.HiddenInput()
            self.initial["council"] = councils[0][0]
        if known:  # the directory knows who it is, and where they work
            del self.fields["caller_name"], self.fields["caller_email"], self.fields["council"]
        if kind == Kind.REQUEST:
            self.fields["summary"].label = "What do they need?"
            self.fields["summary"].error_messages["required"] = "Say what they need"
            self.fields["urgency"].label = "Can their work go on without it?"
            self._draw("approval", _APPROVALS)
            self.initial.setdefault("approval", "none")
            del self.fields["impact"], self.fields["category"]
        else:
            del self.fields["approval"]


class CallerForm(forms.Form):
    """Who is on the phone."""

    say_optional = False

    q = forms.CharField(
        label="Who is it?",
        help_text="Their name or email address",
        required=False,
        max_length=100,
        widget=Text(width=30, attrs={"type": "search", "autocomplete": "off", "spellcheck": "false"}),
    )
