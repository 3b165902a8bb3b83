"""What a change touches, and how its impact and risk follow from that; the answers that its case pulls from here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from moothall.councils.models import Council
from moothall.estate import queries as estate
from moothall.estate.models import Item
from moothall.look import dates
from moothall.process.engine.state import CaseState, Pulled
from moothall.servicedesk.rules import risk as rules
from moothall.servicedesk.rules.changes import PROCESS
from moothall.servicedesk.rules.risk import Judged, Told, Touched

_ANSWERS = ("rollback_tested", "done_before", "in_hours", "service_away")
_PARTS = frozenset({"impact", "risk", "complex", "because", "councils"})
_MOST = 20
_WHERE = "the systems that it touches"


@dataclass(frozen=True, slots=True)
class Reach:
    """What a change touches: its items, all that stands on them, and the councils whose people use any of that."""

    items: tuple[Item, ...]
    needing: frozenset[int]
    users: Mapping[int, int]
    touched: Touched

    @property
    def councils(self) -> frozenset[int]:
        return frozenset(self.users)


def reach(items: Iterable[Item], council_id: int, on: date) -> Reach:
    """Return what a change of a council touches. That council is touched in any case: it is its change."""
    found = tuple(items)
    ids = {each.pk for each in found}
    needing = estate.needing(ids)
    users = {council_id: 0} | estate.used_by(ids, on)
    tiers = Item.objects.filter(id__in=sorted(needing)).values_list("tier", flat=True)
    touched = Touched(
        items=len(found),
        tier=min(tiers, default=Item.Tier.MINOR),
        users=sum(users.values()),
        councils=len(users),
        dependents=len(needing - ids),
    )
    return Reach(found, needing, users, touched)


def told(data: Mapping[str, Any]) -> Told:
    """Return what the author of a change said of it."""
    return Told(**{key: data.get(key) for key in _ANSWERS})


def judged(
    items: Iterable[Item], council_id: int, answers: Mapping[str, Any], on: date
) -> tuple[Judged, Reach]:
    """Return impact and risk of a change with these items and answers, and what it touches."""
    found = reach(items, council_id, on)
    return rules.judge(found.touched, told(answers)), found


def items_named(codes: object) -> list[Item]:
    """Return the items with these codes, as a case has them."""
    wanted = [str(each).strip().lower() for each in codes] if isinstance(codes, list) else []
    return list(Item.objects.filter(code__in=wanted).order_by("tier", "code"))


def looked_up(case: CaseState, answer: Any, part: str) -> Pulled | None:
    """Return what the case of a change pulls from its systems: impact, risk, why, and the councils that it touches.

    Found out while the change is being raised. After that it stays as it was approved, whatever becomes of the estate:
    the seats of a vote do not change while it goes on.
    """
    if case.definition.key != PROCESS or part not in _PARTS:
        return None
    raised = case.steps.get("raise")
    if raised is not None and raised.state == "done":
        kept = case.data.get(part)
        return None if kept is None else Pulled(kept, _WHERE, raised.done_at)
    starts = moment_in(case.data, "starts") or case.opened_at
    on = starts.astimezone(dates.LONDON).date()
    found, reached = judged(items_named(answer), case.council_id, case.data, on)
    values: Mapping[str, Any] = {
        "impact": rules.KEYS[found.impact],
        "risk": rules.KEYS[found.risk],
        "complex": found.complex,
        "because": found.reasons[:_MOST] or ["Little depends on it, and little can go wrong."],
        "councils": codes_of(reached.councils),
    }
    return Pulled(values[part], _WHERE)


def moment_in(data: Mapping[str, Any], key: str) -> datetime | None:
    """Return a moment among the answers of a case."""
    written = data.get(key)
    return datetime.fromisoformat(written) if isinstance(written, str) and written else None


def codes_of(council_ids: Iterable[int]) -> list[str]:
    """Return the codes of councils, in their order."""
    return sorted(Council.objects.filter(id__in=list(council_ids)).values_list("code", flat=True))
