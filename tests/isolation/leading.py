"""The pages of major incidents, outages and reviews: what their addresses name, what is sent and smuggled."""

from collections.abc import Callable, Mapping
from typing import Any

from moothall.councils.models import Staff
from moothall.servicedesk.models import CallOut, LessonAction, Major, Outage, RoomEntry
from moothall.workplace.desk_urls import majors
from tests.isolation.world import Thing

_NOWHERE = 2**40 + 7
_WHY = "the isolation matrix looks for its own things"
Fill = Callable[[Thing], object]


def _of(thing: Thing, state: str) -> str:
    rows = Major.unscoped(_WHY).filter(council__code=thing.code, state=state)
    apart = {"call__reference": thing.desk.call or "-"} if thing.level else {"call__circle": ""}
    rows = rows.filter(**apart)
    return rows.values_list("case__reference", flat=True).first() or f"ZZ-{thing.code}"


def _number(model: Any) -> Fill:
    return lambda thing: (
        model.unscoped(_WHY).filter(council__code=thing.code).values_list("pk", flat=True).first() or _NOWHERE
    )


def _hit_from_elsewhere(thing: Thing) -> int:
    """Return the major incident of another council that hit this one."""
    rows = Outage.unscoped(_WHY).filter(council__code=thing.code).exclude(major=None)
    found: int | None = (
        rows.exclude(major__council__code=thing.code).values_list("major_id", flat=True).first()
    )
    return _NOWHERE if found is None or thing.level else found


_NUMBERS: Mapping[str, Fill] = {
    "desk_major_elsewhere": _hit_from_elsewhere,
    "desk_major_correct": _number(RoomEntry),
    "desk_major_answered": _number(CallOut),
    "desk_major_back": lambda thing: thing.desk.outage or _NOWHERE,
    "desk_major_action": _number(LessonAction),
    "desk_outage": lambda thing: thing.desk.outage or _NOWHERE,
    "desk_outage_say": lambda thing: thing.desk.outage or _NOWHERE,
    "desk_outage_end": lambda thing: thing.desk.outage or _NOWHERE,
}
FILLS: dict[str, Fill] = {
    **{
        f"workplace:{each.name}:reference": lambda thing: _of(thing, "open")
        for each in majors.PATTERNS
        if "reference" in each.pattern.converters
    },
    **{f"workplace:{name}:number": fill for name, fill in _NUMBERS.items()},
    "portal:report:report": lambda thing: _of(thing, "closed"),
    **dict.fromkeys(
        ("workplace:desk_major_publish:reference", "workplace:desk_major_public_keep:reference"),
        lambda thing: _of(thing, "closed"),
    ),
}
QUERIES: Mapping[str, Callable[[Thing], list[dict[str, object]]]] = {
    "workplace:desk_majors": lambda _: [{"before": "2040-01-01T00:00:00+00:00_9"}],
    "workplace:desk_outages": lambda _: [{"before": "2040-01-01T00:00:00+00:00_9"}],
    "workplace:desk_major_away": lambda thing: [{"council": thing.council_id}],
}


def _body(**given: object) -> Callable[[Thing], dict[str, object]]:
    return lambda _: given


def _owner(thing: Thing) -> int:
    rows = Staff.objects.filter(council__code=thing.code, memberships__team__function="major-incident")
    return rows.values_list("pk", flat=True).first() or _NOWHERE


def _away(thing: Thing) -> dict[str, object]:
    return {"council": thing.council_id, "item": "1", "started_at": "", "users": "3", "public": "It flew"}


_SENT: Mapping[str, Callable[[Thing], dict[str, object]]] = {
    "major_write": _body(kind="fact", at="", text="It flew"),
    "major_correct": _body(at="", text="It did not fly"),
    "major_lead": lambda thing: {"manager": thing.staff, "bridge": "A nest", "every_minutes": "30"},
    "major_call": lambda thing: {"staff": thing.staff, "name": "", "role": ""},
    "major_tell": lambda thing: {"councils": [thing.council_id], "text": "It flew"},
    "major_away": _away,
    "major_back": _body(never=""),
    "major_restore": _body(fix="It is back", at=""),
    "major_stand_down": _body(why="A sparrow"),
    "major_again": _body(why="Two sparrows"),
    "major_report_keep": _body(summary="It flew", cause="unknown", cause_owner="shared"),
    "major_vote": _body(choice="for", text=""),
    "major_add_action": lambda thing: {
        "text": "Close the cage", "owner": _owner(thing),
        "due_on_day": "4", "due_on_month": "1", "due_on_year": "2027",
    },
    "major_action": _body(how="done", text="It is closed"),
    "major_public_keep": _body(text="It flew"),
    "major_publish": _body(sure="on"),
    "outage_new": _away,
    "outage_plan": lambda thing: {
        **_away(thing), "day_day": "4", "day_month": "1", "day_year": "2031", "begins": "6pm", "ends": "8pm",
        "reason": "New bars",
    },
    "outage_say": _body(users="2", public="Soon"),
}  # fmt: skip
BODIES: Mapping[str, Callable[[Thing], dict[str, object]]] = {
    f"workplace:desk_{name}": make for name, make in _SENT.items()
}
SENT_EMPTY = frozenset(
    {"workplace:desk_major_answered", "workplace:desk_major_take_back", "workplace:desk_outage_end"}
)
SMUGGLED: Mapping[str, Callable[[Thing, Thing], dict[str, object]]] = {
    "workplace:desk_major_lead": lambda own, other: {**_SENT["major_lead"](own), "manager": other.staff},
    "workplace:desk_major_call": lambda _, other: {"staff": other.staff, "name": "", "role": ""},
    "workplace:desk_major_tell": lambda _, other: {"councils": [other.council_id], "text": "It flew"},
    "workplace:desk_major_away": lambda _, other: _away(other),
    "workplace:desk_major_add_action": lambda _, other: _SENT["major_add_action"](other),
    "workplace:desk_outage_new": lambda _, other: _away(other),
    "workplace:desk_outage_plan": lambda _, other: _SENT["outage_plan"](other),
}
