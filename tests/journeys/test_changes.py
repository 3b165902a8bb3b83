"""A change from its author to the board: what it comes to, a vote for each council, and what nobody approved."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from moothall.look.dates import LONDON
from moothall.servicedesk.actions import board as boarding
from moothall.servicedesk.actions.observing import Seen, observe
from moothall.servicedesk.models import Change
from tests.journeys.conftest import come_in
from tests.journeys.sight import look
from tests.servicedesk.changing import Board, a_change, make_board, step

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
SOON = timedelta(days=9)


@pytest.fixture
def board(plain: None) -> Board:
    return make_board()


class TestAChange:
    def test_is_raised_voted_on_by_each_council_and_approved(self, page: Page, board: Board) -> None:
        come_in(page, board.staff["author"].user, "/work/desk/changes/")
        look(page, "changes-empty")
        page.get_by_role("button", name="Raise a change").click()
        page.get_by_label("For which council is it?").select_option(label="Ash")
        page.get_by_label("Normal").check()
        page.get_by_label("What will change?").fill("Patch the virtual servers")
        page.get_by_label("Why is it needed?").fill("The maker has closed a hole.")
        page.get_by_label("Virtual servers (vm-cluster)").check()
        page.get_by_label("How is it made?").fill("One host after the other.")
        page.get_by_label("How will you see that it works?").fill("Sign in to each system.")
        page.get_by_label("How will you undo it?").fill("Start the host from its snapshot.")
        day = (timezone.now() + SOON).astimezone(LONDON).date()
        first = page.get_by_role("group", name="Day", exact=True)
        for label, value in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
            first.get_by_label(label, exact=True).fill(str(value))
        page.get_by_label("From").fill("9pm")
        page.get_by_label("Until").fill("11pm")
        for question, answer in (
            ("Has the way back been tested?", "Yes"),
            ("Has this been done here before?", "Yes"),
            ("Is it made while people work?", "No"),
            ("Is a service away meanwhile?", "No"),
        ):
            page.get_by_role("group", name=question).get_by_label(answer).check()
        page.get_by_role("button", name="Show what it comes to").click()
        expect(page.get_by_text("1,300 people use what it touches.")).to_be_visible()
        look(page, "change-foreseen")
        page.get_by_role("button", name="Raise the change").click()
        expect(page.get_by_text("It waits for: Check by a colleague")).to_be_visible()
        look(page, "change-raised")
        change = Change.objects.get()
        step(change, board.colleague, "peer", outcome="sound", now=timezone.now())
        boarding.call_meeting(
            by=board.manager, at=timezone.now() + timedelta(days=2), place="Room 2", now=timezone.now()
        )
        come_in(page, board.staff["elm_seat"].user, "/work/desk/board/")
        look(page, "board")
        page.locator(".desk-list a").first.click()
        expect(page.get_by_text("Must sit: Ash, Elm.")).to_be_visible()
        look(page, "board-meeting")
        page.get_by_role("link", name="Vote on Patch the virtual servers").click()
        page.get_by_label("For", exact=True).check()
        page.get_by_role("button", name="Vote").click()
        expect(page.get_by_text("Your vote counts.")).to_be_visible()
        come_in(page, board.staff["ash_seat"].user, f"/work/desk/changes/{change.call.reference}/")
        page.get_by_label("For", exact=True).check()
        page.get_by_role("button", name="Vote").click()
        expect(page.get_by_text("Approved", exact=True)).to_be_visible()
        look(page, "change-approved")

    def test_is_where_its_steps_lead_back_to(self, page: Page, board: Board) -> None:
        now = timezone.now()
        change = a_change(board, now=now, starts_at=now + SOON, ends_at=now + SOON + timedelta(hours=2))
        come_in(page, board.staff["colleague"].user, f"/work/desk/changes/{change.call.reference}/")
        page.get_by_role("button", name="Do the next step").click()
        page.get_by_label("The plan is sound").check()
        page.get_by_role("button", name="Save and go on").click()
        expect(page.get_by_text("“Check by a colleague” is done")).to_be_visible()
        expect(page.get_by_text("Why this impact and risk")).to_be_visible()
        look(page, "change-checked")

    def test_that_nobody_approved_is_seen_and_decided(self, page: Page, board: Board) -> None:
        now = timezone.now()
        rows = [Seen("1", now - timedelta(hours=2), "vm-cluster", "kim", "Changed: memory")]
        observe(council_id=board.ash.pk, source="NetBox", rows=rows, now=now)
        come_in(page, board.staff["manager"].user, "/work/desk/observed/")
        look(page, "observed")
        page.get_by_role("link", name="Virtual servers").click()
        look(page, "observed-one")
        page.get_by_text("Nobody approved it", exact=True).click()
        page.locator("#id_unauthorised-why").fill("Nobody knew of it.")
        page.get_by_role("button", name="It is unauthorised").click()
        expect(page.get_by_text("Nothing waits to be looked at")).to_be_visible()

    def test_touches_what_the_estate_says(self, page: Page, board: Board) -> None:
        come_in(page, board.staff["manager"].user, "/work/desk/estate/")
        look(page, "estate")
        page.get_by_role("link", name="Virtual servers").click()
        expect(page.get_by_text("400 people of Ash, 900 people of Elm")).to_be_visible()
        look(page, "estate-item")
        page.goto("/work/desk/suppliers/")
        look(page, "suppliers")
