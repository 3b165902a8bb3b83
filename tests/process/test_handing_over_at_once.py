"""Many hands at once where two cases hang together: nothing is opened twice, lost, or waits for each other for ever."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from moothall.councils import scope
from moothall.plain.errors import HouseError
from moothall.process import actions, store
from moothall.process.engine.state import CaseState
from moothall.process.models import Case, Event, Link
from tests.process.hub import Hub, act, handed_over, make_hub, ordinary, publish
from tests.process.making import MONDAY, publish_repair
from tests.process.test_handing_over import CHILD_CASE, PARENT

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]
HANDS = 4


@pytest.fixture
def hub() -> Hub:
    if connection.vendor != "postgresql":
        pytest.skip("The SQLite of tests is in memory, where writers cannot wait for each other.")
    with scope.everything("a test with many hands"):
        publish_repair()
        return make_hub()


def at_once(hub: Hub, hands: list[Callable[[], object]]) -> list[str]:
    """Let every hand do its act at the same moment; return the codes of those that were refused."""
    start = Barrier(len(hands))

    def do(hand: Callable[[], object]) -> str:
        try:
            with scope.only([hub.council.pk]):
                start.wait()
                hand()
                return ""
        except HouseError as error:
            return error.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(hands)) as people:
        return [code for code in people.map(do, hands) if code]


class TestAHandShake:
    def test_accepted_by_four_at_once_opens_one_case(self, hub: Hub) -> None:
        with scope.everything("a test with many hands"):
            case = handed_over(hub)
        refused = at_once(hub, [lambda: act(hub.family, case, "step_down", "accepted")] * HANDS)
        assert len(refused) == HANDS - 1
        assert set(refused) <= {"process.case_changed", "process.case_closed"}
        with scope.everything("a test looks"):
            assert (Link.objects.count(), Case.objects.filter(process="family-help").count()) == (1, 1)


class TestACaseThatIsWaitedFor:
    @pytest.mark.parametrize("_round", range(5))
    def test_goes_on_once_while_others_write_into_the_waiting_case(self, hub: Hub, _round: int) -> None:
        with scope.everything("a test with many hands"):
            publish(CHILD_CASE, PARENT)
            case = actions.start(
                by=hub.owner,
                council=hub.council,
                process="order",
                answers={"wish": "A pen", "when": "soon"},
                now=MONDAY,
            )
            child = _loaded(Link.objects.get(case_id=case.id).other_id)

        def write() -> None:
            actions.note(by=hub.owner, case_id=case.id, text="They rang.", now=MONDAY)

        def close() -> None:
            act(hub.outsider, child, "run", "done")

        refused = at_once(hub, [close, *[write] * (HANDS - 1)])
        assert set(refused) <= {"process.case_changed"}, "Only writers may be asked to try again."
        with scope.everything("a test looks"):
            after = _loaded(case.id)
            assert (_loaded(child.id).status, after.steps["fetch"].state) == ("closed", "done")
            assert Event.objects.filter(case_id=case.id, kind="done", step="fetch").count() == 1
            assert after.seq == Event.objects.filter(case_id=case.id).count()


class TestLinks:
    def test_made_from_both_sides_at_once_are_one_and_nobody_waits_for_ever(self, hub: Hub) -> None:
        with scope.everything("a test with many hands"):
            one, other = ordinary(hub), ordinary(hub)

        def link(case: CaseState, to: CaseState) -> Callable[[], object]:
            return lambda: actions.link(
                by=hub.outsider, case_id=case.id, other=to.reference, kind="related", now=MONDAY
            )

        refused = at_once(hub, [link(one, other), link(other, one)] * 2)
        assert refused == []
        with scope.everything("a test looks"):
            assert Link.objects.count() == 1
            assert Event.objects.filter(kind="linked").count() == 2


def _loaded(number: int) -> CaseState:
    found = store.load(number)
    assert found is not None
    return found
