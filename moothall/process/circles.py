"""Circles: for whom a case, a step of it or an answer exists. Neither supervisors nor auditors stand above one.

A circle is kept as what process files call its teams, sorted, with spaces between; or as the permission with which the
cases of a process are seen, which has dots, as no team has. Empty, it is all staff whom the gate lets; of a case, those
of them who see the cases of every service. The gate asks where somebody may do something; this page asks for whom a
thing is there at all. What is not there for a viewer is in no list, no count and no search, and answers as though it
did not exist.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, TypeVar

from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat
from django.db.models.lookups import Contains

from moothall.councils.rules import Viewer
from moothall.plain.errors import NotFound, Refused
from moothall.process import cel, hooks, rules
from moothall.process.definition import Definition, circle_of, named_circle
from moothall.process.definition import Step as StepRead
from moothall.process.engine.state import CaseState, StepRun, answered_in
from moothall.process.models import Case, Step
from moothall.process.permissions import Can

M = TypeVar("M", bound=Model)

OTHERS = "Work by others"
"""What a step is called for whom it is not there; that time passes with it is no secret."""
UNSEEN = "This depends on something that is not for you to see."
"""Why something cannot be done yet, for whom the reason is not there."""


class Level(IntEnum):
    """How much of a case is there for somebody: all of it, only what their teams do in it, or nothing."""

    NONE = 0
    PART = 1
    WHOLE = 2


NONE, PART, WHOLE = Level


def sees(viewer: Viewer, council_id: int, circle: str) -> bool:
    """Say whether the viewer is in a circle of a council. The empty one is everybody's; of a case, see `sees_case`."""
    if not circle or viewer.is_system:
        return True
    words = circle.split()
    return not viewer.serves.get(council_id, frozenset()).isdisjoint(words) or any(
        council_id in viewer.powers.get(each, ()) for each in hooks.walls.intersection(words)
    )


def sees_case(viewer: Viewer, council_id: int, circle: str) -> bool:
    """Say whether a case of a council with this circle is wholly there for the viewer."""
    return sees(viewer, council_id, circle) if circle else council_id not in _shut(viewer)


def _shut(viewer: Viewer) -> AbstractSet[int]:
    """Return the councils at which the viewer sees cases, but not those of every service: the empty circle is shut.

    Whoever sees no cases at all by the gate comes another way, such as to what they asked for, and is not shut out.
    """
    if viewer.is_system:
        return frozenset()
    return viewer.powers.get(Can.SEE.value, frozenset()) - viewer.powers.get(
        Can.SEE_SERVICES.value, frozenset()
    )


def alike(viewer: Viewer) -> dict[frozenset[str], list[int]]:
    """Return the councils for which the viewer is in the same circles, by those: of teams, and of permissions."""
    held: dict[int, AbstractSet[str]] = dict(viewer.serves)
    for wall in hooks.walls:
        for council_id in viewer.powers.get(wall, ()):
            held[council_id] = held.get(council_id, frozenset()) | {wall}
    found: dict[frozenset[str], list[int]] = {}
    for council_id, circles in sorted(held.items()):
        found.setdefault(frozenset(circles), []).append(council_id)
    return found


def within(viewer: Viewer, prefix: str = "") -> Q:
    """Return the condition that a row's circle (`circle`, or that of the row at `prefix`) is one of the viewer's."""
    return _within(viewer, prefix, frozenset())


def within_cases(viewer: Viewer, prefix: str = "") -> Q:
    """Return the condition that a case or a step (or the case at `prefix`) is in a circle of the viewer's."""
    return _within(viewer, prefix, _shut(viewer))


def _within(viewer: Viewer, prefix: str, shut: AbstractSet[int]) -> Q:
    if viewer.is_system:
        return Q()
    found = Q(**{f"{prefix}circle": ""})
    if shut:
        found &= ~Q(**{f"{prefix}council_id__in": sorted(shut)})
    padded = Concat(Value(" "), F(f"{prefix}circle"), Value(" "))
    for circles, councils in alike(viewer).items():
        one_of = Q()
        for each in sorted(circles):
            one_of |= Q(Contains(padded, f" {each} "))
        found |= Q(**{f"{prefix}council_id__in": councils}) & one_of
    return found


def clause(viewer: Viewer, table: str) -> tuple[str, list[Any]]:
    """Return `within` for hand-written SQL, with its parameters, about a table that has `circle` and `council_id`."""
    return _clause(viewer, table, frozenset())


def clause_of_cases(viewer: Viewer, table: str) -> tuple[str, list[Any]]:
    """Return `within_cases` for hand-written SQL, with its parameters, about cases or steps.

    Of steps, those that a team of the viewer has are there as well: add them where steps are read.
    """
    return _clause(viewer, table, _shut(viewer))


def _clause(viewer: Viewer, table: str, shut: AbstractSet[int]) -> tuple[str, list[Any]]:
    if viewer.is_system:
        return "1 = 1", []
    first = f"{table}.circle = ''"
    if shut:
        first = f"({first} AND {table}.council_id NOT IN ({', '.join(['%s'] * len(shut))}))"
    parts, values = [first], list[Any](sorted(shut))
    for circles, councils in alike(viewer).items():
        one_of = " OR ".join([f"' ' || {table}.circle || ' ' LIKE %s"] * len(circles))
        parts.append(f"({table}.council_id IN ({', '.join(['%s'] * len(councils))}) AND ({one_of}))")
        values += [*councils, *(f"% {each} %" for each in sorted(circles))]
    return f"({' OR '.join(parts)})", values


def narrow(viewer: Viewer, rows: QuerySet[M], prefix: str = "") -> QuerySet[M]:
    """Return the rows that are wholly there for the viewer: cases, steps, or what belongs to a case at `prefix`.

    Of steps those of the viewer's own teams are there, whoever is in their circle, and those that wait for them in
    person where the circle names no teams.
    """
    if viewer.is_system:
        return rows
    of_cases = bool(prefix) or rows.model in {Case, Step}
    found = within_cases(viewer, prefix) if of_cases else within(viewer)
    if rows.model is Step and not prefix:
        found |= _own_steps(viewer)
    return rows.filter(found)


def _own_steps(viewer: Viewer) -> Q:
    """Return which steps are there for the viewer, whoever is in their circle."""
    theirs = Q(team_id__in=sorted(viewer.team_ids))
    if viewer.staff_id is not None:
        nobodys = ["", *sorted(hooks.walls)]
        theirs |= Q(person_id=viewer.staff_id, state=Step.State.OPEN, circle__in=nobodys)
    return theirs


def known(viewer: Viewer, rows: QuerySet[Case]) -> QuerySet[Case]:
    """Return the cases that are there for the viewer, wholly or in part."""
    if viewer.is_system:
        return rows
    part = Step.objects.filter(_part(viewer), case_id=OuterRef("pk"))
    return rows.filter(within_cases(viewer) | Exists(part))


def is_there(viewer: Viewer, case_id: int, council_id: int, circle: str) -> bool:
    """Say whether a case is there for the viewer, wholly or in part; a question only where they are outside."""
    return (
        sees_case(viewer, council_id, circle) or Step.objects.filter(_part(viewer), case_id=case_id).exists()
    )


def _part(viewer: Viewer) -> Q:
    """Return which steps make a case there in part: the viewer's own, their teams', those of circles they are in."""
    return _own_steps(viewer) | (~Q(circle="") & within(viewer))


def level(viewer: Viewer, case: CaseState) -> Level:
    """Return how much of a case is there for the viewer. Whether they may see cases at all, the gate says."""
    if sees_case(viewer, case.council_id, case.circle):
        return WHOLE
    if any(_is_theirs(viewer, case, run) for run in case.steps.values()):
        return PART
    return PART if is_there(viewer, case.id, case.council_id, case.circle) else NONE


def _is_theirs(viewer: Viewer, case: CaseState, run: StepRun) -> bool:
    """Whether a team of the viewer has a step, or had it last; or it is in a circle of its own that they are in."""
    if _has(viewer, case, run):
        return True
    own = own_circle(case.definition.steps[run.key]) if run.key in case.definition.steps else ""
    return bool(own) and sees(viewer, case.council_id, own)


def _has(viewer: Viewer, case: CaseState, run: StepRun) -> bool:
    """Say whether a step is a viewer's team's; or, unless the case is for teams alone, waits for them in person."""
    if run.team_id in viewer.team_ids:
        return True
    waits = run.state == "open" and run.person_id is not None and run.person_id == viewer.staff_id
    return waits and not named_circle(case.circle)


def own_circle(step: StepRead) -> str:
    """Return the circle that a step has beside that of its case: who alone may see it, or votes in it."""
    voters = step.vote.of if step.vote else ()
    return circle_of((*step.circle, *voters)) if step.circle or voters else ""


@dataclass(frozen=True, slots=True)
class Sight:
    """What of one case is there for one viewer. `steps` and `fields` are keys of its process."""

    viewer: Viewer
    council_id: int
    level: Level
    steps: frozenset[str]
    fields: frozenset[str]
    everything: bool = False

    def step(self, key: str, team_id: int | None = None) -> bool:
        """Say whether a step is there; with a team, whether the run of it is that this team had."""
        return key in self.steps or team_id in self.viewer.team_ids

    def hides(self, source: str, definition: Definition) -> bool:
        """Say whether a rule asks about anything that is not there for the viewer: why it fails they are not told."""
        if self.everything or not source:
            return False
        first = {path[0] for path in cel.rule(source).names}
        return any(
            (name in definition.fields and name not in self.fields)
            or (name in definition.steps and name not in self.steps)
            for name in first
        )


def sight(viewer: Viewer, case: CaseState) -> Sight:
    """Return what of a case is there for the viewer."""
    definition = case.definition
    found = level(viewer, case)
    if viewer.is_system or (found is WHOLE and not (named_circle(case.circle) or definition.has_circles)):
        return Sight(viewer, case.council_id, WHOLE, *definition.keys, everything=True)
    if found is NONE:
        return Sight(viewer, case.council_id, NONE, frozenset(), frozenset())
    steps = frozenset(key for key in definition.steps if _sees_step(viewer, case, key, found))
    return Sight(viewer, case.council_id, found, steps, _readable(viewer, case, found, steps))


def _sees_step(viewer: Viewer, case: CaseState, key: str, found: Level) -> bool:
    run = case.steps.get(key)
    if run is not None and _has(viewer, case, run):
        return True
    step = case.definition.steps[key]
    if step.circle or found is PART:
        own = own_circle(step)
        return bool(own) and sees(viewer, case.council_id, own)
    return True


def readable(viewer: Viewer, case: CaseState) -> frozenset[str]:
    """Return the keys of the answers that the viewer may read."""
    return sight(viewer, case).fields


def _readable(viewer: Viewer, case: CaseState, found: Level, seen: frozenset[str]) -> frozenset[str]:
    """Return what the viewer reads by the circles of the answers, and what their own steps show and ask.

    What was answered in a step that is not there for them is not, either. Of a step of theirs that is done, they read
    its own answers, as long as nobody has answered them anew.
    """
    fields, steps = case.definition.fields, case.definition.steps
    keys = {
        key
        for key, field in fields.items()
        if found is WHOLE
        and sees(viewer, case.council_id, circle_of(field.circle))
        and _answered_in(case, key) <= seen
    }
    for run in case.steps.values():
        if run.key not in steps or not _is_theirs(viewer, case, run):
            continue
        step = steps[run.key]
        if run.state == "open":
            keys |= {*step.show, *step.ask}
        elif run.state == "done":
            keys |= {key for key in step.ask if case.origins.get(key, {}).get("from") == f"step:{run.key}"}
    return frozenset(keys - _betrayed(case.definition, keys | seen))


def _answered_in(case: CaseState, key: str) -> frozenset[str]:
    """Return the step in which a question was answered last; before anybody says, none unless only one asks it."""
    origin = case.origins.get(key)
    if origin:
        return frozenset({answered_in(origin)}) & case.definition.steps.keys()
    asking = [each.key for each in case.definition.steps.values() if key in each.ask]
    return frozenset(asking if len(asking) == 1 else ())


def _betrayed(definition: Definition, keys: AbstractSet[str]) -> set[str]:
    """Return the worked-out answers that would give away an answer or a step that is not among those with `keys`."""
    found: set[str] = set()
    for field in definition.worked_out:
        names = definition.worked_out_from(field)
        if not field.circle and not names <= keys - found:
            found.add(field.key)
    return found


def kept_from(viewer: Viewer, council_id: int, definition: Definition) -> frozenset[str]:
    """Return the names of steps and answers that are kept from the viewer in every case of a process at a council."""
    steps = {
        key
        for key, step in definition.steps.items()
        if step.circle and not sees(viewer, council_id, own_circle(step))
    }
    asked = {
        key: {step.key for step in definition.steps.values() if key in step.ask} for key in definition.fields
    }
    fields = {
        key
        for key, field in definition.fields.items()
        if not sees(viewer, council_id, circle_of(field.circle)) or (asked[key] and asked[key] <= steps)
    }
    known = definition.fields.keys() | definition.steps.keys()
    return frozenset(steps | fields | _betrayed(definition, known - steps - fields))


def may_do(viewer: Viewer, case: CaseState, run: StepRun, seen: Sight, *, supervises: bool) -> bool:
    """Say whether somebody who may act at this council may do an open step that is there for them.

    In a case that is there only in part, they do their own steps and those of their teams. Whoever supervises may help
    out where nothing is shown or asked that is kept from them.
    """
    step = case.definition.steps[run.key]
    if not seen.step(run.key, run.team_id) or step.by_time or step.by_other_case:
        return viewer.is_system
    if seen.level is not WHOLE:
        return _has(viewer, case, run)
    if rules.may_do(viewer, step, run.team_id, run.person_id, supervises=False):
        return True
    return supervises and seen.fields >= {*step.show, *step.ask}


def asked_for(viewer: Viewer, case: CaseState, field: str) -> bool:
    """Say whether a step that a team of the viewer has, or had last, asks this question."""
    steps = case.definition.steps
    return any(
        run.team_id in viewer.team_ids and field in steps[run.key].ask
        for run in case.steps.values()
        if run.key in steps
    )


def as_told(
    seen: Sight, case: CaseState, step: StepRead, reasons: Sequence[str], outcome: str = ""
) -> list[str]:
    """Return why a step cannot be finished (so), without what would tell the viewer of what is not there for them."""
    if seen.everything:
        return list(reasons)
    definition = case.definition
    needs = {need.say: seen.hides(need.rule, definition) for need in step.need}
    chosen = step.outcomes.get(outcome)
    rest = chosen is not None and seen.hides(chosen.when, definition)
    others = [f"“{each.title}”" for key, each in definition.steps.items() if not seen.step(key)]
    told = [
        UNSEEN if needs.get(reason, rest) or any(title in reason for title in others) else reason
        for reason in reasons
    ]
    return list(dict.fromkeys(told))


def allow(viewer: Viewer, case: CaseState) -> Sight:
    """Return what of a case is there for the viewer; if nothing is, the case does not exist for them."""
    seen = sight(viewer, case)
    if seen.level is NONE:
        raise NotFound(what="case")
    return seen


def allow_whole(viewer: Viewer, case: CaseState, act: str) -> Sight:
    """Let somebody do what concerns the whole case; refused where only a part of it is there for them."""
    seen = allow(viewer, case)
    if seen.level is not WHOLE:
        raise Refused(act=act)
    return seen


def allow_step(viewer: Viewer, case: CaseState, key: str) -> Sight:
    """Let somebody come to a step; one that is not there for them does not exist."""
    seen = allow(viewer, case)
    run = case.steps.get(key)
    if key in case.definition.steps and not seen.step(key, run.team_id if run else None):
        raise NotFound(what="step")
    return seen
