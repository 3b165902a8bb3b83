"""Votes that somebody would count twice, or for another question than they were cast on."""

import pytest

from moothall.councils.rules import Viewer
from moothall.process import actions
from moothall.process.engine.state import CaseState
from moothall.process.errors import CannotMove, VoteRefused
from moothall.process.models import Vote
from tests.makers import make_staff, make_team, make_viewer
from tests.process.making import MONDAY, Place, make_place, publish_repair
from tests.process.moves import loaded, moved, publish
from tests.process.test_voting import CHANGE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]

BY_COUNCIL = ("pass: 2,", "pass: 2, one per: council,")
BY_OTHERS = ("of: board", "of: desk")


@pytest.fixture
def place() -> Place:
    publish_repair(CHANGE)
    return make_place()


@pytest.fixture
def members(place: Place) -> list[Viewer]:
    staff = [make_staff(council=place.council, roles=("officer",)) for _ in range(3)]
    make_team(council=place.council, function="board", name="The board", members=tuple(staff))
    return [make_viewer(each) for each in staff]


@pytest.fixture
def case(place: Place, members: list[Viewer]) -> CaseState:
    """A change on which one member has voted."""
    case = actions.start_case(by=place.officer, council=place.council, process="change", now=MONDAY)
    actions.act(
        by=place.officer,
        case_id=case.id,
        step="raise",
        expected=None,
        now=MONDAY,
        answers={"what": "The lift"},
    )
    return cast(members[0], case)


def cast(by: Viewer, case: CaseState) -> CaseState:
    return actions.cast(by=by, case_id=case.id, step="board", expected=None, choice="for", now=MONDAY)


class TestAVoteThatIsMovedToOtherRules:
    @pytest.mark.parametrize("change", [BY_COUNCIL, BY_OTHERS])
    def test_does_not_count_there(
        self, case: CaseState, members: list[Viewer], change: tuple[str, str]
    ) -> None:
        version = publish(change, source=CHANGE)
        with pytest.raises(CannotMove, match="is being voted on"):
            moved(case, version)

    def test_is_cast_anew_if_somebody_decides_to_move_it(
        self, case: CaseState, members: list[Viewer]
    ) -> None:
        after = moved(case, publish(BY_COUNCIL, source=CHANGE), board="-")
        run = loaded(after).steps["board"]
        assert (run.state, run.run, run.votes) == ("open", 2, [])
        cast(members[1], case)
        with pytest.raises(VoteRefused, match="each council has one vote"):
            cast(members[2], case)
        assert Vote.objects.filter(step_id=loaded(case).steps["board"].id).count() == 1

    def test_goes_along_with_the_same_rules(self, case: CaseState) -> None:
        after = moved(case, publish(("title: Do it,", "title: Do this,"), source=CHANGE))
        assert len(loaded(after).steps["board"].votes) == 1
