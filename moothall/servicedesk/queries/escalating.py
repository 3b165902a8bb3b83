"""The ladder of a call: who leads its team, the ICT managers, and who is second on call; and to whom it was raised."""

from collections.abc import Iterable
from datetime import datetime

from moothall.councils import gate
from moothall.councils.models import Membership, Staff
from moothall.councils.queries import team_serving
from moothall.councils.rules import Viewer
from moothall.look import dates
from moothall.servicedesk.models import Call, Escalation
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries.on_call import on_call
from moothall.servicedesk.queries.teams import members_of
from moothall.servicedesk.rules.escalating import LABELS, LEAD, MANAGER, SECOND, Person, Rung

MANAGERS = "ict-manager"
"""What process files call the team of ICT managers."""


def ladder(call: Call, now: datetime) -> list[Rung]:
    """Return the rungs to which a call may be raised, from the bottom up, with whoever stands there now."""
    rows = Escalation.objects.filter(call=call, way=Escalation.Way.HIERARCHIC).order_by("at")
    if call.reopened_at is not None:
        rows = rows.filter(at__gte=call.reopened_at)  # it goes up the ladder anew
    raised = dict(rows.values_list("to", "at"))
    people = {LEAD: _leads(call, now), MANAGER: _managers(call, now), SECOND: _second(call, now)}
    return [Rung(key, found, _raised(raised, key)) for key, found in people.items()]


def _raised(raised: dict[str, datetime], key: str) -> datetime | None:
    return next((at for to, at in raised.items() if to.startswith(LABELS[key])), None)


def raised(viewer: Viewer, call: Call) -> list[Escalation]:
    """Return how a call was raised, the latest first: to other teams, and to people with more say."""
    rows = gate.narrow(viewer, Can.SEE, Escalation.objects.filter(call=call))
    return list(rows.order_by("-at", "-pk"))


def _leads(call: Call, now: datetime) -> tuple[Person, ...]:
    if call.team_id is None:
        return ()
    today = now.astimezone(dates.LONDON).date()
    rows = Membership.objects.filter(Staff.here_on(today, "staff__"), team_id=call.team_id, leads=True)
    return _people(row.staff for row in rows.select_related("staff__user").order_by("pk"))


def _managers(call: Call, now: datetime) -> tuple[Person, ...]:
    team_id = team_serving(MANAGERS, call.council_id)
    return _people(members_of(team_id, now.astimezone(dates.LONDON).date())) if team_id else ()


def _second(call: Call, now: datetime) -> tuple[Person, ...]:
    shift = on_call(call.team_id, now) if call.team_id else None
    if shift is None or shift.second is None:
        return ()
    return _people([shift.second], shift.phone)


def _people(staff: Iterable[Staff], phone: str = "") -> tuple[Person, ...]:
    return tuple(Person(each.pk, str(each.user), each.user.email, phone) for each in staff)
