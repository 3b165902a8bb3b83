"""Colours that people cannot tell apart are refused, with a sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moothall.plain import colour

colours = st.integers(min_value=0, max_value=0xFFFFFF).map(lambda number: f"#{number:06x}")


class TestContrast:
    @given(colours, colours)
    def test_is_the_same_both_ways_and_between_1_and_21(self, one: str, other: str) -> None:
        assert colour.contrast(one, other) == colour.contrast(other, one)
        assert 1 <= colour.contrast(one, other) <= 21.0001

    def test_is_what_the_published_examples_say(self) -> None:
        assert round(colour.contrast("#777777", "#ffffff"), 2) == 4.48
        assert round(colour.contrast("#767676", "#ffffff"), 2) == 4.54

    @given(colours)
    def test_white_or_black_can_always_be_read(self, back: str) -> None:
        assert colour.contrast(colour.text_on(back), back) >= 4.2


class TestCheckingAPair:
    def test_lets_pass_what_can_be_read(self) -> None:
        colour.check(front="#1a5f8a", back="#ffffff", use="A link")

    def test_refuses_what_is_too_faint_and_says_how_faint(self) -> None:
        with pytest.raises(colour.TooFaint) as refused:
            colour.check(front="#777777", back="#ffffff", use="A link")
        assert refused.value.sentence == (
            "A link in #777777 on #ffffff is too faint to read: its contrast is 4.4, and it has to be 4.5 or more."
        )

    @pytest.mark.parametrize("text", ["red", "#fff", "#12345g", "", "#1234567", "#123456\n", "url(x)"])
    def test_refuses_what_is_no_colour(self, text: str) -> None:
        with pytest.raises(colour.NotAColour):
            colour.luminance(text)
