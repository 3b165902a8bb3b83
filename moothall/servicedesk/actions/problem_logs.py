"""Bringing in the problems of an event log, with the teams and the systems that they are about."""

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime

from moothall.councils import actions as councils
from moothall.councils.models import Council, Team
from moothall.councils.rules import Viewer
from moothall.estate.models import Item, Use
from moothall.process.replay.logs import Trace
from moothall.servicedesk.actions.importing import Brought, bring_in
from moothall.servicedesk.rules import kinds, states
from moothall.servicedesk.rules.importing import Row
from moothall.servicedesk.rules.logged_problems import Problem, problem_of

_NOT_A_LETTER = re.compile(r"[^a-z0-9]+")


def bring_problems(
    traces: Iterable[Trace],
    *,
    by: Viewer,
    council: Council,
    now: datetime,
    source: str,
    progress: Callable[[Brought], None] = lambda _brought: None,
) -> Brought:
    """Bring in the problems of a log: its support teams become teams, its products systems of the council."""
    problems = [problem_of(trace) for trace in traces]
    teams = {name: _team(by, council, name, now) for name in sorted({each.team for each in problems}) if name}
    since = min(each.logged_at for each in problems).date()
    items = {
        name: _item(council, name, since) for name in sorted({each.product for each in problems}) if name
    }
    rows = [_row(each, teams.get(each.team), items.get(each.product)) for each in problems]
    return bring_in(rows, by=by, council=council, now=now, source=source, progress=progress)


def _row(problem: Problem, team: Team | None, item: Item | None) -> Row:
    return Row(
        external=problem.name,
        kind=kinds.PROBLEM,
        state=states.CLOSED,
        summary=problem.summary,
        priority=problem.priority,
        item_id=item.pk if item else None,
        item_name=item.name if item else "",
        team_id=team.pk if team else None,
        team_name=team.name if team else "",
        user_name=problem.person,
        logged_at=problem.logged_at,
        taken_at=problem.took_at,
        resolved_at=problem.resolved_at,
        closed_at=problem.closed_at,
        moves=problem.moves,
    )


def _code(*words: str) -> str:
    return _NOT_A_LETTER.sub("-", " ".join(words).casefold()).strip("-")[:40]


def _team(by: Viewer, council: Council, name: str, now: datetime) -> Team:
    code = _code("line", council.code, name)
    found: Team | None = Team.objects.filter(code=code).first()
    return found or councils.add_team(
        by=by, council=council, code=code, name=name[:100], function=_code("line", name), now=now
    )


def _item(council: Council, name: str, since: date) -> Item:
    item, _ = Item.objects.get_or_create(
        code=_code(name), defaults={"name": name[:150], "kind": Item.Kind.APPLICATION}
    )
    Use.objects.get_or_create(council=council, item=item, defaults={"since": since})
    return item
