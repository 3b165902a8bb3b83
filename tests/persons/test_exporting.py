"""A copy of everything that a council holds about somebody, for them to read."""

import json
from datetime import datetime

import pytest
from django.utils import timezone

from moothall.councils.rules import Viewer
from moothall.journal.models import Entry
from moothall.persons.actions.looking import looked_at
from moothall.persons.actions.records import add_fact, end_fact
from moothall.persons.actions.relating import relate
from moothall.persons.actions.rights import give_copy
from moothall.persons.errors import Locked
from moothall.persons.models import Record
from moothall.persons.queries.exporting import Export, Section
from moothall.persons.queries.records import records_of
from moothall.persons.rules.facts import NewFact
from moothall.plain.errors import NotFound, Refused
from tests.makers import make_council
from tests.persons.exercised import Office, make_office, tie
from tests.persons.making import a_name, a_phone, make_record
from tests.requests.making import make_draft, make_town, send


@pytest.fixture
def office(db: None, everything: None, now: datetime) -> Office:
    return make_office(now)


def section(found: Export, title: str) -> Section:
    return next(each for each in found.sections if each.title == title)


class TestACopyOfEverything:
    def test_has_every_fact_with_its_source_also_those_that_ended(
        self, office: Office, now: datetime
    ) -> None:
        record = make_record(council=office.council, now=now)
        phone = record.facts.get(kind="phone")
        end_fact(by=office.adviser, record_id=record.pk, fact_id=phone.pk, why="Wrong number", now=now)
        found = give_copy(by=office.dora, record_id=record.pk, now=now)
        rows = section(found, "What is held").rows
        assert [row.values["Kind"] for row in rows] == [
            "Address",
            "Date of birth",
            "Email address",
            "Name",
            "Phone number",
        ]
        assert rows[-1].values["Why it ended"] == "Wrong number"
        assert all(row.values["Source"] == "adviser" for row in rows)

    def test_marks_what_tells_of_somebody_else(self, office: Office, now: datetime) -> None:
        record = make_record(council=office.council, now=now)
        carer = make_record(council=office.council, facts=[a_name("Tom", "Hughes")], now=now)
        relate(
            by=office.adviser, record_id=record.pk, other_id=carer.pk, kind="carer", source="adviser", now=now
        )
        found = give_copy(by=office.dora, record_id=record.pk, now=now)
        row = section(found, "People who stand to them").rows[0]
        assert (row.third, row.values["Who"]) == (True, "Tom Hughes")
        assert "third_party" in json.dumps(found.as_json)

    def test_has_cases_requests_letters_and_contacts(self, db: None, everything: None, now: datetime) -> None:
        town = make_town(code="ash")
        office = make_office(now, council=town.council)
        record = make_record(council=office.council, now=now)
        sent = send(town, make_draft(town))
        tie(record, sent.request.case_id, now)
        found = give_copy(by=office.dora, record_id=record.pk, now=now)
        assert section(found, "Cases").rows[0].values["Reference"] == sent.reference
        assert "12 High Street" in json.dumps(found.as_json)
        assert section(found, "Requests").rows[0].values["Email address"] == "sam@example.org"
        letter = section(found, "Letters and emails").rows[0].values
        assert sent.reference in letter["Subject"]
        moments = [*letter.values(), *section(found, "Contacts").rows[0].values.values()]
        assert moments.count(timezone.localtime(now).isoformat(timespec="minutes")) == 2
        assert sent.token not in json.dumps(found.as_json)

    def test_says_who_looked(self, office: Office, now: datetime) -> None:
        record = make_record(council=office.council, now=now)
        looked_at(
            by=office.adviser, records=records_of(office.adviser, record.person_id), why="page", now=now
        )
        row = section(give_copy(by=office.dora, record_id=record.pk, now=now), "Who looked").rows[0]
        assert (row.values["Who"], row.third) == ("Ada Adviser", True)

    def test_has_nothing_of_another_council(self, office: Office, now: datetime) -> None:
        elm = make_council(name="Elm Council")
        record = make_record(council=office.council, now=now)
        make_record(council=elm, person=record.person, facts=[a_name("Priya", "Secretname")], now=now)
        found = give_copy(by=office.dora, record_id=record.pk, now=now)
        assert "Secretname" not in json.dumps(found.as_json)

    def test_has_both_records_of_one_council(self, office: Office, now: datetime) -> None:
        record = make_record(council=office.council, now=now)
        make_record(
            council=office.council, person=record.person, facts=[a_name("Pria", "Nair"), a_phone()], now=now
        )
        found = give_copy(by=office.dora, record_id=record.pk, now=now)
        assert len(section(found, "Records").rows) == 2
        assert "Pria" in json.dumps(found.as_json)

    def test_leaves_out_what_is_for_others_and_says_so_to_everybody(
        self, office: Office, now: datetime
    ) -> None:
        record = make_record(council=office.council, now=now)
        body = {"category": "aggression", "text": "Zqalert.", "review_on": "2027-01-10"}
        alert = NewFact(kind="alert", body=body, circle="waste")
        add_fact(by=Viewer.system(), record_id=record.pk, fact=alert, source="adviser", now=now)
        found = give_copy(by=office.dora, record_id=record.pk, now=now)
        assert "Zqalert" not in json.dumps(found.as_json)
        assert "Ask those teams" in found.left_out

    def test_is_on_record_with_counts_only(self, office: Office, now: datetime) -> None:
        record = make_record(council=office.council, now=now)
        give_copy(by=office.dora, record_id=record.pk, now=now)
        entry = Entry.objects.get(what="person.exported")
        assert json.loads(entry.facts)["counts"]["What is held"] == 5
        assert "Priya" not in entry.facts

    def test_is_for_who_answers_such_requests(self, office: Office, now: datetime) -> None:
        record = make_record(council=office.council, now=now)
        for viewer in (office.adviser, make_office(now, code="elm").dora):
            with pytest.raises((Refused, NotFound)):
                give_copy(by=viewer, record_id=record.pk, now=now)
        Record.objects.update(circle="adoption")
        with pytest.raises(Locked):
            give_copy(by=office.dora, record_id=record.pk, now=now)
