"""The record of what happened, and hostile words: what staff learn of people beside the pages of people."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from moothall.councils import scope
from moothall.councils.models import Agreement
from moothall.councils.rules import Viewer
from moothall.journal.models import Entry
from moothall.persons.actions.linking import link_same
from moothall.persons.actions.locking import lock_record
from moothall.persons.actions.records import add_fact
from moothall.persons.models import Record
from moothall.persons.queries.exporting import export
from moothall.persons.queries.pairs import pair
from moothall.persons.queries.people import history_of, person_file
from moothall.persons.rules.facts import NewFact
from moothall.process.models import Case
from moothall.workplace.queries.record import record_page
from tests.contacts.making import Desk, an_enquiry, call, make_desk, put
from tests.makers import make_agreement, make_grant, make_staff, make_team, make_user, make_viewer
from tests.persons.making import make_record

ROLES = ("adviser", "officer", "supervisor", "record-steward", "data-protection-officer", "auditor")
ALERT = {"category": "other", "text": "Zqalert bites", "review_on": "2027-05-01"}


@pytest.fixture
def ash(everything: None) -> Desk:
    return make_desk(code="ash", name="Ash District Council")


@pytest.fixture
def curious(ash: Desk) -> Viewer:
    return make_viewer(make_staff(council=ash.council, roles=ROLES))


@pytest.fixture
def hub(ash: Desk) -> Viewer:
    staff = make_staff(council=ash.council, roles=ROLES)
    make_team(council=ash.council, function="hub", name="Hub", members=(staff,))
    return make_viewer(staff)


@pytest.mark.django_db
class TestTheRecord:
    def test_names_no_private_case_beside_a_person(
        self, ash: Desk, curious: Viewer, hub: Viewer, now: datetime
    ) -> None:
        record, case = make_record(council=ash.council), an_enquiry(ash)
        put(case, record)
        call(ash, case_id=case.id)
        Case.objects.filter(pk=case.id).update(circle="hub")
        for viewer, reads in ((hub, True), (curious, False)):
            rows = record_page(viewer, now).rows
            assert any(f"case: {case.id}" in row.facts for row in rows) is reads
            assert any(row.about == f"record:{record.pk}" for row in rows)

    def test_names_no_alert_that_is_for_a_few(
        self, ash: Desk, curious: Viewer, hub: Viewer, now: datetime
    ) -> None:
        record = make_record(council=ash.council)
        fact = NewFact(kind="alert", body=ALERT, circle="hub")
        add_fact(by=hub, record_id=record.pk, fact=fact, source="adviser", now=now)
        for viewer, reads in ((hub, True), (curious, False)):
            assert any("alert" in row.facts for row in record_page(viewer, now).rows) is reads

    def test_has_no_value_of_anybody(self, ash: Desk, hub: Viewer, now: datetime) -> None:
        record = make_record(council=ash.council)
        lock_record(by=hub, record_id=record.pk, teams=["hub"], why="Zqwhy", now=now)
        said = " ".join(Entry.objects.filter(what__startswith="person.").values_list("facts", flat=True))
        for word in ("Priya", "Nair", "1980", "Mill", "AB10", "900982", "priya@", "Zqwhy"):
            assert word not in said


@pytest.mark.django_db
class TestAnAlertForAFew:
    def test_is_in_no_screen_of_others(self, ash: Desk, curious: Viewer, hub: Viewer, now: datetime) -> None:
        record, other = make_record(council=ash.council), make_record(council=ash.council)
        fact = NewFact(kind="alert", body=ALERT, circle="hub")
        add_fact(by=hub, record_id=record.pk, fact=fact, source="adviser", now=now)
        link = link_same(by=Viewer.system(), one_id=record.pk, other_id=other.pk, why="x", now=now)
        for viewer, reads in ((hub, True), (curious, False)):
            shown: list[Any] = [
                person_file(viewer, record.person.reference, now).values,
                pair(viewer, link.pk, now).rows,
                export(viewer, record.pk, now).as_json,
                [each.body for each in history_of(viewer, [record.pk])],
            ]
            assert ["Zqalert" in repr(each) for each in shown] == [reads] * 4


HOSTILE = (
    "'; DROP TABLE persons_record; --", "%s %(x)s %d", "a' OR '1'='1", "\x00\x00", "\u202eeman", "ⅷ ㎏ İ ß",
    "\u0420riya N\u0430ir",
    "priya\u200bnair", "1" * 200, "9" * 30, "0" * 20, "a " * 150, "-" * 200, "31/02/1980 99/99/9999",
    "+" * 50, "@" * 60, "a@" * 50, "\ud7ff\ufffd\U0010ffff", "PSN-" * 40, "flat " * 30, "12 a road " * 20,
    "(((((((", "{{7*7}}",
    "<script>zqrun</script>", "\\", '"', "=cmd|' /C calc'!A0", "%", "_", "zzzzzzzz" * 5, "٣٤٥٦٧٨٩٠١٢", "¹²³⁴⁵⁶⁷",
)  # fmt: skip


@pytest.fixture
def town(db: None, settings: Settings) -> tuple[Client, str]:
    settings.SECOND_FACTOR = "off"
    with scope.everything("a test"):
        desk = make_desk(code="ash", name="Ash District Council")
        staff = make_staff(council=desk.council, roles=ROLES, user=make_user(name="Cur Ious"))
        record = make_record(council=desk.council, now=timezone.now())
        reference = record.person.reference
    browser = Client()
    browser.force_login(staff.user)
    return browser, reference


FIELDS = (
    "given", "family", "place_line1", "place_postcode", "phone", "email", "number", "use", "why", "other", "kind",
    "born_day", "born_year", "shown", "record", "summary", "council", "teams", "text", "connection", "act", "address",
)  # fmt: skip


class TestHostileWords:
    def test_are_words_to_every_page_of_people(self, town: tuple[Client, str]) -> None:
        browser, reference = town
        person = f"/work/person/{reference}"
        asked = (
            ("/work/search/", ("q",)),
            ("/work/person/new/", ("q",)),
            (f"{person}/", ("before",)),
            (f"{person}/looks/", ("before",)),
            ("/work/duplicates/", ("after", "council")),
            (f"{person}/relate/", ("q",)),
            (f"{person}/relate/", ("other",)),
        )
        sent = (
            "/work/person/new/",
            *(
                f"{person}/{page}/"
                for page in ("relate", "links", "facts/phone", "facts/name", "facts/address")
            ),
            *(
                f"{person}/{page}/"
                for page in ("facts/alert", "facts/identifier", "lock", "letter", "contact")
            ),
            "/work/contact/new/",
        )
        seen = set()
        for text in HOSTILE:
            answers = [browser.get(path, dict.fromkeys(names, text)) for path, names in asked]
            answers += [browser.post(path, dict.fromkeys(FIELDS, text)) for path in sent]
            assert [each.request["PATH_INFO"] for each in answers if each.status_code >= 500] == []
            assert [each.request["PATH_INFO"] for each in answers if b"<script>zqrun" in each.content] == []
            seen |= {each.status_code for each in answers}
        assert {200, 422} <= seen
        with scope.everything("a test looks"):
            assert Record.objects.exists()

    def test_find_nobody_else(self, town: tuple[Client, str]) -> None:
        browser, _ = town
        assert b"Priya" in browser.get("/work/search/", {"q": "priya nair"}).content
        for text in ("%", "_", "' OR 1=1 --", "zz", "\x00", "*", "?"):
            assert b"Priya" not in browser.get("/work/search/", {"q": text}).content


class TestAnAgreementThatEnds:
    def test_ends_what_a_session_could_read_at_the_next_page(self, db: None, settings: Settings) -> None:
        settings.SECOND_FACTOR = "off"
        with scope.everything("a test"):
            ash = make_desk(code="ash", name="Ash District Council")
            elm = make_desk(code="elm", name="Elm City Council", published=False)
            staff = make_staff(council=elm.council, roles=ROLES)
            today = timezone.localdate()
            agreement = make_agreement(
                councils=(ash.council, elm.council), kinds=("persons",), starts_on=date(2026, 1, 1)
            )
            make_grant(staff=staff, role="adviser", council=ash.council, agreement=agreement)
            record = make_record(council=ash.council, now=timezone.now())
        browser, path = Client(), f"/work/person/{record.person.reference}/"
        browser.force_login(staff.user)
        assert b"Priya" in browser.get(path).content
        Agreement.objects.filter(pk=agreement.pk).update(ends_on=today - timedelta(days=1))
        answer = browser.get(path)
        assert (answer.status_code, b"Priya" in answer.content) == (404, False)
        assert b"Priya" not in browser.get("/work/search/", {"q": "priya nair"}).content
