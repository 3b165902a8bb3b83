"""Which cases are handed on, and what of them may leave the house for whoever asks.

Secret answers never leave, nor do answers in anybody's own words, nor names of those who asked. Who did a step is a
made-up name that is the same throughout one export and another in the next, unless names are wanted. A step that is
not there for the viewer, and for the house itself every private one, is “Work by others”: that time passed is no
secret. Cases that are there for the viewer only in part are left out.
"""

import hashlib
import secrets
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from django.db.models import QuerySet

from moothall.councils import gate
from moothall.councils.models import Council, Team
from moothall.councils.rules import Viewer
from moothall.journal import actions as journal
from moothall.plain.days import begin_of
from moothall.process import cel, circles, kinds, store
from moothall.process.definition import Definition, Field
from moothall.process.definition import Step as StepRead
from moothall.process.models import Case, Event, ProcessVersion
from moothall.process.permissions import Can

AT_ONCE = 500
REQUESTER, HOUSE = "Requester", "Moothall"
DONE = "done"
TRANSITIONS: Mapping[str, str] = {
    DONE: "complete",
    "opened": "schedule",
    "repeated": "schedule",
    "taken": "assign",
    "put_back": "reassign",
    "passed_on": "reassign",
    "skipped": "autoskip",
    "stopped": "withdraw",
}
"""What an event is in the standard's own model of a step's life."""
_TOLD = frozenset({"choice", "choices", "yesno", "number", "money", "date"})
"""The kinds of answer that are not in anybody's own words."""
_CASE = ("id", "reference", "version_id", "council_id", "status", "ending", "opened_at", "closed_at", "data")
_EVENT = (
    "case_id",
    "at",
    "kind",
    "actor_kind",
    "actor_user",
    "actor_name",
    "step",
    "run",
    "outcome",
    "team_id",
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is wanted: cases of a process that were opened from one day to another, both included.

    `named` gives the names of staff, `whole` also when steps were opened, taken, passed on and skipped.
    """

    process: str
    council_id: int | None = None
    since: date | None = None
    until: date | None = None
    named: bool = False
    whole: bool = False
    salt: bytes = field(default_factory=lambda: secrets.token_bytes(16), repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing that happened to a step. `step` is empty, and `name` “Work by others”, where it is not there."""

    at: datetime
    step: str
    name: str
    transition: str
    run: int
    outcome: str
    person: str
    team: str
    waived: int = 0


@dataclass(frozen=True, slots=True)
class Chosen:
    """One case as it leaves the house. `answers` are those that may, by the keys of their questions."""

    id: int
    reference: str
    council: str
    version: int
    status: str
    ending: str
    opened_at: datetime
    closed_at: datetime | None
    answers: Mapping[str, Any]
    happened: tuple[Happened, ...]


def rows_of(viewer: Viewer, wanted: Wanted) -> QuerySet[Case]:
    """Return the cases that are wanted and wholly there for the viewer; refuses a council that is not theirs to see."""
    rows = Case.objects.filter(process=wanted.process)
    if wanted.council_id is not None:
        for permission in (Can.SEE, Can.XRAY):
            gate.allow(viewer, permission, wanted.council_id)
        rows = rows.filter(council_id=wanted.council_id)
    else:
        for permission in (Can.SEE, Can.XRAY):
            gate.allow_anywhere(viewer, permission)
    if wanted.since is not None:
        rows = rows.filter(opened_at__gte=begin_of(wanted.since))
    if wanted.until is not None:
        rows = rows.filter(opened_at__lt=begin_of(wanted.until + timedelta(days=1)))
    return circles.narrow(viewer, at_their_councils(viewer, rows))


def at_their_councils(viewer: Viewer, rows: QuerySet[Case]) -> QuerySet[Case]:
    """Return the cases at whose council the viewer may see both: cases, and how work goes."""
    return gate.narrow(viewer, Can.XRAY, gate.narrow(viewer, Can.SEE, rows))


def chosen(viewer: Viewer, wanted: Wanted) -> Iterator[Chosen]:
    """Return the cases one after another, in the order in which they were made; never more than some at a time."""
    reader, last = _Reader(viewer, wanted), 0
    while rows := list(
        rows_of(viewer, wanted).filter(id__gt=last).order_by("id").values_list(*_CASE)[:AT_ONCE]
    ):
        yield from reader.read(rows)
        last = rows[-1][0]


def note(viewer: Viewer, wanted: Wanted, *, how: str, cases: int, now: datetime) -> None:
    """Write into the record that cases left the house, in the transaction of whoever asked."""
    journal.write(
        by=viewer.actor,
        what="process.exported",
        about=f"process:{wanted.process}",
        council_id=wanted.council_id,
        now=now,
        facts={"how": how, "cases": cases, "named": wanted.named},
    )


class _Reader:
    """Turns rows into cases, and remembers names."""

    def __init__(self, viewer: Viewer, wanted: Wanted) -> None:
        self._viewer, self._wanted = viewer, wanted
        self._councils = dict(Council.objects.values_list("id", "name"))
        self._teams = dict(Team.objects.values_list("id", "name"))
        self._kinds = frozenset(TRANSITIONS) if wanted.whole else frozenset({DONE})
        self._told: dict[int, tuple[Field, ...]] = {}
        self._numbers = dict(ProcessVersion.objects.filter(key=wanted.process).values_list("id", "number"))

    def read(self, rows: Iterable[tuple[Any, ...]]) -> Iterator[Chosen]:
        held = {row[0]: row for row in rows}
        events = (
            Event.objects.filter(case_id__in=held, kind__in={*self._kinds, "waived"})
            .order_by("case_id", "seq")
            .values_list(*_EVENT)
        )
        happened: dict[int, list[Happened]] = {}
        waived: Counter[tuple[int, str, int]] = Counter()
        for event in events.iterator(chunk_size=AT_ONCE * 4):
            case_id, kind, step, run = event[0], event[2], event[6], event[7]
            if kind == "waived":
                waived[case_id, step, run] += 1
                continue
            council_id, version_id = held[case_id][3], held[case_id][2]
            said = self._happened(
                event, store.definition_of(version_id), council_id, waived[case_id, step, run]
            )
            happened.setdefault(case_id, []).append(said)
        for row in held.values():
            yield self._chosen(row, tuple(happened.get(row[0], ())))

    def _chosen(self, row: tuple[Any, ...], happened: tuple[Happened, ...]) -> Chosen:
        id_, reference, version_id, council_id, status, ending, opened_at, closed_at, data = row
        if version_id not in self._told:
            self._told[version_id] = told(store.definition_of(version_id))
        answers = {
            each.key: _plain(each, value)
            for each in self._told[version_id]
            if (value := data.get(each.key)) is not None
        }
        return Chosen(
            id=id_,
            reference=reference,
            council=self._councils[council_id],
            version=self._numbers[version_id],
            status=status,
            ending=ending,
            opened_at=opened_at,
            closed_at=closed_at,
            answers=answers,
            happened=happened,
        )

    def _happened(
        self, event: tuple[Any, ...], definition: Definition, council_id: int, waived: int
    ) -> Happened:
        _, at, kind, actor_kind, actor_user, actor_name, key, run, outcome, team_id = event
        step, transition = definition.steps.get(key), TRANSITIONS[kind]
        if step is None or not self._is_there(step, council_id, team_id):
            return Happened(at, "", circles.OTHERS, transition, run, "", "", "")
        ways = step.outcomes.get(outcome)
        return Happened(
            at=at,
            step=key,
            name=step.title,
            transition=transition,
            run=run,
            outcome=ways.title if ways else outcome,
            person=self._person(actor_kind, actor_user, actor_name),
            team=self._teams.get(team_id, ""),
            waived=waived if kind == DONE else 0,
        )

    def _is_there(self, step: StepRead, council_id: int, team_id: int | None) -> bool:
        if not step.circle or team_id in self._viewer.team_ids:
            return True
        own = circles.own_circle(step)
        return not self._viewer.is_system and circles.sees(self._viewer, council_id, own)

    def _person(self, kind: str, user: int | None, name: str) -> str:
        if kind != "staff":
            return HOUSE if kind == "system" else REQUESTER
        if self._wanted.named:
            return name
        digest = hashlib.blake2s(str(user or name).encode(), key=self._wanted.salt, digest_size=5).hexdigest()
        return f"Person {digest}"


def told(definition: Definition) -> tuple[Field, ...]:
    """Return the questions whose answers may leave the house: none that is secret, or in somebody's own words.

    Nor one that a private step asks, nor what is worked out from any such.
    """
    kept = set(definition.kept_apart)
    found = []
    for each in definition.fields.values():
        if each.worked_out:
            names = {*each.table.by} if each.table else {path[0] for path in cel.rule(each.calc).names}
            if names & kept:
                kept.add(each.key)
        if each.key not in kept and each.type in _TOLD:
            found.append(each)
    return tuple(found)


def _plain(field_: Field, value: Any) -> Any:
    """Return an answer as a word, a number, yes or no, or a day."""
    if field_.type == "date":
        return date.fromisoformat(value)
    return kinds.words(field_, value) if field_.of else value


def in_fews(cases: Iterable[Chosen], size: int = AT_ONCE) -> Iterator[list[Chosen]]:
    """Return the cases some at a time."""
    waiting = iter(cases)
    while few := list(islice(waiting, size)):
        yield few
