"""Changes and gates driven to their ends over the database, through the boards of three councils."""

from datetime import timedelta
from typing import Any

import pytest

from moothall.plain.errors import HouseError
from moothall.process.errors import MayNotWaive, NotYet, VoteRefused
from tests.process.making import MONDAY
from tests.process.offices import Drive, Offices, make_offices, start

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]


@pytest.fixture
def offices() -> Offices:
    return make_offices()


class TestAChange:
    def planned(self, kind: str, days: int = 10, **more: Any) -> dict[str, Any]:
        begins = MONDAY + timedelta(days=days)
        return {
            "what": "New firewall",
            "services": "Network\nTelephony",
            "kind": kind,
            "risk": "high",
            "plan": "Swap at night",
            "backout": "Swap back",
            "starts": begins.isoformat(),
            "ends": (begins + timedelta(hours=2)).isoformat(),
        } | more

    def test_goes_through_the_board_of_three_councils(self, offices: Offices) -> None:
        author, peer = offices.of("ict"), offices.of("ict", 1)
        for number in range(2):
            offices.add("cab", offices.of("ict", number))
        drive = start(offices, "change", author, **self.planned("normal"))
        assert drive.open == {"peer"}
        with pytest.raises(NotYet, match="Someone other than the author"):
            drive.act(author, "peer", "sound")
        assert drive.act(peer, "peer", "sound") == {"board"}
        for excluded in (author, peer):
            with pytest.raises(VoteRefused):
                drive.vote(excluded, "board")
        seats = [offices.of("cab", number) for number in range(3)]
        assert [drive.vote(seat, "board") for seat in seats[:2]] == ["", ""]
        offices.add("cab", offices.of("resolvers"))
        with pytest.raises(VoteRefused):
            drive.vote(offices.of("resolvers"), "board")
        assert drive.vote(seats[2], "board") == "approved"
        assert drive.clock("board") == "met"
        self.made(offices, drive)

    def made(self, offices: Offices, drive: Drive) -> None:
        doer, other = offices.of("ict"), offices.of("ict", 2)
        assert drive.open == {"window"}
        assert drive.until(MONDAY + timedelta(days=10, minutes=-1)) == {"window"}
        assert drive.until(MONDAY + timedelta(days=10)) == {"do_it"}
        assert drive.act(doer, "do_it", "done", result="Swapped") == {"verify"}
        with pytest.raises(NotYet, match="Someone else must verify"):
            drive.act(doer, "verify", "works")
        drive.act(other, "verify", "works")
        assert (drive.case.status, drive.case.ending) == ("closed", "implemented")

    def test_is_rejected_by_one_veto(self, offices: Offices) -> None:
        drive = start(offices, "change", offices.of("ict"), **self.planned("normal"))
        drive.act(offices.of("ict", 1), "peer", "sound")
        drive.vote(offices.of("cab"), "board")
        assert drive.vote(offices.of("cab", 1), "board", "against", "It is election week.") == "rejected"
        assert drive.case.ending == "rejected"

    def test_may_need_more_work(self, offices: Offices) -> None:
        drive = start(offices, "change", offices.of("ict"), **self.planned("normal"))
        assert drive.act(offices.of("ict", 1), "peer", "rework", "No test of the telephones.") == {"raise"}
        assert drive.act(offices.of("ict"), "raise", plan="Swap at night, ring everybody") == {"peer"}

    def test_at_short_notice_is_raised_only_with_a_reason(self, offices: Offices) -> None:
        author = offices.of("ict")
        offices.add("change-manager", author)
        author = offices.of("ict")
        drive = start(offices, "change", author)
        soon = self.planned("normal", days=2)
        with pytest.raises(NotYet, match="at least 5 days"):
            drive.finish(author, "raise", answers=soon)
        with pytest.raises(HouseError):
            drive.finish(offices.of("ict", 1), "raise", answers=soon, waived={2: "It is urgent."})
        drive.finish(author, "raise", answers=soon, waived={2: "The licence ends on Friday."})
        assert drive.open == {"peer"}

    def test_that_ends_before_it_starts_is_raised_by_nobody(self, offices: Offices) -> None:
        author = offices.of("ict")
        drive = start(offices, "change", author)
        plan = self.planned("normal")
        plan["ends"] = plan["starts"]
        with pytest.raises(NotYet, match="after the start"):
            drive.finish(author, "raise", answers=plan)
        with pytest.raises(MayNotWaive):
            drive.finish(author, "raise", answers=plan, waived={0: "It is quick."})

    def test_in_an_emergency_needs_two_of_another_board(self, offices: Offices) -> None:
        author = offices.of("ict")
        offices.add("ecab", author)
        drive = start(offices, "change", author, **self.planned("emergency", days=0))
        assert drive.act(offices.of("ict", 1), "peer", "sound") == {"emergency_board"}
        with pytest.raises(VoteRefused):
            drive.vote(author, "emergency_board")
        drive.vote(offices.of("ecab"), "emergency_board")
        assert drive.vote(offices.of("ecab", 1), "emergency_board") == "approved"
        drive.later(minutes=1)
        assert drive.open == {"do_it"}

    def test_that_is_standard_asks_nobody_and_that_is_undone_opens_an_incident(
        self, offices: Offices
    ) -> None:
        drive = start(offices, "change", offices.of("ict"), **self.planned("standard", days=1))
        assert drive.open == {"window"}
        assert drive.later(days=1) == {"do_it"}
        drive.act(offices.of("ict"), "do_it", "backed-out", result="It would not start")
        assert drive.case.ending == "backed-out"
        incident = drive.linked("incident")
        assert incident.data == {"summary": "New firewall", "detail": "It would not start"}
        assert incident.open == {"log"}


class TestAGate:
    def papers(self, gate: str, **more: Any) -> dict[str, Any]:
        return {
            "project": "One stop shop",
            "gate": gate,
            "capital": "1200000",
            "revenue": "300000",
            "funded": "1000000",
            "case_for": "Everybody asks for it",
            "risks": "Cost\nTime",
        } | more

    def test_goes_back_and_comes_again_until_the_project_is_finished(self, offices: Offices) -> None:
        lead, office = offices.of("project-managers"), offices.of("pmo")
        drive = start(offices, "stage-gate", lead, **self.papers("strategic"))
        assert (drive.data["total"], drive.data["shortfall"]) == (150_000_000, 50_000_000)
        assert drive.act(office, "check", "incomplete", "Where are the benefits?") == {"submit"}
        drive.act(lead, "submit", case_for="Everybody asks for it, and it saves money", funded="2000000")
        assert drive.data["shortfall"] == 0
        assert drive.act(office, "check", "complete") == {"board"}
        board = [offices.of("gate-board", number) for number in range(3)]
        drive.vote(board[0], "board", "against", "Ask for less.")
        assert drive.vote(board[1], "board", "against", "Ask for less.") == "rejected"
        assert drive.act(lead, "submit", capital="900000") == {"check"}
        drive.act(office, "check", "complete", conditions="Report every month")
        assert [drive.vote(member, "board") for member in board] == ["", "", "approved"]
        assert drive.act(lead, "stage", "next-gate", delivered="A plan") == {"submit"}
        with pytest.raises(NotYet, match="From gate 2 on the board reads papers"):
            drive.act(lead, "submit", gate="benefits")
        drive.act(lead, "submit", gate="benefits", papers=[{"id": "1", "name": "benefits.pdf"}])
        drive.act(office, "check", "complete")
        for member in board:
            drive.vote(member, "board")
        drive.act(lead, "stage", "finished", delivered="It stands")
        assert (drive.case.status, drive.case.ending) == ("closed", "finished")
        assert drive.case.steps["submit"].run == 4

    def test_is_not_checked_by_whoever_sent_the_papers(self, offices: Offices) -> None:
        office = offices.of("pmo")
        drive = start(offices, "stage-gate", office, **self.papers("strategic"))
        with pytest.raises(NotYet, match="may not check them"):
            drive.act(office, "check", "complete")
