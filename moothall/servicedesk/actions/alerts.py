"""Alerts of monitoring: one trouble is one alert and one call, however often it is told; many at once are one storm.

What monitoring says is over is only resolved by itself where nobody had taken it: otherwise whoever has it is told.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F
from django.utils import timezone

from moothall.councils.rules import Viewer
from moothall.estate import queries as estate
from moothall.estate.models import Item
from moothall.plain.errors import HouseError
from moothall.process import actions as process
from moothall.process.models import Event
from moothall.servicedesk.actions import calls, working
from moothall.servicedesk.models import Alert, Call, Feed
from moothall.servicedesk.models.calls import Channel, State
from moothall.servicedesk.rules import kinds
from moothall.servicedesk.rules.feeds import STORM_OF, STORM_WITHIN, Signal, impact_and_urgency

HOUSE = Viewer.system()
OVER = "Monitoring says that it is over."
AGAIN = "Monitoring reports it again."
STORM = "Many alerts of “{feed}” at once"
AGAIN_WITHIN = timedelta(hours=1)


@dataclass(slots=True)
class Counted:
    """How many alerts were new, told again, and over."""

    new: int = 0
    again: int = 0
    cleared: int = 0


def take_in(feed: Feed, signals: Iterable[Signal], now: datetime) -> Counted:
    """Take in what monitoring says, in the transaction of the message."""
    counted = Counted()
    for signal in signals:
        alert: Alert | None = Alert.objects.filter(feed=feed, key=signal.key, cleared_at=None).first()
        if not signal.firing:
            counted.cleared += alert is not None
            if alert is not None:
                _clear(alert, now)
        elif alert is not None:
            counted.again += 1
            Alert.objects.filter(pk=alert.pk).update(
                times=F("times") + 1, last_at=now, severity=signal.severity, summary=signal.summary
            )
        else:
            counted.new += 1
            _raise(feed, signal, now)
    return counted


def _raise(feed: Feed, signal: Signal, now: datetime) -> None:
    item = _item(feed, signal.item, now)
    before = (
        Alert.objects.filter(feed=feed, key=signal.key, cleared_at__gte=now - AGAIN_WITHIN)
        .select_related("call")
        .order_by("-id")
        .first()
    )
    alert: Alert = Alert.objects.create(
        council_id=feed.council_id,
        feed=feed,
        key=signal.key,
        item=item,
        summary=signal.summary,
        severity=signal.severity,
        first_at=now,
        last_at=now,
    )
    if (
        before is not None
        and before.call is not None
        and before.call_id != feed.storm_id
        and _taken_up_again(before.call, now)
    ):
        alert.call = before.call
    else:
        alert.call = _storm(feed, now) or _call(feed, alert, signal, item, now)
    alert.save(update_fields=["call"])


def _item(feed: Feed, name: str, now: datetime) -> Item | None:
    """Return the item that an alert is about, if the council uses one of that name or code."""
    if not name:
        return None
    return estate.item_named(name, estate.items_of(feed.council_id, timezone.localdate(now)))


def _taken_up_again(call: Call, now: datetime) -> bool:
    """Let the call of an alert that was over go on, if it is not closed; return whether it does."""
    if call.state == State.CLOSED:
        return False
    process.note(by=HOUSE, case_id=call.case_id, text=AGAIN, now=now)
    if call.state == State.RESOLVED:
        working.reopen(by=HOUSE, call_id=call.pk, why=AGAIN, expected=None, now=now)
    return True


def _call(feed: Feed, alert: Alert, signal: Signal, item: Item | None, now: datetime) -> Call:
    impact, urgency = impact_and_urgency(signal.severity)
    detail = f"Reported by “{feed.name}” as {signal.severity or 'an alert'}: {signal.key}"
    return calls.log_call(
        by=HOUSE,
        council=feed.council,
        kind=kinds.INCIDENT,
        answers={
            "summary": signal.summary,
            "detail": detail,
            "category": "other",
            "impact": impact,
            "urgency": urgency,
            **({"system": signal.item} if signal.item and item is None else {}),
        },
        now=now,
        submission=f"alert:{alert.pk}",
        channel=Channel.MONITORING,
        item_id=item.pk if item is not None else None,
        automatic=True,
    )


def _storm(feed: Feed, now: datetime) -> Call | None:
    """Return the call of a storm, if there are too many new alerts at once; the first calls of it go under that one."""
    recent = Alert.objects.filter(feed=feed, first_at__gt=now - STORM_WITHIN)
    if recent.count() <= STORM_OF:
        return None
    if feed.storm_id is not None:
        going: Call | None = Call.objects.filter(pk=feed.storm_id, open=True).first()
        if going is not None:
            return going
    storm = calls.log_call(
        by=HOUSE,
        council=feed.council,
        kind=kinds.INCIDENT,
        answers={
            "summary": STORM.format(feed=feed.name)[:200],
            "detail": "Alerts that come while this is open are counted here and have no calls of their own.",
            "category": "other",
            "impact": "council",
            "urgency": "partly",
        },
        now=now,
        submission=f"storm:{feed.pk}:{now.isoformat()}",
        channel=Channel.MONITORING,
        automatic=True,
    )
    Feed.objects.filter(pk=feed.pk).update(storm=storm)
    feed.storm = storm
    _gather(storm, [each.call_id for each in recent if each.call_id is not None], now)
    return storm


def _gather(storm: Call, call_ids: Sequence[int], now: datetime) -> None:
    """Put the calls of a storm that has begun under its call, unless somebody put them elsewhere."""
    for call in Call.objects.filter(pk__in=call_ids, open=True, parent=None).exclude(pk=storm.pk):
        Call.objects.filter(pk=call.pk).update(parent=storm)
        process.note(by=HOUSE, case_id=call.case_id, text=f"Part of a storm: {storm.reference}.", now=now)


def _clear(alert: Alert, now: datetime) -> None:
    """Note that an alert is over; its call is resolved if nobody took it and nothing else of it goes on."""
    Alert.objects.filter(pk=alert.pk).update(cleared_at=now, last_at=now)
    call = Call.objects.filter(pk=alert.call_id).first()
    if call is None or not call.open:
        return
    if Alert.objects.filter(call=call, cleared_at=None).exists():
        return
    if call.person_id is not None or call.state not in {State.NEW, State.OPEN} or _was_worked_on(call):
        process.note(by=HOUSE, case_id=call.case_id, text=OVER, now=now)
        return
    try:
        working.resolve(by=HOUSE, call_id=call.pk, fix=OVER, expected=None, now=now)
    except HouseError:
        process.note(by=HOUSE, case_id=call.case_id, text=OVER, now=now)


def _was_worked_on(call: Call) -> bool:
    """Say whether somebody of the staff has done anything about a call."""
    return bool(Event.objects.filter(case_id=call.case_id, actor_kind="staff").exists())
