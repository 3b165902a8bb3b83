"""The record of the resident who asks at every council, connected with their account; and the pages about it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from moothall.councils.models import Council
from moothall.councils.rules import Viewer
from moothall.identity.models import User
from moothall.persons.actions.connecting import connect
from moothall.persons.actions.records import add_fact
from moothall.persons.actions.relating import relate
from moothall.persons.models import Connection, Fact, Record
from moothall.persons.rules.facts import NewFact
from tests import makers
from tests.isolation.people import add_somebody

NOWHERE = 2**40 + 7


@dataclass(frozen=True)
class Own:
    """A phone number of the owner's record, who acts for them, and a connection of somebody else's record."""

    fact: int = NOWHERE
    acting: int = NOWHERE
    connection: int = NOWHERE


def connect_owner(council: Council, owner: User, record_id: int, now: datetime) -> Own:
    """Connect the owner with a record of theirs, and somebody else with another. An alert is not theirs to read."""
    house, word = Viewer.system(), f"zq{council.code}own"
    own, kin = add_somebody(council, word, "Zoe", now), add_somebody(council, word, "Raymond", now)
    text = f"Mind zq{council.code}person"
    alert = {"category": "other", "text": text, "review_on": f"{now.year + 1}-01-01"}
    add_fact(by=house, record_id=own.pk, fact=NewFact(kind="alert", body=alert), source="adviser", now=now)
    acting = relate(
        by=house,
        record_id=own.pk,
        other_id=kin.pk,
        kind="representative",
        scope=word,
        consent_on=date(2026, 1, 5),
        consent_how="In writing",
        source="adviser",
        now=now,
    )
    _connect(own, owner, now)
    somebody = makers.make_user(name=f"Zed zq{council.code}person")
    connection = _connect(Record.objects.get(pk=record_id), somebody, now)
    return Own(Fact.objects.get(record=own, kind="phone").pk, acting.pk, connection.pk)


def _connect(record: Record, user: User, now: datetime) -> Connection:
    held = Connection.objects.filter(user=user, council_id=record.council_id, ended_at=None).first()
    if isinstance(held, Connection):
        return held
    viewer = Viewer.resident(user_id=user.pk, name=user.name, council_id=record.council_id)
    return connect(by=viewer, record=record, how=Connection.How.LETTER, now=now)


FILLS: Mapping[str, Callable[[Any], object]] = {
    "portal:add_detail:kind": lambda _: "phone",
    "portal:change_detail:number": lambda thing: thing.own.fact,
    "portal:take_away_detail:number": lambda thing: thing.own.fact,
    "portal:end_acting:number": lambda thing: thing.own.acting,
}
BODIES: Mapping[str, Callable[[Any], dict[str, object]]] = {
    "portal:connect": lambda thing: {"reference": thing.person, "code": "0123-4567-89AB"},
    "portal:add_detail": lambda _: {"number": "07700 900123", "use": "mobile"},
    "portal:change_detail": lambda _: {"number": "07700 900124", "use": "mobile"},
    "workplace:register_connection": lambda thing: {"connection": thing.own.connection},
}
SENT_EMPTY = frozenset(
    {"portal:not_me", "portal:take_away_detail", "portal:end_acting", "workplace:register_letter"}
)
