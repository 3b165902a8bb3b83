"""The history of a case in sentences."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from moothall.process import kinds
from moothall.process.definition import Definition
from moothall.process.models import Event
from moothall.process.rules import ENDINGS

_SENTENCES = {
    "started": "The case was started",
    "opened": "“{step}” is waiting to be done{by_team}",
    "done": "“{step}” was done: {outcome}",
    "skipped": "“{step}” was not needed",
    "ended": "The case was closed: {outcome}",
    "ended_early": "The case was ended before its process was done: {ending}",
    "taken": "“{step}” was taken",
    "put_back": "“{step}” was put back for the team",
    "passed_on": "“{step}” was passed to {to}",
    "noted": "A note was written",
    "wrote": "A message was sent to the person who asked",
    "attached": "A file was added: {name}",
    "paused": "The clock “{clock}” stands still, waiting for “{while_step}”",
    "resumed": "The clock “{clock}” runs again",
    "warned": "The clock “{clock}” will soon run out",
    "late": "The clock “{clock}” ran out",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the history: when, who, what in a sentence, and the words somebody wrote."""

    seq: int
    at: datetime
    who: str
    kind: str
    sentence: str
    text: str
    answers: tuple[tuple[str, str], ...]


def lines(definition: Definition, events: Iterable[Event]) -> list[Line]:
    """Return events as lines. A kind of event that an older version wrote is named as it is."""
    return [_line(definition, event) for event in events]


def _line(definition: Definition, event: Event) -> Line:
    body: Mapping[str, Any] = json.loads(event.body)
    step = definition.steps.get(event.step)
    clock = definition.clocks.get(event.step)
    outcome = step.outcomes.get(event.outcome) if step else None
    pausing = definition.steps.get(str(body.get("while", "")))
    sentence = _SENTENCES.get(event.kind, event.kind).format(
        step=step.title if step else event.step,
        outcome=outcome.title if outcome else event.outcome.replace("-", " "),
        by_team=f" by {event.team.name}" if event.team else "",
        clock=clock.title if clock else event.step,
        while_step=pausing.title if pausing else "",
        to=body.get("to", ""),
        name=body.get("name", ""),
        ending=ENDINGS.get(event.outcome, event.outcome),
    )
    given = body.get("answers", {})
    answers = tuple(
        (field.name, kinds.words(field, given[key]))
        for key, field in definition.fields.items()
        if given.get(key) is not None
    )
    text = str(body.get("text", ""))
    return Line(event.seq, event.at, event.actor_name, event.kind, sentence, text, answers)
