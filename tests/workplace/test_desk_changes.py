"""Pages of changes, of the board, of what was seen changing, and of the estate with its suppliers."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from moothall.councils import scope
from moothall.councils.models import CouncilOwned
from moothall.estate import actions as estate
from moothall.estate.models import Item
from moothall.look.dates import LONDON
from moothall.servicedesk.actions import freezes
from moothall.servicedesk.actions.observing import Seen, observe
from moothall.servicedesk.models import AgendaItem, Change, Freeze, Meeting, Observed, Seat
from moothall.servicedesk.queries.board import seats
from tests.servicedesk.changing import LONG, Board, a_change, make_board, step

pytestmark = pytest.mark.django_db
UNPROCESSABLE, NOT_FOUND, FOUND, REFUSED = 422, 404, 302, 403
SOON = timedelta(days=9)


@pytest.fixture
def board(db: None, settings: Settings) -> Board:
    del db
    settings.SECOND_FACTOR = "off"
    with scope.everything("making a board for a test of pages"):
        return make_board()


def browser(board: Board, who: str) -> Client:
    client = Client()
    client.force_login(board.staff[who].user)
    return client


def doing(act: Callable[..., Any], *args: Any, **facts: Any) -> Any:
    with scope.everything("working for a test of pages"):
        return act(*args, **facts)


def one_change(board: Board, **asked: Any) -> Change:
    now = timezone.now()
    window = {"starts_at": now + SOON, "ends_at": now + SOON + LONG}
    made: Change = doing(a_change, board, now=now, **(window | asked))
    return made


def waiting_change(board: Board, **asked: Any) -> Change:
    change = one_change(board, **asked)
    doing(step, change, board.colleague, "peer", outcome="sound", now=timezone.now())
    return now_of(change)


def number_of(model: type[CouncilOwned]) -> int:
    """Return how many there are of something."""
    return model.unscoped("a test").count()


def now_of(change: Change) -> Change:
    """Return a change as it is now, with its call."""
    found: Change = doing(lambda: Change.objects.select_related("call").get(pk=change.pk))
    return found


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


def filled(board: Board, **facts: Any) -> dict[str, Any]:
    """Return the form of a change as a browser sends it."""
    day = (timezone.now() + SOON).astimezone(LONDON).date()
    return {
        "council": board.ash.pk, "kind": "normal", "what": "Patch the portal", "reason": "A hole.",
        "items": ["portal"], "plan": "Step by step.", "tests": "Sign in.", "backout": "Restore.",
        "rollback_tested": "yes", "done_before": "yes", "in_hours": "no", "service_away": "no",
        "start_day_day": day.day, "start_day_month": day.month, "start_day_year": day.year, "start_time": "9pm",
        "end_time": "23:00", "submission": "a-form-of-a-test",
    } | facts  # fmt: skip


class TestRaisingAChange:
    ADDRESS = "/work/desk/changes/new/"

    def test_shows_what_it_comes_to_before_it_is_raised(self, board: Board) -> None:
        page = browser(board, "author").post(self.ADDRESS, filled(board, check="yes"))
        assert page.status_code == 200
        assert "900 people use what it touches" in text_of(page)
        assert "have a vote each" in text_of(page)
        assert number_of(Change) == 0

    def test_raises_it_and_shows_it(self, board: Board) -> None:
        page = browser(board, "author").post(self.ADDRESS, filled(board), follow=True)
        assert "Patch the portal" in text_of(page)
        assert "It waits for: Check by a colleague (Platforms)" in text_of(page)

    def test_says_at_each_question_what_is_wrong_and_keeps_the_rest(self, board: Board) -> None:
        page = browser(board, "author").post(self.ADDRESS, filled(board, what="", start_time="half past"))
        assert page.status_code == UNPROCESSABLE
        assert "Enter what will change" in text_of(page)
        assert "Enter a time, like 9am or 17:30" in text_of(page)
        assert "Step by step." in text_of(page)

    def test_asks_to_read_what_a_window_runs_into_first(self, board: Board) -> None:
        send = browser(board, "author").post
        page = send(self.ADDRESS, filled(board, service_away="yes"))
        assert page.status_code == UNPROCESSABLE
        assert "No maintenance has been agreed for Resident portal" in text_of(page)
        assert send(self.ADDRESS, filled(board, service_away="yes", known="on")).status_code == FOUND

    def test_says_that_a_council_wants_nothing_changed_then(self, board: Board) -> None:
        now = timezone.now()
        doing(
            freezes.set_freeze, by=board.manager, council_id=board.elm.pk, reason="Elections",
            starts_at=now, ends_at=now + 2 * SOON, now=now,
        )  # fmt: skip
        page = browser(board, "author").post(self.ADDRESS, filled(board))
        assert page.status_code == UNPROCESSABLE
        assert "Elm wants nothing changed" in text_of(page)

    def test_is_not_for_everybody(self, board: Board) -> None:
        assert browser(board, "elm_seat").get(self.ADDRESS).status_code == REFUSED


class TestTheCalendar:
    @pytest.mark.parametrize("show", ["month", "live", "all"])
    def test_has_the_change(self, board: Board, show: str) -> None:
        change = one_change(board)
        month = change.starts_at.astimezone(LONDON).strftime("%Y-%m")
        page = browser(board, "elm_seat").get(f"/work/desk/changes/?show={show}&month={month}")
        assert "Patch the virtual servers" in text_of(page)

    def test_says_so_when_there_is_nothing(self, board: Board) -> None:
        assert "There are no changes here" in text_of(
            browser(board, "elm_seat").get("/work/desk/changes/?show=all")
        )

    def test_leaves_out_nothing_that_can_be_typed(self, board: Board) -> None:
        for typed in ("month=x", "month=0001-01", "council=abc", "show=x", "show=all&after=999999"):
            assert browser(board, "elm_seat").get(f"/work/desk/changes/?{typed}").status_code == 200


class TestVoting:
    def test_is_offered_to_the_seats_and_says_to_others_why_not(self, board: Board) -> None:
        address = f"/work/desk/changes/{waiting_change(board).call.reference}/"
        assert "How does your council vote?" in text_of(browser(board, "elm_seat").get(address))
        assert "You are the deputy" in text_of(browser(board, "elm_deputy").get(address))

    def test_counts_and_the_last_one_approves_it(self, board: Board) -> None:
        change = waiting_change(board)
        address = f"/work/desk/changes/{change.call.reference}/vote/"
        for who in ("ash_seat", "elm_seat"):
            page = browser(board, who).post(address, {"choice": "for"}, follow=True)
        assert "Your vote counts." in text_of(page)
        assert now_of(change).state == Change.State.APPROVED

    def test_needs_a_reason_against_and_a_seat(self, board: Board) -> None:
        address = f"/work/desk/changes/{waiting_change(board).call.reference}/vote/"
        page = browser(board, "elm_seat").post(address, {"choice": "against", "text": ""})
        assert page.status_code == UNPROCESSABLE
        assert "Why must the change not be made?" in text_of(page)
        page = browser(board, "elm_deputy").post(address, {"choice": "for"}, follow=True)
        assert "They vote." in text_of(page)
        assert "Your vote counts." not in text_of(page)


class TestTheBoard:
    def test_shows_seats_what_waits_and_how_long_it_takes(self, board: Board) -> None:
        change = waiting_change(board)
        page = text_of(browser(board, "elm_seat").get("/work/desk/board/"))
        assert change.call.reference in page
        assert board.staff["elm_deputy"].user.name in page
        assert "Nothing was decided in the last three months." in page

    def test_is_called_together_and_its_meeting_has_an_agenda(self, board: Board) -> None:
        change = waiting_change(board)
        day = timezone.localdate() + timedelta(days=3)
        manager = browser(board, "manager")
        sent = {
            "day_day": day.day,
            "day_month": day.month,
            "day_year": day.year,
            "time": "2pm",
            "place": "Room 2",
        }
        assert manager.post("/work/desk/board/new/", sent).status_code == FOUND
        meeting = Meeting.objects.get()
        page = text_of(manager.get(f"/work/desk/board/{meeting.pk}/"))
        assert "Must sit: Ash, Elm." in page
        assert change.call.headline in page
        here = f"/work/desk/board/{meeting.pk}/"
        manager.post(f"{here}item/", {"change": change.pk, "note": "Ask Elm about it."})
        manager.post(f"{here}present/", {"present": [board.staff["ash_seat"].pk]})
        page = text_of(manager.get(here))
        assert "Ask Elm about it." in page
        assert "Not everybody who must sit is there." in page
        manager.post(f"{here}item/", {"change": change.pk, "off": "yes"})
        assert number_of(AgendaItem) == 0
        assert manager.post(f"{here}agenda/").status_code == FOUND
        assert number_of(AgendaItem) == 1
        assert manager.post(f"{here}close/", {"minutes": "x"}).status_code == UNPROCESSABLE  # not begun
        assert manager.post(f"{here}close/", {"cancel": "yes"}).status_code == FOUND

    def test_who_sits_is_said_by_whoever_holds_it_and_who_is_away_by_themselves(self, board: Board) -> None:
        elm, today = board.elm.code, timezone.localdate()
        since = {"since_day": today.day, "since_month": today.month, "since_year": today.year}
        sent = {"holder": board.staff["elm_deputy"].pk, "deputy": "", **since}
        assert browser(board, "manager").post(f"/work/desk/board/seat/{elm}/", sent).status_code == FOUND
        assert (
            doing(lambda: Seat.objects.get(council=board.elm, until=None)).holder == board.staff["elm_deputy"]
        )
        away = {"away_from_day": today.day, "away_from_month": today.month, "away_from_year": today.year}
        assert (
            browser(board, "elm_deputy").post(f"/work/desk/board/seat/{elm}/away/", away).status_code == FOUND
        )
        assert "Away" in text_of(browser(board, "elm_seat").get("/work/desk/board/"))
        page = browser(board, "ash_seat").post(f"/work/desk/board/seat/{elm}/away/", away, follow=True)
        assert "The holder of a seat says when they are away" in text_of(page)


class TestFreezes:
    def test_are_set_and_lifted(self, board: Board) -> None:
        day = timezone.localdate() + timedelta(days=5)
        sent = {
            "council": board.elm.pk, "reason": "Elections", "start_day_day": day.day, "start_day_month": day.month,
            "start_day_year": day.year, "start_time": "7am", "end_time": "22:00",
        }  # fmt: skip
        manager = browser(board, "manager")
        page = manager.post("/work/desk/freezes/new/", sent, follow=True)
        assert "Elections" in text_of(page)
        number = Freeze.unscoped("a test").get().pk
        page = manager.post(f"/work/desk/freezes/{number}/lift/", follow=True)
        assert "No council wants changes to rest" in text_of(page)


class TestWhatWasSeen:
    def seen(self, board: Board) -> Observed:
        now = timezone.now()
        rows = [Seen("1", now - LONG, "vm-cluster", "kim", "Changed: memory")]
        doing(observe, council_id=board.ash.pk, source="NetBox", rows=rows, now=now)
        found: Observed = Observed.unscoped("a test").get()
        return found

    def test_waits_to_be_looked_at_and_is_decided_in_words(self, board: Board) -> None:
        number, manager = self.seen(board).pk, browser(board, "manager")
        assert "Changed: memory" in text_of(manager.get("/work/desk/observed/"))
        address = f"/work/desk/observed/{number}/decide/"
        page = manager.post(address, {"decision": "harmless", "harmless-why": ""})
        assert page.status_code == UNPROCESSABLE
        page = manager.post(
            address, {"decision": "unauthorised", "unauthorised-why": "Nobody knew."}, follow=True
        )
        assert "Whoever answers for the system has" in text_of(page)
        assert "Nobody knew." in text_of(manager.get(f"/work/desk/observed/{number}/"))

    def test_belongs_to_no_change_that_there_is_not(self, board: Board) -> None:
        address = f"/work/desk/observed/{self.seen(board).pk}/decide/"
        sent = {"decision": "belongs", "belongs-reference": "NO-1", "belongs-why": "x"}
        page = browser(board, "manager").post(address, sent)
        assert page.status_code == UNPROCESSABLE
        assert "We cannot find that change" in text_of(page)

    def test_is_approved_afterwards(self, board: Board) -> None:
        address, manager = f"/work/desk/observed/{self.seen(board).pk}/afterwards/", browser(board, "manager")
        page = manager.get(address)
        assert "Changed: memory" in text_of(page)
        begun = page.context["form"].initial if page.context else {}
        now = (timezone.now() - 2 * LONG).astimezone(LONDON)
        sent = filled(board, items=["vm-cluster"], why="It could not wait.", submission="another-form-of-a-test") | {
            "start_day_day": now.day, "start_day_month": now.month, "start_day_year": now.year,
            "start_time": "00:10", "end_time": "00:20",
        }  # fmt: skip
        page = manager.post(address, sent, follow=True)
        assert "Made before it was approved" in text_of(page), begun

    def test_comes_from_a_file_too(self, board: Board) -> None:
        manager = browser(board, "manager")
        file = SimpleUploadedFile("log.csv", b"Time,Object,Action\n2026-11-01 10:00,portal,Updated\n")
        sent = {"council": board.ash.pk, "source": "NetBox", "file": file}
        page = manager.post("/work/desk/observed/file/", sent, follow=True)
        assert "1 new" in text_of(page)
        bad = SimpleUploadedFile("log.csv", b"\xff\xfe\x00")
        page = manager.post("/work/desk/observed/file/", sent | {"file": bad})
        assert page.status_code == UNPROCESSABLE
        assert "no text in UTF-8" in text_of(page)


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
