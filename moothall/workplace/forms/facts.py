"""The form of a fact, made from the parts that its kind declares."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms

from moothall.look.fields import DateField
from moothall.look.widgets import Checkboxes, Radios
from moothall.persons.models import Fact
from moothall.persons.rules.facts import Kind, NewFact, cleaned
from moothall.plain.errors import Invalid
from moothall.process.definition import Field
from moothall.process.forms import Question, entered
from moothall.process.inputs import widget_of
from moothall.process.kinds import KINDS as TYPES

SOURCES = [("adviser", "They told us"), ("others", "Somebody else told us, or we found out")]
_WHY = "Another took its place."


class WhyForm(forms.Form):
    """Why something ends."""

    why = forms.CharField(
        label="Why does it end?",
        help_text="For example, it was somebody else's number. It stays in the history.",
        max_length=200,
        error_messages={"required": "Say in a few words why it ends"},
    )


class FactForm(forms.Form):
    """One fact of a kind: what it says, since when, who may see it, and who said so.

    What it says is checked by the register, so that every door checks the same.
    """

    def __init__(
        self,
        data: Any = None,
        *,
        kind: Kind,
        records: Sequence[tuple[str, str]],
        teams: Sequence[tuple[str, str]],
        today: date,
        held: Fact | None = None,
    ) -> None:
        super().__init__(data, initial=_held(held))
        self.kind = kind
        self.today = today
        self.fact: NewFact | None = None
        if len(records) > 1:
            self.fields["record"] = _choice(
                "At which council?", records, "Choose the council that is to hold it"
            )
        for part in kind.parts:
            self.fields[part.key] = _question(part, held)
        if kind.dated:
            self.fields["since"] = DateField(label="Since when?", what="The first day", required=False)
            self.fields["until"] = DateField(label="Until when?", what="The last day", required=False)
        if kind.circled:
            self._ask_circle(teams)
        self.fields["source"] = _choice("Who said so?", SOURCES, "Choose who said so")
        self.fields["source"].initial = self.initial.get("source", "adviser")
        if held is not None:
            self.fields["why"] = forms.CharField(
                label="Why does it change?",
                required=False,
                max_length=200,
                help_text="For example, they moved.",
            )

    def _ask_circle(self, teams: Sequence[tuple[str, str]]) -> None:
        field = forms.MultipleChoiceField(
            label="Who may see it?",
            help_text="Choose no team if all staff who see the record may.",
            required=False,
            choices=list(teams),
        )
        field.widget = Checkboxes(small=True, choices=list(teams))
        self.fields["circle"] = field

    def clean(self) -> dict[str, Any]:
        """Let the register check what the fact says; each refusal stands at its part."""
        given = self.cleaned_data
        body = {part.key: self._sent(part) for part in self.kind.parts}
        fact = NewFact(
            kind=self.kind.key,
            body={key: value for key, value in body.items() if value not in (None, "", {})},
            since=given.get("since"),
            until=given.get("until"),
            circle=" ".join(given.get("circle") or ()),
        )
        try:
            cleaned(fact, self.today)
        except Invalid as error:
            self._complain(error.fields)
        else:
            self.fact = fact
        return given

    def _sent(self, part: Field) -> Any:
        value = self.fields[part.key].widget.value_from_datadict(
            self.data, self.files, self.add_prefix(part.key)
        )
        if part.type == "date" and isinstance(value, tuple):
            return dict(zip(("day", "month", "year"), value, strict=True)) if any(value) else None
        return value

    def _complain(self, wrong: Mapping[str, Sequence[str]]) -> None:
        for key, sentences in wrong.items():
            for sentence in sentences:
                self.add_error(key if key in self.fields else None, sentence.removesuffix("."))

    @property
    def source(self) -> str:
        return str(self.cleaned_data["source"])

    @property
    def why(self) -> str:
        return str(self.cleaned_data.get("why") or _WHY)


def _choice(label: str, pairs: Sequence[tuple[str, str]], missing: str) -> forms.ChoiceField:
    field = forms.ChoiceField(label=label, choices=list(pairs), error_messages={"required": missing})
    field.widget = Radios(small=True, choices=list(pairs))
    field.widget.is_required = False
    return field


def _question(part: Field, held: Fact | None) -> forms.Field:
    made = Question(
        label=part.ask,
        help_text=part.hint or TYPES[part.type].hint,
        required=not part.optional,
        widget=widget_of(part),
        initial=entered(part, held.body.get(part.key)) if held else None,
    )
    made.widget.is_required = False
    if isinstance(made.widget, Radios):
        made.widget.attrs["class"] = f"{made.widget.attrs.get('class', '')} govuk-radios--small".strip()
    return made


def _held(held: Fact | None) -> dict[str, Any]:
    if held is None:
        return {}
    source = held.source if held.source in dict(SOURCES) else "adviser"
    return {"since": held.since, "until": held.until, "circle": held.circle.split(), "source": source}
