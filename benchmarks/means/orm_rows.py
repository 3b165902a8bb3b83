"""The rows of a case by Django's ORM, as one would write it at first: objects fetched, changed and saved.

The very rows that `process/store.py` writes by hand, with the same comparison of `seq` and the same digest of the
events; the engine between is the house's own. Votes and clocks are left out on neither side: the eight steps have none.
"""

from typing import Any

from moothall.plain.canonical import canonical
from moothall.process import store
from moothall.process.engine.state import Around, CaseState, StepRun
from moothall.process.errors import CaseChanged
from moothall.process.models import Case, Event, Step

_RUN = (
    "key", "run", "state", "opened_at", "id", "asks_requester", "team_id", "person_id", "due_at", "done_at", "done_by",
    "outcome", "circle", "wake_at",
)  # fmt: skip


def load(case_id: int) -> CaseState:
    """Return the state of a case, by its objects."""
    row = Case.objects.get(pk=case_id)
    case = CaseState(
        id=row.pk,
        council_id=row.council_id,
        reference=row.reference,
        definition=store.definition_of(row.version_id),
        seq=row.seq,
        status=row.status,
        data=row.data,
        opened_at=row.opened_at,
        due_at=row.due_at,
        ending=row.ending,
        priority=row.priority,
        headline=row.headline,
        requester_id=row.requester_id,
        closed_at=row.closed_at,
        version_id=row.version_id,
        circle=row.circle,
        origins=row.origins or {},  # of a new case there is none; what was saved here is as it was
    )
    for step in Step.objects.filter(case_id=case_id, current=True):
        values = {name: getattr(step, name) for name in _RUN}
        case.steps[step.key] = StepRun(**values, changed=False)
    return case


def save(case: CaseState, around: Around) -> None:
    """Write down what changed, if nobody else changed the case since it was loaded."""
    last = case.seq + len(case.happened)
    row = Case.objects.get(pk=case.id)
    if row.seq != case.seq:
        raise CaseChanged(reference=case.reference)
    for name in ("status", "data", "origins", "due_at", "ending", "priority", "headline", "closed_at"):
        setattr(row, name, getattr(case, name))
    row.seq, row.changed_at = last, around.now
    row.save()
    for run, current in [(each, False) for each in case.superseded] + [
        (each, True) for each in case.steps.values()
    ]:
        if run.id is None or run.changed:
            _save_step(case, run, current=current)
    events = [
        Event(
            council_id=case.council_id, case_id=case.id, seq=seq, at=around.now, kind=each.kind,
            actor_kind=around.by.kind, actor_user=around.by.user_id, actor_name=around.by.name[:150], step=each.step,
            run=each.run, outcome=each.outcome, team_id=each.team_id, body=canonical(each.body).decode(),
        )
        for seq, each in enumerate(case.happened, start=case.seq + 1)
    ]  # fmt: skip
    for event in events:
        event.save()
    store.digest_of([_as_row(event) for event in events])
    case.seq, case.happened = last, []


def _save_step(case: CaseState, run: StepRun, *, current: bool) -> None:
    row = Step(pk=run.id) if run.id is None else Step.objects.get(pk=run.id)
    row.council_id, row.case_id, row.current = case.council_id, case.id, current
    for name in _RUN:
        if name != "id":
            setattr(row, name, getattr(run, name))
    row.save()
    run.id, run.changed = row.pk, False


def _as_row(event: Any) -> list[Any]:
    return [
        event.council_id, event.case_id, event.seq, event.at, event.kind, event.actor_kind, event.actor_user,
        event.actor_name, event.step, event.run, event.outcome, event.team_id, event.body,
    ]  # fmt: skip
