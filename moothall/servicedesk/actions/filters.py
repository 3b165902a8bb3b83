"""Saved filters: a view of the queue under a name, kept for oneself or shared with a team."""

from datetime import datetime

from django.db import transaction

from moothall.councils import gate
from moothall.councils.rules import Viewer
from moothall.journal import actions as journal
from moothall.plain.errors import Invalid
from moothall.servicedesk.models import SavedFilter
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries import filters as queries
from moothall.servicedesk.rules import filters as rules
from moothall.servicedesk.rules.filters import NotYourTeam, TooManyFilters


@transaction.atomic
def save_filter(
    *, by: Viewer, name: str, query: str, now: datetime, team_id: int | None = None
) -> SavedFilter:
    """Keep a view of the queue under a name; the same name again keeps the new view under it."""
    gate.allow_anywhere(by, Can.SEE)
    _check_team(by, team_id)
    called = " ".join(name.split())
    own = queries.own_filters(by)
    found = own.filter(name=called).first()
    if found is None:
        if own.count() >= rules.MOST:
            raise TooManyFilters(most=rules.MOST)
        found = SavedFilter(staff_id=by.staff_id or 0, name=called)
    found.query, found.team_id = rules.kept(query), team_id
    found.save()
    _say(by, found, "filter_saved", now)
    return found


@transaction.atomic
def change_filter(*, by: Viewer, number: int, name: str, team_id: int | None, now: datetime) -> SavedFilter:
    """Rename a filter of one's own, and share it with a team or keep it to oneself."""
    found = queries.own_filter(by, number)
    _check_team(by, team_id)
    called = " ".join(name.split())
    if queries.own_filters(by).filter(name=called).exclude(pk=number).exists():
        raise Invalid({"name": ["You have a filter of that name already. Choose another name."]})
    found.name, found.team_id = called, team_id
    found.save()
    _say(by, found, "filter_changed", now)
    return found


@transaction.atomic
def delete_filter(*, by: Viewer, number: int, now: datetime) -> None:
    """Delete a filter of one's own."""
    found = queries.own_filter(by, number)
    _say(by, found, "filter_deleted", now)
    found.delete()


def _check_team(by: Viewer, team_id: int | None) -> None:
    if team_id is not None and team_id not in {team.pk for team in queries.own_teams(by)}:
        raise NotYourTeam


def _say(by: Viewer, found: SavedFilter, what: str, now: datetime) -> None:
    journal.write(
        by=by.actor,
        what=f"servicedesk.{what}",
        about=f"filter:{found.pk}",
        council_id=None,
        now=now,
        facts={"team": found.team_id},
    )
