"""A service designer at work: a new version is written, tried and published by two people; another begins from BPMN."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings

from moothall.councils.models import Staff
from tests.journeys.conftest import come_in
from tests.journeys.sight import enter, look, tab_to
from tests.makers import make_staff, make_user
from tests.workplace.staffed import House, make_house

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
BPMN = Path(__file__).parent.parent / "process" / "bpmn" / "camunda-modeler.bpmn"


@pytest.fixture
def house(plain: None) -> House:
    return make_house()


def designer(house: House, name: str) -> Staff:
    return make_staff(council=house.ash, roles=("service-designer",), user=make_user(name=name))


SELECT = """(area, old) => {
  const at = area.value.indexOf(old);
  area.focus();
  area.setSelectionRange(at, at + old.length);
}"""


def replace_in_text(page: Page, old: str, new: str, *, of: str = "process") -> None:
    """Select a text in the editor, and type another over it."""
    page.get_by_label(f"The {of} as text").evaluate(SELECT, old)
    page.keyboard.type(new)


class TestADesigner:
    def test_writes_a_new_version_and_somebody_else_publishes_it(
        self, page: Page, house: House, settings: Settings
    ) -> None:
        settings.TWO_PERSON_PUBLISHING = True
        house.missed_bin()
        come_in(page, designer(house, "Dee Designer").user, "/work/processes/")
        look(page, "designer-processes")
        page.get_by_role("link", name="Missed bin collection").click()
        expect(page.get_by_role("img", name="Missed bin collection, as a picture")).to_be_visible()
        page.get_by_text("The same as a list").click()
        look(page, "designer-process")
        page.get_by_role("button", name="Write a new version").click()
        look(page, "designer-draft")
        replace_in_text(page, "title: Check the round", "titel: Look at the round")
        expect(page.get_by_role("status").filter(has_text="mistake")).to_be_visible()
        expect(page.get_by_text("“titel” is not a key here")).to_be_visible()
        look(page, "designer-draft-wrong")
        page.get_by_role("link", name="Line ").first.click()
        expect(page.get_by_label("The process as text")).to_be_focused()
        replace_in_text(page, "titel: Look at the round", "title: Look at the round")
        expect(page.get_by_role("status").filter(has_text="Nothing is wrong")).to_be_visible()
        expect(page.locator("svg.picture").get_by_text("Look at the round")).to_be_visible()
        page.get_by_role("button", name="Save the draft").click()
        expect(page.get_by_text("Saved.")).to_be_visible()
        page.get_by_role("link", name="What it changes, and publish").click()
        expect(page.get_by_text("Look at the round").first).to_be_visible()
        page.get_by_role("button", name="Try it").click()
        expect(page.get_by_text("Every case ended")).to_be_visible()
        page.get_by_role("link", name="Try it on all of them").click()
        expect(page.get_by_text("1 case: 1 safe, 0 need a choice")).to_be_visible()
        look(page, "designer-review")
        page.get_by_role("button", name="Propose it").click()
        expect(page.get_by_text("The draft is proposed.")).to_be_visible()
        expect(page.get_by_role("button", name="Publish it")).to_have_count(0)
        come_in(page, designer(house, "Max Second").user, "/work/processes/missed-bin/draft/review/")
        page.get_by_role("button", name="Publish it").click()
        expect(page.get_by_text("Version 2 is published.")).to_be_visible()
        page.get_by_role("link", name="What changed from version to version").click()
        look(page, "designer-changes")

    def test_begins_a_process_by_keyboard_alone(self, page: Page, house: House) -> None:
        come_in(page, designer(house, "Dee Designer").user, "/work/processes/")
        tab_to(page, "New process")
        enter(page)
        look(page, "designer-begin")
        tab_to(page, "What is it called?")
        page.keyboard.type("Skip permit")
        tab_to(page, "What is its short name?")
        page.keyboard.type("skip-permit")
        tab_to(page, "Begin the draft")
        enter(page)
        expect(page.get_by_text("“Skip permit” is a draft now.")).to_be_visible()
        tab_to(page, "The process as text")
        page.keyboard.press("Control+End")
        page.keyboard.type("# written without a mouse")
        tab_to(page, "Save the draft")
        enter(page)
        expect(page.get_by_text("Saved.")).to_be_visible()
        tab_to(page, "What it changes, and publish")
        enter(page)
        tab_to(page, "Publish it")
        enter(page)
        expect(page.get_by_text("Version 1 is published.")).to_be_visible()
        expect(page.get_by_text("# written without a mouse")).to_be_visible()

    def test_imports_from_bpmn_and_gives_a_council_its_own_way(self, page: Page, house: House) -> None:
        come_in(page, designer(house, "Dee Designer").user, "/work/new-process/import/")
        look(page, "designer-import")
        page.get_by_label("The file").set_input_files(BPMN)
        page.get_by_role("button", name="Make a draft of it").click()
        expect(page.get_by_text("This is a first draft.")).to_be_visible()
        expect(page.get_by_label("The process as text")).to_have_value(re.compile("There is room"))
        page.goto("/work/processes/missed-bin/at/ash/")
        look(page, "designer-own")
        page.get_by_role("button", name="Write its own way").click()
        replace_in_text(page, "clocks: {}", "clocks: {return: {within: 3 working days}}", of="overlay")
        page.get_by_role("button", name="Save the draft").click()
        page.get_by_role("link", name="What it changes, and publish").click()
        look(page, "designer-own-review")
        page.get_by_role("button", name="Publish it").click()
        expect(page.get_by_text("3 working days").first).to_be_visible()

    def test_moves_running_cases(self, page: Page, house: House) -> None:
        house.missed_bin()
        come_in(page, designer(house, "Dee Designer").user, "/work/processes/missed-bin/move/")
        look(page, "designer-move")
        page.goto("/work/processes/missed-bin/try/?cases=40&council=ash")
        look(page, "designer-try")
