"""Inputs that Django lacks. Its own are drawn by the templates in jinja2/django/forms/widgets."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

PARTS = ("day", "month", "year")
_WIDEST = {"day": 2, "month": 2, "year": 4}


class Text(forms.TextInput):
    """A text input with a width in characters (2, 3, 4, 5, 10, 20 or 30), and perhaps a prefix or suffix."""

    template_name = "look/forms/text.html"

    def __init__(
        self, *, width: int = 0, prefix: str = "", suffix: str = "", attrs: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(
            {"class": f"govuk-input--width-{width}", **(attrs or {})} if width else dict(attrs or {})
        )
        self.prefix = prefix
        self.suffix = suffix

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["prefix"] = self.prefix
        context["widget"]["suffix"] = self.suffix
        return context


class Phone(forms.TextInput):
    """A telephone number; spaces and a plus are welcome."""

    input_type = "tel"
    template_name = "django/forms/widgets/tel.html"


class _Options(forms.Widget):
    """What radios and checkboxes of ours have in common: hints, an “or”, and being small."""

    hints: Mapping[str, str] = {}
    divider_before: str | None = None

    def decorate(self, option: dict[str, Any]) -> dict[str, Any]:
        value = str(option["value"])
        option["hint"] = self.hints.get(value, "")
        option["divider"] = self.divider_before is not None and value == self.divider_before
        return option


class Radios(_Options, forms.RadioSelect):
    """Radios with hints by value, in one line if `inline`, and “or” before one of them."""

    def __init__(
        self,
        *,
        inline: bool = False,
        small: bool = False,
        hints: Mapping[str, str] | None = None,
        divider_before: str | None = None,
        choices: Sequence[Any] = (),
    ) -> None:
        classes = ["govuk-radios--inline"] * inline + ["govuk-radios--small"] * small
        super().__init__({"class": " ".join(classes)} if classes else {}, choices)
        self.hints = hints or {}
        self.divider_before = divider_before

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return self.decorate(super().create_option(*args, **kwargs))


class Checkboxes(_Options, forms.CheckboxSelectMultiple):
    """Checkboxes with hints by value, and “or” before one of them."""

    def __init__(
        self,
        *,
        small: bool = False,
        hints: Mapping[str, str] | None = None,
        divider_before: str | None = None,
        choices: Sequence[Any] = (),
    ) -> None:
        super().__init__({"class": "govuk-checkboxes--small"} if small else {}, choices)
        self.hints = hints or {}
        self.divider_before = divider_before

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return self.decorate(super().create_option(*args, **kwargs))


class DateParts(forms.Widget):
    """A date in three boxes, kept as it was typed until it is a date."""

    template_name = "look/forms/date.html"
    use_fieldset = True

    def __init__(self, attrs: Mapping[str, Any] | None = None, *, birthday: bool = False) -> None:
        super().__init__(dict(attrs or {}))
        self.birthday = birthday

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> tuple[str, ...]:  # noqa: ARG002
        return tuple(str(data.get(f"{name}_{part}") or "").strip() for part in PARTS)

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:  # noqa: ARG002
        return not any(f"{name}_{part}" in data for part in PARTS)

    def id_for_label(self, id_: str | None, index: str | None = None) -> str:  # noqa: ARG002 - as Django calls it
        return f"{id_}_day"

    @staticmethod
    def typed(value: Any) -> tuple[str, ...]:
        """Return the three boxes for a value, whether it came from the browser or from a row."""
        if isinstance(value, str) and value:
            try:
                value = dt.date.fromisoformat(value)
            except ValueError:
                return ("", "", "")
        if isinstance(value, dt.date):
            return (str(value.day), str(value.month), str(value.year))
        return tuple(str(part) for part in value) if value else ("", "", "")

    def wrong_parts(self, value: Any) -> tuple[str, ...]:
        """Return the boxes that have to be looked at: those named, those missing or impossible, or all."""
        if named := self.attrs.get("wrong_parts"):
            return tuple(part for part in PARTS if part in named) or PARTS
        typed = dict(zip(PARTS, self.typed(value), strict=True))
        wrong = tuple(part for part in PARTS if not _possible(part, typed[part]))
        return wrong or PARTS

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        wrong = context["widget"]["attrs"].pop("wrong", ())
        base = context["widget"]["attrs"].get("id", f"id_{name}")
        context["widget"]["parts"] = [
            {
                "label": part.capitalize(),
                "name": f"{name}_{part}",
                "id": f"{base}_{part}",
                "value": typed,
                "width": _WIDEST[part],
                "wrong": part in wrong,
                "autocomplete": f"bday-{part}" if self.birthday else "",
            }
            for part, typed in zip(PARTS, self.typed(value), strict=True)
        ]
        return context


def _possible(part: str, text: str) -> bool:
    if part == "month" and text[:3].lower() in MONTHS:
        return True
    if not (text.isascii() and text.isdigit()) or len(text) > _WIDEST[part]:
        return False
    least, most = {"day": (1, 31), "month": (1, 12), "year": (1000, 9999)}[part]
    return least <= int(text) <= most


MONTHS = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], start=1
    )
}
