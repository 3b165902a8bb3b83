"""Questions answered by choosing: yesno, choice, choices."""

from datetime import date
from typing import Any

from moothall.process.definition import Field
from moothall.process.kinds.kind import Kind, Wrong

_YES = ("yes", "true")
_NO = ("no", "false")
_MOST = 200


def choice_words(field: Field, key: Any) -> str:
    """Return the words of a choice; its key if the choice is gone."""
    return next((choice.words for choice in field.of if choice.key == key), str(key))


class YesNoKind(Kind):
    name = "yesno"
    rules = "yesno"

    def missing(self, field: Field) -> str:
        return f"Select yes or no for “{field.name}”."

    def clean(self, field: Field, raw: Any, *, today: date) -> bool | None:  # noqa: ARG002
        if raw is None or raw == "":
            return None
        if isinstance(raw, bool):
            return raw
        if raw in _YES:
            return True
        if raw in _NO:
            return False
        raise Wrong(self.missing(field))

    def words(self, _field: Field, value: Any) -> str:
        return "Yes" if value else "No"

    def search_text(self, _field: Field, _value: Any) -> str:
        return ""


class ChoiceKind(Kind):
    name = "choice"
    options = frozenset({"of"})

    def missing(self, field: Field) -> str:
        return f"Select an answer to “{field.name}”."

    def clean(self, field: Field, raw: Any, *, today: date) -> str | None:  # noqa: ARG002
        if raw is None or raw == "":
            return None
        for choice in field.of:
            if choice.key == raw:
                return choice.key
        raise Wrong(f"Select one of the answers to “{field.name}”.")

    def words(self, field: Field, value: Any) -> str:
        return choice_words(field, value)


class ChoicesKind(Kind):
    """Kept in the order of the process, each once."""

    name = "choices"
    options = frozenset({"of"})
    rules = "list"

    def missing(self, field: Field) -> str:
        return f"Select at least one answer to “{field.name}”."

    def clean(self, field: Field, raw: Any, *, today: date) -> list[str] | None:  # noqa: ARG002
        if raw is None or raw in ("", []):
            return None
        chosen = raw if isinstance(raw, list | tuple) else [raw]
        known = {choice.key for choice in field.of}
        if len(chosen) > _MOST or not all(isinstance(key, str) and key in known for key in chosen):
            raise Wrong(f"Select one or more of the answers to “{field.name}”.")
        return [choice.key for choice in field.of if choice.key in chosen]

    def words(self, field: Field, value: Any) -> str:
        return ", ".join(choice_words(field, key) for key in value)
