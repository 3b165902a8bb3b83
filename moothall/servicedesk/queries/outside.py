"""Reads of calls for other systems: one, a list page by page, and by words; of the key's own council alone."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from moothall.councils import gate
from moothall.councils.rules import Viewer
from moothall.process.models import Case, Event
from moothall.servicedesk.models import Call
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries.calls import call_seen, there
from moothall.servicedesk.queries.words import narrowed

MOST = 100
_WITH = ("council", "team", "item")
_SAID = ("wrote", "noted")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which calls are wanted. `after` is where the page before ended; `changed_since` leaves out what stayed so."""

    state: str = ""
    kind: str = ""
    words: str = ""
    changed_since: datetime | None = None
    after: int | None = None
    limit: int = 25


@dataclass(frozen=True, slots=True)
class Page:
    """A page of calls, the newest first; `more` is where the next one begins, if there is one."""

    calls: Sequence[Call]
    more: int | None


@dataclass(frozen=True, slots=True)
class Message:
    """Something that was written: to the user by the desk, or by the user."""

    at: datetime
    by: str
    to_user: bool
    text: str


@dataclass(frozen=True, slots=True)
class Whole:
    """A call with what was asked, what was done, and what was written."""

    call: Call
    detail: str
    fix: str
    messages: Sequence[Message]


def page(viewer: Viewer, wanted: Wanted) -> Page:
    """Return one page of the calls that are there for the viewer."""
    limit = min(max(wanted.limit, 1), MOST)
    rows = _narrowed(viewer, there(viewer), wanted)
    if wanted.after is not None:
        rows = rows.filter(pk__lt=wanted.after)
    found = list(rows.select_related(*_WITH).order_by("-pk")[: limit + 1])
    return Page(found[:limit], found[limit - 1].pk if len(found) > limit else None)


def _narrowed(viewer: Viewer, rows: "QuerySet[Call]", wanted: Wanted) -> "QuerySet[Call]":
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.changed_since is not None:
        rows = rows.filter(changed_at__gte=wanted.changed_since)
    if wanted.words:
        rows = narrowed(wanted.words, gate.councils(viewer, Can.SEE), whole=True).of(rows)
    return rows


def whole(viewer: Viewer, reference: str) -> Whole:
    """Return one call with everything that concerns its user."""
    call = call_seen(viewer, reference)
    data = Case.objects.values_list("data", flat=True).get(pk=call.case_id)
    return Whole(call, str(data.get("detail") or ""), str(data.get("fix") or ""), list(_messages(call)))


def _messages(call: Call) -> Iterator[Message]:
    """Return what was written to the user or by them; notes of the desk are its own."""
    for event in Event.objects.filter(case_id=call.case_id, kind__in=_SAID).order_by("seq"):
        body = json.loads(event.body)
        by_user = event.actor_kind == "resident" or (
            event.actor_user is not None
            and (event.actor_user == call.requester_id or body.get("from") == "requester")
        )
        if event.kind == "wrote" or by_user:
            text = str(body.get("text", ""))
            yield Message(event.at, event.actor_name, event.kind == "wrote", text)
