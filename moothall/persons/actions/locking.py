"""Locking a record, so that it is open to some teams only, and opening it again."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from moothall.councils.models import Membership, Team
from moothall.councils.roles import roles
from moothall.councils.rules import Viewer
from moothall.persons.actions.records import write
from moothall.persons.errors import LockRefused
from moothall.persons.models import Record
from moothall.persons.permissions import Can
from moothall.persons.queries.records import record_held


@transaction.atomic
def lock_record(*, by: Viewer, record_id: int, teams: Sequence[str], why: str, now: datetime) -> Record:
    """Keep a record to some teams (as process files call them). Everybody else reads only `why`, and whom to ask.

    Refuses teams of which nobody could open it again.
    """
    record = record_held(by, record_id, Can.LOCK)
    chosen = sorted(set(teams))
    known = set(Team.objects.filter(councils=record.council_id).values_list("function", flat=True))
    wrong: dict[str, str] = {}
    if not chosen or not known.issuperset(chosen):
        wrong["teams"] = "Choose the teams for whom the record stays open."
    elif not _can_open(record.council_id, chosen):
        wrong["teams"] = "Nobody in these teams may open records again. Add a team that has such a person."
    if not why.strip():
        wrong["why"] = "Say in a few words why it is locked."
    if wrong:
        raise LockRefused({key: [said] for key, said in wrong.items()}, reason=" ".join(wrong.values()))
    record.circle, record.locked_why = " ".join(chosen), why.strip()[:200]
    record.save(update_fields=["circle", "locked_why"])
    write(by, "person.locked", record, now, teams=chosen)
    return record


@transaction.atomic
def open_record(*, by: Viewer, record_id: int, now: datetime) -> Record:
    """Open a locked record to all staff whom the gate lets; only somebody for whom it is open can."""
    record = record_held(by, record_id, Can.LOCK)
    if record.circle:
        write(by, "person.opened", record, now, teams=record.circle.split())
        record.circle, record.locked_why = "", ""
        record.save(update_fields=["circle", "locked_why"])
    return record


def _can_open(council_id: int, teams: Sequence[str]) -> bool:
    """Say whether somebody in one of these teams may lock and open records of the council."""
    opening = [role.name for role in roles().values() if Can.LOCK.value in role.permissions]
    return Membership.objects.filter(
        team__function__in=teams,
        team__councils=council_id,
        staff__ended_on=None,
        staff__grants__council_id=council_id,
        staff__grants__role__in=opening,
    ).exists()
