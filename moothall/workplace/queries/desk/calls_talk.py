"""What was said in a call: between the user and the desk, and, apart from it, what the desk noted for itself."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from moothall.process.circles import WHOLE
from moothall.process.engine.state import CaseState
from moothall.process.models import Event
from moothall.process.past import EMPTIED, emptied_at
from moothall.process.queries.asking import told_words
from moothall.process.queries.casefile import CaseFile
from moothall.servicedesk.models import Call

_SAYING = ("wrote", "noted", "done", EMPTIED)
_USERS = frozenset({"answer", "confirm"})
"""The steps of whoever asked."""
_ANSWERED = ("told", "answer")
"""Answers that whoever asked gives in a step of theirs."""
_TOLD = ("asked", "question", "fix")
"""Answers of the desk that whoever asked reads."""


@dataclass(frozen=True, slots=True)
class Said:
    """Something that was said: by whom, when, and whether it was the user, or the desk to the user.

    `yours` says that whoever reads it said it themselves; a letter or a call counts as the user's own.
    """

    at: datetime
    who: str
    text: str
    ours: bool
    yours: bool = False


@dataclass(frozen=True, slots=True)
class Talk:
    """Both conversations, each in its order: with the user, and among the desk."""

    with_user: Sequence[Said] = ()
    notes: Sequence[Said] = ()


NOTHING = Talk()


def talk_of(call: Call, file: CaseFile) -> Talk:
    """Return what was said in a call. Where only a part of it is there for the viewer, nothing of it is."""
    if file.level is not WHOLE:
        return NOTHING
    rows = _saying(file.case) if file.older else [each for each in file.events[::-1] if each.kind in _SAYING]
    return _talk(call, file.case, rows, frozenset(file.seen.fields))


def users_talk(call: Call, case: CaseState, reader: int | None) -> Sequence[Said]:
    """Return the conversation with the user, for them or whoever asked for them: the desk's own notes stay inside."""
    return _talk(call, case, _saying(case), frozenset(case.data), reader).with_user


def _saying(case: CaseState) -> list[Event]:
    return list(Event.objects.filter(case_id=case.id, kind__in=_SAYING).order_by("seq"))


def _talk(
    call: Call, case: CaseState, rows: Sequence[Event], fields: frozenset[str], reader: int | None = None
) -> Talk:
    empty = emptied_at(rows)
    said = _first(call, case, fields, reader)
    notes: list[Said] = []
    for row in rows:
        if row.seq < empty or row.kind == EMPTIED:
            continue
        body: Mapping[str, Any] = json.loads(row.body)
        theirs = _is_users(call, row, body)
        who = row.actor_user if row.actor_user is not None else call.requester_id
        if row.kind == "noted" and not theirs:
            notes.append(Said(row.at, row.actor_name, str(body.get("text", "")), ours=True))
        elif words := _words(case, row, body, fields, theirs=theirs):
            yours = theirs and reader is not None and who == reader
            said.append(Said(row.at, row.actor_name, words, ours=not theirs, yours=yours))
    return Talk(said, notes)


def _first(call: Call, case: CaseState, fields: frozenset[str], reader: int | None) -> list[Said]:
    """Return what the user asked for in the beginning, or whoever asked for them."""
    parts = [str(case.data[key]) for key in ("summary", "detail") if key in fields and case.data.get(key)]
    asked = call.asked_by_id or call.requester_id
    who = call.asked_by.name if call.asked_by is not None else call.caller_name
    yours = reader is not None and asked == reader
    return [Said(call.logged_at, who, "\n\n".join(parts), ours=False, yours=yours)] if parts else []


def _is_users(call: Call, row: Event, body: Mapping[str, Any]) -> bool:
    """Say whether an event is of the user. Of whoever asked for them it is only what they did as that.

    They may work at the desk themselves: what they note there is for the desk alone.
    """
    if row.actor_kind == "resident":
        return True
    if row.actor_user is None:
        return False
    if row.actor_user == call.requester_id:
        return True
    asked = row.actor_user == call.asked_by_id
    return asked and (body.get("from") == "requester" or (row.kind == "done" and row.step in _USERS))


def _words(
    case: CaseState, row: Event, body: Mapping[str, Any], fields: frozenset[str], *, theirs: bool
) -> str:
    """Return what was said to the other side by an event; empty if nothing was."""
    text, answers = str(body.get("text", "")), body.get("answers", {})
    if row.kind in {"wrote", "noted"}:
        return text
    if row.step == "log":
        return ""
    wanted = _ANSWERED if theirs else _TOLD
    given = [str(answers[key]) for key in wanted if key in fields and answers.get(key)]
    if theirs:
        outcome = _outcome(case, row)
        return "\n\n".join([*given, text] if text or given else [outcome])
    told = told_words(case.definition, row.step, row.outcome, case.data)
    if not told:
        return ""
    return "\n\n".join([told, *(each for each in [*given, text] if each and each not in told)])


def _outcome(case: CaseState, row: Event) -> str:
    step = case.definition.steps.get(row.step)
    outcome = step.outcomes.get(row.outcome) if step else None
    return outcome.title if outcome else ""
