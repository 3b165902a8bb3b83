"""Self-service: what anybody of the staff sees of the desk, asks it for, and says to their own calls."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from moothall.councils import scope
from moothall.servicedesk.actions import working
from moothall.servicedesk.models import Article, ArticleWord, Call, CatalogueItem, Outage
from moothall.servicedesk.models.calls import Ended, State
from tests.servicedesk.desked import a_request
from tests.workplace.desk_pages import (
    CONFLICT,
    FOUND,
    NOT_FOUND,
    QUEUE,
    UNPROCESSABLE,
    Pages,
    text_of,
)

pytestmark = pytest.mark.django_db
HELP, MINE = f"{QUEUE}help/", f"{QUEUE}mine/"
REPORT = {
    "summary": "I cannot print",
    "detail": "",
    "system": "",
    "category": "printing",
    "impact": "one-person",
    "urgency": "partly",
    "submission": "0123456789abcdef",
}


def away(pages: Pages, *, call: Call | None = None, **facts: Any) -> Outage:
    item = pages.item_in_use("Payroll")
    with scope.everything("something is away in a test"):
        made: Outage = Outage.objects.create(
            **{
                "council": pages.desk.ash,
                "item": item,
                "call": call,
                "started_at": timezone.now(),
                "public": "We are on it.",
                "by": "somebody",
                **facts,
            }
        )
    return made


def article(title: str, *words: str, **facts: Any) -> Article:
    made = Article.objects.create(
        key=title.lower().replace(" ", "-"),
        title=title,
        body="How it is done.",
        state=Article.State.PUBLISHED,
        changed_at=timezone.now(),
        changed_by="somebody",
        **facts,
    )
    for word in words:
        ArticleWord.objects.create(article=made, word=word, weight=10)
    return made


def wish(**facts: Any) -> CatalogueItem:
    given = {
        "key": "screen",
        "title": "A second screen",
        "description": "For a desk.",
        "category": "Hardware",
        "approval": "manager",
        "price_pence": 12_000,
        "ask": "For which desk?",
    }
    return CatalogueItem.objects.create(**(given | facts))


class TestFindingHelp:
    def test_begins_with_what_is_away(self, pages: Pages) -> None:
        outage = away(pages, call=pages.incident())
        text = text_of(pages.browser("user").get(HELP))
        assert text.index("Payroll: not working") < text.index("What is it about?")
        assert "We are on it." in text
        assert f"{HELP}outage/{outage.pk}/" in text
        assert "Payroll" not in text_of(pages.browser("elm_user").get(HELP))

    def test_says_so_when_everything_works(self, pages: Pages) -> None:
        assert "Everything works, as far as we know." in text_of(pages.browser("user").get(HELP))

    def test_answers_a_search_with_articles_before_a_form(self, pages: Pages) -> None:
        article("Print on both sides", "print", "sides")
        article("For the desk alone", "print", audience=Article.Audience.DESK)
        text = text_of(pages.browser("user").get(HELP, {"q": "print"}))
        assert "Print on both sides" in text
        assert "For the desk alone" not in text
        assert "report/?summary=print" in text

    def test_shows_what_can_be_asked_for_and_who_approves_it(self, pages: Pages) -> None:
        wish()
        text = text_of(pages.browser("user").get(HELP))
        assert "A second screen" in text
        assert "Approved by: your manager. £120" in text

    def test_lets_somebody_say_once_that_they_have_it_too(self, pages: Pages) -> None:
        parent = pages.incident(council=pages.desk.elm)
        outage = away(pages, call=parent)
        browser = pages.browser("user")
        for _ in range(2):
            text = text_of(browser.post(f"{HELP}outage/{outage.pk}/", follow=True))
            assert "You will hear how it goes." in text
        (call,) = Call.unscoped("a test").exclude(pk=parent.pk)
        assert (call.parent_id, call.council_id) == (parent.pk, pages.desk.ash.pk)
        assert (call.requester_id, call.headline) == (pages.desk.user.actor.user_id, "Payroll: not working")

    def test_takes_it_as_a_call_by_itself_where_nobody_works_on_the_outage(self, pages: Pages) -> None:
        pages.browser("user").post(f"{HELP}outage/{away(pages).pk}/")
        (call,) = Call.unscoped("a test")
        assert (call.parent_id, call.state) == (None, State.NEW)

    def test_knows_nothing_of_what_is_over_or_another_councils(self, pages: Pages) -> None:
        then = timezone.now() - timedelta(hours=2)
        over = away(pages, started_at=then, ended_at=then + timedelta(hours=1))
        theirs = away(pages, council=pages.desk.elm)
        for each in (over, theirs):
            assert pages.browser("user").post(f"{HELP}outage/{each.pk}/").status_code == NOT_FOUND


class TestReportingAFault:
    def test_is_one_form_and_leads_to_ones_own_call(self, pages: Pages) -> None:
        browser = pages.browser("user")
        for _ in range(2):
            response = browser.post(f"{HELP}report/", REPORT)
        (call,) = Call.unscoped("a test")
        assert response["Location"] == f"{MINE}{call.reference}/"
        assert (call.requester_id, call.priority, call.channel) == (
            pages.desk.user.actor.user_id,
            4,
            "portal",
        )
        assert "We have it, and" not in text_of(browser.get(response["Location"]))

    def test_shows_what_is_known_of_the_system_before_it_is_sent(self, pages: Pages) -> None:
        outage = away(pages)
        browser = pages.browser("user")
        entered = REPORT | {"system": outage.item_id, "check": "yes", "category": ""}
        response = browser.post(f"{HELP}report/", entered)
        assert response.status_code == 200
        assert "Payroll: not working" in text_of(response)
        assert "I cannot print" in text_of(response)
        assert not Call.unscoped("a test").exists()

    def test_says_at_each_question_what_is_missing(self, pages: Pages) -> None:
        response = pages.browser("user").post(f"{HELP}report/", REPORT | {"summary": "", "urgency": ""})
        assert response.status_code == UNPROCESSABLE
        assert "Say what is wrong" in text_of(response)
        assert "Choose whether work can go on" in text_of(response)

    def test_begins_with_what_was_searched_for(self, pages: Pages) -> None:
        text = text_of(pages.browser("user").get(f"{HELP}report/", {"summary": "my screen"}))
        assert 'value="my screen"' in text


class TestAskingForSomething:
    def test_asks_what_the_team_needs_to_know(self, pages: Pages) -> None:
        wish(approval="none")
        browser = pages.browser("user")
        assert "For which desk?" in text_of(browser.get(f"{HELP}ask/screen/"))
        fields = {"detail": "", "urgency": "yes", "submission": "0123456789abcdef"}
        refused = browser.post(f"{HELP}ask/screen/", fields)
        assert refused.status_code == UNPROCESSABLE
        assert "Answer “For which desk?”" in text_of(refused)
        assert browser.post(f"{HELP}ask/screen/", fields | {"detail": "Mine."}).status_code == FOUND
        (call,) = Call.unscoped("a test")
        assert (call.kind, call.requester_id) == ("request", pages.desk.user.actor.user_id)

    def test_of_what_is_not_offered_there_is_none(self, pages: Pages) -> None:
        wish(offered=False)
        assert pages.browser("user").get(f"{HELP}ask/screen/").status_code == NOT_FOUND


class TestOnesOwnCalls:
    def test_stand_in_plain_words_with_what_waits_for_oneself_first(self, pages: Pages) -> None:
        asked, other = pages.incident(summary="The old one"), pages.incident(summary="The new one")
        pages.does(working.ask_user, asked, by=pages.desk.analyst, question="Which?", expected=None)
        text = text_of(pages.browser("user").get(MINE))
        assert text.index("The old one") < text.index("The new one")
        assert "Waits for your answer" in text
        assert other.reference in text

    def test_say_so_when_there_are_none(self, pages: Pages) -> None:
        assert "You have asked for nothing" in text_of(pages.browser("elm_user").get(MINE))

    def test_show_the_conversation_and_never_the_notes(self, pages: Pages) -> None:
        call = pages.incident()
        pages.does(working.reply, call, by=pages.desk.analyst, text="We are looking.")
        pages.does(working.note, call, by=pages.desk.analyst, text="He always calls.")
        text = text_of(pages.browser("user").get(f"{MINE}{call.reference}/"))
        assert "We are looking." in text
        assert "He always calls." not in text
        assert "We promised it by" in text

    def test_are_nobody_elses(self, pages: Pages) -> None:
        call = pages.incident()
        for who in ("elm_user", "analyst", "manager"):
            browser = pages.browser(who)
            assert browser.get(f"{MINE}{call.reference}/").status_code == NOT_FOUND
            for act in ("say", "works", "withdraw"):
                assert browser.post(f"{MINE}{call.reference}/{act}/").status_code == NOT_FOUND

    def test_take_an_answer_and_something_added(self, pages: Pages) -> None:
        call = pages.incident()
        browser, page = pages.browser("user"), f"{MINE}{call.reference}/"
        pages.does(working.ask_user, call, by=pages.desk.analyst, question="Which one?", expected=None)
        assert "Which one?" in text_of(browser.get(page))
        fields = {"say-expected": pages.seq(call), "say-text": ""}
        response = browser.post(f"{page}say/", fields)
        assert response.status_code == UNPROCESSABLE
        assert "Write your answer first" in text_of(response)
        browser.post(f"{page}say/", fields | {"say-text": "The red one."})
        assert pages.again(call).state == State.OPEN
        browser.post(f"{page}say/", {"say-expected": pages.seq(call), "say-text": "And the blue one."})
        text = text_of(browser.get(page))
        assert "The red one." in text
        assert "And the blue one." in text

    def test_are_closed_by_saying_that_it_works(self, pages: Pages) -> None:
        call = pages.incident()
        pages.does(working.resolve, call, by=pages.desk.analyst, fix="Restarted.", expected=None)
        page = f"{MINE}{call.reference}/"
        pages.browser("user").post(
            f"{page}works/", {"works-expected": pages.seq(call), "works-works": "yes", "works-text": ""}
        )
        again = pages.again(call)
        assert (again.state, again.ended) == (State.CLOSED, Ended.DONE)

    def test_that_were_asked_for_are_asked_about_as_such(self, pages: Pages) -> None:
        with scope.everything("asking for something in a test of pages"):
            call = a_request(pages.desk, now=timezone.now())
        pages.does(working.resolve, call, by=pages.desk.analyst, fix="It stands there.", expected=None)
        page, browser = f"{MINE}{call.reference}/", pages.browser("user")
        text = text_of(browser.get(page))
        assert "Yes, it is all there" in text
        assert "Does it work now?" not in text
        fields = {"works-expected": pages.seq(call), "works-works": "no", "works-text": ""}
        response = browser.post(f"{page}works/", fields)
        assert response.status_code == UNPROCESSABLE
        assert "Say what is missing" in text_of(response)

    def test_stand_under_it_help_in_the_menu(self, pages: Pages) -> None:
        text = text_of(pages.browser("user").get(MINE))
        assert 'href="/work/desk/help/" aria-current="page"' in text
        assert text.count('aria-current="page"') == 1

    def test_lose_nothing_when_the_desk_was_quicker(self, pages: Pages) -> None:
        call = pages.incident()
        pages.does(working.resolve, call, by=pages.desk.analyst, fix="Restarted.", expected=None)
        seen = pages.seq(call)
        pages.does(working.reopen, call, by=pages.desk.analyst, why="It came back.", expected=None)
        pages.does(working.resolve, call, by=pages.desk.analyst, fix="Now it works.", expected=None)
        fields = {"works-expected": seen, "works-works": "no", "works-text": "Not at all."}
        response = pages.browser("user").post(f"{MINE}{call.reference}/works/", fields)
        assert response.status_code == CONFLICT
        text = text_of(response)
        assert "Not at all." in text
        assert "Now it works." in text

    def test_go_on_in_a_new_one_when_something_is_added_to_a_closed_one(self, pages: Pages) -> None:
        call = pages.incident()
        browser, page = pages.browser("user"), f"{MINE}{call.reference}/"
        pages.does(working.resolve, call, by=pages.desk.analyst, fix="Restarted.", expected=None)
        fields = {"works-expected": pages.seq(call), "works-works": "yes", "works-text": ""}
        browser.post(f"{page}works/", fields)
        response = browser.post(f"{page}say/", {"say-expected": "1", "say-text": "It hums."}, follow=True)
        new = Call.unscoped("a test").latest("id")
        text = text_of(response)
        assert new.pk != call.pk
        assert f"what you wrote goes on in another call: {new.reference}" in text
        assert response.redirect_chain[-1][0] == f"{MINE}{new.reference}/"
        assert "It hums." in text
        assert "It hums." not in text_of(browser.get(page))

    def test_are_withdrawn(self, pages: Pages) -> None:
        call = pages.incident()
        response = pages.browser("user").post(
            f"{MINE}{call.reference}/withdraw/", {"withdraw-expected": pages.seq(call)}
        )
        assert response.status_code == FOUND
        assert pages.again(call).ended == Ended.CANCELLED
