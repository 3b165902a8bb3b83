"""What is typed into a step is kept: for its writer alone, never over anybody else's, until it is sent or forgotten."""

from datetime import timedelta

import pytest

from moothall.plain.errors import NotFound, Refused, TooLarge
from moothall.process import actions, queries, store
from moothall.process.actions.typing import KEPT_FOR, MOST_CHARACTERS, MOST_FIELDS
from moothall.process.engine.state import CaseState
from moothall.process.errors import NotYourStep
from moothall.process.models import Event, StepDraft
from moothall.process.queries.typing import Typed
from tests.makers import make_council, make_staff, make_viewer
from tests.process.making import MONDAY, Place, make_case, make_place, publish_repair

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]
LATER = MONDAY + timedelta(minutes=7)


@pytest.fixture
def place() -> Place:
    publish_repair()
    return make_place()


def keep(place: Place, case: CaseState, **given: object) -> object:
    facts = {"by": place.officer, "step": "check", "run": 1, "fields": {"check-question": ["Which tap?"]}}
    rest = {"case_id": case.id, "seen": case.seq, "now": MONDAY}
    return actions.keep_typing(**{**facts, **rest, **given})  # type: ignore[arg-type]


def typed(place: Place, case: CaseState, *theirs: str) -> list[Typed]:
    fresh = store.load(case.id)
    assert fresh is not None
    return queries.typing(place.officer, fresh, theirs)


class TestTyping:
    def test_is_kept_and_says_since_when(self, place: Place) -> None:
        case = make_case(place)
        keep(place, case)
        keep(place, case, fields={"check-question": ["Which tap, please?"]}, now=LATER)
        (mine,) = typed(place, case)
        assert mine.fields == {"check-question": ["Which tap, please?"]}
        assert (mine.since, mine.saved_at, mine.mine) == (MONDAY, LATER, True)

    def test_changes_nothing_of_the_case(self, place: Place) -> None:
        case = make_case(place)
        keep(place, case)
        assert Event.objects.filter(case_id=case.id).count() == case.seq

    def test_of_two_people_stands_side_by_side(self, place: Place) -> None:
        case = make_case(place)
        keep(place, case)
        keep(place, case, by=place.supervisor, fields={"check-question": ["Hot or cold?"]}, now=LATER)
        assert [each.fields["check-question"] for each in typed(place, case, "check")] == [
            ["Which tap?"],
            ["Hot or cold?"],
        ]

    def test_of_others_is_shown_only_for_steps_that_one_may_do(self, place: Place) -> None:
        case = make_case(place)
        keep(place, case, by=place.supervisor)
        assert typed(place, case) == []
        assert len(typed(place, case, "check")) == 1

    def test_of_others_is_not_shown_once_the_step_is_done(self, place: Place) -> None:
        case = make_case(place)
        keep(place, case, by=place.supervisor)
        actions.act(by=place.officer, case_id=case.id, step="check", expected=None, now=LATER, outcome="go")
        assert typed(place, case, "check") == []

    def test_is_refused_to_whoever_may_not_do_the_step(self, place: Place) -> None:
        case = make_case(place)
        with pytest.raises(NotYourStep):
            keep(place, case, by=place.worker)
        with pytest.raises((NotFound, Refused)):
            keep(place, case, by=make_viewer(make_staff(council=make_council(), roles=("officer",))))
        assert not StepDraft.objects.exists()

    @pytest.mark.parametrize(("step", "run"), [("dance", 1), ("fix", 1), ("check", 2), ("check", 0)])
    def test_is_refused_for_what_never_opened(self, place: Place, step: str, run: int) -> None:
        with pytest.raises(NotFound):
            keep(place, make_case(place), step=step, run=run)

    def test_is_refused_when_it_is_far_too_much(self, place: Place) -> None:
        case = make_case(place)
        keep(place, case, fields={"check-question": ["x" * (MOST_CHARACTERS - 20)]})
        for fields in ({"a": ["x" * MOST_CHARACTERS]}, {f"a{n}": [""] for n in range(MOST_FIELDS + 1)}):
            with pytest.raises(TooLarge):
                keep(place, case, fields=fields)

    def test_that_arrives_after_its_writer_finished_the_step_is_not_kept(self, place: Place) -> None:
        case = make_case(place)
        actions.act(by=place.officer, case_id=case.id, step="check", expected=None, now=MONDAY, outcome="go")
        assert keep(place, case) is None
        assert not StepDraft.objects.exists()

    def test_that_arrives_after_somebody_else_finished_the_step_is_kept(self, place: Place) -> None:
        case = make_case(place)
        actions.act(
            by=place.supervisor, case_id=case.id, step="check", expected=None, now=MONDAY, outcome="go"
        )
        keep(place, case)
        assert [each.run for each in typed(place, case)] == [1]

    def test_is_thrown_away_by_its_writer_alone(self, place: Place) -> None:
        case = make_case(place)
        keep(place, case)
        keep(place, case, by=place.supervisor)
        assert actions.drop_typing(by=place.officer, case_id=case.id, step="check", run=1) == 1
        assert [each.name for each in typed(place, case, "check")] == [place.supervisor.actor.name]

    def test_that_nobody_came_back_to_is_forgotten(self, place: Place) -> None:
        case = make_case(place)
        keep(place, case)
        assert actions.forget_typing(MONDAY + KEPT_FOR) == 0
        assert actions.forget_typing(LATER + KEPT_FOR) == 1
