"""Narrowing the queue of calls, by address: every filtered queue can be kept as a bookmark, or under a name."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from moothall.look.widgets import Text
from moothall.servicedesk.models.calls import Kind, State

TABS: Mapping[str, str] = {
    "mine": "Mine",
    "team": "My teams",
    "free": "Not taken",
    "all": "All",
    "resolved": "Recently resolved",
}
"""The queues everybody of the desk has; saved filters stand beside them."""

FILTERS = ("words", "team", "council", "kind", "state", "priority", "system", "category", "late")
_KINDS = [(each.value, each.label) for each in (Kind.INCIDENT, Kind.REQUEST, Kind.PROBLEM, Kind.TASK)]
_WAITING = (State.NEW, State.OPEN, State.APPROVAL, State.USER, State.SUPPLIER)
_PRIORITIES = [(str(number), f"P{number}") for number in (1, 2, 3, 4)]
Choices = Sequence[tuple[int, str]]


class QueueForm(forms.Form):
    """Which calls are shown. What cannot be read is left out."""

    say_optional = False

    tab = forms.CharField(required=False, widget=forms.HiddenInput)
    words = forms.CharField(
        label="Words, reference or name",
        required=False,
        max_length=100,
        widget=Text(
            attrs={"type": "search", "autocomplete": "off", "spellcheck": "false", "data-search": ""}
        ),
    )
    team = forms.TypedChoiceField(label="Team", required=False, coerce=int, empty_value=None)
    council = forms.TypedChoiceField(label="Council", required=False, coerce=int, empty_value=None)
    kind = forms.ChoiceField(label="Kind", required=False, choices=[("", "All kinds"), *_KINDS])
    state = forms.ChoiceField(
        label="State",
        required=False,
        choices=[("", "All states"), *((each.value, each.label) for each in _WAITING)],
    )
    priority = forms.TypedChoiceField(
        label="Priority",
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", "All priorities"), *_PRIORITIES],
    )
    system = forms.CharField(
        label="System",
        help_text="Its name, or its code",
        required=False,
        max_length=150,
        widget=Text(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    category = forms.ChoiceField(label="Category", required=False)
    late = forms.BooleanField(label="Late only", required=False)

    def __init__(
        self, data: Any, *, teams: Choices, councils: Choices, categories: Sequence[tuple[str, str]]
    ) -> None:
        super().__init__(data)
        self._fill("team", "All teams", teams)
        self._fill("council", "All councils", councils)
        self._fill("category", "All categories", categories)
        if len(councils) < 2:  # noqa: PLR2004 - nothing to choose between
            del self.fields["council"]

    def _fill(self, name: str, everything: str, pairs: Sequence[tuple[Any, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", everything), *pairs]

    @property
    def wanted(self) -> dict[str, Any]:
        """Return what is asked for, without what cannot be read."""
        self.is_valid()
        return {key: value for key, value in self.cleaned_data.items() if value}


def kept(asked: QueryDict) -> dict[str, str]:
    """Return the filters of an address as they are carried on to another tab or page."""
    return {key: value for key in FILTERS if (value := asked.get(key, "").replace("\0", "").strip())}
