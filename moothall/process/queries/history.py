"""The history of a case in sentences, as far as it is there for the viewer."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from moothall.process import kinds
from moothall.process.circles import OTHERS, UNSEEN, WHOLE, Sight
from moothall.process.definition import Definition, Field
from moothall.process.models import Event
from moothall.process.past import Past, emptied_at
from moothall.process.queries.wording import in_words
from moothall.process.rules import ENDINGS

_SENTENCES = {
    "started": "The case was started",
    "opened": "“{step}” is waiting to be done{by_team}",
    "done": "“{step}” was done: {outcome}",
    "skipped": "“{step}” was not needed",
    "ended": "The case was closed: {outcome}",
    "ended_early": "The case was ended before its process was done: {ending}",
    "reopened": "The case was opened again, since it was ended by mistake: {ending}",
    "taken": "“{step}” was taken",
    "put_back": "“{step}” was put back for the team",
    "passed_on": "“{step}” was passed to {to}",
    "noted": "A note was written",
    "wrote": "A message was sent to the person who asked",
    "amended": "Put right, outside any step",
    "attached": "A file was added: {name}",
    "paused": "The clock “{clock}” stands still, waiting for “{while_step}”",
    "resumed": "The clock “{clock}” runs again",
    "retargeted": "The clock “{clock}”: {target}",
    "warned": "The clock “{clock}” will soon run out",
    "late": "The clock “{clock}” ran out",
    "voted": "“{step}”: {vote}",
    "waived": "“{step}” goes on although: {say}",
    "waited": "The wait “{step}” is over",
    "repeated": "“{step}” is waiting to be done once more{by_team}",
    "stopped": "“{step}” is not repeated any more",
    "handed_over": "“{step}” opened another case: {other}",
    "left_open": "Work goes on in a case that was opened from this one: {other}",
    "linked": "{link}: {other}",
    "unlinked": "No longer linked to {other}",
    "migrated": "The case now follows version {to} of its process",
    "pulled": "What is known elsewhere was looked up",
    "emptied": "What was said in this case was erased: answers, messages, notes and files",
}
_FOR_OTHERS = {"opened": f"{OTHERS} began", "done": f"{OTHERS} was done"}
"""What is said of steps that are not there for the viewer: that time passes, and nothing else."""
_IN_PART = {
    "started": "The case was started",
    "ended": "The case was closed",
    "ended_early": "The case was closed",
    "reopened": "The case was opened again",
}
"""What is said of a case of which only a part is there for the viewer, beside their own steps."""
_FOLLOWS = frozenset(
    {
        "opened",
        "repeated",
        "skipped",
        "pulled",
        "paused",
        "resumed",
        "retargeted",
        "ended",
        "handed_over",
        "left_open",
    }
)
"""What follows from what somebody did in another step: who that was may be known to others only."""
_CLOCKS = frozenset({"paused", "resumed", "warned", "late", "retargeted"})
_WITH_CASES = frozenset({"handed_over", "left_open", "linked", "unlinked"})
_VOTES = {"for": "a vote for it", "against": "a vote against it", "abstain": "a vote that abstains"}
_LINKS = {
    "child": "Handed over from",
    "opened": "Opened from",
    "related": "Related to",
    "duplicate": "The same as",
}
_TALLY = " ({for} for, {against} against, {abstain} abstained)"
SOMEBODY = "Somebody"
UNSEEN_CASE = "a case you may not see"


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


def cases_named(events: Iterable[Event]) -> set[int]:
    """Return the other cases that events speak of."""
    return {
        number
        for event in events
        if event.kind in _WITH_CASES and isinstance(number := json.loads(event.body).get("case"), int)
    }


def lines(
    definition: Definition, events: Iterable[Event], seen: Sight, others: Mapping[int, str]
) -> list[Line]:
    """Return events as lines, without what is not there for the viewer.

    `others` names by number the other cases that are there for them. A kind of event that an older version wrote is
    named as it is.
    """
    events = list(events)
    past, empty = Past(definition, events), emptied_at(events)
    found = (
        _line(past.definition(event.seq), event, past.sight(event.seq, seen), others)
        for event in (_emptied(each) if each.seq < empty else each for each in events)
    )
    return [line for line in found if line is not None]


def _emptied(event: Event) -> Event:
    """Return an event of which only what happened is left, and who of the staff did it."""
    who = SOMEBODY if event.actor_kind == "resident" else event.actor_name
    return Event(
        seq=event.seq, at=event.at, kind=event.kind, actor_kind=event.actor_kind, actor_name=who, step=event.step,
        run=event.run, outcome=event.outcome, team=event.team, council_id=event.council_id, body="{}",
    )  # fmt: skip


def _line(definition: Definition, event: Event, seen: Sight, others: Mapping[int, str]) -> Line | None:
    if not seen.everything and (short := _withheld(definition, event, seen)) != "":
        return Line(event.seq, event.at, SOMEBODY, event.kind, short, "", ()) if short else None
    body: Mapping[str, Any] = json.loads(event.body)
    if event.kind == "amended" and not seen.fields >= {*body.get("answers", ()), *body.get("dropped", ())}:
        body = {**body, "text": ""}  # why would say what is not there for the viewer
    if event.kind == "waived" and _tells_why(definition, event, body, seen):
        body = {"say": UNSEEN}
    own = event.actor_user is not None and event.actor_user == seen.viewer.actor.user_id
    return Line(
        event.seq,
        event.at,
        event.actor_name if seen.everything or own or event.kind not in _FOLLOWS else SOMEBODY,
        event.kind,
        _sentence(definition, event, body, seen, others),
        str(body.get("text", "")),
        _answers(definition, event, body, seen),
    )


def _tells_why(definition: Definition, event: Event, body: Mapping[str, Any], seen: Sight) -> bool:
    """Whether a rule that was set aside, and the reason, would tell an answer that is not there for the viewer."""
    if seen.everything or (event.team_id is not None and event.team_id in seen.viewer.team_ids):
        return False
    step, number = definition.steps.get(event.step), int(body.get("need", -1))
    needs = step.need if step else ()
    return not 0 <= number < len(needs) or seen.hides(needs[number].rule, definition)


def _withheld(definition: Definition, event: Event, seen: Sight) -> str | None:
    """Return what stands for an event that is not there for the viewer; None for nothing at all, empty if it is."""
    own = event.team_id is not None and event.team_id in seen.viewer.team_ids
    if event.step in definition.steps and event.kind not in _CLOCKS:
        return "" if seen.step(event.step, event.team_id) else _FOR_OTHERS.get(event.kind)
    if seen.level is WHOLE or own:
        return ""
    if event.kind in _IN_PART:
        return _IN_PART[event.kind]
    if event.kind in _WITH_CASES:
        return ""
    clock = definition.clocks.get(event.step) if event.kind in _CLOCKS else None
    return "" if clock is not None and seen.step(clock.until) else None


def _sentence(
    definition: Definition, event: Event, body: Mapping[str, Any], seen: Sight, others: Mapping[int, str]
) -> str:
    step = definition.steps.get(event.step)
    outcome = step.outcomes.get(event.outcome) if step else None
    link = _LINKS.get(str(body.get("kind", "")), "Linked to")
    sentence = _SENTENCES.get(event.kind, event.kind).format(
        step=step.title if step else event.step,
        outcome=outcome.title if outcome else event.outcome.replace("-", " "),
        by_team=f" by {event.team.name}" if event.team else "",
        clock=clock_title(definition, event.step, seen),
        while_step=step_title(definition, str(body.get("while", "")), seen),
        to=body.get("to", ""),
        name=_file_name(body, seen),
        ending=ENDINGS.get(event.outcome, event.outcome),
        vote=_VOTES.get(str(body.get("choice", "")), "a vote"),
        say=body.get("say", ""),
        link=link,
        other=others.get(body.get("case", 0), UNSEEN_CASE),
        target=_target(definition, body, seen),
    )
    return sentence + _TALLY.format(**body["tally"]) if "tally" in body else sentence


def _target(definition: Definition, body: Mapping[str, Any], seen: Sight) -> str:
    """Return what became of the time a clock has, and why, as far as the answer is there for the viewer."""
    within, was = str(body.get("within", "")), str(body.get("was", ""))
    said = f"{within} now" if within else "nothing is promised any more"
    said += f", not {was}" if was else ""
    field = definition.fields.get(str(body.get("by", "")))
    if field is None or field.key not in seen.fields or not body.get("to") or not body.get("from"):
        return said
    return f"{said}, since “{field.name}” became {kinds.words(field, body['to'])}"


def step_title(definition: Definition, key: str, seen: Sight) -> str:
    """Return what a step is called, for this viewer."""
    step = definition.steps.get(key)
    if step is None:
        return ""
    return step.title if seen.step(key) else OTHERS


def clock_title(definition: Definition, key: str, seen: Sight) -> str:
    """Return what a clock is called, for this viewer: its title says what is to be done by then."""
    clock = definition.clocks.get(key)
    if clock is None:
        return key
    return clock.title if seen.step(clock.until) else OTHERS


def _file_name(body: Mapping[str, Any], seen: Sight) -> str:
    field = body.get("field")
    return (
        str(body.get("name", "")) if not field or field in seen.fields else "its name is not for you to see"
    )


def _answers(
    definition: Definition, event: Event, body: Mapping[str, Any], seen: Sight
) -> tuple[tuple[str, str], ...]:
    """Return the answers of an event that the viewer may read: those of their own step, whatever they are now."""
    given, was = body.get("answers", {}), body.get("was", {})
    step = definition.steps.get(event.step)
    own = step.ask if step and event.team_id is not None and event.team_id in seen.viewer.team_ids else ()
    return tuple(
        (field.name, _changed(definition, field, given.get(key), was.get(key)))
        for key, field in definition.fields.items()
        if (given.get(key) is not None or key in was) and (key in seen.fields or key in own)
    )


def _changed(definition: Definition, field: Field, value: Any, was: Any) -> str:
    """Return an answer in words, with what it was before it was put right."""
    words = in_words(definition, field, value)
    return words if was is None else f"{words} (it was {in_words(definition, field, was)})"
