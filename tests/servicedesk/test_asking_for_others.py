"""Asking on behalf of a colleague: whose the call is, who approves it, who hears of it, of whom nothing is known."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from moothall.councils.models import Staff
from moothall.messages.models import Message
from moothall.plain.errors import HouseError, NotFound, Refused
from moothall.process import actions as process
from moothall.process import store
from moothall.servicedesk.actions import working
from moothall.servicedesk.actions.calls import log_call
from moothall.servicedesk.actions.catalogue import Offer, ask_for, offer
from moothall.servicedesk.errors.calls import NoSuchColleague
from moothall.servicedesk.models import Call, CatalogueItem, Follower
from moothall.servicedesk.models.calls import State
from moothall.servicedesk.queries import colleagues
from moothall.servicedesk.queries.calls import own_calls
from moothall.servicedesk.queries.catalogue import approvers_of
from moothall.servicedesk.rules.catalogue import NotAnApprover, OwnApproval
from tests.makers import make_staff, make_team, make_user, make_viewer
from tests.servicedesk.desked import NOW, WISH, Desk, make_desk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]
LATER = NOW + timedelta(minutes=20)


@pytest.fixture
def desk() -> Desk:
    return make_desk(published=("ict-request", "ict-incident"))


@pytest.fixture
def starter(desk: Desk) -> Staff:
    """Return somebody who begins at Ash."""
    return make_staff(council=desk.ash, user=make_user(name="Nia New", email="Nia.New@ash.example"))


def an_item(desk: Desk, **facts: Any) -> CatalogueItem:
    what = Offer(title="Laptop", description="A laptop.", category="Equipment", **facts)
    return offer(by=desk.manager, what=what, now=NOW)


def ask(desk: Desk, whom: Staff, item: CatalogueItem | None = None, **facts: Any) -> Call:
    given = {"by": desk.user, "detail": "", "urgency": "yes", "submission": uuid4().hex, "now": NOW, **facts}
    return ask_for(key=(item or an_item(desk)).key, for_staff_id=whom.pk, **given)


def approvers(desk: Desk, *more: Staff) -> Staff:
    one = make_staff(council=desk.ash, roles=("officer",))
    make_team(council=desk.ash, function="approvers", serves=(desk.ash,), members=(one, *more))
    return one


def decide(by: Staff, call: Call) -> None:
    case = store.load(call.case_id)
    assert case is not None
    process.act(
        by=make_viewer(by),
        case_id=case.id,
        step="approve_manager",
        expected=None,
        now=LATER,
        outcome="approved",
    )


class TestWhoseItIs:
    def test_it_is_for_the_colleague_and_both_have_it_among_their_calls(
        self, desk: Desk, starter: Staff
    ) -> None:
        call = ask(desk, starter)
        assert (call.requester_id, call.asked_by_id) == (starter.user_id, desk.user.actor.user_id)
        assert (call.caller_name, call.council_id) == ("Nia New", desk.ash.pk)
        for viewer in (make_viewer(starter), desk.user):
            assert list(own_calls(viewer)) == [call]
        assert not own_calls(desk.elm_user).exists()

    def test_whom_it_is_for_is_told_and_whoever_asked_follows_it(self, desk: Desk, starter: Staff) -> None:
        call = ask(desk, starter)
        asker = desk.staff["user"].user
        letters = {each.to.lower(): each.body for each in Message.objects.all()}
        assert letters.keys() == {"nia.new@ash.example", asker.email.lower()}
        assert f"{asker.name} has asked us for this for you." in letters["nia.new@ash.example"]
        assert "for Nia New. We have told them" in letters[asker.email.lower()]
        assert all(f"/work/desk/mine/{call.reference}/" in body for body in letters.values())
        assert Follower.objects.get(call=call).user_id == asker.pk
        working.reply(by=desk.analyst, call_id=call.pk, text="It comes on Friday.", now=LATER)
        assert Message.objects.filter(body__contains="It comes on Friday.").count() == 2

    def test_the_same_form_twice_is_one_call_and_one_letter_each(self, desk: Desk, starter: Staff) -> None:
        item = an_item(desk)
        assert len({ask(desk, starter, item, submission="once-only").pk for _ in range(2)}) == 1
        assert (Message.objects.count(), Follower.objects.count()) == (2, 1)

    def test_for_oneself_is_nobody_elses(self, desk: Desk) -> None:
        call = ask(desk, desk.staff["user"])
        assert (call.requester_id, call.asked_by_id) == (desk.user.actor.user_id, None)
        assert not Follower.objects.exists()

    def test_both_answer_and_both_say_whether_it_is_all_there(self, desk: Desk, starter: Staff) -> None:
        call = ask(desk, starter)
        given: dict[str, Any] = {"expected": None, "now": LATER}
        working.ask_user(by=desk.analyst, call_id=call.pk, question="Which size?", **given)
        found = working.user_answers(by=desk.user, reference=call.reference, text="Large", **given)
        assert found.state in {State.NEW, State.OPEN}
        working.resolve(by=desk.analyst, call_id=call.pk, fix="Sent", **given)
        viewer = make_viewer(starter)
        found = working.user_says(by=viewer, reference=call.reference, works=False, text="No plug", **given)
        assert found.open
        working.resolve(by=desk.analyst, call_id=call.pk, fix="Sent again", **given)
        found = working.user_says(by=desk.user, reference=call.reference, works=True, text="", **given)
        assert found.state == State.CLOSED
        with pytest.raises(NotFound):
            working.user_answers(by=desk.elm_user, reference=call.reference, text="Mine", **given)


class TestWhoApprovesIt:
    def test_neither_whoever_asks_nor_whom_it_is_for(self, desk: Desk, starter: Staff) -> None:
        one = approvers(desk, starter, desk.staff["user"])
        item = an_item(desk, approval="manager")
        never = (desk.user.actor.user_id, starter.user_id)
        assert approvers_of(item, desk.ash.pk, NOW.date(), *never) == [one]
        for each in (starter, desk.staff["user"]):
            with pytest.raises(NotAnApprover):
                ask(desk, starter, item, approver_id=each.pk)
        call = ask(desk, starter, item, approver_id=one.pk)
        assert (call.state, call.person_id) == (State.APPROVAL, one.pk)

    def test_whom_it_is_for_cannot_approve_it_from_the_worklist(self, desk: Desk, starter: Staff) -> None:
        one = approvers(desk, starter)
        call = ask(desk, starter, an_item(desk, approval="manager"))
        with pytest.raises(HouseError):
            decide(starter, call)
        decide(one, call)
        call.refresh_from_db()
        assert call.state == State.NEW

    def test_it_is_refused_as_their_own(self, desk: Desk) -> None:
        boss = make_staff(council=desk.ash, roles=("officer",))
        make_team(council=desk.ash, function="approvers", serves=(desk.ash,), members=(boss,))
        call = ask(desk, boss, an_item(desk, approval="manager"))
        with pytest.raises(OwnApproval):
            decide(boss, call)


class TestOfWhomNothingIsKnown:
    def test_people_of_other_councils_and_those_who_left_are_not_found(self, desk: Desk) -> None:
        gone = make_staff(council=desk.ash, ended_on=date(2026, 1, 1))
        elsewhere = desk.staff["elm_user"]
        for each in (gone, elsewhere):
            assert colleagues.find(desk.user, each.user.email, NOW) == []
            with pytest.raises(NoSuchColleague):
                ask(desk, each)
        with pytest.raises(NoSuchColleague) as unknown:
            colleagues.colleague(desk.user, 10**9, NOW)
        with pytest.raises(NoSuchColleague) as theirs:
            colleagues.colleague(desk.user, elsewhere.pk, NOW)
        assert unknown.value.sentence == theirs.value.sentence
        assert not Call.objects.exists()

    def test_colleagues_are_found_by_name_or_address_and_by_more_than_a_letter(
        self, desk: Desk, starter: Staff
    ) -> None:
        for words in ("nia", "New Nia", "nia.new@ash.example"):
            assert colleagues.find(desk.user, words, NOW) == [starter]
        assert colleagues.find(desk.user, "n", NOW) == []
        assert colleagues.find(desk.elm_user, "nia", NOW) == []
        assert colleagues.find(desk.analyst, desk.staff["elm_user"].user.email, NOW) == [
            desk.staff["elm_user"]
        ]

    def test_no_other_act_is_let_in_by_it(self, desk: Desk, starter: Staff) -> None:
        given: dict[str, Any] = {"by": desk.user, "now": NOW, "asked_by_id": desk.user.actor.user_id}
        answers = {"summary": "x", "detail": "", "category": "email", "impact": "one-person", "urgency": "no"}
        with pytest.raises((Refused, NotFound)):
            log_call(
                council=desk.ash,
                kind="incident",
                answers=answers,
                submission="a",
                requester_id=starter.user_id,
                **given,
            )
        with pytest.raises((Refused, NotFound)):
            log_call(
                council=desk.elm,
                kind="request",
                answers=WISH,
                submission="b",
                requester_id=desk.elm_user.actor.user_id,
                **given,
            )
        with pytest.raises((Refused, NotFound)):
            log_call(
                council=desk.ash,
                kind="request",
                answers=WISH,
                submission="c",
                requester_id=desk.elm_user.actor.user_id,
                **given,
            )


class TestTheDesk:
    def test_asks_for_whoever_is_on_the_phone_at_their_council(self, desk: Desk) -> None:
        call = ask(desk, desk.staff["elm_user"], by=desk.analyst, channel="phone")
        assert (call.council_id, call.channel) == (desk.elm.pk, "phone")
        assert (call.requester_id, call.asked_by_id) == (desk.elm_user.actor.user_id, None)
