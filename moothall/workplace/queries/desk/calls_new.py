"""Logging a call for somebody: who is on the phone, and what is shown beside the form while it is filled in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from moothall.councils import gate
from moothall.councils.models import Council, Staff
from moothall.councils.prepared import Slot, prepared
from moothall.councils.rules import Viewer
from moothall.estate.queries import needed_by
from moothall.servicedesk.models import Article, Call
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries.colleagues import named, working, working_at
from moothall.workplace.queries.desk.calls_beside import OutageSaid, outages_at, similar_open
from moothall.workplace.queries.desk.calls_foreseen import Foreseen, definition_at, foreseen
from moothall.workplace.queries.desk.help import articles_for

_SIMILAR = 5


@dataclass(frozen=True, slots=True)
class BesideForm:
    """What is shown beside a call that is being logged."""

    foreseen: Foreseen | None
    outages: Sequence[OutageSaid]
    similar: Sequence[Call]
    articles: Sequence[Article]


def councils_to_log_at(viewer: Viewer) -> list[Council]:
    """Return the councils for whose people the viewer may log calls, their own first."""
    rows = _councils.all(numbers=sorted(gate.councils(viewer, Can.LOG)))
    return sorted(rows, key=lambda each: each.pk != viewer.council_id)


@prepared
def _councils(numbers: Slot) -> Any:
    return Council.objects.filter(id__in=numbers).order_by("name")


def callers(viewer: Viewer, words: str, now: datetime) -> list[Staff]:
    """Return who of the staff of those councils it may be, by name or email address."""
    return named(_staff(viewer, now), words)


def caller(viewer: Viewer, number: int | None, now: datetime) -> Staff | None:
    """Return one of them; nobody if they are not there for the viewer."""
    if not number:
        return None
    found: Staff | None = _one.first(
        number=number, councils=sorted(gate.councils(viewer, Can.LOG)), today=timezone.localdate(now)
    )
    return found


@prepared
def _one(number: Slot, councils: Slot, today: Slot) -> Any:
    return working(councils, today).filter(pk=number)


def _staff(viewer: Viewer, now: datetime) -> "QuerySet[Staff]":
    return working_at(gate.councils(viewer, Can.LOG), now)


def beside(
    viewer: Viewer, council: Council, kind: str, entered: Mapping[str, str], now: datetime
) -> BesideForm:
    """Return what is known about what has been entered so far."""
    item_id = int(entered["system"]) if entered.get("system", "").isdecimal() else None
    items = needed_by([item_id]) if item_id else None
    return BesideForm(
        foreseen=foreseen(definition_at(kind, council.pk), entered),
        outages=outages_at(council.pk, now, items),
        similar=list(similar_open(viewer, item_id)[:_SIMILAR]) if item_id else (),
        articles=articles_for(viewer, entered.get("summary", "")),
    )
