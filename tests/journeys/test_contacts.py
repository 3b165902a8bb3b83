"""A contact, from the call to the figures: recorded by keyboard alone, a letter sorted by a click."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from moothall.contacts.actions.arriving import Arrived, arrive
from tests.contacts.making import publish_call_back
from tests.journeys.conftest import come_in
from tests.journeys.sight import enter, look, tab_to
from tests.makers import make_team
from tests.workplace.registered import Register, make_register
from tests.workplace.staffed import make_house

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("plain")]


@pytest.fixture
def register() -> Register:
    found = make_register(make_house())
    publish_call_back(timezone.now() - timedelta(days=1))
    make_team(
        council=found.house.ash,
        function="customer-services",
        name="Customer services",
        members=(found.house.ada,),
    )
    return found


class TestAContact:
    def test_is_recorded_by_keyboard_alone_and_counted(self, page: Page, register: Register) -> None:
        come_in(page, register.house.ada.user, f"{register.page(register.priya)}contact/")
        look(page, "contact-new")
        tab_to(page, "What was said?")
        page.keyboard.type("She asked again when the bin is emptied.")
        tab_to(page, "Answered")
        page.keyboard.press("Space")
        tab_to(page, "It is settled now")
        page.keyboard.press("Space")
        tab_to(page, "Not before when?")
        tab_to(page, "No")
        page.keyboard.press("ArrowDown")
        tab_to(page, "Record it")
        enter(page)
        expect(page.get_by_text("The contact is recorded.")).to_be_visible()
        expect(page.get_by_text("could have been avoided: chasing progress")).to_be_visible()
        come_in(page, register.house.sue.user, "/work/demand/")
        expect(page.get_by_text("1 of 1 contacts (100%)")).to_be_visible()
        look(page, "demand")
        page.get_by_role("link", name="contacts of Chasing progress, contacts").click()
        look(page, "demand-contacts")
        page.locator(".work-case a").first.click()
        look(page, "contact")

    def test_says_what_a_call_back_needs(self, page: Page, register: Register) -> None:
        come_in(page, register.house.ada.user, f"{register.page(register.priya)}contact/?outcome=call-back")
        page.get_by_label("What was said?").fill("Her council tax")
        page.get_by_label("Not before when?").fill("soon")
        page.get_by_role("button", name="Record it", exact=True).click()
        expect(page.get_by_role("alert").first).to_contain_text("Enter a time")
        look(page, "contact-refused")
        page.get_by_label("On which day?").select_option(index=1)
        page.get_by_label("Not before when?").fill("2pm")
        page.get_by_role("button", name="Record it", exact=True).click()
        expect(page.get_by_text("The call-back is promised.")).to_be_visible()
        expect(page.get_by_text("Call promised")).to_be_visible()

    def test_that_came_as_a_letter_is_sorted_by_a_click(self, page: Page, register: Register) -> None:
        reference = register.bin_of(register.priya)
        letter = Arrived(
            council_id=register.house.ash.pk,
            number=1,
            name="Priya Nair",
            address="other@example.org",
            subject="My bin",
            text=f"It is about {reference}: still full.",
        )
        waits = arrive(letter=letter, now=timezone.now())
        come_in(page, register.house.ada.user, "/work/contacts/")
        look(page, "contacts")
        page.get_by_role("link", name="My bin").click()
        look(page, "contact-to-sort")
        page.goto(f"/work/contacts/{waits.pk}/answer/")
        look(page, "contact-answer")
        page.goto(f"/work/contacts/{waits.pk}/")
        page.get_by_role("button", name=f"Put it to {reference}").click()
        expect(page.get_by_text("It is put there.")).to_be_visible()
        look(page, "contact-put")
