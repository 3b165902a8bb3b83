"""What somebody answers: cleaned, completed with what follows from it, each with where it came from."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from moothall.process import answers
from moothall.process.definition import Field, Step
from moothall.process.engine.state import Around, CaseState, Happening, answered_in, facts, signature
from moothall.process.errors import AnswersRefused, NothingChanged
from moothall.process.kinds.kind import LONDON
from moothall.process.working_out import fitting, work_out

Origin = dict[str, str]
_EMPTY: tuple[Any, ...] = (None, "", [], {})


@dataclass(slots=True)
class Answered:
    """The answers of a case as they will be, and where those came from that are new.

    `known` is what rules then see, once one has been asked.
    """

    data: dict[str, Any]
    origins: dict[str, Origin] = field(default_factory=dict)
    known: dict[str, Any] | None = None


def origin(around: Around, source: str, by: str = "") -> Origin:
    """Return where an answer comes from that is given now."""
    return {"at": around.now.isoformat(), "by": by, "from": source}


def answered(
    case: CaseState,
    step: Step,
    given: Mapping[str, Any],
    around: Around,
    needed: Collection[str] | None = None,
) -> Answered:
    """Return the answers of the case with these in it, and all that follows from them; refuses as `merge` does.

    Whoever gives an answer once more confirms it: from now on it is theirs, and as new as the step.
    """
    found = Answered(merge(case, step, given, around, needed))
    if given:
        here = origin(around, f"step:{step.key}", around.by.name)
        found.origins = dict.fromkeys((key for key in given if key in found.data), here)
    pull(case, case.definition.unasked, found, around)
    reckon(case, found, around, **{step.key: signature(around.by)})
    return found


def merge(
    case: CaseState,
    step: Step,
    given: Mapping[str, Any],
    around: Around,
    needed: Collection[str] | None = None,
) -> dict[str, Any]:
    """Return the data of the case with these answers in it, cleaned; what they leave hidden or empty is dropped.

    Refuses answers that the step does not ask for, a wrong one, and a missing one that is neither optional nor
    hidden (`needed` narrows which must be given). What is not given stays as it was.
    """
    if strange := [key for key in given if key not in step.ask]:
        raise AnswersRefused({key: ["This question is not asked here."] for key in strange})
    merged = dict(case.data)
    if not step.ask:
        return merged
    raw = {key: given[key] if key in given else case.data.get(key) for key in step.ask}
    seen: dict[str, Any] = {"now": around.now}
    if step.key in case.definition.conditional:
        seen = facts(case, around.now, **{step.key: signature(around.by)})
    taken, wrong = answers.check(case.definition, step.ask, raw, seen, needed)
    kept = {key for key in wrong if key not in given and not _must(case, key, needed)}
    if wrong.keys() - kept:
        raise AnswersRefused({key: [error.sentence] for key, error in wrong.items() if key not in kept})
    for key, value in taken.items():
        if value is not None:
            merged[key] = value
        elif key not in kept:
            merged.pop(key, None)
    return merged


def _must(case: CaseState, key: str, needed: Collection[str] | None) -> bool:
    """Whether an answer must be there, and be good today; an older one that is not needed may have gone stale."""
    return not case.definition.fields[key].optional if needed is None else key in needed


def pull(case: CaseState, fields: Sequence[Field], found: Answered, around: Around) -> None:
    """Look up what is pulled from elsewhere, where no person has answered; what is not known there any more goes."""
    if not fields:
        return
    seen = replace(case, data=found.data)
    for each in fields:
        before = found.origins.get(each.key) or case.origins.get(each.key)
        if before is not None and not before["from"].startswith("source:"):
            continue
        pulled = around.pull(seen, each.source)
        value = None if pulled is None else fitting(each, pulled.value, _today(around))
        if pulled is None or value is None:
            found.data.pop(each.key, None)
            continue
        found.data[each.key] = value
        made = origin(around, f"source:{pulled.where}")
        if pulled.at is not None:
            made["at"] = pulled.at.isoformat()
        found.origins[each.key] = made


def reckon(case: CaseState, found: Answered, around: Around, /, **doing: str) -> None:
    """Bring all that the house works out up to date; `doing` names who is about to finish which step."""
    definition = case.definition
    if not definition.worked_out:
        return
    known = facts(case, around.now, found.data, found.origins, **doing)
    for key, value in work_out(definition, known, _today(around)).items():
        if value is None:
            found.data.pop(key, None)
        elif found.data.get(key) != value:
            found.data[key] = value
            found.origins[key] = origin(around, "table" if definition.fields[key].table else "calc")


def keep(case: CaseState, found: Answered) -> dict[str, Any]:
    """Take answers into the case; return what the history says of it: what changed, was dropped, and was confirmed."""
    before = case.data
    changed = {key: value for key, value in found.data.items() if before.get(key) != value}
    dropped = sorted(before.keys() - found.data.keys())
    again = sorted(
        key for key, each in found.origins.items() if key not in changed and each["from"].startswith("step:")
    )
    body: dict[str, Any] = {"answers": changed} if changed else {}
    if dropped:
        body["dropped"] = dropped
    if again:
        body["again"] = again
    case.data = found.data
    if found.origins or dropped:
        case.origins = case.origins | found.origins
        for key in dropped:
            case.origins.pop(key, None)
    return body


def pull_at_opening(case: CaseState, step: Step, around: Around) -> None:
    """Look up what a step that opens asks or shows and is pulled from elsewhere, and what follows from that."""
    fields = [each for each in case.definition.pulled if each.key in step.ask or each.key in step.show]
    if not fields:
        return
    found = Answered(dict(case.data))
    pull(case, fields, found, around)
    reckon(case, found, around)
    if body := keep(case, found):
        wheres = {key: each["from"] for key, each in found.origins.items() if key in body.get("answers", {})}
        case.happened.append(Happening("pulled", step.key, body={**body, "from": wheres}))


def amended(case: CaseState, given: Mapping[str, Any], around: Around) -> Answered:
    """Return the answers of the case with these put right, outside any step, and all that follows from them.

    Refuses a wrong one, one to a question that the other answers hide, and to take out one that is needed.
    """
    definition = case.definition
    keys = [key for key in definition.fields if key in given]
    taken, wrong = answers.check(definition, keys, given, facts(case, around.now))
    refused = {key: [error.sentence] for key, error in wrong.items()}
    for key, value in taken.items():
        if value is None and key not in wrong and given[key] not in _EMPTY:
            refused[key] = ["With the other answers as they are, this is not asked."]
    if refused:
        raise AnswersRefused(refused)
    found = Answered(dict(case.data))
    for key, value in taken.items():
        if value is None:
            found.data.pop(key, None)
        elif value != case.data.get(key):
            found.data[key] = value
            found.origins[key] = origin(around, f"amend:{_asked_in(case, key)}", around.by.name)
    pull(case, definition.unasked, found, around)
    reckon(case, found, around)
    return found


def _asked_in(case: CaseState, key: str) -> str:
    """Return the step in which a question was answered; before that, the one that asks it, if only one does."""
    if (before := case.origins.get(key)) is not None:
        return answered_in(before)
    asking = [each.key for each in case.definition.steps.values() if key in each.ask]
    return asking[0] if len(asking) == 1 else ""


def amend(case: CaseState, given: Mapping[str, Any], around: Around, why: str) -> None:
    """Put answers right, and say so in the history, with what they were; refuses to change nothing."""
    before = case.data
    body = keep(case, amended(case, given, around))
    changed = {*body.get("answers", ()), *body.get("dropped", ())}
    if not changed & given.keys():
        raise NothingChanged({key: [NothingChanged.message] for key in given})
    body["was"] = {key: before[key] for key in sorted(changed & before.keys())}
    case.happened.append(Happening("amended", body=body | ({"text": why} if why else {})))


def recall(case: CaseState, around: Around) -> Answered:
    """Return the answers as they are, with all that follows from them worked out once more."""
    found = Answered(dict(case.data))
    reckon(case, found, around)
    return found


def _today(around: Around) -> Any:
    return around.now.astimezone(LONDON).date()
