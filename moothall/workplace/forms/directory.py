"""What a council's administrator changes: roles, leavers, closing days."""

from collections.abc import Sequence
from typing import Any

from django import forms

from moothall.councils.roles import Role
from moothall.look.fields import DateField
from moothall.look.widgets import Radios


class GrantForm(forms.Form):
    """A role at a council."""

    role = forms.ChoiceField(label="Which role?", error_messages={"required": "Choose a role"})
    council = forms.ChoiceField(label="At which council?", error_messages={"required": "Choose a council"})

    def __init__(
        self, data: Any = None, *, roles: Sequence[Role], councils: Sequence[tuple[str, str]]
    ) -> None:
        super().__init__(data)
        role, council = self.fields["role"], self.fields["council"]
        assert isinstance(role, forms.ChoiceField)
        assert isinstance(council, forms.ChoiceField)
        role.choices = [(each.name, each.title) for each in roles]
        role.widget = Radios(
            small=True, hints={each.name: each.meant_for for each in roles}, choices=role.choices
        )
        council.choices = list(councils)


class LeaverForm(forms.Form):
    last_day = DateField(
        label="What is their last day?",
        what="The last day",
        help_text="From the day after, they can see and do nothing here. What they did stays in the record.",
        error_messages={"required": "Enter their last day"},
    )


class ClosingDayForm(forms.Form):
    day = DateField(
        label="On which day?", what="The closing day", error_messages={"required": "Enter the closing day"}
    )
    reason = forms.CharField(
        label="Why is the council closed?",
        help_text="For example, staff training day. Clocks that stand still on this day say so.",
        max_length=100,
        error_messages={"required": "Say why the council is closed on that day"},
    )
