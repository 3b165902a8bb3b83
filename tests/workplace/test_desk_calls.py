"""The queue of the desk, and the page of a call."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from moothall.servicedesk.actions import joining, working
from moothall.servicedesk.models import SavedFilter
from tests.servicedesk.desked import make_item
from tests.workplace.desk_pages import (
    NOT_FOUND,
    QUEUE,
    REFUSED,
    Pages,
    page_of,
    sent,
    text_of,
)

pytestmark = pytest.mark.django_db


class TestTheQueue:
    def test_shows_what_waits_for_whom(self, pages: Pages) -> None:
        call = pages.incident(impact="team")
        text = text_of(pages.browser("analyst").get(QUEUE))
        for words in (call.reference, "Outlook does not open", "To be sorted", "P2", pages.user_name):
            assert words in text

    def test_has_tabs_with_counts_that_do_not_end_the_day(self, pages: Pages) -> None:
        mine, other = pages.incident(), pages.incident()
        pages.does(working.take, mine, by=pages.desk.analyst, expected=None)
        browser = pages.browser("analyst")
        text = text_of(browser.get(QUEUE, {"tab": "mine"}))
        assert mine.reference in text
        assert other.reference not in text
        free = text_of(browser.get(QUEUE, {"tab": "free"}))
        assert other.reference in free
        assert mine.reference not in free
        assert 'Not taken <span class="desk-count">1</span>' in free

    @pytest.mark.parametrize(
        "query",
        [
            {"priority": "1"},
            {"kind": "request"},
            {"category": "network"},
            {"state": "user"},
            {"late": "on"},
            {"words": "printer"},
            {"system": "email-x"},
        ],
    )
    def test_is_narrowed_by_its_address(self, pages: Pages, query: dict[str, str]) -> None:
        make_item(code="email-x", name="Email X")
        call = pages.incident()
        browser = pages.browser("analyst")
        text = text_of(browser.get(QUEUE, {"tab": "all", **query}))
        assert call.reference not in text
        assert "Nothing fits" in text
        assert call.reference in text_of(browser.get(QUEUE, {"tab": "all", "words": "outlook"}))

    def test_says_which_system_nobody_knows(self, pages: Pages) -> None:
        text = text_of(pages.browser("analyst").get(QUEUE, {"system": "Nonesuch"}))
        assert "No system is called “Nonesuch”" in text

    def test_opens_a_call_whose_whole_reference_is_searched_for(self, pages: Pages) -> None:
        call = pages.incident()
        response = pages.browser("analyst").get(QUEUE, {"words": call.reference.lower()})
        assert response["Location"] == page_of(call)

    def test_shows_saved_views_beside_its_tabs(self, pages: Pages) -> None:
        SavedFilter.objects.create(
            staff=pages.desk.staff["analyst"], name="Hot ones", query="tab=all&priority=1"
        )
        text = text_of(pages.browser("analyst").get(QUEUE, {"tab": "all", "priority": "1"}))
        assert 'href="?tab=all&amp;priority=1" aria-current="page">Hot ones</a>' in text

    def test_shows_what_was_resolved_lately(self, pages: Pages) -> None:
        call = pages.incident()
        pages.does(working.resolve, call, by=pages.desk.analyst, fix="Restarted.", expected=None)
        browser = pages.browser("analyst")
        assert call.reference not in text_of(browser.get(QUEUE, {"tab": "all"}))
        assert call.reference in text_of(browser.get(QUEUE, {"tab": "resolved"}))

    def test_is_refused_to_whoever_has_no_business_there(self, pages: Pages) -> None:
        assert pages.browser("user").get(QUEUE).status_code == REFUSED

    def test_shows_a_client_only_their_own_council(self, pages: Pages) -> None:
        ours, theirs = pages.incident(), pages.incident(council=pages.desk.elm)
        text = text_of(pages.browser("client").get(QUEUE, {"tab": "all"}))
        assert theirs.reference in text
        assert ours.reference not in text
        assert 'aria-label="Select' not in text

    def test_asks_the_same_number_of_questions_however_long_it_is(
        self, pages: Pages, django_assert_max_num_queries: Any
    ) -> None:
        browser = pages.browser("analyst")
        for _ in range(3):
            pages.incident()
        browser.get(QUEUE)
        with django_assert_max_num_queries(22) as few:
            browser.get(QUEUE)
        for _ in range(12):
            pages.incident(item_id=None)
        with django_assert_max_num_queries(22) as many:
            browser.get(QUEUE)
        assert len(few) == len(many)


class TestTheCall:
    def test_says_who_what_and_why(self, pages: Pages) -> None:
        call = pages.incident(impact="team")
        text = text_of(pages.browser("analyst").get(page_of(call)))
        for words in (
            "Since this morning.",
            "Impact: a team; Work goes on: no",
            "Service restored",
            "Take it",
        ):
            assert words in text

    def test_keeps_what_the_user_was_told_apart_from_the_notes(self, pages: Pages) -> None:
        call = pages.incident()
        pages.does(working.reply, call, by=pages.desk.analyst, text="We are looking.")
        pages.does(working.note, call, by=pages.desk.analyst, text="Third one today.")
        text = text_of(pages.browser("analyst").get(page_of(call)))
        talk, _, notes = text.partition("Notes of the desk</h2>")
        assert "We are looking." in talk
        assert "Third one today." not in talk
        assert "Third one today." in notes.partition("What happened")[0]

    def test_shows_its_system_with_the_other_calls_of_it(self, pages: Pages) -> None:
        item = make_item(name="Housing")
        other, call = (
            pages.incident(item_id=item.pk, summary="Rents are wrong"),
            pages.incident(item_id=item.pk),
        )
        text = text_of(pages.browser("analyst").get(page_of(call)))
        assert "System: Housing" in text
        assert other.reference in text.partition("System: Housing")[2]

    def test_shows_what_is_under_it(self, pages: Pages) -> None:
        parent, child = pages.incident(), pages.incident(council=pages.desk.elm)
        pages.does(joining.put_under, child, by=pages.desk.analyst, parent_id=parent.pk)
        browser = pages.browser("analyst")
        text = text_of(browser.get(page_of(parent)))
        assert "Under it: 1 open of 1" in text
        assert "Write to everybody who reported it" in text
        assert "This call is under" in text_of(browser.get(page_of(child)))

    def test_does_not_exist_for_another_council(self, pages: Pages) -> None:
        assert pages.browser("client").get(page_of(pages.incident())).status_code == NOT_FOUND

    def test_offers_a_client_nothing_to_do(self, pages: Pages) -> None:
        call = pages.incident(council=pages.desk.elm)
        text = text_of(pages.browser("client").get(page_of(call)))
        assert "Take it" not in text
        assert sent(pages, call, "take", "client").status_code == REFUSED

    def test_asks_a_fixed_number_of_questions(self, pages: Pages, django_assert_max_num_queries: Any) -> None:
        item = make_item()
        call = pages.incident(item_id=item.pk)
        browser = pages.browser("analyst")
        browser.get(page_of(call))
        with django_assert_max_num_queries(45) as few:
            browser.get(page_of(call))
        for number in range(4):
            pages.incident(item_id=item.pk)
            pages.does(working.reply, call, by=pages.desk.analyst, text=f"Answer {number}.")
        with django_assert_max_num_queries(45) as many:
            browser.get(page_of(call))
        assert len(many) == len(few)


class TestTheClocks:
    def test_say_when_a_promise_ran_out(self, pages: Pages) -> None:
        call = pages.incident(now=timezone.now() - timedelta(days=40))
        text = text_of(pages.browser("analyst").get(page_of(call)))
        assert "Was due" in text
        assert f"/work/case/{call.reference}/clock/resolve/" in text
