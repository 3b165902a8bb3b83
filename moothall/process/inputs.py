"""The inputs for each type of question, drawn by the look of the house."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django import forms

from moothall.look import dates
from moothall.look import widgets as look
from moothall.process.definition import Field
from moothall.process.kinds.uploads import FileKind, PhotoKind

_MANY = 12


@dataclass(frozen=True, slots=True)
class Box:
    """One box of several: its label, what a browser may fill it with, how wide it is."""

    label: str
    autocomplete: str = ""
    width: int = 0
    hint: str = ""
    day: bool = False


_DAY = {"day": Box("Day", width=2, day=True), "month": Box("Month", width=2, day=True)}
_DAY |= {"year": Box("Year", width=4, day=True)}


class Parts(forms.Widget):
    """Several boxes for one answer; `unseen` ones are filled by the browser's own means, if at all."""

    template_name = "process/parts.html"
    use_fieldset = True
    boxes: ClassVar[Mapping[str, Box]] = {}
    unseen: ClassVar[tuple[str, ...]] = ()

    def value_from_datadict(self, data: Mapping[str, Any], _files: Any, name: str) -> dict[str, str]:
        typed = {part: str(data.get(f"{name}_{part}") or "") for part in (*self.boxes, *self.unseen)}
        return typed if any(text.strip() for text in typed.values()) else {}

    def value_omitted_from_data(self, data: Mapping[str, Any], _files: Any, name: str) -> bool:
        return not any(f"{name}_{part}" in data for part in self.boxes)

    def id_for_label(self, id_: str | None, index: str | None = None) -> str:  # noqa: ARG002 - as Django calls it
        wrong = self.attrs.get("wrong_parts") or ()
        return f"{id_}_{next((part for part in self.boxes if part in wrong), next(iter(self.boxes)))}"

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        wrong = bool(context["widget"]["attrs"].pop("wrong", False))
        base = context["widget"]["attrs"].get("id") or f"id_{name}"
        held = value if isinstance(value, Mapping) else {}
        context["widget"]["parts"] = [
            {
                "id": f"{base}_{part}",
                "name": f"{name}_{part}",
                "label": box.label,
                "hint": box.hint,
                "width": box.width,
                "autocomplete": box.autocomplete,
                "day": box.day,
                "value": str(held.get(part, "")),
                "wrong": wrong and part in (self.attrs.get("wrong_parts") or self.boxes),
            }
            for part, box in self.boxes.items()
        ]
        context["widget"]["unseen"] = [
            {"id": f"{base}_{part}", "name": f"{name}_{part}", "part": part, "value": str(held.get(part, ""))}
            for part in self.unseen
        ]
        return context


class AddressParts(Parts):
    boxes = {
        "line1": Box("Address line 1", "address-line1"),
        "line2": Box("Address line 2 (optional)", "address-line2"),
        "town": Box("Town or city", "address-level2", 20),
        "postcode": Box("Postcode", "postal-code", 10),
    }
    unseen = ("uprn",)


class LocationParts(Parts):
    """Where something is, in words; no map is needed, and a script may add where the phone is."""

    boxes = {
        "place": Box("Street or place"),
        "near": Box(
            "Nearest building number or landmark (optional)", hint="For example, opposite number 14."
        ),
        "postcode": Box("Postcode (optional)", "", 10),
    }
    unseen = ("latitude", "longitude")


class DateTimeParts(Parts):
    """A day in three boxes, and the time of day in words or figures."""

    template_name = "process/datetime.html"
    boxes = {**_DAY, "time": Box("Time", width=10, hint="For example, 9:30am or 14:00.")}

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        if isinstance(value, str) and value:
            here = datetime.fromisoformat(value).astimezone(dates.LONDON)
            value = {"day": here.day, "month": here.month, "year": here.year, "time": dates.time_of_day(here)}
        return super().get_context(name, value, attrs)


class PersonParts(Parts):
    """A name in two boxes, and the date of birth."""

    template_name = "process/person.html"
    boxes = {"given": Box("First name"), "family": Box("Last name")}
    boxes |= {f"born_{part}": box for part, box in _DAY.items()}

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> dict[str, Any]:
        typed = super().value_from_datadict(data, files, name)
        born = {part: typed.pop(f"born_{part}", "") for part in _DAY}
        return {**typed, "born": born} if typed else {}

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        held = dict(value) if isinstance(value, Mapping) else {}
        born = held.pop("born", None) or {}
        if isinstance(born, str):
            born = dict(zip(("year", "month", "day"), map(int, born.split("-")), strict=True))
        return super().get_context(name, held | {f"born_{part}": text for part, text in born.items()}, attrs)


class Files(forms.FileInput):
    """One or several files."""

    template_name = "django/forms/widgets/file.html"
    allow_multiple_selected = True

    def value_from_datadict(self, _data: Any, files: Any, name: str) -> list[Any]:
        given = files.getlist(name) if hasattr(files, "getlist") else [files[name]] if files.get(name) else []
        return [file for file in given if file]


def widget_of(field: Field) -> forms.Widget:
    """Return the input for a question."""
    return _WIDGETS[field.type](field)


def _yesno(_field: Field) -> forms.Widget:
    return look.Radios(inline=True, choices=[("yes", "Yes"), ("no", "No")])


def _choice(field: Field) -> forms.Widget:
    pairs = [(choice.key, choice.words) for choice in field.of]
    if len(pairs) > _MANY:
        return forms.Select(choices=[("", "Choose"), *pairs])
    return look.Radios(choices=pairs, hints={choice.key: choice.hint for choice in field.of})


def _choices(field: Field) -> forms.Widget:
    hints = {choice.key: choice.hint for choice in field.of}
    return look.Checkboxes(choices=[(choice.key, choice.words) for choice in field.of], hints=hints)


def _paragraph(field: Field) -> forms.Widget:
    longest = field.max if isinstance(field.max, int) else 4_000
    return forms.Textarea({"rows": "5" if longest <= 1_000 else "8", "maxlength": str(longest)})  # noqa: PLR2004


def _list(_field: Field) -> forms.Widget:
    return forms.Textarea({"rows": "5"})


def _number(field: Field) -> forms.Widget:
    return look.Text(width=5, suffix=field.unit, attrs={"inputmode": "numeric", "spellcheck": "false"})


def _files(field: Field) -> forms.Widget:
    kind = PhotoKind if field.type == "photo" else FileKind
    return Files({"accept": kind.accept} | ({"multiple": True} if field.most > 1 else {}))


_WIDGETS: Mapping[str, Callable[[Field], forms.Widget]] = {
    "text": lambda _field: look.Text(),
    "paragraph": _paragraph,
    "list": _list,
    "yesno": _yesno,
    "choice": _choice,
    "choices": _choices,
    "date": lambda _field: look.DateParts(),
    "datetime": lambda _field: DateTimeParts(),
    "number": _number,
    "money": lambda _field: look.Text(width=10, prefix="£", attrs={"inputmode": "decimal"}),
    "email": lambda _field: forms.EmailInput({"autocomplete": "email", "spellcheck": "false"}),
    "phone": lambda _field: look.Phone({"autocomplete": "tel"}),
    "postcode": lambda _field: look.Text(width=10, attrs={"autocomplete": "postal-code"}),
    "address": lambda _field: AddressParts(),
    "location": lambda _field: LocationParts(),
    "uprn": lambda _field: look.Text(width=20, attrs={"inputmode": "numeric", "spellcheck": "false"}),
    "person": lambda _field: PersonParts(),
    "staff": lambda _field: look.Text(attrs={"spellcheck": "false", "autocomplete": "off"}),
    "photo": _files,
    "file": _files,
}
