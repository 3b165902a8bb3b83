"""The request catalogue: what is offered, and asking for it."""

from collections.abc import Collection
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from moothall.councils import gate
from moothall.councils.models import Council, Staff, Team
from moothall.councils.rules import Viewer
from moothall.journal import actions as journal
from moothall.plain.errors import Invalid, Refused
from moothall.process import actions as process
from moothall.process.hooks import Change
from moothall.servicedesk.actions import telling
from moothall.servicedesk.actions.calls import log_call
from moothall.servicedesk.actions.routing_to import again, state_of
from moothall.servicedesk.models import AskedFor, Call, CatalogueItem, Follower
from moothall.servicedesk.models.calls import Channel, Kind, State
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries import catalogue as queries
from moothall.servicedesk.queries.colleagues import colleague
from moothall.servicedesk.rules import articles as naming
from moothall.servicedesk.rules import catalogue as rules
from moothall.servicedesk.rules import kinds
from moothall.servicedesk.rules.catalogue import NotAnApprover, OwnApproval

_NAMED = "The user named them as the one who approves it."


@dataclass(frozen=True, slots=True)
class Offer:
    """What is offered, as whoever sets it up writes it. No council means all of them."""

    title: str
    description: str
    category: str
    ask: str = ""
    approval: str = CatalogueItem.Approval.NONE
    team_id: int | None = None
    item_id: int | None = None
    price_pence: int = 0
    council_ids: Collection[int] = field(default=())
    offered: bool = True
    standard_change: bool = False


_PLAIN = (
    "title", "description", "category", "ask", "approval", "team_id", "item_id", "price_pence", "offered",
    "standard_change",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Asking:
    item: CatalogueItem
    approver: Staff | None


_asking: ContextVar[_Asking | None] = ContextVar("asking_for", default=None)


@transaction.atomic
def offer(*, by: Viewer, what: Offer, now: datetime, key: str = "") -> CatalogueItem:
    """Offer something new, or change what is offered under a key. Requests that were made keep their terms."""
    _allow(by, what.council_ids)
    item = queries.item_to_keep(by, key) if key else CatalogueItem()
    _check_team(what)
    for name in _PLAIN:
        setattr(item, name, getattr(what, name))
    if not key:
        item.key = naming.key_of(what.title, CatalogueItem.objects.values_list("key", flat=True))
    item.save()
    item.councils.set(what.council_ids)
    journal.write(
        by=by.actor,
        what="servicedesk.catalogue_changed" if key else "servicedesk.catalogue_offered",
        about=f"catalogue:{item.pk}",
        council_id=None,
        now=now,
        facts={"key": item.key, "approval": item.approval, "offered": item.offered},
    )
    return item


@transaction.atomic
def ask_for(
    *,
    by: Viewer,
    key: str,
    detail: str,
    urgency: str,
    submission: str,
    now: datetime,
    approver_id: int | None = None,
    council: Council | None = None,
    requester_id: int | None = None,
    for_staff_id: int | None = None,
    channel: str = Channel.PORTAL,
) -> Call:
    """Ask for something from the catalogue: for oneself, on behalf of a colleague, or (with the permission) for others.

    `for_staff_id` is the colleague whom it is for: the call is theirs, at their council, approved by whoever approves
    there; they are told, and whoever asked follows it and has it among their own calls too. Where the desk logs it
    (another `channel`, or another council), it is the user's alone. The same submission twice is one request. Whoever
    is named gets the approval; else any of those who may: never whoever asks, nor whom it is for.
    """
    whom = colleague(by, for_staff_id, now) if for_staff_id is not None else None
    if whom is not None and whom.user_id != by.actor.user_id:
        council, requester_id = whom.council, whom.user_id
    at = council or Council.objects.get(pk=by.council_id or 0)
    asks = requester_id if requester_id is not None or council is not None else by.actor.user_id
    on_behalf = channel == Channel.PORTAL and asks not in {None, by.actor.user_id} and at.pk == by.council_id
    item = queries.offered_item(by, key, at.pk)
    approver = _approver(item, at, approver_id, now, asks, by.actor.user_id)
    holding = _asking.set(_Asking(item, approver))
    try:
        call = log_call(
            by=by,
            council=at,
            kind=Kind.REQUEST,
            answers={
                "summary": item.title,
                "detail": detail.strip(),
                "category": item.category,
                "approval": item.approval,
                "urgency": urgency,
            },
            now=now,
            submission=submission,
            channel=channel,
            requester_id=asks,
            asked_by_id=by.actor.user_id if on_behalf else None,
            item_id=item.item_id,
        )
    finally:
        _asking.reset(holding)
    if approver is not None:
        _give_to(call, rules.STEPS[item.approval], approver, now)
    if on_behalf:
        _follows(call, now)
    kept = again(call)
    _ask_to_approve(kept, now)
    return kept


def _follows(call: Call, now: datetime) -> None:
    """Let whoever asked for somebody else hear of it as they do, and confirm it to them."""
    asker = call.asked_by
    if asker is None or not asker.email:
        return
    Follower.objects.get_or_create(
        call_id=call.pk,
        email=asker.email.lower()[:320],
        defaults={
            "council_id": call.council_id,
            "user_id": asker.pk,
            "name": asker.name[:150],
            "since": call.logged_at,
        },
    )
    telling.confirm_to_asker(call, now)


def _ask_to_approve(call: Call, now: datetime) -> None:
    """Ask whoever was named to approve a request, or else the address of the team that does, by a letter."""
    asked = AskedFor.objects.filter(call=call).select_related("approver__user").first()
    if asked is None or call.state != State.APPROVAL:
        return
    named, team = asked.approver, call.team
    if named is not None:
        to = telling.Addressee(named.user.email, named.user.name, own=False)
    else:
        to = telling.Addressee(team.email if team else "", "", own=False)
    telling.ask_to_approve(call, to, queries.terms_of(call.case_id), now)


def only_others_approve(change: Change) -> None:
    """Refuse a decision by the person whom a request is for. Of whoever asked, its process says so."""
    if change.case.definition.key != kinds.PROCESS[kinds.REQUEST] or change.by.user_id is None:
        return
    decided = any(each.kind == "done" and each.step in rules.STEPS.values() for each in change.happened)
    if decided and change.by.user_id == change.case.requester_id:
        raise OwnApproval


def record_asked(call: Call, now: datetime) -> None:
    """Keep what a request asks for, in the transaction in which it is logged."""
    del now  # the request knows when
    asking = _asking.get()
    if asking is not None and call.kind == Kind.REQUEST:
        AskedFor.objects.create(
            council_id=call.council_id,
            call_id=call.pk,
            catalogue_item=asking.item,
            approver=asking.approver,
            price_pence=asking.item.price_pence,
        )


def _approver(
    item: CatalogueItem, council: Council, staff_id: int | None, now: datetime, *but: int | None
) -> Staff | None:
    if staff_id is None or item.approval == CatalogueItem.Approval.NONE:
        return None
    may = queries.approvers_of(item, council.pk, timezone.localdate(now), *but)
    found = next((each for each in may if each.pk == staff_id), None)
    if found is None:
        named = Staff.objects.filter(pk=staff_id).select_related("user").first()
        raise NotAnApprover(name=named or "Whoever was named")
    return found


def _give_to(call: Call, step: str, approver: Staff, now: datetime) -> None:
    """Give an approval to the one who was named, unless somebody has it already."""
    case = state_of(call)
    run = next((each for each in case.open_steps() if each.key == step), None)
    if run is None or run.team_id is None or run.person_id is not None:
        return
    process.pass_on(
        by=Viewer.system(),
        case_id=case.id,
        step=step,
        expected=None,
        now=now,
        team_id=run.team_id,
        person_id=approver.pk,
        why=_NAMED,
    )


def _allow(by: Viewer, council_ids: Collection[int]) -> None:
    if not council_ids:
        gate.allow_anywhere(by, Can.SET_UP)
    elif not by.is_system and not set(council_ids) <= gate.councils(by, Can.SET_UP):
        raise Refused(act="set up the desk for one of these councils")


def _check_team(what: Offer) -> None:
    """Refuse a team that does not serve one of the councils: requests of theirs would go nowhere."""
    if what.team_id is None:
        return
    team = Team.objects.filter(pk=what.team_id).first()
    if team is None:
        raise Invalid({"team": ["Choose a team from the list."]})
    served = set(team.councils.values_list("id", flat=True))
    missing = Council.objects.filter(id__in=set(what.council_ids) - served).order_by("name").first()
    if missing is not None:
        raise Invalid({"team": [f"{team.name} does not serve {missing.name}. Choose another team."]})
