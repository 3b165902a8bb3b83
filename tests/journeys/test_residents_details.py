"""A letter from the counter to the kitchen table: made, printed, typed in, and what the resident does with it."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django import Settings

from moothall.councils import scope
from moothall.identity.models import User
from moothall.persons.models import Record
from moothall.process.models import Case
from tests.journeys.conftest import come_in
from tests.journeys.sight import enter, look, tab_to
from tests.makers import make_team, make_user
from tests.persons.making import a_birth, a_name, make_record
from tests.persons.processes import publish
from tests.persons.residents import represent
from tests.requests.making import Town, make_town

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def town(transactional_db: None, settings: Settings) -> Iterator[Town]:
    settings.SECOND_FACTOR = "off"
    with scope.everything("a journey looks over everybody's shoulder"):
        made = make_town(services=("general-enquiry",), code="ashfield")
        for key in ("connect-letter", "change-details"):
            publish(key, timezone.now())
        make_team(council=made.council, function="customer-services", name="Customer services")
        yield made


@pytest.fixture
def record(town: Town) -> Record:
    """Priya Nair, for whom Ravi Sen acts."""
    made = make_record(council=town.council)
    ravi = make_record(council=town.council, facts=[a_name("Ravi", "Sen"), a_birth("1950-01-01")])
    represent(town.adviser, made, ravi, timezone.now())
    return made


def make_the_letter(page: Page, town: Town, record: Record) -> tuple[str, str]:
    """Make a letter as an adviser; return the reference and the code that it shows."""
    come_in(
        page,
        User.objects.get(pk=town.adviser.actor.user_id or 0),
        f"/work/person/{record.person.reference}/letter/",
    )
    expect(page.get_by_text("14 Mill Lane")).to_be_visible()
    look(page, "letter-before")
    page.get_by_role("button", name="Make the letter").click()
    expect(page.get_by_role("heading", name="Print this letter now")).to_be_visible()
    look(page, "letter")
    page.emulate_media(media="print")
    expect(page.get_by_text("Print this letter now")).to_be_hidden()
    expect(page.get_by_text("Dear Priya Nair")).to_be_visible()
    page.emulate_media(media="screen")
    shown = page.locator(".letter__code dd").all_inner_texts()
    return shown[0], shown[1]


class TestALetter:
    def test_leads_somebody_to_their_own_details(self, page: Page, town: Town, record: Record) -> None:
        reference, code = make_the_letter(page, town, record)
        come_in(page, make_user(name="Priya Nair"), "/ashfield/")
        if (menu := page.get_by_role("button", name="Menu")).is_visible():
            menu.click()
        page.get_by_role("link", name="Your details").click()
        look(page, "details-ways")
        page.get_by_role("button", name="Enter the code").click()
        look(page, "details-code")
        page.get_by_role("button", name="Connect my account").click()
        expect(page.get_by_role("alert").first).to_contain_text("Enter the reference from the letter")
        look(page, "details-code-empty")
        page.get_by_label("Reference").fill(reference.lower())
        page.get_by_label("Code", exact=True).fill("0000 0000 0000")
        page.get_by_role("button", name="Connect my account").click()
        expect(page.get_by_role("alert").first).to_contain_text("do not belong together")
        look(page, "details-code-wrong")
        page.get_by_label("Code", exact=True).fill(code.replace("-", " ").lower())
        page.get_by_role("button", name="Connect my account").click()
        expect(page.get_by_text("Your account is now connected")).to_be_visible()
        look(page, "details")
        self.put_right(page)
        self.end_what_is_over(page)

    def put_right(self, page: Page) -> None:
        page.get_by_role("link", name="Add a phone number").click()
        look(page, "details-add")
        page.get_by_label("Phone number").fill("12")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("alert").first).to_be_visible()
        look(page, "details-add-wrong")
        page.get_by_label("Phone number").fill("07700 900123")
        page.get_by_label("Mobile").check()
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("Thank you. We have added it.")).to_be_visible()
        page.get_by_role("link", name="Take away 07700 900982 (mobile)").click()
        look(page, "details-take-away")
        page.get_by_role("button", name="Take it away").click()
        expect(page.get_by_text("07700 900982")).to_have_count(0)

    def end_what_is_over(self, page: Page) -> None:
        page.get_by_role("link", name="End this Ravi Sen acts for you").click()
        look(page, "details-acting")
        page.get_by_role("button", name="End this").click()
        expect(page.get_by_text("Ravi Sen does not act for you any more.")).to_be_visible()
        page.get_by_role("link", name="Tell us what has changed").click()
        look(page, "details-change")
        page.goto("/ashfield/details/")
        page.get_by_role("link", name="This is not me").click()
        look(page, "details-not-me")
        page.get_by_role("button", name="End the connection").click()
        expect(page.get_by_text("Your account is not connected any more.")).to_be_visible()

    def test_is_asked_for_by_whoever_has_none(self, page: Page, town: Town, record: Record) -> None:
        come_in(page, make_user(name="Priya Nair"), "/ashfield/details/")
        page.get_by_role("link", name="Ask us for a letter").click()
        look(page, "details-letter")
        page.get_by_role("button", name="Ask for a letter").click()
        look(page, "details-letter-empty")
        for label, said in (("What is your full name?", "Priya Nair"), ("Day", "4"), ("Month", "5")):
            page.get_by_label(label, exact=True).fill(said)
        page.get_by_label("Year", exact=True).fill("1980")
        page.get_by_label("Address line 1").fill("14 Mill Lane")
        page.get_by_label("Town or city").fill("Alderbridge")
        page.get_by_label("Postcode").fill("AB10 1AB")
        page.get_by_role("button", name="Ask for a letter").click()
        expect(page.get_by_text("If we find you, we send a letter")).to_be_visible()
        look(page, "details-letter-asked")
        assert Case.objects.get().process == "connect-letter"

    def test_is_used_by_keyboard_alone(self, page: Page, town: Town, record: Record) -> None:
        reference, code = make_the_letter(page, town, record)
        come_in(page, make_user(name="Priya Nair"), "/ashfield/details/connect/")
        tab_to(page, "Reference")
        page.keyboard.type(reference)
        tab_to(page, "Code")
        page.keyboard.type(code)
        tab_to(page, "Connect my account")
        enter(page)
        expect(page.get_by_role("heading", name="Your details", exact=True)).to_be_visible()
        tab_to(page, "Change")
        enter(page)
        expect(page.get_by_role("heading", name="Change your phone number")).to_be_visible()

    def test_and_its_connection_are_ended_by_staff(self, page: Page, town: Town, record: Record) -> None:
        reference, code = make_the_letter(page, town, record)
        priya = make_user(name="Priya Nair")
        client = Client()
        client.force_login(priya)
        client.post("/ashfield/details/connect/", {"reference": reference, "code": code})
        page.goto(f"/work/person/{record.person.reference}/connection/end/")
        look(page, "connection")
        page.get_by_role("button", name="End the connection").click()
        expect(page.get_by_text("No account is connected")).to_be_visible()
        look(page, "connection-none")
        assert "First we must be sure" in client.get("/ashfield/details/").content.decode()
