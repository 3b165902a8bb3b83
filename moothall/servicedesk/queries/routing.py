"""Assignment rules: in their order, and what they would do with a call."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from moothall.councils.models import Team
from moothall.councils.prepared import prepared
from moothall.councils.rules import Viewer
from moothall.process import store
from moothall.servicedesk.models import AssignmentRule, Call
from moothall.servicedesk.queries.teams import teams_to_set_up
from moothall.servicedesk.rules import routing as rules
from moothall.servicedesk.rules.routing import Facts, NoSuchRule, Rule

_WITH = ("team", "council", "item")


def rules_to_keep(viewer: Viewer) -> "QuerySet[AssignmentRule]":
    """Return the rules of teams that the viewer sets up, in the order in which they are asked."""
    teams = teams_to_set_up(viewer).order_by().values("pk")
    return AssignmentRule.objects.filter(team__in=teams).select_related(*_WITH).order_by("order", "pk")


def rule_to_keep(viewer: Viewer, number: int) -> AssignmentRule:
    """Return one of these by its number."""
    found = rules_to_keep(viewer).filter(pk=number).first()
    if found is None:
        raise NoSuchRule
    return found


def _facts_of(call: Call, *, words: bool) -> Facts:
    """Return what rules ask of a call; what was written in it is only read if some rule asks for words."""
    case = store.load(call.case_id) if words else None
    said = [str(case.data.get(key) or "") for key in ("summary", "detail")] if case is not None else []
    return Facts(
        council_id=call.council_id,
        kind=call.kind,
        item_id=call.item_id,
        category=call.category,
        channel=call.channel,
        text=" \n ".join([call.headline, *said]),
        priority=call.priority,
    )


@prepared
def _in_force() -> Any:
    return AssignmentRule.objects.filter(active=True).select_related("team")


def deciding(call: Call) -> AssignmentRule | None:
    """Return the rule that decides about a call: one question for the rules, one for their teams' councils."""
    rows = {row.pk: row for row in _in_force.all()}
    if not rows:
        return None
    facts = _facts_of(call, words=any(row.words for row in rows.values()))
    found = rules.deciding(_read(list(rows.values())), facts)
    return rows[found.number] if found is not None else None


def said(rule: AssignmentRule) -> str:
    """Return how it is said on a call that a rule sent it on."""
    return f"By the rule “{rule.title}”."


@dataclass(frozen=True, slots=True)
class Tried:
    """A rule, and why it would not decide about a call: nothing if it would, or if one before it does."""

    rule: AssignmentRule
    why_not: str
    decides: bool


def tried(viewer: Viewer, facts: Facts) -> list[Tried]:
    """Return what each rule that the viewer sets up would say to a call, in their order."""
    rows = list(rules_to_keep(viewer))
    reads = _read(rows)
    decided, found = False, []
    for row, read in zip(rows, reads, strict=True):
        why_not = rules.in_the_way(read, facts)
        found.append(Tried(row, why_not, decides=not why_not and not decided))
        decided = decided or not why_not
    return found


def _read(rows: Sequence[AssignmentRule]) -> list[Rule]:
    served: dict[int, set[int]] = {}
    through = Team.councils.through.objects.filter(team_id__in={row.team_id for row in rows})
    for team_id, council_id in through.values_list("team_id", "council_id"):
        served.setdefault(team_id, set()).add(council_id)
    return [
        Rule(
            number=row.pk,
            serves=frozenset(served.get(row.team_id, ())),
            council_id=row.council_id,
            kind=row.kind,
            item_id=row.item_id,
            category=row.category,
            channel=row.channel,
            words=rules.words_in(row.words),
            at_most_priority=row.at_most_priority,
            active=row.active,
        )
        for row in rows
    ]
