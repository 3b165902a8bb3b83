"""Forms about the change board: a seat, a meeting, its minutes, and a vote."""

from collections.abc import Mapping
from typing import Any

from django import forms

from moothall.look.fields import DateField
from moothall.look.widgets import Checkboxes, Radios, Text
from moothall.workplace.forms.desk.changes import paragraph
from moothall.workplace.forms.desk.setting_up import Pairs, choose, moment, one_of


class SeatForm(forms.Form):
    holder = one_of("Who holds the seat?", missing="Choose who holds the seat")
    deputy = one_of("Who stands in for them?", required=False)
    since = DateField(label="From when on?", error_messages={"required": "Enter a day"})

    def __init__(self, data: Any, *, people: Pairs, begin: Mapping[str, Any]) -> None:
        super().__init__(data, initial=dict(begin))
        choose(self, "holder", people, "Choose somebody")
        choose(self, "deputy", people, "Nobody")


class AwayForm(forms.Form):
    away_from = DateField(label="First day", required=False, help_text="Leave both out if they are there.")
    away_until = DateField(label="Last day", required=False)


class MeetingForm(forms.Form):
    day = DateField(label="On which day?", error_messages={"required": "Enter a day"})
    time = forms.CharField(
        label="At what time?",
        help_text="For example, 2pm or 14:00.",
        max_length=20,
        widget=Text(width=10, attrs={"autocomplete": "off"}),
        error_messages={"required": "Enter a time"},
    )
    place = forms.CharField(label="Where?", required=False, max_length=200)
    chair = one_of("Who is in the chair?", required=False)

    def __init__(self, data: Any, *, people: Pairs) -> None:
        super().__init__(data)
        choose(self, "chair", people, "Nobody yet")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        given["at"] = moment(self, "day", "time")
        return given


class PresentForm(forms.Form):
    present = forms.TypedMultipleChoiceField(
        label="Who is there?", required=False, coerce=int, widget=Checkboxes(small=True)
    )

    def __init__(self, data: Any, *, people: Pairs, begin: list[str]) -> None:
        super().__init__(data, initial={"present": begin})
        choose(self, "present", people)


class MinutesForm(forms.Form):
    minutes = paragraph("Minutes", "Write the minutes first", 8)


class VoteForm(forms.Form):
    """A vote: of a council in its seat, or of a person on the emergency board (`by_person`)."""

    choice = forms.ChoiceField(
        label="How does your council vote?",
        choices=(("for", "For"), ("against", "Against"), ("abstain", "Abstain")),
        widget=Radios(inline=True, small=True),
        error_messages={"required": "Choose how you vote"},
    )
    text = paragraph("Why?", help_text="Needed if you vote against.", rows=2)
    expected = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, data: Any = None, *, by_person: bool = False, begin: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial=dict(begin or {}))
        if by_person:
            self.fields["choice"].label = "How do you vote?"
