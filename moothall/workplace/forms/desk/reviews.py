"""Writing a report and its actions, voting on it, and the text for everybody."""

from collections.abc import Sequence
from typing import Any

from django import forms

from moothall.look.fields import DateField
from moothall.look.widgets import Radios
from moothall.servicedesk.models import Major
from moothall.servicedesk.rules.lessons import TEXT_LENGTH
from moothall.servicedesk.rules.reviewing import SECTION_LENGTH, Report

Choices = Sequence[tuple[str, str]]
_SECTIONS = ("summary", "cause", "cause_owner", "root_cause", "went_well", "lessons")


def _section(label: str, hint: str, rows: int) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        required=False,
        max_length=SECTION_LENGTH,
        widget=forms.Textarea({"rows": rows}),
    )


class ReportForm(forms.Form):
    """The report, section by section. Nothing has to be there until it goes to review."""

    say_optional = False

    summary = _section("What happened?", "Begun from the timeline; put it in your own words.", 8)
    cause = forms.ChoiceField(
        label="What lay behind it?", required=False, choices=[("", "Choose"), *Major.Cause.choices]
    )
    cause_item = forms.ChoiceField(label="Which system was at fault?", required=False)
    cause_owner = forms.ChoiceField(
        label="Whose cause was it?", required=False, choices=Major.Owner.choices, widget=Radios(small=True)
    )
    root_cause = _section("What was the root cause?", "Ask why until it is no person any more.", 5)
    went_well = _section("What went well?", "", 4)
    lessons = _section("What was learned?", "", 4)

    def __init__(self, data: Any = None, *, items: Choices, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        field = self.fields["cause_item"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "Choose"), *items]

    @property
    def report(self) -> Report:
        """What was written."""
        return Report(**{key: self.cleaned_data.get(key) or "" for key in _SECTIONS})

    @property
    def cause_item_id(self) -> int | None:
        return int(self.cleaned_data.get("cause_item") or 0) or None


class ActionForm(forms.Form):
    """Something that is promised."""

    text = forms.CharField(
        label="What is done so that it does not happen again?",
        max_length=TEXT_LENGTH,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": "Enter what is to be done."},
    )
    owner = forms.ChoiceField(label="Whose is it?", error_messages={"required": "Choose whose it is."})
    due_on = DateField(label="By when?", what="The date")

    def __init__(self, data: Any = None, *, owners: Choices, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        field = self.fields["owner"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "Choose"), *owners]


class CloseActionForm(forms.Form):
    """That an action was done, and what; or that it is not done any more, and why."""

    how = forms.ChoiceField(
        label="How does it end?",
        choices=[("done", "It was done"), ("dropped", "It is not done any more")],
        widget=Radios(small=True),
        error_messages={"required": "Choose how it ends."},
    )
    text = forms.CharField(
        label="What was done, or why is it dropped?",
        max_length=TEXT_LENGTH,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": "Enter what was done, or why it is dropped."},
    )


class VoteForm(forms.Form):
    """A council's vote on a report."""

    choice = forms.ChoiceField(
        label="How do you vote?",
        choices=[("for", "Approve it"), ("against", "Send it back"), ("abstain", "Abstain")],
        widget=Radios(small=True),
        error_messages={"required": "Choose how you vote."},
    )
    text = forms.CharField(
        label="What must it say that it does not?",
        help_text="Needed if you send it back",
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
    )


class PublicForm(forms.Form):
    """The report for everybody. A line that begins with two hash signs is a heading."""

    text = forms.CharField(
        label="The text for everybody",
        help_text="A line that begins with ## is a heading.",
        max_length=40_000,
        widget=forms.Textarea({"rows": 30, "spellcheck": "true"}),
        error_messages={"required": "Enter the text."},
    )


class PublishForm(forms.Form):
    """A word of whoever publishes, where something still looks like a name."""

    sure = forms.BooleanField(
        label="I have looked at these, and everybody may read them",
        required=False,
    )
