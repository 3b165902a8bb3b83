"""Reading an event log: a CSV file with the column names of IEEE 1849 (XES), refused whole if a row is wrong."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from moothall.plain.errors import HouseError

CASE, ACTIVITY, TIME = "case:concept:name", "concept:name", "time:timestamp"
RESOURCE, GROUP = "org:resource", "org:group"
NEEDED = (CASE, ACTIVITY, TIME)
END = "enddate"
LOG_ENDS = "What the log does not have"
_LARGEST_FIELD = 100_000


class NotALog(HouseError):
    code = "process.not_a_log"
    status = 422
    title = "This is not an event log"
    message = "{file}, line {line}: {wrong}"
    next_step = (
        "A log is a CSV file with a line for each event and the columns “case:concept:name”, “concept:name” and "
        "“time:timestamp”; “org:resource”, “org:group” and more columns that begin with “case:” may follow."
    )


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """One event: what was done, when, by whom and in which group (either may be empty)."""

    activity: str
    at: datetime
    resource: str
    group: str


@dataclass(frozen=True, slots=True)
class Trace:
    """One case of the log: its events in the order of time, and what the log says of the case as a whole.

    A log that dates the ends of its cases (`case:enddate`) tells by it which of them had not ended.
    """

    name: str
    attributes: Mapping[str, str]
    events: Sequence[LoggedEvent]
    ended: bool = True

    def ways(self) -> Iterator[tuple[LoggedEvent, str | None]]:
        """Return each event with the activity that came after it: none at the end, `LOG_ENDS` if that was not one."""
        names: list[str | None] = [event.activity for event in self.events[1:]]
        return zip(self.events, [*names, None if self.ended else LOG_ENDS], strict=True)


def read_csv(path: Path) -> list[Trace]:
    """Return the traces of a log, the earliest first; events of one moment stay in the order of the file."""
    csv.field_size_limit(_LARGEST_FIELD)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return _traces(path, csv.DictReader(file, strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise NotALog(
            file=path.name, line="?", wrong=f"it cannot be read as CSV text in UTF-8 ({error})."
        ) from error
    except OSError as error:
        raise NotALog(file=path.name, line=0, wrong=f"it cannot be opened ({error.strerror}).") from error


def _traces(path: Path, rows: "csv.DictReader[str]") -> list[Trace]:
    columns = rows.fieldnames or []
    if lacking := [name for name in NEEDED if name not in columns]:
        raise NotALog(file=path.name, line=1, wrong=f"the column “{lacking[0]}” is missing.")
    events: dict[str, list[LoggedEvent]] = {}
    attributes: dict[str, dict[str, str]] = {}
    for row in rows:
        name, event = _event(path, rows.line_num, row)
        events.setdefault(name, []).append(event)
        attributes.setdefault(name, {}).update(
            {
                key.removeprefix("case:"): value.strip()
                for key, value in row.items()
                if key and key.startswith("case:") and key != CASE and value and value.strip()
            }
        )
    if not events:
        raise NotALog(file=path.name, line=1, wrong="it has no events.")
    dates_ends = any(END in found for found in attributes.values())
    traces = [
        Trace(
            name,
            attributes[name],
            sorted(found, key=lambda event: event.at),
            ended=not dates_ends or END in attributes[name],
        )
        for name, found in events.items()
    ]
    return sorted(traces, key=lambda trace: (trace.events[0].at, trace.name))


def _event(path: Path, line: int, row: Mapping[str, str | None]) -> tuple[str, LoggedEvent]:
    if None in row:
        raise NotALog(file=path.name, line=line, wrong="it has more values than there are columns.")
    name, activity, when = ((row[key] or "").strip() for key in NEEDED)
    for value, column in ((name, CASE), (activity, ACTIVITY), (when, TIME)):
        if not value:
            raise NotALog(file=path.name, line=line, wrong=f"“{column}” is empty.")
    try:
        at = datetime.fromisoformat(when)
    except ValueError:
        raise NotALog(file=path.name, line=line, wrong=f"“{when}” is not a time.") from None
    if at.tzinfo is None:
        raise NotALog(file=path.name, line=line, wrong=f"“{when}” does not say its time zone.")
    resource, group = ((row.get(key) or "").strip() for key in (RESOURCE, GROUP))
    return name, LoggedEvent(activity, at.astimezone(UTC), resource, group)
