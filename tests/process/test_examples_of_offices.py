"""Starters, leavers and records driven to their ends over the database, by real teams and by the sweeper."""

from datetime import timedelta

import pytest

from moothall.plain.errors import HouseError
from moothall.process import actions
from moothall.process.errors import NotYet, NotYourStep, SayWhy, VoteRefused
from tests.process.making import MONDAY
from tests.process.offices import Drive, Offices, make_offices, start

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]


@pytest.fixture
def offices() -> Offices:
    return make_offices()


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
