"""People for tests, added as an adviser would."""

from datetime import UTC, datetime
from typing import Any

from moothall.councils.models import Council
from moothall.councils.rules import Viewer
from moothall.persons.actions.records import add_person
from moothall.persons.models import Person, Record
from moothall.persons.rules.facts import NewFact

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def a_name(given: str = "Priya", family: str = "Nair", use: str = "usual", **more: Any) -> NewFact:
    return NewFact(kind="name", body={"given": given, "family": family, "use": use, **more})


def a_birth(day: str = "1980-05-04", precision: str = "exact") -> NewFact:
    return NewFact(kind="birth", body={"precision": precision, "date": day})


def an_address(line1: str = "14 Mill Lane", postcode: str = "AB10 1AB", **more: Any) -> NewFact:
    place = {"line1": line1, "town": "Alderbridge", "postcode": postcode, **more}
    return NewFact(kind="address", body={"place": place, "use": "home"})


def a_phone(number: str = "07700 900982") -> NewFact:
    return NewFact(kind="phone", body={"number": number, "use": "mobile"})


def an_email(address: str = "priya@example.org") -> NewFact:
    return NewFact(kind="email", body={"address": address})


def make_record(
    *,
    council: Council,
    by: Viewer | None = None,
    facts: list[NewFact] | None = None,
    person: Person | None = None,
    now: datetime = NOW,
) -> Record:
    """Add a record: Priya Nair of Mill Lane, unless other facts are given."""
    held = [a_name(), a_birth(), an_address(), a_phone(), an_email()] if facts is None else facts
    return add_person(
        by=by or Viewer.system(), council_id=council.pk, facts=held, source="adviser", now=now, person=person
    )
