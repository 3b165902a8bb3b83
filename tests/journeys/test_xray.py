"""A supervisor asks how work really goes: from a process to its figures, by keyboard to the cases behind one."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.journeys.conftest import come_in
from tests.journeys.sight import enter, look, tab_to
from tests.makers import make_grant
from tests.workplace.staffed import House, make_house

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
PAGES = (
    "Where cases wait", "Promises", "Done again", "Team to team", "Ways through", "What follows what",
    "Out of the ordinary", "Councils side by side",
)  # fmt: skip


@pytest.fixture
def house(plain: None) -> House:
    made = make_house()
    make_grant(staff=made.sue, role="supervisor", council=made.elm)
    return made


def played(house: House) -> str:
    """Play a request with a question and an end, and one of each council that waits."""
    reference = house.missed_bin(ago=timedelta(days=6))
    at = timezone.now() - timedelta(days=5)
    house.act(house.ann, reference, "ask-resident", {"question": "Which gate?"}, now=at)
    at += timedelta(days=1)
    house.act(house.ann, reference, "answered", {"answer": "The left"}, step="reply", now=at)
    house.act(house.ann, reference, "return", {"crew_report": "not-done"}, now=at + timedelta(hours=2))
    house.act(house.ann, reference, "emptied", {}, step="collect", now=at + timedelta(days=1))
    house.missed_bin()
    elsewhere = house.missed_bin(council=house.elm, ago=timedelta(days=2))
    house.act(house.ann, elsewhere, "return", {"crew_report": "nothing"})
    return reference


class TestASupervisor:
    def test_goes_from_the_menu_to_the_cases_behind_a_figure(self, page: Page, house: House) -> None:
        reference = played(house)
        come_in(page, house.sue.user, "/work/x-ray/")
        look(page, "xray-choose")
        page.get_by_role("link", name="Missed bin collection").click()
        expect(page.get_by_text("3 cases were opened in this period.")).to_be_visible()
        look(page, "xray-summary")
        for name in PAGES:
            page.get_by_role("navigation", name="Pages of the X-ray").get_by_role("link", name=name).click()
            expect(page.get_by_role("heading", level=1)).to_contain_text(name)
            look(page, f"xray-{name.lower().replace(' ', '-')}")
        page.get_by_role("link", name="Where cases wait").click()
        page.get_by_label("Ash District Council").check()
        page.get_by_role("button", name="Show").click()
        expect(page.get_by_text("at Ash District Council, as they stand now.")).to_be_visible()
        tab_to(page, "2\n: cases of Check the round")
        enter(page)
        expect(page.get_by_role("heading", level=1)).to_contain_text("“Check the round” was done")
        expect(page.get_by_text("2 times in 1 case opened")).to_be_visible()
        look(page, "xray-cases")
        page.get_by_role("link", name=reference).click()
        expect(page.get_by_text("This case is closed")).to_be_visible()

    def test_reads_what_a_figure_means_and_takes_a_table_away(self, page: Page, house: House) -> None:
        played(house)
        come_in(page, house.sue.user, "/work/x-ray/missed-bin/promises/")
        page.get_by_text("What “Promises” means and how it is worked out").click()
        expect(page.get_by_text("A promise is kept if its step is done in time.")).to_be_visible()
        look(page, "xray-meaning")
        with page.expect_download() as coming:
            page.get_by_role("link", name="Download “Promises” as CSV").click()
        assert coming.value.suggested_filename == "missed-bin-promises-clocks.csv"
        page.goto("/work/x-ray/missed-bin/")
        with page.expect_download() as coming:
            page.get_by_role("button", name="Download as XES").click()
        assert coming.value.suggested_filename == "missed-bin.xes"
