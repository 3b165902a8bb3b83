"""The service desk: a call worked by keyboard alone, a fault reported on a phone, and two calls that are one."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from moothall.servicedesk.actions import waves, working
from moothall.servicedesk.models import Call, Outage
from moothall.servicedesk.models.calls import Ended, State
from tests.journeys.conftest import come_in
from tests.journeys.sight import enter, look, tab_to
from tests.servicedesk.channel_world import work_through
from tests.workplace.desk_pages import QUEUE, Pages, make_pages, page_of

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("plain")]


@pytest.fixture
def pages() -> Pages:
    return make_pages()


class TestAnAnalyst:
    def test_takes_a_call_from_new_to_resolved_by_keyboard_alone(self, page: Page, pages: Pages) -> None:
        item = pages.item_in_use("Housing")
        pages.incident(impact="team", summary="Rents cannot be posted", item_id=item.pk)
        call = pages.incident(impact="council", summary="Nobody can open Housing", item_id=item.pk)
        come_in(page, pages.desk.staff["analyst"].user, QUEUE)
        look(page, "desk-queue")
        page.keyboard.press("?")
        expect(page.get_by_role("dialog")).to_be_visible()
        page.keyboard.press("Escape")
        page.keyboard.press("j")
        expect(page.get_by_role("link", name=call.reference)).to_be_focused()
        page.keyboard.press("x")
        expect(page.locator("[data-said]")).to_contain_text("selected, 1 in all")
        page.keyboard.press("x")
        page.keyboard.press("t")
        expect(page.get_by_text(f"{call.reference} is yours.")).to_be_visible()
        page.keyboard.press("j")
        enter(page)
        look(page, "desk-call")
        page.keyboard.press("r")
        page.wait_for_url("**/reply/")
        look(page, "desk-reply")
        tab_to(page, "What do you write?")
        page.keyboard.type("We are looking at it.")
        tab_to(page, "Send the reply")
        enter(page)
        expect(page.get_by_text("Your reply is on its way.")).to_be_visible()
        page.keyboard.press("p")
        page.wait_for_url("**/priority/")
        look(page, "desk-priority")
        page.go_back()
        page.keyboard.press("e")
        page.wait_for_url("**/resolve/")
        tab_to(page, "What put it right?")
        page.keyboard.type("The service was restarted.")
        tab_to(page, "Resolve it")
        enter(page)
        expect(page.get_by_text(f"{call.reference} is resolved.")).to_be_visible()
        look(page, "desk-call-resolved")
        assert pages.again(call).state == State.RESOLVED
        assert pages.again(call).first_reply_at is not None

    def test_merges_two_that_are_the_same(self, page: Page, pages: Pages) -> None:
        stays, goes = pages.incident(summary="The printer jams"), pages.incident(summary="Printer jammed")
        come_in(page, pages.desk.staff["analyst"].user, f"{QUEUE}?tab=all")
        page.get_by_label(f"Select {stays.reference}").check()
        page.get_by_label(f"Select {goes.reference}").check()
        page.get_by_role("button", name="Merge into one").click()
        look(page, "desk-together")
        page.get_by_label(f"{stays.reference} The printer jams").check()
        page.get_by_label("Why are they the same?").fill("One printer.")
        page.get_by_role("button", name="Merge them").click()
        expect(page.get_by_text("1 call is merged.")).to_be_visible()
        assert pages.again(goes).ended == Ended.MERGED
        page.goto(page_of(goes))
        expect(page.get_by_text("This call is the same as")).to_be_visible()
        look(page, "desk-call-merged")

    def test_logs_a_call_and_sees_what_follows_while_typing(self, page: Page, pages: Pages) -> None:
        item = pages.item_in_use("Housing")
        above = pages.incident(impact="team", summary="Housing is slow", item_id=item.pk)
        come_in(page, pages.desk.staff["analyst"].user, f"{QUEUE}new/")
        page.get_by_label("Who is it?").fill(pages.user_name)
        page.get_by_role("button", name="Find them").click()
        page.get_by_role("link", name=pages.user_name, exact=True).click()
        page.get_by_label("What is wrong?").fill("Housing hangs")
        page.get_by_label("Which system is it?").select_option(label="Housing")
        page.get_by_label("What kind of fault is it?").select_option(label="Software")
        page.get_by_label("One person").check()
        page.get_by_label("In part").check()
        expect(page.locator("[data-checked=follows]")).to_contain_text("P4")
        expect(page.locator("[data-checked=known]")).to_contain_text(above.reference)
        look(page, "desk-new")
        page.get_by_role("button", name="Log it under this one").click()
        expect(page.get_by_text("is logged, and put under")).to_be_visible()
        assert Call.objects.exclude(pk=above.pk).get().parent_id == above.pk


class TestAUser:
    def test_sees_the_outage_first_follows_it_and_says_that_it_does_not_work(
        self, page: Page, pages: Pages
    ) -> None:
        item = pages.item_in_use("Payroll")
        parent = pages.incident(item_id=item.pk, council=pages.desk.elm)
        Outage.objects.create(
            council=pages.desk.ash, item=item, call=parent, started_at=timezone.now(), by="the desk",
            public="We are restarting it. It is back by noon.",
        )  # fmt: skip
        come_in(page, pages.desk.staff["user"].user, "/work/desk/help/")
        expect(page.get_by_text("It is back by noon.")).to_be_visible()
        look(page, "desk-help")
        page.get_by_role("button", name="I have this too").click()
        expect(page.get_by_text("You will hear how it goes.")).to_be_visible()
        call = Call.objects.get(parent=parent)
        waves.tell_wave(by=pages.desk.analyst, parent_id=parent.pk, text="It is back.", now=timezone.now())
        work_through()
        waves.resolve_wave(by=pages.desk.analyst, parent_id=parent.pk, fix="A restart.", now=timezone.now())
        work_through()
        page.reload()
        expect(page.get_by_text("It is back.", exact=True)).to_be_visible()
        page.get_by_label("No, it does not work").check()
        page.get_by_label("If not: what does not work?").fill("Payroll stays white.")
        page.get_by_role("button", name="Send", exact=True).click()
        expect(page.get_by_text("Thank you. We take it up again.")).to_be_visible()
        assert pages.again(call).state == State.OPEN

    def test_reports_a_fault_answers_and_says_that_it_does_not_work(self, page: Page, pages: Pages) -> None:
        pages.item_in_use("Housing")
        come_in(page, pages.desk.staff["user"].user, "/work/desk/help/")
        expect(page.get_by_text("Everything works, as far as we know.")).to_be_visible()
        page.get_by_role("button", name="Report a fault").click()
        page.get_by_role("button", name="Send it").click()
        expect(page.get_by_role("alert").first).to_contain_text("Say what is wrong")
        look(page, "desk-report-refused")
        page.get_by_label("What is wrong?").fill("I cannot sign in to Housing")
        page.get_by_label("Which system is it?").select_option(label="Housing")
        page.get_by_label("What kind of fault is it?").select_option(label="Sign-in and access")
        page.get_by_label("One person").check()
        page.get_by_label("No", exact=True).check()
        page.get_by_role("button", name="Send it").click()
        expect(page.get_by_text("We have it. Your reference is")).to_be_visible()
        look(page, "desk-mine-one")
        call = Call.objects.get()
        pages.does(working.resolve, call, by=pages.desk.analyst, fix="A new password.", expected=None)
        page.goto("/work/desk/mine/")
        expect(page.get_by_text("Does it work?")).to_be_visible()
        look(page, "desk-mine")
        page.get_by_role("link", name=call.reference).click()
        expect(page.get_by_text("A new password.")).to_be_visible()
        page.get_by_label("No, it does not work").check()
        page.get_by_role("button", name="Send", exact=True).click()
        expect(page.get_by_role("alert").first).to_contain_text("Say what does not work")
        look(page, "desk-mine-confirm")
        page.get_by_label("If not: what does not work?").fill("The same message again.")
        page.get_by_role("button", name="Send", exact=True).click()
        expect(page.get_by_text("Thank you. We take it up again.")).to_be_visible()
        again = pages.again(call)
        assert (again.state, again.reopened) == (State.OPEN, 1)
