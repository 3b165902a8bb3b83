"""What every change of a case has in common: it is loaded in scope, compared, written, recorded and announced."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any

from moothall.councils import gate
from moothall.councils.queries import calendar_of, team_serving
from moothall.councils.rules import Viewer
from moothall.journal import actions as journal
from moothall.plain.errors import NotFound
from moothall.process import circles, hooks, queries, store
from moothall.process.actions import handing_over
from moothall.process.engine.state import Around, CaseState, StepRun
from moothall.process.errors import CaseChanged, NotYourStep
from moothall.process.models import Event
from moothall.process.permissions import Can

WITNESS = "process.events"
ADDITIONS = frozenset({"noted", "wrote", "attached", "warned", "late", "voted", "repeated", "linked"})
"""What changes nobody's decision. A vote that decides is followed by `done`, which does."""


def around(
    by: Viewer, council_id: int, now: datetime, acts_as: frozenset[str] | None = frozenset()
) -> Around:
    """Return what is true around a case of this council, for somebody who acts now; looked up once for the act."""

    def still(team_id: int, person_id: int | None) -> bool:
        if person_id is not None and person_id == by.staff_id:
            return team_id in by.team_ids
        return queries.still_works(council_id, team_id, person_id, now)

    return Around(
        now=now.astimezone(UTC),
        by=by.actor,
        staff_id=by.staff_id,
        acts_as=None if by.is_system else acts_as,
        team=cache(partial(team_serving, council_id=council_id)),
        calendar=cache(partial(calendar_of, council_id)),
        still=still,
        voters=lambda functions: queries.voters(council_id, functions, now),
        council=queries.council_number,
        pull=hooks.pull,
        owner=lambda process: handing_over.owner_of(process, council_id),
    )


def found(case_id: int, expected: int | None = None, *, by: Viewer | None = None) -> CaseState:
    """Return a case in scope; refuses one that has another `seq` than the actor saw.

    With `by`, a case that is not there for this person does not exist (see `circles`).
    """
    case = store.load(case_id)
    if case is None:
        raise NotFound(what="case")
    if by is not None:
        circles.allow(by, case)
    if expected is not None and expected != case.seq and not _only_added_to(case, expected):
        raise CaseChanged(reference=case.reference, case_id=case.id, seen=expected, now=case.seq)
    return case


def _only_added_to(case: CaseState, seen: int) -> bool:
    """Whether all that happened since is what changes nobody's decision: a note, a file, a clock that ran on."""
    if seen > case.seq:
        return False
    since = Event.objects.filter(case_id=case.id, seq__gt=seen).exclude(kind__in=ADDITIONS)
    return not since.exists()


def anew(act: Callable[[], CaseState], *, tries: int) -> CaseState:
    """Do what minds nothing that others do: again if somebody changes the case at this very moment.

    What was decided since the actor looked is theirs to see first: that refusal stands.
    """
    for _ in range(tries - 1):
        try:
            return act()
        except CaseChanged as error:
            if "seen" in error.facts:
                raise
    return act()


def allow_doing(by: Viewer, case: CaseState, step: str, run: StepRun) -> bool:
    """Let somebody do an open step that is theirs, or that they may help out with; return whether they supervise."""
    seen = circles.allow_step(by, case, step)
    supervises = gate.may(by, Can.SUPERVISE, case.council_id)
    if not circles.may_do(by, case, run, seen, supervises=supervises):
        asked = case.definition.steps[step]
        raise NotYourStep(title=asked.title, who=queries.who_does(asked, run.team_id))
    return supervises


def keep(
    case: CaseState, place: Around, *, what: str, facts: Mapping[str, Any] | None = None, deep: int = 0
) -> CaseState:
    """Write the case, the record of it, and tell whoever watches; all or nothing.

    With it are written the cases that it opens and the one that waited for it to close. `deep` counts those that have
    opened each other so far.
    """
    handing_over.open_others(case, place, keep, deep)
    closes = any(each.kind == "ended" for each in case.happened)
    if closes:
        case.happened += handing_over.left_open(case)
    happened, told = tuple(case.happened), tuple(case.told)
    first, last, digest = store.save(case, place)
    case.told = []
    journal.write(
        by=place.by,
        what=what,
        about=f"case:{case.id}",
        council_id=case.council_id,
        now=place.now,
        facts={"witness": WITNESS, "digest": digest, "events": [first, last], **(facts or {})},
    )
    hooks.announce(
        hooks.Change(case=case, happened=happened, told=told, seq=last, now=place.now, by=place.by)
    )
    if closes:
        handing_over.say_closed(case, place, keep, deep)
    return case
