"""Canned replies: written for a team, counted when they are used."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from moothall.councils import gate
from moothall.councils.rules import Viewer
from moothall.journal import actions as journal
from moothall.plain.errors import Invalid
from moothall.servicedesk.models import CannedReply
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries import replies as queries
from moothall.servicedesk.queries.teams import team_to_set_up
from moothall.servicedesk.rules import replies as rules


@transaction.atomic
def write_reply(
    *, by: Viewer, team_id: int, title: str, text: str, now: datetime, reply_id: int | None = None
) -> CannedReply:
    """Keep a reply of a team: a new one, or another wording of one there is."""
    team = team_to_set_up(by, team_id, Can.WRITE_ARTICLES)
    if team is None:
        raise Invalid({"team": ["Choose a team that you may write replies for."]})
    reply = CannedReply() if reply_id is None else queries.reply_to_keep(by, reply_id)
    _check(text, title, team_id, reply)
    reply.team, reply.title, reply.text = team, title.strip(), text.strip()
    reply.changed_at, reply.changed_by = now, by.actor.name[:150]
    reply.save()
    _say(by, reply, "reply_written", now)
    return reply


@transaction.atomic
def delete_reply(*, by: Viewer, reply_id: int, now: datetime) -> None:
    """Delete a reply; what was sent with it stays sent."""
    reply = queries.reply_to_keep(by, reply_id)
    _say(by, reply, "reply_deleted", now)
    reply.delete()


def use(*, by: Viewer, reply_id: int) -> None:
    """Count that a reply was used, so that what is used most stands first."""
    gate.allow_anywhere(by, Can.WORK)
    if not CannedReply.objects.filter(pk=reply_id).update(used=F("used") + 1):
        raise rules.NoSuchReply


def _check(text: str, title: str, team_id: int, reply: CannedReply) -> None:
    wrong: dict[str, list[str]] = {}
    if unknown := rules.unknown(text):
        known = ", ".join(f"{{{each}}}" for each in rules.PLACEHOLDERS)
        wrong["text"] = [f"{' and '.join(unknown)} stands for nothing here. You can use {known}."]
    if CannedReply.objects.filter(team_id=team_id, title=title.strip()).exclude(pk=reply.pk).exists():
        wrong["title"] = ["This team has a reply of that name already. Choose another name."]
    if wrong:
        raise Invalid(wrong)


def _say(by: Viewer, reply: CannedReply, what: str, now: datetime) -> None:
    journal.write(
        by=by.actor,
        what=f"servicedesk.{what}",
        about=f"reply:{reply.pk}",
        council_id=reply.team.council_id,
        now=now,
    )
