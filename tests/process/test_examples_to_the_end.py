"""Safeguarding and incidents driven to their ends over the database, by real teams and by the sweeper."""

from datetime import timedelta
from typing import Any

import pytest

from moothall.plain.errors import HouseError, NotFound
from moothall.process import queries
from moothall.process.errors import NotYet, SayWhy, VoteRefused
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
