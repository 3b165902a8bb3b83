"""Residents whose accounts are connected with records, for tests."""

from datetime import date, datetime

from moothall.councils.models import Council
from moothall.councils.rules import Viewer
from moothall.identity.models import User
from moothall.persons.actions.connecting import Letter, make_letter, use_code
from moothall.persons.actions.relating import relate
from moothall.persons.models import Connection, Record
from moothall.persons.queries.connections import own_details
from tests.makers import make_user


def resident(council: Council, name: str, user: User | None = None) -> Viewer:
    """Return somebody who is signed in on a council's site."""
    user = user or make_user(name=name)
    return Viewer.resident(user_id=user.pk, name=user.name, council_id=council.pk)


def letter_for(record: Record, by: Viewer, now: datetime) -> Letter:
    """Make a letter for the person of a record."""
    return make_letter(by=by, record_id=record.pk, now=now)


def enter(
    by: Viewer, letter: Letter, now: datetime, code: str = "", council: Council | None = None
) -> Connection | None:
    """Type what a letter says, or another code."""
    return use_code(
        by=by,
        council_id=(council or letter.council).pk,
        reference=letter.reference,
        code=code or letter.code,
        now=now,
    )


def connected(by: Viewer, record: Record, now: datetime) -> Connection:
    """Connect somebody with a record by a letter."""
    made = enter(by, letter_for(record, Viewer.system(), now), now)
    assert made is not None
    return made


def connected_by_staff(by: Viewer, record: Record, now: datetime) -> Connection:
    """Connect somebody with a record that no letter could reach."""
    made: Connection = Connection.objects.create(
        council_id=record.council_id,
        user_id=by.actor.user_id,
        record=record,
        how="staff",
        at=now,
        by="A test",
    )
    return made


def seen(viewer: Viewer, council: Council, now: datetime) -> dict[str, list[str]]:
    """Return what somebody sees of their own record, by kind."""
    details = own_details(viewer, council.pk, now)
    assert details is not None
    return {kind: [each.words for each in values] for kind, values in details.values.items()}


def represent(by: Viewer, record: Record, other: Record, now: datetime) -> int:
    """Let `other` act for the person of a record; return the number of it."""
    return relate(
        by=by,
        record_id=record.pk,
        other_id=other.pk,
        kind="representative",
        scope="Council tax",
        consent_on=date(2026, 11, 2),
        consent_how="In writing",
        source="adviser",
        now=now,
    ).pk
