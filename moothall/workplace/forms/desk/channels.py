"""Forms about the desk's channels: keys, feeds, and files of calls."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.conf import settings

from moothall.look.widgets import Checkboxes, Radios, Text
from moothall.servicedesk.models import Feed
from moothall.servicedesk.queries.keys import SCOPES
from moothall.servicedesk.rules import columns
from moothall.servicedesk.rules.column_words import MEANINGS, plain
from moothall.servicedesk.rules.columns import DATES, FIELDS, Mapped
from moothall.servicedesk.rules.feeds import CHANGE_SHAPES, SHAPES
from moothall.workplace.forms.desk.setting_up import Pairs, choose, one_of

_NONE = "None of them"
_AS_IT_IS = "Leave these rows out"


class KeyForm(forms.Form):
    council = one_of("Whose calls is it for?", missing="Choose a council")
    name = forms.CharField(
        label="Which system is it for?",
        max_length=100,
        widget=Text(width=20),
        error_messages={"required": "Enter which system the key is for"},
    )
    may = forms.MultipleChoiceField(
        label="What may it do?",
        choices=[(key, words.capitalize()) for key, words in SCOPES.items()],
        widget=Checkboxes(small=True),
        error_messages={"required": "Select what the key may do"},
    )

    def __init__(self, data: Any = None, *, councils: Pairs) -> None:
        super().__init__(data)
        choose(self, "council", councils, "Choose a council" if len(councils) > 1 else None)


class FeedForm(forms.Form):
    council = one_of("Whose desk is it for?", missing="Choose a council")
    name = forms.CharField(
        label="Which system sends it?",
        help_text="Like Prometheus, or NetBox.",
        max_length=100,
        widget=Text(width=20),
        error_messages={"required": "Enter which system sends it"},
    )
    shape = forms.ChoiceField(
        label="What does it send?",
        choices=[
            *((f"{Feed.Kind.MONITORING}:{key}", f"Alerts. {shape.title}") for key, shape in SHAPES.items()),
            *((f"{Feed.Kind.CHANGES}:{key}", f"Changes. {title}") for key, title in CHANGE_SHAPES.items()),
        ],
        widget=Radios(small=True),
        error_messages={"required": "Select what it sends"},
    )

    def __init__(self, data: Any = None, *, councils: Pairs) -> None:
        super().__init__(data)
        choose(self, "council", councils, "Choose a council" if len(councils) > 1 else None)

    @property
    def kind_and_shape(self) -> tuple[str, str]:
        """What it sends, and how that is written."""
        kind, _, shape = str(self.cleaned_data["shape"]).partition(":")
        return kind, shape


class CallsFileForm(forms.Form):
    council = one_of("Whose calls are they?", missing="Choose a council")
    source = forms.SlugField(
        label="Which system are they from?",
        help_text="In small letters, like old-desk. What was brought from there before is not brought in again.",
        max_length=40,
        initial="old-desk",
        widget=Text(width=20),
        error_messages={
            "required": "Enter which system they are from",
            "invalid": "Use letters, digits and hyphens, like old-desk",
        },
    )
    file = forms.FileField(
        label="CSV file",
        help_text="With the names of its columns in the first line.",
        error_messages={"required": "Choose a file", "empty": "The file is empty"},
    )

    def __init__(self, data: Any = None, files: Any = None, *, councils: Pairs) -> None:
        super().__init__(data, files)
        choose(self, "council", councils, "Choose a council" if len(councils) > 1 else None)

    def clean_file(self) -> Any:
        """Refuse what is too large for a page: the command takes larger ones."""
        file = self.cleaned_data["file"]
        if file.size > settings.UPLOAD_LIMIT:
            limit = settings.UPLOAD_LIMIT // 2**20
            raise forms.ValidationError(f"The file is larger than {limit} MB. Send it in parts.")
        return file


class MappingForm(forms.Form):
    """Which column means what, and what the file's own words mean."""

    say_optional = False

    def __init__(
        self,
        data: Any = None,
        *,
        heads: Sequence[str],
        mapped: Mapped,
        strange: Mapping[str, Sequence[str]],
        teams: Pairs,
        judged: bool,
    ) -> None:
        super().__init__(data)
        pairs = [("", _NONE), *((head, head) for head in heads)]
        for key, label in FIELDS.items():
            needed = key in columns.NEEDED
            self.fields[f"column_{key}"] = forms.ChoiceField(
                label=f"{label}: which column?",
                choices=pairs,
                required=needed,
                initial=mapped.columns.get(key, ""),
                error_messages={"required": f"Choose the column of “{label}”"},
            )
        self._words: dict[str, tuple[str, str]] = {}
        for key, words in strange.items():
            meanings = list(MEANINGS[key].items()) if key in MEANINGS else [(name, name) for _, name in teams]
            for number, word in enumerate(words):
                name = f"word_{key}_{number}"
                self._words[name] = (key, word)
                self.fields[name] = forms.ChoiceField(
                    label=f"{FIELDS[key]} “{word}”: what is it here?",
                    choices=[("", _AS_IT_IS), *meanings],
                    required=False,
                    initial=mapped.words.get(key, {}).get(plain(word), ""),
                )
        self.fields["dates"] = forms.ChoiceField(
            label="How are dates written?",
            choices=list(DATES.items()),
            widget=Radios(small=True),
            initial=mapped.dates,
        )
        self.fields["judged"] = forms.BooleanField(
            label="Hold closed calls to the council’s targets",  # noqa: RUF001 - as people write it
            required=False,
            initial=judged,
        )

    @property
    def mapping(self) -> dict[str, object]:
        """The mapping that was chosen."""
        given = self.cleaned_data
        words: dict[str, dict[str, str]] = {}
        for name, (key, word) in self._words.items():
            if given.get(name):
                words.setdefault(key, {})[word] = given[name]
        chosen = {key: given[f"column_{key}"] for key in FIELDS if given.get(f"column_{key}")}
        return {"columns": chosen, "words": words, "dates": given["dates"]}
