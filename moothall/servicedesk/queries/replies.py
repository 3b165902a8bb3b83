"""Canned replies: which there are for somebody at a call, and how one reads when it is filled in."""

from collections.abc import Mapping

from django.db.models import QuerySet

from moothall.councils import gate
from moothall.councils.models import Team
from moothall.councils.rules import Viewer
from moothall.look import dates
from moothall.process.engine.state import NEVER
from moothall.servicedesk.models import Call, CannedReply
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries.teams import teams_to_set_up
from moothall.servicedesk.rules import replies as rules
from moothall.servicedesk.rules.replies import NoSuchReply


def replies_for(viewer: Viewer, call: Call) -> list[CannedReply]:
    """Return the replies of the viewer's teams and of the call's, what is used most often first."""
    if not gate.may(viewer, Can.WORK, call.council_id):
        return []
    teams = set(viewer.team_ids) | ({call.team_id} if call.team_id else set())
    reached = gate.narrow(viewer, Can.WORK, Team.objects.filter(pk__in=teams)).order_by().values("pk")
    rows = CannedReply.objects.filter(team_id__in=reached).select_related("team")
    return list(rows.order_by("-used", "title", "pk"))


def filled(reply: CannedReply, call: Call, viewer: Viewer) -> str:
    """Return the words of a reply, with what the call and the viewer say in their places."""
    return rules.filled(reply.text, _facts(call, viewer))


def _facts(call: Call, viewer: Viewer) -> Mapping[str, str]:
    return {
        "name": rules.first_name(call.caller_name),
        "reference": call.reference,
        "council": call.council.name,
        "agent": viewer.actor.name,
        "system": call.item.name if call.item is not None else "",
        "promise": dates.with_time(call.due_at) if call.due_at < NEVER else "",
    }


def to_keep(viewer: Viewer) -> "QuerySet[CannedReply]":
    """Return the replies that the viewer may change, team by team."""
    teams = teams_to_set_up(viewer, Can.WRITE_ARTICLES).order_by().values("pk")
    return (
        CannedReply.objects.filter(team__in=teams)
        .select_related("team")
        .order_by("team__name", "title", "pk")
    )


def reply_to_keep(viewer: Viewer, number: int) -> CannedReply:
    """Return one of these by its number."""
    found = to_keep(viewer).filter(pk=number).first()
    if found is None:
        raise NoSuchReply
    return found
