"""Who an account is today: loaded with few questions, from grants, agreements and teams."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

import moothall
from moothall.councils import scope
from moothall.councils.doors import door, public, signed_in, staff_only
from moothall.councils.middleware import Viewers, council_of, viewer_of
from moothall.councils.models import ClosingDay, Council, Staff
from moothall.councils.permissions import Can
from moothall.councils.queries import viewer_for, works_here
from moothall.identity.models import User
from moothall.plain.errors import Refused
from tests import makers

pytestmark = pytest.mark.django_db
TODAY = makers.TODAY


class TestStaff:
    def test_have_the_powers_of_their_roles(self, ash: Council) -> None:
        staff = makers.make_staff(council=ash, roles=("officer", "auditor"))
        viewer = viewer_for(staff.user, today=TODAY)
        assert viewer.staff_id == staff.pk
        assert viewer.council_id == ash.pk
        assert viewer.actor.kind == "staff"
        assert viewer.powers["process.case.act"] == {ash.pk}
        assert viewer.powers["journal.entry.see"] == {ash.pk}

    def test_know_their_teams(self, ash: Council) -> None:
        staff = makers.make_staff(council=ash)
        member, leader = (makers.make_team(council=ash) for _ in range(2))
        member.memberships.create(staff=staff)
        leader.memberships.create(staff=staff, leads=True)
        viewer = viewer_for(staff.user, today=TODAY)
        assert viewer.team_ids == {member.pk, leader.pk}
        assert viewer.leads == {leader.pk}

    def test_reach_another_council_while_an_agreement_is_in_force(self, ash: Council, elm: Council) -> None:
        staff = makers.make_staff(council=ash, roles=("officer",))
        makers.make_grant(staff=staff, role="officer", council=elm)
        assert viewer_for(staff.user, today=TODAY).councils == {ash.pk}
        agreement = makers.make_agreement(
            councils=(ash, elm), kinds=("process",), name="Shared waste", ends_on=date(2026, 12, 31)
        )
        viewer = viewer_for(staff.user, today=TODAY)
        assert viewer.councils == {ash.pk, elm.pk}
        assert viewer.powers["process.case.see"] == {ash.pk, elm.pk}
        assert viewer.powers["requests.request.raise"] == {ash.pk}
        assert viewer.agreements == {elm.pk: agreement.name}
        assert viewer_for(staff.user, today=date(2027, 1, 1)).councils == {ash.pk}

    def test_are_here_until_the_end_of_their_last_day(self, ash: Council) -> None:
        stays, last_day, gone = (
            makers.make_staff(council=ash, ended_on=on) for on in (None, TODAY, TODAY - timedelta(days=1))
        )
        assert set(Staff.objects.filter(Staff.here_on(TODAY))) == {stays, last_day}
        assert set(User.objects.filter(Staff.here_on(TODAY, "staff__"), staff__council=ash)) == {
            stays.user,
            last_day.user,
        }
        assert [each.is_here(TODAY) for each in (stays, last_day, gone)] == [True, True, False]

    def test_who_is_here_is_said_in_one_place(self) -> None:
        root = Path(moothall.__file__).parent
        saying = [each for each in root.rglob("*.py") if "ended_on__gte" in each.read_text(encoding="utf-8")]
        assert saying == [root / "councils" / "models.py"]

    def test_who_left_are_residents_from_the_next_day_on(self, ash: Council) -> None:
        staff = makers.make_staff(council=ash, roles=("officer",), ended_on=TODAY)
        assert viewer_for(staff.user, today=TODAY).is_staff
        assert works_here(makers.make_staff(council=ash, ended_on=date(9999, 1, 1)).user)
        assert not works_here(makers.make_staff(council=ash, ended_on=date(2000, 1, 1)).user)
        after = viewer_for(staff.user, today=TODAY + timedelta(days=1))
        assert not after.is_staff
        assert not after.powers
        assert after.actor.kind == "resident"

    def test_whose_account_is_closed_are_nobody(self, ash: Council) -> None:
        staff = makers.make_staff(council=ash, roles=("officer",))
        staff.user.is_active = False
        viewer = viewer_for(staff.user, today=TODAY)
        assert not viewer.is_signed_in
        assert not viewer.powers

    @pytest.mark.parametrize(("abroad", "questions"), [(False, 2), (True, 3)])
    def test_are_known_after_three_questions_at_most(
        self, ash: Council, elm: Council, *, abroad: bool, questions: int
    ) -> None:
        staff = makers.make_staff(council=ash, roles=("officer", "auditor"))
        makers.make_team(council=ash, members=(staff,))
        if abroad:
            makers.make_grant(staff=staff, role="officer", council=elm)
            makers.make_agreement(councils=(ash, elm))
        user = User.objects.get(pk=staff.user_id)
        with CaptureQueriesContext(connection) as asked:
            viewer_for(user, today=TODAY)
        assert len(asked) == questions

    def test_reaching_every_council_is_noticed(self, ash: Council) -> None:
        staff = makers.make_staff(council=ash, roles=("officer",))
        assert viewer_for(staff.user, today=TODAY).whole
        makers.make_council()
        assert not viewer_for(staff.user, today=TODAY).whole


class TestResidents:
    def test_have_an_account_and_no_powers(self, ash: Council) -> None:
        user = makers.make_user(name="Bo")
        viewer = viewer_for(user, today=TODAY, site=ash.pk)
        assert viewer.actor.name == "Bo"
        assert viewer.council_id == ash.pk
        assert not viewer.is_staff
        assert not works_here(user)


def ask(view: object, user: object = None, **kwargs: str) -> HttpResponseBase:
    """Send one request through the middleware to a view, as Django would."""
    request = RequestFactory().get("/somewhere/")
    request.user = user or AnonymousUser()  # type: ignore[assignment]

    def answer(request: HttpRequest) -> HttpResponseBase:
        viewers.process_view(request, view, (), kwargs)
        assert callable(view)
        response = view(request, **kwargs)
        assert isinstance(response, HttpResponseBase)
        return response

    viewers = Viewers(answer)
    return viewers(request)


class TestARequest:
    def test_touches_rows_of_the_council_that_its_address_names(self, ash: Council, elm: Council) -> None:
        for council in (ash, elm):
            with scope.only([council.pk]):
                ClosingDay.objects.create(council=council, date=TODAY, reason=council.code)

        @public
        def view(request: HttpRequest, council: str) -> HttpResponse:
            assert council_of(request) == ash
            return HttpResponse(",".join(ClosingDay.objects.values_list("reason", flat=True)))

        answer = ask(view, council="ash")
        assert isinstance(answer, HttpResponse)
        assert answer.content == b"ash"
        assert scope.peek() is None

    def test_of_staff_touches_the_councils_of_their_powers_and_of_the_address(
        self, ash: Council, elm: Council
    ) -> None:
        staff = makers.make_staff(council=ash, roles=("officer",))
        seen: list[scope.Scope] = []

        @public
        def view(_: HttpRequest, /, **__: str) -> HttpResponse:
            seen.append(scope.current())
            return HttpResponse()

        ask(view, staff.user)
        ask(view, staff.user, council="elm")
        assert [one.councils for one in seen] == [frozenset({ash.pk}), frozenset({ash.pk, elm.pk})]

    def test_that_names_no_council_touches_none(self, ash: Council) -> None:
        @public
        def view(request: HttpRequest) -> HttpResponse:
            return HttpResponse(str(ClosingDay.objects.count()))

        answer = ask(view)
        assert isinstance(answer, HttpResponse)
        assert answer.content == b"0"

    def test_for_a_council_that_is_not_there_has_no_page(self) -> None:
        with pytest.raises(Http404):
            ask(public(lambda request, council: HttpResponse()), council="nowhere")  # noqa: ARG005

    def test_asks_nothing_when_the_page_needs_nothing(self) -> None:
        with CaptureQueriesContext(connection) as asked:
            ask(public(lambda request: HttpResponse()), makers.make_user())  # noqa: ARG005
        assert not [one for one in asked.captured_queries if "councils_" in one["sql"]]

    def test_answers_in_its_scope_to_the_last_part(self, ash: Council) -> None:
        @public
        def view(request: HttpRequest, council: str) -> StreamingHttpResponse:
            return StreamingHttpResponse(str(ClosingDay.objects.count()).encode() for _ in range(2))

        answer = ask(view, council="ash")
        assert isinstance(answer, StreamingHttpResponse)
        assert b"".join(answer) == b"00"


class TestADoor:
    def view(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse(viewer_of(request).actor.name)

    def test_sends_whoever_has_not_signed_in_to_sign_in(self) -> None:
        for hung in (door(Can.SEE_STAFF), staff_only, signed_in):
            assert ask(hung(self.view)).status_code == 302

    def test_lets_everybody_into_a_public_page(self) -> None:
        assert ask(public(self.view)).status_code == 200

    def test_keeps_residents_out_of_the_workplace(self) -> None:
        user = makers.make_user()
        assert ask(signed_in(self.view), user).status_code == 200
        for hung in (door(Can.SEE_STAFF), staff_only):
            with pytest.raises(Refused, match="for staff"):
                ask(hung(self.view), user)

    def test_asks_for_its_permission_at_any_council(self, ash: Council) -> None:
        supervisor = makers.make_staff(council=ash, roles=("supervisor",)).user
        officer = makers.make_staff(council=ash, roles=("officer",)).user
        assert ask(door(Can.SEE_STAFF)(self.view), supervisor).status_code == 200
        assert ask(staff_only(self.view), officer).status_code == 200
        with pytest.raises(Refused, match="see who works here"):
            ask(door(Can.SEE_STAFF)(self.view), officer)

    def test_asks_for_another_permission_besides_where_a_page_is_about_two_things(self, ash: Council) -> None:
        supervisor = makers.make_staff(council=ash, roles=("supervisor",)).user
        both = makers.make_staff(council=ash, roles=("supervisor", "council-administrator")).user
        hung = door(Can.SEE_STAFF, also=Can.MANAGE_STAFF)
        with pytest.raises(Refused, match=Can.MANAGE_STAFF.label):
            ask(hung(self.view), supervisor)
        assert ask(hung(self.view), both).status_code == 200

    def test_can_be_read_from_the_view(self) -> None:
        hung = door(Can.SEE_STAFF)(self.view)
        assert vars(hung)["door"].permissions == (Can.SEE_STAFF,)
        with pytest.raises(TypeError):
            door()
