"""A request's history in plain words for whoever made it: what they were told, asked and did; not how staff worked."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from moothall.process import kinds
from moothall.process.definition import RESIDENT, Definition
from moothall.process.engine.state import CaseState
from moothall.process.filling import filled
from moothall.process.models import Event
from moothall.process.past import MIGRATED, Past
from moothall.process.queries.asking import told_words
from moothall.requests import letters

KINDS = (
    "started", "done", "opened", "pulled", "late", "noted", "wrote", "attached", "ended_early", "ended", MIGRATED,
    "amended",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the history; `key` marks what matters most."""

    title: str
    at: datetime
    by: str = ""
    text: str = ""
    key: bool = False


def status(*, is_open: bool, asks: bool) -> str:
    """Return where a request stands, in two or three words.

    >>> status(is_open=True, asks=False), status(is_open=False, asks=False)
    ('We are working on it', 'Closed')
    """
    if not is_open:
        return "Closed"
    return "We need something from you" if asks else "We are working on it"


def promises(case: CaseState, now: datetime) -> tuple[list[str], list[str]]:
    """Return by when things are promised, and the honest sentences about what is late already; of nothing private."""
    kept, late = [], []
    for run in sorted(case.clocks.values(), key=lambda each: each.due_at):
        clock = case.definition.clocks[run.key]
        if not run.going or case.definition.steps[clock.until].circle:
            continue
        if run.late_at is not None or (run.state == "running" and run.due_at <= now):
            late.append(letters.overdue(clock, run.due_at))
        elif run.state == "running":
            kept.append(letters.promise(clock.title, run.due_at, now))
        else:
            kept.append(f"{clock.title}: this waits for your answer")
    return kept, late


def entries(definition: Definition, events: Iterable[Event]) -> list[Entry]:
    """Return the history, newest first."""
    events = list(events)
    told = _History(definition, Past(definition, events))
    for event in events:
        told.take(event)
    return told.entries[::-1]


class _History:
    """Reads events in their order, with the answers as they were at each."""

    def __init__(self, definition: Definition, past: Past) -> None:
        self.definition = definition
        self.past = past
        self.entries: list[Entry] = []
        self.data: dict[str, Any] = {}
        self.started_at: datetime | None = None
        self.ended_words = False

    def take(self, event: Event) -> None:
        body: Mapping[str, Any] = json.loads(event.body)
        self.definition = self.past.definition(event.seq)
        read = getattr(self, f"_{event.kind}", None)
        if read is not None:
            read(event, body)

    def _add(self, event: Event, title: str, *, text: str = "", by: str = "", key: bool = False) -> None:
        self.entries.append(Entry(title, event.at, by, text, key))

    def _started(self, event: Event, body: Mapping[str, Any]) -> None:
        self.started_at = event.at
        self.data.update(body.get("data") or {})
        self._add(event, "We received your request", key=True)

    def _done(self, event: Event, body: Mapping[str, Any]) -> None:
        self.data.update(body.get("answers") or {})
        for key in body.get("dropped") or ():
            self.data.pop(key, None)
        step = self.definition.steps.get(event.step)
        outcome = step.outcomes.get(event.outcome) if step else None
        if step is None or outcome is None:
            return
        text = "" if step.circle else str(body.get("text") or "")
        if event.actor_kind == "resident" and step is not self.definition.first:
            self._add(
                event,
                f"You answered: {outcome.title}" if len(step.for_requester) > 1 else "You answered",
                text=self._answered(body, text),
            )
        elif RESIDENT in step.by and step is not self.definition.first and event.actor_kind == "staff":
            self._add(event, f"{event.actor_name} answered for you", text=self._answered(body, text))
        if RESIDENT in outcome.tell and step is self.definition.first:
            self.entries[-1] = replace(self.entries[-1], text=filled(outcome.say, self.definition, self.data))
            self.ended_words = bool(outcome.end)
        elif RESIDENT in outcome.tell:
            words = told_words(self.definition, event.step, event.outcome, self.data)
            first, _, rest = words.partition(". ")
            self._add(
                event, f"{first.rstrip('.')}", text="\n".join(each for each in (rest, text) if each), key=True
            )
            self.ended_words = bool(outcome.end)

    def _pulled(self, event: Event, body: Mapping[str, Any]) -> None:
        """Know what was looked up from here on; whoever asked is told it where the process says so."""
        self._migrated(event, body)

    def _migrated(self, _event: Event, body: Mapping[str, Any]) -> None:
        """Take the answers along under their new names; whoever asked is not told of versions."""
        for key in body.get("dropped") or ():
            self.data.pop(key, None)
        self.data.update(body.get("answers") or {})

    def _amended(self, event: Event, body: Mapping[str, Any]) -> None:
        """Know what staff have put right from here on; whoever asked is told it where the process says so."""
        self._migrated(event, body)

    def _answered(self, body: Mapping[str, Any], text: str) -> str:
        fields = self.definition.fields
        given = [
            kinds.words(fields[key], value)
            for key, value in (body.get("answers") or {}).items()
            if key in fields
        ]
        return "\n".join([*given, *([text] if text else [])])

    def _opened(self, event: Event, _body: Mapping[str, Any]) -> None:
        step = self.definition.steps.get(event.step)
        if step is None or RESIDENT not in step.by or step is self.definition.first:
            return
        fields = self.definition.fields
        shown = [
            f"{fields[key].name}: {kinds.words(fields[key], self.data[key])}"
            for key in step.show
            if self.data.get(key) is not None
        ]
        last = self.entries[-1] if self.entries else None
        if last is not None and last.key and last.at == event.at:
            self.entries[-1] = replace(last, text="\n".join(shown) or last.text)
        else:
            self._add(event, "We asked you something", text="\n".join(shown), key=True)

    def _late(self, event: Event, _body: Mapping[str, Any]) -> None:
        clock = self.definition.clocks.get(event.step)
        if clock is not None and self.definition.steps[clock.until].circle:
            return
        title = clock.title if clock else event.step
        sorry = "We are sorry. It has been moved up." if clock and clock.late.priority else "We are sorry."
        self._add(event, f"We were late: {title}", text=sorry, key=True)

    def _noted(self, event: Event, body: Mapping[str, Any]) -> None:
        if event.actor_kind == "resident":
            self._add(event, "You wrote to us", text=str(body.get("text") or ""))

    def _wrote(self, event: Event, body: Mapping[str, Any]) -> None:
        self._add(event, "We wrote to you", text=str(body.get("text") or ""), key=True)

    def _ended_early(self, event: Event, body: Mapping[str, Any]) -> None:
        title = (
            "You withdrew your request" if event.actor_kind == "resident" else letters.ENDED[event.outcome]
        )
        self._add(event, title.rstrip("."), text=str(body.get("text") or ""), key=True)
        self.ended_words = True

    def _attached(self, event: Event, body: Mapping[str, Any]) -> None:
        if event.actor_kind == "resident" and event.at != self.started_at:
            self._add(event, "You sent a file", text=str(body.get("name") or ""))

    def _ended(self, event: Event, _body: Mapping[str, Any]) -> None:
        if not self.ended_words:
            self._add(event, "We closed your request", key=True)
