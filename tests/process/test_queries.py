"""What staff read: in the right order, within what they may see, with a known number of questions."""

from dataclasses import replace
from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from moothall.councils import scope
from moothall.councils.models import Council
from moothall.plain.errors import NotFound
from moothall.process import actions, queries
from moothall.process.models import SearchWord
from moothall.process.queries.worklists import PAGE, WorkFilter
from tests.makers import make_agreement, make_council, make_grant, make_staff, make_viewer
from tests.process.making import MONDAY, Place, make_case, make_place, publish_repair

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]


@pytest.fixture
def place() -> Place:
    publish_repair()
    return make_place()


class TestTheWorklist:
    def test_brings_a_teams_work_soonest_due_first(self, place: Place) -> None:
        later = make_case(place, now=MONDAY + timedelta(days=3))
        sooner = make_case(place)
        page = queries.worklist(place.officer, WorkFilter(), MONDAY)
        assert [row.reference for row in page.rows] == [sooner.reference, later.reference]
        assert page.rows[0].team == "The desk"
        assert not page.rows[0].late

    def test_says_what_is_late(self, place: Place) -> None:
        make_case(place)
        page = queries.worklist(place.officer, WorkFilter(late_only=True), MONDAY + timedelta(days=30))
        assert [row.late for row in page.rows] == [True]
        assert queries.worklist(place.officer, WorkFilter(late_only=True), MONDAY).rows == []

    def test_keeps_apart_mine_free_and_the_teams(self, place: Place) -> None:
        mine, free = make_case(place), make_case(place)
        actions.take(by=place.officer, case_id=mine.id, step="check", expected=None, now=MONDAY)

        def seen(whose: str) -> set[str]:
            found = queries.worklist(place.officer, WorkFilter(whose=whose), MONDAY).rows  # type: ignore[arg-type]
            return {row.reference for row in found}

        assert seen("mine") == {mine.reference}
        assert seen("free") == {free.reference}
        assert seen("team") == seen("all") == {mine.reference, free.reference}

    def test_does_not_show_another_council(self, place: Place) -> None:
        make_case(place)
        stranger = make_place().supervisor
        assert queries.worklist(stranger, WorkFilter(whose="all"), MONDAY).rows == []

    def test_pages_on_without_a_line_twice_or_missing(self, place: Place) -> None:
        made = {make_case(place).reference for _ in range(PAGE + 3)}
        first = queries.worklist(place.officer, WorkFilter(), MONDAY)
        second = queries.worklist(place.officer, WorkFilter(), MONDAY, after=first.more)
        assert len(first.rows) == PAGE
        assert {row.reference for row in [*first.rows, *second.rows]} == made
        assert second.more == ""

    @pytest.mark.parametrize(
        "after",
        [
            "",
            "nonsense",
            "_",
            "2026-01-01_1",
            "9" * 500,
            "2026-01-01T00:00:00+00:00_x",
            "2026-01-01T00:00:00+00:00_9" + "9" * 30,
        ],
    )
    def test_starts_at_the_first_page_for_a_cursor_that_was_tampered_with(
        self, place: Place, after: str
    ) -> None:
        make_case(place)
        assert len(queries.worklist(place.officer, WorkFilter(), MONDAY, after=after).rows) == 1

    def test_asks_the_database_twice_however_long_the_list(
        self, place: Place, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        for _ in range(3):
            make_case(place)
        queries.worklist(place.officer, WorkFilter(), MONDAY)
        with django_assert_num_queries(2):
            queries.worklist(place.officer, WorkFilter(), MONDAY)


class TestTheCaseFile:
    def test_shows_facts_steps_clocks_and_history(self, place: Place) -> None:
        case = make_case(place)
        file = queries.case_file(place.officer, case.reference, MONDAY)
        assert [(fact.label, fact.words) for fact in file.facts] == [
            ("What is broken?", "A tap"),
            ("Where?", "The kitchen"),
        ]
        assert [(step.title, step.team, step.may_act) for step in file.open_steps] == [
            ("Check", "The desk", True)
        ]
        assert [(clock.title, clock.state, clock.late) for clock in file.clocks] == [
            ("Repaired", "running", False)
        ]
        assert file.history[0].sentence == "“Check” is waiting to be done by The desk"
        assert [each.title for each in file.ahead] == ["Reply", "Fix"]

    def test_says_why_a_step_cannot_be_finished_yet(self, place: Place) -> None:
        case = make_case(place)
        actions.act(
            by=place.supervisor, case_id=case.id, step="check", expected=None, now=MONDAY, outcome="go"
        )
        file = queries.case_file(place.supervisor, case.reference, MONDAY)
        assert file.open_steps[0].why_not == ["Somebody else must do the work."]

    def test_does_not_exist_for_another_council(self, place: Place) -> None:
        case = make_case(place)
        stranger = make_place().supervisor
        with pytest.raises(NotFound):
            queries.case_file(stranger, case.reference, MONDAY)
        with scope.only([case.council_id]), pytest.raises(NotFound):
            queries.case_file(stranger, case.reference, MONDAY)

    def test_names_the_agreement_under_which_it_is_seen(self, place: Place) -> None:
        case = make_case(place)
        elsewhere = make_place().council
        pact = make_agreement(councils=(place.council, elsewhere), name="The desk pact")
        helper = make_staff(council=elsewhere)
        make_grant(staff=helper, role="officer", council=place.council, agreement=pact)
        file = queries.case_file(make_viewer(helper), case.reference, MONDAY)
        assert file.agreement == "The desk pact"

    def test_asks_the_database_eight_times_at_most(
        self, place: Place, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        case = make_case(place)
        actions.take(by=place.officer, case_id=case.id, step="check", expected=None, now=MONDAY)
        queries.case_file(place.officer, case.reference, MONDAY)
        with django_assert_num_queries(8):
            queries.case_file(place.officer, case.reference, MONDAY)

    def test_shows_what_changed_since_somebody_looked(self, place: Place) -> None:
        case = make_case(place)
        actions.act(
            by=place.officer,
            case_id=case.id,
            step="check",
            expected=None,
            now=MONDAY,
            answers={"question": "Which floor?"},
            outcome="ask",
        )
        change = queries.what_changed(place.supervisor, case.reference, case.seq)
        assert change.theirs == {"question": "Which floor?"}
        assert "“Check” was done: Ask" in [line.sentence for line in change.lines]


class TestSearch:
    def test_finds_by_words_beginnings_and_reference(self, place: Place) -> None:
        case = make_case(place, where="Zoë's kitchen, 12 High Street, AB1 2CD")
        make_case(place)
        for text in (
            "kitchen high",
            "zoe kitch",
            "ab1 2cd",
            "AB12CD",
            case.reference,
            case.reference.lower(),
        ):
            found = queries.search(place.adviser, text)
            assert case.reference in [each.reference for each in found], text
        assert len(queries.search(place.adviser, "high street zoe")) == 1

    def test_finds_nothing_for_nothing(self, place: Place) -> None:
        make_case(place)
        for text in ("", "   ", "%", "'; DROP TABLE process_case; --", "x" * 5000, "kitchen spaceship"):
            assert queries.search(place.adviser, text) == [], text

    def test_does_not_find_another_councils_case(self, place: Place) -> None:
        case = make_case(place)
        stranger = make_place().adviser
        assert queries.search(stranger, case.reference) == []
        assert queries.search(stranger, "kitchen") == []

    def test_finds_beginnings_of_many_words_at_many_councils(self, place: Place) -> None:
        case, councils = make_case(place), [place.council, *(make_council() for _ in range(9))]
        words = [f"kitchenware{number:02}" for number in range(60)]
        SearchWord.objects.bulk_create(
            SearchWord(word=word, council=place.council, case_id=case.id) for word in words
        )
        reached = frozenset(each.pk for each in councils)
        powers = {**place.adviser.powers, "process.case.search": reached}
        assert [
            each.reference for each in queries.search(replace(place.adviser, powers=powers), "kitchen")
        ] == [case.reference]

    def test_puts_the_newest_first(self, place: Place) -> None:
        made = [make_case(place).reference for _ in range(4)]
        assert [each.reference for each in queries.search(place.adviser, "kitchen")] == made[::-1]


class TestQueues:
    def test_count_each_teams_work(self, place: Place) -> None:
        first, _ = make_case(place), make_case(place)
        actions.take(by=place.officer, case_id=first.id, step="check", expected=None, now=MONDAY)
        queue = queries.queues(place.supervisor, MONDAY + timedelta(days=30))[0]
        assert (queue.team, queue.open, queue.late, queue.free) == ("The desk", 2, 2, 1)

    def test_are_for_supervisors(self, place: Place) -> None:
        make_case(place)
        assert queries.queues(place.officer, MONDAY) == []

    def test_show_nothing_of_another_council(self, place: Place) -> None:
        make_case(place)
        other = make_place()
        assert isinstance(other.council, Council)
        assert queries.queues(other.supervisor, MONDAY) == []
