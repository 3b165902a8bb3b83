"""Following dependencies: what breaks if something does, and how many people of which council."""

from datetime import date, timedelta
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from pytest_django import DjangoAssertNumQueries

from moothall.councils import scope
from moothall.councils.rules import Viewer
from moothall.estate import actions, queries
from moothall.estate.errors import EstateRefused, GoesInACircle, NoSuchItem
from moothall.estate.models import Dependency, Item, SupportRoute
from tests.estate.estates import NOW, TODAY, Estate, an_item, make_estate, needs, use

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]


@pytest.fixture
def estate(everything: None) -> Estate:
    del everything
    return make_estate()


class TestImpact:
    def test_reaches_whoever_uses_what_stands_on_it_however_far_up(self, estate: Estate) -> None:
        assert queries.used_by([estate.cluster.pk], TODAY) == {estate.ash.pk: 400, estate.elm.pk: 90}
        assert queries.used_by([estate.database.pk], TODAY) == {estate.ash.pk: 400}
        assert queries.used_by([], TODAY) == {}

    def test_counts_the_largest_group_since_the_same_people_use_several_systems(self, estate: Estate) -> None:
        use(estate.ash, estate.cluster, 1_200)
        assert queries.used_by([estate.cluster.pk], TODAY)[estate.ash.pk] == 1_200

    def test_counts_those_who_use_it_on_that_day(self, estate: Estate) -> None:
        use(estate.ash, estate.care, 450, since=date(2026, 11, 20))
        assert queries.used_by([estate.care.pk], date(2026, 11, 19))[estate.ash.pk] == 400
        assert queries.used_by([estate.care.pk], date(2026, 11, 20))[estate.ash.pk] == 450

    def test_is_the_same_whoever_asks(self, estate: Estate) -> None:
        with scope.only([estate.ash.pk]):
            assert set(queries.used_by([estate.cluster.pk], TODAY)) == {estate.ash.pk, estate.elm.pk}

    def test_is_one_question_for_the_items_and_one_for_the_people(
        self, estate: Estate, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        with django_assert_num_queries(2):
            queries.used_by([estate.cluster.pk], TODAY)


class TestADependency:
    def test_cannot_close_a_circle(self, estate: Estate) -> None:
        with pytest.raises(GoesInACircle, match="already needs"):
            actions.add_dependency(by=estate.keeper, item_id=estate.cluster.pk, on_id=estate.care.pk, now=NOW)

    def test_is_not_on_itself(self, estate: Estate) -> None:
        with pytest.raises(EstateRefused, match="cannot need itself"):
            actions.add_dependency(by=estate.keeper, item_id=estate.care.pk, on_id=estate.care.pk, now=NOW)

    def test_said_twice_is_kept_once_and_can_be_taken_back(self, estate: Estate) -> None:
        for _ in range(2):
            needs(estate.portal, estate.database)
        assert Dependency.objects.filter(item=estate.portal).count() == 2
        actions.drop_dependency(by=estate.keeper, item_id=estate.portal.pk, on_id=estate.database.pk, now=NOW)
        assert estate.portal.pk not in queries.needing([estate.database.pk])


class TestTheLawOfFollowing(TestCase):
    """Against a slow search that knows nothing of SQL."""

    @settings(max_examples=30)
    @given(st.sets(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=14), st.sets(st.integers(0, 6)))
    def test_upwards_and_downwards_are_what_a_search_finds(
        self, arrows: set[tuple[int, int]], begin: set[int]
    ) -> None:
        with scope.everything("a test"):
            items = [an_item(f"i{number}") for number in range(7)]
            Dependency.objects.bulk_create(  # circles, too: a house that was filled by hand must not hang
                Dependency(item=items[one], on=items[other]) for one, other in arrows if one != other
            )
            wanted = {items[number].pk for number in _reached(begin, {(b, a) for a, b in arrows})}
            assert queries.needing(items[number].pk for number in begin) == wanted
            below = {items[number].pk for number in _reached(begin, arrows)}
            assert queries.needed_by(items[number].pk for number in begin) == below

    @settings(max_examples=20)
    @given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=16))
    def test_actions_alone_never_make_a_circle(self, wanted: list[tuple[int, int]]) -> None:
        with scope.everything("a test"):
            items = [an_item(f"c{number}") for number in range(6)]
            for one, other in wanted:
                try:
                    needs(items[one], items[other])
                except (GoesInACircle, EstateRefused):
                    continue
            for low, high in combinations(items, 2):
                assert not (low.pk in queries.needing([high.pk]) and high.pk in queries.needing([low.pk]))


def _reached(begin: set[int], arrows: set[tuple[int, int]]) -> set[int]:
    found = set(begin)
    while more := {b for a, b in arrows if a in found and b not in found}:
        found |= more
    return found


class TestRecordingUse:
    def test_keeps_what_was_there_before_with_its_last_day(self, estate: Estate) -> None:
        new = actions.record_use(
            by=estate.keeper, council_id=estate.ash.pk, item_id=estate.care.pk, users=5, since=TODAY, now=NOW
        )
        old = estate.care.uses.exclude(pk=new.pk).get()
        assert (old.users, old.until) == (400, TODAY - timedelta(days=1))

    def test_refuses_to_rewrite_what_came_before(self, estate: Estate) -> None:
        use(estate.ash, estate.care, 5, since=TODAY)
        with pytest.raises(EstateRefused, match="later"):
            use(estate.ash, estate.care, 6, since=TODAY - timedelta(days=1))

    def test_refuses_hours_that_the_council_has_not_set(self, estate: Estate) -> None:
        with pytest.raises(EstateRefused, match="no hours called"):
            actions.record_use(
                by=estate.keeper, council_id=estate.ash.pk, item_id=estate.care.pk, users=1, since=TODAY,
                now=NOW, hours="nights",
            )  # fmt: skip


class TestAFileOfSystems:
    TEXT = "code,name,kind,tier,users,needs\nwaste,Waste,application,2,40,waste-db\nwaste-db,Waste data,database,2,,\n"

    def test_brings_items_what_they_need_and_their_users(self, estate: Estate) -> None:
        brought = actions.import_items(by=estate.keeper, council_id=estate.elm.pk, text=self.TEXT, now=NOW)
        assert (brought.added, brought.dependencies, brought.uses) == (2, 1, 1)
        waste = Item.objects.get(code="waste-db")
        assert queries.used_by([waste.pk], TODAY) == {estate.elm.pk: 40}

    def test_brings_nothing_the_second_time(self, estate: Estate) -> None:
        for _ in range(2):
            brought = actions.import_items(
                by=estate.keeper, council_id=estate.elm.pk, text=self.TEXT, now=NOW
            )
        assert (brought.added, brought.known, brought.dependencies, brought.uses) == (0, 2, 0, 0)

    def test_with_one_mistake_brings_nothing_at_all_and_says_the_line(self, estate: Estate) -> None:
        with pytest.raises(EstateRefused, match="Line 3: “tree” is no kind"):
            actions.import_items(
                by=estate.keeper, council_id=estate.elm.pk, now=NOW,
                text="code,name,kind\nok,Fine,application\nbad,Bad,tree\n",
            )  # fmt: skip
        assert not Item.objects.filter(code="ok").exists()


class TestWhoSeesAnItem:
    def test_whoever_may_see_a_council_that_uses_it_or_what_needs_it(self, estate: Estate) -> None:
        seen = set(queries.items_seen(estate.elm_analyst).values_list("code", flat=True))
        assert seen == {"portal", "vm-cluster"}
        assert set(queries.items_seen(estate.keeper).values_list("code", flat=True)) >= {"care", "portal"}

    def test_for_others_it_does_not_exist(self, estate: Estate) -> None:
        with pytest.raises(NoSuchItem):
            queries.item_seen(estate.elm_analyst, "care")

    def test_what_nobody_uses_is_there_for_those_who_keep_the_estate(self, estate: Estate) -> None:
        an_item("spare")
        assert queries.item_seen(estate.keeper, "spare").code == "spare"
        assert not queries.items_seen(estate.ash_analyst).filter(code="spare").exists()

    def test_a_file_of_it_shows_no_other_councils_figures(self, estate: Estate) -> None:
        use(estate.elm, estate.cluster, 1)
        use(estate.ash, estate.cluster, 2)
        with scope.only([estate.elm.pk]):
            file = queries.item_file(estate.elm_analyst, "vm-cluster", NOW, TODAY)
        assert [each.users for each in file.uses] == [1]
        assert [each.code for each in file.needed_by] == ["portal"]


class TestSupportRoutes:
    def test_of_what_an_item_needs_come_after_its_own(self, estate: Estate) -> None:
        for item in (estate.cluster, estate.care):
            _route(estate, item, {"P1": {"respond": 15, "resolve": 240}})
        found = queries.routes_for(estate.ash.pk, estate.care.pk, TODAY)
        assert [each.item for each in found] == [estate.care, estate.cluster]
        assert queries.routes_for(estate.elm.pk, estate.care.pk, TODAY) == []

    def test_refuse_promises_that_cannot_be(self, estate: Estate) -> None:
        with pytest.raises(EstateRefused, match="cannot resolve before they respond"):
            _route(estate, estate.care, {"P1": {"respond": 60, "resolve": 30}})

    def test_that_have_ended_are_not_there(self, estate: Estate) -> None:
        route = _route(estate, estate.care, {})
        terms = actions.Terms(starts_on=route.starts_on, ends_on=TODAY - timedelta(days=1))
        actions.change_route(by=estate.keeper, route_id=route.pk, terms=terms, now=NOW)
        assert queries.routes_for(estate.ash.pk, estate.care.pk, TODAY) == []


def _route(estate: Estate, item: Item, targets: dict[str, dict[str, int]]) -> SupportRoute:
    return actions.add_route(
        by=Viewer.system(), council_id=estate.ash.pk, item_id=item.pk, supplier_id=estate.supplier.pk,
        terms=actions.Terms(starts_on=date(2026, 1, 1), targets=targets), now=NOW,
    )  # fmt: skip
