"""A missed bin, from the bus to the end: found, answered, sent, followed, asked back, closed."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from moothall.councils import scope
from moothall.messages.models import Message
from moothall.process import actions as process
from moothall.process.models import Case
from tests.journeys.sight import enter, look, tab_to
from tests.makers import make_user
from tests.requests.making import Town, check_round, make_request, make_town

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def town(transactional_db: None) -> Iterator[Town]:
    with scope.everything("a journey looks over everybody's shoulder"):
        yield make_town(services=("missed-bin", "street-problem", "general-enquiry"), code="ashfield")


def today() -> datetime:
    return timezone.localtime()


def go_on(page: Page) -> None:
    page.get_by_role("button", name="Continue").click()


def answer_the_day(page: Page) -> None:
    for part, value in (("Day", today().day), ("Month", today().month), ("Year", today().year)):
        page.get_by_label(part, exact=True).fill(str(value))
    go_on(page)


def choose(page: Page, answer: str) -> None:
    page.get_by_label(answer, exact=True).check()
    go_on(page)


def fill_the_address(page: Page) -> None:
    page.get_by_label("Address line 1").fill("12 High Street")
    page.get_by_label("Town or city").fill("Ashfield")
    page.get_by_label("Postcode").fill("AB10 1AB")


def link_in(mail: Message, kind: str) -> str:
    found = re.search(rf"https?://[^/\s]+(/\S+/{kind}/\S+)", mail.body)
    assert found, mail.body
    return found[1]


class TestAMissedBin:
    def test_is_reported_followed_and_put_right(self, page: Page, town: Town) -> None:
        page.goto("/")
        look(page, "choose")
        page.get_by_role("link", name=town.council.name).click()
        look(page, "home")
        page.get_by_label("Search for a service").fill("mised bin")
        page.get_by_role("button", name="Search").click()
        look(page, "find")
        page.get_by_role("link", name="Report a missed bin collection").click()
        look(page, "start")
        page.get_by_role("button", name="Start now").click()
        self.answer(page)
        reference = self.send(page)
        self.follow(page, town, reference)

    def answer(self, page: Page) -> None:
        go_on(page)
        expect(page.get_by_role("alert")).to_contain_text("Enter the address the bin was missed at")
        assert page.title().startswith("Error: ")
        look(page, "address-error")
        fill_the_address(page)
        go_on(page)
        look(page, "bin")
        choose(page, "Garden waste")
        look(page, "day")
        answer_the_day(page)
        choose(page, "Yes")
        expect(page.get_by_role("heading", level=1)).to_contain_text("garden waste subscription")
        choose(page, "Yes")
        choose(page, "No")
        go_on(page)
        look(page, "photo")
        go_on(page)

    def send(self, page: Page) -> str:
        look(page, "contact")
        page.get_by_label("Full name").fill("Sam Okoro")
        page.get_by_label("Email address").fill("sam@example.org")
        go_on(page)
        look(page, "check")
        page.get_by_role("link", name="Change bin").click()
        page.get_by_role("link", name="Back", exact=True).click()
        page.get_by_role("link", name="Change bin").click()
        choose(page, "Recycling")
        expect(page.get_by_role("heading", level=1)).to_have_text("Check your answers")
        expect(page.get_by_text("Garden waste subscription")).to_have_count(0)
        page.get_by_role("button", name="Send your request").click()
        look(page, "sent")
        case = Case.objects.get()
        expect(page.get_by_text(case.reference)).to_be_visible()
        expect(page.get_by_text("Bin emptied: by")).to_be_visible()
        return str(case.reference)

    def follow(self, page: Page, town: Town, reference: str) -> None:
        mail = Message.objects.get(to="sam@example.org")
        assert reference in mail.subject
        page.goto(link_in(mail, "follow"))
        expect(page.get_by_role("heading", level=1)).to_have_text("We are working on it")
        look(page, "follow")
        case = Case.objects.get()
        check_round(town, case.pk, "ask-resident", question="Which gate is it at?", now=timezone.now())
        page.reload()
        expect(page.get_by_role("heading", level=1)).to_have_text("We need something from you")
        look(page, "asked")
        page.get_by_role("textbox", name="Your answer").fill("The side gate, behind the shed")
        page.get_by_role("button", name="Send the answer").click()
        expect(page.get_by_text("Thank you. We have your answer.")).to_be_visible()
        look(page, "answered")
        check_round(town, case.pk, "return", question=None, now=timezone.now())
        process.act(
            by=town.officer,
            case_id=case.pk,
            step="collect",
            expected=None,
            now=timezone.now(),
            outcome="emptied",
        )
        page.reload()
        expect(page.get_by_role("heading", level=1)).to_have_text("Closed")
        expect(page.get_by_role("heading", name="We have emptied your bin")).to_be_visible()
        look(page, "closed")
        assert Message.objects.filter(to="sam@example.org").count() == 4

    def test_is_reported_by_keyboard_alone(self, page: Page, town: Town) -> None:
        page.goto(f"/{town.council.code}/services/missed-bin/")
        self.press(page, "Start now")
        self.type(page, ("Address line 1", "12 High Street"), ("Town", "Ashfield"), ("Postcode", "AB10 1AB"))
        enter(page)
        self.pick(page, "Rubbish")
        day = today()
        self.type(page, ("Day", str(day.day)), ("Month", str(day.month)), ("Year", str(day.year)))
        self.press(page, "Continue")
        for _ in ("was it out", "do we carry it"):
            self.pick(page, "Yes")
        for _ in ("where it is", "photo"):
            self.press(page, "Continue")
        self.type(page, ("Full name", "Sam Okoro"), ("Email address", "sam@example.org"))
        enter(page)
        self.press(page, "Send your request")
        expect(page.get_by_role("heading", level=1)).to_have_text("We have your request")
        self.press(page, "Follow your request")
        self.type(page, ("Your message", "It is behind the wall."))
        self.press(page, "Send")
        expect(page.get_by_text("We have added this to your request")).to_be_visible()

    def press(self, page: Page, name: str) -> None:
        tab_to(page, name)
        enter(page)

    def type(self, page: Page, *typed: tuple[str, str]) -> None:
        for label, text in typed:
            tab_to(page, label)
            page.keyboard.type(text)

    def pick(self, page: Page, answer: str) -> None:
        tab_to(page, answer)
        page.keyboard.press("Space")
        self.press(page, "Continue")


class TestSavingAndReturning:
    def test_goes_on_in_another_browser(self, page: Page, browser: Any, town: Town) -> None:
        page.goto(f"/{town.council.code}/services/street-problem/")
        page.get_by_role("button", name="Start now").click()
        choose(page, "Pothole or broken road surface")
        look(page, "place")
        page.get_by_label("Street or place").fill("Mill Lane")
        page.get_by_role("button", name="Save and come back later").click()
        look(page, "save")
        page.get_by_role("button", name="Send me the link").click()
        expect(page.get_by_role("alert")).to_contain_text("Enter an email address")
        page.get_by_label("Email address").fill("sam@example.org")
        page.get_by_role("button", name="Send me the link").click()
        look(page, "saved")
        link = link_in(Message.objects.get(), "return")
        elsewhere = browser.new_context(base_url=page.url.split("/ashfield")[0], viewport=page.viewport_size)
        other = elsewhere.new_page()
        other.goto(link)
        look(other, "welcome-back")
        other.get_by_role("link", name="Back", exact=True).click()
        expect(other.get_by_label("Street or place")).to_have_value("Mill Lane")
        elsewhere.close()

    def test_adds_the_place_where_the_phone_is(self, page: Page, town: Town) -> None:
        page.context.grant_permissions(["geolocation"])
        page.context.set_geolocation({"latitude": 53.3811, "longitude": -1.4701})
        page.goto(f"/{town.council.code}/services/street-problem/")
        page.get_by_role("button", name="Start now").click()
        choose(page, "Pothole or broken road surface")
        page.get_by_role("button", name="Add my position").click()
        expect(page.get_by_text("Your position has been added")).to_be_visible()
        look(page, "position")
        go_on(page)
        expect(page.get_by_role("heading", level=1)).to_contain_text("Could it hurt someone")


class TestAnAccount:
    def test_keeps_a_request_and_shows_unfinished_ones(
        self, page: Page, town: Town, live_server: Any
    ) -> None:
        me, sent = make_user(name="Priya Nair"), make_request(town)
        client = Client()
        client.force_login(me)
        session = client.cookies["session"].value
        page.context.add_cookies([{"name": "session", "value": session, "url": live_server.url}])
        page.goto(f"/{town.council.code}/requests/")
        look(page, "mine-empty")
        page.goto(f"/{town.council.code}/services/missed-bin/questions/")
        fill_the_address(page)
        go_on(page)
        page.goto(f"/{town.council.code}/follow/{sent.reference}/{sent.token}/")
        look(page, "follow-signed-in")
        page.get_by_role("button", name="Keep this in my account").click()
        expect(page.get_by_text("This request is now in your account.")).to_be_visible()
        page.goto(f"/{town.council.code}/requests/")
        expect(page.get_by_text("Not sent yet")).to_be_visible()
        expect(page.get_by_text(sent.reference)).to_be_visible()
        look(page, "mine")


class TestThePagesAroundIt:
    @pytest.mark.parametrize(
        "address", ["accessibility/", "privacy/", "cookies/", "follow/", "atlantis/", ""]
    )
    def test_are_accessible(self, page: Page, town: Town, address: str) -> None:
        page.goto(f"/{town.council.code}/{address}")
        look(page, address.strip("/") or "front")

    def test_answer_a_lost_link(self, page: Page, town: Town) -> None:
        page.goto(f"/{town.council.code}/follow/")
        page.get_by_role("button", name="Send the link again").click()
        look(page, "lost-error")
        page.get_by_label("Reference").fill("ASH-0000-0000")
        page.get_by_label("Email address").fill("sam@example.org")
        page.get_by_role("button", name="Send the link again").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Check your email")
        look(page, "link-sent")
