"""Somebody of the staff helps themselves at the ICT desk by keyboard alone, from an outage to how it was."""

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import Page, expect

from moothall.councils.models import Staff
from moothall.servicedesk.actions import articles, working
from moothall.servicedesk.actions.articles import Written
from moothall.servicedesk.actions.catalogue import Offer, offer
from moothall.servicedesk.models import Call, Outage, Survey
from moothall.servicedesk.models.calls import Ended, Kind, State
from moothall.servicedesk.models.helping import CatalogueItem
from tests.journeys.conftest import come_in
from tests.journeys.sight import enter, look, tab_to
from tests.makers import make_staff, make_team, make_user
from tests.servicedesk.channel_world import work_through
from tests.workplace.desk_pages import Pages, make_pages

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
HELP, MINE = "/work/desk/help/", "/work/desk/mine/"


@pytest.fixture
def pages(plain: None) -> Pages:
    return make_pages()


@pytest.fixture
def line_manager(pages: Pages) -> Staff:
    """Whoever approves what colleagues of Ash ask for."""
    who = make_staff(council=pages.desk.ash, roles=("officer",), user=make_user(name="Lin Emanager"))
    make_team(
        council=pages.desk.ash,
        function="approvers",
        name="Approvers",
        serves=(pages.desk.ash,),
        members=(who,),
    )
    return who


def choose(page: Page, label: str) -> None:
    """Go to a choice with Tab, and choose it with the space bar."""
    tab_to(page, label)
    page.keyboard.press("Space")


def fill(page: Page, label: str, words: str) -> None:
    """Go to a field with Tab, and type; in a list of choices, that chooses what begins so."""
    tab_to(page, label)
    page.keyboard.type(words)


def press(page: Page, label: str) -> None:
    """Go to a button or a link with Tab, and press it; wait for the page that it leads to."""
    tab_to(page, label)
    enter(page)


class TestSomebodyOfTheStaff:
    def test_sees_a_known_outage_first_and_says_me_too(self, page: Page, pages: Pages) -> None:
        item = pages.item_in_use("Payroll")
        parent = pages.incident(item_id=item.pk, council=pages.desk.elm)
        Outage.objects.create(
            council=pages.desk.ash, item=item, call=parent, started_at=timezone.now(), by="the desk",
            public="It is back by noon.",
        )  # fmt: skip
        come_in(page, pages.desk.staff["user"].user, HELP)
        look(page, "self-help")
        press(page, "I have this too")
        expect(page.get_by_text("You will hear how it goes.")).to_be_visible()
        look(page, "self-outage-followed")
        assert Call.objects.get(parent=parent).requester_id == pages.desk.user.actor.user_id

    def test_is_shown_an_article_and_reports_what_it_does_not_settle(self, page: Page, pages: Pages) -> None:
        now, text = timezone.now(), "Choose “Both sides” before you print."
        written = articles.write(by=pages.desk.analyst, written=Written("Print on both sides", text), now=now)
        articles.publish(by=pages.desk.manager, key=written.key, expected=written.revision, now=now)
        come_in(page, pages.desk.staff["user"].user, HELP)
        fill(page, "What is it about?", "print")
        enter(page)
        look(page, "self-found")
        press(page, "Print on both sides")
        expect(page.get_by_text("before you print.")).to_be_visible()
        look(page, "self-article")
        page.go_back()
        press(page, "Report it to us")
        expect(page.get_by_role("link", name="Print on both sides")).to_be_visible()
        look(page, "self-report")
        fill(page, "What kind of fault is it?", "Print")
        choose(page, "One person")
        choose(page, "Yes")
        page.keyboard.press("ArrowDown")
        expect(page.get_by_label("In part")).to_be_checked()
        press(page, "Send it")
        expect(page.get_by_text("We have it. Your reference is")).to_be_visible()
        call = Call.objects.get()
        assert (call.headline, call.kind, call.category) == ("print", Kind.INCIDENT, "printing")

    def test_asks_for_a_thing_follows_it_answers_and_says_how_it_was(
        self, page: Page, pages: Pages, line_manager: Staff
    ) -> None:
        what = Offer(
            "A second screen", "For a desk.", "Equipment", ask="For which desk?",
            approval=CatalogueItem.Approval.MANAGER, team_id=pages.desk.platforms.pk, price_pence=12_000,
        )  # fmt: skip
        offer(by=pages.desk.manager, what=what, now=timezone.now())
        user = pages.desk.staff["user"]
        come_in(page, user.user, HELP)
        press(page, "A second screen")
        look(page, "self-ask")
        press(page, "Ask for it")
        expect(page.get_by_role("alert").first).to_contain_text("Answer “For which desk?”")
        look(page, "self-ask-refused")
        fill(page, "For which desk?", "Room 12, by the window.")
        fill(page, "Who should approve it?", "Lin")
        press(page, "Ask for it")
        expect(page.get_by_text("We have it. Your reference is")).to_be_visible()
        look(page, "self-waits-for-approval")
        call = Call.objects.get()
        assert (call.state, call.person_id) == (State.APPROVAL, line_manager.pk)

        self.approve(page, call, line_manager)
        work_through()
        self.answer(page, pages, call, user)
        self.confirm(page, pages, call, user)
        self.rate(page, call)

    def approve(self, page: Page, call: Call, line_manager: Staff) -> None:
        come_in(page, line_manager.user, "/work/")
        look(page, "self-approver")
        press(page, call.reference)
        expect(page.get_by_text("Room 12, by the window.").first).to_be_visible()
        look(page, "self-approval")
        choose(page, "Approve it")
        press(page, "Save and go on")
        look(page, "self-approved")

    def answer(self, page: Page, pages: Pages, call: Call, user: Staff) -> None:
        pages.does(working.ask_user, call, by=pages.desk.engineer, question="Which plug?", expected=None)
        come_in(page, user.user, MINE)
        look(page, "self-mine")
        press(page, call.reference)
        expect(page.get_by_text("Which plug?").first).to_be_visible()
        look(page, "self-question")
        fill(page, "Your answer", "The round one.")
        press(page, "Send the answer")
        expect(page.get_by_text("Your answer is sent.")).to_be_visible()
        look(page, "self-answered")
        assert pages.again(call).state == State.OPEN

    def confirm(self, page: Page, pages: Pages, call: Call, user: Staff) -> None:
        pages.does(working.resolve, call, by=pages.desk.engineer, fix="It stands there.", expected=None)
        come_in(page, user.user, MINE)
        press(page, call.reference)
        look(page, "self-confirm")
        choose(page, "Yes, it is all there")
        press(page, "Send")
        expect(page.get_by_text("Thank you. Your call is closed.")).to_be_visible()
        look(page, "self-closed")
        again = pages.again(call)
        assert (again.state, again.ended) == (State.CLOSED, Ended.DONE)

    def rate(self, page: Page, call: Call) -> None:
        work_through()
        letter = next(each for each in mail.outbox if "/rate/" in each.body)
        (link,) = (word for word in str(letter.body).split() if "/rate/" in word)
        page.context.clear_cookies()
        page.goto("/" + link.split("/", 3)[3])
        look(page, "self-rate")
        press(page, "Send")
        expect(page.get_by_role("alert").first).to_contain_text("Select how content you are")
        choose(page, "Very content")
        choose(page, "0")
        for _ in range(9):
            page.keyboard.press("ArrowRight")
        fill(page, "Why? What should we do better?", "It was quick.")
        press(page, "Send")
        expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
        look(page, "self-rated")
        kept = Survey.objects.get(call=call)
        assert (kept.content, kept.recommend, kept.words) == (5, 9, "It was quick.")
