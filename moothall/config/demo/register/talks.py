"""The calls of a year beside those that made a request: chasing, asking again, thanking; and promised calls."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from random import Random

from django.db import transaction
from django.utils import timezone

from moothall.config.demo.cast import Cast
from moothall.contacts.actions.call_backs import promise
from moothall.contacts.actions.recording import record_contact
from moothall.councils.queries import calendar_of, viewer_for
from moothall.councils.rules import Viewer
from moothall.persons.models import CasePerson

_CHASED = 0.28
_BATCH = 60
_WHYS = (
    "progress",
    "progress",
    "progress",
    "progress",
    "unclear",
    "repeated",
    "missed",
    "missed",
    "wrong-place",
    "",
)
_SAID = {
    "progress": "Asked how far it is. Told them what happens next and by when.",
    "unclear": "Did not understand our letter. Explained it.",
    "repeated": "Had told a colleague already last week. Apologised.",
    "missed": "We did not come on the day we said. Apologised and chased the team.",
    "wrong-place": "Had been sent to the wrong office. Put it right.",
    "": "Rang to say thank you, it is sorted.",
}
_PROMISED = ("About the missed collection", "To explain the letter", "With an answer from the planner")


def play(random: Random, cast: Cast, now: datetime, progress: Callable[[int], None]) -> None:
    """Let people ring about their cases, and promise some of them a call."""
    advisers = [viewer_for(each.user, today=now.date()) for each in cast.advisers]
    rows = (
        CasePerson.objects.exclude(record=None).exclude(case__request=None).select_related("case", "record")
    )
    cases = [row for row in rows.order_by("case_id") if random.random() < _CHASED]
    for first in range(0, len(cases), _BATCH):
        with transaction.atomic():
            for row in cases[first : first + _BATCH]:
                _ring(random, random.choice(advisers), row, now)
        progress(min(first + _BATCH, len(cases)))
    with transaction.atomic():
        _promise(random, advisers[0], now)


def _ring(random: Random, adviser: Viewer, row: CasePerson, now: datetime) -> None:
    case, record = row.case, row.record
    assert record is not None
    until = case.closed_at or now
    seconds = random.random() * (until - case.opened_at).total_seconds()
    at = calendar_of(case.council_id).add(case.opened_at, int(seconds / 4) + 600)
    if at >= now:
        return
    why = random.choice(_WHYS)
    record_contact(
        by=adviser,
        council_id=case.council_id,
        channel=random.choice(("phone", "phone", "phone", "phone", "face-to-face", "webchat")),
        direction="in",
        at=at,
        outcome="answered",
        submission=f"demo-{case.pk}",
        now=at,
        record_id=record.pk,
        case_id=case.pk,
        about=case.process,
        summary=_SAID[why],
        resolved=why != "missed",
        avoidable=why,
        seconds=random.randrange(60, 720),
    )


def _promise(random: Random, adviser: Viewer, now: datetime) -> None:
    rows = CasePerson.objects.filter(case__status="open", record__traits__p__isnull=False)
    found = rows.exclude(case__request=None).select_related("record", "case").order_by("-case_id")
    opening = timezone.make_aware(datetime.combine(timezone.localdate(now), time(10)))
    for number, row in enumerate(found[: len(_PROMISED)]):
        record = row.record
        assert record is not None
        wanted = opening + timedelta(days=1 + number // 2, hours=number)
        promise(
            by=adviser,
            council_id=row.council_id,
            record_id=record.pk,
            phone=record.traits["p"][0],
            at=calendar_of(row.council_id).add(wanted, 0),
            about=_PROMISED[number],
            now=now - timedelta(minutes=random.randrange(20, 90)),
            submission=f"demo-call-{number}",
            case_id=row.case_id,
        )
