"""What every type of question can do."""

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from moothall.process.definition import Field

LONDON = ZoneInfo("Europe/London")


class Wrong(ValueError):
    """An answer that cannot be taken, with a whole sentence; `parts` says which of several boxes it means."""

    def __init__(self, sentence: str, parts: Mapping[str, str] | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.parts = dict(parts or {})


class Kind:
    """One type of question. `options` are the keys its fields may have in a process file."""

    name: ClassVar[str]
    options: ClassVar[frozenset[str]] = frozenset()
    parts: ClassVar[tuple[str, ...]] = ()
    rules: ClassVar[str] = "text"
    """What its answers are in rules: text, number, yesno, date, time, list or parts."""
    hint: ClassVar[str] = ""
    """What stands under a question that has no hint of its own."""

    def missing(self, field: Field) -> str:
        """Return the sentence for an answer that was left out."""
        return f"Enter an answer to “{field.name}”."

    def clean(self, field: Field, raw: Any, *, today: date) -> Any:
        """Return the JSON value of what was entered, None for nothing, or raise Wrong."""
        raise NotImplementedError

    def words(self, _field: Field, value: Any) -> str:
        """Return a value as people read it."""
        return str(value)

    def headline(self, field: Field, value: Any) -> str:
        """Return a value as it stands in the one line by which staff know a case."""
        return self.words(field, value).replace("\n", ", ")

    def rule_value(self, value: Any) -> Any:
        """Return the value as rules compare it."""
        return value

    def search_text(self, field: Field, value: Any) -> str:
        """Return the text by which a case may be found through this answer."""
        return self.words(field, value)
