"""Writing an article, publishing it, looking for one, and saying when to look at it again."""

from typing import Any

from django import forms

from moothall.look.fields import DateField
from moothall.look.widgets import Radios, Text
from moothall.servicedesk.models import Article
from moothall.servicedesk.rules import articles as rules
from moothall.workplace.forms.desk.setting_up import Pairs, choose, councils_field, one_of

_MARKUP = (
    "An empty line begins a paragraph. Begin a line with “## ” for a heading, “- ” for a point of a list, “1. ” for a"
    " step; a link is [words](https://…)."
)


class FindArticleForm(forms.Form):
    say_optional = False

    q = forms.CharField(
        label="Find an article",
        required=False,
        max_length=200,
        widget=Text(attrs={"type": "search", "autocomplete": "off", "data-search": ""}),
    )


class ArticleForm(forms.Form):
    """One article, whole."""

    title = forms.CharField(
        label="Title",
        help_text="In the words of somebody who has the problem.",
        max_length=150,
        error_messages={"required": "Enter a title"},
    )
    kind = forms.ChoiceField(label="What is it?", choices=Article.Kind.choices, widget=Radios(small=True))
    audience = forms.ChoiceField(
        label="Who is it for?", choices=Article.Audience.choices, widget=Radios(small=True)
    )
    body = forms.CharField(
        label="Text",
        help_text=_MARKUP,
        max_length=rules.LONGEST,
        widget=forms.Textarea({"rows": 16}),
        error_messages={"required": "Write the article"},
    )
    search_words = forms.CharField(
        label="Other words by which it should be found",
        help_text="What people call it, with commas between. They are not shown.",
        required=False,
        max_length=500,
    )
    item = one_of("Which system is it about?", required=False)
    problem_reference = forms.CharField(
        label="Reference of the problem",
        help_text="For a known error: the problem that it is the workaround of.",
        required=False,
        max_length=20,
        widget=Text(width=20, attrs={"spellcheck": "false", "autocomplete": "off"}),
    )
    councils = councils_field()
    expected = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, items: Pairs, councils: Pairs, begin: dict[str, Any]) -> None:
        start = {"kind": Article.Kind.HOW_TO, "audience": Article.Audience.USERS}
        super().__init__(data, initial=start | begin)
        choose(self, "item", items, "No system")
        choose(self, "councils", councils)
        self.fields["kind"].widget.choices = Article.Kind.choices
        self.fields["audience"].widget.choices = Article.Audience.choices


class ReviewForm(forms.Form):
    review_on = DateField(
        label="When should somebody look at it again?",
        what="The day",
        help_text="Leave it out for a year from now.",
        required=False,
    )
    expected = forms.IntegerField(widget=forms.HiddenInput, required=False)
