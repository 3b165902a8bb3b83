"""Keeping records for as long as the law says: working it out, legal holds, and two people for what is destroyed."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from moothall.councils.rules import Viewer
from moothall.persons.actions.erasing import destroy, refuse_if_kept
from moothall.persons.actions.records import write
from moothall.persons.errors import NoProposal, OneAndTheSame, SayGround
from moothall.persons.models import Disposal, Record
from moothall.persons.permissions import Can
from moothall.persons.queries.records import record_held
from moothall.persons.queries.retention import lives, schedule
from moothall.persons.rules.retention import FOREVER, keeping
from moothall.persons.rules.rights import PROCESS
from moothall.process.actions import emptying
from moothall.process.models import Case

HELPING = 500
PROOF = timedelta(days=3 * 365)
"""For how long a request is kept when the record is erased: to show that it was answered (UK GDPR article 5(2))."""
_WHY = 500


def work_out(now: datetime) -> int:
    """Work out until when records are kept, of those that have no day yet or are due; return how many changed.

    Enter a scope before. What happened since puts the day off; so only what has come due need be looked at again.
    """
    today = timezone.localdate(now)
    wanted = Q(keep_until=None) | Q(keep_until__lte=today) | Q(keep_until=FOREVER)
    changed = after = 0
    while rows := list(
        Record.objects.filter(wanted, pk__gt=after, state=Record.State.ACTIVE).order_by("id")[:HELPING]
    ):
        changed += _worked_out(rows, now)
        after = rows[-1].pk
    return changed


@transaction.atomic
def _worked_out(rows: list[Record], now: datetime) -> int:
    """Write down until when some records are kept; what a person set to a day that is still to come stays."""
    life = lives([row.pk for row in rows], now)
    schedules = {council_id: schedule(council_id) for council_id in {row.council_id for row in rows}}
    changed = []
    for row in rows:
        until = keeping(life[row.pk], schedules[row.council_id]).until
        if row.keep_until != until and (
            row.keep_until is None or row.keep_until == FOREVER or until > row.keep_until
        ):
            row.keep_until = until
            changed.append(row)
    Record.objects.bulk_update(changed, ["keep_until"])
    return len(changed)


def forget_requests(now: datetime) -> int:
    """Empty requests under data protection law of records that were erased, when nobody needs their proof any more.

    Enter a scope before. Returns how many were emptied.
    """
    rows = Case.objects.filter(
        process=PROCESS, status=Case.Status.CLOSED, person__record__state=Record.State.ERASED
    )
    old = rows.filter(closed_at__lt=now - PROOF).exclude(headline="").order_by("id")
    ids = list(old.values_list("id", flat=True)[:HELPING])
    return emptying.empty(by=Viewer.system(), case_ids=ids, now=now).cases if ids else 0


@transaction.atomic
def hold(*, by: Viewer, record_id: int, why: str, now: datetime) -> Record:
    """Forbid that a record is destroyed, by whatever rule: a claim, an inquiry, a request that is being answered."""
    record = record_held(by, record_id, Can.EXERCISE)
    record.hold_why = _said(why, "why", "Say why it must not be destroyed.")
    record.save(update_fields=["hold_why"])
    write(by, "person.held", record, now)
    return record


@transaction.atomic
def lift_hold(*, by: Viewer, record_id: int, now: datetime) -> Record:
    """End a legal hold; twice is once."""
    record = record_held(by, record_id, Can.EXERCISE)
    if record.hold_why:
        record.hold_why = ""
        record.save(update_fields=["hold_why"])
        write(by, "person.hold_lifted", record, now)
    return record


@transaction.atomic
def keep_longer(*, by: Viewer, record_id: int, until: date, why: str, now: datetime) -> Record:
    """Keep a record that is due until another day, for a reason; a proposal to destroy it is taken back with that."""
    record = record_held(by, record_id, Can.EXERCISE)
    said = _said(why, "why", "Say why it is kept longer.")
    if until <= timezone.localdate(now):
        raise SayGround(
            {"until": ["The day must be in the future."]}, reason="The day must be in the future."
        )
    decided = {"decided_at": now, "decided_by": by.actor.name[:150], "decided_by_user": by.actor.user_id}
    kept = {"outcome": Disposal.Outcome.KEPT, "why": said, "kept_until": until, **decided}
    if not record.disposals.filter(outcome=Disposal.Outcome.PROPOSED).update(**kept):
        Disposal.objects.create(
            council_id=record.council_id,
            record=record,
            rule=_rule(record, now),
            proposed_at=now,
            proposed_by=by.actor.name[:150],
            proposed_by_user=by.actor.user_id,
            **kept,
        )
    record.keep_until = until
    record.save(update_fields=["keep_until"])
    write(by, "person.kept_longer", record, now, until=until.isoformat())
    return record


@transaction.atomic
def propose(*, by: Viewer, record_id: int, why: str, now: datetime) -> Disposal:
    """Propose that a record be destroyed whose time is up; somebody else has to confirm it. Twice is once."""
    record = record_held(by, record_id, Can.EXERCISE)
    refuse_if_kept(by, record, now)
    if record.keep_until is None or record.keep_until > timezone.localdate(now):
        said = "It is not due yet. To erase it earlier, answer a request for erasure."
        raise SayGround({"why": [said]}, reason=said)
    already: Disposal | None = record.disposals.filter(outcome=Disposal.Outcome.PROPOSED).first()
    if already is not None:
        return already
    row: Disposal = Disposal.objects.create(
        council_id=record.council_id,
        record=record,
        rule=_rule(record, now),
        why=why.strip()[:_WHY],
        proposed_at=now,
        proposed_by=by.actor.name[:150],
        proposed_by_user=by.actor.user_id,
    )
    write(by, "person.destruction_proposed", record, now, rule=row.rule, disposal=row.pk)
    return row


@transaction.atomic
def confirm(*, by: Viewer, record_id: int, now: datetime) -> Disposal:
    """Destroy a record that somebody else proposed to destroy, and return its certificate."""
    record = record_held(by, record_id, Can.EXERCISE)
    row: Disposal | None = (
        record.disposals.select_for_update().filter(outcome=Disposal.Outcome.PROPOSED).first()
    )
    if row is None:
        raise NoProposal
    if row.proposed_by_user == by.actor.user_id:
        raise OneAndTheSame(council=record.council.name)
    return destroy(by, record, row, now)


def _rule(record: Record, now: datetime) -> str:
    return keeping(lives([record.pk], now)[record.pk], schedule(record.council_id)).rule.key


def _said(text: str, field: str, ask: str) -> str:
    said = text.replace("\x00", "").strip()[:_WHY]
    if not said:
        raise SayGround({field: [ask]}, reason=ask)
    return said
