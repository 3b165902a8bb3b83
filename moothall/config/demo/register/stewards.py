"""What waits for the record steward: duplicates with the slips people make, and two that were joined and go on."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from moothall.config.demo.register.colleagues import viewer_named
from moothall.config.demo.register.households import HOUSE, at_home, fact
from moothall.persons.actions.duplicates import find_more
from moothall.persons.actions.linking import link_same, tell_apart
from moothall.persons.actions.records import add_fact, add_person
from moothall.persons.models import Record
from moothall.persons.rules.facts import NewFact

STEWARD = "Edith Crane"
_TWICE = 14


def play(random: Random, families: Sequence[Record], now: datetime) -> None:
    """Add people twice, as tired advisers do, and let the register ask; two pairs are decided already."""
    steward = viewer_named(STEWARD, now)
    twice = [
        _again(random, record, now - timedelta(days=20 - number))
        for number, record in enumerate(families[:_TWICE])
    ]
    for other in twice[2:]:
        find_more(by=HOUSE, record_id=other.pk, now=now - timedelta(days=1))
    if len(twice) < 2:  # noqa: PLR2004 - one is joined, one told apart
        return
    link_same(
        by=steward,
        one_id=families[0].pk,
        other_id=twice[0].pk,
        why="Same birth date and street; she confirmed it on the phone.",
        now=now - timedelta(days=6),
    )
    later = fact("phone", number="01632 960 417", use="home")
    add_fact(by=steward, record_id=twice[0].pk, fact=later, source="adviser", now=now - timedelta(days=3))
    tell_apart(
        by=steward,
        one_id=families[1].pk,
        other_id=twice[1].pk,
        why="Mother and daughter of one name. Their dates of birth are right.",
        now=now - timedelta(days=5),
    )


def _again(random: Random, record: Record, at: datetime) -> Record:
    name = record.facts.filter(kind="name", ended_at=None)[0].body
    born = record.born
    assert born is not None
    birth = born.isoformat()
    if born.day <= 12 and random.random() < 0.5:  # noqa: PLR2004 - then day and month may be swapped
        birth = born.replace(day=born.month, month=born.day).isoformat()
    facts = [
        NewFact(kind="name", body=_slipped(random, name)),
        fact("birth", precision="exact", date=birth),
        NewFact(kind="address", body=at_home(record)),
    ]
    return add_person(by=HOUSE, council_id=record.council_id, facts=facts, source="adviser", now=at)


def _slipped(random: Random, name: Mapping[str, Any]) -> dict[str, Any]:
    """Return a name as it might be typed: two letters swapped, one left out, or first and last name exchanged."""
    given, family = str(name.get("given", "")), str(name.get("family", ""))
    kind = random.randrange(4)
    if kind == 0 and given:
        given, family = family, given
    elif kind == 1:
        family = family[:1] + family[2:3] + family[1:2] + family[3:]
    elif kind == 2:  # noqa: PLR2004
        given = given[:-1] or given
    else:
        family = f"{family[:-1]}{family[-1:]}s"
    return {"given": given, "family": family, "use": "usual"}
