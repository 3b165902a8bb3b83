"""Fetching closed cases for a rehearsal, a few hundred at a time, as far as the viewer may have them rehearsed."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.db.models import Exists, OuterRef, QuerySet

from moothall.councils import gate
from moothall.councils.models import Council
from moothall.councils.queries import calendar_of
from moothall.councils.rules import Viewer
from moothall.plain.actors import Actor
from moothall.plain.working_time import Calendar
from moothall.process import circles, queries, store
from moothall.process.definition import NOTHING, Definition
from moothall.process.models import Case, Clock, Event
from moothall.process.past import EMPTIED
from moothall.process.permissions import Can
from moothall.process.rehearsal.closed import Closed, Happened
from moothall.process.rehearsal.report import Report, rehearse

Calendars = Callable[[int], Callable[[str], Calendar]]
AT_ONCE = 200
KINDS = (
    "started",
    "done",
    "waived",
    "voted",
    "ended_early",
    "reopened",
    "pulled",
    "migrated",
    "amended",
    "wrote",
)


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """A rehearsal over what really happened: since when, and what came of it."""

    since: datetime
    report: Report


def rehearse_past(  # noqa: PLR0913 - each is one thing to choose
    viewer: Viewer,
    definition: Definition,
    *,
    since: datetime,
    council: Council | None = None,
    most: int | None = None,
    names: Mapping[str, str] = NOTHING,
    own: bool = False,
) -> Rehearsed:
    """Run a draft over the cases of its process that were closed since then, or over those of one council.

    The cases are those of the councils where the viewer may publish; only those that they may see themselves are
    named. Where councils have overlays, the draft is tried with them, if they still fit; `own` says that it is already
    what the council makes of it. `most` takes only the newest; `names` say what steps, outcomes and questions of the
    past are called in the draft.
    """
    if council is None:
        gate.allow_anywhere(viewer, Can.PUBLISH)
    else:
        gate.allow(viewer, Can.PUBLISH, council.pk)
    rows = gate.narrow(viewer, Can.PUBLISH, Case.objects.filter(process=definition.key))
    rows = rows.filter(status=Case.Status.CLOSED, closed_at__gte=since)
    if council is not None:
        rows = rows.filter(council_id=council.pk)
    emptied = Event.objects.filter(case_id=OuterRef("pk"), kind=EMPTIED)
    rows = rows.filter(~Exists(emptied))
    ids = list(rows.order_by("-closed_at", "-id").values_list("id", flat=True)[:most])
    laid = {} if own else queries.laid_over(definition)
    return Rehearsed(since, rehearse(definition, closed_cases(viewer, ids), laid, names))


def closed_cases(viewer: Viewer, case_ids: Sequence[int]) -> Iterator[Closed]:
    """Return closed cases as their events tell them, with those shown of which nothing is kept from the viewer.

    Whoever writes a draft could else ask any question of an answer by a rule, and read by whom it was not met.
    """
    calendars: Calendars = cache(lambda council_id: cache(lambda name: calendar_of(council_id, name)))
    for first in range(0, len(case_ids), AT_ONCE):
        yield from _some(viewer, case_ids[first : first + AT_ONCE], calendars)


def _some(viewer: Viewer, case_ids: Sequence[int], calendars: Calendars) -> Iterator[Closed]:
    rows = {row.pk: row for row in Case.objects.filter(pk__in=case_ids)}
    seen = _seen(viewer, Case.objects.filter(pk__in=case_ids))
    secret = cache(lambda council_id, version_id: _kept_from(viewer, council_id, version_id))
    events: dict[int, list[Happened]] = {case_id: [] for case_id in case_ids}
    for event in Event.objects.filter(case_id__in=case_ids, kind__in=KINDS).order_by("case_id", "seq"):
        events[event.case_id].append(_happened(event))
    clocks: dict[int, dict[str, str]] = {case_id: {} for case_id in case_ids}
    kept = Clock.objects.filter(case_id__in=case_ids).order_by("run")
    for case_id, key, state in kept.values_list("case_id", "key", "state"):
        clocks[case_id][key] = state
    for case_id in case_ids:
        row = rows[case_id]
        definition = store.definition_of(row.version_id)
        if events[case_id] and events[case_id][0].kind == "started":
            yield Closed(
                reference=row.reference,
                council_id=row.council_id,
                definition=definition,
                events=tuple(events[case_id]),
                ending=row.ending,
                clocks=clocks[case_id],
                calendar=calendars(row.council_id),
                shown=case_id in seen and not secret(row.council_id, row.version_id),
            )


def _kept_from(viewer: Viewer, council_id: int, version_id: int) -> frozenset[str]:
    definition = store.definition_of(version_id)
    if viewer.is_system or not definition.has_circles:
        return frozenset()
    return circles.kept_from(viewer, council_id, definition)


def _seen(viewer: Viewer, rows: QuerySet[Case]) -> set[int]:
    return set(circles.narrow(viewer, gate.narrow(viewer, Can.SEE, rows)).values_list("id", flat=True))


def _happened(event: Event) -> Happened:
    kind = event.actor_kind
    by = Actor(
        kind="staff" if kind == "staff" else "resident" if kind == "resident" else "system",
        user_id=event.actor_user,
        name=event.actor_name,
    )
    return Happened(event.at, event.kind, by, event.step, event.outcome, json.loads(event.body))
