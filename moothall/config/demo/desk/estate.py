"""Recording the systems of the demonstration, and calls that suppliers have or had."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import cycle

from moothall.config.demo.cast import Cast
from moothall.config.demo.desk.systems import CONTRACTS, SYSTEMS, Contract
from moothall.councils.models import Staff, Team
from moothall.councils.queries import viewer_for
from moothall.councils.rules import Viewer
from moothall.estate import actions
from moothall.estate.models import Item, Supplier, SupportRoute
from moothall.servicedesk.actions import suppliers, working
from moothall.servicedesk.actions.calls import log_call
from moothall.servicedesk.models import Call

_SINCE = timedelta(days=380)
_PLANS = (("vm-cluster", "fernshire"), ("wide-area", "alderbridge"), ("revenues", "wenbury"))
_FAULTS = (
    ("care-records", "fernshire", "Care plans cannot be saved", "team", "no", 52, 7),
    ("wide-area", "alderbridge", "The library has no line", "team", "no", 44, 3),
    ("telephony", "wenbury", "No calls from outside come in", "team", "no", 37, 30),
    ("email", "fernshire", "Mail to one address comes back", "one-person", "no", 30, 20),
    ("revenues", "alderbridge", "The night batch stopped", "team", "partly", 25, 60),
    ("care-records", "alderbridge", "A form prints without its second page", "one-person", "no", 12, 90),
    ("printing", "wenbury", "The big printer is broken", "team", "yes", 3, None),
    ("telephony", "fernshire", "Voicemail is full and cannot be emptied", "one-person", "no", 4, None),
    ("care-records", "fernshire", "The app does not work on tablets", "team", "partly", 6, None),
)


def play(cast: Cast, now: datetime) -> None:
    """Record every system with who uses it and who helps, as it has been for a year."""
    began = now - _SINCE
    house = Viewer.system()
    teams = dict(Team.objects.values_list("code", "id"))
    suppliers_of = {
        name: actions.add_supplier(by=house, name=name, now=began)
        for name in sorted({each.supplier for each in SYSTEMS if each.supplier})
    }
    items: dict[str, Item] = {}
    for each in SYSTEMS:
        supplier = suppliers_of.get(each.supplier)
        items[each.code] = actions.add_item(
            by=house,
            code=each.code,
            name=each.name,
            kind=each.kind,
            tier=each.tier,
            team_id=teams.get(each.team),
            supplier_id=supplier.pk if supplier else None,
            now=began,
        )
        for on in each.needs:
            actions.add_dependency(by=house, item_id=items[each.code].pk, on_id=items[on].pk, now=began)
        _used(cast, items[each.code], each.users, began)
    for contract in CONTRACTS:
        _supported(cast, items[contract.item], suppliers_of[contract.supplier], contract, now)
    for code, council in _PLANS:
        _may_be_away(cast, items[code], council, now)


def _used(cast: Cast, item: Item, users: object, began: datetime) -> None:
    assert isinstance(users, dict)
    for code, number in users.items():
        actions.record_use(
            by=Viewer.system(),
            council_id=cast.councils[code].pk,
            item_id=item.pk,
            users=number,
            since=began.date(),
            now=began,
        )


def _supported(cast: Cast, item: Item, supplier: Supplier, contract: Contract, now: datetime) -> None:
    began = now - _SINCE
    notice = (now + timedelta(days=contract.notice_in_days)).date() if contract.notice_in_days else None
    (p1_answer, p1_mend), (p3_answer, p3_mend) = contract.p1, contract.p3
    for code in contract.councils:
        actions.add_route(
            by=Viewer.system(),
            council_id=cast.councils[code].pk,
            item_id=item.pk,
            supplier_id=supplier.pk,
            now=began,
            terms=actions.Terms(
                starts_on=began.date(),
                contract=f"{contract.item.upper()[:4]}-{began.year}",
                phone=contract.phone,
                email=f"help@{supplier.name.split(' ', maxsplit=1)[0].lower()}.example.org",
                say=contract.say,
                hours=contract.hours,
                targets={
                    "P1": {"respond": p1_answer, "resolve": p1_mend},
                    "P2": {"respond": p1_answer * 2, "resolve": p1_mend * 2},
                    "P3": {"respond": p3_answer, "resolve": p3_mend},
                    "P4": {"respond": p3_answer, "resolve": p3_mend * 2},
                },
                monthly_charge_pence=contract.charge,
                credit_basis_points=contract.credit,
                credit_limit_basis_points=contract.limit,
                notice_by=notice,
            ),
        )


def _may_be_away(cast: Cast, item: Item, council: str, now: datetime) -> None:
    """Agree on a Sunday morning of this month and the next, as far as they are to come."""
    sunday = (now + timedelta(days=6 - now.weekday())).replace(hour=6, minute=0, second=0, microsecond=0)
    for week in (0, 4):
        starts = sunday + timedelta(weeks=week)
        if starts > now:
            actions.plan_maintenance(
                by=Viewer.system(),
                council_id=cast.councils[council].pk,
                item_id=item.pk,
                starts_at=starts,
                ends_at=starts + timedelta(hours=4),
                reason="Patches of the month",
                now=now,
            )


def play_suppliers(cast: Cast, now: datetime) -> None:
    """Let suppliers have had calls, in time and too late, and let them have some now."""
    desk = Team.objects.get(code="service-desk")
    platforms = Team.objects.get(code="platforms")
    analysts = cycle([one for one in cast.teams[desk.pk] if one.job_title == "Service desk analyst"])
    engineers = cycle(cast.teams[platforms.pk])
    for number, (code, council, summary, impact, urgency, days, hours) in enumerate(_FAULTS):
        at = (now - timedelta(days=days)).replace(hour=9, minute=7 * number % 60, second=0, microsecond=0)
        by = viewer_for(next(analysts).user, today=now.date())
        caller = (
            Staff.objects.filter(council=cast.councils[council])
            .select_related("user")
            .order_by("id")[number % 5]
        )
        item = Item.objects.get(code=code)
        call = log_call(
            by=by,
            council=cast.councils[council],
            kind="incident",
            answers={
                "summary": summary,
                "detail": "It began this morning.",
                "category": "software",
                "impact": impact,
                "urgency": urgency,
            },
            now=at,
            submission=f"demo-supplier-{number}",
            channel="phone",
            requester_id=caller.user_id,
            item_id=item.pk,
        )
        engineer = viewer_for(next(engineers).user, today=now.date())
        who: Mapping[int | None, Viewer] = {desk.pk: by, platforms.pk: engineer}
        _passed(who, call, item, at, hours, now)


def _passed(
    who: Mapping[int | None, Viewer], call: Call, item: Item, at: datetime, hours: int | None, now: datetime
) -> None:
    """Let whoever has a call pass it to its supplier, and whoever has it then take it back and resolve it."""

    def holder() -> Viewer:
        return who[Call.objects.values_list("team_id", flat=True).get(pk=call.pk)]

    route = SupportRoute.objects.filter(council_id=call.council_id, item=item).order_by("id").first()
    if route is None:
        return
    reference = f"{route.supplier.name[:2].upper()}-{10_000 + call.pk}"
    passed_at = at + timedelta(minutes=25)
    suppliers.pass_to_supplier(
        by=holder(),
        call_id=call.pk,
        route_id=route.pk,
        their_reference=reference,
        expected=None,
        now=passed_at,
    )
    if hours is None:
        return
    suppliers.supplier_responded(
        by=holder(), call_id=call.pk, now=min(passed_at + timedelta(minutes=20), now)
    )
    back_at = min(passed_at + timedelta(hours=hours), now)
    suppliers.returned(
        by=holder(), call_id=call.pk, text="They mended it and tested it with us.", expected=None, now=back_at
    )
    working.resolve(
        by=holder(),
        call_id=call.pk,
        fix="The supplier mended it; it works again.",
        expected=None,
        now=back_at,
    )
