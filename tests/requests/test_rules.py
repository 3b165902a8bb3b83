"""The way through questions, who may be answered, and finding a service."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import moothall.requests
from moothall.process.definition import Definition, Late
from moothall.process.filling import filled
from moothall.process.language import read
from moothall.requests import finding, letters, rules
from moothall.requests.errors import ContactRefused

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def bins() -> Definition:
    path = Path(moothall.requests.__file__).parent / "processes/missed-bin.yaml"
    found = read(path.read_bytes(), file=path.name).definition
    assert found is not None
    return found


def keys(definition: Definition, given: dict[str, object]) -> list[str]:
    return [each.key for each in rules.way(definition, given, NOW)]


class TestTheWay:
    def test_puts_a_question_only_when_the_answers_above_call_for_it(self, bins: Definition) -> None:
        assert "garden_licence" not in keys(bins, {"bin": "refuse"})
        assert "garden_licence" in keys(bins, {"bin": "garden"})

    def test_keeps_hidden_answers_out_of_what_counts(self, bins: Definition) -> None:
        way = rules.way(bins, {"bin": "refuse", "garden_licence": True}, NOW)
        assert rules.counted(way) == {"bin": "refuse"}

    def test_is_open_up_to_the_first_question_not_dealt_with(self, bins: Definition) -> None:
        way = rules.way(bins, {"address": {"line1": "1"}}, NOW)
        assert rules.first_open(way) == "bin"
        assert rules.reachable(way, "bin")
        assert not rules.reachable(way, "collection_day")
        assert not rules.reachable(way, "garden_licence")

    def test_takes_a_question_left_out_as_dealt_with(self, bins: Definition) -> None:
        way = rules.way(bins, {"photo": None}, NOW)
        assert [each.dealt_with for each in way if each.key == "photo"] == [True]

    def test_knows_what_stands_before_and_after(self, bins: Definition) -> None:
        way = rules.way(bins, {}, NOW)
        assert rules.before(way, "address") == ""
        assert rules.before(way, "bin") == "address"
        assert rules.after(way, "address") == "bin"
        assert rules.after(way, way[-1].key) == ""


class TestAPerson:
    def test_must_say_who_they_are_where_the_service_needs_it(self) -> None:
        with pytest.raises(ContactRefused) as caught:
            rules.person({}, "required", TODAY)
        assert set(caught.value.fields) == {"prefers", "name"}

    def test_may_stay_unnamed_where_it_does_not(self) -> None:
        assert rules.person({}, "optional", TODAY) == rules.Person()

    def test_gives_what_they_want_to_be_reached_by(self) -> None:
        with pytest.raises(ContactRefused) as caught:
            rules.person({"name": "Sam", "prefers": "phone", "email": "sam@example.org"}, "required", TODAY)
        assert caught.value.fields == {"phone": ["Enter a phone number."]}

    def test_is_reached_by_what_they_gave_if_they_did_not_choose(self) -> None:
        assert rules.person({"phone": "07700 900982"}, "optional", TODAY).prefers == "phone"

    def test_cannot_be_reached_at_what_is_no_address(self) -> None:
        with pytest.raises(ContactRefused):
            rules.person({"email": "sam@"}, "optional", TODAY)

    @given(st.dictionaries(st.sampled_from(["name", "email", "phone", "prefers"]), st.text()))
    def test_is_taken_or_refused_in_words_whatever_is_sent(self, raw: dict[str, str]) -> None:
        try:
            found = rules.person(raw, "required", TODAY)
        except ContactRefused:
            return
        assert found.name
        assert found.email or found.phone


class TestFindingAService:
    @pytest.mark.parametrize("typed", ["missed bin", "Mised Bin!", "bins", "rubish", "my bin wasnt emptied"])
    def test_forgives_small_slips(self, typed: str) -> None:
        others = "rubbish refuse not emptied wheelie bin"
        assert finding.score(finding.words(typed), "Report a missed bin collection", others) > 0

    def test_finds_nothing_in_what_does_not_fit(self) -> None:
        assert finding.score(finding.words("planning permission"), "Report a missed bin", "rubbish") == 0

    def test_sets_a_title_above_a_keyword(self) -> None:
        word = finding.words("bin")
        assert finding.score(word, "Missed bin", "") > finding.score(word, "Contact us", "bin")

    @given(st.text(max_size=300))
    def test_takes_anything_that_can_be_typed(self, typed: str) -> None:
        assert finding.score(finding.words(typed), "Report a missed bin", "rubbish") >= 0


class TestTheWordsOfAProcess:
    def test_are_filled_with_the_answers_they_name(self, bins: Definition) -> None:
        text = filled("Your {bin} bin, {unknown}.", bins, {"bin": "garden"})
        assert text == "Your Garden waste bin, {unknown}."

    def test_say_that_a_late_request_is_moved_up_only_if_it_is(self, bins: Definition) -> None:
        clock = next(iter(bins.clocks.values()))
        assert "has been moved up" in letters.overdue(clock, NOW)
        left_alone = letters.overdue(replace(clock, late=Late()), NOW)
        assert "moved up" not in left_alone
        assert left_alone.endswith(
            "We have not done it yet, and we are sorry. You do not need to contact us."
        )
