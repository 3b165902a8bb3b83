"""People of each council's register, with canaries in what is kept of them."""

from dataclasses import dataclass
from datetime import datetime

from moothall.councils.models import Council
from moothall.councils.rules import Viewer
from moothall.persons.actions.casework import put_case_to
from moothall.persons.actions.records import add_fact, add_person
from moothall.persons.actions.relating import relate
from moothall.persons.models import Fact, Record
from moothall.persons.rules.facts import NewFact

CODES = ("ash", "elm", "oak", "fir", "yew")


@dataclass(frozen=True)
class People:
    """Somebody of a council, whose case is open, and their kin."""

    person: str
    kin: str
    record: int
    fact: int
    relationship: int


def add_people(council: Council, case_id: int, now: datetime) -> People:
    """Add somebody with a case, an address, a phone and an alert, and their kin."""
    word = f"zq{council.code}person"
    one = add_somebody(council, word, "Uma", now)
    other = add_somebody(council, word, "Kit", now)
    review = f"{now.year + 1}-01-01"
    alert = {"category": "other", "text": f"Mind {word}", "review_on": review}
    house = Viewer.system()
    add_fact(by=house, record_id=one.pk, fact=NewFact(kind="alert", body=alert), source="adviser", now=now)
    row = relate(
        by=house, record_id=one.pk, other_id=other.pk, kind="relative", source="adviser", scope=word, now=now
    )
    put_case_to(by=house, case_id=case_id, record_id=one.pk, now=now)
    phone = Fact.objects.get(record=one, kind="phone")
    return People(one.person.reference, other.person.reference, one.pk, phone.pk, row.pk)


def add_somebody(council: Council, word: str, given: str, now: datetime) -> Record:
    """Add one person in whose name, address and email a canary sings; no two councils know the same one."""
    place = CODES.index(council.code) if council.code in CODES else len(CODES)
    number = place * 10 + len(given) + Record.objects.filter(council=council).count()
    at = {"line1": f"{number} {word} Lane", "town": word, "postcode": f"AB{place + 1} {place}AB"}
    facts = [
        NewFact(kind="name", body={"given": given, "family": word, "use": "usual"}),
        NewFact(kind="birth", body={"precision": "exact", "date": f"19{40 + place}-0{place + 1}-1{place}"}),
        NewFact(kind="address", body={"place": at, "use": "home"}),
        NewFact(kind="phone", body={"number": f"07700 900{100 + number:03}", "use": "mobile"}),
        NewFact(kind="email", body={"address": f"{given.lower()}{word}@example.org"}),
    ]
    return add_person(by=Viewer.system(), council_id=council.pk, facts=facts, source="adviser", now=now)
