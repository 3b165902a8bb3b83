"""The pages for what people ask under data protection law, and for records whose time is up."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from moothall.councils import scope
from moothall.councils.models import Staff
from moothall.persons.models import Disposal, Record
from moothall.persons.tasks import keep_until
from moothall.process.models import Case
from tests.makers import make_council, make_staff
from tests.persons.exercised import Office, granted, make_office
from tests.persons.making import a_name, make_record

Browse = Callable[[str], Client]


@pytest.fixture
def office(db: None, settings: Settings, tmp_path: Any) -> Office:
    settings.SECOND_FACTOR = "off"
    settings.FILES_ROOT = tmp_path
    settings.HOME = tmp_path
    with scope.everything("making an office for a test"):
        return make_office(timezone.now())


def browser(name: str) -> Client:
    client = Client()
    client.force_login(Staff.objects.get(user__name=name).user)
    return client


@pytest.fixture
def dora(office: Office) -> Client:
    return browser("Dora Officer")


@pytest.fixture
def record(office: Office) -> Record:
    with scope.everything("making a record for a test"):
        return make_record(council=office.council, now=timezone.now())


def place(record: Record, act: str = "") -> str:
    return f"/work/person/{record.person.reference}/rights/" + (f"{record.pk}/{act}/" if act else "")


def fresh(record: Record) -> Record:
    with scope.everything("looking in a test"):
        found: Record = Record.objects.get(pk=record.pk)
        return found


class TestThePageOfRights:
    def test_says_what_is_held_for_how_long_and_what_may_be_done(self, dora: Client, record: Record) -> None:
        said = dora.get(place(record)).content.decode()
        for words in (
            "Priya Nair",
            "Take a request",
            "6 years after anything last happened",
            "Erase this record",
        ):
            assert words in said

    def test_is_reached_from_the_page_of_the_person_by_who_may(self, dora: Client, record: Record) -> None:
        person = f"/work/person/{record.person.reference}/"
        assert "Data protection" in dora.get(person).content.decode()
        adviser = browser("Ada Adviser")
        assert "Data protection" not in adviser.get(person).content.decode()
        assert adviser.get(place(record)).status_code == 403

    def test_is_for_auditors_to_read(self, office: Office, record: Record) -> None:
        staff = make_staff(council=office.council, roles=("auditor",))
        client = Client()
        client.force_login(staff.user)
        said = client.get(place(record)).content.decode()
        assert "Priya Nair" in said
        assert "Take a request" not in said
        assert client.get(place(record, "erase")).status_code == 403

    def test_says_of_a_locked_record_whom_to_ask(self, dora: Client, record: Record) -> None:
        with scope.everything("locking in a test"):
            Record.objects.update(circle="adoption")
        said = dora.get(place(record)).content.decode()
        assert "This record is locked" in said
        assert "Priya" not in said
        assert dora.get(place(record, "copy")).status_code == 403

    def test_is_nowhere_for_another_council(self, record: Record) -> None:
        with scope.everything("making an office for a test"):
            elm = make_staff(
                council=make_council(name="Elm Council"), roles=("officer", "data-protection-officer")
            )
        client = Client()
        client.force_login(elm.user)
        assert client.get(place(record)).status_code == 404
        assert client.get(place(record, "erase")).status_code == 404

    def test_belongs_to_the_person_of_the_address(self, office: Office, dora: Client, record: Record) -> None:
        with scope.everything("making a record for a test"):
            other = make_record(council=office.council, facts=[a_name("Ann", "Other")], now=timezone.now())
        address = f"/work/person/{other.person.reference}/rights/{record.pk}/erase/"
        assert dora.get(address).status_code == 404


class TestTakingARequest:
    def test_makes_a_case_that_is_shown_on_the_page(self, dora: Client, record: Record) -> None:
        day = timezone.localdate()
        sent = {
            "right": "access",
            "how": "letter",
            "came_on_day": day.day,
            "came_on_month": day.month,
            "came_on_year": day.year,
            "wording": "All of it.",
        }
        answer = dora.post(place(record, "ask"), sent, follow=True)
        with scope.everything("looking in a test"):
            case = Case.objects.get()
        assert case.reference in answer.content.decode()
        assert dora.get(f"/work/case/{case.reference}/").status_code == 200

    def test_says_what_is_missing(self, dora: Client, record: Record) -> None:
        answer = dora.post(place(record, "ask"), {})
        assert answer.status_code == 422
        assert "Choose what they ask for" in answer.content.decode()

    def test_refuses_a_day_to_come(self, dora: Client, record: Record) -> None:
        day = timezone.localdate() + timedelta(days=2)
        came = {"came_on_day": day.day, "came_on_month": day.month, "came_on_year": day.year}
        answer = dora.post(place(record, "ask"), {"right": "access", "how": "letter", **came})
        assert answer.status_code == 422
        assert "must be today or in the past" in answer.content.decode()


class TestDecisions:
    def test_restrict_a_record_and_end_that(self, dora: Client, record: Record) -> None:
        assert dora.get(place(record, "restrict")).status_code == 200
        dora.post(place(record, "restrict"), {"ground": "accuracy", "why": "They dispute it."})
        assert fresh(record).restricted_at is not None
        assert "They dispute it" in dora.get(place(record)).content.decode()
        dora.post(place(record, "unrestrict"))
        assert fresh(record).restricted_at is None

    def test_set_a_hold_and_lift_it(self, dora: Client, record: Record) -> None:
        assert dora.post(place(record, "hold"), {"why": ""}).status_code == 422
        dora.post(place(record, "hold"), {"why": "A claim."})
        assert "A legal hold forbids it: A claim." in dora.get(place(record)).content.decode()
        dora.post(place(record, "unhold"))
        assert fresh(record).hold_why == ""

    def test_put_right_what_is_wrong_and_say_whom_to_tell(self, dora: Client, record: Record) -> None:
        dora.get(place(record))
        with scope.everything("looking in a test"):
            birth = record.facts.get(kind="birth").pk
        address = place(record, f"fact/{birth}")
        assert dora.get(address).status_code == 200
        wrong = {"precision": "exact", "date_day": "4", "date_month": "5", "date_year": "2090"}
        assert dora.post(address, wrong).status_code == 422
        answer = dora.post(address, wrong | {"date_year": "1981"})
        assert "Dora Officer" in answer.content.decode()
        assert str(fresh(record).born) == "1981-05-04"

    def test_erase_a_record_with_a_certificate(self, office: Office, dora: Client, record: Record) -> None:
        with scope.everything("a request in a test"):
            case_id = granted(office, record, "erasure", timezone.now())
        shown = dora.get(place(record, "erase")).content.decode()
        assert "Which request is it for?" in shown
        sent = {"case": case_id, "ground": "needless", "why": "They moved."}
        assert dora.post(place(record, "erase"), sent).status_code == 422
        answer = dora.post(place(record, "erase"), sent | {"sure": "on"}, follow=True)
        said = answer.content.decode()
        assert "Certificate of destruction" in said
        assert record.person.reference in said
        assert "Priya" not in said
        assert fresh(record).state == "erased"
        assert dora.get(place(record)).status_code == 404

    def test_say_why_a_record_cannot_be_erased(self, dora: Client, record: Record) -> None:
        dora.post(place(record, "hold"), {"why": "A claim."})
        answer = dora.post(place(record, "erase"), {"ground": "needless", "why": "", "sure": "on"})
        assert answer.status_code == 409
        assert "A legal hold forbids it: A claim." in answer.content.decode()


class TestACopy:
    def test_is_a_page_to_print_and_a_file(self, dora: Client, record: Record) -> None:
        assert "14 Mill Lane" in dora.get(place(record, "copy")).content.decode()
        answer = dora.get(f"{place(record)}{record.pk}/copy.json")
        assert answer.json()["person"] == record.person.reference
        assert "attachment" in answer["Content-Disposition"]
        assert "Priya" not in answer["Content-Disposition"]


class TestRecordsWhoseTimeIsUp:
    @pytest.fixture
    def due(self, office: Office) -> Record:
        now = timezone.now()
        with scope.everything("making a record for a test"):
            made = make_record(council=office.council, now=now - timedelta(days=7 * 366))
        keep_until(now)
        return made

    def test_are_destroyed_by_two_people(self, dora: Client, due: Record) -> None:
        address = f"/work/retention/{due.person.reference}/{due.pk}/"
        assert "Priya Nair" in dora.get("/work/retention/").content.decode()
        dora.post(f"{address}propose/", {"why": ""})
        assert "somebody else has to confirm" in dora.get("/work/retention/").content.decode()
        assert dora.post(f"{address}confirm/").status_code == 409
        dev = browser("Dev Officer")
        assert "Confirm and destroy" in dev.get("/work/retention/").content.decode()
        said = dev.post(f"{address}confirm/", follow=True).content.decode()
        assert "Proposed by" in said
        assert "Limitation Act" in said
        listed = dev.get("/work/retention/certificates/").content.decode()
        with scope.everything("looking in a test"):
            number = Disposal.objects.get().pk
        assert f"/work/retention/certificates/{number}/" in listed
        assert "Priya" not in listed

    def test_may_be_kept_longer(self, dora: Client, due: Record) -> None:
        address = f"/work/retention/{due.person.reference}/{due.pk}/keep/"
        assert dora.get(address).status_code == 200
        past = {"until_day": "1", "until_month": "1", "until_year": "2020", "why": "An inquiry"}
        assert dora.post(address, past).status_code == 422
        dora.post(address, past | {"until_year": "2090"})
        assert fresh(due).keep_until is not None
        assert "Nothing is due" in dora.get("/work/retention/").content.decode()

    def test_are_not_for_an_adviser_to_see(self, due: Record) -> None:
        assert browser("Ada Adviser").get("/work/retention/").status_code == 403
