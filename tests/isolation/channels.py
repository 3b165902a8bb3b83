"""The pages and doors of the desk's channels: what their addresses name, and what is sent and smuggled."""

from collections.abc import Callable, Mapping

from moothall.councils import scope
from moothall.servicedesk.models import ApiKey, Feed, ImportRun
from tests.isolation.world import Thing

_NOWHERE = 2**40 + 7
Fill = Callable[[Thing], object]


def _number(model: type[ApiKey | Feed | ImportRun]) -> Fill:
    def look_up(thing: Thing) -> object:
        with scope.everything("the isolation matrix looks a number up"):
            rows = model.objects.filter(council__code=thing.code)
            return rows.values_list("pk", flat=True).first() or _NOWHERE

    return look_up


_KEYS = ("desk_key_end",)
_FEEDS = ("desk_feed", "desk_feed_rotate", "desk_feed_try", "desk_feed_end")
_RUNS = ("desk_import_run", "desk_import_start", "desk_import_drop")
FILLS: dict[str, Fill] = {
    **{f"workplace:{name}:key": _number(ApiKey) for name in _KEYS},
    **{f"workplace:{name}:feed": _number(Feed) for name in _FEEDS},
    **{f"workplace:{name}:run": _number(ImportRun) for name in _RUNS},
    "desk_machines:feed:key": lambda thing: f"feed-{thing.code}",
    "desk_machines:api_read:reference": lambda thing: thing.desk.call,
    "desk_machines:api_add:reference": lambda thing: thing.desk.call,
}
OWNED = frozenset(FILLS)

_KEY: dict[str, object] = {"name": "Bird table", "may": "read"}
_FEED: dict[str, object] = {"name": "Bird watch", "shape": "monitoring:plain"}
_FILE: dict[str, object] = {"source": "birds"}
_COLUMNS: dict[str, object] = {
    "column_summary": "Title", "column_logged_at": "Opened", "dates": "day first"
}  # fmt: skip


def _body(given: Mapping[str, object]) -> Callable[[Thing], dict[str, object]]:
    return lambda thing: {**given, "council": thing.council_id}


BODIES: Mapping[str, Callable[[Thing], dict[str, object]]] = {
    "workplace:desk_key_new": _body(_KEY),
    "workplace:desk_feed_new": _body(_FEED),
    "workplace:desk_import_new": _body(_FILE),
    "workplace:desk_import_run": _body(_COLUMNS),
    "desk_machines:feed": _body({"key": "unsigned"}),
    "desk_machines:api_log": _body({"summary": "It flew"}),
    "desk_machines:api_add": _body({"text": "It flew"}),
}
SENT_EMPTY = frozenset(
    f"workplace:{name}"
    for name in (
        *_KEYS,
        "desk_feed_rotate",
        "desk_feed_try",
        "desk_feed_end",
        "desk_import_start",
        "desk_import_drop",
    )
)


def _smuggled(given: Mapping[str, object]) -> Callable[[Thing, Thing], dict[str, object]]:
    """Put another council's number into a form of one's own."""
    return lambda _, other: {**given, "council": other.council_id}


SMUGGLED: Mapping[str, Callable[[Thing, Thing], dict[str, object]]] = {
    "workplace:desk_key_new": _smuggled(_KEY),
    "workplace:desk_feed_new": _smuggled(_FEED),
    "workplace:desk_import_new": _smuggled(_FILE),
}
