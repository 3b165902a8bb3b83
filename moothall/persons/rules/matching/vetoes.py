"""Two people who are never joined by themselves, however much they share: relatives at one address, twins, namesakes.

A veto is a set of levels for some fields; where all hold, somebody has to look. The batch reads the same table.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from moothall.persons.rules.matching.fields import FIELDS


@dataclass(frozen=True, slots=True)
class Veto:
    """A sentence for whoever has to look, and the levels of each field at which it holds."""

    sentence: str
    where: dict[str, frozenset[str]]


def _but(field: str, *levels: str) -> frozenset[str]:
    """Return all levels of a field but these."""
    names = next(each.names for each in FIELDS if each.key == field)
    return frozenset(names) - set(levels)


_NO_NUMBER = {field: _but(field, "same") for field in ("nhs", "nino")}
_HOME = frozenset({"missing", "uprn", "spot", "line", "postcode"})

VETOES = (
    Veto("Their NHS numbers are both valid, and differ.", {"nhs": frozenset({"differs"})}),
    Veto(
        "Their forenames are different names, as those of relatives and twins are.",
        {"forename": frozenset({"differs"})},
    ),
    Veto(
        "They were born on one day and their forenames are alike, as those of twins may be.",
        {
            "forename": frozenset({"close"}),
            "born": frozenset({"same", "january"}),
            "address": _HOME,
            "nhs": _but("nhs", "same"),
        },
    ),
    Veto(
        "Their dates of birth are far apart, as those of parent and child or of namesakes are.",
        {"born": frozenset({"year", "differs"}), **_NO_NUMBER},
    ),
    Veto(
        "A date of birth is missing, and a parent and child may have one name.",
        {
            "born": frozenset({"missing"}),
            "phone": _but("phone", "same"),
            "email": _but("email", "same"),
            **_NO_NUMBER,
        },
    ),
    Veto(
        "A forename is missing, and a relative would look the same.",
        {"forename": frozenset({"missing"}), "email": _but("email", "same"), **_NO_NUMBER},
    ),
)
_PLACES = {field.key: place for place, field in enumerate(FIELDS)}
_MASKS = tuple(
    (
        veto.sentence,
        tuple(
            (_PLACES[key], sum(1 << FIELDS[_PLACES[key]].names.index(level) for level in levels))
            for key, levels in veto.where.items()
        ),
    )
    for veto in VETOES
)


def veto(levels: Sequence[int]) -> str:
    """Return why two people at these levels (in the order of `FIELDS`) are never joined by themselves, or ""."""
    for sentence, masks in _MASKS:
        for place, mask in masks:
            if not mask >> levels[place] & 1:
                break
        else:
            return sentence
    return ""
