"""The performance pack and what users say, with canaries of each council; what their addresses name, ask and send."""

from collections.abc import Callable, Mapping

from moothall.councils import scope
from moothall.servicedesk.models import Survey
from tests.isolation.published import FIGURE, token_of
from tests.isolation.world import Thing

_NOWHERE = 2**40 + 7
_PUBLISHED, _DRAFT = "2026-09", "2026-08"
_ACTS = ("work_out", "publish", "sign", "comment")
Fill = Callable[[Thing], object]


def _survey(thing: Thing) -> object:
    with scope.everything("the isolation matrix looks a number up"):
        rows = Survey.objects.filter(council__code=thing.code)
        return rows.values_list("pk", flat=True).first() or _NOWHERE


_PAGES = (
    "desk_pack",
    "desk_pack_calls",
    "desk_pack_file",
    "desk_pack_compare",
    "desk_pack_council",
    "desk_pack_council_calls",
    "desk_pack_council_file",
)
FILLS: Mapping[str, Fill] = {
    **{f"workplace:{name}:month": lambda _: _PUBLISHED for name in _PAGES},
    **{f"workplace:desk_pack_{name}:month": lambda _: _DRAFT for name in _ACTS},
    "workplace:desk_pack_file:ending": lambda _: "csv",
    "workplace:desk_pack_council_file:ending": lambda _: "csv",
    "workplace:desk_satisfaction_read:number": _survey,
    "portal:rate:token": lambda thing: token_of(thing.code),
}
OWNED = frozenset(
    f"workplace:desk_pack_{name}:code"
    for name in ("council", "council_calls", "council_file", "sign", "comment")
)
QUERIES: Mapping[str, Callable[[Thing], list[dict[str, object]]]] = {
    "workplace:desk_pack_calls": lambda _: [{"figure": FIGURE}, {"figure": "logged", "slice": "incident"}],
    "workplace:desk_pack_council_calls": lambda _: [{"figure": FIGURE}, {"figure": FIGURE, "part": "rest"}],
    "workplace:desk_pack_comment": lambda _: [{"figure": FIGURE}],
    "workplace:desk_satisfaction": lambda thing: [{"team": thing.team}, {"team": 0}],
}  # fmt: skip
_DAY: dict[str, object] = {
    "in_force_from_day": "1", "in_force_from_month": "7", "in_force_from_year": "2026",
}  # fmt: skip
BODIES: Mapping[str, Callable[[Thing], dict[str, object]]] = {
    "workplace:desk_pack_publish": lambda _: {"why": "They meet"},
    "workplace:desk_pack_comment": lambda _: {"figure": FIGURE, "text": "It flew"},
    "workplace:desk_pack_levels": lambda _: {"figure": FIGURE, "level": "council"},
    "workplace:desk_pack_users": lambda thing: (
        _DAY | {"council": thing.code, "users": "12", "source": "A list"}
    ),
    "workplace:desk_benchmarks": lambda _: (
        _DAY | {"figure": FIGURE, "label": "A mark", "value": "90", "source": "A book", "year": "2025"}
    ),
    "portal:rate": lambda _: {"recommend": "7", "content": "4", "words": "Well"},
}
SENT_EMPTY = frozenset(
    f"workplace:desk_{name}" for name in ("pack_work_out", "pack_compare", "pack_sign", "satisfaction_read")
)
SMUGGLED: Mapping[str, Callable[[Thing, Thing], dict[str, object]]] = {
    "workplace:desk_pack_users": lambda _, other: (
        _DAY | {"council": other.code, "users": "12", "source": "A list"}
    ),
}
