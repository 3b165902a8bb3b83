"""Where people read which councils a case is about, councils have names; their codes are for machines."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from moothall.councils import scope
from moothall.councils.models import Council
from moothall.process import kinds
from moothall.process.definition import Choice
from moothall.process.queries.wording import in_words
from tests.servicedesk.changing import Board, case_of, make_board
from tests.workplace.change_pages import browser, text_of, waiting_change
from tests.workplace.test_desk_majors import Pages, pages

pytestmark = pytest.mark.django_db
__all__ = ["pages"]


@pytest.fixture
def board(db: None, settings: Settings) -> Board:
    del db
    settings.SECOND_FACTOR = "off"
    with scope.everything("making a board for a test of names"):
        return make_board()


def read_on(response: Any) -> str:
    """Return what stands on a page for people: its text, without what browsers alone read."""
    assert response.status_code == 200
    shown = re.sub(r"<(script|style)\b.*?</\1>", " ", text_of(response))
    return " ".join(re.sub(r"<[^>]*>", " ", shown).split())


def codes_on(text: str) -> list[str]:
    """Return the codes of councils that stand in a text as words of their own."""
    codes = Council.objects.values_list("code", flat=True)
    return [each for each in codes if re.search(rf"(?<![\w-]){each}(?![\w-])", text)]


class TestACaseOfAChange:
    @pytest.mark.parametrize("who", ["ash_seat", "manager"])
    @pytest.mark.parametrize("page", ["", "?history=all"])
    def test_names_the_councils_that_it_touches(self, board: Board, who: str, page: str) -> None:
        change = waiting_change(board)
        text = read_on(browser(board, who).get(f"/work/case/{change.call.reference}/{page}"))
        assert "Councils that it touches Ash Elm" in text
        assert codes_on(text) == []

    def test_names_them_in_every_version_of_the_answer(self, board: Board) -> None:
        change = waiting_change(board)
        address = f"/work/case/{change.call.reference}/answers/councils/"
        text = read_on(browser(board, "manager").get(address))
        assert "Ash Elm" in text
        assert codes_on(text) == []

    def test_names_them_on_the_page_of_the_call(self, board: Board) -> None:
        change = waiting_change(board)
        text = read_on(browser(board, "third").get(f"/work/desk/call/{change.call.reference}/?history=all"))
        assert "Ash Elm" in text
        assert codes_on(text) == []


class TestACaseOfAMajorIncident:
    def test_names_the_councils_that_were_hit(self, pages: Pages) -> None:
        major = pages.make(pages.led.approved, now=timezone.now() - timedelta(days=4))
        text = read_on(pages.browser("manager").get(f"/work/case/{major.case.reference}/?history=all"))
        assert "Councils hit" in text
        assert codes_on(text) == []


class TestTheWordsOfAnAnswer:
    def test_leave_what_has_words_of_its_own_or_no_council(self, board: Board) -> None:
        change = waiting_change(board)
        with scope.everything("reading a process in a test"):
            definition = case_of(change).definition
        field = definition.fields["councils"]
        assert in_words(definition, field, [board.elm.code, "gone"]) == "Elm\ngone"
        assert in_words(definition, field, None) == kinds.words(field, None)
        assert in_words(definition, definition.fields["items"], ["portal"]) == "portal"
        chosen = replace(field, type="choices", of=(Choice(key=board.elm.code, words="Elm and around"),))
        assert in_words(definition, chosen, [board.elm.code]) == "Elm and around"
