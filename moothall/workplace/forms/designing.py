"""Writing processes, trying them, beginning new ones, and choosing what becomes of running cases."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from moothall.councils.models import Council
from moothall.look.widgets import Text
from moothall.process.actions.migrating import Group
from moothall.process.bpmn.reading import LARGEST as LARGEST_BPMN
from moothall.process.engine.migrating import ASIDE
from moothall.process.language.names import PROCESS_KEY
from moothall.process.picture.conditions import plain
from moothall.workplace.queries.rehearsing import CASES, MOST_CASES

LONGEST = 300_000


class DraftForm(forms.Form):
    """The text of a process; `expected` is which save of the draft it began from, 0 if there was none."""

    expected = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    source = forms.CharField(
        label="The process as text",
        strip=False,
        max_length=LONGEST,
        widget=forms.Textarea(
            {"rows": 30, "spellcheck": "false", "autocapitalize": "off", "autocomplete": "off", "wrap": "off"}
        ),
        error_messages={"required": "Write the process first"},
    )


class TryForm(forms.Form):
    """How many made-up cases, and with whom."""

    say_optional = False

    cases = forms.IntegerField(
        label="Made-up cases",
        required=False,
        min_value=1,
        max_value=MOST_CASES,
        initial=CASES,
        widget=Text(width=5),
    )
    council = forms.ChoiceField(label="With the people of", required=False)

    def __init__(self, data: Any, *, councils: Sequence[Council]) -> None:
        super().__init__(data)
        field = self.fields["council"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "as many as it needs"), *((each.code, each.name) for each in councils)]

    @property
    def wanted(self) -> int:
        """How many cases are tried."""
        return self.cleaned_data["cases"] or CASES


class BeginForm(forms.Form):
    """A new process: its name for ever, its title, and what it is like."""

    title = forms.CharField(
        label="What is it called?",
        help_text="For example, Skip permit. Staff read it, and residents too if it is a service.",
        max_length=200,
        error_messages={"required": "Enter what the process is called"},
    )
    key = forms.RegexField(
        rf"\A{PROCESS_KEY.pattern}\Z",
        label="What is its short name?",
        help_text="Small letters, figures and hyphens, as in skip-permit. It stays for ever.",
        max_length=60,
        error_messages={
            "required": "Enter a short name",
            "invalid": "The short name begins with a small letter; it has small letters, figures and hyphens only",
        },
    )
    like = forms.ChoiceField(
        label="What is it like?",
        help_text="Its text is copied, for you to change. Nothing is published yet.",
        error_messages={"required": "Choose what to begin with"},
    )

    def __init__(self, data: Any, *, templates: Mapping[str, str]) -> None:
        super().__init__(data)
        field = self.fields["like"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(templates.items())


class ImportForm(forms.Form):
    """A process from another tool."""

    file = forms.FileField(
        label="The file",
        help_text="A process as BPMN 2.0 XML, at most 2 MB.",
        error_messages={"required": "Choose a file", "empty": "The file is empty"},
    )
    key = forms.RegexField(
        rf"\A{PROCESS_KEY.pattern}\Z",
        label="Its short name here",
        help_text="Leave it empty to take the name from the file.",
        max_length=60,
        required=False,
        error_messages={"invalid": "The short name has small letters, figures and hyphens only"},
    )

    @property
    def content(self) -> bytes:
        """The file, or as much of it as shows that it is too large."""
        upload = self.cleaned_data["file"]
        assert isinstance(upload, UploadedFile)
        return bytes(upload.read(LARGEST_BPMN + 1))


class MoveForm(forms.Form):
    """For each thing that is gone, what it becomes."""

    say_optional = False

    def __init__(self, data: Any, *, groups: Sequence[Group]) -> None:
        super().__init__(data)
        self.keys: dict[str, str] = {}
        for group in groups:
            trouble = group.trouble
            if trouble.key in self.keys.values() or not (trouble.options or trouble.may_drop):
                continue
            name = f"choice_{len(self.keys)}"
            self.keys[name] = trouble.key
            drop = [(ASIDE, "Set it aside: it stays in the history")] if trouble.may_drop else []
            options = [(each, f"{plain(each)} ({each})") for each in trouble.options]
            self.fields[name] = forms.ChoiceField(
                label=f"What becomes of “{trouble.key}”?",
                required=False,
                choices=[("", "Leave these cases on their version"), *options, *drop],
            )

    @property
    def choices(self) -> dict[str, str]:
        """What was chosen, by what it is about."""
        self.is_valid()
        given = {self.keys[name]: str(self.cleaned_data.get(name) or "") for name in self.keys}
        return {key: to for key, to in given.items() if to}
