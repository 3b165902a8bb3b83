"""Assignment rules, and a call that is only tried out."""

from typing import Any

from django import forms

from moothall.look.widgets import Radios
from moothall.servicedesk.models import AssignmentRule
from moothall.servicedesk.models.calls import Channel, Kind
from moothall.workplace.forms.desk.setting_up import Pairs, choose, one_of

KINDS = [(each.value, each.label) for each in (Kind.INCIDENT, Kind.REQUEST, Kind.PROBLEM, Kind.TASK)]
_PRIORITIES = [("0", "Any priority"), ("1", "P1 only"), ("2", "P1 and P2"), ("3", "P1 to P3")]


class RuleForm(forms.Form):
    """One rule: what it asks of a call, and where the call goes then."""

    title = forms.CharField(
        label="Name",
        help_text="It stands on each call that it sends on: “By the rule …”.",
        max_length=100,
        error_messages={"required": "Enter a name"},
    )
    council = one_of("Of which council?", required=False)
    kind = forms.ChoiceField(label="Which kind?", required=False)
    item = one_of("About which system?", required=False)
    category = forms.CharField(label="In which category?", required=False, max_length=60)
    channel = forms.ChoiceField(label="By which channel?", required=False)
    words = forms.CharField(
        label="With one of these words",
        help_text="With commas between, like: vpn, remote access. Whole words count.",
        required=False,
        max_length=200,
    )
    at_most_priority = forms.TypedChoiceField(
        label="Of which priority?", required=False, coerce=int, empty_value=None, choices=_PRIORITIES
    )
    team = one_of("Where does it go?", missing="Choose a team")
    pick = forms.ChoiceField(
        label="To whom there?", choices=AssignmentRule.Pick.choices, widget=Radios(small=True)
    )
    active = forms.BooleanField(label="It is switched on", required=False)

    def __init__(
        self, data: Any = None, *, councils: Pairs, teams: Pairs, items: Pairs, begin: dict[str, Any]
    ) -> None:
        start = {"pick": AssignmentRule.Pick.NOBODY, "active": True, "at_most_priority": 0}
        super().__init__(data, initial=start | begin)
        choose(self, "council", councils, "Any council")
        choose(self, "item", items, "Any system")
        choose(self, "team", teams, "Choose a team")
        choose(self, "kind", KINDS, "Any kind")
        choose(self, "channel", Channel.choices, "Any channel")
        self.fields["pick"].widget.choices = AssignmentRule.Pick.choices


class TryForm(forms.Form):
    """A call that nobody made, to see what the rules would do with it."""

    say_optional = False

    council = one_of("Of which council?", missing="Choose a council")
    kind = forms.ChoiceField(label="Which kind?", choices=KINDS)
    item = one_of("About which system?", required=False)
    category = forms.CharField(label="Category", required=False, max_length=60)
    channel = forms.ChoiceField(label="Channel", choices=Channel.choices)
    priority = forms.TypedChoiceField(
        label="Priority", coerce=int, choices=[(str(number), f"P{number}") for number in (1, 2, 3, 4)]
    )
    text = forms.CharField(
        label="What stands in it", required=False, max_length=2_000, widget=forms.Textarea({"rows": 3})
    )

    def __init__(self, data: Any = None, *, councils: Pairs, items: Pairs) -> None:
        super().__init__(data, initial={"kind": Kind.INCIDENT, "channel": Channel.PORTAL, "priority": 3})
        choose(self, "council", councils)
        choose(self, "item", items, "No system")
