"""The pages that help the desk and set it up: what their addresses name, what is asked and sent, what is smuggled."""

from collections.abc import Callable, Mapping

from moothall.councils import scope
from moothall.servicedesk.models import AssignmentRule, CannedReply, Recurring, SavedFilter, Shift
from moothall.workplace.desk_urls import helping
from tests.isolation.world import Thing

_NOWHERE = 2**40 + 7
Fill = Callable[[Thing], object]


def _number(model: type[CannedReply | AssignmentRule | Shift | SavedFilter]) -> Fill:
    return lambda thing: (
        model.objects.filter(team__code=f"desk-{thing.code}").values_list("pk", flat=True).first() or _NOWHERE
    )


def _recurring(thing: Thing) -> object:
    with scope.everything("the isolation matrix looks a number up"):
        rows = Recurring.objects.filter(council__code=thing.code)
        return rows.values_list("pk", flat=True).first() or _NOWHERE


_FILLED: Mapping[str, Fill] = {
    "reply": _number(CannedReply),
    "rule": _number(AssignmentRule),
    "shift": _number(Shift),
    "saved": _number(SavedFilter),
    "team": lambda thing: thing.team if thing.exists else _NOWHERE,
    "number": _recurring,
    "reference": lambda thing: thing.desk.call,
    "version": lambda _: 1,
}
_KEYS: Mapping[str, Fill] = {
    "desk_catalogue_item": lambda thing: f"offer-{thing.code}",
    "desk_article": lambda thing: f"article-{thing.code}",
}
FILLS: dict[str, Fill] = {}
for _each in helping.PATTERNS:
    for _param in _each.pattern.converters:
        _name = str(_each.name)
        _fill = _FILLED.get(_param) or next(fill for key, fill in _KEYS.items() if _name.startswith(key))
        FILLS[f"workplace:{_name}:{_param}"] = _fill
OWNED = frozenset(FILLS)
"""All of it is one council's: that of its team, or the one that it is for."""

QUERIES: Mapping[str, Callable[[Thing], list[dict[str, object]]]] = {
    "workplace:desk_articles": lambda thing: [
        {"q": f"zq{thing.code}cal"}, {"tab": "waiting"}, {"tab": "due"}, {"tab": "retired"}
    ],
    "workplace:desk_article_new": lambda thing: [{"from": thing.desk.call}],
    "workplace:desk_rules_try": lambda thing: [
        {"council": thing.council_id, "kind": "incident", "channel": "phone", "priority": 1, "text": "It flew"}
    ],
    "workplace:desk_on_call": lambda thing: [{"team": thing.team}, {"team": thing.team, "week": "2026-11-23"}],
    "workplace:desk_filters": lambda thing: [{"tab": "all", "team": thing.team}],
}  # fmt: skip

_ARTICLE: dict[str, object] = {
    "title": "It flew", "body": "It flew.", "kind": "how-to", "audience": "users", "expected": "1"
}  # fmt: skip
_OFFER: dict[str, object] = {
    "title": "A cage", "description": "For one.", "category": "Birds", "approval": "none", "offered": "on"
}  # fmt: skip
_RULE: dict[str, object] = {"title": "It flew", "pick": "nobody", "at_most_priority": "0"}
_WORK: dict[str, object] = {"title": "Feed it", "schedule": "0 7 * * 1", "active": "on"}
_SHIFT: dict[str, object] = {
    "first_day_day": "2", "first_day_month": "7", "first_day_year": "2027", "starts": "9am",
    "last_day_day": "3", "last_day_month": "7", "last_day_year": "2027", "ends": "9am",
}  # fmt: skip
_ROTA: dict[str, object] = {"first_day": "2", "first_month": "7", "first_year": "2027", "weeks": "2"}


def _body(given: Mapping[str, object]) -> Callable[[Thing], dict[str, object]]:
    return lambda thing: {**given, "team": thing.team, "council": thing.council_id}


BODIES: Mapping[str, Callable[[Thing], dict[str, object]]] = {
    "workplace:desk_article_new": _body(_ARTICLE),
    "workplace:desk_article_change": _body(_ARTICLE),
    "workplace:desk_article_publish": _body({"expected": "1"}),
    "workplace:desk_article_reviewed": _body({"expected": "1"}),
    "workplace:desk_article_drop": _body({"expected": "1"}),
    "workplace:desk_article_vote": _body({"helped": "yes"}),
    "workplace:desk_reply_new": _body({"title": "Thanks", "text": "Thank you"}),
    "workplace:desk_reply": _body({"title": "Thanks", "text": "Thank you"}),
    "workplace:desk_catalogue_new": _body(_OFFER),
    "workplace:desk_catalogue_item": _body(_OFFER),
    "workplace:desk_rule_new": _body(_RULE),
    "workplace:desk_rule": _body(_RULE),
    "workplace:desk_rule_move": _body({"way": "up"}),
    "workplace:desk_shift_new": lambda thing: {**_SHIFT, "staff": thing.staff},
    "workplace:desk_shift": lambda thing: {**_SHIFT, "staff": thing.staff},
    "workplace:desk_shift_swap": _body({"other": "1"}),
    "workplace:desk_rota_new": lambda thing: {**_ROTA, "turn_1": thing.staff},
    "workplace:desk_recurring_new": _body(_WORK),
    "workplace:desk_recurring_one": _body(_WORK),
    "workplace:desk_filters": _body({"name": "Birds", "query": "words=bird"}),
    "workplace:desk_filter": _body({"name": "Birds"}),
    "workplace:desk_escalate": _body({"rung": "lead", "why": "It flew"}),
}
SENT_EMPTY = frozenset(
    f"workplace:{name}"
    for name in (
        "desk_article_retire",
        "desk_article_back",
        "desk_reply_delete",
        "desk_rule_delete",
        "desk_shift_delete",
        "desk_recurring_delete",
        "desk_filter_delete",
    )
)


def _smuggled(given: Mapping[str, object]) -> Callable[[Thing, Thing], dict[str, object]]:
    """Put another council's team, staff and number into a form of one's own."""
    return lambda _, other: {
        **given, "team": other.team, "council": other.council_id, "councils": [other.council_id], "staff": other.staff,
        "turn_1": other.staff,
    }  # fmt: skip


SMUGGLED: Mapping[str, Callable[[Thing, Thing], dict[str, object]]] = {
    "workplace:desk_article_new": _smuggled(_ARTICLE),
    "workplace:desk_article_change": _smuggled(_ARTICLE),
    "workplace:desk_reply_new": _smuggled({"title": "Thanks", "text": "Thank you"}),
    "workplace:desk_catalogue_new": _smuggled(_OFFER),
    "workplace:desk_catalogue_item": _smuggled(_OFFER),
    "workplace:desk_rule_new": _smuggled(_RULE),
    "workplace:desk_shift_new": _smuggled(_SHIFT),
    "workplace:desk_rota_new": _smuggled(_ROTA),
    "workplace:desk_recurring_new": _smuggled(_WORK),
    "workplace:desk_filters": _smuggled({"name": "Birds", "query": ""}),
}
