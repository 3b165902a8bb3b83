"""The form on which somebody says how their call to the ICT desk went."""

from django import forms

from moothall.look.widgets import Radios
from moothall.servicedesk.rules.satisfaction import MOST_WORDS

_CONTENT = (
    (5, "Very content"),
    (4, "Content"),
    (3, "Neither content nor not"),
    (2, "Not content"),
    (1, "Not content at all"),
)


class RateForm(forms.Form):
    """Two questions with numbers, and room for words."""

    content = forms.TypedChoiceField(
        label="How content are you with how your call was dealt with?",
        choices=_CONTENT,
        coerce=int,
        widget=Radios(),
        error_messages={
            "required": "Select how content you are",
            "invalid_choice": "Select how content you are",
        },
    )
    recommend = forms.TypedChoiceField(
        label="How likely are you to recommend the service desk to a colleague?",
        help_text="From 0, not at all likely, to 10, extremely likely.",
        choices=[(number, str(number)) for number in range(11)],
        coerce=int,
        widget=Radios(inline=True),
        error_messages={
            "required": "Select a number from 0 to 10",
            "invalid_choice": "Select a number from 0 to 10",
        },
    )
    words = forms.CharField(
        label="Why? What should we do better?",
        required=False,
        max_length=MOST_WORDS,
        help_text="The team that worked on it reads this.",
        widget=forms.Textarea({"rows": 5}),
        error_messages={"max_length": f"Write no more than {MOST_WORDS:,} characters"},
    )
