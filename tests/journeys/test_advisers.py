"""An adviser with somebody on the line, by keyboard alone: found with a typo, helped, and seen again."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from moothall.persons.rules.facts import NewFact
from tests.journeys.conftest import come_in
from tests.journeys.sight import enter, look, tab_to
from tests.workplace.registered import Register, make_register
from tests.workplace.staffed import make_house

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("plain")]


@pytest.fixture
def register() -> Register:
    found = make_register(make_house())
    body = {"category": "animal", "text": "A large dog in the yard", "review_on": "2030-01-01"}
    found.tell(found.priya, NewFact(kind="alert", body=body))
    found.tell(found.priya, NewFact(kind="language", body={"language": "pa", "interpreter": True}))
    found.tell(found.priya, NewFact(kind="need", body={"need": "large-print"}))
    return found


def type_day(page: Page) -> None:
    """Enter today, box by box."""
    today = timezone.localdate()
    for part, value in (("Day", today.day), ("Month", today.month), ("Year", today.year)):
        tab_to(page, part)
        page.keyboard.type(str(value))


class TestAnAdviser:
    def test_finds_a_caller_with_a_typo_and_raises_a_missed_bin_by_keyboard(
        self, page: Page, register: Register
    ) -> None:
        come_in(page, register.house.ada.user, "/work/")
        page.keyboard.press("/")
        page.keyboard.type("pria nair")
        enter(page)
        expect(page.get_by_role("heading", name="People")).to_be_visible()
        look(page, "adviser-search")
        tab_to(page, "Priya Nair")
        enter(page)
        expect(page.get_by_text("A large dog in the yard").first).to_be_visible()
        look(page, "adviser-person")
        tab_to(page, "Raise a request")
        enter(page)
        expect(page.get_by_text("For Priya Nair")).to_be_visible()
        look(page, "adviser-services")
        tab_to(page, "Report a missed bin collection")
        enter(page)
        expect(page.get_by_label("Address line 1")).to_have_value("14 Mill Lane")
        look(page, "adviser-raise")
        tab_to(page, "Rubbish")
        page.keyboard.press("Space")
        type_day(page)
        tab_to(page, "Yes")
        page.keyboard.press("Space")
        tab_to(page, "Yes")  # of the question about garden waste, which does not apply
        tab_to(page, "Yes")
        page.keyboard.press("ArrowDown")
        tab_to(page, "Make the request")
        enter(page)
        expect(page.get_by_text("The request is made.")).to_be_visible()
        expect(page.get_by_role("heading", name="Whose case")).to_be_visible()
        look(page, "adviser-case")
        tab_to(page, "Priya Nair")
        enter(page)
        expect(page.get_by_role("heading", name="Open cases")).to_be_visible()
        expect(page.get_by_text("Check the round")).to_be_visible()
        look(page, "adviser-person-again")

    def test_adds_somebody_only_after_seeing_who_it_may_be(self, page: Page, register: Register) -> None:
        come_in(page, register.house.ada.user, "/work/search/?q=Pryia+Nayar+07700+900982")
        page.get_by_role("link", name="Add them to the register").click()
        look(page, "adviser-new")
        page.get_by_label("First names").fill("Priya")
        page.get_by_label("Family name").fill("Nair")
        for part, value in (("Day", "4"), ("Month", "5"), ("Year", "1980")):
            page.get_by_label(part).fill(value)
        page.get_by_label("Address line 1").fill("14 Mill Lane")
        page.get_by_label("Postcode").fill("AB10 1AB")
        page.get_by_role("button", name="Continue").click()
        expect(page.get_by_role("heading", name="Who may that be?")).to_be_visible()
        look(page, "adviser-candidates")
        page.get_by_role("button", name="None of these: add them").click()
        expect(page.get_by_role("alert").first).to_contain_text("Say why they are somebody else")
        look(page, "adviser-reason")
        page.get_by_role("button", name=re.compile("^This is them")).first.click()
        expect(page.get_by_role("heading", name="Priya Nair", level=1)).to_be_visible()

    def test_changes_what_is_kept_and_says_who_belongs_to_whom(self, page: Page, register: Register) -> None:
        come_in(page, register.house.sue.user)
        address = register.page(register.priya)
        page.goto(address)
        page.get_by_role("link", name=re.compile("^Change address")).click()
        look(page, "adviser-change-address")
        page.get_by_label("Address line 1").fill("9 New Street")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("Address is changed.")).to_be_visible()
        page.goto(f"{address}facts/alert/")
        look(page, "adviser-add-alert")
        page.goto(f"{address}relate/?q=ravi")
        look(page, "adviser-relate-find")
        page.get_by_role("link", name="Ravi Nair").click()
        page.get_by_label("Acts for them").check()
        page.get_by_role("button", name="Save").click()
        look(page, "adviser-relate")
        page.goto(f"{address}history/")
        look(page, "adviser-history")
        page.goto(f"{address}looks/")
        look(page, "adviser-looks")
        page.goto(f"{address}lock/")
        look(page, "adviser-lock")
        page.get_by_label("Waste team").check()
        page.get_by_label("Why is it locked?").fill("Works for us")
        page.get_by_role("button", name="Lock the record").click()
        expect(page.get_by_text("The record is locked.")).to_be_visible()
        come_in(page, register.house.ada.user, address)
        expect(page.get_by_role("heading", name="Locked record")).to_be_visible()
        look(page, "adviser-locked")

    def test_says_whose_case_it_is(self, page: Page, register: Register) -> None:
        reference = register.house.missed_bin(name="Priya Nair")
        come_in(page, register.house.ada.user, f"/work/case/{reference}/person/")
        look(page, "adviser-whose")
        page.goto(f"/work/case/{reference}/person/?q=nair")
        look(page, "adviser-whose-search")
        page.get_by_role("button", name=re.compile("It is theirs.*Ravi")).click()
        expect(page.get_by_text("The case is now that of Ravi Nair.")).to_be_visible()
