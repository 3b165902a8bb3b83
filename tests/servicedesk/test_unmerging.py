"""Taking a call out of the one that it was merged into by mistake."""

from datetime import timedelta

import pytest

from moothall.messages.models import Message
from moothall.plain.errors import HouseError, NotFound
from moothall.process.actions import sweep
from moothall.process.errors import CaseChanged
from moothall.process.models import Clock, Event, Link
from moothall.servicedesk.actions import following, joining, working
from moothall.servicedesk.actions.unmerging import unmerge
from moothall.servicedesk.errors.calls import NotTogether
from moothall.servicedesk.models import Call, Follower
from moothall.servicedesk.models.calls import State
from tests.makers import make_staff, make_viewer
from tests.servicedesk.desked import NOW, Desk, an_incident, make_desk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]
MINUTE = timedelta(minutes=1)
LATER, LAST = NOW + 20 * MINUTE, NOW + 40 * MINUTE


@pytest.fixture
def desk() -> Desk:
    return make_desk()


def merge(desk: Desk, call: Call, into: Call) -> None:
    joining.merge(by=desk.analyst, call_id=call.pk, into_id=into.pk, why="The same", expected=None, now=LATER)


def take_out(desk: Desk, call: Call, *, expected: int | None = None) -> Call:
    return unmerge(by=desk.analyst, call_id=call.pk, why="Another printer", expected=expected, now=LAST)


def of_another(desk: Desk) -> Call:
    """Log a call of another user of Ash."""
    other = make_viewer(make_staff(council=desk.ash))
    call = an_incident(desk, by=desk.analyst)
    Call.objects.filter(pk=call.pk).update(caller_email="other@ash.example", requester_id=other.actor.user_id)
    call.refresh_from_db()
    return call


def heard(call: Call) -> list[str]:
    rows = Message.objects.filter(about=f"case:{call.case_id}").order_by("id")
    return [each.body for each in rows]


class TestTakingItOut:
    def test_opens_it_again_where_it_stood_for_whoever_had_it(self, desk: Desk) -> None:
        kept, call = an_incident(desk), an_incident(desk)
        working.accept(by=desk.colleague, call_id=call.pk, expected=None, now=NOW)
        working.take(by=desk.colleague, call_id=call.pk, expected=None, now=NOW)
        merge(desk, call, kept)
        found = take_out(desk, call)
        assert (found.state, found.open, found.ended, found.merged_into_id) == (State.OPEN, True, "", None)
        assert (found.team_id, found.person_id) == (desk.desk.pk, desk.colleague.staff_id)
        assert (found.closed_at, found.resolved_at, found.reopened) == (None, None, 0)
        done = working.resolve(by=desk.colleague, call_id=call.pk, fix="Toner", expected=None, now=LAST)
        assert done.state == State.RESOLVED

    def test_tells_its_user_and_lets_them_hear_no_more_of_the_other(self, desk: Desk) -> None:
        kept, call = an_incident(desk), of_another(desk)
        following.copy_in(by=desk.analyst, call_id=call.pk, email="boss@ash.example", name="Boss", now=NOW)
        following.copy_in(
            by=desk.analyst, call_id=kept.pk, email="reader@ash.example", name="Reader", now=NOW
        )
        merge(desk, call, kept)
        assert Follower.objects.filter(call=kept).count() == 3
        take_out(desk, call)
        assert [each.email for each in Follower.objects.filter(call=kept)] == ["reader@ash.example"]
        before = len(heard(call))
        assert sum("That was a mistake: it is open again" in body for body in heard(call)) == 2
        working.reply(by=desk.analyst, call_id=call.pk, text="We are on our way.", now=LAST)
        assert len(heard(call)) == before + 2

    def test_leaves_those_who_have_another_call_in_it(self, desk: Desk) -> None:
        kept, one, two = an_incident(desk), of_another(desk), an_incident(desk, by=desk.analyst)
        Call.objects.filter(pk=two.pk).update(caller_email=one.caller_email)
        merge(desk, one, kept)
        merge(desk, two, kept)
        take_out(desk, one)
        assert [each.email for each in Follower.objects.filter(call=kept)] == [one.caller_email]

    def test_stands_in_both_histories_and_links_them_no_more(self, desk: Desk) -> None:
        kept, call = an_incident(desk), an_incident(desk)
        merge(desk, call, kept)
        take_out(desk, call)
        assert not Link.objects.filter(kind="duplicate").exists()
        kinds = [
            set(Event.objects.filter(case_id=each.case_id).values_list("kind", flat=True))
            for each in (call, kept)
        ]
        assert {"reopened", "unlinked"} <= kinds[0]
        assert {"noted", "unlinked"} <= kinds[1]
        note = Event.objects.get(case_id=kept.case_id, kind="noted")
        assert f"{call.reference} was taken out again" in note.body

    def test_takes_along_what_had_been_merged_into_it(self, desk: Desk) -> None:
        first, second, third = (an_incident(desk) for _ in range(3))
        merge(desk, first, second)
        merge(desk, second, third)
        take_out(desk, second)
        first.refresh_from_db()
        assert first.merged_into_id == second.pk

    def test_takes_the_first_of_a_chain_out_of_the_last(self, desk: Desk) -> None:
        first, second, third = (an_incident(desk) for _ in range(3))
        merge(desk, first, second)
        merge(desk, second, third)
        assert take_out(desk, first).open
        assert [each.case_id for each in Link.objects.filter(kind="duplicate")] == [second.case_id]

    def test_asks_the_user_still_what_it_asked_them(self, desk: Desk) -> None:
        kept, call = an_incident(desk), an_incident(desk)
        working.ask_user(by=desk.analyst, call_id=call.pk, question="Which room?", expected=None, now=NOW)
        merge(desk, call, kept)
        assert take_out(desk, call).state == State.USER
        found = working.user_answers(
            by=desk.user, reference=call.reference, text="Room 12", expected=None, now=LAST
        )
        assert found.state == State.OPEN

    def test_brings_it_back_from_a_supplier_who_thinks_it_is_over(self, desk: Desk) -> None:
        kept, call = an_incident(desk), an_incident(desk)
        working.with_supplier(
            by=desk.analyst, call_id=call.pk, supplier="Printers Ltd", expected=None, now=NOW
        )
        merge(desk, call, kept)
        assert take_out(desk, call).state == State.OPEN


class TestItsClocks:
    def test_go_on_and_count_the_time_in_which_it_stood_as_merged(self, desk: Desk) -> None:
        kept, call = an_incident(desk), an_incident(desk)
        before = Clock.objects.get(case_id=call.case_id, key="resolve").due_at
        merge(desk, call, kept)
        assert Clock.objects.get(case_id=call.case_id, key="resolve").state == "stopped"
        found = take_out(desk, call)
        clock = Clock.objects.get(case_id=call.case_id, key="resolve")
        assert (clock.state, clock.due_at, clock.ended_at) == ("running", before, None)
        assert found.due_at <= before

    def test_stay_late_where_they_were(self, desk: Desk) -> None:
        kept, call = an_incident(desk), an_incident(desk)
        late = Clock.objects.get(case_id=call.case_id, key="response").due_at
        sweep(now=late + MINUTE)
        joining.merge(
            by=desk.analyst, call_id=call.pk, into_id=kept.pk, why="", expected=None, now=late + 2 * MINUTE
        )
        unmerge(by=desk.analyst, call_id=call.pk, why="Another", expected=None, now=late + 3 * MINUTE)
        clock = Clock.objects.get(case_id=call.case_id, key="response")
        assert (clock.state, clock.late_at) == ("running", late)
        working.reply(by=desk.analyst, call_id=call.pk, text="We look.", now=late + 4 * MINUTE)
        clock.refresh_from_db()
        assert clock.state == "missed"

    def test_are_late_after_it_where_they_ran_out_meanwhile(self, desk: Desk) -> None:
        kept, call = an_incident(desk), an_incident(desk)
        due = Clock.objects.get(case_id=call.case_id, key="response").due_at
        merge(desk, call, kept)
        unmerge(by=desk.analyst, call_id=call.pk, why="Another", expected=None, now=due + MINUTE)
        sweep(now=due + 2 * MINUTE)
        assert Clock.objects.get(case_id=call.case_id, key="response").late_at == due


class TestRefusing:
    def test_a_call_that_is_open_or_ended_in_another_way(self, desk: Desk) -> None:
        call, withdrawn = an_incident(desk), an_incident(desk)
        working.withdraw(by=desk.analyst, call_id=withdrawn.pk, why="Not needed", expected=None, now=LATER)
        for each in (call, withdrawn):
            with pytest.raises(NotTogether):
                take_out(desk, each)

    def test_twice_and_without_a_reason(self, desk: Desk) -> None:
        kept, call = an_incident(desk), an_incident(desk)
        merge(desk, call, kept)
        with pytest.raises(HouseError, match="Say why"):
            unmerge(by=desk.analyst, call_id=call.pk, why=" ", expected=None, now=LAST)
        call.refresh_from_db()
        assert call.merged_into_id == kept.pk
        take_out(desk, call)
        with pytest.raises(NotTogether):
            take_out(desk, call)

    def test_whoever_saw_it_before_somebody_changed_it(self, desk: Desk) -> None:
        kept, call = an_incident(desk), an_incident(desk)
        merge(desk, call, kept)
        with pytest.raises(CaseChanged):
            take_out(desk, call, expected=1)

    def test_its_user_and_whoever_works_on_no_calls(self, desk: Desk) -> None:
        kept, call = an_incident(desk), an_incident(desk)
        merge(desk, call, kept)
        with pytest.raises(NotFound):
            unmerge(by=desk.user, call_id=call.pk, why="Mine", expected=None, now=LAST)
