"""What people have typed into the steps of a case and not sent yet."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from moothall.councils.rules import Viewer
from moothall.process.engine.state import CaseState
from moothall.process.models import StepDraft

Fields = Mapping[str, Sequence[str]]
"""What was typed, by the name of its input, as a browser sends it."""


_JUST_NOW = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Typed:
    """What one person has typed into one run of a step. `seen` is the last event of the case they had seen."""

    step: str
    run: int
    user_id: int
    name: str
    mine: bool
    fields: Fields
    seen: int
    since: datetime
    saved_at: datetime

    def is_fresh(self, now: datetime) -> bool:
        """Say whether they are most likely still at it."""
        return now - self.saved_at < _JUST_NOW


def typing(viewer: Viewer, case: CaseState, theirs: Collection[str] = ()) -> list[Typed]:
    """Return what the viewer has typed into the steps of a case, and what others have into the steps `theirs`.

    Those are the open steps that the viewer may do, as the case file says: what is typed there may be secret.
    """
    if viewer.actor.user_id is None:
        return []
    rows = StepDraft.objects.filter(case_id=case.id).select_related("user").order_by("saved_at", "id")
    return [
        _typed(row, viewer)
        for row in rows
        if row.user_id == viewer.actor.user_id or (row.step in theirs and _is_open(case, row))
    ]


def _is_open(case: CaseState, row: StepDraft) -> bool:
    run = case.steps.get(row.step)
    return run is not None and run.state == "open" and run.run == row.run


def _typed(row: StepDraft, viewer: Viewer) -> Typed:
    held: Mapping[str, Any] = row.data
    since = datetime.fromisoformat(held["since"]) if "since" in held else row.saved_at
    return Typed(
        step=row.step,
        run=row.run,
        user_id=row.user_id,
        name=row.user.name,
        mine=row.user_id == viewer.actor.user_id,
        fields=held.get("fields", {}),
        seen=row.seen,
        since=since,
        saved_at=row.saved_at,
    )
