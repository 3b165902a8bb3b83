"""The performance pack of the demonstration: a month published and restated, one to be signed; and surveys."""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

from moothall.config.demo.cast import Cast
from moothall.councils.models import Staff
from moothall.councils.queries import viewer_for
from moothall.councils.rules import Viewer
from moothall.measures.actions import set_benchmark
from moothall.servicedesk.actions import packs
from moothall.servicedesk.actions.satisfaction import ask_how_it_was
from moothall.servicedesk.models import Call, Survey
from moothall.servicedesk.rules.figures import Month, month_of

SEED, SHARE_ASKED, SHARE_ANSWERED, ASKED_TODAY = 1348, 0.5, 0.38, 3
MANAGER = "Louise Tranter"
CLIENTS = {"fernshire": "Adrian Fell", "alderbridge": "Monica Reyes", "wenbury": "Dilys Parry"}
USERS = {"fernshire": 168, "alderbridge": 112, "wenbury": 58}
PUT_RIGHT = 71
_BRIEF = (
    "The partnership's own brief, as “Socitm”. Year and source are to be confirmed by the"
    " partnership: no publication was"
    " found that can be cited."
)
_BANDS = "The partnership's own brief, as the bands of its users. No publication was found that can be cited."
BENCHMARKS = (
    ("calls_per_user", "From the brief (Socitm, to be confirmed)", "1.1", _BRIEF),
    ("nps", "Good", "20", _BANDS),
    ("nps", "Excellent", "40", _BANDS),
)
WORDS: Mapping[int, tuple[str, ...]] = {
    10: ("Sorted while I was still on the phone. Thank you.", "Really patient with me."),
    9: ("Quick and clear.", "", "Nice to be rung back when promised."),
    8: ("Fine.", ""),
    7: ("Took two goes but works now.", ""),
    5: ("I had to explain it three times to three people.", ""),
    3: ("Four days without a screen. Nobody told me why.", "It was closed and was not mended."),
    1: ("I gave up and borrowed a laptop from a colleague.",),
}
_SCORES = (10,) * 24 + (9,) * 26 + (8,) * 18 + (7,) * 10 + (5,) * 8 + (3,) * 9 + (1,) * 5


def play(cast: Cast, now: datetime) -> None:
    """Let users answer, then make the packs of the two months that are over."""
    last = month_of(now).back(1)
    _users(cast, last.back(2).first, now)
    _benchmarks(now)
    _answers(now)
    _published(cast, last.back(1), now)
    _draft(cast, last, now)


def somebody(name: str, now: datetime) -> Viewer:
    """Return one of the cast as they would be signed in."""
    staff = Staff.objects.select_related("user").get(user__name=name)
    return viewer_for(staff.user, today=now.date())


def _users(cast: Cast, since: date, now: datetime) -> None:
    for code, users in USERS.items():
        packs.state_users(
            by=somebody(CLIENTS[code], now),
            council_id=cast.councils[code].pk,
            users=users,
            source="Accounts that are enabled in the directory",
            in_force_from=since,
            now=now - timedelta(days=70),
        )


def _benchmarks(now: datetime) -> None:
    for figure, label, value, source in BENCHMARKS:
        set_benchmark(
            by=somebody(MANAGER, now),
            figure=figure,
            label=label,
            value=Decimal(value),
            source=source,
            year=now.year,
            in_force_from=date(now.year, 1, 1),
            now=now - timedelta(days=69),
        )


def _answers(now: datetime) -> None:
    """Let users of calls that are closed have been asked, and some have answered; the newest are asked just now."""
    random = Random(SEED)  # noqa: S311 - a play, not a secret
    closed = Call.objects.filter(ended="done", kind__in=["incident", "request"], automatic=False)
    asked = Survey.objects.values("call")  # those that time closed while changes were played were asked then
    unasked = closed.exclude(closed_at=None).exclude(resolved_at=None).exclude(id__in=asked)
    calls = list(unasked.order_by("closed_at", "id"))
    for call in calls[:-ASKED_TODAY]:
        if call.closed_at is not None and random.random() < SHARE_ASKED:
            _asked(random, call, call.closed_at, now)
    for call in calls[-ASKED_TODAY:]:
        ask_how_it_was(call, now)


def _asked(random: Random, call: Call, asked_at: datetime, now: datetime) -> None:
    answered_at = asked_at + timedelta(hours=random.choice([1, 3, 20, 44]))
    answers = random.random() < SHARE_ANSWERED and answered_at < now
    score = random.choice(_SCORES)
    read = answers and answered_at < now - timedelta(days=9)
    Survey.objects.create(
        council_id=call.council_id,
        call=call,
        secret_sha256=hashlib.sha256(f"{SEED}:{call.pk}".encode()).hexdigest(),
        asked_at=asked_at,
        answered_at=answered_at if answers else None,
        recommend=score if answers else None,
        content=min(max(round(score / 2 + random.random() - 0.3), 1), 5) if answers else None,
        words=random.choice(WORDS[score]) if answers else "",
        read_at=answered_at + timedelta(days=2) if read else None,
    )


def _published(cast: Cast, month: Month, now: datetime) -> None:
    """Publish a month with what councils said to it; later one of them corrects how many users it has."""
    manager, at = somebody(MANAGER, now), min(month.end + timedelta(days=9, hours=10, minutes=20), now)
    packs.work_out(by=manager, month=month, now=at)
    _comment(
        cast, "fernshire", month, "resolve_sla", "The county moved offices in the middle of the month.", at
    )
    _comment(
        cast,
        "alderbridge",
        month,
        "backlog",
        "Half of this is one batch of laptops; it is being worked off.",
        at,
    )
    _comment(cast, "wenbury", month, "", "We are content with this month.", at)
    for code in CLIENTS:
        _sign(cast, code, month, at)
    packs.publish(by=manager, month=month, why="", now=at)
    packs.state_users(
        by=somebody(CLIENTS["wenbury"], now),
        council_id=cast.councils["wenbury"].pk,
        users=PUT_RIGHT,
        source="Accounts that are enabled in the directory; the depot had been left out",
        in_force_from=month.first,
        now=min(at + timedelta(days=6), now),
    )
    packs.compare(by=manager, month=month, now=min(at + timedelta(days=7), now))


def _draft(cast: Cast, month: Month, now: datetime) -> None:
    """Work out the month after that; all but Wenbury have signed."""
    at = min(month.end + timedelta(days=6, hours=15, minutes=5), now)
    packs.work_out(by=somebody(MANAGER, now), month=month, now=at)
    _comment(
        cast, "fernshire", month, "first_contact", "Better, since the new articles about sign-in came.", at
    )
    for code in ("fernshire", "alderbridge"):
        _sign(cast, code, month, at)


def _comment(cast: Cast, code: str, month: Month, figure: str, text: str, now: datetime) -> None:
    packs.comment(
        by=somebody(CLIENTS[code], now),
        month=month,
        council_id=cast.councils[code].pk,
        figure=figure,
        text=text,
        now=now,
    )


def _sign(cast: Cast, code: str, month: Month, now: datetime) -> None:
    packs.sign_off(by=somebody(CLIENTS[code], now), month=month, council_id=cast.councils[code].pk, now=now)
