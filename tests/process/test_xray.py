"""The X-ray: figures worked out by hand, and the same as plain Python counts."""

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from random import Random

import pytest

from moothall.plain.errors import HouseError
from moothall.process import actions, xray
from moothall.process.engine.state import CaseState
from moothall.process.models import Case, Clock, Step
from moothall.process.replay import graph
from moothall.process.xray.cohort import Cohort
from tests.process import by_hand
from tests.process.making import MONDAY, Place, make_case, make_place, publish_repair
from tests.process.xrayed import (
    DAY,
    HOUR,
    LATER,
    SYSTEM,
    act,
    plain,
    repaired,
    resident_of,
    seen,
    take,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]


@pytest.fixture
def place() -> Place:
    publish_repair()
    return make_place()


class TestOneCaseWorkedOutByHand:
    def test_waits_in_the_queue_and_in_hand(self, place: Place) -> None:
        repaired(place)
        rows = {row.step: row for row in xray.waiting(seen())}
        assert list(rows) == ["report", "check", "reply", "fix"]
        check = rows["check"]
        assert plain(check.queued) == (2, 5400.0, 3600, 7200)  # one hour and two
        assert plain(check.held) == (1, 3600.0, 3600, 3600)
        assert rows["reply"].waits_for == "requester"
        assert plain(rows["reply"].queued) == (1, 3.0 * 86400, 3 * 86400, 3 * 86400)
        assert rows["fix"].queued.half == 86400
        whole = 4 * 3600 + 4 * 86400
        assert sum(row.total for row in rows.values()) == whole
        assert rows["reply"].share == pytest.approx(3 * 86400 / whole)
        longest = xray.longest(list(rows.values()))
        assert longest is not None
        assert longest.step == "reply"

    def test_counts_what_is_open_now(self, place: Place) -> None:
        free, held = make_case(place), make_case(place, now=MONDAY + DAY)
        take(place.officer, held, "check", 2 * DAY)
        check = next(row for row in xray.waiting(seen()) if row.step == "check")
        assert (check.open, check.free, check.oldest) == (2, 1, 30 * 86400)
        assert check.queued.times == 0
        assert free.id != held.id

    def test_says_what_was_done_again_and_what_sent_it_back(self, place: Place) -> None:
        repaired(place)
        make_case(place)
        found = xray.rework(seen())
        assert {row.step: (row.done, row.again) for row in found.steps} == {
            "report": (2, 0), "check": (2, 1), "reply": (1, 0), "fix": (1, 0),
        }  # fmt: skip
        assert (found.cases, found.of) == (1, 2)
        (back,) = found.back
        assert (back.title, back.outcome_title, back.to, back.times, back.of) == (
            "Reply",
            "Send",
            "Check",
            1,
            1,
        )

    def test_follows_work_from_team_to_team_and_from_council_to_council(self, place: Place) -> None:
        elsewhere = make_place()
        place.crew.council = elsewhere.council
        place.crew.save()
        case = repaired(place)
        found = xray.hand_overs(seen())
        (pair,) = found.pairs
        assert (pair.from_team, pair.to_team, pair.across) == ("The desk", "The crew", True)
        assert (pair.from_council, pair.to_council) == (place.council.name, elsewhere.council.name)
        assert plain(pair.time) == (1, 86400.0, 86400, 86400)
        assert (found.times, found.across, found.cases) == (1, 1, 1)
        assert case.council_id == place.council.pk

    def test_counts_what_was_passed_on_and_put_back(self, place: Place) -> None:
        case = make_case(place)
        take(place.officer, case, "check", HOUR)
        actions.put_back(
            by=place.officer, case_id=case.id, step="check", expected=None, now=MONDAY + 2 * HOUR
        )
        actions.pass_on(
            by=place.officer, case_id=case.id, step="check", expected=None, now=MONDAY + 3 * HOUR,
            team_id=place.crew.pk, why="It is yours.",
        )  # fmt: skip
        (passed,) = xray.hand_overs(seen()).passed
        assert (passed.step, passed.passed_on, passed.put_back) == ("check", 1, 1)

    def test_says_which_way_cases_went(self, place: Place) -> None:
        repaired(place)
        refused = make_case(place)
        act(place.officer, refused, "check", HOUR, "no")
        make_case(place)
        found = xray.routes(seen())
        assert (found.different, found.cases) == (2, 2)
        assert {route.steps: (route.cases, route.share, route.time.half) for route in found.top} == {
            ("report", "check"): (1, 0.5, 3600),
            ("report", "check", "reply", "check", "fix"): (1, 0.5, 4 * 3600 + 4 * 86400),
        }
        arrows = {(row.step, row.following): row.time.times for row in xray.follows(seen())}
        assert arrows == {
            ("report", "check"): 2, ("check", "reply"): 1, ("reply", "check"): 1, ("check", "fix"): 1,
        }  # fmt: skip

    def test_says_how_promises_were_kept_and_where_they_ran_out(self, place: Place) -> None:
        repaired(place)  # the clock stood still for three days
        late = make_case(place)
        act(place.officer, late, "check", HOUR, "go")
        act(place.worker, late, "fix", 7 * DAY)
        make_case(place)
        found = xray.promises(seen())
        (clock,) = found.clocks
        assert (clock.title, clock.within, clock.met, clock.missed, clock.overdue) == (
            "Repaired", "2 working days", 1, 1, 1,
        )  # fmt: skip
        assert (clock.late, clock.judged, clock.running, clock.stopped) == (2, 3, 0, 0)
        assert plain(clock.paused) == (1, 3.0 * 86400, 3 * 86400, 3 * 86400)
        due = Clock.objects.get(case=late.id).due_at
        assert clock.late_by.half == (MONDAY + 7 * DAY - due).total_seconds()
        assert {(row.step, row.times) for row in found.where} == {("fix", 1), ("check", 1)}

    def test_says_how_cases_ended_and_how_many_were_open_each_month(self, place: Place) -> None:
        case = make_case(place)
        actions.end_case(
            by=place.officer, case_id=case.id, ending="withdrawn", text="They rang.", expected=None,
            now=MONDAY + 10 * DAY,
        )  # fmt: skip
        repaired(place)
        make_case(place, now=MONDAY - 40 * DAY)
        found = {row.ending: (row.early, row.time.times) for row in xray.endings(seen())}
        assert found == {"withdrawn": (True, 1), "fixed": (False, 1)}
        rows = xray.months(seen())
        assert [(row.first, row.opened, row.closed, row.open_at_end) for row in rows] == [
            (date(2026, 11, 1), 2, 1, 2),
            (date(2026, 12, 1), 0, 1, 1),
        ]

    def test_puts_councils_beside_one_another(self, place: Place) -> None:
        other = make_place()
        repaired(place)
        act(other.officer, slow := make_case(other), "check", 5 * DAY, "no")
        first = xray.overview(seen())
        assert (first.every.cases, first.every.closed, first.every.open) == (2, 2, 0)
        assert {name: one.cases for _, name, one in first.councils} == {
            place.council.name: 1,
            other.council.name: 1,
        }
        check = next(row for row in xray.compared(seen()) if row.step == "check")
        assert check.councils[slow.council_id].half == 5 * 86400
        assert plain(check.councils[place.council.pk])[:2] == (2, 7200.0)

    def test_leaves_out_what_was_opened_on_other_days(self, place: Place) -> None:
        make_case(place)
        make_case(place, now=MONDAY + DAY)
        for since, until, cases in ((23, 23, 1), (24, 24, 1), (23, 24, 2), (25, 30, 0)):
            lens = xray.Lens("repair", date(2026, 11, since), date(2026, 11, until))
            assert xray.overview(seen(lens=lens)).every.cases == cases

    def test_has_nothing_to_say_of_no_cases(self, place: Place) -> None:
        assert place.council.pk
        nothing = seen()
        assert xray.waiting(nothing) == []
        assert xray.rework(nothing) == xray.rework(nothing).__class__([], [], 0, 0)
        assert xray.hand_overs(nothing).pairs == []
        assert (xray.routes(nothing).top, xray.follows(nothing), xray.endings(nothing)) == ((), [], [])
        assert [row.opened for row in xray.months(nothing)] == [0, 0]
        assert [clock.judged for clock in xray.promises(nothing).clocks] == [0]
        assert (xray.overview(nothing).every.cases, xray.compared(nothing)) == (0, [])


def drawn(place: Place, other: Place, dice: Random) -> None:
    """Play cases at random: whoever may, at random times; what is refused is left alone."""
    for number in range(40):
        where = dice.choice((place, other))
        at = timedelta(minutes=dice.randrange(8 * 1440), seconds=dice.randrange(60))
        case = make_case(where, now=MONDAY + at)
        for _ in range(dice.randrange(12)):
            at += timedelta(minutes=dice.choice((0, 7, 90, 1500, 4000)), seconds=dice.randrange(60))
            step = Step.objects.filter(case=case.id, state="open").values_list("key", flat=True).first()
            with suppress(HouseError):
                _something(where, dice, case, step or "check", at)
        if number % 7 == 0:
            actions.sweep(MONDAY + at)


def _something(where: Place, dice: Random, case: CaseState, step: str, at: timedelta) -> None:
    by = {"check": where.officer, "fix": where.worker}.get(step, where.supervisor)
    dice_says = dice.random()
    if step == "reply":
        act(resident_of(case), case, "reply", at, answer="Yes")
    elif dice_says < 0.3:
        take(by, case, step, at)
    elif dice_says < 0.4:
        actions.put_back(by=by, case_id=case.id, step=step, expected=None, now=MONDAY + at)
    elif step == "fix":
        act(by, case, "fix", at)
    else:
        act(by, case, "check", at, dice.choice(("go", "go", "ask", "ask", "no")), question="What?")


class TestRandomCases:
    @pytest.mark.parametrize("seed", [1, 2, 3])
    def test_count_the_same_as_in_plain_python(self, place: Place, seed: int) -> None:
        other = make_place()
        drawn(place, other, Random(seed))
        actions.sweep(LATER)
        found = by_hand.histories(Case.objects.all())
        cohort = seen()
        queued, held = by_hand.runs(found)
        waits = xray.waiting(cohort)
        assert {row.step: plain(row.queued) for row in waits if row.queued.times} == by_hand.spreads(queued)
        assert {row.step: plain(row.held) for row in waits if row.held.times} == by_hand.spreads(held)
        assert Counter({row.step: row.open for row in waits if row.open}) == by_hand.open_now(found)
        done, again, cases = by_hand.again(found)
        rework = xray.rework(cohort)
        assert {row.step: row.done for row in rework.steps} == done
        assert {row.step: row.again for row in rework.steps if row.again} == again
        assert rework.cases == cases
        pairs = {(row.giver, row.taker): plain(row.time) for row in xray.hand_overs(cohort).pairs}
        assert pairs == by_hand.spreads(by_hand.handed(found))
        arrows = {(row.step, row.following): plain(row.time) for row in xray.follows(cohort)}
        assert arrows == by_hand.spreads(by_hand.follows(found))
        assert {pair: times for pair, (times, *_) in arrows.items()} == graph.of_cases("repair")
        routes = xray.routes(cohort, top=1000)
        assert {tuple(row.steps): row.cases for row in routes.top} == by_hand.routes(found)
        states = by_hand.clocks(found)
        (clock,) = xray.promises(cohort).clocks
        assert (clock.met, clock.missed, clock.overdue) == (
            states["fix", "met"], states["fix", "missed"], states["fix", "overdue"],
        )  # fmt: skip
        stood = by_hand.paused(found)
        assert plain(clock.paused) == by_hand.spread(stood["fix"])
        assert len(stood["fix"]) > 2
        assert rework.cases > 2

    def test_have_as_many_cases_behind_each_figure_as_it_says(self, place: Place) -> None:
        other = make_place()
        drawn(place, other, Random(7))
        cohort = seen()
        figures = list(_figures(cohort))
        assert len(figures) > 20
        for name, keys, times in figures:
            found = xray.behind(SYSTEM, cohort, name, keys)
            assert found.times == times, (name, keys)
            assert sum(row.times for row in found.rows) == times or found.more


Figure = tuple[str, dict[str, str], int]


def _figures(cohort: Cohort) -> Iterator[Figure]:
    """Return every figure of the pages, with what is asked for the cases behind it."""
    yield from _figures_of_steps(cohort)
    yield from _figures_of_cases(cohort)


def _figures_of_steps(cohort: Cohort) -> Iterator[Figure]:
    for row in xray.waiting(cohort):
        yield "runs", {"step": row.step}, row.queued.times
        yield "held", {"step": row.step}, row.held.times
        yield "open", {"step": row.step}, row.open
        yield "open", {"step": row.step, "taken": "0"}, row.free
    for again in xray.rework(cohort).steps:
        yield "again", {"step": again.step}, again.again
    for back in xray.rework(cohort).back:
        yield "done", {"step": back.step, "outcome": back.outcome}, back.times
    for pair in xray.hand_overs(cohort).pairs:
        yield "handed", {"giver": str(pair.giver), "taker": str(pair.taker)}, pair.time.times
    for arrow in xray.follows(cohort):
        yield "follows", {"step": arrow.step, "following": arrow.following}, arrow.time.times


def _figures_of_cases(cohort: Cohort) -> Iterator[Figure]:
    for route in xray.routes(cohort).top:
        yield "routes", {"like": str(route.like)}, route.cases
    found = xray.promises(cohort)
    for clock in found.clocks:
        for state in ("met", "missed", "overdue"):
            yield "promises", {"clock": clock.clock, "state": state}, getattr(clock, state)
    for ran_out in found.where:
        yield "ran-out", {"clock": ran_out.clock, "step": ran_out.step}, ran_out.times
    for number, _, one in xray.overview(cohort).councils:
        yield "council", {"at_council": str(number)}, one.cases
    for month in xray.months(cohort):
        keys = {"month": month.first.isoformat()}
        yield "opened-in", keys, month.opened
        yield "closed-in", keys, month.closed
        yield "open-after", keys, month.open_at_end
    for ended in xray.endings(cohort):
        yield "endings", {"ending": ended.ending}, ended.time.times
