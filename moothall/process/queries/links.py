"""Which cases belong together; of those that are not there for the viewer, only that there is one."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from moothall.councils import gate
from moothall.councils.prepared import Slot, prepared
from moothall.councils.rules import Viewer
from moothall.process import circles, store
from moothall.process.engine.state import CaseState
from moothall.process.models import Case, Link
from moothall.process.permissions import Can
from moothall.process.queries.history import UNSEEN_CASE

_THERE = {
    Link.Kind.CHILD: "Handed over to",
    Link.Kind.OPENED: "Opened from this case",
    Link.Kind.RELATED: "Related",
    Link.Kind.DUPLICATE: "The same as",
}
_HERE = _THERE | {
    Link.Kind.CHILD: "Handed over from",
    Link.Kind.OPENED: "Opened from",
}
BY_HAND = frozenset({Link.Kind.RELATED, Link.Kind.DUPLICATE})
"""The links that somebody of the staff makes, and may take away again."""


@dataclass(frozen=True, slots=True)
class Other:
    """A case that is there for the viewer, as another names it. The headline is empty where it is there in part.

    `process` is what its process is called, `key` by what files name it.
    """

    reference: str
    headline: str
    key: str
    process: str
    status: str


@dataclass(frozen=True, slots=True)
class Linked:
    """One link of a case, as it is read there. `reference` is empty if the viewer may not see the other case."""

    link_id: int
    words: str
    kind: str
    reference: str
    headline: str
    key: str
    process: str
    is_open: bool
    at: datetime
    by: str
    by_hand: bool

    @property
    def title(self) -> str:
        """What the other case is called."""
        return self.reference or UNSEEN_CASE


@dataclass(frozen=True, slots=True)
class Kept:
    """One link as it is kept."""

    id: int
    case_id: int
    other_id: int
    kind: str
    at: datetime
    by: str

    def other_than(self, case_id: int) -> int:
        """Return the number of the case at the other end."""
        return self.other_id if self.case_id == case_id else self.case_id

    def read(self, case_id: int, others: Mapping[int, Other]) -> Linked:
        """Return the link as the page of one of its cases shows it."""
        other = others.get(self.other_than(case_id))
        kind = Link.Kind(self.kind)
        return Linked(
            link_id=self.id,
            words=(_THERE if self.case_id == case_id else _HERE)[kind],
            kind=self.kind,
            reference=other.reference if other else "",
            headline=other.headline if other else "",
            key=other.key if other else "",
            process=other.process if other else "",
            is_open=other is not None and other.status == Case.Status.OPEN,
            at=self.at,
            by=self.by if other else "",
            by_hand=kind in BY_HAND,
        )


def links_of(case: CaseState) -> list[Kept]:
    """Return the links of a case, at either end, the newest first."""
    return [Kept(*row) for row in _at_either_end.all(case_id=case.id)]


@prepared
def _at_either_end(case_id: Slot) -> Any:
    rows = Link.objects.filter(Q(case_id=case_id) | Q(other_id=case_id)).order_by("-id")
    return rows.values_list("id", "case_id", "other_id", "kind", "at", "by")


def seen_cases(viewer: Viewer, ids: Collection[int]) -> dict[int, Other]:
    """Return by number those of the cases that are there for the viewer; nothing is asked about none."""
    if not ids:
        return {}
    rows = circles.known(viewer, gate.narrow(viewer, Can.SEE, Case.objects.filter(id__in=sorted(ids))))
    return {row.pk: _other(viewer, row) for row in rows.defer("data", "origins")}


def _other(viewer: Viewer, row: Case) -> Other:
    definition = store.definition_of(row.version_id)
    return Other(
        reference=row.reference,
        headline=row.headline if circles.sees_case(viewer, row.council_id, row.circle) else "",
        key=definition.key,
        process=definition.title,
        status=row.status,
    )
