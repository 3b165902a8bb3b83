"""A day at work: an officer takes a case and finishes it, two people meet on one case, a supervisor passes work on."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import come_in
from tests.journeys.sight import enter, look, tab_to
from tests.workplace.staffed import House, make_house

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def house(plain: None) -> House:
    return make_house()


class TestAnOfficer:
    def test_takes_a_case_sees_why_not_and_finishes_it(self, page: Page, house: House) -> None:
        reference = house.missed_bin(ago=timedelta(days=6))
        come_in(page, house.ann.user, "/work/")
        expect(page.get_by_text("You have no work of your own")).to_be_visible()
        look(page, "work-empty")
        page.get_by_role("link", name="See what is not yet taken").click()
        expect(page.get_by_text("working days late").first).to_be_visible()
        look(page, "work-free")
        page.get_by_role("link", name=reference).click()
        page.get_by_role("button", name="Take it").click()
        expect(page.get_by_text("“Check the round” is yours.")).to_be_visible()
        look(page, "case")
        page.get_by_label("The bin had the wrong waste in it").check()
        page.get_by_label("Send a crew back").check()
        page.get_by_role("button", name="Save and go on").click()
        expect(page.get_by_role("alert").first).to_contain_text("must be")
        look(page, "case-not-yet")
        page.get_by_label("The street was not finished").check()
        page.get_by_role("button", name="Save and go on").click()
        expect(page.get_by_text("“Check the round” is done: Send a crew back.")).to_be_visible()
        page.get_by_role("link", name="Bin emptied").click()
        expect(page.get_by_text("Counted so far")).to_be_visible()
        look(page, "clock")
        page.get_by_role("link", name=f"Back to {reference}").click()
        page.get_by_label("The bin is emptied").check()
        page.get_by_role("button", name="Save and go on").click()
        expect(page.get_by_text("This case is closed: The bin is emptied.")).to_be_visible()
        look(page, "case-closed")

    def test_loses_nothing_when_somebody_else_was_faster(self, page: Page, house: House) -> None:
        reference = house.missed_bin()
        come_in(page, house.ann.user, f"/work/case/{reference}/")
        page.get_by_label("What do you need to know from the resident?").fill("Is there a dog?")
        page.get_by_label("Ask the resident a question").check()
        house.act(house.bob, reference, "ask-resident", {"question": "Which gate is it at?"})
        house.act(house.bob, reference, "answered", {"answer": "The left one"}, step="reply")
        page.get_by_role("button", name="Save and go on").click()
        expect(page.get_by_role("heading", name="was changed while you were working on it")).to_be_visible()
        both = page.get_by_role("region", name="Both versions")
        expect(both).to_contain_text("Is there a dog?")
        expect(both).to_contain_text("Which gate is it at?")
        look(page, "case-changed")
        page.get_by_role("button", name="Save and go on").click()
        expect(page.get_by_text("“Check the round” is done: Ask the resident a question.")).to_be_visible()

    def test_works_by_keyboard_alone(self, page: Page, house: House) -> None:
        reference = house.missed_bin()
        come_in(page, house.ann.user, "/work/?tab=free")
        tab_to(page, reference)
        enter(page)
        tab_to(page, "Take it")
        enter(page)
        tab_to(page, "Nothing was reported")
        page.keyboard.press("Space")
        tab_to(page, "Send a crew back")
        page.keyboard.press("Space")
        tab_to(page, "Save and go on")
        enter(page)
        expect(page.get_by_text("“Check the round” is done: Send a crew back.")).to_be_visible()
        tab_to(page, "Add a note")
        page.keyboard.type("Done without a mouse.")
        tab_to(page, "Save the note")
        enter(page)
        expect(page.get_by_text("Done without a mouse.")).to_be_visible()


class TestASupervisor:
    def test_passes_work_on_from_the_queues(self, page: Page, house: House) -> None:
        reference = house.missed_bin()
        come_in(page, house.sue.user, "/work/queues/")
        look(page, "queues")
        page.get_by_role("link", name="1 to do, Waste team, Ash District Council").click()
        page.get_by_role("link", name=reference).click()
        page.get_by_role("link", name="Pass it on").click()
        page.get_by_role("button", name="Pass it on").click()
        expect(page.get_by_role("alert")).to_contain_text("Say why you pass it on")
        look(page, "pass-on-error")
        page.get_by_label("Who should do it?").select_option(label="Bob Officer", value=None)
        page.get_by_label("Why do you pass it on?").fill("You know this street.")
        page.get_by_role("button", name="Pass it on").click()
        expect(page.get_by_text("“Check the round” is passed on.")).to_be_visible()
        expect(page.get_by_text("You know this street.")).to_be_visible()


class TestAnAdviser:
    def test_finds_a_case_by_postcode(self, page: Page, house: House) -> None:
        reference = house.missed_bin()
        come_in(page, house.ada.user, "/work/")
        page.get_by_label("Find a person or case").last.fill("ab10 1ab")
        page.get_by_role("button", name="Search").click()
        look(page, "search")
        page.get_by_role("link", name=reference).click()
        expect(page.get_by_role("link", name="Sam Okoro", exact=True)).to_be_visible()

    def test_makes_a_request_for_a_caller(self, page: Page, house: House) -> None:
        come_in(page, house.ada.user, "/work/new/")
        look(page, "raise-choose")
        page.get_by_role("link", name="Report a missed bin collection").click()
        page.get_by_role("button", name="Make the request").click()
        expect(page.get_by_role("alert")).to_contain_text("Select which bin was missed")
        look(page, "raise-error")


class TestThePagesOfThoseWhoLookAfterIt:
    @pytest.mark.parametrize(
        "path",
        ["people/", "teams/", "roles/", "agreements/", "hours/", "hours/ash/close/", "journal/", "jobs/", "search/",
         "processes/", "processes/missed-bin/", "person"],
    )  # fmt: skip
    def test_are_accessible(self, page: Page, house: House, path: str) -> None:
        house.missed_bin()
        come_in(page, house.joe.user, f"/work/{path.replace('person', f'people/{house.ann.pk}/')}")
        look(page, f"work-{path.replace('/', '-')}")
