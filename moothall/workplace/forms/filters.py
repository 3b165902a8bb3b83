"""Narrowing a list, by address: every filtered list can be kept as a bookmark."""

from typing import Any

from django import forms

from moothall.process.queries import WorkFilter
from moothall.workplace.queries.work import Places

TABS = {
    "mine": "My work",
    "team": "My teams",
    "free": "Not yet taken",
    "resident": "Waiting for the resident",
    "all": "Everything",
}


class WorkForm(forms.Form):
    """By team and council; lateness is a tick."""

    say_optional = False

    tab = forms.CharField(required=False, widget=forms.HiddenInput)
    team = forms.TypedChoiceField(label="Team", required=False, coerce=int, empty_value=None)
    council = forms.TypedChoiceField(label="Council", required=False, coerce=int, empty_value=None)
    late = forms.BooleanField(label="Late only", required=False)

    def __init__(self, data: Any, places: Places) -> None:
        super().__init__(data)
        self._fill("team", "All teams", places.teams)
        self._fill("council", "All councils", places.councils)

    def _fill(self, name: str, everything: str, pairs: Any) -> None:
        if len(pairs) < 2 and not self.data.get(name):  # noqa: PLR2004 - nothing to choose between
            del self.fields[name]
            return
        field = self.fields[name]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [("", everything), *pairs]

    def wanted(self, tab: str) -> WorkFilter:
        """Return which part of the work is wanted; what cannot be read is left out."""
        self.is_valid()
        given = self.cleaned_data
        whose: Any = {"resident": "all"}.get(tab, tab)
        return WorkFilter(
            whose=whose,
            team_id=given.get("team"),
            council_id=given.get("council"),
            waits_for="resident" if tab == "resident" else "staff",
            late_only=bool(given.get("late")),
        )


class PeopleForm(forms.Form):
    say_optional = False

    q = forms.CharField(label="Name, job or email address", required=False, max_length=100)
    council = forms.ChoiceField(label="Council", required=False)
    gone = forms.BooleanField(label="Who has left", required=False)

    def __init__(self, data: Any, councils: list[tuple[str, str]]) -> None:
        super().__init__(data)
        choice = self.fields["council"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [("", "All councils"), *councils]


class RecordForm(forms.Form):
    say_optional = False

    about = forms.CharField(label="About", required=False, max_length=80)
    what = forms.CharField(label="What happened", required=False, max_length=80)
    who = forms.CharField(label="Who did it", required=False, max_length=100)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.fields["about"].widget.attrs["spellcheck"] = "false"
