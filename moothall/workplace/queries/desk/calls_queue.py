"""The queue as its page shows it: each call in words, how many there are, and by what it can be narrowed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import connection

from moothall.councils import gate
from moothall.councils.models import Council, Team
from moothall.councils.prepared import Slot, prepared
from moothall.councils.rules import Viewer
from moothall.estate.models import Item
from moothall.estate.queries import item_named
from moothall.look import dates
from moothall.process import circles, store
from moothall.process import queries as process
from moothall.process.errors import NoSuchProcess
from moothall.servicedesk.models.calls import Kind, State
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries.queue import QueueFilter, QueueRow, Whose, queue
from moothall.servicedesk.rules import kinds
from moothall.workplace import rules
from moothall.workplace.rules import Due

MOST_COUNTED = 1_000
_KIND = {each.value: each.label for each in Kind} | {Kind.INCIDENT.value: ""}
_STATE = {each.value: each.label for each in State}


class Line(NamedTuple):
    """One call of the queue, in words."""

    reference: str
    headline: str
    kind: str
    priority: int
    user: str
    council: str
    system: str
    team: str
    person: str
    waits: str
    due: Due


@dataclass(frozen=True, slots=True)
class QueueShown:
    """A page of the queue, where the next one starts, and what could not be read of what was asked."""

    lines: Sequence[Line]
    more: str
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class Narrowing:
    """By what the queue can be narrowed."""

    teams: tuple[tuple[int, str], ...]
    councils: tuple[tuple[int, str], ...]
    categories: tuple[tuple[str, str], ...]


def shown(viewer: Viewer, tab: str, given: Mapping[str, object], now: datetime, after: str) -> QueueShown:
    """Return a page of the queue for a tab, narrowed by what was chosen."""
    wanted, wrong = _wanted(tab, given)
    if wrong:
        return QueueShown((), "", wrong)
    page = queue(viewer, wanted, now, after)
    return QueueShown([_line(row, now, resolved=wanted.resolved) for row in page.rows], page.more)


def counted(viewer: Viewer) -> dict[str, str]:
    """Return how many open calls each tab has, as it is said: a thousand stands for more.

    All of them are one statement, written by hand: it is asked with every page of the queue. Each stretch of an index
    is read in its order and no further than a thousand, as the queue itself is.
    """
    councils, teams = sorted(gate.councils(viewer, Can.SEE)), sorted(viewer.team_ids)
    if not councils:
        return {}
    free = "c.team_id = %s AND c.person_id IS NULL"
    tabs: Mapping[str, Sequence[tuple[str, int]]] = {
        "mine": [("c.person_id = %s", viewer.staff_id or 0)],
        "team": [("c.team_id = %s", each) for each in teams],
        "free": [(free, each) for each in teams],
        "all": [("c.council_id = %s", each) for each in councils],
    }
    seen, circle = circles.clause(viewer, "c")
    within = f"c.open AND c.council_id IN ({', '.join(['%s'] * len(councils))}) AND {seen}"
    counting = [_counting(tab, [which for which, _ in parts], within) for tab, parts in tabs.items()]
    values = [value for parts in tabs.values() for _, each in parts for value in (*councils, *circle, each)]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(counting)}", values)
        numbers = cursor.fetchone()
    return {tab: _capped(number) for tab, number in zip(tabs, numbers, strict=True)}


def _counting(tab: str, stretches: Sequence[str], within: str) -> str:
    """Return the sum of some stretches of the open calls."""
    parts = [
        f"(SELECT COUNT(*) FROM (SELECT 1 FROM servicedesk_call c WHERE {within} AND {which}"  # noqa: S608
        f" ORDER BY c.due_at LIMIT {MOST_COUNTED}) AS {tab}_{number})"
        for number, which in enumerate(stretches)
    ]
    return " + ".join(parts) or "0"


def _capped(number: int) -> str:
    return f"{number:,}+" if number >= MOST_COUNTED else f"{number:,}"


def narrowing(viewer: Viewer) -> Narrowing:
    """Return the teams that serve the viewer's councils, those councils, and the categories of faults."""
    reached = sorted(gate.councils(viewer, Can.SEE))
    return Narrowing(
        teams=tuple(_teams.all(councils=reached)),
        councils=tuple(_councils.all(councils=reached)),
        categories=categories_of_faults(),
    )


@prepared
def _teams(councils: Slot) -> Any:
    rows = Team.objects.filter(councils__in=councils).distinct()
    return rows.order_by("name").values_list("id", "name")


@prepared
def _councils(councils: Slot) -> Any:
    return Council.objects.filter(id__in=councils).order_by("name").values_list("id", "name")


def categories_of_faults() -> tuple[tuple[str, str], ...]:
    """Return the categories that incidents have, as the shared process names them."""
    try:
        version = process.newest_version(kinds.PROCESS[kinds.INCIDENT])
    except NoSuchProcess:
        return ()
    return _categories(version)


@lru_cache(maxsize=8)
def _categories(version_id: int) -> tuple[tuple[str, str], ...]:
    field = store.definition_of(version_id).fields.get("category")
    return tuple((each.key, each.words) for each in field.of) if field else ()


def _wanted(tab: str, given: Mapping[str, object]) -> tuple[QueueFilter, str]:
    """Return what is asked for; a system that nobody knows is said, not left out."""
    wanted = QueueFilter(whose=_whose(tab), resolved=tab == "resolved")
    item: Item | None = None
    if name := str(given.get("system") or ""):
        item = item_named(name, Item.objects.all())
        if item is None:
            return wanted, f"No system is called “{name}”. Enter its whole name, or its code."
    return (
        replace(
            wanted,
            team_id=_number(given.get("team")),
            council_id=_number(given.get("council")),
            kind=str(given.get("kind") or ""),
            state="" if wanted.resolved else str(given.get("state") or ""),
            priority=_number(given.get("priority")) or 0,
            item_id=item.pk if item else None,
            category=str(given.get("category") or ""),
            late=bool(given.get("late")) and not wanted.resolved,
            words=str(given.get("words") or ""),
        ),
        "",
    )


def _whose(tab: str) -> Whose:
    """Return whose calls a tab shows; what was resolved is of all teams."""
    found: Mapping[str, Whose] = {"mine": "mine", "team": "team", "free": "free"}
    return found.get(tab, "all")


def _number(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _line(row: QueueRow, now: datetime, *, resolved: bool) -> Line:
    return Line(
        reference=row.reference,
        headline=row.headline,
        kind=_KIND.get(row.kind, row.kind),
        priority=row.priority,
        user=row.caller or ("Nobody: automatic" if row.automatic else "No name"),
        council=row.council,
        system=row.item,
        team=row.team,
        person=row.person,
        waits=_waits(row),
        due=_resolved(row, now) if resolved else promise(row.due_at, now),
    )


def promise(due_at: datetime | None, now: datetime) -> Due:
    """Return the next promise in words: when it runs out, or ran out. The time of day says it, open or closed.

    >>> from datetime import UTC
    >>> now = datetime(2026, 11, 24, 15, 30, tzinfo=UTC)
    >>> promise(datetime(2026, 11, 24, 15, tzinfo=UTC), now).words, promise(None, now).words
    ('Was due today at 3pm', 'No promise')
    """
    if due_at is None:
        return Due("none", "No promise")
    if due_at <= now:
        return Due("late", f"Was due {rules.moment(due_at, now)}")
    return rules.due_of(due_at, now, None)


def _resolved(row: QueueRow, now: datetime) -> Due:
    return Due("none", f"{_STATE[row.state]}, {dates.near(row.changed_at, now)}")


def _waits(row: QueueRow) -> str:
    """Return what a call waits for, and for whom."""
    if row.state == State.NEW:
        return "To be sorted"
    if row.state == State.OPEN:
        if row.under_another:
            return "For the call above it"
        return "To be put right" if row.person else "For somebody to take it"
    again = " again" if row.reopened and row.state == State.USER else ""
    return f"{_STATE.get(row.state, row.state)}{again}"
