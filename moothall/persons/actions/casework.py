"""Saying whose case a case is."""

from datetime import datetime

from django.db import transaction

from moothall.councils import gate
from moothall.councils.rules import Viewer
from moothall.persons.actions.records import write
from moothall.persons.errors import Erased, OtherCouncil
from moothall.persons.models import CasePerson, Record
from moothall.persons.permissions import Can
from moothall.persons.queries.records import record_seen
from moothall.plain.errors import NotFound
from moothall.process import circles
from moothall.process.models import Case
from moothall.process.permissions import Can as ProcessCan


@transaction.atomic
def put_case_to(*, by: Viewer, case_id: int, record_id: int, now: datetime) -> CasePerson:
    """Say that a case is about the person of a record, which its own council holds; whoever it was put to before.

    Refuses a record of another council: what a council works on hangs on what it holds itself.
    """
    rows = gate.narrow(by, ProcessCan.SEE, Case.objects.filter(pk=case_id))
    case: Case | None = circles.narrow(by, rows).first()
    if case is None:
        raise NotFound(what="case")
    gate.allow(by, Can.CHANGE, case.council_id)
    record = record_seen(by, record_id)
    if record.state == Record.State.ERASED:
        raise Erased(council=record.council.name)
    if record.council_id != case.council_id:
        raise OtherCouncil(council=record.council.name)
    former: CasePerson | None = CasePerson.objects.select_for_update().filter(case_id=case.pk).first()
    if former is not None and former.record_id == record.pk:
        return former
    put = keep_person(
        by=by,
        case_id=case.pk,
        council_id=case.council_id,
        record_id=record.pk,
        how=CasePerson.How.CHOSEN,
        now=now,
    )
    write(by, "person.case_put", record, now, case=case.pk, former=former.record_id if former else None)
    return put


def keep_person(
    *,
    by: Viewer,
    case_id: int,
    council_id: int,
    record_id: int | None,
    how: str,
    now: datetime,
    score: float | None = None,
) -> CasePerson:
    """Keep whose a case is; without a record, that nobody knows yet. Whoever calls asked, and writes the journal."""
    said = {"council_id": council_id, "record_id": record_id, "how": how, "score": score}
    kept: CasePerson
    kept, _ = CasePerson.objects.update_or_create(
        case_id=case_id, defaults={**said, "at": now, "by": by.actor.name[:150]}
    )
    return kept
