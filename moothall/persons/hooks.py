"""What upper rooms may hang on the register: what else hangs on a record, and what is known of whom a case is about."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from moothall.councils.rules import Viewer
from moothall.persons.models import Record
from moothall.persons.rules.known import Known

_NOBODY = Known()


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that hangs on a record: a fact, a case, a relationship, or what an upper room hangs there."""

    kind: str
    id: int

    def __str__(self) -> str:
        return f"{self.kind}-{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hanging:
    """A thing as a steward reads it: on which record it hangs, since when, and what it says of whose it is."""

    thing: Thing
    record_id: int
    at: datetime
    words: str
    known: Known = field(default=_NOBODY)
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Follower:
    """What an upper room keeps on records.

    `since(viewer, record_ids, moment)` returns what was hung on records after a moment, as far as the viewer sees it;
    `count(viewer, record_ids)` how much hangs on each record; `where(viewer, ids)` on which record each thing hangs
    that the viewer may move. `move(viewer, ids, record, now)` puts things to another record of the same council: the
    register has asked whether they may go there, and calls it in its transaction.
    """

    kind: str
    plural: str
    since: Callable[[Viewer, Sequence[int], datetime], Sequence[Hanging]]
    count: Callable[[Viewer, Sequence[int]], Mapping[int, int]]
    where: Callable[[Viewer, Sequence[int]], Mapping[int, int]]
    move: Callable[[Viewer, Sequence[int], Record, datetime], None]


followers: dict[str, Follower] = {}


def follow(follower: Follower) -> None:
    """Hang what follows a record. Two rooms cannot use one kind."""
    if followers.setdefault(follower.kind, follower) != follower:
        raise ValueError(f"Something of the kind “{follower.kind}” hangs here already.")


Teller = Callable[[Sequence[int]], Mapping[int, Known]]
tellers: list[Teller] = []


def tell(teller: Teller) -> Teller:
    """Hang what says of cases, by number, what whoever asked said of themselves."""
    if teller not in tellers:
        tellers.append(teller)
    return teller


def told(case_ids: Sequence[int]) -> dict[int, Known]:
    """Return what is known of whom cases are about; of most, perhaps, nothing."""
    found: dict[int, Known] = {}
    for teller in tellers:
        found |= teller(case_ids)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasing:
    """A record that is being erased, with what rooms above find by: its cases, what it was ever reached by, its files.

    `files` are the digests of files that belonged to its cases, and to nothing else in the rooms below.
    """

    record: Record
    case_ids: Sequence[int]
    emails: Sequence[str]
    phones: Sequence[str]
    files: Sequence[str]
    now: datetime


Eraser = Callable[[Erasing], int]
erasers: dict[str, Eraser] = {}


def eraser(plural: str, blank: Eraser) -> None:
    """Hang what empties an upper room of what it holds about a person at one council; it returns of how many rows.

    It is called in the transaction of the erasure, and must leave nothing behind by which the person is known.
    """
    if erasers.setdefault(plural, blank) != blank:
        raise ValueError(f"Something erases “{plural}” already.")


Exporter = Callable[[Viewer, Sequence[int], Sequence[int]], Sequence[Mapping[str, object]]]
exporters: dict[str, Exporter] = {}


def exporter(plural: str, tell: Exporter) -> None:
    """Hang what an upper room holds about the person of some records and cases, for them to read.

    It returns rows of words and moments. The copy writes moments as those of London, and leaves out what is empty.
    """
    if exporters.setdefault(plural, tell) != tell:
        raise ValueError(f"Something exports “{plural}” already.")


Activity = Callable[[Sequence[int]], Mapping[int, datetime]]
activities: list[Activity] = []


def activity(last: Activity) -> Activity:
    """Hang what says, of records by number, when somebody last had to do with their person."""
    if last not in activities:
        activities.append(last)
    return last
