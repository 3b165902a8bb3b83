"""Types of questions that work inside councils asks most: a moment, a list, a person."""

from datetime import UTC, datetime

import pytest

from moothall.process import kinds
from moothall.process.kinds import KINDS, Wrong
from tests.process.cleaning import clean, make_field, refusal


class TestMoments:
    def test_are_kept_in_the_time_of_london(self) -> None:
        parts = {"day": "1", "month": "July", "year": "2026"}
        for time in ("2pm", "2:00 p.m.", "14:00", "1400", "2.00pm"):
            assert clean("datetime", {**parts, "time": time}) == "2026-07-01T14:00+01:00"
        assert clean("datetime", {**parts, "time": "midday"}) == "2026-07-01T12:00+01:00"
        assert clean("datetime", "2026-12-01T09:30:59Z") == "2026-12-01T09:30+00:00"
        assert clean("datetime", "2026-07-01T09:30") == "2026-07-01T09:30+01:00"
        assert kinds.words(make_field("datetime"), "2026-07-01T14:00+01:00") == "1 July 2026 at 2pm"

    def test_are_moments_for_rules(self) -> None:
        moment = KINDS["datetime"].rule_value("2026-07-01T14:00+01:00")
        assert moment == datetime(2026, 7, 1, 13, tzinfo=UTC)

    @pytest.mark.parametrize(
        ("parts", "sentence", "boxes"),
        [
            (("1", "7", "2026", ""), "“It” must include a time, like 9:30am or 14:00.", {"time"}),
            (("1", "7", "2026", "9"), "“It” must include a time, like 9:30am or 14:00.", {"time"}),
            (("1", "7", "2026", "25:00"), "“It” must include a time, like 9:30am or 14:00.", {"time"}),
            (("", "", "", "9am"), "“It” must include a day and month and year.", {"day", "month", "year"}),
            (("1", "7", "", "9am"), "“It” must include a year.", {"year"}),
            (
                ("29", "3", "2026", "1:30am"),
                "“It” cannot be then: the clocks go forward over that hour.",
                {"time"},
            ),
        ],
    )
    def test_are_refused_with_the_box_that_is_wrong(
        self, parts: tuple[str, ...], sentence: str, boxes: set[str]
    ) -> None:
        with pytest.raises(Wrong) as caught:
            clean("datetime", dict(zip(("day", "month", "year", "time"), parts, strict=True)))
        assert (caught.value.sentence, set(caught.value.parts)) == (sentence, boxes)

    def test_are_kept_within_their_days(self) -> None:
        assert refusal("datetime", "2026-03-26T23:59", min="today") == "“It” must be today or in the future."
        assert clean("datetime", "2026-03-27T00:00", min="today") == "2026-03-27T00:00+00:00"


class TestLists:
    def test_have_one_thing_on_a_line(self) -> None:
        assert clean("list", " - Mend it\r\n\n• Tell us\n3 - 4 times") == [
            "Mend it",
            "Tell us",
            "3 - 4 times",
        ]
        assert clean("list", ["one", " two "]) == ["one", "two"]
        assert clean("list", " \n-\n") is None
        assert kinds.words(make_field("list"), ["one", "two"]) == "one\ntwo"
        assert kinds.kind_of(make_field("list")).headline(make_field("list"), ["one", "two"]) == "one, two"

    def test_have_so_many_lines_and_no_more(self) -> None:
        assert clean("list", "\n".join("x" * 20)) == ["x"] * 20
        assert refusal("list", "\n".join("x" * 21)) == "“It” can have up to 20 lines."
        assert refusal("list", "a\nb\nc", most=2) == "“It” can have up to 2 lines."
        assert refusal("list", "a" * 201) == "“It” must be 200 characters or fewer."
        assert refusal("list", None, optional=False) == "Enter at least one for “It”."


class TestPeople:
    def test_are_names_and_perhaps_a_day_of_birth(self) -> None:
        born = {"day": "7", "month": "3", "year": "2016"}
        kept = clean("person", {"given": " Ada ", "family": "Ng", "born": born})
        assert kept == {"given": "Ada", "family": "Ng", "born": "2016-03-07"}
        assert kinds.words(make_field("person"), kept) == "Ada Ng, born 7 March 2016"
        assert clean("person", {"family": "Ng", "born": {"day": ""}}) == {"family": "Ng"}
        assert clean("person", {"given": "", "family": " "}) is None

    def test_are_found_and_listed_by_name_alone(self) -> None:
        kept = {"given": "Ada", "family": "Ng", "born": "2016-03-07"}
        kind = KINDS["person"]
        assert kind.search_text(make_field("person"), kept) == "Ada Ng"
        assert kind.headline(make_field("person"), kept) == "Ada Ng"

    def test_are_refused_with_the_boxes_that_are_wrong(self) -> None:
        with pytest.raises(Wrong) as caught:
            clean("person", {"given": "a" * 101, "born": {"day": "30", "month": "2", "year": "2016"}})
        assert set(caught.value.parts) == {"given", "born_day", "born_month", "born_year"}
        assert refusal("person", {"given": "Ada", "born": "2026-03-28"}).endswith("today or in the past.")
        assert refusal("person", {"born": "2016-03-07"}) == "Enter a name for “It”."
        assert refusal("person", "Ada", optional=False) == "Enter a name for “It”."
