"""What somebody types into a step is kept for them while they type, until they send it or throw it away.

It is nobody else's business yet: no event, no record, and nobody's own typing is ever overwritten by another's.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from moothall.councils import gate
from moothall.councils.rules import Viewer
from moothall.plain.errors import NotFound, TooLarge
from moothall.process import circles
from moothall.process.actions.keeping import allow_doing, around, found
from moothall.process.engine import voting
from moothall.process.engine.state import CaseState, StepRun, signature
from moothall.process.models import StepDraft
from moothall.process.permissions import Can

MOST_FIELDS = 400
MOST_CHARACTERS = 200_000
KEPT_FOR = timedelta(days=60)


@transaction.atomic
def keep_typing(
    *,
    by: Viewer,
    case_id: int,
    step: str,
    run: int | None = None,
    fields: Mapping[str, Sequence[str]],
    seen: int,
    now: datetime,
) -> StepRun | None:
    """Keep what somebody has typed into a run of a step (its newest), instead of what they had typed there before.

    Returns the newest run of the step, so that the page can say if it is not open any more. Returns None, and keeps
    nothing, where that person has finished this run themselves: it was sent. Refuses what is far too much.
    """
    case = found(case_id)
    newest = _allowed(by, case, step, now)
    assert by.actor.user_id is not None
    run = newest.run if run is None else run
    if not 1 <= run <= newest.run:
        raise NotFound(what="step")
    if newest.run == run and newest.state == "done" and newest.done_by == signature(by.actor):
        return None
    if len(fields) > MOST_FIELDS or _length(fields) > MOST_CHARACTERS:
        raise TooLarge(limit=f"{MOST_CHARACTERS:,} characters")
    own = StepDraft.objects.filter(case_id=case_id, step=step, run=run, user_id=by.actor.user_id)
    before = own.values_list("data", flat=True).first()
    since = before["since"] if before else now.isoformat()
    StepDraft.objects.bulk_create(
        [
            StepDraft(
                council_id=case.council_id,
                case_id=case_id,
                step=step,
                run=run,
                user_id=by.actor.user_id,
                data={"since": since, "fields": {name: list(values) for name, values in fields.items()}},
                seen=min(seen, case.seq),
                saved_at=now,
            )
        ],
        update_conflicts=True,
        unique_fields=["case", "step", "run", "user"],
        update_fields=["data", "seen", "saved_at"],
    )
    return newest


@transaction.atomic
def drop_typing(*, by: Viewer, case_id: int, step: str, run: int | None = None) -> int:
    """Throw away what somebody has typed into a step, in this run or in all; return how many there were.

    One's own may always be thrown away, also where one may not do the step any more.
    """
    rows = StepDraft.objects.filter(case_id=case_id, step=step, user_id=by.actor.user_id or 0)
    number: int = rows.filter(**({} if run is None else {"run": run})).delete()[0]
    return number


def forget_typing(now: datetime) -> int:
    """Throw away what nobody came back to; return how much. Enter a scope before."""
    number: int = StepDraft.objects.filter(saved_at__lt=now - KEPT_FOR).delete()[0]
    return number


def _allowed(by: Viewer, case: CaseState, step: str, now: datetime) -> StepRun:
    """Return the newest run of a step that this person may do, or might have done, or that waits for them."""
    run, asked = case.steps.get(step), case.definition.steps.get(step)
    if asked and run and by.is_staff and case.requester_id == by.actor.user_id and run.asks_requester:
        return run
    circles.allow(by, case)
    gate.allow(by, Can.ACT, case)
    if run is None or asked is None:
        raise NotFound(what="step")
    if asked.vote is None:
        allow_doing(by, case, step, run)
    else:
        circles.allow_step(by, case, step)
        voting.voter_of(case, asked, around(by, case.council_id, now))
    return run


def _length(fields: Mapping[str, Sequence[str]]) -> int:
    return sum(len(name) + sum(map(len, values)) for name, values in fields.items())
