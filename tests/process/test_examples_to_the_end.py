"""The example processes driven to their ends over the database, by real teams of three councils and by the sweeper."""

from datetime import timedelta
from typing import Any

import pytest

from moothall.plain.errors import HouseError, NotFound
from moothall.process import actions, queries
from moothall.process.errors import MayNotWaive, NotYet, NotYourStep, SayWhy, VoteRefused
from tests.process.making import MONDAY
from tests.process.offices import Drive, Offices, make_offices, start

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]

CHILD = {"given": "Xanthippe", "family": "Quill", "born": "2017-05-04"}
CONCERN, SECRET = "Bruises on both arms", "Father known for violence"


@pytest.fixture
def offices() -> Offices:
    return make_offices()


class TestASafeguardingReferral:
    def refer(self, offices: Offices) -> Drive:
        teacher = offices.of("education")
        return start(offices, "mash", teacher, child=CHILD, concern=CONCERN, referrer_role="Teacher")

    def heard(self, offices: Offices, rag: str = "amber") -> Drive:
        """Return a referral about which all agencies have been heard."""
        drive = self.refer(offices)
        opened = drive.act(offices.of("mash"), "triage", "enquire", rag=rag, consent="yes")
        assert opened == {"police", "health", "school"}
        drive.act(offices.of("police"), "police", police_info=SECRET)
        drive.act(offices.of("health"), "health", health_info="Two visits to casualty")
        assert drive.act(offices.of("education"), "school", school_info="Often absent") == {"decide"}
        return drive

    def test_steps_down_is_refused_and_is_then_taken_over(self, offices: Offices) -> None:
        drive = self.heard(offices)
        manager, worker = offices.of("mash-manager"), offices.of("early-help")
        decided = {"threshold": "level-3", "rationale": "Several services"}
        assert drive.act(manager, "decide", "step-down", **decided) == {"step_down"}
        assert drive.clock("handover") == "running"
        with pytest.raises(SayWhy):
            drive.act(worker, "step_down", "refused")
        assert drive.act(worker, "step_down", "refused", "The family lives elsewhere.") == {"decide"}
        drive.act(manager, "decide", "step-down", **decided)
        with pytest.raises(HouseError):
            drive.act(offices.of("police"), "step_down", "accepted")
        assert drive.act(worker, "step_down", "accepted") == {"feedback"}
        assert drive.clock("handover") == "met"
        self.helped(offices, drive.linked("early-help"))
        drive.act(offices.of("mash"), "feedback", advice_given="Early help visits the family")
        assert (drive.case.status, drive.case.ending) == ("closed", "closed")

    def helped(self, offices: Offices, helping: Drive) -> None:
        worker = offices.of("early-help")
        assert helping.data["child"] == CHILD
        assert helping.open == {"assess"}, "what was passed to it has done its first step"
        assert helping.case.origins["concern"]["from"].startswith("case:")
        helping.act(worker, "assess", "plan", agreed="yes", needs="Somebody to talk to")
        assert helping.act(worker, "agree_plan", plan="Visit weekly\nRing the school") == {"review", "finish"}
        assert helping.act(worker, "review", progress="A little better") == {"finish"}
        assert helping.later(days=41) == {"finish"}
        assert helping.later(days=1) == {"review", "finish"}
        helping.act(worker, "finish", "helped", result="Well")
        assert (helping.case.status, helping.case.ending) == ("closed", "helped")
        assert helping.case.steps["review"].state == "cancelled"

    def test_keeps_what_the_police_say_from_the_school(self, offices: Offices) -> None:
        drive = self.refer(offices)
        drive.act(offices.of("mash"), "triage", "enquire", rag="red", consent="yes")
        drive.act(offices.of("police"), "police", police_info=SECRET)
        drive.act(offices.of("health"), "health", health_info="Two visits to casualty")
        school, outsider = offices.of("education"), offices.of("building")
        assert "Xanthippe" in drive.page(school)
        drive.act(school, "school", school_info="Often absent")
        assert "Often absent" in drive.page(school)
        for secret in (SECRET, "casualty", "Police check"):
            assert secret not in drive.page(school)
        assert SECRET not in drive.page(offices.of("health"))
        assert SECRET in drive.page(offices.of("mash-manager"))
        with pytest.raises(NotFound):
            drive.page(outsider)
        assert queries.search(outsider, "Xanthippe") == []

    def test_is_decided_by_somebody_who_did_not_triage(self, offices: Offices) -> None:
        offices.add("mash-manager", offices.of("mash"))
        drive = self.heard(offices)
        decided = {"threshold": "level-1", "rationale": "Nothing found"}
        with pytest.raises(NotYet, match="may not be the person who triaged"):
            drive.act(offices.of("mash"), "decide", **decided)
        assert drive.act(offices.of("mash-manager", 1), "decide", **decided) == {"feedback"}

    def test_is_not_decided_on_what_is_a_month_old_unless_somebody_says_why(self, offices: Offices) -> None:
        drive = self.heard(offices)
        manager = offices.of("mash-manager")
        answers = {"threshold": "level-1", "rationale": "Nothing found"}
        drive.later(days=29)
        with pytest.raises(NotYet, match="older than 28 days"):
            drive.finish(manager, "decide", answers=answers)
        with pytest.raises(HouseError):
            drive.finish(manager, "decide", answers=answers, waived={1: " "})
        drive.finish(manager, "decide", answers=answers, waived={1: "The police confirmed it by phone."})
        assert drive.happened()["waived"] == 1
        assert drive.open == {"feedback"}

    def test_that_is_red_is_late_after_four_hours_of_the_clock(self, offices: Offices) -> None:
        drive = self.refer(offices)
        drive.act(offices.of("mash"), "triage", "enquire", rag="red", consent="no", override="Risk of harm")
        drive.later(hours=5)
        assert drive.case.clocks["red"].late_at is not None
        assert drive.case.priority == "urgent"

    def test_of_the_highest_need_goes_to_a_strategy_discussion(self, offices: Offices) -> None:
        drive = self.heard(offices, "red")
        drive.act(offices.of("mash-manager"), "decide", threshold="level-4", rationale="Significant harm")
        assert (drive.case.status, drive.case.ending) == ("closed", "escalated")
        discussion = drive.linked("strategy-discussion")
        assert discussion.open == {"arrange"}
        assert discussion.data == {"child": CHILD, "concern": CONCERN}
        meets = "2026-11-24T10:00"
        discussion.act(offices.of("safeguarding"), "arrange", meets_at=meets, invited="Police\nHealth")
        discussion.act(offices.of("police"), "police", police_view=SECRET)
        assert discussion.act(offices.of("health"), "health", health_view="Injuries fit a fall") == {
            "meeting"
        }
        assert discussion.until(MONDAY.replace(day=24, hour=9, minute=59)) == {"meeting"}
        assert discussion.until(MONDAY.replace(day=24, hour=10, minute=0)) == {"decide"}
        assert SECRET not in discussion.page(offices.of("health"))
        leader = offices.of("safeguarding")
        assert discussion.act(leader, "decide", decision="single", reasons="Not clear") == {"enquire"}
        assert discussion.act(leader, "enquire", finding="substantiated") == {"conference"}
        discussion.act(leader, "conference", protection_plan="Grandmother moves in")
        assert discussion.case.ending == "protected"

    def test_that_is_none_is_signposted(self, offices: Offices) -> None:
        drive = self.refer(offices)
        where = "To the family information service."
        drive.act(offices.of("mash"), "triage", "not-safeguarding", where, rag="green", consent="yes")
        assert drive.case.ending == "signposted"


class TestAMajorIncident:
    FAULT = {
        "service": "network",
        "summary": "No network anywhere",
        "impact": "all-councils",
        "urgency": "no",
    }

    def log(self, offices: Offices, **answers: Any) -> Drive:
        return start(offices, "incident", offices.of("hr"), **{**self.FAULT, **answers})

    def restored(self, offices: Offices) -> Drive:
        """Return a P1 whose service works again, with its report to be written."""
        drive = self.log(offices)
        assert drive.data["priority"] == "P1"
        assert drive.open == {"assign", "call"}
        manager = offices.of("major-incident")
        assert drive.act(manager, "call", bridge="Extension 999") == {"assign", "updates"}
        drive.act(offices.of("service-desk"), "assign", "resolvers")
        assert drive.clock("respond") == "met"
        assert drive.act(manager, "updates", update="We are looking.") == {"restore"}
        assert drive.later(minutes=29) == {"restore"}
        assert drive.later(minutes=1) == {"restore", "updates"}
        drive.act(manager, "updates", update="A cable was cut.")
        assert drive.later(minutes=30) == {"restore", "updates"}
        assert drive.act(offices.of("resolvers"), "restore", fix="Cable mended") == {"report"}
        assert drive.clock("restore") == "met"
        assert drive.later(hours=2) == {"report"}, "nobody is told any more"
        return drive

    def written(self, offices: Offices, by: int = 0) -> Drive:
        drive = self.restored(offices)
        author = offices.of("major-incident", by)
        told = {"timeline": "9:00 cut\n10:30 mended", "cause": "Digger", "actions": "Mark cables"}
        assert drive.act(author, "report", **told) == {"review"}
        return drive

    def test_is_told_of_every_half_hour_reported_rejected_once_and_approved(self, offices: Offices) -> None:
        drive = self.written(offices)
        owners = [offices.of("service-owners", number) for number in range(3)]
        with pytest.raises(SayWhy):
            drive.vote(owners[0], "review", "against")
        assert drive.vote(owners[0], "review", "against", "Who dug?") == ""
        assert drive.vote(owners[1], "review", "against", "Who dug?") == "rejected"
        assert drive.open == {"report"}
        drive.act(offices.of("major-incident"), "report", actions="Mark cables\nAsk the contractor")
        assert drive.vote(owners[2], "review") == ""
        assert drive.vote(owners[0], "review") == "approved"
        assert drive.clock("report") == "met"
        problem = drive.linked("problem")
        assert problem.data["actions"] == ["Mark cables", "Ask the contractor"]
        assert drive.open == {"close"}
        drive.act(offices.of("service-desk"), "close")
        assert (drive.case.status, drive.case.ending) == ("closed", "resolved")
        self.solved(offices, problem)

    def solved(self, offices: Offices, problem: Drive) -> None:
        assert problem.open == {"investigate"}, "what was passed to it has done its first step"
        resolver = offices.of("resolvers")
        found = {"found": "No map of cables", "way": "accept"}
        with pytest.raises(NotYet, match="a way to work round it"):
            problem.act(resolver, "investigate", **found)
        changing = {"found": "No map of cables", "way": "change", "changing": "Draw a map"}
        assert problem.act(resolver, "investigate", **changing) == {"watch"}
        assert problem.linked("change").data == {"what": "Draw a map"}
        assert problem.until(MONDAY + timedelta(days=80)) == {"watch"}
        assert problem.until(MONDAY + timedelta(days=93)) == {"confirm"}
        assert problem.act(offices.of("problem-manager"), "confirm", again="yes") == {"investigate"}
        problem.act(resolver, "investigate", way="accept", workaround="Ask before digging")
        assert problem.case.ending == "accepted"

    def test_is_not_reviewed_by_its_author(self, offices: Offices) -> None:
        offices.add("service-owners", offices.of("major-incident", 1))
        drive = self.written(offices, by=1)
        with pytest.raises(VoteRefused):
            drive.vote(offices.of("major-incident", 1), "review")
        with pytest.raises(HouseError, match="vote"):
            drive.act(offices.of("service-owners"), "review", "approved")

    def test_of_less_weight_goes_without_updates_and_report(self, offices: Offices) -> None:
        drive = self.log(offices, impact="team")
        assert drive.data["priority"] == "P2"
        assert drive.open == {"assign"}
        drive.act(offices.of("service-desk"), "assign", "resolvers")
        assert drive.act(offices.of("resolvers"), "restore", fix="Restarted") == {"close"}
        drive.act(offices.of("service-desk"), "close")
        assert drive.case.ending == "resolved"

    def test_of_the_first_weight_cannot_be_called_none(self, offices: Offices) -> None:
        drive = self.log(offices)
        with pytest.raises(NotYet):
            drive.act(offices.of("service-desk"), "assign", "not-a-fault", "Nothing.")


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


class TestAStarter:
    DETAILS = {
        "person": {"given": "Zebedee", "family": "Oak"},
        "job": "Planner",
        "starts": "2026-12-07",
        "kit": ["laptop", "card"],
    }

    def ready(self, offices: Offices) -> Drive:
        drive = start(offices, "starter", offices.of("education"), **self.DETAILS)
        assert drive.data["manager"] == offices.of("education").actor.name
        assert drive.open == {"personnel", "account", "equipment", "building"}
        with pytest.raises(NotYet, match="right to work"):
            drive.act(offices.of("hr"), "personnel", "ready", checks=["references"], payroll="7")
        drive.act(offices.of("hr"), "personnel", "ready", checks=["right-to-work", "references"], payroll="7")
        drive.act(offices.of("ict"), "account", user_name="zoak")
        drive.act(offices.of("building"), "building", card="B12")
        assert drive.act(offices.of("ict"), "equipment", devices="Laptop 33") == {"until_then"}
        assert drive.until(MONDAY + timedelta(days=13)) == {"until_then"}
        assert drive.until(MONDAY + timedelta(days=14)) == {"first_day"}
        return drive

    def test_is_made_ready_for_side_by_side_and_begins(self, offices: Offices) -> None:
        drive = self.ready(offices)
        for who in ("police", "building"):
            assert ("Zebedee" in drive.page(offices.of(who))) == (who == "building")
        with pytest.raises(HouseError):
            drive.act(offices.of("ict"), "first_day", arrived="yes")
        actions.reply(
            by=offices.of("education"),
            case_id=drive.case_id,
            step="first_day",
            expected=drive.case.seq,
            answers={"arrived": "yes"},
            now=drive.now,
        )
        assert (drive.case.status, drive.case.ending) == ("closed", "begun")

    def test_who_does_not_come_leaves_at_once(self, offices: Offices) -> None:
        drive = self.ready(offices)
        drive.act(offices.of("hr"), "first_day", "not-come", arrived="no")
        assert drive.case.ending == "not-come"
        leaver = drive.linked("leaver")
        assert leaver.data["devices"] == ["Laptop 33"]
        assert leaver.data["last_day"] == "2026-12-07"
        assert leaver.open == {"notice"}

    def test_needs_no_card_or_equipment_if_none_is_asked_for(self, offices: Offices) -> None:
        details = self.DETAILS | {"kit": ["none"]}
        drive = start(offices, "starter", offices.of("education"), **details)
        assert drive.open == {"personnel", "account"}

    def test_who_is_not_suitable_does_not_begin(self, offices: Offices) -> None:
        drive = start(offices, "starter", offices.of("education"), **self.DETAILS)
        drive.act(offices.of("hr"), "personnel", "not-suitable", "No right to work.")
        assert (drive.case.status, drive.case.ending, drive.open) == ("closed", "withdrawn", set())


class TestALeaver:
    def test_is_seen_to_side_by_side_and_loses_access_on_the_last_day(self, offices: Offices) -> None:
        drive = start(
            offices,
            "leaver",
            offices.of("education"),
            person={"given": "Zebedee", "family": "Oak"},
            last_day="2026-12-04",
            holds=["laptop", "keys"],
            handover="Ann",
        )
        assert drive.open == {"pay", "files", "last_hour"}
        drive.act(offices.of("hr"), "pay", last_pay="1234.50")
        assert drive.act(offices.of("ict"), "files") == {"last_hour"}
        assert drive.until(MONDAY.replace(month=12, day=4, hour=0, minute=0)) == {
            "access",
            "equipment",
            "building",
        }
        assert drive.clock("access") == "running"
        assert "1234" not in drive.page(offices.of("ict"))
        drive.act(offices.of("ict"), "access", closed_at="2026-12-04T17:00")
        assert drive.clock("access") == "met"
        with pytest.raises(SayWhy):
            drive.act(offices.of("ict"), "equipment", "missing")
        drive.act(offices.of("ict"), "equipment", "back", returned="Laptop 33")
        with pytest.raises(NotYourStep):
            drive.act(offices.of("ict"), "building", "back")
        assert drive.act(offices.of("building"), "building", "back") == {"file"}
        drive.act(offices.of("hr"), "file")
        assert (drive.case.status, drive.case.ending) == ("closed", "left")


class TestADisposal:
    def due(self, offices: Offices) -> Drive:
        """Return records whose time is up."""
        drive = start(
            offices,
            "disposal-review",
            offices.of("records"),
            series="Planning files 2001",
            holder="Planning",
            law="Fifteen years",
            keep_until="2026-12-01",
        )
        assert drive.open == {"kept"}
        assert drive.until(MONDAY + timedelta(days=7)) == {"kept"}
        assert drive.until(MONDAY + timedelta(days=8)) == {"review"}
        return drive

    def test_is_looked_at_every_year_until_it_is_voted_on(self, offices: Offices) -> None:
        drive = self.due(offices)
        knows = offices.of("records")
        assert drive.act(knows, "review", hold="yes", proposal="wait", reasons="A claim is open") == set()
        assert drive.case.status == "open"
        assert drive.later(days=364) == set()
        assert drive.later(days=1) == {"review"}
        propose = {"proposal": "destroy", "reasons": "Nobody asks"}
        with pytest.raises(NotYet, match="legal hold forbids"):
            drive.act(knows, "review", hold="yes", **propose)
        assert drive.act(knows, "review", hold="no", **propose) == {"board"}
        offices.add("disposal-board", knows)
        with pytest.raises(VoteRefused):
            drive.vote(offices.of("records"), "board")
        assert (
            drive.vote(offices.of("disposal-board"), "board", "against", "A book is written.") == "rejected"
        )
        assert drive.open == {"review"}
        kept = {"proposal": "wait", "reasons": "The board wants them kept"}
        assert drive.act(knows, "review", **kept) == set()
        assert drive.later(days=365) == set(), "2028 is a leap year"
        assert drive.later(days=1) == {"review"}
        assert drive.act(knows, "review", **propose) == {"board"}
        assert drive.vote(offices.of("disposal-board"), "board") == ""
        assert drive.vote(offices.of("disposal-board", 1), "board") == "approved"
        assert drive.open == {"destroy"}
        with pytest.raises(NotYet, match="Whoever proposed it"):
            drive.act(knows, "destroy", certificate="D-7")
        drive.act(offices.of("records", 1), "destroy", certificate="D-7")
        assert (drive.case.status, drive.case.ending) == ("closed", "destroyed")
        assert drive.case.steps["review"].run == 4

    def test_may_be_put_off_to_another_day(self, offices: Offices) -> None:
        drive = self.due(offices)
        longer = {"hold": "no", "proposal": "extend", "reasons": "Still used", "longer_until": "2027-06-01"}
        assert drive.act(offices.of("records"), "review", **longer) == {"kept"}
        assert drive.until(MONDAY + timedelta(days=150)) == {"kept"}
        assert drive.until(MONDAY + timedelta(days=191)) == {"review"}

    def test_may_end_in_the_archive(self, offices: Offices) -> None:
        drive = self.due(offices)
        drive.act(offices.of("records"), "review", hold="no", proposal="keep", reasons="Of interest")
        assert drive.case.ending == "archived"
