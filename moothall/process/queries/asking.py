"""Work that the viewer asked for themselves, inside the councils: seen as whoever asked sees it, without any role."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef

from moothall.councils import gate
from moothall.councils.models import Council
from moothall.councils.rules import Viewer
from moothall.plain.errors import NotFound
from moothall.process import rules, store
from moothall.process.definition import NOTHING, RESIDENT, Definition, Outcome, named_circle
from moothall.process.engine.state import CaseState, StepRun, answered_in, signature
from moothall.process.filling import filled
from moothall.process.models import Case, Event, Step
from moothall.process.permissions import Can
from moothall.process.queries.casefile import Fact, facts_of
from moothall.process.queries.processes import newest_versions

MOST_ASKED = 200
NEWS = "There is something new."
"""What whoever asked is told where the rest is private."""


@dataclass(frozen=True, slots=True)
class Startable:
    """A process that the viewer may start at a council."""

    council_id: int
    council: str
    code: str
    key: str
    version_id: int
    definition: Definition


@dataclass(frozen=True, slots=True)
class AskedFor:
    """One case that the viewer asked for, as a line of their list."""

    reference: str
    title: str
    headline: str
    council: str
    opened_at: datetime
    closed_at: datetime | None
    is_open: bool
    waits_for_me: bool


@dataclass(frozen=True, slots=True)
class AskedStep:
    """A step that waits for whoever asked: what it shows, what it asks, and how it may turn out."""

    key: str
    title: str
    show: Sequence[Fact]
    ask: Sequence[str]
    outcomes: Sequence[Outcome]
    next: str


@dataclass(frozen=True, slots=True)
class AskedFile:
    """A case as whoever asked for it sees it. `case` is for rules and forms; nothing else of it is shown."""

    case: CaseState
    title: str
    council: Council
    is_open: bool
    answers: Sequence[Fact]
    waiting: Sequence[AskedStep]
    next: str
    said: Sequence[tuple[datetime, str]]


def startable(viewer: Viewer) -> list[Startable]:
    """Return the processes that the viewer may start, council by council, by title."""
    reached = Council.objects.filter(id__in=sorted(gate.councils(viewer, Can.START)))
    found = [
        Startable(council.pk, council.name, council.code, key, version_id, definition)
        for council in reached
        for key, (version_id, definition) in newest_versions(council.pk).items()
        if rules.may_start(viewer, council.pk, definition)
    ]
    return sorted(found, key=lambda each: (each.council, each.definition.title))


def asked_by(viewer: Viewer) -> list[AskedFor]:
    """Return the cases that the viewer asked for as a member of staff, the newest first."""
    if viewer.actor.user_id is None or not viewer.is_staff:
        return []
    asking = Step.objects.filter(case_id=OuterRef("pk"), current=True, state="open", asks_requester=True)
    rows = (
        Case.objects.filter(requester_id=viewer.actor.user_id)
        .select_related("council")
        .annotate(asks=Exists(asking))
        .defer("data", "origins")
        .order_by("-id")
    )
    return [
        _line(row, definition, asks=row.asks)
        for row in rows[:MOST_ASKED]
        if (definition := store.definition_of(row.version_id)).service is None
    ]


def _line(row: Case, definition: Definition, *, asks: bool) -> AskedFor:
    is_open = row.status == Case.Status.OPEN
    return AskedFor(
        reference=row.reference,
        title=definition.title,
        headline="" if named_circle(row.circle) else row.headline,
        council=row.council.name,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        is_open=is_open,
        waits_for_me=is_open and asks,
    )


def asked(viewer: Viewer, reference: str) -> AskedFile:
    """Return a case that the viewer asked for; for anybody else there is none."""
    user_id = viewer.actor.user_id
    rows = Case.objects.filter(reference=reference.upper(), requester_id=user_id, requester__isnull=False)
    number = rows.values_list("id", flat=True).first() if viewer.is_staff and user_id else None
    case = store.load(number) if number is not None else None
    if case is None or case.definition.service is not None:
        raise NotFound(what="case")
    waiting = [run for run in case.open_steps() if run.asks_requester]
    return AskedFile(
        case=case,
        title=case.definition.title,
        council=Council.objects.get(pk=case.council_id),
        is_open=case.status == "open",
        answers=facts_of(case, _own(viewer, case)),
        waiting=[_step(case, run) for run in waiting],
        next=next_words(case),
        said=_said(case),
    )


def _own(viewer: Viewer, case: CaseState) -> list[str]:
    """Return the questions that the viewer answered, as long as nobody else has answered them anew."""
    mine = {f"step:{key}" for key, run in case.steps.items() if run.done_by == signature(viewer.actor)}
    return [key for key in case.data if case.origins.get(key, {}).get("from") in mine]


def first_answers(case: CaseState) -> list[str]:
    """Return the questions of the first step, but none that a private step has answered anew."""
    steps = case.definition.steps
    given = {key: answered_in(case.origins.get(key, NOTHING)) for key in case.definition.first.ask}
    return [key for key, step in given.items() if step not in steps or not steps[step].circle]


def _step(case: CaseState, run: StepRun) -> AskedStep:
    step = case.definition.steps[run.key]
    return AskedStep(
        key=run.key,
        title=step.title,
        show=facts_of(case, step.show),
        ask=step.ask,
        outcomes=step.for_requester,
        next=filled(step.next, case.definition, case.data),
    )


def next_words(case: CaseState) -> str:
    """Return what happens next, as the process says it to whoever asked; nothing of a step with a circle of its own."""
    waiting = case.open_steps()
    for run in [*(run for run in waiting if run.asks_requester), *waiting]:
        step = case.definition.steps[run.key]
        if step.next and not step.circle:
            return filled(step.next, case.definition, case.data)
    return ""


def told_words(definition: Definition, step: str, outcome: str, data: Mapping[str, Any]) -> str:
    """Return what whoever asked is told of an outcome; empty if they are told nothing.

    Where the case or the step is private, that is what the process says to them, and no title.
    """
    found = definition.steps.get(step)
    chosen = found.outcomes.get(outcome) if found else None
    if found is None or chosen is None or RESIDENT not in chosen.tell:
        return ""
    if not chosen.say and (found.circle or definition.private):
        return NEWS
    return filled(chosen.say or f"{chosen.title}.", definition, data)


def _said(case: CaseState) -> list[tuple[datetime, str]]:
    """Return what whoever asked was told and when, the newest first."""
    found: list[tuple[datetime, str]] = []
    for event in Event.objects.filter(case_id=case.id, kind__in=("done", "wrote")).order_by("-seq"):
        if event.kind == "wrote":
            words = str(json.loads(event.body).get("text", ""))
        else:
            words = told_words(case.definition, event.step, event.outcome, case.data)
        if words:
            found.append((event.at, words))
    return found
