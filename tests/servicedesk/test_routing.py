"""Assignment rules: which one decides, whose turn it is, and what a call says of it."""

from datetime import timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from moothall.councils.models import Membership, Staff
from moothall.plain.errors import Invalid, NotFound
from moothall.servicedesk.actions import routing as actions
from moothall.servicedesk.actions.on_call import Duty, keep_shift
from moothall.servicedesk.actions.routing import Wanted
from moothall.servicedesk.models import AssignmentRule, Call, Turn
from moothall.servicedesk.queries import routing as queries
from moothall.servicedesk.rules.routing import Facts, Rule, TeamElsewhere, deciding, in_the_way
from tests.makers import make_council, make_grant, make_staff, make_team, make_viewer
from tests.servicedesk.desked import NOW, Desk, an_incident, make_desk, make_item

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]
ALL = frozenset({1, 2})


@pytest.fixture
def desk() -> Desk:
    return make_desk(published=("ict-incident",))


def a_rule(desk: Desk, title: str = "VPN", **facts: Any) -> AssignmentRule:
    wanted = Wanted(title=title, team_id=facts.pop("team_id", desk.platforms.pk), **facts)
    return actions.keep_rule(by=desk.manager, wanted=wanted, now=NOW)


def another_engineer(desk: Desk, *, everywhere: bool = True) -> Staff:
    """Put another engineer into the platforms team; `everywhere` says whether they may work for both councils."""
    staff = make_staff(council=desk.ash, roles=("resolver",))
    if everywhere:
        make_grant(staff=staff, role="resolver", council=desk.elm, agreement=desk.pact)
    Membership.objects.create(team=desk.platforms, staff=staff)
    return staff


class TestWhichRuleDecides:
    CALL = Facts(1, "incident", 7, "Network", "phone", "The VPN, at home: does not connect", 2)

    @pytest.mark.parametrize(
        ("rule", "why_not"),
        [
            (Rule(1, ALL), ""),
            (Rule(1, ALL, council_id=1, kind="incident", item_id=7, channel="phone"), ""),
            (Rule(1, ALL, category="network"), ""),
            (Rule(1, ALL, words=("vpn",)), ""),
            (Rule(1, ALL, words=("printer", "at home")), ""),
            (Rule(1, ALL, words=("connects",)), "None of its words is in the call."),
            (Rule(1, ALL, words=("pn",)), "None of its words is in the call."),
            (Rule(1, ALL, at_most_priority=2), ""),
            (Rule(1, ALL, at_most_priority=1), "It is for P1 and above."),
            (Rule(1, ALL, active=False), "It is switched off."),
            (Rule(1, frozenset({2})), "Its team does not serve this council."),
            (Rule(1, ALL, council_id=2), "It is for another council."),
            (Rule(1, ALL, kind="request"), "It is for another kind of call."),
            (Rule(1, ALL, item_id=8), "It is for another system."),
            (Rule(1, ALL, category="Email"), "It is for another category."),
            (Rule(1, ALL, channel="email"), "It is for another channel."),
        ],
    )
    def test_is_one_of_which_everything_named_holds(self, rule: Rule, why_not: str) -> None:
        assert in_the_way(rule, self.CALL) == why_not

    def test_is_the_first_in_their_order(self) -> None:
        rules = [Rule(1, ALL, kind="request"), Rule(2, ALL), Rule(3, ALL)]
        found = deciding(rules, self.CALL)
        assert found is not None
        assert found.number == 2

    def test_by_priority_never_takes_a_call_whose_priority_is_not_known(self) -> None:
        assert in_the_way(Rule(1, ALL, at_most_priority=4), Facts(1)) != ""


class TestANewCall:
    def test_goes_where_a_rule_says_and_says_by_which(self, desk: Desk) -> None:
        rule = a_rule(desk, words="vpn, remote access")
        call = an_incident(desk, summary="VPN does not connect")
        assert call.team == desk.platforms
        rule.refresh_from_db()
        assert rule.used == 1
        assert queries.said(rule) == "By the rule “VPN”."

    def test_stays_with_the_desk_where_no_rule_holds(self, desk: Desk) -> None:
        a_rule(desk, words="vpn")
        assert an_incident(desk).team == desk.desk

    def test_is_read_with_its_details(self, desk: Desk) -> None:
        a_rule(desk, words="blue screen")
        assert an_incident(desk, detail="It shows a blue screen.").team == desk.platforms

    def test_costs_few_questions_where_no_rule_asks_for_words(
        self, desk: Desk, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        call = an_incident(desk)
        a_rule(desk, kind="request")
        with django_assert_num_queries(2):
            assert actions.find_route(call, NOW) is None

    def test_about_a_system_goes_to_those_who_look_after_it(self, desk: Desk) -> None:
        item = make_item(name="Care records")
        a_rule(desk, item_id=item.pk)
        assert an_incident(desk, item_id=item.pk).team == desk.platforms

    def test_of_another_council_is_not_touched_by_a_team_that_does_not_serve_it(self, desk: Desk) -> None:
        crew = make_team(council=desk.ash, function="resolvers", serves=(desk.ash,))
        a_rule(desk, team_id=crew.pk)
        assert an_incident(desk, council=desk.elm).team == desk.desk


class TestTakingTurns:
    def test_gives_it_to_whoever_has_fewest_open(self, desk: Desk) -> None:
        a_rule(desk, pick="in-turn")
        other = another_engineer(desk)
        got = [an_incident(desk).person_id for _ in range(4)]
        assert sorted(got) == sorted([desk.staff["engineer"].pk, other.pk] * 2)  # type: ignore[type-var]
        assert got[0] != got[1]

    def test_among_equals_gives_it_to_whoever_has_waited_longest(self, desk: Desk) -> None:
        rule, other = a_rule(desk, pick="in-turn"), another_engineer(desk)
        Turn.objects.create(team=desk.platforms, staff=other, last_at=NOW - timedelta(hours=2))
        Turn.objects.create(
            team=desk.platforms, staff=desk.staff["engineer"], last_at=NOW - timedelta(hours=1)
        )
        assert actions.pick(rule, desk.ash.pk, NOW) == other.pk

    def test_never_gives_it_to_somebody_who_has_left(self, desk: Desk) -> None:
        rule = a_rule(desk, pick="in-turn")
        Staff.objects.filter(pk=desk.staff["engineer"].pk).update(ended_on=NOW.date() - timedelta(days=1))
        assert actions.pick(rule, desk.ash.pk, NOW) is None

    def test_never_gives_it_to_somebody_who_may_not_work_for_that_council(self, desk: Desk) -> None:
        rule, local = a_rule(desk, pick="in-turn"), another_engineer(desk, everywhere=False)
        Turn.objects.create(team=desk.platforms, staff=desk.staff["engineer"], last_at=NOW)
        assert actions.pick(rule, desk.ash.pk, NOW) == local.pk
        assert actions.pick(rule, desk.elm.pk, NOW) == desk.staff["engineer"].pk


class TestGivingItToWhoeverIsOnCall:
    def test_asks_the_second_where_the_first_may_not(self, desk: Desk) -> None:
        rule, local = a_rule(desk, pick="on-call"), another_engineer(desk, everywhere=False)
        duty = Duty(local.pk, NOW - timedelta(hours=1), NOW + timedelta(hours=1), desk.staff["engineer"].pk)
        keep_shift(by=desk.manager, team_id=desk.platforms.pk, duty=duty, now=NOW)
        assert actions.pick(rule, desk.ash.pk, NOW) == local.pk
        assert actions.pick(rule, desk.elm.pk, NOW) == desk.staff["engineer"].pk

    def test_leaves_it_to_the_team_where_nobody_is(self, desk: Desk) -> None:
        a_rule(desk, pick="on-call")
        call = an_incident(desk)
        assert (call.team, call.person_id) == (desk.platforms, None)

    def test_never_gives_it_to_somebody_who_is_not_in_the_team_any_more(self, desk: Desk) -> None:
        rule, gone = a_rule(desk, pick="on-call"), another_engineer(desk)
        duty = Duty(gone.pk, NOW - timedelta(hours=1), NOW + timedelta(hours=1))
        keep_shift(by=desk.manager, team_id=desk.platforms.pk, duty=duty, now=NOW)
        Membership.objects.filter(staff=gone).delete()
        assert actions.pick(rule, desk.ash.pk, NOW) is None


class TestKeepingRules:
    def test_in_another_order_changes_who_decides(self, desk: Desk) -> None:
        a_rule(desk, "First")
        second = a_rule(desk, "Second", team_id=desk.desk.pk)
        actions.move_rule(by=desk.manager, rule_id=second.pk, up=True, now=NOW)
        assert [each.title for each in queries.rules_to_keep(desk.manager)] == ["Second", "First"]
        assert an_incident(desk).team == desk.desk
        second.refresh_from_db()
        assert second.used == 1

    def test_at_either_end_stays_there(self, desk: Desk) -> None:
        first, last = a_rule(desk, "First"), a_rule(desk, "Last")
        actions.move_rule(by=desk.manager, rule_id=first.pk, up=True, now=NOW)
        actions.move_rule(by=desk.manager, rule_id=last.pk, up=False, now=NOW)
        assert [each.title for each in queries.rules_to_keep(desk.manager)] == ["First", "Last"]

    def test_refuses_a_team_that_does_not_serve_the_council(self, desk: Desk) -> None:
        crew = make_team(council=desk.ash, serves=(desk.ash,))
        with pytest.raises(TeamElsewhere):
            a_rule(desk, team_id=crew.pk, council_id=desk.elm.pk)

    def test_is_for_those_who_set_up_the_desk_of_that_team(self, desk: Desk) -> None:
        rule = a_rule(desk)
        stranger = make_viewer(make_staff(council=make_council(), roles=("desk-manager",)))
        for viewer in (stranger, desk.analyst):
            with pytest.raises(NotFound):
                actions.delete_rule(by=viewer, rule_id=rule.pk, now=NOW)
            wanted = Wanted(title="x", team_id=desk.platforms.pk)
            with pytest.raises(Invalid):
                actions.keep_rule(by=viewer, wanted=wanted, now=NOW)

    def test_shows_what_would_happen_to_a_call_without_logging_one(self, desk: Desk) -> None:
        a_rule(desk, "Printers", words="printer")
        a_rule(desk, "Everything")
        a_rule(desk, "Never reached")
        found = queries.tried(desk.manager, Facts(desk.ash.pk, "incident", text="My mouse"))
        assert [(each.rule.title, each.decides) for each in found] == [
            ("Printers", False),
            ("Everything", True),
            ("Never reached", False),
        ]
        assert found[0].why_not == "None of its words is in the call."
        assert not Call.objects.exists()

    def test_that_are_deleted_decide_no_more(self, desk: Desk) -> None:
        rule = a_rule(desk)
        actions.delete_rule(by=desk.manager, rule_id=rule.pk, now=NOW)
        assert an_incident(desk).team == desk.desk
