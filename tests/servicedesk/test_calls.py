"""Logging a call, working on it to its end, and what its row says all the while."""

from datetime import datetime, timedelta

import pytest

from moothall.plain.errors import NotFound, Refused
from moothall.process import actions as process
from moothall.process.models import Clock
from moothall.servicedesk import hooks
from moothall.servicedesk.actions import working
from moothall.servicedesk.actions.calls import log_call
from moothall.servicedesk.errors.calls import NothingToDo, NotSetUp
from moothall.servicedesk.models import Call, Escalation
from moothall.servicedesk.models.calls import Ended, Kind, State
from tests.servicedesk.desked import FAULT, NOW, Desk, a_request, an_incident, make_desk, make_item

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]
LATER = NOW + timedelta(minutes=20)


@pytest.fixture
def desk() -> Desk:
    return make_desk()


def resolved(desk: Desk, call: Call) -> Call:
    return working.resolve(
        by=desk.analyst, call_id=call.pk, fix="Mended the profile.", expected=None, now=LATER
    )


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """What was called of what hangs on calls."""
    said: list[tuple[str, int]] = []

    def hears(name: str) -> hooks.Heard:
        def hear(call: Call, _now: datetime) -> None:
            said.append((name, call.case_id))

        return hear

    for name in ("logged", "resolved", "closed"):
        monkeypatch.setattr(hooks, name, [hears(name)])
    return said


def clock(call: Call, key: str) -> Clock:
    found: Clock = Clock.objects.filter(case_id=call.case_id, key=key).latest("run")
    return found


class TestLoggingACall:
    def test_takes_its_priority_from_impact_and_urgency_and_waits_to_be_sorted(self, desk: Desk) -> None:
        call = an_incident(desk, impact="team", urgency="no")
        assert (call.kind, call.state, call.open, call.priority) == (Kind.INCIDENT, State.NEW, True, 2)
        assert call.team_id == desk.desk.pk
        assert call.caller_email == desk.staff["user"].user.email
        assert call.requester_id == desk.user.actor.user_id

    def test_promises_by_priority_in_the_hours_of_the_council(self, desk: Desk) -> None:
        small, great = an_incident(desk, urgency="yes"), an_incident(desk, impact="council")
        assert clock(great, "resolve").due_at == NOW + timedelta(hours=4)
        assert clock(small, "resolve").due_at > NOW + timedelta(days=6)
        assert small.due_at == clock(small, "response").due_at

    def test_sent_twice_is_one_call(self, desk: Desk) -> None:
        assert an_incident(desk, submission="form-1").pk == an_incident(desk, submission="form-1").pk
        assert Call.objects.count() == 1

    def test_is_anybodys_for_themselves_and_the_desks_for_others(self, desk: Desk) -> None:
        assert an_incident(desk, by=desk.analyst).requester_id == desk.user.actor.user_id
        with pytest.raises((Refused, NotFound)):
            an_incident(desk, by=desk.elm_user)

    def test_at_another_council_than_ones_own_is_refused(self, desk: Desk) -> None:
        with pytest.raises(NotFound):
            log_call(
                by=desk.user,
                council=desk.elm,
                kind="incident",
                answers=FAULT,
                now=NOW,
                submission="x",
                requester_id=desk.user.actor.user_id,
            )

    def test_names_the_system_in_its_case(self, desk: Desk) -> None:
        item = make_item(name="Care records")
        call = an_incident(desk, item_id=item.pk)
        assert call.item_id == item.pk
        assert call.case.data["system"] == "Care records"

    def test_goes_where_the_rules_of_the_desk_say(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        def to_platforms(_call: Call, _now: datetime) -> hooks.Route:
            return hooks.Route(desk.platforms.pk, None, "Email goes to Platforms")

        monkeypatch.setattr(hooks, "routes", [to_platforms])
        call = an_incident(desk)
        assert (call.team_id, call.state) == (desk.platforms.pk, State.OPEN)

    def test_says_if_nobody_would_work_on_it(self, desk: Desk) -> None:
        with pytest.raises(NotSetUp, match="ict-change"):
            log_call(by=desk.manager, council=desk.ash, kind="change", answers={}, now=NOW, submission="c")

    def test_makes_a_call_of_a_case_that_another_opens(
        self, desk: Desk, heard: list[tuple[str, int]]
    ) -> None:
        case = process.start(
            by=desk.analyst,
            council=desk.ash,
            process="ict-problem",
            answers={"summary": "Profiles break", "priority": "P3"},
            now=NOW,
        )
        assert Call.objects.get(case_id=case.id).kind == Kind.PROBLEM
        assert heard == [("logged", case.id)]


class TestWorkingOnACall:
    def test_taken_and_accepted_it_is_in_hand(self, desk: Desk) -> None:
        call = an_incident(desk)
        taken = working.take(by=desk.analyst, call_id=call.pk, expected=None, now=LATER)
        assert (taken.person_id, taken.state) == (desk.analyst.staff_id, State.NEW)
        accepted = working.accept(by=desk.analyst, call_id=call.pk, expected=None, now=LATER)
        assert (accepted.person_id, accepted.state) == (desk.analyst.staff_id, State.OPEN)

    def test_passed_to_another_team_it_counts_as_escalated(self, desk: Desk) -> None:
        call = an_incident(desk)
        passed = working.assign(
            by=desk.analyst,
            call_id=call.pk,
            team_id=desk.platforms.pk,
            person_id=desk.engineer.staff_id,
            why="The profile server is theirs.",
            expected=None,
            now=LATER,
        )
        assert (passed.team_id, passed.person_id, passed.moves) == (
            desk.platforms.pk, desk.engineer.staff_id, 1,
        )  # fmt: skip
        assert Escalation.objects.get(call=call).way == Escalation.Way.FUNCTIONAL

    def test_given_to_a_colleague_it_does_not(self, desk: Desk) -> None:
        call = an_incident(desk)
        given = working.assign(
            by=desk.analyst,
            call_id=call.pk,
            team_id=desk.desk.pk,
            person_id=desk.colleague.staff_id,
            why="You know Outlook.",
            expected=None,
            now=LATER,
        )
        assert (given.person_id, given.moves) == (desk.colleague.staff_id, 0)

    def test_an_answer_to_the_user_keeps_the_promise_of_a_first_answer(self, desk: Desk) -> None:
        call = working.reply(by=desk.analyst, call_id=an_incident(desk).pk, text="We look at it.", now=LATER)
        assert call.first_reply_at == LATER
        assert clock(call, "response").state == Clock.State.MET

    def test_while_the_user_is_asked_the_promise_stands_still(self, desk: Desk) -> None:
        call = an_incident(desk)
        asked = working.ask_user(
            by=desk.analyst, call_id=call.pk, question="Which room?", expected=None, now=LATER
        )
        assert asked.state == State.USER
        assert clock(asked, "resolve").state == Clock.State.PAUSED
        told = working.user_answers(
            by=desk.user,
            reference=call.reference,
            text="Room 4",
            expected=None,
            now=LATER + timedelta(hours=1),
        )
        assert told.state == State.OPEN
        assert clock(told, "resolve").state == Clock.State.RUNNING

    def test_what_an_engineer_gave_to_a_supplier_stays_with_the_engineer(self, desk: Desk) -> None:
        call = an_incident(desk)
        working.assign(
            by=desk.analyst,
            call_id=call.pk,
            team_id=desk.platforms.pk,
            person_id=desk.engineer.staff_id,
            why="Theirs",
            expected=None,
            now=LATER,
        )
        gone = working.with_supplier(
            by=desk.engineer, call_id=call.pk, supplier="Acme", expected=None, now=LATER
        )
        assert (gone.state, gone.team_id, gone.person_id) == (
            State.SUPPLIER,
            desk.platforms.pk,
            desk.engineer.staff_id,
        )
        back = working.bring_back(
            by=desk.engineer, call_id=call.pk, text="They changed the disk.", expected=None, now=LATER
        )
        assert (back.state, back.team_id, back.moves) == (State.OPEN, desk.platforms.pk, 1)

    def test_another_priority_moves_its_promise(self, desk: Desk) -> None:
        call = an_incident(desk)
        raised = working.set_priority(
            by=desk.analyst,
            call_id=call.pk,
            impact="council",
            urgency="no",
            why="More call in.",
            expected=None,
            now=LATER,
        )
        assert raised.priority == 1
        assert clock(raised, "resolve").due_at == NOW + timedelta(hours=4)

    def test_a_stranger_to_the_desk_does_not_find_it(self, desk: Desk) -> None:
        call = an_incident(desk)
        for viewer in (desk.elm_user, desk.user):
            with pytest.raises(NotFound):
                working.take(by=viewer, call_id=call.pk, expected=None, now=NOW)

    def test_an_officer_of_a_council_sees_it_but_does_not_work_on_it(self, desk: Desk) -> None:
        call = an_incident(desk, council=desk.elm, by=desk.elm_user)
        with pytest.raises(Refused):
            working.take(by=desk.client, call_id=call.pk, expected=None, now=NOW)


class TestResolvingACall:
    def test_by_whoever_took_it_first_is_first_contact_resolution(self, desk: Desk) -> None:
        call = resolved(desk, an_incident(desk))
        assert (call.state, call.open, call.first_contact) == (State.RESOLVED, False, True)
        assert (call.resolved_at, call.resolved_by_id) == (LATER, desk.analyst.staff_id)
        assert clock(call, "resolve").state == Clock.State.MET
        assert clock(call, "resolve").ended_at == LATER

    def test_after_it_was_passed_on_is_not(self, desk: Desk) -> None:
        call = an_incident(desk)
        working.assign(
            by=desk.analyst,
            call_id=call.pk,
            team_id=desk.platforms.pk,
            person_id=None,
            why="Theirs",
            expected=None,
            now=LATER,
        )
        done = working.resolve(
            by=desk.engineer, call_id=call.pk, fix="Restarted it.", expected=None, now=LATER
        )
        assert done.first_contact is False

    def test_is_taken_back_from_the_user_first(self, desk: Desk) -> None:
        call = an_incident(desk)
        working.ask_user(by=desk.analyst, call_id=call.pk, question="Which room?", expected=None, now=LATER)
        assert resolved(desk, call).state == State.RESOLVED

    def test_the_user_says_that_it_works_and_it_is_closed(self, desk: Desk) -> None:
        call = resolved(desk, an_incident(desk))
        closed = working.user_says(
            by=desk.user, reference=call.reference, works=True, text="", expected=None, now=LATER
        )
        assert (closed.state, closed.ended, closed.resolved_at) == (State.CLOSED, Ended.DONE, LATER)

    def test_the_user_says_that_it_does_not_and_it_is_open_again(self, desk: Desk) -> None:
        call = resolved(desk, an_incident(desk))
        again = working.user_says(
            by=desk.user,
            reference=call.reference,
            works=False,
            text="Still not.",
            expected=None,
            now=LATER + timedelta(hours=3),
        )
        assert (again.state, again.open, again.reopened, again.resolved_at) == (State.OPEN, True, 1, None)
        assert again.first_resolved_at == LATER
        assert clock(again, "resolve").state == Clock.State.RUNNING
        assert (
            resolved(desk, again).first_contact is True
        )  # of the first time; that it came back, the figure sees

    def test_nobody_says_anything_and_time_closes_it(self, desk: Desk) -> None:
        call = resolved(desk, an_incident(desk))
        process.sweep(NOW + timedelta(days=9))
        call.refresh_from_db()
        assert (call.state, call.ended, call.resolved_at) == (State.CLOSED, Ended.DONE, LATER)
        assert clock(call, "resolve").state == Clock.State.MET

    def test_a_closed_one_has_no_work(self, desk: Desk) -> None:
        call = an_incident(desk)
        working.withdraw(by=desk.analyst, call_id=call.pk, why="Works again", expected=None, now=LATER)
        call.refresh_from_db()
        assert (call.state, call.ended, call.resolved_at) == (State.CLOSED, Ended.CANCELLED, None)
        with pytest.raises(NothingToDo):
            resolved(desk, call)

    def test_tells_whoever_hung_on_it_once(self, desk: Desk, heard: list[tuple[str, int]]) -> None:
        call = resolved(desk, an_incident(desk))
        working.user_says(
            by=desk.user, reference=call.reference, works=True, text="", expected=None, now=LATER
        )
        assert [name for name, _ in heard] == ["logged", "resolved", "closed"]


class TestARequest:
    def test_waits_for_its_approver_and_no_promise_runs(self, desk: Desk) -> None:
        call = a_request(desk, approval="manager")
        assert call.state == State.APPROVAL
        assert clock(call, "resolve").state == Clock.State.PAUSED

    def test_without_approval_is_new_until_somebody_takes_it(self, desk: Desk) -> None:
        call = a_request(desk)
        assert call.state == State.NEW
        assert working.take(by=desk.analyst, call_id=call.pk, expected=None, now=LATER).state == State.OPEN
