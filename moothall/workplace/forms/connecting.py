"""For which of a person's records a letter is made."""

from collections.abc import Sequence
from typing import Any

from django import forms

from moothall.look.widgets import Radios
from moothall.persons.models import Record


class LetterForm(forms.Form):
    """Which council's letter it is; nothing is asked where only one holds a record."""

    say_optional = False

    record = forms.ChoiceField(
        label="Which council writes?",
        widget=Radios(),
        error_messages={
            "required": "Choose which council writes",
            "invalid_choice": "Choose which council writes",
        },
    )

    def __init__(self, *args: Any, records: Sequence[Record], **more: Any) -> None:
        super().__init__(*args, **more)
        choices = [(str(record.pk), record.council.name) for record in records]
        if len(choices) > 1:
            field = self.fields["record"]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices
            field.widget.is_required = False
        else:
            del self.fields["record"]
