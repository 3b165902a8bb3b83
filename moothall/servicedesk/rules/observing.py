"""Whether what somebody saw changing belongs to a change that was approved, and how files of such sights are read.

By what was changed and when, never by who did it: a familiar name approves nothing.
"""

import csv
import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from moothall.plain.working_time import LONDON

AROUND = timedelta(minutes=15)
"""So much before its window and after it, what is seen still belongs to a change: clocks differ, and so do people."""
MOST_ROWS = 5_000
_WAYS = {"create": "Created", "update": "Changed", "delete": "Deleted"}


@dataclass(frozen=True, slots=True)
class Seen:
    """Something that was seen changing: `key` is what its source calls it, `item_name` a code or a name."""

    key: str
    at: datetime
    item_name: str
    who: str
    what: str


@dataclass(frozen=True, slots=True)
class Approved:
    """A change that may be made: the items that it names, its window, and when it was decided."""

    change_id: int
    items: frozenset[int]
    starts_at: datetime
    ends_at: datetime
    decided_at: datetime


def match(at: datetime, stands_on: Iterable[int], approved: Iterable[Approved]) -> int | None:
    """Return the approved change that something seen belongs to, or None.

    `stands_on` is the item itself and all that it needs: who changes a cluster is seen on the servers above it. A
    change counts in its window and 15 minutes around it, if it was decided before. Of several, the one whose window
    began last.
    """
    below = frozenset(stands_on)
    fits = [
        each
        for each in approved
        if each.starts_at - AROUND <= at <= each.ends_at + AROUND
        and each.decided_at <= at
        and not below.isdisjoint(each.items)
    ]
    return max(fits, key=lambda each: (each.starts_at, each.change_id)).change_id if fits else None


def names(item_name: str) -> list[str]:
    """Return what an item may be known by here, the best first: as it was written, and a host without its domain.

    >>> names("SQL01.ash.example"), names(" care-db ")
    (['sql01.ash.example', 'sql01'], ['care-db'])
    """
    whole = " ".join(item_name.lower().split())
    host, _, domain = whole.partition(".")
    return [whole, host] if domain and host and " " not in whole else [whole]


@dataclass(frozen=True, slots=True)
class Read:
    """What a file of sights holds, and what is wrong with it, in sentences."""

    rows: tuple[Seen, ...]
    wrong: tuple[str, ...]


_HEADS: Mapping[str, Sequence[str]] = {
    "at": ("at", "time", "timestamp", "date"),
    "item": ("item", "object", "device", "system", "name", "object_repr"),
    "who": ("who", "username", "user", "user_name"),
    "what": ("what", "message", "description", "summary"),
    "way": ("action",),
    "type": ("type", "changed_object_type"),
    "key": ("key", "id", "number"),
    "request": ("request id", "request_id"),
}
"""What the columns are called: in our own files, and in the change log of NetBox."""


def read_csv(text: str) -> Read:
    r"""Read a CSV of what was seen: when, what was changed, and what was done to it; by whom, if that is known.

    >>> read_csv("Time,Username,Action,Type,Object\n2026-11-20 21:04,kim,Updated,device,sql01\n").rows[0].what
    'Updated: device'
    >>> read_csv("when,thing\n").wrong
    ('Line 1: a column “at” (or time) is missing.',)
    """
    lines = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    lines.fieldnames = [str(each).strip().lower() for each in lines.fieldnames or ()]
    columns = {
        name: next((each for each in others if each in lines.fieldnames), "")
        for name, others in _HEADS.items()
    }
    for name, also in (("at", "time"), ("item", "object")):
        if not columns[name]:
            return Read((), (f"Line 1: a column “{name}” (or {also}) is missing.",))
    rows: list[Seen] = []
    wrong: list[str] = []
    for given in lines:
        cells = {name: str(given.get(column) or "").strip() for name, column in columns.items() if column}
        at = moment_of(cells["at"])
        if at is None or not cells["item"]:
            why = "the item is missing" if at else f"“{cells['at']}” is no time; write 2026-11-20 21:04"
            wrong.append(f"Line {lines.line_num}: {why}.")
        else:
            rows.append(_seen(cells, at))
        if len(rows) > MOST_ROWS:
            return Read((), (f"The file has more than {MOST_ROWS:,} lines. Send it in parts.",))
    return Read(tuple(rows), tuple(wrong))


def moment_of(written: str) -> datetime | None:
    """Return a moment as it is written; one without a zone is London's.

    >>> moment_of("2026-11-20 21:04").isoformat(), moment_of("yesterday")
    ('2026-11-20T21:04:00+00:00', None)
    """
    try:
        at = datetime.fromisoformat(written)
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=LONDON)


def _seen(cells: Mapping[str, str], at: datetime) -> Seen:
    way, kind = cells.get("way", ""), cells.get("type", "")
    did = ": ".join(each for each in (_WAYS.get(way.lower(), way), kind) if each)
    what = cells.get("what") or did or "Changed"
    key = cells.get("key") or "-".join(
        each for each in (cells.get("request", ""), digest(at, cells["item"], what)) if each
    )
    return Seen(key[:100], at, cells["item"][:200], cells.get("who", "")[:150], what[:500])


def digest(at: datetime, item: str, what: str) -> str:
    """Return a key for what its source gives none: the same line twice has the same."""
    return hashlib.sha256(f"{at.isoformat()}\n{item}\n{what}".encode()).hexdigest()[:32]
