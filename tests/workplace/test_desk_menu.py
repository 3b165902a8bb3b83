"""The navigation of the desk: every page of it belongs to one entry, and says to which."""

import re

import pytest
from django.test import Client
from django.urls import URLPattern
from pytest_django import Settings

from moothall.councils import scope
from moothall.councils.models import Staff
from moothall.workplace.desk_menu import HELP, TABS, area_of
from moothall.workplace.desk_urls import PATTERNS
from tests.makers import make_staff
from tests.servicedesk.changing import make_board

ROLES = ("change-manager", "desk-manager", "ict-client")
_MENU = re.compile(r'<nav class="work-tabs desk-tabs".*?</nav>', re.DOTALL)
_MARKED = re.compile(r'<a class="govuk-link" href="([^"]*)" aria-current="(\w+)">')


def address(pattern: URLPattern) -> str:
    return f"/work/{pattern.pattern}"


PLAIN = sorted({address(each) for each in PATTERNS if "<" not in str(each.pattern)})


class TestWhereEachAddressBelongs:
    @pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: str(pattern.pattern))
    def test_is_one_entry_or_self_service(self, pattern: URLPattern) -> None:
        area = area_of(address(pattern))
        found = [tab.label for tab in TABS if area in tab.areas]
        assert len(found) == (0 if area in HELP else 1), found

    def test_is_named_by_no_entry_without_addresses(self) -> None:
        there = {area_of(address(each)) for each in PATTERNS}
        assert {area for tab in TABS for area in tab.areas} | HELP == there


@pytest.mark.django_db
class TestTheMarkOnAPage:
    @pytest.fixture
    def everybody(self, db: None, settings: Settings) -> Staff:
        """Somebody who may open every entry."""
        del db
        settings.SECOND_FACTOR = "off"
        with scope.everything("making a desk for a test of its navigation"):
            board = make_board()
            return make_staff(council=board.ash, roles=ROLES)

    def test_is_on_exactly_one_entry_of_each_page(self, everybody: Staff) -> None:
        client = Client()
        client.force_login(everybody.user)
        seen = {}
        for here in PLAIN:
            page = client.get(here)
            if page.status_code != 200:
                continue
            menu = _MENU.search(page.content.decode())
            assert menu is not None, here
            marked = _MARKED.findall(menu[0])
            assert len(marked) == (0 if area_of(here) in HELP else 1), (here, marked)
            for href, how in marked:
                assert how == ("page" if href == here else "true"), here
                seen[here] = href
        assert seen["/work/desk/board/"] == seen["/work/desk/freezes/"] == "/work/desk/changes/"
        assert seen["/work/desk/reviews/"] == "/work/desk/majors/"
        assert {tab.label for tab in TABS if any(area_of(each) in tab.areas for each in seen)} == {
            tab.label for tab in TABS
        }
