"""The pages of changes, the board and the estate: what their addresses name, what is sent and smuggled."""

from collections.abc import Callable, Mapping

from moothall.estate.models import Item, SupportRoute
from moothall.servicedesk.models import Call, Change, Freeze, Meeting, Observed
from moothall.workplace.desk_urls import changes
from tests.isolation.changed import number_of
from tests.isolation.world import OWN, Thing

_NOWHERE = 2**40 + 7
Fill = Callable[[Thing], object]


def _number(model: type[Change | Freeze | Observed | SupportRoute]) -> Fill:
    return lambda thing: number_of(model, thing.code) or _NOWHERE


def _change(thing: Thing) -> object:
    if thing.level:
        return thing.desk.call or f"ZZ-{thing.code}"  # what is kept apart at the desk is a call
    rows = Call.unscoped("a test").filter(council__code=thing.code, kind="change")
    return rows.values_list("reference", flat=True).first() or f"ZZ-{thing.code}"


def _meeting(thing: Thing) -> object:
    there = (
        Meeting.objects.filter(place="A room").values_list("pk", flat=True).first() if thing.exists else None
    )
    return there or _NOWHERE


_FILLED: Mapping[str, Fill] = {
    "reference": _change,
    "freeze": _number(Freeze),
    "observed": _number(Observed),
    "route": _number(SupportRoute),
    "meeting": _meeting,
    "code": lambda thing: thing.code,
    "item": lambda thing: f"item-{thing.code}",
}
FILLS: dict[str, Fill] = {
    f"workplace:{each.name}:{param}": _FILLED[param]
    for each in changes.PATTERNS
    for param in each.pattern.converters
}
OWNED = frozenset(each for each in FILLS if not each.endswith((":meeting",)))
"""Nearly all of it is one council's; a meeting of the board is the partnership's."""

QUERIES: Mapping[str, Callable[[Thing], list[dict[str, object]]]] = {
    "workplace:desk_changes": lambda thing: [
        {"show": "month", "month": "2030-07"}, {"show": "all"}, {"show": "live", "council": thing.council_id},
    ],
    "workplace:desk_observed": lambda _: [{"verdict": "harmless"}, {"after": 1}],
    "workplace:desk_estate": lambda thing: [{"words": f"zq{thing.code}"}, {"kind": "application"}],
    "workplace:desk_suppliers": lambda _: [{"month": "2026-11"}],
    "workplace:desk_change_new": lambda thing: [{"item": f"item-{thing.code}"}],
}  # fmt: skip


def _day(name: str, year: int = 2031) -> dict[str, object]:
    return {f"{name}_day": "2", f"{name}_month": "7", f"{name}_year": str(year)}


def _raised(thing: Thing) -> dict[str, object]:
    return {
        "council": thing.council_id, "kind": "normal", "what": "It flew", "reason": "It flew",
        "items": [f"item-{thing.code}"], "plan": "Fly", "tests": "Look", "backout": "Land", "rollback_tested": "yes",
        "done_before": "yes", "in_hours": "no", "service_away": "no", "start_time": "9pm", "end_time": "11pm",
        "submission": f"matrix-{thing.code}", **_day("start_day"),
    }  # fmt: skip


def _window(thing: Thing) -> dict[str, object]:
    return {
        "council": thing.council_id, "reason": "It flew", "start_time": "9pm", "end_time": "11pm",
        **_day("start_day"), **_day("end_day"),
    }  # fmt: skip


def _agenda(thing: Thing) -> dict[str, object]:
    return {"change": number_of(Change, thing.code), "note": "It flew"}


def _closed(thing: Thing) -> dict[str, object]:
    """What has not begun has no minutes yet, but can be called off."""
    return {"cancel": "yes"} if thing.code == OWN else {"minutes": "It flew"}


_ITEM: dict[str, object] = {"code": "nest", "name": "Nest", "kind": "server", "tier": "3", "status": "live"}
_ROUTE: dict[str, object] = {"hours": "office", **_day("starts_on", 2026)}


def _body(given: Mapping[str, object]) -> Callable[[Thing], dict[str, object]]:
    return lambda _: dict(given)


BODIES: Mapping[str, Callable[[Thing], dict[str, object]]] = {
    "workplace:desk_change_new": _raised,
    "workplace:desk_vote": _body({"choice": "for"}),
    "workplace:desk_freeze_new": _window,
    "workplace:desk_seat": lambda thing: {"holder": thing.staff, **_day("since")},
    "workplace:desk_seat_away": _body(_day("away_from")),
    "workplace:desk_meeting_new": _body({**_day("day"), "time": "2pm", "place": "A nest"}),
    "workplace:desk_meeting_item": _agenda,
    "workplace:desk_meeting_present": lambda thing: {"present": [thing.staff]},
    "workplace:desk_meeting_close": _closed,
    "workplace:desk_observed_file": lambda thing: {"council": thing.council_id, "source": "A nest"},
    "workplace:desk_observed_decide": _body({"decision": "harmless", "harmless-why": "It flew"}),
    "workplace:desk_observed_afterwards": lambda thing: {**_raised(thing), "why": "It flew"},
    "workplace:desk_item_new": _body(_ITEM),
    "workplace:desk_item_change": _body(_ITEM),
    "workplace:desk_item_need": lambda thing: {"on": _item(thing)},
    "workplace:desk_item_drop": lambda thing: {"on": _item(thing)},
    "workplace:desk_item_use": lambda thing: {
        "council": thing.council_id, "users": "3", "hours": "office", **_day("since"),
    },
    "workplace:desk_item_away": _window,
    "workplace:desk_item_route": lambda thing: {"council": thing.council_id, "supplier": "1", **_ROUTE},
    "workplace:desk_route": _body(_ROUTE),
}  # fmt: skip
SENT_EMPTY = frozenset({"workplace:desk_freeze_lift", "workplace:desk_meeting_fill"})


def _item(thing: Thing) -> int:
    return Item.objects.filter(code=f"item-{thing.code}").values_list("pk", flat=True).first() or _NOWHERE


def _smuggled(make: Callable[[Thing], dict[str, object]]) -> Callable[[Thing, Thing], dict[str, object]]:
    """Put the things of another council into a form of one's own."""
    return lambda own, other: {**make(own), **make(other)}


SMUGGLED: Mapping[str, Callable[[Thing, Thing], dict[str, object]]] = {
    name: _smuggled(BODIES[name])
    for name in (
        "workplace:desk_change_new",
        "workplace:desk_freeze_new",
        "workplace:desk_seat",
        "workplace:desk_meeting_item",
        "workplace:desk_observed_file",
        "workplace:desk_observed_afterwards",
        "workplace:desk_item_need",
        "workplace:desk_item_use",
        "workplace:desk_item_away",
        "workplace:desk_item_route",
    )
}
