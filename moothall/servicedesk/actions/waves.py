"""Waves: a call is resolved or written to at once, and the calls under it follow by jobs, each by itself."""

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from moothall.councils import scope
from moothall.councils.queries import viewer_for
from moothall.councils.rules import Viewer
from moothall.identity.models import User
from moothall.journal import actions as journal
from moothall.journal.errors import NotYet
from moothall.journal.jobs import manner
from moothall.plain.errors import HouseError
from moothall.process.errors import CaseChanged
from moothall.servicedesk.actions import working
from moothall.servicedesk.models import Call, Wave, WaveCall
from moothall.servicedesk.queries.calls import call_to_work, there

log = logging.getLogger("moothall.servicedesk.waves")

BATCH = 25
"""How many calls a job takes: a few seconds of work, so that other jobs of the council come in between."""
MOST_TRIES = 3
_WHY = "a wave goes over calls of every council that one desk serves"
_CHANGED = "Somebody changed it meanwhile."
_ELSEWHERE = "It is not under this call any more."
_CLOSED = "It is not open any more."
_AGAIN = "The call above it was opened again."
_BROKEN = "Something went wrong on our side. It was tried three times, and stands in the log of the house."


@transaction.atomic
def resolve_wave(
    *, by: Viewer, parent_id: int, fix: str, now: datetime, expected: int | None = None
) -> Wave | None:
    """Resolve a call, unless it is, and let every open call under it follow by jobs; returns the wave, if any is.

    Refuses what `working.resolve` refuses, with nothing done. A call that somebody changes before its turn is left
    alone, and so are all that are left once the call itself is opened again.
    """
    parent = call_to_work(by, parent_id)
    if parent.open:
        working.resolve(by=by, call_id=parent.pk, fix=fix, expected=expected, now=now)
    return _begin(by, parent, Wave.Kind.RESOLVE, fix, now)


@transaction.atomic
def follow(*, by: Viewer, parent: Call, fix: str, now: datetime) -> Wave | None:
    """Let the calls under a call that is resolved follow it; where `by` may not resolve one, the house does."""
    return _begin(by, parent, Wave.Kind.RESOLVE, fix, now, house_helps=True)


def follow_at_once(*, parent_id: int, fix: str, now: datetime) -> None:
    """Do at once what waits under a call, as its jobs would: for whoever makes a past, as the demonstration does."""
    waiting = WaveCall.objects.filter(wave__parent_id=parent_id, state=WaveCall.State.WAITING)
    work_on(numbers=list(waiting.order_by("id").values_list("id", flat=True)), text=fix, now=now)


@transaction.atomic
def tell_wave(*, by: Viewer, parent_id: int, text: str, now: datetime) -> Wave | None:
    """Write to the user of a call at once, and the same to those of all open calls under it by jobs."""
    parent = call_to_work(by, parent_id)
    working.reply(by=by, call_id=parent.pk, text=text, now=now)
    return _begin(by, parent, Wave.Kind.TELL, text, now)


def _begin(
    by: Viewer, parent: Call, kind: Wave.Kind, text: str, now: datetime, *, house_helps: bool = False
) -> Wave | None:
    """Write down which calls it is about, and post a job for each batch. One that waits in such a wave is in that."""
    seen_by = Viewer.system() if house_helps else by
    rows = there(seen_by).filter(parent_id=parent.pk, open=True)
    if kind == Wave.Kind.RESOLVE:
        waiting = WaveCall.objects.filter(state=WaveCall.State.WAITING, wave__kind=kind)
        rows = rows.exclude(pk__in=waiting.values("call_id"))
    found = list(rows.order_by("council_id", "id").values_list("council_id", "id", "case__seq"))
    if not found:
        return None
    wave: Wave = Wave.objects.create(
        council_id=parent.council_id, parent_id=parent.pk, kind=kind, begun_at=now, user_id=by.actor.user_id,
        house_helps=house_helps,
    )  # fmt: skip
    kept = WaveCall.objects.bulk_create(
        WaveCall(council_id=council_id, wave=wave, call_id=number, seen=seq)
        for council_id, number, seq in found
    )
    for batch in _batches(kept):
        numbers = [each.pk for each in batch]
        journal.post(
            task=go_on,
            key=f"wave:{wave.pk}:{numbers[0]}",
            args={"numbers": numbers, "text": text},
            council_id=batch[0].council_id,
            now=now,
        )
    journal.write(
        by=by.actor,
        what="servicedesk.wave_begun",
        about=f"call:{parent.pk}",
        council_id=parent.council_id,
        now=now,
        facts={"kind": kind, "calls": len(kept)},
    )
    return wave


def _batches(kept: Sequence[WaveCall]) -> Iterator[Sequence[WaveCall]]:
    """Return the calls of each council, some at a time: a job is of one council, and waits in its lane."""
    for _, group in groupby(kept, key=lambda each: each.council_id):
        rows = list(group)
        for start in range(0, len(rows), BATCH):
            yield rows[start : start + BATCH]


@task()
@manner(forget=True)
def go_on(*, numbers: Sequence[int], text: str) -> str:
    """Do what a wave does to some of its calls, each in a transaction of its own; those that are done stay done.

    What breaks is tried again with the whole job, three times, and holds up no other.
    """
    return work_on(numbers=numbers, text=text, now=timezone.now())


def work_on(*, numbers: Sequence[int], text: str, now: datetime) -> str:
    """Do it now; says of how many. Puts the job off if some have to be tried again."""
    with scope.everything(_WHY):
        for number in numbers:
            _do(number, text, now)
        rows = WaveCall.objects.filter(pk__in=numbers)
        if left := rows.filter(state=WaveCall.State.WAITING).count():
            raise NotYet(f"{left} calls of a wave have to be tried again.")
        return f"{rows.filter(state=WaveCall.State.DONE).count()} of {len(numbers)}"


def _do(number: int, text: str, now: datetime) -> None:
    """Do it to one call, and write down in the same transaction what became of it."""
    try:
        with transaction.atomic():
            row = WaveCall.objects.select_for_update().filter(pk=number, state=WaveCall.State.WAITING).first()
            if row is not None:
                _ended(number, *_done(row, text, now))
    except CaseChanged as error:
        if "seen" in error.facts:
            _ended(number, WaveCall.State.LEFT, _CHANGED)
        else:
            _broke(number)
    except HouseError as error:
        _ended(number, WaveCall.State.FAILED, error.sentence)
    except Exception:
        log.exception("call %d of a wave", number)
        _broke(number)


def _done(row: WaveCall, text: str, now: datetime) -> tuple[WaveCall.State, str]:
    wave = Wave.objects.get(pk=row.wave_id)
    call = Call.objects.get(pk=row.call_id)
    if why := _why_left(wave, call):
        return WaveCall.State.LEFT, why
    viewer = _viewer(wave, now)
    try:
        with transaction.atomic():
            _act(viewer, wave, row, text, now)
    except CaseChanged:
        raise
    except HouseError:
        if not wave.house_helps:
            raise
        _act(Viewer.system(), wave, row, text, now)
    return WaveCall.State.DONE, ""


def _why_left(wave: Wave, call: Call) -> str:
    """Return why a call is left alone; empty if it is still one of those that the wave is about."""
    if not call.open:
        return _CLOSED
    if call.parent_id != wave.parent_id:
        return _ELSEWHERE
    if wave.kind == Wave.Kind.RESOLVE and Call.objects.filter(pk=wave.parent_id, open=True).exists():
        return _AGAIN
    return ""


def _act(by: Viewer, wave: Wave, row: WaveCall, text: str, now: datetime) -> None:
    if wave.kind == Wave.Kind.TELL:
        working.reply(by=by, call_id=row.call_id, text=text, now=now)
    else:
        working.resolve(by=by, call_id=row.call_id, fix=text, expected=row.seen, now=now)


def _viewer(wave: Wave, now: datetime) -> Viewer:
    """Return who began a wave, as they are today; the house if nobody did, or, where it helps, if they left."""
    user = User.objects.filter(pk=wave.user_id).first() if wave.user_id else None
    if user is None:
        return Viewer.system()
    viewer = viewer_for(user, today=timezone.localdate(now))
    return Viewer.system() if wave.house_helps and not viewer.is_staff else viewer


def _ended(number: int, state: WaveCall.State, why: str) -> None:
    WaveCall.objects.filter(pk=number, state=WaveCall.State.WAITING).update(state=state, why=why[:300])


def _broke(number: int) -> None:
    """Count that something went wrong with a call; the third time, that is what became of it."""
    row = WaveCall.objects.get(pk=number)
    row.tries += 1
    if row.tries >= MOST_TRIES:
        row.state, row.why = WaveCall.State.FAILED, _BROKEN
    row.save(update_fields=["tries", "state", "why"])
