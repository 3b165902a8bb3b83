"""Many hands at once: every vote counts, and no seat votes twice."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from moothall.councils import scope
from moothall.councils.models import Staff
from moothall.councils.rules import Viewer
from moothall.process import actions, store
from moothall.process.errors import VoteRefused
from moothall.process.models import Event, Vote
from tests.makers import make_staff, make_team, make_viewer
from tests.process.making import MONDAY, Place, make_place, publish_repair
from tests.process.test_voting import CHANGE

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]
HANDS = 8


def board(place: Place) -> list[Viewer]:
    staff: tuple[Staff, ...] = tuple(
        make_staff(council=place.council, roles=("officer",)) for _ in range(HANDS)
    )
    make_team(council=place.council, function="board", name="The board", members=staff)
    return [make_viewer(each) for each in staff]


def all_vote(source: str) -> tuple[int, Counter[str]]:
    """Let eight people vote for the same thing in the same moment; return the case, and what they heard."""
    if connection.vendor != "postgresql":
        pytest.skip("The SQLite of tests is in memory, where writers cannot wait for each other.")
    with scope.everything("a test with many hands"):
        publish_repair(source)
        place = make_place()
        members = board(place)
        begun = actions.start_case(
            by=place.officer,
            council=place.council,
            process="change",
            now=MONDAY,
            answers={"what": "The lift"},
        )
    start = Barrier(HANDS)

    def cast(member: Viewer) -> str:
        try:
            with scope.only([place.council.pk]):
                start.wait()
                actions.cast(
                    by=member, case_id=begun.id, step="board", expected=begun.seq, choice="for", now=MONDAY
                )
                return "voted"
        except VoteRefused:
            return "refused"
        finally:
            connection.close()

    with ThreadPoolExecutor(HANDS) as hands:
        return begun.id, Counter(hands.map(cast, members))


class TestEightAtOnce:
    def test_all_count(self) -> None:
        case_id, heard = all_vote(CHANGE.replace("pass: 2", "pass: all"))
        assert heard == {"voted": HANDS}
        with scope.everything("a test looks"):
            case = store.load(case_id)
            assert case is not None
            assert case.steps["board"].outcome == "approved"
            assert Vote.objects.count() == HANDS
            assert Event.objects.filter(kind="voted").count() == HANDS

    def test_have_one_seat_if_they_work_for_one_council(self) -> None:
        source = CHANGE.replace("pass: 2, not: [raise.by]", "pass: 1, quorum: 2, one per: council")
        case_id, heard = all_vote(source)
        assert heard == {"voted": 1, "refused": HANDS - 1}
        with scope.everything("a test looks"):
            assert Vote.objects.filter(step__case_id=case_id).count() == 1
