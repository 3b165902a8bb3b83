"""A month of everything that the pack counts, in two councils, at random but always the same."""

from datetime import date, timedelta
from random import Random

from django.utils import timezone

from moothall.councils.models import Staff
from moothall.estate.models import Item, Supplier, SupportRoute, Use
from moothall.process.models import Link
from moothall.servicedesk.models import (
    Call,
    Change,
    Escalation,
    Headcount,
    LessonAction,
    Major,
    Observed,
    Outage,
    SupplierCall,
    Survey,
)
from tests.makers import make_staff
from tests.servicedesk.rows import Ground, add_clock, add_step, at, make_call, make_ground

_CHANNELS = ("portal", "phone", "email", "monitoring")


def work(number: int = 60, seed: int = 7) -> tuple[Ground, Ground]:
    """Fill October 2026, and a little of the months around it. Enter a scope before."""
    random = Random(seed)
    grounds = (make_ground(name="Ash Council"), make_ground(name="Elm Council"))
    for ground in grounds:
        staff = make_staff(council=ground.council)
        calls = [_call(random, ground) for _ in range(number)]
        _around(random, ground, staff, calls)
    return grounds


def _call(random: Random, ground: Ground) -> Call:
    logged = at(15, 8, month=9) + timedelta(minutes=random.randrange(60 * 24 * 50))
    resolved = (
        logged + timedelta(hours=random.choice([1, 3, 9, 30, 200, 700])) if random.random() < 0.8 else None
    )
    channel = random.choice(_CHANNELS)
    call = make_call(
        ground,
        logged,
        resolved=resolved,
        kind=random.choice(["incident", "incident", "request"]),
        priority=random.choice([1, 2, 3, 3, 4, 4]),
        channel=channel,
        automatic=channel == "monitoring",
        moves=random.choice([0, 0, 1, 3]),
        first_contact=random.choice([True, False, None]) if resolved else None,
        resolved_team=random.choice([ground.desk, ground.resolvers]) if resolved else None,
    )
    for key in ("response", "resolve"):
        met = random.random() < 0.8
        ended = resolved or None
        state = ("met" if met else "missed") if resolved else "running"
        late = None if met else logged + timedelta(hours=8)
        used = random.randrange(60, 90_000) if resolved else None
        add_clock(call, key, state=state, ended_at=ended, late_at=late, used_seconds=used)
    add_step(call, "triage", logged, None if random.random() < 0.1 else logged + timedelta(minutes=20))
    if random.random() < 0.2:
        Escalation.objects.create(
            council=ground.council,
            call=call,
            way=random.choice(Escalation.Way.values),
            at=logged,
            to="x",
            by="y",
        )
    return call


def _around(random: Random, ground: Ground, staff: Staff, calls: list[Call]) -> None:
    council = ground.council
    item = Item.objects.create(code=f"care-{council.code}", name="Care system", kind="application", tier=1)
    Use.objects.create(council=council, item=item, users=400, since=date(2026, 1, 1))
    Outage.objects.create(
        council=council, item=item, users=300, started_at=at(14, 9), ended_at=at(14, 11), by="Somebody"
    )
    Headcount.objects.create(
        council=council,
        in_force_from=date(2026, 1, 1),
        users=50,
        source="HR",
        set_at=timezone.now(),
        set_by="x",
    )
    _majors(ground, staff, item, [call for call in calls if call.priority == 1 and call.kind == "incident"])
    _changes(random, ground, staff, item, calls)
    _suppliers(random, ground, item, calls)
    for call in calls[:40]:
        answered = at(20) if random.random() < 0.7 else None
        Survey.objects.create(
            council=council,
            call=call,
            secret_sha256=f"{call.pk}",
            asked_at=at(19),
            answered_at=answered,
            recommend=random.randrange(11) if answered else None,
            content=random.randrange(1, 6) if answered else None,
        )


def _majors(ground: Ground, staff: Staff, item: Item, calls: list[Call]) -> None:
    for number, call in enumerate(calls[:6]):
        major = Major.objects.create(
            council=ground.council,
            call=call,
            case=make_call(ground, call.logged_at, kind="major", state="closed", open=False).case,
            title="Away",
            state=Major.State.REVIEW,
            opened_at=call.logged_at,
            cause=Major.Cause.SOFTWARE,
            cause_item=item,
            cause_owner=["shared", "supplier", ""][number % 3],
            report_due_at=at(12 + number),
            reported_at=at(13) if number % 2 else None,
        )
        for due in (date(2026, 10, 5), date(2026, 11, 5)):
            LessonAction.objects.create(
                council=ground.council,
                major=major,
                text="Do it",
                owner=staff,
                due_on=due,
                done_at=at(8) if number % 2 else None,
            )


def _changes(random: Random, ground: Ground, staff: Staff, item: Item, calls: list[Call]) -> None:
    for number in range(12):
        start = at(2 + number, 18)
        call = make_call(ground, start - timedelta(days=9), kind="change", state="closed", open=False)
        state = random.choice(["implemented", "implemented", "failed", "backed-out"])
        Change.objects.create(
            council=ground.council,
            call=call,
            type=random.choice(["standard", "normal", "emergency"]),
            state=state,
            complex=number % 2 == 0,
            author=staff,
            second=staff if number % 3 else None,
            starts_at=start,
            ends_at=start + timedelta(hours=2),
            decided_at=start - timedelta(days=2),
            began_at=start,
            finished_at=start + timedelta(hours=random.choice([1, 1, 3])),
        )
        if number % 3 == 0:
            Link.objects.create(
                council=ground.council,
                case=calls[number].case,
                other=call.case,
                kind="related",
                at=start,
                by="x",
            )
        Observed.objects.create(
            council=ground.council,
            source="netbox",
            key=f"{number}",
            at=start,
            item=item,
            item_name=item.name,
            what="changed",
            verdict=random.choice(Observed.Verdict.values),
        )


def _suppliers(random: Random, ground: Ground, item: Item, calls: list[Call]) -> None:
    supplier = Supplier.objects.create(name=f"Supplier of {ground.council.code}")
    route = SupportRoute.objects.create(
        council=ground.council,
        item=item,
        supplier=supplier,
        monthly_charge_pence=100_000,
        credit_basis_points=200,
        credit_limit_basis_points=500,
        starts_on=date(2026, 1, 1),
    )
    for call in calls[:15]:
        SupplierCall.objects.create(
            council=ground.council,
            call=call,
            route=route,
            hours="office",
            passed_at=call.logged_at,
            returned_at=call.logged_at + timedelta(hours=random.choice([1, 50])),
            met=random.choice([True, False, None]),
        )
