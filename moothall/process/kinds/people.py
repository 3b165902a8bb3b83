"""A question answered with a person: names, and the date of birth if it is known. Later linked to a register."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from moothall.process.definition import Field
from moothall.process.kinds.dates import DateKind, written
from moothall.process.kinds.kind import Kind, Wrong
from moothall.process.kinds.tidying import tidy

_LONGEST = 100
_BORN = Field(key="born", ask="Date of birth", type="date", optional=True, max="today")
_NAMES = {"given": "First name", "family": "Last name"}


class PersonKind(Kind):
    """At least one name: some people have only one, and of a child that is not born yet there is only the family's."""

    name = "person"
    parts = ("given", "family", "born")
    rules = "parts"

    def missing(self, field: Field) -> str:
        return f"Enter a name for “{field.name}”."

    def clean(self, field: Field, raw: Any, *, today: date) -> dict[str, str] | None:
        if raw is None or raw in ("", {}):
            return None
        if not isinstance(raw, Mapping):
            raise Wrong(self.missing(field))
        kept: dict[str, str] = {}
        wrong: dict[str, str] = {}
        for part, said in _NAMES.items():
            try:
                kept[part] = tidy(raw.get(part), longest=_LONGEST, name=said)
            except Wrong as error:
                wrong[part] = error.sentence
        try:
            kept["born"] = DateKind().clean(_BORN, raw.get("born"), today=today) or ""
        except Wrong as error:
            wrong |= {f"born_{part}": error.sentence for part in error.parts or DateKind.parts}
        if wrong:
            raise Wrong(" ".join(dict.fromkeys(wrong.values())), wrong)
        kept = {part: value for part, value in kept.items() if value}
        if set(kept) == {"born"}:
            raise Wrong(self.missing(field), dict.fromkeys(_NAMES, self.missing(field)))
        return kept or None

    def words(self, field: Field, value: Any) -> str:
        """Return name and date of birth.

        >>> PersonKind().words(None, {"given": "Ada", "family": "Ng", "born": "2016-03-07"})
        'Ada Ng, born 7 March 2016'
        """
        name = self.headline(field, value)
        return f"{name}, born {written(date.fromisoformat(value['born']))}" if value.get("born") else name

    def headline(self, _field: Field, value: Any) -> str:
        return " ".join(value[part] for part in _NAMES if value.get(part))

    def search_text(self, field: Field, value: Any) -> str:
        return self.headline(field, value)
