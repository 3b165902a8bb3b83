"""Raising a call: the ladder, who stands on it, and that they are told once."""

from datetime import timedelta

import pytest

from moothall.messages.models import Message
from moothall.plain.errors import Invalid, NotFound, Refused
from moothall.process.queries import casefile
from moothall.servicedesk.actions import working
from moothall.servicedesk.actions.escalating import raise_call
from moothall.servicedesk.actions.on_call import Duty, keep_shift
from moothall.servicedesk.models import Call, Escalation
from moothall.servicedesk.queries import escalating as queries
from moothall.servicedesk.rules.escalating import (
    LEAD,
    MANAGER,
    SECOND,
    CallIsOver,
    NobodyThere,
    RaisedAlready,
    coming,
)
from tests.servicedesk.desked import NOW, Desk, an_incident, make_desk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]


@pytest.fixture
def desk() -> Desk:
    return make_desk(published=("ict-incident",))


def raised(desk: Desk, call: Call, rung: str = LEAD, why: str = "The user waits since Monday.") -> Escalation:
    return raise_call(by=desk.analyst, call_id=call.pk, rung=rung, why=why, now=NOW)


class TestTheLadder:
    def test_leads_from_the_team_to_the_manager_to_the_second_on_call(self, desk: Desk) -> None:
        call = an_incident(desk)
        duty = Duty(
            desk.staff["analyst"].pk,
            NOW - timedelta(hours=1),
            NOW + timedelta(hours=1),
            desk.staff["colleague"].pk,
            "01632 960 111",
        )
        keep_shift(by=desk.manager, team_id=desk.desk.pk, duty=duty, now=NOW)
        found = queries.ladder(call, NOW)
        assert [each.key for each in found] == [LEAD, MANAGER, SECOND]
        assert [each.people[0].staff_id for each in found] == [
            desk.staff["manager"].pk,
            desk.staff["manager"].pk,
            desk.staff["colleague"].pk,
        ]
        assert found[2].people[0].phone == "01632 960 111"

    def test_goes_up_by_one_each_time(self, desk: Desk) -> None:
        call = an_incident(desk)
        for rung in (LEAD, MANAGER):
            following = coming(queries.ladder(call, NOW))
            assert following is not None
            assert following.key == rung
            raised(desk, call, rung)
        assert coming(queries.ladder(call, NOW)) is None


class TestRaisingACall:
    def test_records_it_and_tells_whoever_stands_there_once(self, desk: Desk) -> None:
        call = an_incident(desk)
        made = raised(desk, call)
        assert (made.way, made.by) == ("hierarchic", desk.analyst.actor.name)
        (letter,) = Message.objects.filter(to=desk.staff["manager"].user.email)
        assert call.reference in letter.subject
        assert "The user waits since Monday." in letter.body
        assert queries.raised(desk.colleague, call) == [made]

    def test_twice_to_the_same_one_is_refused(self, desk: Desk) -> None:
        call = an_incident(desk)
        raised(desk, call)
        before = Message.objects.count()
        with pytest.raises(RaisedAlready):
            raised(desk, call)
        assert Message.objects.count() == before

    def test_shows_it_in_the_history_of_the_call(self, desk: Desk) -> None:
        call = an_incident(desk)
        raised(desk, call)
        file = casefile.case_file(desk.analyst, call.reference, now=NOW)
        assert "Raised to: Lead of the team" in str(file)

    def test_to_an_empty_rung_is_refused(self, desk: Desk) -> None:
        with pytest.raises(NobodyThere):
            raised(desk, an_incident(desk), SECOND)

    def test_wants_to_know_why(self, desk: Desk) -> None:
        with pytest.raises(Invalid):
            raised(desk, an_incident(desk), why="  ")

    def test_of_a_call_that_is_over_is_refused(self, desk: Desk) -> None:
        call = an_incident(desk)
        working.resolve(by=desk.analyst, call_id=call.pk, fix="Done.", expected=None, now=NOW)
        with pytest.raises(CallIsOver):
            raised(desk, call)

    def test_is_for_those_who_work_on_calls(self, desk: Desk) -> None:
        call = an_incident(desk)
        for viewer in (desk.client, desk.user):
            with pytest.raises((NotFound, Refused)):
                raise_call(by=viewer, call_id=call.pk, rung=LEAD, why="x", now=NOW)
