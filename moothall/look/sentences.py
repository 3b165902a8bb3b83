"""What a form says is wrong: Django's own messages in words that name the question and say what to do."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField, Field

_CHOICES = (forms.ChoiceField, forms.ModelChoiceField)


def errors_of(bound: BoundField) -> list[str]:
    """Return the errors of a field as sentences; a message that a form chose itself stays as it is."""
    errors = bound.errors
    if not errors:
        return []
    return [text for error in errors.as_data() for text in _sentences(bound, error)]


def _sentences(bound: BoundField, error: ValidationError) -> list[str]:
    say = _BY_CODE.get(error.code or "")
    if say is None or _chosen_by_form(bound.field, error):
        return [str(text) for text in error.messages]
    return [say(bound, error.params or {})]


def _chosen_by_form(field: Field, error: ValidationError) -> bool:
    code = error.code or ""
    defaults: dict[str, Any] = {}
    for each in reversed(type(field).__mro__):
        defaults.update(getattr(each, "default_error_messages", {}))
    if code in field.error_messages and field.error_messages[code] != defaults.get(code):
        return True
    ours = {str(defaults.get(code, ""))} | {str(getattr(each, "message", "")) for each in field.validators}
    return str(error.message) not in ours


def _named(bound: BoundField) -> str:
    """Return the label as it reads inside a sentence."""
    label = str(bound.label).removesuffix(" (optional)")
    if label.endswith("?") or not label[1:2].islower():
        return f"“{label}”"
    return label[0].lower() + label[1:]


def _required(bound: BoundField, _facts: Any) -> str:
    field, name = bound.field, _named(bound)
    if isinstance(field, forms.BooleanField):
        return f"Tick “{bound.label}” to go on"
    if name.startswith("“"):
        return f"Answer {name}"
    if isinstance(field, forms.FileField):
        return f"Choose a file for {name}"
    return f"{'Choose' if isinstance(field, _CHOICES) else 'Enter'} {name}"


def _start(bound: BoundField) -> str:
    name = _named(bound)
    return f"The answer to {name}" if name.startswith("“") else name[0].upper() + name[1:]


def _invalid(bound: BoundField, _facts: Any) -> str:
    if isinstance(bound.field, forms.EmailField):
        return "Enter an email address in the correct format, like name@example.com"
    if isinstance(bound.field, forms.IntegerField | forms.DecimalField | forms.FloatField):
        return f"{_start(bound)} must be a number, like {'12' if _whole(bound.field) else '12.50'}"
    return f"{_start(bound)} is not in a form we can read"


def _whole(field: Field) -> bool:
    return isinstance(field, forms.IntegerField) and not isinstance(field, forms.DecimalField)


_BY_CODE: dict[str, Callable[[BoundField, Any], str]] = {
    "required": _required,
    "invalid": _invalid,
    "invalid_choice": lambda bound, _facts: f"Choose one of the answers to {_named(bound)}",
    "max_length": lambda bound, facts: (
        f"{_start(bound)} must be {facts['limit_value']:,} characters or fewer"
        f" (you entered {facts['show_value']:,})"
    ),
    "min_length": lambda bound, facts: f"{_start(bound)} must be {facts['limit_value']:,} characters or more",
    "max_value": lambda bound, facts: f"{_start(bound)} must be {facts['limit_value']} or less",
    "min_value": lambda bound, facts: f"{_start(bound)} must be {facts['limit_value']} or more",
    "null_characters_not_allowed": lambda bound, _facts: (
        f"{_start(bound)} has a character that cannot be kept"
    ),
}
