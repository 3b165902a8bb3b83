"""Pages of the estate and of its suppliers."""

from datetime import date

import pytest
from django.utils import timezone
from pytest_django import Settings

from moothall.councils import scope
from moothall.estate import actions as estate
from moothall.estate.models import Item
from moothall.servicedesk.queries.board import seats
from tests.servicedesk.changing import Board, make_board
from tests.workplace.change_pages import FOUND, NOT_FOUND, REFUSED, UNPROCESSABLE, browser, doing, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def board(db: None, settings: Settings) -> Board:
    del db
    settings.SECOND_FACTOR = "off"
    with scope.everything("making a board for a test of pages"):
        return make_board()


class TestTheEstate:
    def test_lists_systems_and_shows_one_with_whom_it_touches(self, board: Board) -> None:
        page = browser(board, "author").get("/work/desk/estate/?words=virtual")
        assert "Virtual servers" in text_of(page)
        assert "Resident portal" not in text_of(page)
        shown = text_of(browser(board, "author").get("/work/desk/estate/item/vm-cluster/"))
        assert "400 people of Ash, 900 people of Elm" in shown

    def test_is_kept_by_forms(self, board: Board) -> None:
        manager, today = browser(board, "manager"), timezone.localdate()
        new = {"code": "phones", "name": "Telephones", "kind": "network", "tier": "2", "status": "live"}
        assert manager.post("/work/desk/estate/new/", new | {"new_supplier": "Callwell"}).status_code == FOUND
        phones = Item.objects.get(code="phones")
        assert phones.supplier is not None
        here = "/work/desk/estate/item/phones/"
        assert manager.post(f"{here}change/", new | {"name": "Phones"}).status_code == FOUND
        since = {"since_day": today.day, "since_month": today.month, "since_year": today.year}
        used = {"council": board.ash.pk, "users": "70", "hours": "office", **since}
        assert manager.post(f"{here}used/", used).status_code == FOUND
        on = Item.objects.get(code="vm-cluster").pk
        assert manager.post(f"{here}needs/", {"on": on}).status_code == FOUND
        window = {
            "council": board.ash.pk, "reason": "New exchange", "start_time": "10pm", "end_time": "11pm",
            "start_day_day": today.day, "start_day_month": today.month, "start_day_year": today.year + 1,
            "end_day_day": today.day, "end_day_month": today.month, "end_day_year": today.year + 1,
        }  # fmt: skip
        assert manager.post(f"{here}away/", window).status_code == FOUND
        starts = {"starts_on_day": 1, "starts_on_month": 4, "starts_on_year": 2026}
        promise = {
            "hours": "office",
            "resolve_1": "240",
            "credit": "2.5",
            "limit": "10",
            "charge": "1000",
            **starts,
        }
        route = {"council": board.ash.pk, "supplier": phones.supplier.pk, **promise}
        assert manager.post(f"{here}route/", route).status_code == FOUND
        page = text_of(manager.get(here))
        assert "Their promise does not fit inside ours." in page
        assert "New exchange" in page
        number = doing(lambda: phones.routes.get().pk)
        address = f"/work/desk/estate/route/{number}/"
        assert "2.5" in text_of(manager.get(address))
        assert manager.post(address, promise | {"respond_1": "300"}).status_code == UNPROCESSABLE
        assert manager.post(address, promise).status_code == FOUND
        assert "£1,000.00" not in text_of(manager.get("/work/desk/suppliers/"))
        assert "Callwell" in text_of(manager.get("/work/desk/suppliers/"))
        assert manager.post(f"{here}needs/drop/", {"on": on}).status_code == FOUND

    def test_is_changed_by_those_who_may_only(self, board: Board) -> None:
        assert browser(board, "author").get("/work/desk/estate/new/").status_code == REFUSED

    def test_does_not_admit_to_whom_it_is_not_there_that_a_system_exists(self, board: Board) -> None:
        doing(
            estate.add_item, by=board.manager, code="secret", name="Secret", kind="server", now=timezone.now()
        )
        assert browser(board, "author").get("/work/desk/estate/item/secret/").status_code == NOT_FOUND
        assert browser(board, "stranger").get("/work/desk/estate/").status_code == REFUSED


class TestSuppliers:
    def test_says_so_when_there_are_none(self, board: Board) -> None:
        page = browser(board, "author").get("/work/desk/suppliers/?month=2026-10")
        assert "No supplier is recorded" in text_of(page)

    def test_a_meeting_and_a_seat_that_there_are_not_are_not_found(self, board: Board) -> None:
        manager = browser(board, "manager")
        for address in ("board/99/", "board/seat/nowhere/", "estate/route/99/", "observed/99/"):
            assert manager.get(f"/work/desk/{address}").status_code == NOT_FOUND
        assert doing(seats, date(2026, 1, 1)) == {}
