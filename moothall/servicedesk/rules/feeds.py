"""What messages of monitoring and of change records say, whatever shape they have: the shapes are data."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from moothall.servicedesk.rules.observing import Seen

MOST_ROWS = 500
KEY_LENGTH, SUMMARY_LENGTH = 200, 200
STORM_WITHIN = timedelta(minutes=5)
STORM_OF = 10
"""More new alerts than this of one feed within `STORM_WITHIN` are one storm, under one call."""


class NotUnderstood(ValueError):
    """A message does not have the shape of its feed; the words say what is missing."""


@dataclass(frozen=True, slots=True)
class Signal:
    """One thing that monitoring says: `key` is the same as long as it is the same trouble."""

    key: str
    summary: str
    severity: str
    item: str
    firing: bool


@dataclass(frozen=True, slots=True)
class Shape:
    """How one monitoring system writes: where in a message the parts of a signal stand, the first that is there.

    `rows` is where a list of them stands; empty if a message is one. `over` are the words that say that it is over.
    """

    title: str
    rows: str
    key: tuple[str, ...]
    summary: tuple[str, ...]
    severity: tuple[str, ...]
    item: tuple[str, ...]
    status: tuple[str, ...]
    over: frozenset[str]


PLAIN = "plain"
SHAPES: Mapping[str, Shape] = {
    PLAIN: Shape(
        "Our own: key, summary, severity, item, status",
        "alerts",
        ("key",),
        ("summary",),
        ("severity",),
        ("item",),
        ("status",),
        frozenset({"resolved"}),
    ),
    "alertmanager": Shape(
        "Prometheus Alertmanager",
        "alerts",
        ("fingerprint", "labels.alertname"),
        ("annotations.summary", "annotations.description", "labels.alertname"),
        ("labels.severity",),
        ("labels.item", "labels.service", "labels.job", "labels.instance"),
        ("status",),
        frozenset({"resolved"}),
    ),
    "zabbix": Shape(
        "Zabbix",
        "",
        ("trigger.id", "event.id", "event_id"),
        ("event.name", "trigger.name", "subject"),
        ("event.severity", "severity"),
        ("host.name", "host"),
        ("event.value", "event.status", "status"),
        frozenset({"0", "ok", "resolved", "recovery"}),
    ),
}
NETBOX = "netbox"
CHANGE_SHAPES: Mapping[str, str] = {
    PLAIN: "Our own: key, at, item, who, what",
    NETBOX: "NetBox: its change log, or its webhooks",
}
_WORST = frozenset({"critical", "disaster", "emergency", "page", "fatal", "5"})
_BAD = frozenset({"high", "error", "major", "4"})
_SLIGHT = frozenset({"info", "information", "not classified", "notice", "none", "debug", "0", "1"})
_IMPACT = {"worst": ("council", "partly"), "bad": ("team", "no"), "slight": ("one-person", "yes")}


def signals(shape: Shape, message: object) -> list[Signal]:
    """Return what a message says; refuses one without a key or a summary.

    >>> signals(SHAPES["plain"], {"key": "disk", "summary": "Disk full", "status": "firing"})[0].firing
    True
    """
    found = []
    for row in _rows(shape, message):
        key, summary = _first(row, shape.key), _first(row, shape.summary)
        status = _first(row, shape.status).casefold()
        firing = status not in shape.over
        if not key:
            raise NotUnderstood(
                f"A message needs “{shape.key[0]}”, which is the same as long as the trouble is."
            )
        if firing and not summary:
            raise NotUnderstood(f"A message needs “{shape.summary[0]}”: what is wrong, in a line.")
        found.append(
            Signal(
                key[:KEY_LENGTH],
                " ".join(summary.split())[:SUMMARY_LENGTH],
                _first(row, shape.severity).casefold()[:10],
                _first(row, shape.item)[:150],
                firing,
            )
        )
    return found


def _rows(shape: Shape, message: object) -> Sequence[Mapping[str, Any]]:
    rows = message.get(shape.rows, message) if shape.rows and isinstance(message, Mapping) else message
    listed: list[Any] = rows if isinstance(rows, list) else [rows]
    if len(listed) > MOST_ROWS:
        raise NotUnderstood(f"A message may say {MOST_ROWS} things at most.")
    if not listed or not all(isinstance(each, Mapping) for each in listed):
        raise NotUnderstood("A message is a JSON object, or a list of them.")
    return listed


def _first(row: Mapping[str, Any], places: Iterable[str]) -> str:
    return next((text for place in places if (text := _at(row, place))), "")


def _at(row: Mapping[str, Any], place: str) -> str:
    """Return what stands at a place like “labels.severity”, as text."""
    found: object = row
    for part in place.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    if isinstance(found, bool) or not isinstance(found, str | int | float):
        return ""
    return str(found).replace("\x00", "").strip()


def impact_and_urgency(severity: str) -> tuple[str, str]:
    """Return how an alert is taken, by how bad monitoring says it is. None is a P1: that a person says.

    >>> impact_and_urgency("critical"), impact_and_urgency("warning")
    (('council', 'partly'), ('team', 'partly'))
    """
    said = severity.casefold()
    how = next((name for name, words in _HOW if said in words), "")
    return _IMPACT.get(how, ("team", "partly"))


_HOW = (("worst", _WORST), ("bad", _BAD), ("slight", _SLIGHT))


def observed(shape: str, message: object) -> list[Seen]:
    """Return the changes that a message says were made, in one of `CHANGE_SHAPES`."""
    if shape == NETBOX:
        return netbox(message)
    rows = _rows(SHAPES[PLAIN], message.get("changes", message) if isinstance(message, Mapping) else message)
    return [
        Seen(
            _must(row, "key"),
            _moment(_must(row, "at")),
            _must(row, "item"),
            _at(row, "who"),
            _at(row, "what"),
        )
        for row in rows
    ]


def netbox(message: object) -> list[Seen]:
    """Return what NetBox says was changed: a page of its change log (`/api/core/object-changes/`), or one webhook."""
    if isinstance(message, Mapping) and "results" in message:
        rows = _rows(SHAPES[PLAIN], message["results"]) if message["results"] else []
        return [_log_entry(row) for row in rows]
    rows = _rows(SHAPES[PLAIN], message)
    return [_log_entry(row) if "changed_object_type" in row else _webhook(row) for row in rows]


def _log_entry(row: Mapping[str, Any]) -> Seen:
    kind = _must(row, "changed_object_type").rpartition(".")[2]
    item = _first(
        row,
        (
            "changed_object.name",
            "changed_object.display",
            "postchange_data.name",
            "prechange_data.name",
            "object_repr",
        ),
    )
    return Seen(
        key=f"netbox:{_must(row, 'id')}",
        at=_moment(_must(row, "time")),
        item_name=item or f"{kind} {_at(row, 'changed_object_id')}",
        who=_first(row, ("user_name", "user.username", "user.display")),
        what=_in_words(
            _first(row, ("action.value", "action")),
            kind,
            row.get("prechange_data"),
            row.get("postchange_data"),
        ),
    )


def _webhook(row: Mapping[str, Any]) -> Seen:
    model = _must(row, "model")
    before, after = (_part(row, "snapshots", name) for name in ("prechange", "postchange"))
    return Seen(
        key=f"netbox:{_must(row, 'request_id')}:{model}:{_at(row, 'data.id')}",
        at=_moment(_must(row, "timestamp")),
        item_name=_first(row, ("data.name", "data.display")) or f"{model} {_at(row, 'data.id')}",
        who=_at(row, "username"),
        what=_in_words(_must(row, "event"), model, before, after),
    )


def _part(row: Mapping[str, Any], *path: str) -> object:
    found: object = row
    for part in path:
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def _in_words(action: str, kind: str, before: object, after: object) -> str:
    """Return what was changed in a line: what was done to what, and which parts of it are others now."""
    done = {"create": "created", "update": "updated", "delete": "deleted"}.get(action, action)
    names: list[str] = []
    if done == "updated" and isinstance(before, Mapping) and isinstance(after, Mapping):
        names = sorted(
            str(key)
            for key in before.keys() | after.keys()
            if before.get(key) != after.get(key) and key != "last_updated"
        )
    said = f"{kind} {done}" + (f": {', '.join(names[:8])}" if names else "")
    return said[:SUMMARY_LENGTH]


def _must(row: Mapping[str, Any], place: str) -> str:
    found = _at(row, place)
    if not found:
        raise NotUnderstood(f"“{place}” is missing.")
    return found


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise NotUnderstood(f"“{text[:40]}” is not a time.") from None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
