"""What belongs to one council: each table of its own, the directory that its rows point to, and its record."""

import base64
import inspect
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db.models import Field, Model, Q

from moothall.councils.models import (
    Agreement,
    Council,
    CouncilOwned,
    Grant,
    Membership,
    Staff,
    Team,
)
from moothall.estate.models import Item, Supplier, SupportRoute, Use
from moothall.identity.models import User
from moothall.journal.models import Entry, Seal
from moothall.persons.models import Link
from moothall.process.models import Attachment, Case, ProcessVersion
from moothall.servicedesk.models import Call

Row = dict[str, Any]
CREDENTIALS = frozenset({"sealed", "secret", "secret_sha256", "token_digest", "token_sealed"})
"""Fields that are left empty: locks and keys of this house open nothing elsewhere, and are nobody's to take along."""
CREDENTIALS_OF = frozenset({("servicedesk.ApiKey", "sha256"), ("persons.LetterCode", "digest")})
_AT_ONCE = 2_000


def tables() -> list[type[CouncilOwned]]:
    """Return every table whose rows belong to one council, by name."""
    found = [model for model in apps.get_models() if issubclass(model, CouncilOwned)]
    return sorted(found, key=lambda model: model._meta.label)


def about(model: type[Model]) -> str:
    """Return in a line what a table keeps, as its model says."""
    return (inspect.getdoc(model) or model.__name__).splitlines()[0]


def is_credential(model: type[Model], field: str) -> bool:
    """Say whether a field is a lock or a key, which nobody takes along."""
    return field in CREDENTIALS or (model._meta.label, field) in CREDENTIALS_OF


def own_rows(model: type[CouncilOwned], council_id: int) -> Any:
    """Return the rows of a table within the scope that are this council's alone."""
    rows = model.objects.all()
    if model is Link:
        return rows.filter(low__council_id=council_id, high__council_id=council_id)
    return rows


def left_out(council_id: int) -> dict[str, int]:
    """Return, by table, how many rows are not in a pack because they tell something of another council."""
    return {Link._meta.label: Link.objects.count() - own_rows(Link, council_id).count()}


def rows_of(model: type[CouncilOwned], council_id: int) -> Iterator[Row]:
    """Return every row of a table that is this council's alone, by its key, some at a time."""
    keys = _keys(model)
    fields = [field for field in model._meta.concrete_fields if field.attname != "pk"]
    names = [field.attname for field in fields]
    last: tuple[Any, ...] | None = None
    while True:
        rows = own_rows(model, council_id).order_by(*keys)
        if last is not None:
            rows = rows.filter(_beyond(keys, last))
        found = list(rows.values(*names)[:_AT_ONCE])
        yield from (_plain(model, row) for row in found)
        if len(found) < _AT_ONCE:
            return
        last = tuple(found[-1][key] for key in keys)


def _keys(model: type[Model]) -> list[str]:
    key: Any = model._meta.pk
    parts: Iterable[Field[Any, Any]] = getattr(key, "fields", None) or [key]
    return [part.attname for part in parts]


def _beyond(keys: list[str], last: tuple[Any, ...]) -> Q:
    """Return the condition that a row comes after one with these keys."""
    found = Q()
    for place, key in enumerate(keys):
        same = Q(**dict(zip(keys[:place], last, strict=False)))
        found |= same & Q(**{f"{key}__gt": last[place]})
    return found


def _plain(model: type[Model], row: Mapping[str, Any]) -> Row:
    return {key: None if is_credential(model, key) else plain(value) for key, value in row.items()}


def plain(value: Any) -> Any:
    """Return a value as JSON has it: times in ISO 8601, bytes in base 64."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode()
    return str(value) if isinstance(value, Decimal) else value


def directory(council: Council) -> Iterator[tuple[str, str, list[Row]]]:
    """Return the rows of the partnership that this council's own rows need: name, what they are, and the rows."""
    staff = Staff.objects.filter(council=council)
    yield "council", "The council itself.", _all(Council, Council.objects.filter(pk=council.pk))
    yield "staff", "Who works for the council, with their account's name and email address.", _staff(staff)
    yield "accounts", "Accounts of residents, and others who are no staff, that its rows name.", _accounts()
    yield "teams", "Its teams, and those of others that serve it (without their addresses).", _teams(council)
    yield (
        "memberships",
        "Who of its staff is in which team.",
        _all(Membership, Membership.objects.filter(staff__council=council)),
    )
    yield (
        "grants",
        "Roles of its staff at this council.",
        _all(Grant, Grant.objects.filter(staff__council=council, council=council)),
    )
    yield "agreements", "Agreements that it takes part in.", _agreements(council)
    yield (
        "processes",
        "The versions of processes that its cases follow, and its own overlays.",
        _versions(council),
    )
    yield "items", "Systems that it uses, has support for, or has calls about.", _items()
    yield "suppliers", "Who supplies or supports those.", _suppliers()


def _all(model: type[Model], rows: Any) -> list[Row]:
    names = [field.attname for field in model._meta.concrete_fields]
    return [_plain(model, row) for row in rows.order_by("pk").values(*names)]


def _staff(rows: Any) -> list[Row]:
    names = ("id", "user_id", "user__name", "user__email", "job_title", "ended_on")
    return [
        {key.replace("user__", ""): plain(value) for key, value in row.items()}
        for row in rows.order_by("pk").values(*names)
    ]


def _accounts() -> list[Row]:
    """Return the accounts that rows in scope point to and that are nobody's of the staff of any council."""
    wanted: set[int] = set()
    for model in tables():
        for field in model._meta.concrete_fields:
            if field.related_model is User:
                rows = model.objects.exclude(**{field.attname: None})
                wanted |= set(rows.order_by().values_list(field.attname, flat=True).distinct())
    found: list[Row] = []
    numbers = sorted(wanted)
    for start in range(0, len(numbers), _AT_ONCE):
        rows = User.objects.filter(pk__in=numbers[start : start + _AT_ONCE], staff=None).order_by("pk")
        found += [{"id": row.pk, "name": row.name, "email": row.email} for row in rows]
    return found


def _teams(council: Council) -> list[Row]:
    rows = Team.objects.filter(Q(council=council) | Q(councils=council)).distinct().order_by("pk")
    return [
        {
            "id": team.pk,
            "code": team.code,
            "function": team.function,
            "name": team.name,
            "own": team.council_id == council.pk,
            "email": team.email if team.council_id == council.pk else "",
        }
        for team in rows
    ]


def _agreements(council: Council) -> list[Row]:
    found = []
    for agreement in Agreement.objects.filter(councils=council).order_by("pk"):
        row = {
            field.attname: plain(getattr(agreement, field.attname))
            for field in Agreement._meta.concrete_fields
        }
        found.append(row | {"councils": sorted(agreement.councils.values_list("code", flat=True))})
    return found


def _versions(council: Council) -> list[Row]:
    used = set(Case.objects.order_by().values_list("version_id", flat=True).distinct())
    rows = ProcessVersion.objects.filter(Q(pk__in=used) | Q(council=council)).order_by("pk")
    left_out = {"published_by"}  # a name that may be of another council
    names = [field.attname for field in ProcessVersion._meta.concrete_fields if field.name not in left_out]
    return [{key: plain(value) for key, value in row.items()} for row in rows.values(*names)]


def _item_numbers() -> set[int]:
    found = set(Use.objects.values_list("item_id", flat=True))
    found |= set(SupportRoute.objects.values_list("item_id", flat=True))
    return found | set(
        Call.objects.exclude(item=None).order_by().values_list("item_id", flat=True).distinct()
    )


def _items() -> list[Row]:
    return _all(Item, Item.objects.filter(pk__in=_item_numbers()))


def _suppliers() -> list[Row]:
    numbers = set(SupportRoute.objects.values_list("supplier_id", flat=True))
    supplied = Item.objects.filter(pk__in=_item_numbers()).exclude(supplier=None)
    numbers |= set(supplied.values_list("supplier_id", flat=True))
    return _all(Supplier, Supplier.objects.filter(pk__in=numbers))


def record(council: Council) -> Iterator[tuple[str, str, Iterator[Row]]]:
    """Return the council's record and the chain that proves it."""
    yield (
        "entries",
        "What happened at this council, one entry each, as it was written down.",
        _entries(council),
    )
    yield (
        "seals",
        "The chain over the entries: each hash covers the entry and the link before it.",
        _seals(council),
    )


def _entries(council: Council) -> Iterator[Row]:
    return _by_number(Entry, Entry.objects.filter(council_id=council.pk), "id")


def _seals(council: Council) -> Iterator[Row]:
    return _by_number(Seal, Seal.objects.filter(council_id=council.pk), "seq")


def _by_number(model: type[Model], rows: Any, key: str) -> Iterator[Row]:
    names = [field.attname for field in model._meta.concrete_fields]
    last = -1
    while found := list(rows.filter(**{f"{key}__gt": last}).order_by(key).values(*names)[:_AT_ONCE]):
        yield from ({name: plain(value) for name, value in row.items()} for row in found)
        last = found[-1][key]


def attachments() -> Iterator[str]:
    """Return the digest of each file that belongs to a case in scope, each once."""
    yield from Attachment.objects.order_by("sha256").values_list("sha256", flat=True).distinct()
