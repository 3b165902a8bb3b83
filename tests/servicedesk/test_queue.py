"""The queue: what is in it, for whom, in which order, at what cost."""

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from moothall.servicedesk.actions import working
from moothall.servicedesk.queries.queue import PAGE, QueueFilter, queue
from tests.makers import make_staff, make_viewer
from tests.servicedesk.desked import NOW, Desk, an_incident, make_desk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]
LATER = NOW + timedelta(minutes=20)


@pytest.fixture
def desk() -> Desk:
    return make_desk()


class TestTheQueue:
    def test_has_what_runs_out_first_at_the_top(self, desk: Desk) -> None:
        late = an_incident(desk, urgency="yes")
        soon = an_incident(desk, impact="council")
        found = queue(desk.analyst, QueueFilter(), NOW).rows
        assert [row.reference for row in found] == [soon.reference, late.reference]

    def test_is_narrowed_by_what_is_chosen(self, desk: Desk) -> None:
        mine = an_incident(desk)
        an_incident(desk, council=desk.elm, category="network", summary="No wireless in the library")
        working.take(by=desk.analyst, call_id=mine.pk, expected=None, now=NOW)
        wanted = {
            QueueFilter(whose="mine"): 1,
            QueueFilter(whose="free"): 1,
            QueueFilter(whose="all"): 2,
            QueueFilter(whose="all", council_id=desk.elm.pk): 1,
            QueueFilter(whose="all", category="network"): 1,
            QueueFilter(whose="all", words="wireless"): 1,
            QueueFilter(whose="all", state="new"): 2,
            QueueFilter(whose="all", state="user"): 0,
            QueueFilter(whose="all", late=True): 0,
            QueueFilter(team_id=desk.platforms.pk): 0,
        }
        assert {each: len(queue(desk.analyst, each, NOW).rows) for each in wanted} == wanted

    def test_goes_on_where_the_page_ended(self, desk: Desk) -> None:
        made = {an_incident(desk, summary=f"Fault {number}").reference for number in range(PAGE + 3)}
        first = queue(desk.analyst, QueueFilter(), NOW)
        second = queue(desk.analyst, QueueFilter(), NOW, after=first.more)
        assert (len(first.rows), len(second.rows), second.more) == (PAGE, 3, "")
        assert {row.reference for row in (*first.rows, *second.rows)} == made

    def test_shows_what_was_resolved_the_latest_first(self, desk: Desk) -> None:
        one, two = an_incident(desk), an_incident(desk)
        for minutes, call in enumerate((two, one)):
            working.resolve(
                by=desk.analyst,
                call_id=call.pk,
                fix="Done",
                expected=None,
                now=LATER + timedelta(minutes=minutes),
            )
        found = queue(desk.analyst, QueueFilter(whose="all", resolved=True), LATER).rows
        assert [row.reference for row in found] == [one.reference, two.reference]

    def test_has_nothing_of_a_council_whose_calls_one_does_not_see(self, desk: Desk) -> None:
        an_incident(desk)
        theirs = an_incident(desk, council=desk.elm)
        own = make_viewer(make_staff(council=desk.elm, roles=("ict-client",)))
        found = queue(own, QueueFilter(whose="all"), NOW).rows
        assert [row.reference for row in found] == [theirs.reference]
        assert queue(desk.user, QueueFilter(whose="all"), NOW).rows == ()

    def test_asks_the_database_twice_for_a_page(
        self, desk: Desk, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        for _ in range(5):
            an_incident(desk)
        with django_assert_num_queries(2):
            queue(desk.analyst, QueueFilter(), NOW)
