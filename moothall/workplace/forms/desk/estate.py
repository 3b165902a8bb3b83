"""Forms about the estate: a system, what it needs, who uses it, who supports it, and when it may be away."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from moothall.estate.actions import Terms
from moothall.estate.models import Item, SupportRoute
from moothall.estate.rules import MOST_USERS, PRIORITIES
from moothall.look.fields import DateField
from moothall.look.widgets import Radios, Text
from moothall.workplace.forms.desk.setting_up import Pairs, choose, moment, one_of

_PENCE = 100


class ItemForm(forms.Form):
    """A system. Its code stays as it was first recorded."""

    code = forms.CharField(
        label="Code",
        help_text="By which other systems and files name it: small letters, digits and hyphens, like care-db.",
        max_length=60,
        widget=Text(width=20, attrs={"spellcheck": "false", "autocomplete": "off"}),
        error_messages={"required": "Enter a code"},
    )
    name = forms.CharField(label="Name", max_length=150, error_messages={"required": "Enter a name"})
    kind = forms.ChoiceField(label="What kind of thing is it?", choices=Item.Kind.choices)
    tier = forms.TypedChoiceField(
        label="How much depends on it?", coerce=int, choices=Item.Tier.choices, widget=Radios(small=True)
    )
    status = forms.ChoiceField(label="Is it in use?", choices=Item.Status.choices, widget=Radios(small=True))
    team = one_of("Which team looks after it?", required=False)
    supplier = one_of("Who supplies it?", required=False)
    new_supplier = forms.CharField(
        label="Or a supplier who is not in the list", required=False, max_length=150
    )

    def __init__(
        self, data: Any, *, teams: Pairs, suppliers: Pairs, begin: Mapping[str, Any], known: bool
    ) -> None:
        super().__init__(data, initial={"tier": Item.Tier.STANDARD, "status": Item.Status.LIVE} | dict(begin))
        choose(self, "team", teams, "Nobody yet")
        choose(self, "supplier", suppliers, "Nobody")
        if known:
            del self.fields["code"]


class NeedForm(forms.Form):
    on = one_of("Which system does it need?", missing="Choose the system that it needs")

    def __init__(self, data: Any, *, items: Pairs) -> None:
        super().__init__(data)
        choose(self, "on", items, "Choose a system")


class UseForm(forms.Form):
    council = one_of("Which council uses it?", missing="Choose a council")
    users = forms.IntegerField(
        label="How many people use it?",
        min_value=0,
        max_value=MOST_USERS,
        widget=Text(width=5, attrs={"inputmode": "numeric"}),
        error_messages={"required": "Enter how many people use it"},
    )
    since = DateField(label="From when on?", error_messages={"required": "Enter a day"})
    hours = forms.CharField(
        label="In which hours is it to be there?",
        help_text="The name under which the council keeps its hours, like office; or always.",
        max_length=40,
        widget=Text(width=20),
    )

    def __init__(self, data: Any, *, councils: Pairs, begin: Mapping[str, Any]) -> None:
        super().__init__(data, initial={"hours": "office"} | dict(begin))
        choose(self, "council", councils, "Choose a council")


class MaintenanceForm(forms.Form):
    council = one_of("Which council has agreed?", missing="Choose a council")
    reason = forms.CharField(
        label="What is done?", max_length=200, error_messages={"required": "Enter what is done"}
    )
    start_day = DateField(label="First day", error_messages={"required": "Enter the first day"})
    start_time = forms.CharField(
        label="From", max_length=20, widget=Text(width=10), error_messages={"required": "Enter a time"}
    )
    end_day = DateField(label="Last day", error_messages={"required": "Enter the last day"})
    end_time = forms.CharField(
        label="Until", max_length=20, widget=Text(width=10), error_messages={"required": "Enter a time"}
    )

    def __init__(self, data: Any, *, councils: Pairs) -> None:
        super().__init__(data)
        choose(self, "council", councils, "Choose a council")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        given["starts_at"] = moment(self, "start_day", "start_time")
        given["ends_at"] = moment(self, "end_day", "end_time")
        return given


class RouteForm(forms.Form):
    """Who helps a council with a system, how they are reached, and what they promise by priority, in minutes."""

    council = one_of("Which council is helped?", missing="Choose a council")
    supplier = one_of("Who helps?", missing="Choose a supplier")
    contract = forms.CharField(label="Contract", required=False, max_length=100)
    phone = forms.CharField(label="Phone number", required=False, max_length=40, widget=Text(width=20))
    email = forms.EmailField(label="Email address", required=False)
    portal = forms.URLField(label="Their portal", required=False, assume_scheme="https")
    say = forms.CharField(label="What to have ready when calling them", required=False, max_length=300)
    hours = forms.CharField(
        label="In which hours are their promises counted?",
        help_text="The name under which the council keeps its hours, like office; or always.",
        max_length=40,
        widget=Text(width=20),
    )
    charge = forms.DecimalField(
        label="Monthly charge",
        required=False,
        min_value=0,
        max_value=Decimal(100_000_000),
        decimal_places=2,
        widget=Text(width=10, prefix="£", attrs={"inputmode": "decimal"}),
    )
    credit = forms.DecimalField(
        label="Credit for each missed promise",
        required=False,
        min_value=0,
        max_value=100,
        decimal_places=2,
        widget=Text(width=5, suffix="%", attrs={"inputmode": "decimal"}),
    )
    limit = forms.DecimalField(
        label="Most credit in a month",
        required=False,
        min_value=0,
        max_value=100,
        decimal_places=2,
        widget=Text(width=5, suffix="%", attrs={"inputmode": "decimal"}),
    )
    starts_on = DateField(label="From when on?", error_messages={"required": "Enter the first day"})
    ends_on = DateField(label="Last day", required=False)
    notice_by = DateField(label="Last day to give notice", required=False)

    def __init__(
        self, data: Any, *, councils: Pairs, suppliers: Pairs, begin: Mapping[str, Any], known: bool
    ) -> None:
        super().__init__(data, initial={"hours": "office"} | dict(begin))
        choose(self, "council", councils, "Choose a council")
        choose(self, "supplier", suppliers, "Choose a supplier")
        for priority in PRIORITIES:
            for part, words in (("respond", "answer"), ("resolve", "put it right")):
                self.fields[f"{part}_{priority}"] = forms.IntegerField(
                    label=f"P{priority}: they {words} within",
                    required=False,
                    min_value=1,
                    widget=Text(width=5, suffix="minutes", attrs={"inputmode": "numeric"}),
                )
        if known:
            del self.fields["council"], self.fields["supplier"]

    @property
    def terms(self) -> Terms:
        """What was filled in, as the estate keeps it."""
        given = self.cleaned_data
        targets = {
            f"P{priority}": {
                part: given[f"{part}_{priority}"]
                for part in ("respond", "resolve")
                if given.get(f"{part}_{priority}")
            }
            for priority in PRIORITIES
        }
        return Terms(
            starts_on=given["starts_on"],
            contract=given["contract"],
            phone=given["phone"],
            email=given["email"],
            portal=given["portal"],
            say=given["say"],
            hours=given["hours"],
            targets={name: each for name, each in targets.items() if each},
            monthly_charge_pence=_hundredths(given["charge"]),
            credit_basis_points=_hundredths(given["credit"]),
            credit_limit_basis_points=_hundredths(given["limit"]),
            ends_on=given["ends_on"],
            notice_by=given["notice_by"],
        )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for priority in PRIORITIES:
            respond, resolve = given.get(f"respond_{priority}"), given.get(f"resolve_{priority}")
            if respond and resolve and resolve < respond:
                self.add_error(
                    f"resolve_{priority}", ValidationError("They cannot put it right before they answer")
                )
        return given


def begun(route: SupportRoute) -> dict[str, Any]:
    """Return a support route as its form begins."""
    found: dict[str, Any] = {
        name: getattr(route, name)
        for name in (
            "contract",
            "phone",
            "email",
            "portal",
            "say",
            "hours",
            "starts_on",
            "ends_on",
            "notice_by",
        )
    }
    found["charge"] = Decimal(route.monthly_charge_pence) / _PENCE
    found["credit"] = Decimal(route.credit_basis_points) / _PENCE
    found["limit"] = Decimal(route.credit_limit_basis_points) / _PENCE
    for name, given in route.targets.items():
        for part, minutes in given.items():
            found[f"{part}_{name[1:]}"] = minutes
    return found


def _hundredths(value: Decimal | None) -> int:
    return int((value or Decimal(0)) * _PENCE)
