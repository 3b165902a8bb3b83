"""Whether a step may be finished, and how it may turn out: unmet needs, what is waived, the outcomes on offer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from moothall.process import answers, cel
from moothall.process.definition import NOTHING, TIME, Outcome, Step
from moothall.process.engine.answering import Answered
from moothall.process.engine.state import Around, CaseState, Happening, StepRun, facts, signature
from moothall.process.errors import ChooseAnOutcome, MayNotWaive, NotYet, SayWhy

NONE_WAIVED: Mapping[int, str] = {}
BEFORE = -1
"""The number of what is no need of the step itself, but must come before it."""


@dataclass(frozen=True, slots=True)
class Unmet:
    """A need that is not met: its number among those of the step, its sentence, and who may go on without it."""

    index: int
    say: str
    waivable_by: tuple[str, ...] = ()


def seen(
    case: CaseState, step: Step, data: Mapping[str, Any], around: Around, new: Mapping[str, Any] = NOTHING
) -> dict[str, Any]:
    """Return what the rules of a step can see while somebody is about to finish it with these answers."""
    return facts(case, around.now, data, new, **{step.key: signature(around.by)})


def once(case: CaseState, step: Step, found: Answered, around: Around) -> dict[str, Any]:
    """Return the same for answers that will not change any more; worked out when it is first asked for."""
    if found.known is None:
        found.known = seen(case, step, found.data, around, found.origins)
    return found.known


def unmet(case: CaseState, step: Step, data: Mapping[str, Any], around: Around) -> list[Unmet]:
    """Return why a step may not be finished yet: what must come before it, and each need whose rule is not true."""
    return _unmet(case, step, Answered(dict(data)), around)


def _unmet(case: CaseState, step: Step, found: Answered, around: Around) -> list[Unmet]:
    before = [Unmet(BEFORE, sentence) for sentence in held_up(case, step)]
    if not step.need:
        return before
    known = once(case, step, found, around)
    return before + [
        Unmet(index, need.say, () if step.vote else need.waive)
        for index, need in enumerate(step.need)
        if not cel.holds(need.rule, known)
    ]


def kept_from(case: CaseState, step: Step, by: str, now: datetime) -> list[str]:
    """Return why a step is for somebody else than this person, whatever it is answered with: `check.by != respond.by`.

    `by` is how rules compare them (`signature`). What is not true of anybody yet is no reason against this one.
    """
    about = [need for need in step.need if (step.key, "by") in cel.rule(need.rule).names]
    if not about:
        return []
    anybody, they = facts(case, now), facts(case, now, **{step.key: by})
    return [
        need.say
        for need in about
        if cel.rule(need.rule).value(they) is False and cel.rule(need.rule).value(anybody) is not False
    ]


def held_up(case: CaseState, step: Step) -> list[str]:
    """Return what an open step still waits for: a step before it (after the process was changed), or an answer."""
    definition = case.definition
    found = [
        f"“{definition.steps[key].title}” has to be done before this."
        for key in step.after
        if not case.settled(key)
    ]
    if step.wait and step.wait.until and case.data.get(step.wait.until) is None:
        name = definition.fields[step.wait.until].name
        found.append(f"This goes on when it is time, but “{name}” has no answer yet.")
    return found


def require(
    case: CaseState, run: StepRun, found: Answered, around: Around, waived: Mapping[int, str] = NONE_WAIVED
) -> None:
    """Refuse to finish a step while a need is unmet, unless whoever acts may waive it and says why; that is noted."""
    step = case.definition.steps[run.key]
    missing = _unmet(case, step, found, around)
    if not missing:
        return
    left = [each for each in missing if each.index == BEFORE or each.index not in waived]
    for each in missing:
        if each not in left and not _may_waive(each, around):
            raise MayNotWaive
    if left:
        raise NotYet(reasons=[each.say for each in left])
    for each in missing:
        reason = waived[each.index].strip()
        if not reason:
            ask = f"Say why this may go on although: {each.say}"
            raise SayWhy({f"waive_{each.index}": [ask]}, ask=ask)
    case.happened += [
        Happening(
            "waived",
            run.key,
            run.run,
            team_id=run.team_id,
            body={"need": each.index, "say": each.say, "text": waived[each.index].strip()},
        )
        for each in missing
    ]


def _may_waive(each: Unmet, around: Around) -> bool:
    return bool(each.waivable_by) and (
        around.acts_as is None or not around.acts_as.isdisjoint(each.waivable_by)
    )


def offered(case: CaseState, step: Step, data: Mapping[str, Any], around: Around) -> list[Outcome]:
    """Return the outcomes that these answers allow, to somebody who acts as this; never what only time may choose."""
    return on_offer(case, step, Answered(dict(data)), around)


def on_offer(case: CaseState, step: Step, found: Answered, around: Around) -> list[Outcome]:
    """Return the outcomes that these new answers allow, as `offered` does."""
    return [
        each
        for each in step.outcomes.values()
        if _open_to(each, around) and (not each.when or cel.holds(each.when, once(case, step, found, around)))
    ]


def _open_to(outcome: Outcome, around: Around) -> bool:
    if not outcome.by:
        return True
    if around.acts_as is None:
        return outcome.by != (TIME,)
    return not around.acts_as.isdisjoint(outcome.by)


def why_not(case: CaseState, source: str, known: Mapping[str, Any]) -> list[str]:
    """Return what a rule still wants, in sentences for the person in front of it."""
    return cel.why_not(cel.rule(source), known, answers.labels(case.definition)) if source else []


def choose(case: CaseState, step: Step, found: Answered, around: Around, wanted: str) -> Outcome:
    """Return the outcome that is wanted, or the only one there is; refused if it is not on offer, or not clear."""
    options = on_offer(case, step, found, around)
    if wanted:
        for each in options:
            if each.key == wanted:
                return each
        known = step.outcomes.get(wanted)
        reasons = why_not(case, known.when, once(case, step, found, around)) if known else []
        raise NotYet(reasons=reasons or ["That outcome is not open to you with these answers."])
    if len(options) == 1:
        return options[0]
    if not options:
        raise NotYet(
            reasons=["No outcome fits these answers. Check the answers, or tell the process's owner."]
        )
    choices = ", ".join(each.title for each in options)
    raise ChooseAnOutcome({"outcome": [f"Choose what happens next: {choices}."]}, choices=choices)


def words_for(outcome: Outcome, text: str) -> str:
    """Return what whoever chooses an outcome has to say, tidied; refused without, where words are needed."""
    words = text.strip()
    if words:
        return words
    if outcome.need_text:
        ask = outcome.text_missing
        raise SayWhy({"text": [ask]}, ask=ask)
    return ""
