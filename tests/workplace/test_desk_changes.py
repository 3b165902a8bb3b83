"""Pages of changes, of the board, and of what was seen changing."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from moothall.councils import scope
from moothall.look.dates import LONDON
from moothall.servicedesk.actions import freezes
from moothall.servicedesk.actions.observing import Seen, observe
from moothall.servicedesk.models import AgendaItem, Change, Freeze, Meeting, Observed, Seat
from tests.servicedesk.changing import LONG, Board, cast, make_board, opened, step
from tests.workplace.change_pages import (
    FOUND,
    REFUSED,
    SOON,
    UNPROCESSABLE,
    browser,
    doing,
    filled,
    now_of,
    number_of,
    one_change,
    text_of,
    waiting_change,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def board(db: None, settings: Settings) -> Board:
    del db
    settings.SECOND_FACTOR = "off"
    with scope.everything("making a board for a test of pages"):
        return make_board()


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

    def test_of_a_complex_one_asks_for_its_second_resource_at_once(self, board: Board) -> None:
        risky = filled(
            board,
            items=["vm-cluster"],
            rollback_tested="no",
            done_before="no",
            service_away="yes",
            known="on",
        )
        send = browser(board, "author").post
        page = send(self.ADDRESS, risky)
        assert page.status_code == UNPROCESSABLE
        assert "This change is complex. Choose who attends" in text_of(page)
        assert number_of(Change) == 0
        named = risky | {"second": board.staff["third"].pk}
        assert send(self.ADDRESS, named).status_code == FOUND

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

    def test_is_where_the_agenda_of_a_meeting_leads_to(self, board: Board) -> None:
        address = f"/work/desk/changes/{waiting_change(board).call.reference}/"
        assert 'id="vote"' in text_of(browser(board, "elm_seat").get(address))

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


class TestVotingOnAnEmergency:
    def emergency(self, board: Board) -> Change:
        now = timezone.now()
        soon = {"starts_at": now + LONG, "ends_at": now + 2 * LONG}
        return waiting_change(board, kind="emergency", **soon)

    def test_is_offered_on_its_own_page_to_the_emergency_board(self, board: Board) -> None:
        change = self.emergency(board)
        address = f"/work/desk/changes/{change.call.reference}/"
        page = text_of(browser(board, "manager").get(address))
        assert "Vote of the emergency board" in page
        assert "How do you vote?" in page
        assert "Do the next step" not in page
        assert "How do you vote?" not in text_of(browser(board, "ash_seat").get(address))
        assert change.call.reference in text_of(browser(board, "manager").get("/work/desk/board/"))

    def test_counts_and_the_board_votes_afterwards_in_its_seats(self, board: Board) -> None:
        change = self.emergency(board)
        address = f"/work/desk/changes/{change.call.reference}/"
        for who in ("manager", "third"):
            voted = browser(board, who).post(f"{address}vote/", {"choice": "for"}, follow=True)
            assert "Your vote counts." in text_of(voted)
        page = text_of(browser(board, "elm_seat").get(address))
        assert "Vote of the board afterwards" in page
        assert "How does your council vote?" in page
        assert f"<strong>{board.staff['third'].user.name}</strong>: for" in page

    def test_needs_a_reason_against(self, board: Board) -> None:
        address = f"/work/desk/changes/{self.emergency(board).call.reference}/vote/"
        page = browser(board, "manager").post(address, {"choice": "against", "text": ""})
        assert page.status_code == UNPROCESSABLE
        assert "How do you vote?" in text_of(page)


class TestWhoVerifiesAndReviews:
    def made(self, board: Board, outcome: str) -> Change:
        change = waiting_change(board)
        for who in (board.ash_seat, board.elm_seat):
            doing(cast, change, who, now=timezone.now())
        doing(opened, change)
        given = {"answers": {"result": "x"}, "outcome": outcome, "now": change.starts_at}
        doing(step, change, board.author, "make", **given)
        return now_of(change)

    def test_the_page_tells_whoever_made_it_that_somebody_else_verifies_it(self, board: Board) -> None:
        address = f"/work/desk/changes/{self.made(board, 'made').call.reference}/"
        page = text_of(browser(board, "author").get(address))
        assert "Someone other than the one who made the change must verify it." in page
        assert "Do the next step" not in page
        page = text_of(browser(board, "colleague").get(address))
        assert "Someone other than" not in page
        assert "Do the next step" in page

    def test_the_page_says_that_a_review_is_still_to_come_and_then_what_it_found(self, board: Board) -> None:
        change = self.made(board, "backed-out")
        address, manager = f"/work/desk/changes/{change.call.reference}/", browser(board, "manager")
        assert "The change manager looks back at it by" in text_of(manager.get(address))
        looked_back = {
            "objectives": False, "backout_used": "worked", "findings": "The plan was wrong.",
            "lessons": "Try it before.",
        }  # fmt: skip
        given = {"answers": looked_back, "outcome": "backed-out", "now": change.starts_at + LONG}
        doing(step, change, board.manager, "review", **given)
        page = text_of(manager.get(address))
        for words in (
            "Review after the change",
            "Closed as",
            "Yes, and it worked",
            "The plan was wrong.",
            "Try it before.",
        ):
            assert words in page
        assert board.staff["manager"].user.name in page


class TestItsCase:
    @pytest.mark.parametrize("who", ["author", "colleague", "elm_seat"])
    def test_is_loaded_once_whoever_looks(self, board: Board, who: str) -> None:
        address = f"/work/desk/changes/{waiting_change(board).call.reference}/"
        client = browser(board, who)
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        read = [
            each["sql"]
            for each in asked
            if re.search(r'FROM "?process_case"?\s|JOIN "?process_case"?\s', each["sql"])
        ]
        assert len(read) == 1, read


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
        assert "Whoever answers for the system has a call about it: " in text_of(page)
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
