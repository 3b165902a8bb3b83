"""Calls that belong together: merged, split, under one parent, under one problem, moved."""

from datetime import timedelta

import pytest

from moothall.process.models import Link
from moothall.servicedesk.actions import joining, working
from moothall.servicedesk.actions.calls import log_call
from moothall.servicedesk.errors.calls import NotTogether
from moothall.servicedesk.models import Call, Follower
from moothall.servicedesk.models.calls import Ended, State
from tests.servicedesk.desked import NOW, Desk, an_incident, make_desk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]
LATER = NOW + timedelta(minutes=20)


@pytest.fixture
def desk() -> Desk:
    return make_desk()


def under(desk: Desk, parent: Call, *calls: Call) -> None:
    for call in calls:
        joining.put_under(by=desk.analyst, call_id=call.pk, parent_id=parent.pk, now=LATER)


class TestMerging:
    def test_ends_the_one_and_lets_its_user_hear_of_the_other(self, desk: Desk) -> None:
        kept, twice = an_incident(desk), an_incident(desk, by=desk.analyst)
        Call.objects.filter(pk=twice.pk).update(caller_email="other@ash.example")
        joining.merge(by=desk.analyst, call_id=twice.pk, into_id=kept.pk, why="", expected=None, now=LATER)
        twice.refresh_from_db()
        assert (twice.state, twice.ended, twice.merged_into_id) == (State.CLOSED, Ended.MERGED, kept.pk)
        assert [each.email for each in Follower.objects.filter(call=kept)] == ["other@ash.example"]

    def test_takes_along_what_was_merged_before(self, desk: Desk) -> None:
        first, second, third = (an_incident(desk) for _ in range(3))
        joining.merge(by=desk.analyst, call_id=first.pk, into_id=second.pk, why="", expected=None, now=LATER)
        joining.merge(by=desk.analyst, call_id=second.pk, into_id=third.pk, why="", expected=None, now=LATER)
        first.refresh_from_db()
        assert first.merged_into_id == third.pk

    def test_is_refused_with_itself_across_councils_and_into_a_closed_one(self, desk: Desk) -> None:
        call, other = an_incident(desk), an_incident(desk, council=desk.elm)
        closed = an_incident(desk)
        working.withdraw(by=desk.analyst, call_id=closed.pk, why="Not needed", expected=None, now=LATER)
        for into in (call, other, closed):
            with pytest.raises(NotTogether):
                joining.merge(
                    by=desk.analyst, call_id=call.pk, into_id=into.pk, why="", expected=None, now=LATER
                )
        call.refresh_from_db()
        assert call.open


class TestSplitting:
    def test_logs_another_for_the_same_user_and_links_them(self, desk: Desk) -> None:
        call = an_incident(desk)
        new = joining.split(
            by=desk.analyst, call_id=call.pk, summary="The printer too", detail="", submission="s", now=LATER
        )
        assert (new.requester_id, new.headline != call.headline, new.council_id) == (
            call.requester_id, True, call.council_id,
        )  # fmt: skip
        assert Link.objects.filter(case_id=call.case_id, other_id=new.case_id).count() == 1

    def test_can_make_a_problem_of_an_incident(self, desk: Desk) -> None:
        new = joining.split(
            by=desk.analyst,
            call_id=an_incident(desk).pk,
            summary="Profiles break",
            detail="",
            submission="s",
            now=LATER,
            kind="problem",
        )
        assert new.kind == "problem"


class TestAWave:
    def test_has_one_floor_only(self, desk: Desk) -> None:
        top, middle, low = (an_incident(desk) for _ in range(3))
        under(desk, middle, low)
        under(desk, top, middle)
        assert set(Call.objects.filter(parent=top)) == {middle, low}

    def test_lets_a_call_go(self, desk: Desk) -> None:
        parent, one = an_incident(desk), an_incident(desk)
        under(desk, parent, one)
        assert joining.release(by=desk.analyst, call_id=one.pk, now=LATER).parent_id is None


class TestAProblemBehindIt:
    def test_is_named_on_the_call(self, desk: Desk) -> None:
        problem = log_call(
            by=desk.analyst,
            council=desk.ash,
            kind="problem",
            answers={"summary": "Profiles break", "priority": "P3"},
            now=NOW,
            submission="p",
        )
        call = an_incident(desk)
        found = joining.to_problem(by=desk.analyst, call_id=call.pk, problem_id=problem.pk, now=LATER)
        assert found.problem_id == problem.pk
        with pytest.raises(NotTogether):
            joining.to_problem(by=desk.analyst, call_id=call.pk, problem_id=call.pk, now=LATER)


class TestMovingACall:
    def test_makes_one_there_as_old_as_this_and_ends_this_one(self, desk: Desk) -> None:
        call = an_incident(desk)
        new = joining.move(
            by=desk.analyst,
            call_id=call.pk,
            council_id=desk.elm.pk,
            why="Works for Elm",
            expected=None,
            now=LATER,
        )
        call.refresh_from_db()
        assert (new.council_id, new.logged_at, new.open) == (desk.elm.pk, NOW, True)
        assert (call.ended, call.open, call.resolved_at) == (Ended.MOVED, False, None)

    def test_is_not_done_by_whoever_may_not(self, desk: Desk) -> None:
        call = an_incident(desk)
        with pytest.raises(Exception, match="permission"):
            joining.move(
                by=desk.engineer, call_id=call.pk, council_id=desk.elm.pk, why="x", expected=None, now=LATER
            )
