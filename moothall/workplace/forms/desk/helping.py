"""Canned replies, the catalogue, recurring work, saved filters, and raising a call."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from moothall.look.widgets import Radios, Text
from moothall.servicedesk.models import CatalogueItem
from moothall.servicedesk.rules import catalogue, recurring, replies
from moothall.servicedesk.rules.recurring import NotASchedule
from moothall.workplace.forms.desk.setting_up import Pairs, choose, councils_field, one_of


class ReplyForm(forms.Form):
    team = one_of("Whose reply is it?", missing="Choose a team")
    title = forms.CharField(
        label="Name",
        help_text="By which colleagues choose it.",
        max_length=100,
        error_messages={"required": "Enter a name"},
    )
    text = forms.CharField(
        label="Words",
        max_length=replies.LONGEST,
        widget=forms.Textarea({"rows": 10}),
        error_messages={"required": "Write the reply"},
    )

    def __init__(self, data: Any = None, *, teams: Pairs, begin: dict[str, Any]) -> None:
        super().__init__(data, initial=begin)
        choose(self, "team", teams, "Choose a team")
        said = "; ".join(f"{{{key}}} is {words}" for key, words in replies.PLACEHOLDERS.items())
        self.fields["text"].help_text = f"These are filled in: {said}."


class OfferForm(forms.Form):
    """One thing that users can ask for."""

    title = forms.CharField(
        label="What is it?", max_length=100, error_messages={"required": "Enter what it is"}
    )
    description = forms.CharField(
        label="In a sentence",
        max_length=300,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": "Describe it in a sentence"},
    )
    category = forms.CharField(
        label="Heading",
        help_text="Under which it stands, like Equipment or Access.",
        max_length=60,
        error_messages={"required": "Enter a heading"},
        widget=Text(width=20),
    )
    ask = forms.CharField(
        label="What should we ask?",
        help_text="The question whose answer the team needs. Leave it out to ask for details in general.",
        required=False,
        max_length=200,
    )
    approval = forms.ChoiceField(
        label="Who has to approve it?", choices=CatalogueItem.Approval.choices, widget=Radios(small=True)
    )
    team = one_of("Who delivers it?", required=False)
    item = one_of("Which system is it about?", required=False)
    price = forms.CharField(
        label="What does it cost?",
        help_text="In pounds. Leave it out if it costs nothing.",
        required=False,
        max_length=12,
        widget=Text(width=10, prefix="£"),
    )
    councils = councils_field("Leave all of them out, and it is offered to every council.")
    standard_change = forms.BooleanField(label="Delivering it is a standard change", required=False)
    offered = forms.BooleanField(label="It is offered now", required=False)

    def __init__(
        self, data: Any = None, *, teams: Pairs, items: Pairs, councils: Pairs, begin: dict[str, Any]
    ) -> None:
        start = {"approval": CatalogueItem.Approval.NONE, "offered": True}
        super().__init__(data, initial=start | begin)
        choose(self, "team", teams, "Where the assignment rules say")
        choose(self, "item", items, "No system")
        choose(self, "councils", councils)
        self.fields["approval"].widget.choices = CatalogueItem.Approval.choices

    def clean_price(self) -> int:
        """Return the price in pence."""
        pence = catalogue.pence_of(self.cleaned_data["price"])
        if pence is None:
            raise ValidationError("Enter a price, like 150 or 12.50")
        return pence


class RecurringForm(forms.Form):
    """Work that comes again. What the schedule comes to is shown before it is kept, if it is asked for."""

    title = forms.CharField(
        label="What is to be done?", max_length=150, error_messages={"required": "Enter what is to be done"}
    )
    detail = forms.CharField(
        label="How is it done?",
        required=False,
        max_length=4_000,
        widget=forms.Textarea({"rows": 5}),
    )
    council = one_of("For which council?", missing="Choose a council")
    team = one_of("Who does it?", missing="Choose a team")
    item = one_of("Which system is it about?", required=False)
    schedule = forms.CharField(
        label="When does it come?",
        help_text=(
            "Minute, hour, day of the month, month and day of the week in the time of London: “0 7 * * 1-5” is 7am from"
            " Monday to Friday, “0 9 1 * *” 9am on the first of each month."
        ),
        max_length=60,
        error_messages={"required": "Enter when it comes"},
        widget=Text(width=20, attrs={"spellcheck": "false", "autocomplete": "off"}),
    )
    active = forms.BooleanField(label="It runs", required=False)

    def __init__(
        self, data: Any = None, *, councils: Pairs, teams: Pairs, items: Pairs, begin: dict[str, Any]
    ) -> None:
        super().__init__(data, initial={"active": True} | begin)
        choose(self, "council", councils, "Choose a council")
        choose(self, "team", teams, "Choose a team")
        choose(self, "item", items, "No system")

    def clean_schedule(self) -> str:
        """Return the schedule, if it can be read."""
        written = " ".join(str(self.cleaned_data["schedule"]).split())
        try:
            recurring.moments(written, recurring.A_MOMENT)
        except NotASchedule as wrong:
            raise ValidationError(f"{wrong.sentence} {wrong.advice}") from wrong
        return written


class FilterForm(forms.Form):
    say_optional = False

    name = forms.CharField(
        label="Name",
        max_length=60,
        error_messages={"required": "Enter a name"},
        widget=Text(width=20, attrs={"autocomplete": "off"}),
    )
    team = one_of("Who should see it?", required=False)
    query = forms.CharField(widget=forms.HiddenInput, required=False, max_length=2_000)

    def __init__(self, data: Any = None, *, teams: Pairs, begin: dict[str, Any]) -> None:
        super().__init__(data, initial=begin)
        shared = [(number, f"Everybody in {name}") for number, name in teams]
        choose(self, "team", shared, "Only me")


class RaiseForm(forms.Form):
    """To whom a call is raised, and why."""

    rung = forms.ChoiceField(
        label="To whom?",
        widget=Radios(small=True),
        error_messages={"required": "Choose to whom you raise it"},
    )
    why = forms.CharField(
        label="Why?",
        help_text="They get this by email. It stands on the call.",
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": "Say why you raise it, so that they know what to do"},
    )

    def __init__(self, data: Any = None, *, rungs: Pairs, hints: dict[str, str], first: str) -> None:
        super().__init__(data, initial={"rung": first})
        choose(self, "rung", rungs)
        widget = Radios(small=True, hints=hints, choices=rungs)
        self.fields["rung"].widget = widget
