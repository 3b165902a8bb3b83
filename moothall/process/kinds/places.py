"""Questions answered with a place: postcode, address (in the words of BS 7666), location without a map."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from moothall.process.definition import Field
from moothall.process.kinds.kind import Kind, Wrong
from moothall.process.kinds.tidying import tidy

_POSTCODE = re.compile(
    r"(GIR|[A-PR-UWYZ](?:[0-9]{1,2}|[A-HK-Y][0-9](?:[0-9ABEHMNPRVWXY])?|[0-9][A-HJKPSTUW]))"
    r"([0-9][ABD-HJLNP-UW-Z]{2})"
)
_UPRN = re.compile(r"\d{1,12}", re.ASCII)
_DEGREES = re.compile(r"-?\d{1,3}(?:\.\d{1,15})?", re.ASCII)
_LINE = 100
_FULL = "Enter a full UK postcode, like AB10 1AB."
NORTH, SOUTH, EAST, WEST = 60.95, 49.8, 1.8, -8.7
"""The box around the United Kingdom, from the Scillies to Shetland and from Fermanagh to Lowestoft."""


def postcode(raw: Any) -> str | None:
    """Return a UK postcode as Royal Mail writes it.

    >>> postcode("sw1a1aa")
    'SW1A 1AA'
    """
    text = tidy(raw, longest=20, name="Postcode")
    if not text:
        return None
    found = _POSTCODE.fullmatch(re.sub(r"[\s.\-]", "", text).upper())
    if found is None:
        raise Wrong(_FULL, {"postcode": _FULL})
    return f"{found[1]} {found[2]}"


class PostcodeKind(Kind):
    name = "postcode"

    def missing(self, _field: Field) -> str:
        return "Enter a postcode."

    def clean(self, _field: Field, raw: Any, *, today: date) -> str | None:  # noqa: ARG002
        return postcode(raw)

    def search_text(self, _field: Field, value: Any) -> str:
        return f"{value} {value.replace(' ', '')}"


def uprn(raw: Any) -> str | None:
    """Return a unique property reference number without its leading noughts (BS 7666: up to 12 digits).

    >>> uprn("010 0023 336 956")
    '100023336956'
    """
    text = tidy(raw, longest=30, name="UPRN").replace(" ", "")
    if not text:
        return None
    if not _UPRN.fullmatch(text.lstrip("0")):
        raise Wrong("A unique property reference number (UPRN) has up to 12 digits.")
    return text.lstrip("0")


class UprnKind(Kind):
    """A property by its number in the gazetteer."""

    name = "uprn"

    def missing(self, _field: Field) -> str:
        return "Enter a unique property reference number (UPRN)."

    def clean(self, _field: Field, raw: Any, *, today: date) -> str | None:  # noqa: ARG002
        return uprn(raw)


class _PlaceKind(Kind):
    """A place of several boxes, each cleaned by itself, all complaints together."""

    rules = "parts"

    def gathered(self, field: Field, raw: Any) -> dict[str, Any]:
        if raw is None or raw == "":
            return {}
        if not isinstance(raw, Mapping):
            raise Wrong(self.missing(field))
        kept: dict[str, Any] = {}
        wrong: dict[str, str] = {}
        for part in self.parts:
            try:
                value = self.part(part, raw.get(part))
            except Wrong as error:
                wrong[part] = error.sentence
            else:
                kept |= {part: value} if value not in (None, "") else {}
        if wrong:
            raise Wrong(" ".join(wrong.values()), wrong)
        return kept

    def part(self, part: str, raw: Any) -> Any:
        if part == "postcode":
            return postcode(raw)
        return tidy(raw, longest=_LINE, name=part.capitalize())

    def words(self, _field: Field, value: Any) -> str:
        shown = ("line1", "line2", "place", "near", "town", "postcode")
        return ", ".join(str(value[part]) for part in shown if value.get(part))

    def search_text(self, field: Field, value: Any) -> str:
        return (
            f"{self.words(field, value)} {value.get('postcode', '').replace(' ', '')} {value.get('uprn', '')}"
        )


class AddressKind(_PlaceKind):
    name = "address"
    parts = ("line1", "line2", "town", "postcode", "uprn")
    _needed = {
        "line1": "Enter address line 1, typically the building and street.",
        "town": "Enter town or city.",
        "postcode": "Enter postcode.",
    }

    def missing(self, field: Field) -> str:
        return f"Enter an address for “{field.name}”."

    def clean(self, field: Field, raw: Any, *, today: date) -> dict[str, str] | None:  # noqa: ARG002
        kept = self.gathered(field, raw)
        if not kept:
            return None
        wrong = {part: sentence for part, sentence in self._needed.items() if part not in kept}
        if wrong:
            raise Wrong(" ".join(wrong.values()), wrong)
        return kept

    def part(self, part: str, raw: Any) -> Any:
        if part != "uprn":
            return super().part(part, raw)
        return uprn(raw)


class LocationKind(_PlaceKind):
    """A street or place in words; a device may add where it stands."""

    name = "location"
    parts = ("place", "near", "postcode", "latitude", "longitude")

    def missing(self, _field: Field) -> str:
        return "Enter the street or place, for example High Street or Mill Road car park."

    def clean(self, field: Field, raw: Any, *, today: date) -> dict[str, Any] | None:  # noqa: ARG002
        kept = self.gathered(field, raw)
        if not kept:
            return None
        position = {"latitude", "longitude"} & set(kept)
        if len(position) == 1:
            raise Wrong("A position needs both a latitude and a longitude.")
        if "place" not in kept and not position:
            raise Wrong(self.missing(field), {"place": self.missing(field)})
        return kept

    def part(self, part: str, raw: Any) -> Any:
        if part not in ("latitude", "longitude"):
            return super().part(part, raw)
        number = isinstance(raw, int | float) and not isinstance(raw, bool)
        text = tidy(f"{raw:.15f}"[:20] if number else raw, longest=20, name=part.capitalize())
        if not text:
            return None
        if not _DEGREES.fullmatch(text):
            raise Wrong(
                f"{part.capitalize()} must be a number, like {'51.5' if part == 'latitude' else '-0.12'}."
            )
        degrees = round(float(text), 6)
        least, most = (SOUTH, NORTH) if part == "latitude" else (WEST, EAST)
        if not least <= degrees <= most:
            raise Wrong("That position is not in the United Kingdom.")
        return degrees

    def words(self, field: Field, value: Any) -> str:
        text = super().words(field, value)
        return text or f"{value['latitude']}, {value['longitude']}"
