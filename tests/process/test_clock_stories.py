"""Clocks come out as the law has it, counted second by second: nights, leap days, holidays, splits, other targets."""

from random import Random

import pytest

from tests.plain.by_the_second import CASES, NIGHTS
from tests.process.clock_stories import Expected, Played, Story, World, some_story

AT_ONCE = 50 if CASES <= 1_000 else 250


@pytest.mark.parametrize("seed", range(-(-CASES // AT_ONCE)))
def test_a_clock_comes_out_as_it_does_second_by_second(seed: int) -> None:
    random = Random(f"clocks {seed}")
    world = World.make(random, NIGHTS[seed % len(NIGHTS)])
    for number in range(AT_ONCE):
        story = some_story(random, world)
        expected, played = Expected(world, story).told(), Played(world, story).told()
        assert _known(expected.dues, played.dues, world) == [], (seed, number, story)
        assert (played.state, played.late, played.used) == (expected.state, expected.late, expected.used), (
            seed,
            number,
            story,
        )


def _known(
    expected: list[int | None], played: list[int | None], world: World
) -> list[tuple[int, int | None]]:
    """Return the due times that differ; one beyond the four weeks that are counted is only known to be later."""
    last = world.seconds["always"].last
    return [
        (number, due)
        for number, (due, found) in enumerate(zip(expected, played, strict=True))
        if (found != due and not (due is None and (found is None or found > last - 86_400)))
    ]


def test_the_stories_are_about_everything(request: pytest.FixtureRequest) -> None:
    assert request.node
    random = Random(1)
    world = World.make(random, NIGHTS[1])
    stories: list[Story] = [some_story(random, world) for _ in range(400)]
    outs = [Expected(world, story).told() for story in stories]
    assert {each.state for each in outs} == {"met", "missed", "stopped"}
    assert sum(each.late is not None for each in outs) > len(outs) // 10
    assert {act for story in stories for _, act, _ in story.acts} == {
        "pause", "resume", "retarget", "sweep", "end"
    }  # fmt: skip
