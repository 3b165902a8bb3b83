"""Work among colleagues: a board votes, work is handed over, two people type at once, and a session runs out."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings as configured
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from moothall.identity.models import User
from tests.journeys.conftest import come_in
from tests.journeys.sight import enter, look, tab_to
from tests.makers import make_user
from tests.process import hub as hubs
from tests.process.hub import Hub, make_hub
from tests.workplace.boards import Board, make_board
from tests.workplace.staffed import House, make_house

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("plain")]
PASSWORD = "a long pass phrase 12"


@pytest.fixture
def house() -> House:
    return make_house()


@pytest.fixture
def board() -> Board:
    return make_board()


@pytest.fixture
def hub() -> Hub:
    return make_hub()


class TestABoard:
    def test_votes_as_three_people_by_keyboard(self, page: Page, board: Board) -> None:
        reference = board.before_the_board()
        come_in(page, board.ivo.user, f"/work/case/{reference}/")
        expect(page.get_by_text("Only members of board vote on “Board”.")).to_be_visible()
        look(page, "vote-not-mine")
        for staff, choice in ((board.bea, "Against"), (board.ben, "For"), (board.bo, "For")):
            come_in(page, staff.user, f"/work/case/{reference}/")
            tab_to(page, "For")
            if choice == "Against":
                page.keyboard.press("ArrowDown")
                tab_to(page, "Why not?")
                page.keyboard.type("The plan is thin.")
            else:
                page.keyboard.press("Space")
            tab_to(page, "Vote")
            enter(page)
            expect(page.get_by_text("Your vote is in.")).to_be_visible()
            look(page, f"vote-{staff.user.name.split()[0].lower()}")
        expect(page.get_by_text("“Board” is decided: Approve it.")).to_be_visible()

    def test_is_not_asked_what_an_engineer_goes_on_without(self, page: Page, board: Board) -> None:
        reference = board.change()
        come_in(page, board.ivo.user, f"/work/case/{reference}/")
        look(page, "waive-before")
        page.get_by_label("The plan is good").check()
        page.get_by_role("button", name="Save and go on").click()
        expect(page.get_by_role("alert").first).to_contain_text("There must be a way back.")
        tab_to(page, "Go on all the same")
        page.keyboard.press("Enter")
        tab_to(page, "Why may it go on all the same?")
        page.keyboard.type("It cannot be undone, and the board knows.")
        look(page, "waive")
        tab_to(page, "Save and go on")
        enter(page)
        expect(page.get_by_text("“Check the plan” is done: The plan is good.")).to_be_visible()
        expect(page.get_by_text("It cannot be undone, and the board knows.")).to_be_visible()

    def test_waits_for_the_day_and_reports_every_week(self, page: Page, board: Board) -> None:
        day = (timezone.localdate() + timedelta(days=9)).isoformat()
        reference = board.before_the_board(starts=day)
        board.cast(board.bea, reference, "for")
        board.cast(board.ben, reference, "for")
        board.act(board.ida, reference, "report", outcome="sent")
        come_in(page, board.ida.user, f"/work/case/{reference}/")
        expect(page.get_by_text("Then it goes on by itself")).to_be_visible()
        expect(page.get_by_text("Report on it, again on")).to_be_visible()
        look(page, "waits")
        page.locator("a[href$='answers/starts/']").click()
        look(page, "answer-versions")


class TestTheHub:
    def test_hands_over_and_each_sees_their_part(self, page: Page, hub: Hub) -> None:
        case = hubs.handed_over(hub)
        come_in(page, User.objects.get(pk=hub.family.actor.user_id or 0), f"/work/case/{case.reference}/")
        expect(page.get_by_text("You see your part of this case.")).to_be_visible()
        look(page, "hand-over")
        page.get_by_label("Taken on").check()
        page.get_by_role("button", name="Save and go on").click()
        expect(page.get_by_text("“Hand over” is done: Taken on.")).to_be_visible()
        look(page, "handed-over")
        come_in(page, User.objects.get(pk=hub.owner.actor.user_id or 0), f"/work/case/{case.reference}/")
        expect(page.get_by_text("Handed over to")).to_be_visible()
        look(page, "hub-owner")

    def test_calls_what_is_not_for_everybody_work_by_others(self, page: Page, hub: Hub) -> None:
        case = hubs.report(hub)
        come_in(page, User.objects.get(pk=hub.guard.actor.user_id or 0), f"/work/case/{case.reference}/")
        expect(page.get_by_role("heading", name="Work by others").first).to_be_visible()
        look(page, "work-by-others")


class TestSomebodyWhoAsks:
    def test_starts_work_and_answers_what_waits_for_them(self, page: Page, board: Board) -> None:
        come_in(page, board.rea.user, "/work/start/")
        look(page, "start-choose")
        page.locator("a[href='/work/start/yew/change/']").click()
        look(page, "start-fill")
        page.get_by_label("What will change?").fill("New lamps")
        page.get_by_label("Small").check()
        page.get_by_role("button", name="Start it").click()
        expect(page.get_by_text("“Change” is started.")).to_be_visible()
        look(page, "asked-one")
        reference = page.url.rstrip("/").rpartition("/")[2]
        board.act(board.ivo, reference, "check", outcome="ask", waived={0: "Not yet"})
        page.goto("/work/asked/")
        expect(page.get_by_text("Waits for you")).to_be_visible()
        look(page, "asked")
        page.get_by_role("link", name=reference).click()
        page.get_by_label("What else should we know?").fill("They are green")
        look(page, "asked-waits")
        page.get_by_role("button", name="Send it").click()
        expect(page.get_by_text("Your answer is sent.")).to_be_visible()


class TestTwoPeopleOnOneStep:
    def test_put_their_answers_together_by_keyboard(self, page: Page, browser: Browser, house: House) -> None:
        reference = house.missed_bin()
        address = f"/work/case/{reference}/"
        come_in(page, house.ann.user)
        other = browser.new_context(base_url=page.evaluate("location.origin")).new_page()
        come_in(other, house.bob.user)
        other.goto(address)
        other.get_by_label("What do you need to know from the resident?").fill("Is there a dog?")
        other.get_by_label("The bin had the wrong waste in it").check()
        expect(other.get_by_text(re.compile(r"^Kept "))).to_be_visible()
        page.goto(address)
        expect(page.get_by_text("Bob Officer has been typing here since")).to_be_visible()
        page.get_by_label("What do you need to know from the resident?").fill("Which gate?")
        look(page, "two-on-one-step")
        page.get_by_role("link", name="Compare").click()
        expect(page.get_by_role("heading", name="What you and Bob Officer typed")).to_be_visible()
        look(page, "compare")
        tab_to(page, "You typed")
        page.keyboard.press("ArrowDown")
        tab_to(page, "You typed")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        tab_to(page, "What do you need to know from the resident?")
        page.keyboard.press("Control+a")
        page.keyboard.type("Which gate, and is there a dog?")
        look(page, "compare-chosen")
        tab_to(page, "Put it into my form")
        enter(page)
        expect(page.get_by_text("nothing is sent yet")).to_be_visible()
        expect(page.get_by_label("The bin had the wrong waste in it")).to_be_checked()
        expect(page.get_by_label("What do you need to know from the resident?")).to_have_value(
            "Which gate, and is there a dog?"
        )
        look(page, "compare-done")
        other.context.close()


class TestWhatIsTyped:
    def test_stands_there_on_coming_back(self, page: Page, house: House) -> None:
        reference = house.missed_bin()
        come_in(page, house.ann.user, f"/work/case/{reference}/")
        page.get_by_label("What do you need to know from the resident?").fill("Which gate?")
        page.goto("/work/")  # at once: leaving the page keeps it
        page.goto(f"/work/case/{reference}/")
        expect(page.get_by_label("What do you need to know from the resident?")).to_have_value("Which gate?")
        look(page, "typed-before")
        page.get_by_role("button", name="Throw it away").click()
        expect(page.get_by_label("What do you need to know from the resident?")).to_have_value("")

    def test_is_kept_by_a_button_without_scripts(self, page: Page, browser: Browser, house: House) -> None:
        reference = house.missed_bin()
        page.goto("/livez")
        base = page.evaluate("location.origin")
        plain = browser.new_context(base_url=base, java_script_enabled=False, viewport=page.viewport_size)
        client = house.browser(house.ann)
        value = client.cookies[configured.SESSION_COOKIE_NAME].value
        plain.add_cookies([{"name": configured.SESSION_COOKIE_NAME, "value": value, "url": base}])
        bare = plain.new_page()
        bare.goto(f"/work/case/{reference}/")
        bare.get_by_label("What do you need to know from the resident?").fill("Which gate?")
        bare.get_by_role("button", name="Keep for later").click()
        expect(bare.get_by_text("What you typed is kept.")).to_be_visible()
        expect(bare.get_by_label("What do you need to know from the resident?")).to_have_value("Which gate?")
        plain.close()

    def test_survives_a_session_that_ran_out(self, page: Page, house: House) -> None:
        user = make_user(name="Ann Officer", email="ann@example.net", password=PASSWORD)
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        house.ann.user = user
        house.ann.save()
        reference = house.missed_bin()
        come_in(page, user, f"/work/case/{reference}/")
        page.get_by_label("What do you need to know from the resident?").fill("Which")
        expect(page.get_by_text(re.compile(r"^Kept "))).to_be_visible()
        Session.objects.all().delete()
        page.get_by_label("What do you need to know from the resident?").fill(
            "Which gate, after the holiday?"
        )
        expect(page.get_by_text("but you are signed out")).to_be_visible()
        look(page, "signed-out-while-typing")
        page.get_by_label("Ask the resident a question").check()
        page.get_by_role("button", name="Save and go on").click()
        page.get_by_label("Email address").fill("ann@example.net")
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        expect(page.get_by_label("What do you need to know from the resident?")).to_have_value(
            "Which gate, after the holiday?"
        )
        expect(page.get_by_label("Ask the resident a question")).to_be_checked()
        look(page, "signed-in-again")


class TestAPageThatStoodOpen:
    """Forms that no step keeps: a request for a caller, a note."""

    def test_sends_nothing_while_signed_out_and_everything_afterwards(self, page: Page, board: Board) -> None:
        page.clock.install()
        come_in(page, board.rea.user, "/work/start/yew/change/")
        page.get_by_label("What will change?").fill("New lamps")
        page.get_by_label("Small").check()
        Session.objects.all().delete()
        page.clock.fast_forward("11:00")
        page.get_by_role("button", name="Start it").click()
        expect(page.get_by_role("alert")).to_contain_text("Nothing was sent, and what you typed stands here")
        look(page, "stood-open")
        come_in(page, board.bea.user)  # somebody else, in another tab
        page.clock.fast_forward("00:05")
        page.get_by_role("button", name="Start it").click()
        expect(page.get_by_role("alert")).to_contain_text("Bea Board is signed in here now")
        come_in(page, board.rea.user)
        page.clock.fast_forward("00:05")
        page.get_by_role("button", name="Start it").click()
        expect(page.get_by_text("“Change” is started.")).to_be_visible()
        expect(page.get_by_text("New lamps")).to_be_visible()
