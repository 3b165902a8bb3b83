"""Forms about changes that were seen: what one is, and a file of them."""

from typing import Any

from django import forms

from moothall.look.widgets import Text
from moothall.servicedesk.models import Observed
from moothall.workplace.forms.desk.changes import paragraph
from moothall.workplace.forms.desk.setting_up import Pairs, choose, one_of

LARGEST = 2 * 1024 * 1024


class WhyForm(forms.Form):
    why = paragraph("Why?", "Say why, for whoever reads this later", 2)


class BelongsForm(forms.Form):
    reference = forms.CharField(
        label="Reference of the change",
        max_length=20,
        widget=Text(width=20, attrs={"spellcheck": "false", "autocomplete": "off"}),
        error_messages={"required": "Enter the reference of the change"},
    )
    why = paragraph("Why was it not found by itself?", "Say why, for whoever reads this later", 2)


class FileForm(forms.Form):
    council = one_of("Whose systems are they?", missing="Choose a council")
    source = forms.CharField(
        label="Where does the file come from?",
        help_text="Like NetBox. The same source and line are taken in once.",
        max_length=100,
        widget=Text(width=20),
        error_messages={"required": "Enter where the file comes from"},
    )
    file = forms.FileField(label="CSV file", error_messages={"required": "Choose a file"})

    def __init__(self, data: Any = None, files: Any = None, *, councils: Pairs) -> None:
        super().__init__(data, files)
        choose(self, "council", councils, "Choose a council")

    @property
    def text(self) -> str | None:
        """What the file says; None if it is too large or no text."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            self.add_error("file", "The file is larger than 2 MB. Send it in parts.")
            return None
        try:
            return str(file.read().decode("utf-8-sig"))
        except UnicodeDecodeError:
            self.add_error("file", "The file is no text in UTF-8. Save it as CSV (UTF-8).")
            return None


VERDICTS = tuple(Observed.Verdict.choices)
