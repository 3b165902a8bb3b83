"""Commenting and publishing a pack, benchmarks, levels, and user accounts."""

from typing import Any

from django import forms

from moothall.look.fields import DateField
from moothall.look.widgets import Radios, Text
from moothall.servicedesk.models import FigureVisibility

Pairs = list[tuple[str, str]]
_LONGEST = 4_000


class CommentForm(forms.Form):
    """What a council says to a figure, or to all of them."""

    figure = forms.ChoiceField(label="To which figure?", required=False)
    text = forms.CharField(
        label="What do you want to say?",
        help_text="It is published with the pack.",
        max_length=_LONGEST,
        widget=forms.Textarea({"rows": 6}),
        error_messages={
            "required": "Enter what you want to say",
            "max_length": f"Enter no more than {_LONGEST:,} characters",
        },
    )

    say_optional = False

    def __init__(self, data: Any = None, *, figures: Pairs, begin: str = "") -> None:
        super().__init__(data, initial={"figure": begin})
        field = self.fields["figure"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "The whole pack"), *figures]


class PublishForm(forms.Form):
    """Why a pack is published before every council has signed."""

    say_optional = False

    why = forms.CharField(
        label="Why is it published without them?",
        help_text="It stands in the pack.",
        required=False,
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"max_length": "Enter no more than 300 characters"},
    )


class BenchmarkForm(forms.Form):
    """A value to hold a figure to, with where it is from."""

    figure = forms.ChoiceField(label="Figure", error_messages={"required": "Select a figure"})
    label = forms.CharField(
        label="What is it called?",
        help_text="Like “Socitm median”.",
        max_length=100,
        error_messages={"required": "Enter what it is called"},
    )
    value = forms.DecimalField(
        label="Value",
        help_text="In the unit of the figure.",
        max_digits=12,
        decimal_places=4,
        widget=Text(width=10, attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={"required": "Enter the value", "invalid": "Enter a number, like 1.1"},
    )
    source = forms.CharField(
        label="Where is it from?",
        help_text="So that somebody else can look it up: publication, page, address.",
        max_length=300,
        error_messages={"required": "Enter where it is from"},
    )
    year = forms.IntegerField(
        label="Year of the source",
        widget=Text(width=4, attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": "Enter the year", "invalid": "Enter a year, like 2025"},
    )
    in_force_from = DateField(label="From which day does it count?", what="The day")

    def __init__(self, data: Any = None, *, figures: Pairs, begin: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=begin)
        field = self.fields["figure"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "Select a figure"), *figures]


class LevelForm(forms.Form):
    """Who may see the breakdown of a figure by council."""

    figure = forms.ChoiceField(label="Figure", error_messages={"required": "Select a figure"})
    level = forms.ChoiceField(
        label="Who may see each council's part of it?",
        choices=FigureVisibility.Level.choices,
        widget=Radios(),
        error_messages={"required": "Select who may see it"},
    )

    def __init__(self, data: Any = None, *, figures: Pairs) -> None:
        super().__init__(data)
        field = self.fields["figure"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "Select a figure"), *figures]


class UsersForm(forms.Form):
    """How many user accounts a council has from a day on."""

    council = forms.ChoiceField(label="Council", error_messages={"required": "Select a council"})
    users = forms.IntegerField(
        label="How many user accounts?",
        widget=Text(width=10, attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "required": "Enter how many accounts there are",
            "invalid": "Enter a whole number, like 1200",
        },
    )
    source = forms.CharField(
        label="Where is the number from?",
        max_length=200,
        error_messages={"required": "Enter where the number is from"},
    )
    in_force_from = DateField(label="From which day?", what="The day")

    def __init__(self, data: Any = None, *, councils: Pairs, begin: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=begin)
        field = self.fields["council"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "Select a council"), *councils]
