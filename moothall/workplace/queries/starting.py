"""The work that staff may start, council by council, and what they know of themselves that it asks."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from moothall.councils import gate
from moothall.councils.models import Council
from moothall.councils.rules import Viewer
from moothall.identity.models import User
from moothall.plain.errors import NotFound
from moothall.process import queries as process
from moothall.process.definition import Definition
from moothall.process.permissions import Can
from moothall.process.queries.asking import Startable


@dataclass(frozen=True, slots=True)
class Desk:
    """What may be started at one council."""

    council: str
    work: Sequence[Startable]


def desks(viewer: Viewer) -> list[Desk]:
    """Return the work that the viewer may start, by council."""
    found: dict[str, list[Startable]] = {}
    for each in process.startable(viewer):
        found.setdefault(each.council, []).append(each)
    return [Desk(council, work) for council, work in found.items()]


def council_for(viewer: Viewer, code: str) -> Council:
    """Return a council at which the viewer may start work; any other does not exist for them."""
    found = Council.objects.filter(code=code, id__in=sorted(gate.councils(viewer, Can.START))).first()
    if found is None:
        raise NotFound(what="council")
    return found


def work_of(viewer: Viewer, council: Council, key: str) -> Startable | None:
    """Return a process that the viewer may start at a council, if it is one."""
    return next(
        (each for each in process.startable(viewer) if each.council_id == council.pk and each.key == key),
        None,
    )


def of_oneself(viewer: Viewer, definition: Definition) -> dict[str, Any]:
    """Return the answers of a first step that the account of whoever starts it knows: they may be changed."""
    user = User.objects.filter(pk=viewer.actor.user_id or 0).first()
    known = {"requester.name": user.name, "requester.email": user.email} if user else {}
    fields = (definition.fields[key] for key in definition.first.ask)
    return {each.key: known[each.source] for each in fields if each.source in known}


def may_open(viewer: Viewer, reference: str) -> bool:
    """Say whether the viewer may see a case that they asked for as those do who work on it."""
    try:
        process.case_id_of(viewer, reference)
    except NotFound:
        return False
    return gate.anywhere(viewer, Can.SEE)
