"""The types of question: how an answer is cleaned, kept as JSON, read back, compared and searched for.

Whatever arrives from outside goes through `clean`; what comes out is plain JSON within known lengths, or a
`Wrong` with a whole sentence for the person.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from moothall.process.definition import Field
from moothall.process.kinds.choosing import ChoiceKind, ChoicesKind, YesNoKind
from moothall.process.kinds.colleagues import StaffKind
from moothall.process.kinds.dates import DateKind
from moothall.process.kinds.kind import Kind, Wrong
from moothall.process.kinds.moments import DateTimeKind
from moothall.process.kinds.numbers import MoneyKind, NumberKind
from moothall.process.kinds.people import PersonKind
from moothall.process.kinds.places import AddressKind, LocationKind, PostcodeKind, UprnKind
from moothall.process.kinds.uploads import FileKind, PhotoKind
from moothall.process.kinds.writing import EmailKind, ListKind, ParagraphKind, PhoneKind, TextKind

__all__ = ["KINDS", "Kind", "Wrong", "clean", "kind_of", "words"]

KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        TextKind(),
        ParagraphKind(),
        ListKind(),
        YesNoKind(),
        ChoiceKind(),
        ChoicesKind(),
        DateKind(),
        DateTimeKind(),
        NumberKind(),
        MoneyKind(),
        EmailKind(),
        PhoneKind(),
        PostcodeKind(),
        AddressKind(),
        LocationKind(),
        UprnKind(),
        PersonKind(),
        StaffKind(),
        PhotoKind(),
        FileKind(),
    )
}


def kind_of(field: Field) -> Kind:
    """Return what the field's type can do."""
    return KINDS[field.type]


def clean(field: Field, raw: Any, *, today: date, must: bool | None = None) -> Any:
    """Return the answer as JSON, None if it was left out and may be; otherwise raise Wrong.

    Whether it `must` be given follows from the field, unless it is said.
    """
    kind = KINDS[field.type]
    value = kind.clean(field, raw, today=today)
    if value is None and (not field.optional if must is None else must):
        raise Wrong(field.missing or kind.missing(field))
    return value


def words(field: Field, value: Any) -> str:
    """Return an answer as people read it."""
    return KINDS[field.type].words(field, value) if value is not None else "Not given"
