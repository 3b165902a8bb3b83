"""The cases behind a figure, who may count what, and how the statements go about it."""

from collections.abc import Callable

import pytest
from django.db import connection

from moothall.councils.rules import Viewer
from moothall.plain.errors import NotFound, Refused
from moothall.process import xray
from moothall.process.models import Event
from moothall.process.xray.cohort import Cohort
from moothall.process.xray.facts import FACTS
from tests.makers import make_agreement, make_grant, make_staff, make_team, make_viewer
from tests.process.making import REPAIR, Place, make_case, make_place, publish_repair
from tests.process.xrayed import HOUR, LENS, SYSTEM, act, repaired, seen

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]


@pytest.fixture
def place() -> Place:
    publish_repair()
    return make_place()


class TestTheCasesBehindAFigure:
    def test_come_longest_first_and_page_on(self, place: Place) -> None:
        cases = [make_case(place) for _ in range(xray.PAGE + 2)]
        for number, case in enumerate(cases):
            act(place.officer, case, "check", (number + 1) * HOUR, "no")
        first = xray.behind(SYSTEM, seen(), "runs", {"step": "check"})
        second = xray.behind(SYSTEM, seen(), "runs", {"step": "check"}, page=2)
        assert (first.times, first.cases, first.hidden, first.more) == (52, 52, 0, True)
        assert [row.reference for row in [*first.rows, *second.rows]] == [
            case.reference for case in reversed(cases)
        ]
        assert first.rows[0].longest == 52 * 3600
        assert not second.more

    def test_of_a_case_that_did_it_twice_say_so(self, place: Place) -> None:
        repaired(place)
        found = xray.behind(SYSTEM, seen(), "runs", {"step": "check"})
        assert (found.times, found.cases) == (2, 1)
        assert [row.times for row in found.rows] == [2]

    @pytest.mark.parametrize(
        ("name", "keys"),
        [
            ("nothing", {}), ("runs", {"following": "check"}), ("routes", {"like": "x"}), ("handed", {"giver": "1;"}),
            ("routes", {"like": "9" * 40}), ("runs", {"like": "1"}),
        ],
    )  # fmt: skip
    def test_do_not_exist_for_what_is_no_figure(self, place: Place, name: str, keys: dict[str, str]) -> None:
        with pytest.raises(NotFound):
            xray.behind(SYSTEM, seen(), name, keys)

    def test_are_asked_for_by_words_that_cannot_break_out(self, place: Place) -> None:
        repaired(place)
        found = xray.behind(SYSTEM, seen(), "runs", {"step": "check' OR '1'='1"})
        assert (found.times, found.rows) == (0, [])


class TestWhoMayCount:
    def test_is_refused_without_the_permission(self, place: Place) -> None:
        with pytest.raises(Refused):
            seen(place.officer)

    def test_counts_only_the_councils_where_it_is_granted(self, place: Place) -> None:
        other = make_place()
        make_case(place)
        make_case(other)
        assert xray.overview(seen(place.supervisor)).every.cases == 1
        lens = xray.Lens("repair", LENS.since, LENS.until, frozenset({other.council.pk}))
        assert xray.overview(seen(place.supervisor, lens)).every.cases == 0

    def test_names_no_case_to_whoever_may_only_count_them(self, place: Place) -> None:
        make_case(place)
        designer = make_viewer(make_staff(council=place.council, roles=("service-designer",)))
        found = xray.behind(designer, seen(designer), "cases", {"status": "open"})
        assert (found.times, found.cases, found.hidden, found.rows) == (1, 1, 1, [])

    def test_hides_the_cases_of_the_council_whose_cases_they_may_not_see(self, place: Place) -> None:
        other = make_place()
        make_case(place)
        make_case(other)
        make_agreement(councils=(place.council, other.council), kinds=("process",))
        staff = make_staff(council=place.council, roles=("supervisor",))
        make_grant(staff=staff, role="service-designer", council=other.council)
        viewer = make_viewer(staff)
        found = xray.behind(viewer, seen(viewer), "cases", {})
        assert (found.cases, found.hidden, len(found.rows)) == (2, 1, 1)

    def test_refuses_a_process_that_nobody_published(self, place: Place) -> None:
        with pytest.raises(NotFound):
            seen(place.supervisor, xray.Lens("nothing", LENS.since, LENS.until))

    def test_offers_the_processes_that_have_cases(self, place: Place) -> None:
        make_case(place)
        (choice,) = xray.choices(place.supervisor, LENS.since, LENS.until)
        assert (choice.process, choice.title, choice.opened, choice.open) == ("repair", "Repair", 1, 1)
        assert xray.choices(make_place().supervisor, LENS.since, LENS.until) == []


def council_with_circle() -> tuple[Place, Viewer]:
    """Return a place whose crew is a circle, and a supervisor in it."""
    place = make_place()
    insider = make_staff(council=place.council, roles=("supervisor",))
    place.crew.memberships.create(staff=insider)
    return place, make_viewer(insider)


class TestCircles:
    def test_a_private_case_is_in_no_figure_of_whoever_is_outside(self) -> None:
        publish_repair(REPAIR.replace("owner: desk", "owner: crew\nprivate: crew"))
        place, insider = council_with_circle()
        make_case(place)
        for viewer, cases in ((place.supervisor, 0), (insider, 1)):
            assert xray.overview(seen(viewer)).every.cases == cases
            assert xray.behind(viewer, seen(viewer), "cases", {}).cases == cases
            assert sum(each.opened for each in xray.choices(viewer, LENS.since, LENS.until)) == cases

    def test_a_private_step_is_work_by_others(self) -> None:
        publish_repair(REPAIR.replace("    title: Check\n", "    title: Check\n    private: crew\n"))
        place, insider = council_with_circle()
        make_team(council=place.council, function="third")
        repaired(Place(place.council, place.desk, place.crew, insider, place.worker, insider, place.adviser))
        outside, inside = seen(place.supervisor), seen(insider)
        waits = {row.title: row.queued.times for row in xray.waiting(outside)}
        assert waits == {"Report": 1, "Reply": 1, "Fix": 1, "Work by others": 2}
        assert {row.title for row in xray.waiting(inside)} == {"Report", "Check", "Reply", "Fix"}
        views: tuple[Callable[[Cohort], object], ...] = (
            xray.waiting, xray.rework, xray.hand_overs, xray.follows, xray.routes, xray.promises, xray.exceptions,
            xray.endings, xray.compared,
        )  # fmt: skip
        for view in views:
            assert "'check'" not in repr(view(outside))
            assert "Check" not in repr(view(outside))
        found = xray.behind(place.supervisor, outside, "runs", {"step": xray.OTHERS})
        assert found.times == 2
        assert xray.behind(place.supervisor, outside, "runs", {"step": "check"}).times == 0


class TestTheStatements:
    @pytest.mark.skipif(connection.vendor != "sqlite", reason="how SQLite goes about it")
    @pytest.mark.parametrize("name", sorted(FACTS.keys() - {"open", "opened-in", "closed-in", "open-after"}))
    def test_read_cases_by_their_index_and_events_in_their_order(self, place: Place, name: str) -> None:
        make_case(place)
        statement, values = FACTS[name].statement(seen(place.supervisor))
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {statement}", values)
            plan = [row[3] for row in cursor.fetchall()]
        assert any("INDEX process_case_by_process (process=?)" in line for line in plan), plan
        if name in {
            "follows",
            "routes",
            "handed",
        }:  # in the order of the index: nothing is sorted, all is in sequence
            assert not any("TEMP B-TREE" in line for line in plan), plan

    def test_never_change_anything(self, place: Place) -> None:
        repaired(place)
        before = list(Event.objects.values_list())
        for name in FACTS:
            xray.behind(place.supervisor, seen(place.supervisor), name, {})
        assert list(Event.objects.values_list()) == before
