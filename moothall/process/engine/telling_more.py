"""Whether another version of a process would let more people see what is in a case than its own lets.

Whoever writes processes may not thereby open a case that is not there for them: a move that would is for those who are
in each circle that it opens, or for the house itself.
"""

from collections.abc import Iterator, Mapping

from moothall.process.definition import NOTHING, Definition, Step
from moothall.process.engine.state import CaseState, answered_in

_RAN = frozenset({"open", "done"})
Circle = frozenset[str]


def opened(case: CaseState, new: Definition, choices: Mapping[str, str]) -> Iterator[Circle]:
    """Return each circle, as its teams, of which another version tells others something that stands in the case.

    `choices` say what steps and questions become there, as when the case is moved.
    """
    if case.circle and _wider(Circle(new.circle.split()), Circle(case.circle.split())):
        yield Circle(case.circle.split())
    for run in case.steps.values():
        old, step = case.definition.steps[run.key], new.steps.get(choices.get(run.key, run.key))
        if run.state in _RAN and old.circle and step is not None and _wider(_own(step), _own(old)):
            yield _own(old)
    for key in case.data:
        readers = (
            _readers(case.definition, key, _asked_in(case, key))
            if key in case.definition.fields
            else Circle()
        )
        to = choices.get(key, key)
        if readers and to in new.fields and _tells(case, new, key, to, choices, readers):
            yield readers


def _wider(now: Circle, before: Circle) -> bool:
    """Say whether anybody is in a circle who was not; the empty one is everybody's."""
    return not now or not now <= before


def _own(step: Step) -> Circle:
    """Return who alone may see a step: its circle, and whoever votes in it; nobody named is everybody."""
    return Circle((*step.circle, *(step.vote.of if step.vote else ()))) if step.circle else Circle()


def _asked_in(case: CaseState, key: str) -> str:
    """Return the step in which a question was answered last."""
    return answered_in(case.origins.get(key, NOTHING))


def _readers(definition: Definition, key: str, step: str) -> Circle:
    """Return who alone may read an answer: its circle, else that of the step in which it was given."""
    found = definition.steps.get(step)
    return Circle(definition.fields[key].circle) or (_own(found) if found else Circle())


def _tells(
    case: CaseState, new: Definition, key: str, to: str, choices: Mapping[str, str], readers: Circle
) -> bool:
    """Say whether a version tells others an answer: to read, on a step of theirs, or by what is worked out from it."""
    step = _asked_in(case, key)
    if _wider(_readers(new, to, choices.get(step, step)), readers):
        return True
    before = {choices.get(each.key, each.key): each for each in case.definition.steps.values()}
    for each in new.steps.values():
        old = before.get(each.key)
        known = readers | (
            Circle(old.by or (case.definition.owner,)) if old and key in _told(old) else Circle()
        )
        if to in _told(each) and not Circle(each.by or (new.owner,)) <= known:
            return True
    return any(
        to in new.worked_out_from(each) and not Circle(each.circle) <= readers
        for each in new.worked_out
        if each.key not in case.definition.fields
    )


def _told(step: Step) -> frozenset[str]:
    """Return the questions whose answers whoever does a step reads there, or hands to another case."""
    handed = (*step.passes, *(each for outcome in step.outcomes.values() for each in outcome.passes))
    return frozenset((*step.show, *step.ask, *(each.field for each in handed)))
