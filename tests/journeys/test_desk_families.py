"""Calls that belong together, and what is asked for others: by keyboard alone, on a desktop and a phone."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from moothall.councils.rules import Viewer
from moothall.process import actions as process
from moothall.servicedesk.actions import joining, working
from moothall.servicedesk.models import Call
from moothall.servicedesk.models.calls import State
from tests.journeys.conftest import come_in
from tests.journeys.sight import enter, look, tab_to
from tests.makers import make_staff, make_team, make_user
from tests.process.hub import publish
from tests.process.making import REPAIR
from tests.servicedesk.channel_world import work_through
from tests.workplace.desk_pages import QUEUE, Pages, make_pages, page_of
from tests.workplace.test_desk_self_service import wish

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("plain")]
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture
def pages() -> Pages:
    return make_pages()


def look_both_ways(page: Page, name: str) -> None:
    """Look at a page as on a desktop and as on a phone."""
    for size in (PHONE, DESKTOP):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        look(page, name)


def more_to_do(page: Page, title: str) -> None:
    """Choose one of the acts behind “More to do”."""
    tab_to(page, "More to do")
    page.keyboard.press("Enter")
    tab_to(page, title)
    enter(page)


def test_an_analyst_resolves_a_wave_and_sees_how_far_it_is(page: Page, pages: Pages) -> None:
    parent = pages.incident(summary="Housing is away", impact="team")
    under = [pages.incident(summary=f"I cannot open Housing {number}") for number in range(3)]
    for each in under:
        pages.does(joining.put_under, each, by=pages.desk.analyst, parent_id=parent.pk)
    come_in(page, pages.desk.staff["analyst"].user, page_of(parent))
    more_to_do(page, "Resolve this call and all calls under it")
    look_both_ways(page, "desk-resolve-all")
    tab_to(page, "What put it right?")
    page.keyboard.type("The server was restarted.")
    tab_to(page, "Resolve all of them")
    enter(page)
    expect(page.get_by_role("heading", name="Resolving 3 calls under it")).to_be_visible()
    look_both_ways(page, "desk-wave-going")
    pages.does(working.take, under[0], by=pages.desk.colleague, expected=None)
    work_through()
    tab_to(page, "See how far it is now")
    enter(page)
    expect(page.get_by_role("heading", name="Resolved 2 of 3 calls under it")).to_be_visible()
    expect(page.get_by_text("Somebody changed it meanwhile.")).to_be_visible()
    look_both_ways(page, "desk-wave-over")
    assert [pages.again(each).state for each in under] == [State.NEW, State.RESOLVED, State.RESOLVED]


def test_an_analyst_takes_a_call_out_that_was_merged_by_mistake(page: Page, pages: Pages) -> None:
    stays, goes = pages.incident(summary="The printer jams"), pages.incident(summary="The scanner jams")
    pages.does(joining.merge, goes, by=pages.desk.analyst, into_id=stays.pk, why="The same", expected=None)
    come_in(page, pages.desk.staff["analyst"].user, page_of(goes))
    look_both_ways(page, "desk-merged")
    tab_to(page, "It is not the same: take it out again")
    enter(page)
    look_both_ways(page, "desk-unmerge")
    tab_to(page, "Open it again")
    enter(page)
    expect(page.get_by_role("alert").first).to_contain_text("Say why it is not the same")
    tab_to(page, "Why is it not the same?")
    page.keyboard.type("A scanner is no printer.")
    tab_to(page, "Open it again")
    enter(page)
    expect(page.get_by_text(f"{goes.reference} is open again, by itself.")).to_be_visible()
    look_both_ways(page, "desk-unmerged")
    assert pages.again(goes).open


def test_somebody_asks_for_a_colleague_who_sees_it_too(page: Page, pages: Pages) -> None:
    wish(approval="none")
    starter = make_staff(
        council=pages.desk.ash, user=make_user(name="Nia New", email="nia@ash.example"), job_title="Planner"
    )
    come_in(page, pages.desk.staff["user"].user, f"{QUEUE}help/ask/screen/")
    look_both_ways(page, "desk-ask")
    tab_to(page, "Is it for somebody else?")
    page.keyboard.type("nia")
    enter(page)
    look_both_ways(page, "desk-ask-found")
    tab_to(page, "Nia New")
    enter(page)
    look_both_ways(page, "desk-ask-for")
    tab_to(page, "For which desk?")
    page.keyboard.type("Room 12, by the window.")
    tab_to(page, "Ask for it for Nia New")
    enter(page)
    expect(page.get_by_text("Nia New has been told.")).to_be_visible()
    look_both_ways(page, "desk-mine-for")
    page.goto(f"{QUEUE}mine/")
    expect(page.get_by_text("You asked for Nia New")).to_be_visible()
    look_both_ways(page, "desk-mine-list")
    call = Call.objects.get()
    come_in(page, starter.user, f"{QUEUE}mine/{call.reference}/")
    expect(page.get_by_text(f"{pages.user_name} asked for you")).to_be_visible()
    come_in(page, pages.desk.staff["analyst"].user, f"{QUEUE}new/?kind=request&caller={starter.pk}")
    look_both_ways(page, "desk-new-request")
    page.goto(page_of(call))
    look_both_ways(page, "desk-call-for")


def test_a_call_is_linked_to_a_case_of_a_service(page: Page, pages: Pages) -> None:
    call, ash = pages.incident(summary="The crews' tablets get no new reports"), pages.desk.ash
    publish(REPAIR)
    for function in ("crew", "desk"):
        make_team(council=ash, function=function)
    case = process.start_case(
        by=Viewer.anonymous(ash.pk), council=ash, process="repair", now=timezone.now(),
        answers={"what": "tap", "where": "In the kitchen"},
    )  # fmt: skip
    come_in(page, make_staff(council=ash, roles=("desk-analyst", "officer")).user)
    page.goto(page_of(call))
    more_to_do(page, "Link another call or case")
    look_both_ways(page, "call-link")
    page.get_by_label("Reference of the other call or case").fill(case.reference)
    page.get_by_role("button", name="Link them").click()
    expect(page.get_by_text("They are linked.")).to_be_visible()
    look_both_ways(page, "call-linked")
    page.locator("section", has_text="Linked").get_by_role("link", name=case.reference).last.click()
    expect(page.get_by_role("link", name=call.reference)).to_be_visible()
    come_in(page, pages.desk.staff["analyst"].user)
    page.goto(page_of(call))
    expect(page.get_by_text("a case you may not see").first).to_be_visible()
    look_both_ways(page, "call-linked-unseen")
