"""What a connected resident puts right themselves: how they are reached, what they need, and who acts for them no more.

Their names, their date of birth and where they live are checked first: they ask for it, and staff change it.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from moothall.councils.rules import Viewer
from moothall.persons.actions.records import add_fact, end_fact, replace_fact
from moothall.persons.actions.relating import end_relationship
from moothall.persons.errors import FactGone, FactRefused
from moothall.persons.models import Fact, Relationship
from moothall.persons.queries.connections import MOST_OWN, allow_own, mine, own_details, own_fact
from moothall.persons.rules.facts import NewFact, cleaned

SOURCE = "resident"


@transaction.atomic
def add_own(*, by: Viewer, council_id: int, kind: str, body: Mapping[str, Any], now: datetime) -> Fact:
    """Add a phone number, an email address, a language or an access need to one's own record."""
    own = mine(by, council_id)
    allow_own(kind)
    held = Fact.objects.filter(record__in=own.record_ids, kind=kind, ended_at=None)
    if held.count() >= MOST_OWN:
        most = f"You have given us {MOST_OWN} already. Take one away first."
        raise FactRefused({"": [most]}, reason=most)
    return add_fact(
        by=own.viewer,
        record_id=own.connection.record_id,
        fact=NewFact(kind=kind, body=body),
        source=SOURCE,
        now=now,
    )


@transaction.atomic
def replace_own(*, by: Viewer, council_id: int, fact_id: int, body: Mapping[str, Any], now: datetime) -> Fact:
    """Put another value into the place of one that is not right any more. The same once more changes nothing."""
    own = mine(by, council_id)
    held = own_fact(by, council_id, fact_id)
    new = NewFact(kind=held.kind, body=body, since=held.since, until=held.until)
    if held.body == cleaned(new, timezone.localdate(now)).body:
        return held
    return replace_fact(
        by=own.viewer,
        record_id=held.record_id,
        fact_id=held.pk,
        fact=new,
        why="They put it right themselves.",
        source=SOURCE,
        now=now,
    )


@transaction.atomic
def end_own(*, by: Viewer, council_id: int, fact_id: int, now: datetime) -> Fact:
    """Take a value away that is not right any more; it stays in the history."""
    own = mine(by, council_id)
    held = own_fact(by, council_id, fact_id)
    return end_fact(
        by=own.viewer,
        record_id=held.record_id,
        fact_id=held.pk,
        why="They took it away themselves.",
        now=now,
    )


@transaction.atomic
def end_own_representative(
    *, by: Viewer, council_id: int, relationship_id: int, now: datetime
) -> Relationship:
    """Say that somebody acts for one no more. For whom one acts is theirs to end."""
    own = mine(by, council_id)
    details = own_details(own.viewer, council_id, now)
    acting = details.act_for_me if details else ()
    if relationship_id not in {each.relationship_id for each in acting}:
        raise FactGone
    row = Relationship.objects.get(pk=relationship_id)
    side = row.record_id if row.record_id in own.record_ids else row.other_id
    return end_relationship(
        by=own.viewer,
        record_id=side,
        relationship_id=relationship_id,
        why="They ended it themselves.",
        now=now,
    )
