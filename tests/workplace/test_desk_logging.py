"""Logging a call for somebody: who it is, what follows, and what is known already."""

import pytest

from moothall.councils import scope
from moothall.servicedesk.models import Call
from tests.workplace.desk_pages import (
    FOUND,
    QUEUE,
    REFUSED,
    UNPROCESSABLE,
    Pages,
    page_of,
    text_of,
)

pytestmark = pytest.mark.django_db


FORM = {
    "kind": "incident",
    "channel": "phone",
    "summary": "The screen is black",
    "detail": "",
    "system": "",
    "category": "hardware",
    "impact": "one-person",
    "urgency": "no",
    "submission": "abcdef0123456789",
}


class TestLoggingACallForSomebody:
    def test_finds_the_user_by_name_or_address(self, pages: Pages) -> None:
        user = pages.desk.staff["user"].user
        browser = pages.browser("analyst")
        for words in (user.name, user.email[:12]):
            text = text_of(browser.get(f"{QUEUE}new/", {"q": words}))
            assert f"caller={pages.desk.staff['user'].pk}" in text
        assert "Nobody of the staff is called" in text_of(browser.get(f"{QUEUE}new/", {"q": "Nobody Here"}))

    def test_shows_the_priority_and_what_is_open_before_it_is_saved(self, pages: Pages) -> None:
        item = pages.item_in_use("Housing")
        other = pages.incident(item_id=item.pk)
        fields = FORM | {
            "system": item.pk,
            "check": "yes",
            "caller": pages.desk.staff["user"].pk,
            "summary": "",
        }
        response = pages.browser("analyst").post(f"{QUEUE}new/", fields)
        text = text_of(response)
        assert response.status_code == 200
        assert "Service restored within 3 working days" in text
        assert f'Log it under this one<span class="govuk-visually-hidden">: {other.reference}' in text

    def test_logs_it_for_a_member_of_staff_and_sent_twice_is_one(self, pages: Pages) -> None:
        browser = pages.browser("analyst")
        for _ in range(2):
            response = browser.post(f"{QUEUE}new/", FORM | {"caller": pages.desk.staff["user"].pk})
        with scope.everything("a test"):
            (call,) = Call.objects.all()
        assert response["Location"] == page_of(call)
        assert (call.requester_id, call.channel, call.priority) == (pages.desk.user.actor.user_id, "phone", 3)

    def test_logs_it_for_somebody_the_directory_does_not_know_and_puts_it_under_another(
        self, pages: Pages
    ) -> None:
        parent = pages.incident()
        fields = FORM | {
            "caller_name": "Robin Agency",
            "caller_email": "robin@agency.example",
            "council": pages.desk.elm.code,
            "under": parent.reference,
        }
        pages.browser("analyst").post(f"{QUEUE}new/", fields)
        with scope.everything("a test"):
            call = Call.objects.get(caller_email="robin@agency.example")
        assert (call.council_id, call.parent_id, call.requester_id) == (pages.desk.elm.pk, parent.pk, None)

    def test_says_at_each_question_what_is_missing(self, pages: Pages) -> None:
        fields = FORM | {"summary": "", "impact": "", "category": ""}
        response = pages.browser("analyst").post(f"{QUEUE}new/", fields)
        assert response.status_code == UNPROCESSABLE
        for words in (
            "Say what is wrong",
            "Choose how many are affected",
            "Choose what kind of fault it is",
            "Enter the name of the user",
        ):
            assert words in text_of(response)

    def test_logs_what_somebody_needs(self, pages: Pages) -> None:
        fields = {**FORM, "kind": "request", "approval": "none", "caller": pages.desk.staff["user"].pk}
        assert pages.browser("analyst").post(f"{QUEUE}new/", fields).status_code == FOUND
        with scope.everything("a test"):
            assert Call.objects.get().kind == "request"

    def test_is_not_for_everybody(self, pages: Pages) -> None:
        assert pages.browser("user").get(f"{QUEUE}new/").status_code == REFUSED
        assert pages.browser("client").get(f"{QUEUE}new/").status_code == REFUSED
