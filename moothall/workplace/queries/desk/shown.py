"""Where a case is shown: one of the service desk as a change, a major incident or a call, any other on its own page."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from moothall.councils.rules import Viewer
from moothall.process import circles
from moothall.process.engine.state import CaseState
from moothall.servicedesk.queries import calls, changes, majors
from moothall.servicedesk.rules import kinds

_Rows = Callable[[Viewer, int], "QuerySet[Any]"]


def _calls(viewer: Viewer, case_id: int) -> "QuerySet[Any]":
    return calls.there(viewer).filter(case_id=case_id)


def _changes(viewer: Viewer, case_id: int) -> "QuerySet[Any]":
    return changes.changes_there(viewer).filter(call__case_id=case_id)


def _majors(viewer: Viewer, case_id: int) -> "QuerySet[Any]":
    return majors.there(viewer).filter(case_id=case_id)


_CALL = ("workplace:desk_call", _calls)
_PAGES: Mapping[str, tuple[tuple[str, _Rows], ...]] = {
    kinds.CHANGE: (("workplace:desk_change", _changes), _CALL),
    kinds.MAJOR: (("workplace:desk_major", _majors), _CALL),
}
"""The pages of a kind of call, the fullest first; any other kind has its call's alone."""


def page_of(viewer: Viewer, case: CaseState) -> str:
    """Return the address of the fullest page on which a case is there for the viewer.

    Whoever had one step of it in person may have seen the last of it by doing that: they come to their first page.
    """
    kind = kinds.KIND.get(case.definition.key)
    for name, rows in _PAGES.get(kind, (_CALL,)) if kind else ():
        if rows(viewer, case.id).exists():
            return reverse(name, args=[case.reference])
    if circles.is_there(viewer, case.id, case.council_id, case.circle):
        return reverse("workplace:case", args=[case.reference])
    return reverse("workplace:home")
