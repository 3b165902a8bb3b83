"""What an event log is, and reading one from CSV with the names of IEEE 1849 (XES); refused whole if a row is wrong."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
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
        "“time:timestamp”; “org:resource”, “org:group” and more columns that begin with “case:” may follow. Or it is "
        "a file in XES, with events in traces in one log."
    )


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """One event: what was done, when, by whom and in which group (either may be empty).

    `said` is what else the log says of it, where whoever reads it asked for that.
    """

    activity: str
    at: datetime
    resource: str
    group: str
    said: Mapping[str, str] = field(default_factory=dict, compare=False)


Row = tuple[str, LoggedEvent, Mapping[str, str]]
"""One event as it is read: the name of its case, what happened, and what this line says of the case as a whole."""


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
            return traces_of(_rows(path, csv.DictReader(file, strict=True)), path.name)
    except (UnicodeDecodeError, csv.Error) as error:
        raise NotALog(
            file=path.name, line="?", wrong=f"it cannot be read as CSV text in UTF-8 ({error})."
        ) from error
    except OSError as error:
        raise NotALog(file=path.name, line=0, wrong=f"it cannot be opened ({error.strerror}).") from error


def _rows(path: Path, rows: "csv.DictReader[str]") -> Iterator[Row]:
    columns = rows.fieldnames or []
    if lacking := [name for name in NEEDED if name not in columns]:
        raise NotALog(file=path.name, line=1, wrong=f"the column “{lacking[0]}” is missing.")
    for row in rows:
        if None in row:
            raise NotALog(
                file=path.name, line=rows.line_num, wrong="it has more values than there are columns."
            )
        name, activity = ((row[key] or "").strip() for key in (CASE, ACTIVITY))
        for value, column in ((name, CASE), (activity, ACTIVITY)):
            if not value:
                raise NotALog(file=path.name, line=rows.line_num, wrong=f"“{column}” is empty.")
        event = event_of(path.name, rows.line_num, activity, row)
        yield (
            name,
            event,
            {
                key.removeprefix("case:"): value
                for key, value in row.items()
                if key and key.startswith("case:") and key != CASE and value
            },
        )


def event_of(file: str, line: int, activity: str, values: Mapping[str, str | None]) -> LoggedEvent:
    """Return an event from its values by their names in XES; refuses one without a time and its zone."""
    when = (values.get(TIME) or "").strip()
    if not when:
        raise NotALog(file=file, line=line, wrong=f"“{TIME}” is empty.")
    try:
        at = datetime.fromisoformat(when)
    except ValueError:
        raise NotALog(file=file, line=line, wrong=f"“{when}” is not a time.") from None
    if at.tzinfo is None:
        raise NotALog(file=file, line=line, wrong=f"“{when}” does not say its time zone.")
    resource, group = ((values.get(key) or "").strip() for key in (RESOURCE, GROUP))
    return LoggedEvent(activity, at.astimezone(UTC), resource, group)


def traces_of(rows: Iterable[Row], file: str) -> list[Trace]:
    """Return the traces that rows make up, the earliest first; events of one moment stay in the order of the rows."""
    events: dict[str, list[LoggedEvent]] = {}
    attributes: dict[str, dict[str, str]] = {}
    for name, event, found in rows:
        events.setdefault(name, []).append(event)
        kept = attributes.setdefault(name, {})
        kept.update({key: value.strip() for key, value in found.items() if value.strip()})
    if not events:
        raise NotALog(file=file, line=1, wrong="it has no events.")
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
