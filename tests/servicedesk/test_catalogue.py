"""The request catalogue: what is offered where, and asking for it, with whoever has to approve it."""

from typing import Any
from uuid import uuid4

import pytest

from moothall.councils import scope
from moothall.councils.models import Staff, Team
from moothall.journal.models import Job
from moothall.messages.models import Message
from moothall.plain.errors import Invalid, NotFound, Refused
from moothall.process import actions as process
from moothall.process import store
from moothall.process.circles import PART
from moothall.process.queries import case_file
from moothall.servicedesk.actions import working
from moothall.servicedesk.actions.catalogue import Offer, ask_for, offer
from moothall.servicedesk.actions.routing import send_approved
from moothall.servicedesk.models import AskedFor, Call, CatalogueItem
from moothall.servicedesk.models.calls import State
from moothall.servicedesk.queries import catalogue as queries
from moothall.servicedesk.rules.catalogue import NoSuchCatalogueItem, NotAnApprover
from tests.makers import make_staff, make_team, make_viewer
from tests.servicedesk.desked import NOW, Desk, make_desk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]


@pytest.fixture
def desk() -> Desk:
    return make_desk(published=("ict-request",))


def an_item(desk: Desk, title: str = "Second screen", **facts: Any) -> CatalogueItem:
    what = Offer(title=title, description="A screen for your desk.", category="Equipment", **facts)
    return offer(by=desk.manager, what=what, now=NOW)


def ask(desk: Desk, item: CatalogueItem, **facts: Any) -> Call:
    given = {"detail": "Room 12", "urgency": "yes", "submission": uuid4().hex, **facts}
    return ask_for(by=given.pop("by", desk.user), key=item.key, now=NOW, **given)


def approvers(desk: Desk, function: str = "approvers") -> tuple[int, int]:
    """Make two who approve; return their numbers."""
    one, two = (make_staff(council=desk.ash, roles=("officer",)) for _ in range(2))
    make_team(council=desk.ash, function=function, serves=(desk.ash, desk.elm), members=(one, two))
    return one.pk, two.pk


class TestOffering:
    def test_takes_the_permission_everywhere_it_is_for(self, desk: Desk) -> None:
        with pytest.raises(Refused):
            offer(by=desk.analyst, what=Offer("x", "x", "x"), now=NOW)

    def test_refuses_a_team_that_does_not_serve_the_council(self, desk: Desk) -> None:
        team = make_team(council=desk.ash, serves=(desk.ash,))
        with pytest.raises(Invalid) as refused:
            an_item(desk, team_id=team.pk, council_ids=[desk.elm.pk])
        assert desk.elm.name in refused.value.fields["team"][0]

    def test_is_for_the_councils_that_are_named(self, desk: Desk) -> None:
        item = an_item(desk, council_ids=[desk.elm.pk])
        assert list(queries.offered(desk.elm_user)) == [item]
        assert list(queries.offered(desk.user)) == []

    def test_stops_when_it_is_switched_off(self, desk: Desk) -> None:
        item = an_item(desk)
        off = Offer("Second screen", "x", "Equipment", offered=False)
        offer(by=desk.manager, what=off, now=NOW, key=item.key)
        with pytest.raises(NoSuchCatalogueItem):
            ask(desk, item)


class TestAsking:
    def test_makes_a_request_with_what_was_asked_for(self, desk: Desk) -> None:
        item = an_item(desk, price_pence=15_000)
        call = ask(desk, item)
        assert (call.kind, call.headline, call.category) == ("request", "Second screen", "Equipment")
        kept = AskedFor.objects.get(call=call)
        assert (kept.catalogue_item, kept.price_pence) == (item, 15_000)

    @pytest.mark.parametrize(("team", "by", "held"), [("platforms", "engineer", None), ("", "analyst", True)])
    def test_for_what_another_team_delivers_is_no_contact_of_the_first_line(
        self, desk: Desk, *, team: str, by: str, held: bool | None
    ) -> None:
        call = ask(desk, an_item(desk, **({"team_id": getattr(desk, team).pk} if team else {})))
        done = working.resolve(
            by=getattr(desk, by), call_id=call.pk, fix="It is there.", expected=None, now=NOW
        )
        assert (done.state, done.first_contact) == ("resolved", held)

    def test_twice_is_one_request(self, desk: Desk) -> None:
        item = an_item(desk)
        assert ask(desk, item, submission="once-only") == ask(desk, item, submission="once-only")
        assert Call.objects.count() == 1

    def test_goes_to_the_team_of_the_item_at_once_where_nobody_approves(self, desk: Desk) -> None:
        call = ask(desk, an_item(desk, team_id=desk.platforms.pk))
        assert call.team == desk.platforms
        assert call.state == State.NEW

    def test_for_somebody_else_takes_the_permission(self, desk: Desk) -> None:
        item = an_item(desk)
        other = desk.elm_user.actor.user_id
        with pytest.raises((Refused, NotFound)):
            ask(desk, item, council=desk.elm, requester_id=other)
        call = ask(desk, item, by=desk.analyst, council=desk.elm, requester_id=other)
        assert (call.council, call.requester_id) == (desk.elm, other)


class TestApproving:
    def test_waits_with_the_one_who_was_named(self, desk: Desk) -> None:
        one, _ = approvers(desk)
        call = ask(desk, an_item(desk, approval="manager"), approver_id=one)
        assert (call.state, call.person_id) == (State.APPROVAL, one)

    def test_waits_with_the_team_where_nobody_is_named(self, desk: Desk) -> None:
        approvers(desk, "budget-holders")
        call = ask(desk, an_item(desk, approval="budget"))
        assert (call.state, call.person_id) == (State.APPROVAL, None)

    def test_shows_who_it_is_for_and_what_and_nothing_else_of_the_call(self, desk: Desk) -> None:
        """Whoever approves sees no calls, so their step says all that they decide by."""
        one, _ = approvers(desk)
        call = ask(desk, an_item(desk, approval="manager"), approver_id=one)
        file = case_file(make_viewer(Staff.objects.get(pk=one)), call.reference, NOW)
        shown = {fact.key: fact.words for fact in file.open_steps[0].show}
        assert (shown["user"], shown["detail"]) == (desk.user.actor.name, "Room 12")
        assert file.level is PART
        with pytest.raises(NotFound):
            case_file(make_viewer(make_staff(council=desk.ash, roles=("officer",))), call.reference, NOW)

    def test_is_asked_of_the_one_who_was_named_with_what_it_costs(self, desk: Desk) -> None:
        one, other = (Staff.objects.get(pk=each) for each in approvers(desk))
        item = an_item(desk, approval="manager", price_pence=12_050)
        call = ask(desk, item, approver_id=one.pk, submission="once-only")
        ask(desk, item, approver_id=other.pk, submission="once-only")
        letter = Message.objects.get(subject__contains="please approve")
        assert (letter.to, letter.council_id) == (one.user.email, desk.ash.pk)
        assert letter.subject == f"{call.reference}: please approve: Second screen"
        assert (
            f"{call.caller_name} asks for it, and you are asked to approve it: Second screen." in letter.body
        )
        assert "What it is: A screen for your desk." in letter.body
        assert "Price: £120.50" in letter.body
        assert f"/work/case/{call.reference}/" in letter.body

    def test_is_asked_of_the_team_where_nobody_is_named(self, desk: Desk) -> None:
        approvers(desk, "budget-holders")
        ask(desk, an_item(desk, approval="budget"))
        assert not Message.objects.filter(subject__contains="please approve").exists()
        Team.objects.filter(function="budget-holders").update(email="budget@ash.example")
        ask(desk, an_item(desk, "A chair", approval="budget"))
        letter = Message.objects.get(subject__contains="please approve")
        assert letter.to == "budget@ash.example"
        assert "Price: None is set in the catalogue" in letter.body

    def test_is_not_asked_where_nobody_approves(self, desk: Desk) -> None:
        ask(desk, an_item(desk, price_pence=100))
        assert not Message.objects.filter(subject__contains="please approve").exists()

    def test_is_never_by_somebody_who_may_not(self, desk: Desk) -> None:
        approvers(desk)
        with pytest.raises(NotAnApprover):
            ask(desk, an_item(desk, approval="manager"), approver_id=desk.staff["analyst"].pk)

    def test_is_never_offered_to_whoever_asks(self, desk: Desk) -> None:
        own = desk.staff["user"]
        make_team(council=desk.ash, function="approvers", serves=(desk.ash,), members=(own,))
        item = an_item(desk, approval="manager")
        assert queries.approvers_of(item, desk.ash.pk, NOW.date(), own.user_id) == []

    def test_lets_it_go_to_the_team_of_the_item(self, desk: Desk) -> None:
        one, _ = approvers(desk, "ict-security")
        call = ask(desk, an_item(desk, approval="security", team_id=desk.platforms.pk), approver_id=one)
        approve(desk, call, one)
        job = Job.objects.get(key=f"approved:{call.case_id}")
        assert job.council_id == desk.ash.pk
        with scope.only([desk.ash.pk]):
            assert send_approved.func(case_id=call.case_id) == "sent"
            assert send_approved.func(case_id=call.case_id) in {"sent", "gone on"}
        call.refresh_from_db()
        assert call.team == desk.platforms

    def test_refused_closes_it(self, desk: Desk) -> None:
        one, _ = approvers(desk)
        call = ask(desk, an_item(desk, approval="manager"), approver_id=one)
        approve(desk, call, one, outcome="refused", text="Not this year.")
        call.refresh_from_db()
        assert (call.state, call.ended) == (State.CLOSED, "cancelled")


def approve(desk: Desk, call: Call, staff_id: int, outcome: str = "approved", text: str = "") -> None:
    case = store.load(call.case_id)
    assert case is not None
    step = next(run.key for run in case.open_steps() if run.key.startswith("approve_"))
    process.act(
        by=make_viewer(Staff.objects.get(pk=staff_id)),
        case_id=case.id,
        step=step,
        expected=None,
        now=NOW,
        outcome=outcome,
        text=text,
    )
