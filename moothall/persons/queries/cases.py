"""The cases of a person: what is open, what happens next and by when, and what is closed. And whose case a case is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from moothall.councils import gate
from moothall.councils.rules import Viewer
from moothall.persons.models import CasePerson
from moothall.persons.permissions import Can
from moothall.persons.queries.records import is_open
from moothall.process import circles, store
from moothall.process.definition import named_circle
from moothall.process.engine.state import NEVER
from moothall.process.models import Attachment, Case, Step
from moothall.process.permissions import Can as ProcessCan

MOST = 100
MOST_FILES = 50
_COLUMNS = (
    "id", "reference", "headline", "version_id", "status", "ending", "priority", "opened_at", "closed_at",
    "council_id", "council__name", "due_at", "circle",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Next:
    """A step that a case waits for. Of work that is not there for the viewer, only that it is, and until when."""

    title: str
    team: str
    due_at: datetime | None
    asks_requester: bool


@dataclass(frozen=True, slots=True)
class PersonCase:
    """One case of a person, as a line of their page. `next` are its open steps, the soonest due first."""

    id: int
    reference: str
    headline: str
    process: str
    is_open: bool
    ending: str
    priority: str
    opened_at: datetime
    closed_at: datetime | None
    council_id: int
    council: str
    due_at: datetime | None
    next: tuple[Next, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A file of a case of the person."""

    id: int
    name: str
    reference: str
    added_at: datetime
    added_by: str


@dataclass(frozen=True, slots=True)
class PersonCases:
    """The cases of a person that are wholly there for the viewer, and their files; the newest first.

    `more` says that there are older ones than these.
    """

    cases: Sequence[PersonCase]
    documents: Sequence[Document]
    more: bool

    @property
    def open(self) -> list[PersonCase]:
        return [each for each in self.cases if each.is_open]

    @property
    def closed(self) -> list[PersonCase]:
        return [each for each in self.cases if not each.is_open]


def cases_of(viewer: Viewer, record_ids: Sequence[int], now: datetime) -> PersonCases:
    """Return the cases about some records, open ones and the newest first. A case that is there only in part is not.

    Three questions to the database, however many cases there are.
    """
    del now  # what is due when is said by whoever shows it
    if not record_ids:
        return PersonCases((), (), more=False)
    rows = Case.objects.filter(person__record__in=list(record_ids))
    rows = circles.narrow(viewer, gate.narrow(viewer, ProcessCan.SEE, rows))
    found = list(rows.order_by("-status", "-opened_at", "-id").values_list(*_COLUMNS)[: MOST + 1])
    shown = found[:MOST]
    steps = _steps(viewer, [row for row in shown if row[4] == Case.Status.OPEN])
    return PersonCases(
        cases=[
            PersonCase(
                id=row[0],
                reference=row[1],
                headline=row[2],
                process=store.definition_of(row[3]).title,
                is_open=row[4] == Case.Status.OPEN,
                ending=row[5].replace("-", " "),
                priority=row[6],
                opened_at=row[7],
                closed_at=row[8],
                council_id=row[9],
                council=row[10],
                due_at=None if row[11] >= NEVER else row[11],
                next=tuple(steps.get(row[0], ())),
            )
            for row in shown
        ],
        documents=_documents({row[0]: row for row in shown}),
        more=len(found) > MOST,
    )


def _steps(viewer: Viewer, open_cases: Sequence[tuple[object, ...]]) -> dict[int, list[Next]]:
    """Return the open steps of cases by the case; those in a circle the viewer is outside of as work by others."""
    versions = {row[0]: row[3] for row in open_cases}
    if not versions:
        return {}
    rows: QuerySet[Step] = Step.objects.filter(case_id__in=versions, state=Step.State.OPEN, current=True)
    found: dict[int, list[Next]] = {}
    columns = ("case_id", "key", "council_id", "circle", "team_id", "team__name", "due_at", "asks_requester")
    for case_id, key, council_id, circle, team_id, team, due_at, asks in rows.order_by(
        "due_at", "id"
    ).values_list(*columns):
        due = None if due_at >= NEVER else due_at
        seen = circles.sees(viewer, council_id, circle) or team_id in viewer.team_ids
        step = store.definition_of(int(str(versions[case_id]))).steps.get(key)
        if seen and step is not None:
            line = Next(step.title, team or "", due, asks_requester=asks)
        else:
            line = Next(circles.OTHERS, "", due, asks_requester=False)
        found.setdefault(case_id, []).append(line)
    return found


def _documents(cases: dict[int, tuple[object, ...]]) -> list[Document]:
    """Return the files of cases; those that answer a question not where the process keeps answers to circles.

    Whether those may be read is said on the page of their case.
    """
    if not cases:
        return []
    rows = Attachment.objects.filter(case_id__in=cases).order_by("-id")[:MOST_FILES]
    return [
        Document(each.pk, each.name, str(cases[each.case_id][1]), each.added_at, each.added_by)
        for each in rows
        if not each.field or not _has_circles(cases[each.case_id])
    ]


def _has_circles(row: tuple[object, ...]) -> bool:
    return bool(named_circle(str(row[12]))) or store.definition_of(int(str(row[3]))).has_circles


@dataclass(frozen=True, slots=True)
class Whose:
    """Whom a case is about, as far as the viewer may know; without a `reference`, nobody knows yet."""

    reference: str
    name: str
    how: str


NOBODY = Whose("", "", "")


def whose_case(viewer: Viewer, case_id: int, council_id: int) -> Whose | None:
    """Return whom a case is about that is wholly there for the viewer; None if they may see no people there."""
    if not gate.may(viewer, Can.SEE, council_id):
        return None
    row = CasePerson.objects.filter(case_id=case_id).select_related("record__person").first()
    if row is None or row.record is None:
        return NOBODY
    name = row.record.name if is_open(viewer, row.record) else "Locked record"
    return Whose(row.record.person.reference, name or "No name", row.get_how_display())
