"""Assignment rules: kept in their order, and asked where each new call goes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Max
from django.utils import timezone
from django_tasks import task

from moothall.councils import gate
from moothall.councils.models import Council
from moothall.councils.queries import viewer_for
from moothall.councils.rules import Viewer
from moothall.journal import actions as journal
from moothall.journal.jobs import manner
from moothall.plain.errors import Invalid
from moothall.process.hooks import Change
from moothall.servicedesk.actions.routing_to import send_to, state_of
from moothall.servicedesk.hooks import Route
from moothall.servicedesk.models import AskedFor, AssignmentRule, Call, Turn
from moothall.servicedesk.models.calls import Kind, State
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries import routing as queries
from moothall.servicedesk.queries.on_call import on_call
from moothall.servicedesk.queries.teams import members_of, team_to_set_up
from moothall.servicedesk.rules import routing as rules
from moothall.servicedesk.rules.routing import Candidate, TeamElsewhere

_DELIVER = "deliver"
_REQUEST = "ict-request"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A rule as it is written. What is empty asks for nothing."""

    title: str
    team_id: int
    pick: str = AssignmentRule.Pick.NOBODY
    council_id: int | None = None
    item_id: int | None = None
    kind: str = ""
    category: str = ""
    channel: str = ""
    words: str = ""
    at_most_priority: int = 0
    active: bool = True


_NAMES = tuple(Wanted.__dataclass_fields__)


@transaction.atomic
def keep_rule(*, by: Viewer, wanted: Wanted, now: datetime, rule_id: int | None = None) -> AssignmentRule:
    """Keep a rule: a new one goes to the end of the order, a changed one stays where it is."""
    team = team_to_set_up(by, wanted.team_id)
    if team is None:
        raise Invalid({"team": ["Choose a team that you set up."]})
    if wanted.council_id is not None and not team.councils.filter(pk=wanted.council_id).exists():
        raise TeamElsewhere(team=team.name, council=Council.objects.get(pk=wanted.council_id).name)
    if rule_id is None:
        last = AssignmentRule.objects.aggregate(last=Max("order"))["last"] or 0
        rule = AssignmentRule(order=last + 10)
    else:
        rule = queries.rule_to_keep(by, rule_id)
    for name in _NAMES:
        setattr(rule, name, getattr(wanted, name))
    rule.save()
    _say(by, rule, "rule_kept", now)
    return rule


@transaction.atomic
def move_rule(*, by: Viewer, rule_id: int, up: bool, now: datetime) -> AssignmentRule:
    """Move a rule one place up or down among those that the viewer sets up."""
    rule = queries.rule_to_keep(by, rule_id)
    mine = list(queries.rules_to_keep(by).select_for_update(of=("self",)))
    numbers = [each.pk for each in mine]
    order = rules.moved(numbers, rule.pk, -1 if up else 1)
    if order == numbers:
        return rule
    # the places stay those of these rules, so that what others set up keeps its own
    places = sorted(each.order for each in mine)
    if len(set(places)) < len(places):
        places = list(rules.places(numbers).values())
    for place, number in zip(places, order, strict=True):
        AssignmentRule.objects.filter(pk=number).exclude(order=place).update(order=place)
    _say(by, rule, "rule_moved", now)
    return rule


@transaction.atomic
def delete_rule(*, by: Viewer, rule_id: int, now: datetime) -> None:
    """Delete a rule; calls that it sent on stay where they are."""
    rule = queries.rule_to_keep(by, rule_id)
    _say(by, rule, "rule_deleted", now)
    rule.delete()


def find_route(call: Call, now: datetime) -> Route | None:
    """Return where a call goes: to the team of what is asked for, or where the first rule says that holds.

    A request that somebody has to approve goes nowhere before that.
    """
    if call.state == State.APPROVAL:
        return None
    if (asked := _asked(call)) is not None:
        return asked
    rule = queries.deciding(call)
    if rule is None:
        return None
    person = pick(rule, call.council_id, now)
    AssignmentRule.objects.filter(pk=rule.pk).update(used=F("used") + 1)
    if person is not None:
        Turn.objects.update_or_create(team_id=rule.team_id, staff_id=person, defaults={"last_at": now})
    return Route(rule.team_id, person, queries.said(rule))


def pick(rule: AssignmentRule, council_id: int, now: datetime) -> int | None:
    """Return whom a rule gives a call to; None leaves it to the team.

    Never somebody who has left, is not in the team, or may not work on calls of that council.
    """
    today = timezone.localdate(now)
    staff = {each.pk: each for each in members_of(rule.team_id, today)}
    if rule.pick == AssignmentRule.Pick.ON_CALL:
        shift = on_call(rule.team_id, now)
        in_order = [each for each in (shift.staff_id, shift.second_id) if each] if shift else []
    elif rule.pick == AssignmentRule.Pick.IN_TURN:
        in_order = rules.in_turn(_candidates(rule.team_id, list(staff)))
    else:
        return None
    for number in in_order:
        if number in staff:
            viewer = viewer_for(staff[number].user, today=today)
            if gate.may(viewer, Can.WORK, council_id):
                return number
    return None


def _candidates(team_id: int, staff_ids: Sequence[int]) -> list[Candidate]:
    last = dict(Turn.objects.select_for_update().filter(team_id=team_id).values_list("staff_id", "last_at"))
    rows = Call.objects.filter(open=True, person_id__in=staff_ids).order_by().values("person_id")
    held = {each["person_id"]: each["number"] for each in rows.annotate(number=Count("id"))}
    return [Candidate(number, held.get(number, 0), last.get(number)) for number in staff_ids]


def _asked(call: Call) -> Route | None:
    """Return the team of what a request asks for, if it serves the council."""
    if call.kind != Kind.REQUEST:
        return None
    asked = AskedFor.objects.filter(call=call).select_related("catalogue_item__team").first()
    team = asked.catalogue_item.team if asked is not None else None
    if asked is None or team is None or not team.councils.filter(pk=call.council_id).exists():
        return None
    return Route(team.pk, None, f"“{asked.catalogue_item.title}” of the catalogue is theirs.")


def approved(change: Change) -> None:
    """Watch for requests that were approved: in a moment they go to the team that delivers them."""
    if change.case.definition.key != _REQUEST or not _was_just_approved(change):
        return
    journal.post(
        task=send_approved,
        key=f"approved:{change.case.id}",
        args={"case_id": change.case.id},
        council_id=change.case.council_id,
        now=change.now,
    )


def _was_just_approved(change: Change) -> bool:
    finished = any(each.step.startswith("approve_") for each in change.happened if each.kind == "done")
    return finished and any(run.key == _DELIVER for run in change.case.open_steps())


@task()
@manner(together=True)
def send_approved(*, case_id: int) -> str:
    """Send a request that was approved to where it is delivered, unless somebody was faster; say what became of it."""
    now = timezone.now()
    call: Call | None = Call.objects.filter(case_id=case_id).first()
    if call is None or call.state != State.NEW:
        return "gone on"
    run = next((each for each in state_of(call).open_steps() if each.key == _DELIVER), None)
    if run is None or run.person_id is not None:
        return "gone on"
    route = find_route(call, now)
    if route is None:
        return "no rule"
    send_to(call=call, team_id=route.team_id, person_id=route.person_id, why=route.rule, now=now)
    return "sent"


def _say(by: Viewer, rule: AssignmentRule, what: str, now: datetime, **facts: Any) -> None:
    journal.write(
        by=by.actor,
        what=f"servicedesk.{what}",
        about=f"rule:{rule.pk}",
        council_id=rule.team.council_id,
        now=now,
        facts=facts,
    )
