"""Bringing in systems from a file, in one go: all of it, or nothing."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from moothall.councils import gate
from moothall.councils.rules import Viewer
from moothall.estate import rules
from moothall.estate.actions.items import add_dependency, add_item
from moothall.estate.actions.recording import refused
from moothall.estate.actions.uses import record_use
from moothall.estate.errors import EstateRefused
from moothall.estate.models import Dependency, Item, Use
from moothall.estate.permissions import Can
from moothall.look import dates


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file of systems brought: new items, those that were there, dependencies and uses."""

    added: int
    known: int
    dependencies: int
    uses: int


@transaction.atomic
def import_items(*, by: Viewer, council_id: int, text: str, now: datetime) -> Imported:
    """Take in a CSV of systems for a council; what is there already is left as it is. Refuses a file with mistakes."""
    gate.allow(by, Can.CHANGE, council_id)
    file = rules.read_file(text, Item.Kind.values)
    if file.wrong:
        raise EstateRefused({"file": list(file.wrong)}, why=" ".join(file.wrong[:10]))
    known = {each.code: each for each in Item.objects.filter(code__in=[row.code for row in file.rows])}
    were = len(known)
    for row in file.rows:
        if row.code not in known:
            known[row.code] = add_item(
                by=by, code=row.code, name=row.name, kind=row.kind, tier=row.tier, now=now
            )
    dependencies = sum(_needs(by, row, known, now) for row in file.rows)
    today = now.astimezone(dates.LONDON).date()
    uses = 0
    for row in file.rows:
        if row.users is not None and not _counted(council_id, known[row.code], row.users):
            record_use(
                by=by,
                council_id=council_id,
                item_id=known[row.code].pk,
                users=row.users,
                since=today,
                now=now,
            )
            uses += 1
    return Imported(len(known) - were, were, dependencies, uses)


def _needs(by: Viewer, row: rules.Row, known: dict[str, Item], now: datetime) -> int:
    number = 0
    for code in row.needs:
        on = known.get(code) or Item.objects.filter(code=code).first()
        if on is None:
            raise refused("file", f"Line {row.line}: there is no item “{code}”.")
        item = known[row.code]
        if not Dependency.objects.filter(item=item, on=on).exists():
            add_dependency(by=by, item_id=item.pk, on_id=on.pk, now=now)
            number += 1
    return number


def _counted(council_id: int, item: Item, users: int) -> bool:
    return bool(Use.objects.filter(council_id=council_id, item=item, until=None, users=users).exists())
