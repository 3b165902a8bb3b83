"""The arithmetic that figures share, by its laws, and the register of definitions."""

from collections.abc import Sequence
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moothall.measures import hooks, rules
from moothall.measures.rules import Definition, Score

NUMBERS = st.lists(st.integers(0, 10**6), min_size=1, max_size=60)
ANSWERS = st.lists(st.integers(0, 10), min_size=10, max_size=200)


def score_of(answers: Sequence[int]) -> Score:
    return Score(sum(map(rules.promotes, answers)), sum(map(rules.detracts, answers)), len(answers))


def a_figure(**facts: object) -> Definition:
    given: dict[str, object] = {
        "name": "test_figure", "title": "A figure", "area": "calls", "kind": "count", "unit": "calls",
        "formula": "How many.", "advice": "Fewer is not always better.", "source": "SDI",
    }  # fmt: skip
    return Definition(**(given | facts))  # type: ignore[arg-type]


class TestMiddles:
    @given(NUMBERS)
    def test_the_median_is_the_one_of_the_library(self, values: list[int]) -> None:
        assert rules.median(values) == median(values)

    @given(NUMBERS)
    def test_nine_in_ten_are_not_above_the_ninth_tenth_and_fewer_are_below_it(
        self, values: list[int]
    ) -> None:
        found = rules.nine_in_ten(values)
        assert found is not None
        assert 10 * sum(value <= found for value in values) >= 9 * len(values)
        assert 10 * sum(value < found for value in values) < 9 * len(values)


class TestTheScore:
    @given(ANSWERS)
    def test_lies_within_its_interval_and_that_within_what_a_score_can_be(self, answers: list[int]) -> None:
        score = score_of(answers)
        assert score.value is not None
        assert score.interval is not None
        low, high = score.interval
        assert -100 <= low <= score.value <= high <= 100

    def test_is_not_shown_of_nine_answers(self) -> None:
        assert score_of([10] * 9).value is None
        assert score_of([10] * 9).interval is None

    def test_counts_nine_and_ten_for_and_up_to_six_against(self) -> None:
        assert score_of([0, 6, 7, 8, 9, 10, 10, 10, 10, 10]) == Score(6, 2, 10)

    def test_has_the_margin_of_the_formula_in_figures_worked_out_by_hand(self) -> None:
        margin = Score(60, 15, 100).margin  # 1.96 x 100 x sqrt((0.75 - 0.45^2) / 100) = 14.5
        assert margin is not None
        assert round(margin, 2) == 14.5


class TestTheRegister:
    def test_refuses_a_second_meaning_of_a_name(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(hooks, "_definitions", {})
        hooks.define([a_figure()])
        hooks.define([a_figure()])
        with pytest.raises(ValueError, match="defined twice"):
            hooks.define([a_figure(version=2)])

    def test_refuses_a_figure_that_could_not_be_shown(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(hooks, "_definitions", {})
        with pytest.raises(ValueError, match="names a slice twice"):
            hooks.define([a_figure(whole=False)])
