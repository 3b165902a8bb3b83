"""A file of calls from another system: which column means what, how its words and times are read, and what is wrong."""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from moothall.servicedesk.rules import importing, kinds, states
from moothall.servicedesk.rules.column_words import CANCELLED, KINDS, STATUSES, plain, priority_of
from moothall.servicedesk.rules.importing import Row

FIELDS: Mapping[str, str] = {
    "reference": "Their reference",
    "summary": "Summary",
    "detail": "Details",
    "kind": "Kind of call",
    "status": "Status",
    "priority": "Priority",
    "category": "Category",
    "system": "System",
    "team": "Team",
    "person": "Who has it",
    "caller_name": "Name of the user",
    "caller_email": "Email address of the user",
    "logged_at": "Logged at",
    "first_reply_at": "First answered at",
    "resolved_at": "Resolved at",
    "closed_at": "Closed at",
    "fix": "Fix",
    "reopened": "Times reopened",
}
"""What a column may mean, and how that is called on pages."""
NEEDED = ("summary", "logged_at")
_HEADS: Mapping[str, tuple[str, ...]] = {
    "reference": ("reference", "number", "id", "ticket", "ticketid", "ticketnumber", "callid", "ref", "key",
                  "incidentnumber", "casenumber", "issuekey"),
    "summary": ("summary", "shortdescription", "subject", "title", "headline", "name"),
    "detail": ("detail", "details", "description", "longdescription", "body", "symptom"),
    "kind": ("kind", "type", "tickettype", "issuetype", "calltype", "requesttype", "recordtype"),
    "status": ("status", "state", "ticketstatus"),
    "priority": ("priority", "severity", "urgency"),
    "category": ("category", "subcategory", "topic", "itilcategory", "classification"),
    "system": ("system", "configurationitem", "cmdbci", "ci", "service", "product", "asset", "application", "item"),
    "team": ("team", "assignmentgroup", "group", "queue", "supportgroup", "resolvergroup"),
    "person": ("person", "assignedto", "assignee", "owner", "agent", "technician"),
    "caller_name": ("callername", "caller", "requester", "requestername", "user", "customer", "contact",
                    "reportedby", "requestedby", "affecteduser"),
    "caller_email": ("calleremail", "requesteremail", "email", "useremail", "contactemail", "emailaddress",
                     "submitteremail", "customeremail"),
    "logged_at": ("loggedat", "logged", "opened", "openedat", "created", "createdat", "creationdate", "dateopened",
                  "datecreated", "reported", "opendate", "createdtime", "submitted", "loggedon", "createdon"),
    "first_reply_at": ("firstreplyat", "firstresponse", "firstresponseat", "respondedat", "firstreply", "taketime",
                       "firstresponsetime"),
    "resolved_at": ("resolvedat", "resolved", "resolveddate", "dateresolved", "solvedate", "solvedat", "resolutiondate",
                    "solved", "resolvedtime"),
    "closed_at": ("closedat", "closed", "closeddate", "dateclosed", "closedate", "closedtime"),
    "fix": ("fix", "resolution", "closenotes", "solution", "resolutionnotes", "answer"),
    "reopened": ("reopened", "reopencount", "timesreopened", "reopens"),
}  # fmt: skip
Found = TypeVar("Found")
_EMAIL = re.compile(r"[^@\s<>\"]+@[^@\s<>\"]+\.[^@\s<>\"]+")
_DAY_FIRST = (
    "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y", "%d/%m/%y %H:%M", "%d/%m/%Y %I:%M:%S %p", "%d/%m/%Y %I:%M %p",
    "%d-%m-%Y %H:%M:%S", "%d-%m-%Y %H:%M", "%d-%m-%Y", "%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%Y",
)  # fmt: skip
_MONTH_FIRST = tuple(each.replace("%d", "%§").replace("%m", "%d").replace("%§", "%m") for each in _DAY_FIRST)
_NAMED = (
    "%d %b %Y %H:%M:%S", "%d %b %Y %H:%M", "%d %b %Y", "%d %B %Y %H:%M", "%d %B %Y", "%d-%b-%Y %H:%M:%S",
    "%d-%b-%Y %H:%M", "%d-%b-%Y", "%d-%b-%y", "%b %d, %Y %I:%M %p", "%d %b %Y %I:%M %p", "%a, %d %b %Y %H:%M:%S %z",
)  # fmt: skip
DATES: Mapping[str, str] = {
    "day first": "Day first, like 31/12/2026",
    "month first": "Month first, like 12/31/2026",
}


class CannotRead(ValueError):
    """Something in a cell cannot be read; the words say what."""


@dataclass(frozen=True, slots=True)
class Mapped:
    """How a file is read: which column means what, and what its own words for kinds, statuses and the rest mean.

    `words` has, by field, what a word of the file means; what is not there is guessed. `standing` has what holds for
    every row, by field.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    standing: Mapping[str, str] = field(default_factory=dict)
    dates: str = "day first"
    zone: str = "Europe/London"

    @classmethod
    def of(cls, given: Mapping[str, object]) -> "Mapped":
        """Return a mapping as somebody wrote it; refuses what is none."""
        known = {"columns", "words", "standing", "dates", "zone"}
        if strange := sorted(given.keys() - known):
            raise CannotRead(f"A mapping has no “{strange[0]}”; it has {', '.join(sorted(known))}.")
        columns, standing, words = (_texts(given.get(key)) for key in ("columns", "standing", "words"))
        if strange := sorted({*columns, *standing, *words} - FIELDS.keys()):
            raise CannotRead(f"Calls have no “{strange[0]}”; they have {', '.join(FIELDS)}.")
        made = cls(
            {key: str(value) for key, value in columns.items()},
            {
                key: {plain(name): str(to) for name, to in _texts(value).items()}
                for key, value in words.items()
            },
            {key: str(value) for key, value in standing.items()},
            str(given.get("dates", cls().dates)),
            str(given.get("zone", cls().zone)),
        )
        made.check()
        return made

    def check(self) -> None:
        """Refuse an order of dates, or a zone, that is not known."""
        if self.dates not in DATES:
            raise CannotRead(f"Dates are written “day first” or “month first”, not “{self.dates}”.")
        try:
            ZoneInfo(self.zone)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise CannotRead(f"There is no time zone “{self.zone}”.") from error

    def as_json(self) -> dict[str, object]:
        """Return it as it is kept."""
        return {
            "columns": dict(self.columns),
            "words": {key: dict(value) for key, value in self.words.items()},
            "standing": dict(self.standing),
            "dates": self.dates,
            "zone": self.zone,
        }


def _texts(value: object) -> Mapping[str, object]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise CannotRead("Columns, words and standing are objects, with a name for each value.")
    return {str(key): each for key, each in value.items()}


@dataclass(frozen=True, slots=True)
class Known:
    """What the house knows by name: each gives numbers and a name for what stands in a cell, or None."""

    team: Callable[[str], tuple[int, str] | None]
    person: Callable[[str], tuple[int, int, str] | None]
    user: Callable[[str], tuple[int, str] | None]
    item: Callable[[str], tuple[int, str] | None]


def guess(heads: Sequence[str]) -> dict[str, str]:
    """Return which column seems to mean what, by field.

    >>> guess(["Number", "Short description", "Opened", "Colour"])
    {'reference': 'Number', 'summary': 'Short description', 'logged_at': 'Opened'}
    """
    left = {plain(head): head for head in reversed(heads)}
    found = {}
    for key, names in _HEADS.items():
        name = next((each for each in names if each in left), "")
        if name:
            found[key] = left.pop(name)
    return found


def moment(text: str, *, dates: str = "day first", zone: str = "Europe/London") -> datetime:
    """Return a time in UTC; one without a zone is by the clocks of `zone`.

    >>> moment("01/07/2026 09:00").isoformat(), moment("2026-12-01T09:00:00+01:00").isoformat()
    ('2026-07-01T08:00:00+00:00', '2026-12-01T08:00:00+00:00')
    >>> moment("07/01/2026 09:00", dates="month first").isoformat()
    '2026-07-01T08:00:00+00:00'
    """
    said = " ".join(text.replace("\u202f", " ").split())
    found = _iso(said)
    forms = (*(_MONTH_FIRST if dates == "month first" else _DAY_FIRST), *_NAMED)
    for form in () if found else forms:
        try:
            found = datetime.strptime(said, form)  # noqa: DTZ007 - its zone comes next
        except ValueError:
            continue
        break
    if found is None:
        raise CannotRead(f"“{text[:40]}” is not a time.")
    if found.tzinfo is None:
        found = found.replace(tzinfo=ZoneInfo(zone))
    return found.astimezone(UTC)


def _iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def row_of(line: int, cells: Mapping[str, str], mapped: Mapped, known: Known) -> tuple[Row | None, list[str]]:
    """Return the call that a line of a file says, and what is wrong with it; without a time there is no call."""
    reader = _Reader(cells, mapped)
    state, ended = reader.state()
    team, person = reader.named("team", known.team), reader.named("person", known.person)
    user, item = known.user(reader.email()), known.item(reader.text("system"))
    logged_at = reader.when("logged_at")
    if not reader.text("summary"):
        reader.wrong.append("It does not say what is wrong.")
    if logged_at is None:
        if not reader.text("logged_at"):
            reader.wrong.append("It does not say when it was logged.")
        return None, reader.wrong
    row = Row(
        line=line,
        external=reader.text("reference")[:80] or _own_reference(cells),
        summary=reader.text("summary"),
        detail=reader.text("detail"),
        kind=reader.kind(),
        state=state,
        ended=ended,
        priority=reader.priority(),
        category=reader.category(),
        item_id=item[0] if item else None,
        item_name=item[1] if item else reader.text("system"),
        team_id=team[0] if team else None,
        team_name=team[1] if team else "",
        staff_id=person[0] if person and team else None,
        user_id=person[1] if person else None,
        user_name=person[2] if person else "",
        requester_id=user[0] if user else None,
        caller_name=user[1] if user else reader.text("caller_name"),
        caller_email=reader.email(),
        logged_at=logged_at,
        taken_at=None,
        first_reply_at=reader.when("first_reply_at"),
        resolved_at=reader.when("resolved_at"),
        closed_at=reader.when("closed_at"),
        fix=reader.text("fix"),
        reopened=reader.number("reopened"),
    )
    return row, reader.wrong


def _own_reference(cells: Mapping[str, str]) -> str:
    """Return a reference for a row that has none: the same row has the same."""
    said = "\x1f".join(f"{key}={value}" for key, value in sorted(cells.items()))
    return f"row:{hashlib.sha256(said.encode()).hexdigest()[:40]}"


class _Reader:
    """Reads the cells of one line, and collects what is wrong with them."""

    def __init__(self, cells: Mapping[str, str], mapped: Mapped) -> None:
        self._cells, self._mapped = cells, mapped
        self.wrong: list[str] = []

    def text(self, key: str) -> str:
        column = self._mapped.columns.get(key, "")
        value = (self._cells.get(column) or "").replace("\x00", "").strip() if column else ""
        return value or self._mapped.standing.get(key, "")

    def _word(self, key: str) -> str:
        """Return what a word means by the mapping, else the word."""
        said = self.text(key)
        return self._mapped.words.get(key, {}).get(plain(said), said)

    def kind(self) -> str:
        said = self._word("kind")
        found = KINDS.get(plain(said)) if said else kinds.INCIDENT
        if found is None:
            self.wrong.append(f"“{said[:40]}” is not a kind of call: say which it is in the mapping.")
        return found or kinds.INCIDENT

    def state(self) -> tuple[str, str]:
        said = self._word("status")
        if not said:
            return self._state_by_times(), importing.DONE
        found = STATUSES.get(plain(said))
        if found is None:
            self.wrong.append(f"“{said[:40]}” is not a status that is known: say what it is in the mapping.")
            return states.OPEN, importing.DONE
        return (states.CLOSED, importing.CANCELLED) if found == CANCELLED else (found, importing.DONE)

    def _state_by_times(self) -> str:
        if self.text("closed_at"):
            return states.CLOSED
        return states.RESOLVED if self.text("resolved_at") else states.OPEN

    def priority(self) -> int:
        said = self._word("priority")
        if not said:
            return kinds.LOWEST
        found = priority_of(said)
        if not found:
            self.wrong.append(
                f"“{said[:40]}” is not a priority that is known: say which it is in the mapping."
            )
        return found or kinds.LOWEST

    def category(self) -> str:
        return self._word("category").strip()

    def email(self) -> str:
        said = self.text("caller_email") or self.text("caller_name")
        found = _EMAIL.search(said)
        if found is None and self.text("caller_email"):
            self.wrong.append(f"“{said[:60]}” is not an email address.")
            self._cells = {**self._cells, self._mapped.columns.get("caller_email", ""): ""}
        return found[0].lower() if found else ""

    def named(self, key: str, find: Callable[[str], Found | None]) -> Found | None:
        said = self._word(key)
        found = find(said) if said else None
        if said and found is None and key == "team":
            self.wrong.append(
                f"No team called “{said[:60]}” serves this council: say which it is in the mapping."
            )
        return found

    def when(self, key: str) -> datetime | None:
        said = self.text(key)
        if not said:
            return None
        try:
            return moment(said, dates=self._mapped.dates, zone=self._mapped.zone)
        except CannotRead as error:
            self.wrong.append(f"{FIELDS[key]}: {error}")
            return None

    def number(self, key: str) -> int:
        said = self.text(key)
        if said and not said.isdecimal():
            self.wrong.append(f"{FIELDS[key]}: “{said[:20]}” is not a number.")
        return min(int(said), 99) if said.isdecimal() else 0


def is_known(key: str, word: str, known: Known) -> bool:
    """Say whether a word of a file means something by itself.

    >>> nobody = Known(*[lambda _: None] * 4)
    >>> is_known("status", "In Progress", nobody), is_known("status", "Mislaid", nobody)
    (True, False)
    """
    said = plain(word)
    if key == "kind":
        return said in KINDS
    if key == "status":
        return said in STATUSES
    if key == "team":
        return known.team(word) is not None
    return priority_of(word) > 0


def unmapped(mapped: Mapped, heads: Iterable[str]) -> list[str]:
    """Return what is wrong with a mapping for a file with these columns."""
    heads = set(heads)
    wrong = [
        f"The file has no column “{column}” ({FIELDS[key]})."
        for key, column in mapped.columns.items()
        if column not in heads
    ]
    return wrong + [
        f"Say which column is “{FIELDS[key]}”."
        for key in NEEDED
        if key not in mapped.columns and key not in mapped.standing
    ]
