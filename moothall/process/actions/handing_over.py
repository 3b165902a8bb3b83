"""Work that goes on in another case: opened in the transaction of whoever caused it, linked, and waited for.

`keep` calls this page before it writes a case (what the case opens is there when it says so) and after it (what waits
for the case goes on). A case is changed before the one that opened it, and so are both where they are linked by hand:
nobody waits for each other in a circle.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from django.db import transaction

from moothall.councils import scope
from moothall.councils.models import Council
from moothall.journal.cursors import QuickCursor
from moothall.plain.actors import SYSTEM
from moothall.plain.errors import Unavailable
from moothall.process import queries, store
from moothall.process.actions.making import new_case, say
from moothall.process.definition import Pass
from moothall.process.engine import steps
from moothall.process.engine.state import Around, CaseState, Happening, Opening
from moothall.process.errors import (
    AnswersRefused,
    CannotOpen,
    CaseChanged,
    ChooseAnOutcome,
    NoSuchProcess,
    NotYet,
    SayWhy,
    TooDeep,
)
from moothall.process.kinds.kind import LONDON
from moothall.process.models import Attachment, Link
from moothall.process.working_out import fitting

MOST_DEEP = 5
"""So many cases may open each other in one go, without anybody doing anything in between."""
MOST_AT_ONCE = 20
TRIES = 5
UPLOADS = frozenset({"photo", "file"})
_CHILDREN = (
    "SELECT c.id, c.reference FROM process_link l JOIN process_case c ON c.id = l.other_id"
    " WHERE l.case_id = %s AND l.kind = 'child' AND c.status = 'open' AND {scope} ORDER BY c.id"
)
_PARENTS = (
    "SELECT l.case_id, l.step, l.run FROM process_link l"
    " WHERE l.other_id = %s AND l.kind = 'child' AND {scope} ORDER BY l.id"
)


class Keep(Protocol):
    """How a case is written: `actions.keeping.keep`, which knows how deep it is in cases that open cases."""

    def __call__(
        self,
        case: CaseState,
        place: Around,
        *,
        what: str,
        facts: Mapping[str, Any] | None = None,
        deep: int = 0,
    ) -> CaseState: ...


def owner_of(process: str, council_id: int) -> str:
    """Return the team that answers for a process at a council; refuses one that is not published."""
    return store.definition_of(_version(process, council_id)).owner


def open_others(case: CaseState, place: Around, keep: Keep, deep: int) -> None:
    """Open the cases that this one has asked for, and note each; one that closes at once is not waited for."""
    opened = 0
    while case.openings:
        opening = case.openings.pop(0)
        opened += 1
        if deep >= MOST_DEEP or opened > MOST_AT_ONCE:
            raise TooDeep(title=case.definition.title)
        child, left_out = _open(case, place, opening, keep, deep + 1)
        Link.objects.create(
            council_id=case.council_id,
            case_id=case.id,
            other_id=child.id,
            kind=opening.kind,
            step=opening.step,
            run=opening.run,
            at=place.now,
            by=place.by.name[:150],
        )
        run = case.steps.get(opening.step)
        team_id = run.team_id if run is not None and run.run == opening.run else None
        body = {"case": child.id, "reference": child.reference, "kind": opening.kind}
        if left_out:
            body["left_out"] = left_out
        case.happened.append(Happening("handed_over", opening.step, opening.run, team_id=team_id, body=body))
        if opening.kind == "child" and child.status == "closed":
            steps.other_closed(case, place, opening.step, child.ending)


def _open(
    case: CaseState, place: Around, opening: Opening, keep: Keep, deep: int
) -> tuple[CaseState, list[str]]:
    """Open one case with what it is given; return it, and the names of answers that it has no place for."""
    version = _version(opening.process, case.council_id)
    child = new_case(council=Council.objects.get(pk=case.council_id), version_id=version, now=place.now)
    today = place.now.astimezone(LONDON).date()
    fields = child.definition.fields
    child.data = {
        key: fits
        for key, value in opening.data.items()
        if key in fields and (fits := fitting(fields[key], value, today)) is not None
    }
    came = {key: _origin(case, opening, key, place.now) for key in child.data}
    child.origins = dict(came)
    inside = replace(place, acts_as=None)
    steps.begin(child, inside)
    child.happened.append(
        Happening("linked", body={"case": case.id, "reference": case.reference, "kind": opening.kind})
    )
    _do_first(child, inside)
    child.origins |= {key: origin for key, origin in came.items() if key in child.data}
    say(child)
    _bring_files(case, child, place)
    keep(child, inside, what="case.started", facts={"from": f"case:{case.id}"}, deep=deep)
    return child, sorted(opening.data.keys() - child.data.keys())


def _version(process: str, council_id: int) -> int:
    try:
        return queries.newest_version(process, council_id)
    except NoSuchProcess:
        raise CannotOpen(process=process) from None


def _do_first(child: CaseState, inside: Around) -> None:
    """Finish the first step of a new case if it asks for nothing that was not handed over."""
    first = child.definition.first
    given = {key: child.data[key] for key in first.ask if key in child.data}
    run = child.steps.get(first.key)
    if not given or run is None or run.state != "open" or steps.for_nobody(first):
        return
    try:
        steps.complete(child, inside, step=first.key, given=given)
    except (AnswersRefused, ChooseAnOutcome, NotYet, SayWhy):
        return  # it waits for whoever does it, with what was handed over filled in


def _origin(case: CaseState, opening: Opening, key: str, now: datetime) -> dict[str, str]:
    """Return where an answer that was handed over comes from; it is as old as it was there."""
    step = case.definition.steps[opening.step]
    passes: list[Pass] = [*step.passes, *(each for out in step.outcomes.values() for each in out.passes)]
    known: Mapping[str, str] = next(
        (case.origins[each.field] for each in passes if each.to == key and each.field in case.origins), {}
    )
    return {
        "at": known.get("at", now.isoformat()),
        "by": known.get("by", ""),
        "from": f"case:{case.reference}",
    }


def _bring_files(case: CaseState, child: CaseState, place: Around) -> None:
    """Let the files that answer a question that was handed over belong to the new case, too."""
    wanted = {
        each["id"]: key
        for key, value in child.data.items()
        if child.definition.fields[key].type in UPLOADS
        for each in value
    }
    if not wanted:
        return
    for row in Attachment.objects.filter(case_id=case.id, sha256__in=sorted(wanted)).exclude(field=""):
        row.pk, row.case_id, row.field = None, child.id, wanted[row.sha256]
        row.added_at = place.now
        row.save(force_insert=True)


def left_open(case: CaseState) -> list[Happening]:
    """Return, for a case that closes, that those it opened earlier go on by themselves."""
    just_now = [each.body["case"] for each in case.happened if each.kind == "handed_over"]
    return [
        Happening("left_open", body={"case": number, "reference": reference})
        for number, reference in _asked(_CHILDREN, "c.council_id", case.id)
        if number not in just_now
    ]


def say_closed(case: CaseState, place: Around, keep: Keep, deep: int) -> None:
    """Let the step go on that waited for this case, which has just closed."""
    for case_id, step, run in _asked(_PARENTS, "l.council_id", case.id):
        house = replace(place, by=SYSTEM, staff_id=None, acts_as=None)
        _go_on(_Waiting(case_id, step, run), case.ending, house, keep, deep)


def _asked(question: str, council: str, case_id: int) -> list[tuple[Any, ...]]:
    """Ask by hand what every case is asked that closes."""
    condition, values = scope.clause(council)
    with QuickCursor() as cursor:
        cursor.execute(question.format(scope=condition), [case_id, *values])
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


@dataclass(frozen=True, slots=True)
class _Waiting:
    """The run of a step that waits for another case."""

    case_id: int
    step: str
    run: int


def _go_on(link: _Waiting, ending: str, house: Around, keep: Keep, deep: int) -> None:
    """Finish a waiting step; tried anew if somebody changes its case at this very moment."""
    for _ in range(TRIES):
        try:
            with transaction.atomic():
                waiting = store.load(link.case_id)
                run = waiting.steps.get(link.step) if waiting else None
                if waiting is None or run is None or run.run != link.run:
                    return
                if steps.other_closed(waiting, house, link.step, ending):
                    keep(waiting, house, what="case.other_closed", facts={"step": link.step}, deep=deep)
                return
        except CaseChanged:
            continue
    raise Unavailable(what="The case that waits for this one")
