"""How far a wave has come: what is done, what waits, and which calls were left alone or could not be done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count

from moothall.councils import gate
from moothall.councils.rules import Viewer
from moothall.servicedesk.models import Call, Wave, WaveCall
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries.calls import there

MOST_NAMED = 50
SHOWN_FOR = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class NotDone:
    """A call that a wave left as it was, and why."""

    reference: str
    why: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the newest wave of a call has come, in calls that are there for the viewer."""

    kind: str
    begun_at: datetime
    total: int
    done: int
    waiting: int
    left: Sequence[NotDone]
    failed: Sequence[NotDone]

    @property
    def going(self) -> bool:
        return self.waiting > 0


def progress_of(viewer: Viewer, call: Call, now: datetime) -> Progress | None:
    """Return how far the newest wave of a call has come, while it goes on and a day long; None otherwise."""
    wave = Wave.objects.filter(parent_id=call.pk).order_by("-id").first()
    if wave is None:
        return None
    rows = gate.narrow(viewer, Can.SEE, WaveCall.objects.filter(wave_id=wave.pk))
    counted = {each["state"]: each["number"] for each in rows.values("state").annotate(number=Count("id"))}
    waiting = counted.get(WaveCall.State.WAITING, 0)
    if not counted or (not waiting and now - wave.begun_at > SHOWN_FOR):
        return None
    named = counted.keys() & {WaveCall.State.LEFT, WaveCall.State.FAILED}
    return Progress(
        kind=wave.kind,
        begun_at=wave.begun_at,
        total=sum(counted.values()),
        done=counted.get(WaveCall.State.DONE, 0),
        waiting=waiting,
        left=_named(viewer, wave, WaveCall.State.LEFT) if named else (),
        failed=_named(viewer, wave, WaveCall.State.FAILED) if named else (),
    )


def _named(viewer: Viewer, wave: Wave, state: WaveCall.State) -> list[NotDone]:
    """Return those of a wave in a state, as far as they are there for the viewer."""
    whys = dict(WaveCall.objects.filter(wave_id=wave.pk, state=state).values_list("call_id", "why"))
    rows = there(viewer).filter(pk__in=list(whys)).order_by("id").values_list("id", "reference")[:MOST_NAMED]
    return [NotDone(reference, whys[number]) for number, reference in rows]
