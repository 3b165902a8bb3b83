"""The calls of the demonstration: months that are over come in as history, today's are played by the desk itself."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from moothall.config.demo.cast import Cast
from moothall.config.demo.desk.faults import FAULTS, PLATFORMS, REPLIES, WISHES, Fault, Wish
from moothall.councils.models import Council, Staff, Team
from moothall.councils.queries import calendar_of, viewer_for
from moothall.councils.rules import Viewer
from moothall.estate.models import Item
from moothall.plain.working_time import Calendar
from moothall.servicedesk.actions import joining, working
from moothall.servicedesk.actions.calls import log_call
from moothall.servicedesk.actions.importing import bring_in
from moothall.servicedesk.models import Call
from moothall.servicedesk.rules.importing import Row

SEED, HISTORY, DAYS, TODAY = 1215, 900, 75, 34
_HOUR = 3600
_SHARE_OF_FAULTS, _SHARE_TAKEN_AT_ONCE, _SHARE_LATE = 0.72, 0.62, 0.09
_USUAL_HOURS = {1: 0.8, 2: 1.8, 3: 4.5, 4: 7.5}
_LATE_HOURS = {1: 6, 2: 40, 3: 150, 4: 260}
_CHANNELS = ("portal",) * 45 + ("phone",) * 38 + ("email",) * 17


@dataclass(frozen=True, slots=True)
class Company:
    """Who calls, who answers, and about what."""

    desk: Team
    platforms: Team
    analysts: Sequence[Staff]
    engineers: Sequence[Staff]
    callers: Mapping[int, Sequence[Staff]]
    items: Mapping[str, Item]


def play(cast: Cast, now: datetime) -> None:
    """Fill the queues: two months and a half of calls that are done, and those that are under way."""
    random = Random(SEED)  # noqa: S311 - a play, not a secret
    company = company_of(cast)
    councils = list(cast.councils.values())
    shares = dict(zip(councils, (0.5, 0.33, 0.17), strict=True))
    for council, share in shares.items():
        rows = history(random, company, council, int(HISTORY * share), now - timedelta(days=DAYS), now)
        bring_in(rows, by=Viewer.system(), council=council, now=now, source="before Moothall")
    _today(random, company, councils, now)


def company_of(cast: Cast) -> Company:
    """Return the desk, its engineers and its users."""
    teams = {team.code: team for team in Team.objects.filter(code__in=("service-desk", "platforms"))}
    desk, platforms = teams["service-desk"], teams["platforms"]
    callers: dict[int, list[Staff]] = {}
    ict = {one.pk for code in teams.values() for one in cast.teams[code.pk]}
    for staff in Staff.objects.select_related("user").order_by("id"):
        if staff.pk not in ict:
            callers.setdefault(staff.council_id, []).append(staff)
    analysts = [one for one in cast.teams[desk.pk] if one.job_title == "Service desk analyst"]
    items = {item.code: item for item in Item.objects.all()}
    return Company(desk, platforms, analysts, cast.teams[platforms.pk], callers, items)


def history(
    random: Random, company: Company, council: Council, count: int, since: datetime, until: datetime
) -> Iterator[Row]:
    """Return calls of a council that were logged and closed in a span of time, the oldest first."""
    calendar = calendar_of(council.pk)
    moments = sorted(_office(calendar, since + (until - since) * random.random()) for _ in range(count))
    for number, at in enumerate(moments):
        yield _row(random, company, council, number, at, until)


def _row(
    random: Random, company: Company, council: Council, number: int, at: datetime, until: datetime
) -> Row:
    is_fault = random.random() < _SHARE_OF_FAULTS
    told: Fault | Wish = random.choice(FAULTS) if is_fault else random.choice(WISHES)
    theirs = isinstance(told, Fault) and told.team == PLATFORMS
    team = company.platforms if theirs else company.desk
    worker = random.choice(company.engineers if theirs else company.analysts)
    caller = random.choice(company.callers[council.pk])
    item = company.items.get(told.item) if isinstance(told, Fault) else None
    resolved_at = _resolved(random, told.priority, at)
    done = resolved_at < until
    closed_at = resolved_at + timedelta(hours=random.choice((1, 3, 20, 120)))
    return Row(
        external=f"OLD-{council.code}-{number}",
        kind="incident" if is_fault else "request",
        logged_at=at,
        state=("closed" if closed_at < until else "resolved") if done else "open",
        summary=told.summary,
        detail=told.detail,
        category=told.category,
        priority=told.priority,
        channel=random.choice(_CHANNELS),
        item_id=item.pk if item else None,
        item_name=item.name if item else "",
        team_id=team.pk,
        team_name=team.name,
        staff_id=worker.pk,
        user_id=worker.user_id,
        user_name=worker.user.name,
        requester_id=caller.user_id,
        caller_name=caller.user.name,
        caller_email=caller.user.email,
        taken_at=at + timedelta(minutes=random.randrange(2, 30)),
        first_reply_at=_replied(random, at, resolved_at),
        first_reply=random.choice(REPLIES),
        resolved_at=resolved_at if done else None,
        closed_at=closed_at if closed_at < until else None,
        fix=told.fix,
        moves=1 if theirs else 0,
        reopened=1 if done and random.random() < 0.04 else 0,  # noqa: PLR2004 - as at real desks
        first_contact=done and not theirs and random.random() < _SHARE_TAKEN_AT_ONCE,
    )


def _resolved(random: Random, priority: int, at: datetime) -> datetime:
    """Return when it was resolved: mostly well within the promise, now and then a good deal later."""
    hours = random.expovariate(1 / _USUAL_HOURS[priority])
    if random.random() < _SHARE_LATE:
        hours = _LATE_HOURS[priority] * random.uniform(0.8, 1.6)
    return at + timedelta(hours=hours, minutes=31)


def _replied(random: Random, at: datetime, resolved_at: datetime) -> datetime:
    minutes = random.randrange(300, 2000) if random.random() < _SHARE_LATE else random.randrange(3, 55)
    return min(at + timedelta(minutes=minutes), resolved_at)


def _office(calendar: Calendar, at: datetime) -> datetime:
    """Return a moment in opening hours, not before this one."""
    return calendar.add(at, 60)


def _today(random: Random, company: Company, councils: Sequence[Council], now: datetime) -> None:
    """Log what came in since yesterday, and let the desk work on part of it through the pages' own actions."""
    calls = [
        _logged(random, company, council, now) for council in random.choices(councils, (3, 2, 1), k=TODAY)
    ]
    for call in calls[: TODAY // 3]:
        _worked_on(random, company, call, now)
    _a_wave(random, company, councils, now)


def _logged(random: Random, company: Company, council: Council, now: datetime) -> Call:
    told = random.choice(FAULTS)
    item = company.items.get(told.item)
    impact, urgency = {2: ("team", "no"), 3: ("one-person", "no"), 4: ("one-person", "yes")}[told.priority]
    caller = random.choice(company.callers[council.pk])
    by = viewer_for(caller.user, today=now.date())
    return log_call(
        by=by,
        council=council,
        kind="incident",
        answers={
            "summary": told.summary,
            "detail": told.detail,
            "category": told.category,
            "impact": impact,
            "urgency": urgency,
        },
        now=now - timedelta(minutes=random.randrange(4, 60 * 20)),
        submission=f"demo-{random.randrange(2**40)}",
        requester_id=caller.user_id,
        item_id=item.pk if item else None,
    )


def _worked_on(random: Random, company: Company, call: Call, now: datetime) -> None:
    """Let an analyst take a call and do what analysts do next."""
    by = viewer_for(random.choice(company.analysts).user, today=now.date())
    at = min(call.logged_at + timedelta(minutes=random.randrange(3, 40)), now)
    if call.team_id != company.desk.pk:
        return
    working.take(by=by, call_id=call.pk, expected=None, now=at)
    working.reply(by=by, call_id=call.pk, text=random.choice(REPLIES), now=at)
    match random.randrange(4):
        case 0:
            working.ask_user(
                by=by,
                call_id=call.pk,
                question="Which office are you in, and is anybody else hit?",
                expected=None,
                now=at,
            )
        case 1:
            working.assign(
                by=by,
                call_id=call.pk,
                team_id=company.platforms.pk,
                person_id=None,
                why="It needs somebody who can see the server.",
                expected=None,
                now=at,
            )
        case 2:
            working.resolve(by=by, call_id=call.pk, fix="Showed them how.", expected=None, now=now)
        case _:
            working.accept(by=by, call_id=call.pk, expected=None, now=at)


def _a_wave(random: Random, company: Company, councils: Sequence[Council], now: datetime) -> None:
    """Let five people report the same, so that there is something to put together."""
    by = viewer_for(company.analysts[0].user, today=now.date())
    told = next(each for each in FAULTS if each.item == "wireless")
    item = company.items.get(told.item)
    calls = []
    for number, council in enumerate((*councils, *councils[:2])):
        caller = random.choice(company.callers[council.pk])
        calls.append(
            log_call(
                by=by,
                council=council,
                kind="incident",
                answers={
                    "summary": "Wireless in the meeting rooms drops",
                    "detail": told.detail,
                    "category": "network",
                    "impact": "team",
                    "urgency": "partly",
                },
                now=now - timedelta(minutes=50 - number * 7),
                submission=f"demo-wave-{number}",
                channel="phone",
                requester_id=caller.user_id,
                item_id=item.pk if item else None,
            )
        )
    for call in calls[1:3]:
        joining.put_under(by=by, call_id=call.pk, parent_id=calls[0].pk, now=now)
