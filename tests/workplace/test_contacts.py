"""The pages of contacts: recording one, sorting what came in, and counting what could have been avoided."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from moothall.contacts.actions.arriving import Arrived, arrive
from moothall.contacts.models import Contact
from moothall.councils import scope
from moothall.councils.rules import Viewer
from moothall.journal.models import Entry
from moothall.messages.actions import add_mailbox, keep
from moothall.messages.models import Message, Received
from moothall.persons.models import Record
from moothall.process.models import Case
from tests.contacts.making import publish_call_back
from tests.makers import make_team
from tests.persons.making import make_record
from tests.workplace.staffed import House

pytestmark = pytest.mark.django_db
FORM = {
    "council": "ash",
    "channel": "phone",
    "direction": "in",
    "given_name": "",
    "address": "",
    "about": "",
    "summary": "When does the bin come?",
    "outcome": "answered",
    "avoidable": "",
    "phone": "",
    "day": "",
    "time": "",
    "submission": "0123456789abcdef",
    "began": "",
}


def priya(house: House) -> Record:
    with scope.everything("making a record for a test"):
        return make_record(council=house.ash)


def letter(house: House, **facts: Any) -> Contact:
    given = {"name": "Sam Okoro", "address": "sam@example.org", "subject": "My bin", "text": "It is full."}
    with scope.everything("a letter comes in for a test"):
        return arrive(
            letter=Arrived(council_id=house.ash.pk, number=facts.pop("number", 1), **(given | facts)),
            now=timezone.now(),
        )


def kept() -> list[Contact]:
    return list(Contact.unscoped("a test").order_by("pk"))


def text_of(response: Any) -> str:
    words: str = response.content.decode()
    return words


class TestRecordingAContact:
    def test_from_the_page_of_a_person_takes_one_screen(self, house: House) -> None:
        record, browser = priya(house), house.browser(house.ada)
        path = f"/work/person/{record.person.reference}/contact/"
        page = text_of(browser.get(path))
        assert "Priya Nair" in page
        assert "07700 900982" in page
        response = browser.post(path, FORM | {"resolved": "on", "avoidable": "progress"})
        assert response.status_code == 302
        assert response["Location"] == f"/work/person/{record.person.reference}/"
        (made,) = kept()
        assert (made.record_id, made.resolved, made.avoidable) == (record.pk, True, "progress")
        with scope.everything("looking at the record in a test"):
            assert Entry.objects.filter(what="person.seen").exists()

    def test_remembers_the_channel_and_sent_twice_is_one(self, house: House) -> None:
        browser = house.browser(house.ada)
        for _ in range(2):
            browser.post("/work/contact/new/", FORM | {"channel": "face-to-face"})
        assert [each.channel for each in kept()] == ["face-to-face"]
        page = text_of(browser.get("/work/contact/new/"))
        assert 'value="face-to-face" checked' in " ".join(page.split())

    def test_says_at_each_question_what_is_wrong(self, house: House) -> None:
        browser = house.browser(house.ada)
        response = browser.post("/work/contact/new/", FORM | {"summary": "", "outcome": ""})
        assert response.status_code == 422
        assert "Choose what came of it" in text_of(response)
        response = browser.post("/work/contact/new/", FORM | {"summary": ""})
        assert "Say what it was about" in text_of(response)
        assert kept() == []

    def test_may_go_on_to_a_request(self, house: House) -> None:
        response = house.browser(house.ada).post("/work/contact/new/", FORM | {"then": "request"})
        assert response["Location"] == f"/work/new/?contact={kept()[0].pk}"

    def test_about_one_of_their_cases_hangs_on_it(self, house: House) -> None:
        reference = house.missed_bin()
        case = Case.unscoped("a test").get(reference=reference)
        record = Record.unscoped("a test").select_related("person").get(cases__case=case.pk)
        path = f"/work/person/{record.person.reference}/contact/"
        browser = house.browser(house.ada)
        assert reference in text_of(browser.get(path))
        browser.post(path, FORM | {"about": f"case:{case.pk}"})
        assert kept()[-1].case_id == case.pk

    def test_with_somebody_whose_record_is_locked_says_whom_to_ask(self, house: House) -> None:
        record = priya(house)
        Record.unscoped("a test").filter(pk=record.pk).update(circle="safeguarding")
        response = house.browser(house.ada).get(f"/work/person/{record.person.reference}/contact/")
        assert response.status_code == 403
        assert "locked" in text_of(response)
        assert "Priya" not in text_of(response)

    def test_is_not_for_everybody(self, house: House) -> None:
        assert house.browser(house.joe).get("/work/contact/new/").status_code == 403
        record = priya(house)
        path = f"/work/person/{record.person.reference}/contact/"
        assert house.browser(house.olive).get(path).status_code == 404
        assert Client().get("/work/contact/new/").status_code == 302


class TestPromisingACallBack:
    @pytest.fixture
    def browser(self, house: House) -> Client:
        with scope.everything("publishing a process for a test"):
            publish_call_back(timezone.now() - timedelta(days=1))
            make_team(council=house.ash, function="customer-services", name="Services", members=(house.ada,))
        return house.browser(house.ada)

    def test_starts_its_case(self, house: House, browser: Client) -> None:
        record = priya(house)
        path = f"/work/person/{record.person.reference}/contact/"
        day = (timezone.localdate() + timedelta(days=2)).isoformat()
        call = {"outcome": "call-back", "phone": "07700 900982", "day": day, "time": "2pm"}
        assert browser.post(path, FORM | call).status_code == 302
        case = Case.unscoped("a test").get(process="call-back")
        assert case.data["not_before"].startswith(f"{day}T14:00")
        assert (kept()[0].outcome, kept()[0].case_id) == ("call-back", case.pk)
        assert "When does the bin come?" in text_of(browser.get(f"/work/person/{record.person.reference}/"))

    def test_says_what_is_missing_where_it_is_missing(self, browser: Client) -> None:
        call = {"outcome": "call-back", "time": "soon", "day": ""}
        response = browser.post("/work/contact/new/", FORM | call)
        assert response.status_code == 422
        assert "Enter a time, like 9:30am" in text_of(response)
        response = browser.post("/work/contact/new/", FORM | call | {"time": "", "phone": "12"})
        assert response.status_code == 422
        assert "Enter a phone number, like" in text_of(response)
        assert not Case.unscoped("a test").filter(process="call-back").exists()


class TestSortingWhatCameIn:
    def test_begins_with_a_list_that_only_those_who_sort_see(self, house: House) -> None:
        letter(house)
        assert "sam@example.org" in text_of(house.browser(house.ada).get("/work/contacts/"))
        assert house.browser(house.ann).get("/work/contacts/").status_code == 403
        assert "sam@example.org" not in text_of(house.browser(house.sue).get("/work/contacts/?tab=nobody"))

    def test_puts_a_letter_to_a_case_by_one_click(self, house: House) -> None:
        reference = house.missed_bin()
        waits = letter(house, text=f"About {reference}: it is full.")
        browser = house.browser(house.ada)
        assert f"Put it to {reference}" in text_of(browser.get(f"/work/contacts/{waits.pk}/"))
        path = f"/work/contacts/{waits.pk}/put/"
        assert browser.post(path, {"case": house.case_id(reference)}).status_code == 302
        assert "it is full." in text_of(browser.get(f"/work/case/{reference}/"))

    def test_puts_a_letter_to_a_person_or_case_by_its_reference(self, house: House) -> None:
        record, waits, browser = priya(house), letter(house), house.browser(house.ada)
        path = f"/work/contacts/{waits.pk}/put/"
        for wrong in ("", "nonsense", "PSN-0000-0000"):
            assert browser.post(path, {"to": wrong}).status_code == 422
        assert browser.post(path, {"to": record.person.reference}).status_code == 302
        assert Contact.unscoped("a test").get(pk=waits.pk).record_id == record.pk
        reference = house.missed_bin()
        browser.post(path, {"to": reference.lower()})
        assert Contact.unscoped("a test").get(pk=waits.pk).outcome == "added"

    def test_says_whom_to_ask_where_the_person_is_locked(self, house: House) -> None:
        record, waits = priya(house), letter(house)
        Record.unscoped("a test").filter(pk=record.pk).update(circle="hub", locked_why="Works for us.")
        answer = house.browser(house.ada).post(
            f"/work/contacts/{waits.pk}/put/", {"to": record.person.reference}
        )
        assert answer.status_code == 422
        assert "Works for us." in text_of(answer)
        assert Contact.unscoped("a test").get(pk=waits.pk).record_id is None

    def test_puts_a_letter_to_the_record_that_is_open(self, house: House) -> None:
        record, waits = priya(house), letter(house)
        with scope.everything("a second record of one person in a test"):
            other = make_record(council=house.ash, person=record.person)
        Record.unscoped("a test").filter(pk=record.pk).update(circle="hub")
        path = f"/work/contacts/{waits.pk}/put/"
        assert house.browser(house.ada).post(path, {"to": record.person.reference}).status_code == 302
        assert Contact.unscoped("a test").get(pk=waits.pk).record_id == other.pk

    def test_sets_a_letter_aside_with_a_reason(self, house: House) -> None:
        waits, browser = letter(house), house.browser(house.ada)
        path = f"/work/contacts/{waits.pk}/aside/"
        assert browser.post(path, {}).status_code == 422
        assert browser.post(path, {"reason": "advert"})["Location"] == "/work/contacts/"
        assert "sam@example.org" not in text_of(browser.get("/work/contacts/"))
        assert "sam@example.org" in text_of(browser.get("/work/contacts/?tab=aside"))

    def test_answers_a_letter(self, house: House) -> None:
        waits, browser = letter(house), house.browser(house.ada)
        path = f"/work/contacts/{waits.pk}/answer/"
        assert "Re: My bin" in text_of(browser.get(path))
        form = {"subject": "Re: My bin", "text": "", "submission": "0123456789abcdef"}
        assert browser.post(path, form).status_code == 422
        assert browser.post(path, form | {"text": "On Friday."}).status_code == 302
        assert Message.unscoped("a test").get(to="sam@example.org").body == "On Friday."

    def test_is_not_there_at_another_council(self, house: House) -> None:
        waits = letter(house)
        for path in ("", "answer/"):
            assert house.browser(house.olive).get(f"/work/contacts/{waits.pk}/{path}").status_code in {
                403,
                404,
            }
        assert (
            house.browser(house.ann).post(f"/work/contacts/{waits.pk}/put/", {"to": "x"}).status_code == 403
        )


class TestMailThatCouldNotBeRead:
    @pytest.fixture
    def received(self, house: House) -> Received:
        with scope.everything("a letter comes in for a test"):
            now = timezone.now()
            box = add_mailbox(by=Viewer.system(), council=house.ash, address="help@ash.example", now=now)
            kept = keep(mailbox=box.mailbox, raw=b"From: sam@example.org\nSubject: Bin\n\n", now=now)
            Received.objects.filter(pk=kept.pk).update(reason="It is empty.", subject="Bin")
        return kept

    def test_is_listed_with_its_reason_and_read_again(self, house: House, received: Received) -> None:
        browser = house.browser(house.ada)
        assert "It is empty." in text_of(browser.get("/work/contacts/"))
        assert browser.post(f"/work/mail/{received.pk}/again/").status_code == 302
        assert Received.unscoped("a test").get().state == "waiting"

    def test_is_set_aside_for_a_reason(self, house: House, received: Received) -> None:
        browser = house.browser(house.ada)
        assert browser.post(f"/work/mail/{received.pk}/aside/", {"reason": "x"}).status_code == 422
        assert browser.post(f"/work/mail/{received.pk}/aside/", {"reason": "advert"}).status_code == 302
        assert Received.unscoped("a test").get().reason == "Advertising or spam"
        assert "Nothing waits" in text_of(browser.get("/work/contacts/"))
        assert "Mail that was set aside before it was filed" in text_of(
            browser.get("/work/contacts/?tab=aside")
        )
        assert browser.post(f"/work/mail/{received.pk}/again/").status_code == 302

    def test_is_given_as_it_came_and_to_nobody_elsewhere(self, house: House, received: Received) -> None:
        response = house.browser(house.ada).get(f"/work/mail/{received.pk}/original/")
        assert response.content.startswith(b"From: sam@example.org")
        assert response["Content-Disposition"].startswith("attachment")
        for act in ("again", "aside"):
            path = f"/work/mail/{received.pk}/{act}/"
            assert house.browser(house.olive).post(path, {"reason": "advert"}).status_code in {403, 404}


class TestSayingMoreOfAContact:
    def test_marks_and_settles_by_a_tap(self, house: House) -> None:
        browser = house.browser(house.ada)
        browser.post("/work/contact/new/", FORM)
        path = f"/work/contacts/{kept()[0].pk}/"
        browser.post(f"{path}avoidable/", {"reason": "unclear"})
        browser.post(f"{path}settled/", {"settled": "yes"})
        assert (kept()[0].avoidable, kept()[0].resolved) == ("unclear", True)
        page = text_of(browser.get(path))
        assert 'aria-pressed="true"' in page
        browser.post(f"{path}avoidable/", {"reason": ""})
        browser.post(f"{path}settled/", {"settled": "no"})
        assert (kept()[0].avoidable, kept()[0].resolved) == ("", False)


class TestDemand:
    def test_is_counted_and_leads_to_its_contacts(self, house: House) -> None:
        browser = house.browser(house.ada)
        for number, reason in enumerate(("progress", "progress", "", "unclear")):
            form = FORM | {
                "avoidable": reason,
                "submission": f"submission-{number}",
                "summary": f"Call {number}",
            }
            browser.post("/work/contact/new/", form)
        viewer = house.browser(house.sue)
        page = text_of(viewer.get("/work/demand/"))
        assert "3 of 4 contacts (75%) were marked as avoidable." in page
        assert "Chasing progress" in page
        found = text_of(viewer.get("/work/demand/contacts/?reason=progress"))
        assert "Call 0" in found
        assert "Call 3" not in found
        narrowed = text_of(viewer.get("/work/demand/?channel=letter&months=3"))
        assert "No contacts are recorded in this time." in narrowed

    def test_says_how_much_stayed_settled(self, house: House) -> None:
        record = priya(house)
        browser = house.browser(house.ada)
        path = f"/work/person/{record.person.reference}/contact/"
        form = FORM | {"resolved": "on", "about": "service:missed-bin"}
        browser.post(path, form)
        browser.post(path, form | {"submission": "another-form"})
        first, second = kept()
        Contact.unscoped("a test").filter(pk=first.pk).update(at=timezone.now() - timedelta(days=20))
        Contact.unscoped("a test").filter(pk=second.pk).update(at=timezone.now() - timedelta(days=15))
        page = " ".join(text_of(house.browser(house.sue).get("/work/demand/")).split())
        assert "Settled at the first contact" in page
        assert "50%" in page

    @pytest.mark.parametrize("month", ["9999-12-01", "0001-01-01", "2026-02-31", "x"])
    def test_leads_to_all_contacts_where_there_is_no_such_month(self, house: House, month: str) -> None:
        house.browser(house.ada).post("/work/contact/new/", FORM)
        page = text_of(house.browser(house.sue).get(f"/work/demand/contacts/?month={month}"))
        assert "When does the bin come?" in page

    def test_counts_nothing_of_another_council_and_is_for_few(self, house: House) -> None:
        house.browser(house.ada).post("/work/contact/new/", FORM)
        assert "No contacts are recorded" in text_of(house.browser(house.olive).get("/work/demand/"))
        assert house.browser(house.ada).get("/work/demand/").status_code == 403
