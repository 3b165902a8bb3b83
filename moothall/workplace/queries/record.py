"""The record and the jobs, for those who watch over them."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db.models import BigIntegerField, Exists, OuterRef, Q, QuerySet, When
from django.db.models import Case as Either
from django.db.models.functions import Cast, Substr

from moothall.councils import gate, scope
from moothall.councils.models import Council
from moothall.councils.permissions import Record
from moothall.councils.rules import Viewer
from moothall.journal import queries as journal
from moothall.journal.models import Checkpoint, Entry, Job
from moothall.journal.queries import Waiting
from moothall.persons.models import Fact
from moothall.process import circles, store
from moothall.process.models import Case, ProcessVersion
from moothall.process.permissions import Can
from moothall.process.queries.history import SOMEBODY as OTHERS
from moothall.requests.rules import SOMEBODY
from moothall.servicedesk.models import Call, LessonAction, Major, Survey

PAGE = 50
_CASE = "case:"
_OF_CASES: Mapping[str, tuple[type[Any], str]] = {
    "case": (Case, ""),
    "call": (Call, "case__"),
    "survey": (Survey, "call__case__"),
    "major": (Major, "case__"),
    "action": (LessonAction, "major__case__"),
}
"""What entries are about that is a case or belongs to one, and how its case is found."""
_BESIDE = ("record:", "contact:")
M = TypeVar("M", Case, Fact)


@dataclass(frozen=True, slots=True)
class Row:
    """One entry of the record, ready to be read."""

    id: int
    at: datetime
    who: str
    what: str
    about: str
    council: str
    facts: str


@dataclass(frozen=True, slots=True)
class RecordPage:
    """A page of the record, newest first, and where the next one starts."""

    rows: Sequence[Row]
    older: int | None
    state: Waiting
    signed_at: datetime | None
    whole: bool

    @property
    def waited(self) -> timedelta:
        """For how long the oldest entry has waited for its seal."""
        return self.state.oldest_unsealed


def record_page(
    viewer: Viewer,
    now: datetime,
    *,
    about: str = "",
    what: str = "",
    who: str = "",
    before: int | None = None,
) -> RecordPage:
    """Return entries about the councils whose record the viewer may see; those of the partnership if they see all."""
    names = dict(Council.objects.values_list("id", "name"))
    reached = gate.councils(viewer, Record.SEE_ENTRIES)
    known = gate.councils(viewer, Can.SEE)
    whole = reached >= names.keys()
    rows = Entry.objects.order_by("-id")
    if not whole:
        rows = rows.filter(council_id__in=sorted(reached))
    rows = _there(viewer, rows)
    if about:
        rows = rows.filter(about=about)
    if what:
        rows = rows.filter(Q(what=what) | Q(what__startswith=f"{what}."))
    if who:
        named = Q(actor_name__icontains=who)
        rows = rows.filter(named & (~Q(actor_kind="resident") | Q(council_id__in=sorted(known))))
    if before is not None:
        rows = rows.filter(id__lt=before)
    held = scope.everything("whoever watches over every council sees the partnership's entries, too")
    with held if whole else nullcontext():
        found = list(rows[: PAGE + 1])
    with scope.everything("how many entries wait for their seal is no council's secret"):
        state = journal.waiting(now)
    apart, hidden = _apart(viewer, found), _beside(viewer, found)
    shown = [each for each in found[:PAGE] if each.pk not in hidden and not (who and each.pk in apart)]
    return RecordPage(
        rows=[_row(entry, names, known, apart) for entry in shown],
        older=found[PAGE - 1].pk if len(found) > PAGE else None,
        state=state,
        signed_at=Checkpoint.objects.order_by("-id").values_list("at", flat=True).first(),
        whole=whole,
    )


def _there(viewer: Viewer, rows: QuerySet[Entry]) -> QuerySet[Entry]:
    """Return the entries without those about cases that are not wholly there for the viewer, or what is of those."""
    for name, (model, case) in _OF_CASES.items():
        number = When(
            about__startswith=f"{name}:", then=Cast(Substr("about", len(name) + 2), BigIntegerField())
        )
        hidden = model.objects.exclude(circles.within_cases(viewer, case)).filter(
            pk=OuterRef(f"{name}_number")
        )
        rows = rows.annotate(**{f"{name}_number": Either(number)}).filter(~Exists(hidden))
    return rows


def _apart(viewer: Viewer, entries: Sequence[Entry]) -> set[int]:
    """Return which entries are about a step that is not there for the viewer, though its case is.

    A step that the case's version does not have any more is as private as the versions say that had it.
    """
    steps = {
        each.pk: (int(each.about.removeprefix(_CASE)), str(step))
        for each in entries
        if each.about.startswith(_CASE) and (step := json.loads(each.facts).get("step"))
    }
    rows = Case.objects.filter(pk__in={case_id for case_id, _ in steps.values()}) if steps else ()
    cases = {row.pk: row for row in rows}
    return {
        entry_id
        for entry_id, (case_id, step) in steps.items()
        if (case := cases.get(case_id)) is not None and not _is_there(viewer, case, step)
    }


def _beside(viewer: Viewer, entries: Sequence[Entry]) -> set[int]:
    """Return which entries about people and conversations name a case or a fact that is kept from the viewer."""
    told = {each.pk: json.loads(each.facts) for each in entries if each.about.startswith(_BESIDE)}
    if not told:
        return set()
    cases = {pk: _numbers(facts, "case", "former_case") for pk, facts in told.items()}
    held = {pk: _numbers(facts, "fact", "former") if "kind" in facts else set() for pk, facts in told.items()}
    unseen = (
        _unseen(Case.objects.exclude(circles.within_cases(viewer)), cases.values()),
        _unseen(Fact.objects.exclude(circles.within(viewer)), held.values()),
    )
    return {pk for pk in told if cases[pk] & unseen[0] or held[pk] & unseen[1]}


def _numbers(facts: Mapping[str, object], *keys: str) -> set[int]:
    return {number for key in keys if isinstance(number := facts.get(key), int)}


def _unseen(rows: QuerySet[M], numbers: Iterable[set[int]]) -> set[int]:
    """Return those of some numbers that are among rows in circles that the viewer is outside of."""
    found = rows.filter(pk__in=set[int]().union(*numbers))
    return set(found.values_list("pk", flat=True))


def _is_there(viewer: Viewer, case: Case, step: str) -> bool:
    found = [store.definition_of(case.version_id).steps.get(step)]
    if found == [None]:
        versions = ProcessVersion.objects.filter(key=case.process).values_list("id", flat=True)
        found = [store.definition_of(number).steps.get(step) for number in versions]
    return all(circles.sees(viewer, case.council_id, " ".join(each.circle)) for each in found if each)


def _row(entry: Entry, names: Mapping[int, str], known: Collection[int], apart: Collection[int] = ()) -> Row:
    """Return an entry to be read. Whoever may not see the cases of a council does not learn who asked for what.

    Of those `apart`, nobody learns here who did which step, or how it turned out.
    """
    facts = {} if entry.pk in apart else json.loads(entry.facts)
    shown = {key: value for key, value in facts.items() if key not in {"witness", "digest"}}
    who = OTHERS if entry.pk in apart else entry.actor_name
    return Row(
        id=entry.pk,
        at=entry.at,
        who=SOMEBODY if entry.actor_kind == "resident" and entry.council_id not in known else who,
        what=entry.what,
        about=entry.about,
        council=names.get(entry.council_id or 0, "The partnership"),
        facts=", ".join(f"{key}: {_plain(value)}" for key, value in shown.items()),
    )


def _plain(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class DeadJob:
    """A job that was set aside: what it was to do, why it failed, and whether this viewer may send it again."""

    job: Job
    title: str
    council: str
    reason: str
    may_send: bool


def dead_jobs(viewer: Viewer) -> list[DeadJob]:
    """Return the jobs that were set aside at the councils whose jobs the viewer may see."""
    names = dict(Council.objects.values_list("id", "name"))
    reached = gate.councils(viewer, Record.SEE_JOBS)
    rows = journal.dead_jobs(None if reached >= names.keys() else reached)[:PAGE]
    return [
        DeadJob(
            job=job,
            title=job.task.rpartition(".")[2].replace("_", " ").capitalize(),
            council=names.get(job.council_id or 0, "The partnership"),
            reason=job.last_error.strip().rpartition("\n")[2],
            may_send=may_send(viewer, job.council_id),
        )
        for job in rows
    ]


def may_send(viewer: Viewer, council_id: int | None) -> bool:
    """Say whether a viewer may send a job again: at its council, or anywhere if it is the partnership's."""
    if council_id is None:
        return gate.anywhere(viewer, Record.SEND_AGAIN)
    return gate.may(viewer, Record.SEND_AGAIN, council_id)


def job_to_send(viewer: Viewer, number: int) -> Job | None:
    """Return a job at a council whose jobs the viewer may see."""
    names = set(Council.objects.values_list("id", flat=True))
    reached = gate.councils(viewer, Record.SEE_JOBS)
    rows = Job.objects.filter(pk=number)
    return (rows if reached >= names else rows.filter(council_id__in=sorted(reached))).first()
