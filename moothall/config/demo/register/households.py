"""Households: what else is known of those who asked, and who lives with them."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from moothall.councils.rules import Viewer
from moothall.persons.actions.records import add_fact, add_person
from moothall.persons.actions.relating import relate
from moothall.persons.models import Record
from moothall.persons.rules.facts import NewFact

HOUSE = Viewer.system()
_CHILDREN = (
    "Alfie",
    "Amara",
    "Beth",
    "Callum",
    "Ella",
    "Finley",
    "Grace",
    "Hugo",
    "Iris",
    "Jude",
    "Maya",
    "Noah",
)
_PARTNERS = ("Alex", "Chris", "Jo", "Kim", "Lee", "Morgan", "Pat", "Robin", "Sam", "Terry")
_LANGUAGES = ("pl", "ur", "ro", "bn", "pa", "cy", "bfi")
_NEEDS = ("large-print", "more-time", "step-free", "assisted-collection", "text-relay")
_WITH_BIRTH, _WITH_LANGUAGE, _WITH_INTERPRETER, _WITH_NEED, _WITH_PARTNER = 0.8, 0.06, 0.4, 0.08, 0.8
_FAMILIES = 60


def play(random: Random, now: datetime) -> list[Record]:
    """Add dates of birth, languages, needs and families; return those who have one, the families' heads."""
    for record in Record.objects.order_by("id").iterator(chunk_size=200):
        _learn(random, record, now)
    homes = Record.objects.exclude(address="").exclude(born=None).order_by("id")
    heads = list(homes[:_FAMILIES])
    for head in heads:
        _family(random, head, now)
    return heads


def _learn(random: Random, record: Record, now: datetime) -> None:
    at = record.created_at + timedelta(minutes=5)
    facts: list[NewFact] = []
    if random.random() < _WITH_BIRTH:
        born = date(random.randrange(1934, 2004), random.randrange(1, 13), random.randrange(1, 29))
        facts.append(fact("birth", precision="exact", date=born.isoformat()))
    if random.random() < _WITH_LANGUAGE:
        facts.append(
            fact(
                "language",
                language=random.choice(_LANGUAGES),
                interpreter=random.random() < _WITH_INTERPRETER,
            )
        )
    if random.random() < _WITH_NEED:
        facts.append(fact("need", need=random.choice(_NEEDS)))
    for each in facts:
        add_fact(by=HOUSE, record_id=record.pk, fact=each, source="adviser", now=min(at, now))


def fact(kind: str, **body: Any) -> NewFact:
    """Return a fact by its parts."""
    return NewFact(kind=kind, body=body)


def at_home(record: Record) -> Mapping[str, Any]:
    """Return the address of a record as a fact keeps it."""
    body: Mapping[str, Any] = record.facts.filter(kind="address", ended_at=None).order_by("id")[0].body
    return body


def _family(random: Random, head: Record, now: datetime) -> None:
    surname = head.name.split()[-1]
    at = min(head.created_at + timedelta(days=2), now)
    if random.random() < _WITH_PARTNER:
        years = random.randrange(-6, 7)
        partner = _relative(head, random.choice(_PARTNERS), surname, _years_later(head.born, years), at)
        _relate(head, partner, "partner", at)
    for number in range(random.choice((0, 1, 1, 2, 2, 3))):
        born = date(random.randrange(2009, 2025), random.randrange(1, 13), random.randrange(1, 29))
        child = _relative(head, _CHILDREN[(head.pk + number) % len(_CHILDREN)], surname, born, at)
        _relate(head, child, "child", at)


def _years_later(day: date | None, years: int) -> date:
    assert day is not None
    return (day + timedelta(days=365 * years)).replace(day=11)


def _relative(head: Record, given: str, family: str, born: date, at: datetime) -> Record:
    name = fact("name", given=given, family=family, use="usual")
    birth = fact("birth", precision="exact", date=born.isoformat())
    facts = [name, birth, NewFact(kind="address", body=at_home(head))]
    return add_person(by=HOUSE, council_id=head.council_id, facts=facts, source="adviser", now=at)


def _relate(one: Record, other: Record, kind: str, at: datetime) -> None:
    relate(by=HOUSE, record_id=one.pk, other_id=other.pk, kind=kind, source="adviser", now=at)
