"""Waves: a call is resolved or written to at once, and what is under it follows by jobs, each call by itself."""

from datetime import timedelta
from typing import Any

import pytest

from moothall.councils.models import Grant
from moothall.journal.models import Job
from moothall.plain.errors import HouseError
from moothall.servicedesk.actions import joining, waves, working
from moothall.servicedesk.errors.calls import NothingToDo
from moothall.servicedesk.models import Call, Wave, WaveCall
from moothall.servicedesk.models.calls import State
from moothall.servicedesk.queries.waves import SHOWN_FOR, progress_of
from tests.servicedesk.channel_world import work_through
from tests.servicedesk.desked import NOW, Desk, an_incident, make_desk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]
LATER = NOW + timedelta(minutes=20)


@pytest.fixture
def desk() -> Desk:
    return make_desk()


def a_family(desk: Desk, number: int = 2) -> tuple[Call, list[Call]]:
    """Log a call, and others under it, every second at Elm."""
    parent = an_incident(desk)
    made = [an_incident(desk, council=desk.elm if each % 2 else desk.ash) for each in range(number)]
    for call in made:
        joining.put_under(by=desk.analyst, call_id=call.pk, parent_id=parent.pk, now=LATER)
    return parent, made


def resolve(desk: Desk, parent: Call) -> Wave:
    wave = waves.resolve_wave(by=desk.analyst, parent_id=parent.pk, fix="Line mended.", now=LATER)
    assert wave is not None
    return wave


def states(*calls: Call) -> list[str]:
    by_id = dict(Call.objects.filter(pk__in=[each.pk for each in calls]).values_list("id", "state"))
    return [by_id[each.pk] for each in calls]


def became(wave: Wave, call: Call) -> tuple[str, str]:
    row: WaveCall = WaveCall.objects.get(wave=wave, call=call)
    return row.state, row.why


class TestResolving:
    def test_is_done_at_once_for_the_call_itself_and_by_jobs_for_those_under_it(self, desk: Desk) -> None:
        parent, under = a_family(desk)
        resolve(desk, parent)
        assert states(parent, *under) == [State.RESOLVED, State.NEW, State.NEW]
        assert set(work_through()) == {"done"}
        assert states(*under) == [State.RESOLVED, State.RESOLVED]
        assert {call.resolved_by_id for call in Call.objects.filter(parent=parent)} == {desk.analyst.staff_id}

    def test_takes_so_many_calls_in_a_job_and_those_of_one_council(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(waves, "BATCH", 2)
        parent, _ = a_family(desk, 6)
        resolve(desk, parent)
        councils = Job.objects.filter(key__startswith="wave:").values_list("council_id", flat=True)
        assert sorted(each or 0 for each in councils) == sorted([desk.ash.pk] * 2 + [desk.elm.pk] * 2)

    def test_does_nothing_twice_if_a_job_is_run_again(self, desk: Desk) -> None:
        parent, under = a_family(desk)
        wave = resolve(desk, parent)
        numbers = list(wave.calls.values_list("id", flat=True))
        waves.work_on(numbers=numbers, text="Line mended.", now=LATER)
        before = list(Call.objects.order_by("id").values_list("case__seq", flat=True))
        assert waves.work_on(numbers=numbers, text="Line mended.", now=LATER) == "2 of 2"
        assert list(Call.objects.order_by("id").values_list("case__seq", flat=True)) == before
        assert states(*under) == [State.RESOLVED, State.RESOLVED]

    def test_keeps_the_words_in_no_job_that_is_done(self, desk: Desk) -> None:
        parent, _ = a_family(desk, 1)
        resolve(desk, parent)
        work_through()
        assert "mended" not in Job.objects.get(key__startswith="wave:").args

    def test_begins_no_second_one_for_what_waits_in_the_first(self, desk: Desk) -> None:
        parent, _ = a_family(desk)
        resolve(desk, parent)
        assert waves.resolve_wave(by=desk.analyst, parent_id=parent.pk, fix="Again", now=LATER) is None

    def test_is_refused_whole_where_the_call_itself_cannot_be_resolved(self, desk: Desk) -> None:
        parent, under = a_family(desk)
        given: dict[str, Any] = {"by": desk.analyst, "call_id": parent.pk, "expected": None, "now": LATER}
        working.ask_user(question="Which room?", **given)
        working.user_answers(
            by=desk.user, reference=parent.reference, text="Room 12", expected=None, now=LATER
        )
        with pytest.raises(HouseError):
            waves.resolve_wave(by=desk.analyst, parent_id=parent.pk, fix="Mended", now=LATER, expected=1)
        assert not Wave.objects.exists()
        assert states(*under) == [State.NEW, State.NEW]


class TestLeavingAlone:
    def test_what_somebody_took_closed_or_moved_meanwhile(self, desk: Desk) -> None:
        parent, under = a_family(desk, 5)
        wave = resolve(desk, parent)
        taken, resolved, gone, noted, quiet = under
        given: dict[str, Any] = {"by": desk.colleague, "expected": None, "now": LATER}
        working.take(call_id=taken.pk, **given)
        working.resolve(call_id=resolved.pk, fix="By hand", **given)
        joining.release(by=desk.colleague, call_id=gone.pk, now=LATER)
        working.note(by=desk.colleague, call_id=noted.pk, text="Seen", now=LATER)
        work_through()
        assert [became(wave, each)[0] for each in under] == ["left", "left", "left", "done", "done"]
        assert [became(wave, each)[1].split()[0] for each in under[:3]] == ["Somebody", "It", "It"]
        assert states(taken, gone) == [State.NEW, State.NEW]
        assert states(noted, quiet) == [State.RESOLVED, State.RESOLVED]

    def test_everything_that_is_left_once_the_call_is_opened_again(self, desk: Desk) -> None:
        parent, under = a_family(desk)
        wave = resolve(desk, parent)
        working.reopen(by=desk.analyst, call_id=parent.pk, why="It came back", expected=None, now=LATER)
        work_through()
        assert {became(wave, each) for each in under} == {("left", "The call above it was opened again.")}

    def test_one_that_cannot_be_resolved_and_one_that_breaks_hold_up_no_other(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        parent, under = a_family(desk, 4)
        bad, broken, *good = under
        real = working.resolve

        def resolve_some(**given: Any) -> Call:
            if given["call_id"] == bad.pk:
                raise NothingToDo(why="This call is with somebody else. Take it back first.")
            if given["call_id"] == broken.pk:
                raise RuntimeError("out of order")
            return real(**given)

        wave = resolve(desk, parent)
        monkeypatch.setattr(working, "resolve", resolve_some)
        endings = [work_through(NOW + timedelta(days=30 + day)) for day in range(waves.MOST_TRIES)]
        assert [each.count("waiting") for each in endings] == [1, 1, 0]
        assert became(wave, bad) == ("failed", "This call is with somebody else. Take it back first.")
        assert became(wave, broken)[0] == "failed"
        assert states(bad, broken, *good) == [State.NEW, State.NEW, State.RESOLVED, State.RESOLVED]

    def test_what_whoever_began_it_may_not_do_any_more(self, desk: Desk) -> None:
        parent, under = a_family(desk)
        wave = resolve(desk, parent)
        Grant.objects.filter(staff=desk.staff["analyst"], council=desk.elm).delete()
        work_through()
        assert [became(wave, each)[0] for each in under] == ["done", "failed"]


class TestWritingToAll:
    def test_goes_to_the_user_at_once_and_to_those_under_it_by_jobs(self, desk: Desk) -> None:
        parent, under = a_family(desk)
        waves.tell_wave(by=desk.analyst, parent_id=parent.pk, text="We know of it.", now=LATER)
        told = {each.pk: each.first_reply_at is not None for each in Call.objects.all()}
        assert [told[each.pk] for each in (parent, *under)] == [True, False, False]
        work_through()
        assert Call.objects.filter(first_reply_at=None).count() == 0

    def test_reaches_what_somebody_has_taken_but_not_what_is_closed(self, desk: Desk) -> None:
        parent, (taken, closed) = a_family(desk)
        wave = waves.tell_wave(by=desk.analyst, parent_id=parent.pk, text="We know of it.", now=LATER)
        assert wave is not None
        working.take(by=desk.colleague, call_id=taken.pk, expected=None, now=LATER)
        working.withdraw(by=desk.analyst, call_id=closed.pk, why="Not needed", expected=None, now=LATER)
        work_through()
        assert [became(wave, each)[0] for each in (taken, closed)] == ["done", "left"]


class TestHowFarItIs:
    def test_says_what_is_done_what_waits_and_what_was_left_alone(self, desk: Desk) -> None:
        parent, under = a_family(desk, 3)
        wave = resolve(desk, parent)
        working.take(by=desk.colleague, call_id=under[0].pk, expected=None, now=LATER)
        first, second, _ = wave.calls.order_by("call_id")
        waves.work_on(numbers=[first.pk, second.pk], text="Mended", now=LATER)
        found = progress_of(desk.analyst, parent, LATER)
        assert found is not None
        assert (found.total, found.done, found.waiting, found.going) == (3, 1, 1, True)
        assert [each.reference for each in found.left] == [under[0].reference]

    def test_counts_for_a_viewer_only_what_is_there_for_them(self, desk: Desk) -> None:
        parent = an_incident(desk, council=desk.elm)
        for council in (desk.ash, desk.elm):
            call = an_incident(desk, council=council)
            joining.put_under(by=desk.analyst, call_id=call.pk, parent_id=parent.pk, now=LATER)
        resolve(desk, parent)
        seen, all_of_it = progress_of(desk.client, parent, LATER), progress_of(desk.analyst, parent, LATER)
        assert seen is not None
        assert all_of_it is not None
        assert (seen.total, all_of_it.total) == (1, 2)

    def test_is_shown_for_a_day_once_it_is_over(self, desk: Desk) -> None:
        parent, _ = a_family(desk)
        resolve(desk, parent)
        late = LATER + SHOWN_FOR + timedelta(minutes=1)
        assert progress_of(desk.analyst, parent, late) is not None
        work_through()
        assert progress_of(desk.analyst, parent, late) is None
        assert progress_of(desk.analyst, parent, LATER) is not None
