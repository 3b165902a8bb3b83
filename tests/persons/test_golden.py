"""Which of several values is relied on first."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from moothall.persons.rules.golden import best_first
from moothall.persons.rules.own_words import to_the_person
from moothall.persons.rules.sources import said_source
from tests.persons.making import NOW

TODAY = date(2026, 11, 23)


@dataclass
class Said:
    """A fact, as far as it is weighed."""

    id: int
    source: str = "adviser"
    body: Any = field(default_factory=dict)
    until: date | None = None
    source_at: datetime = NOW
    kind: str = "name"


def order(*said: Said) -> list[int]:
    return [fact.id for fact in best_first(said, TODAY)]


class TestTheBestValue:
    @pytest.mark.parametrize("source", ["adviser", "resident", "request:ASH-7KQ4-M2XD"])
    def test_is_what_they_say_themselves_before_what_a_system_says(self, source: str) -> None:
        late = NOW + timedelta(days=1)
        assert order(Said(1, "import:revenues", source_at=late), Said(2, source)) == [2, 1]

    @pytest.mark.parametrize("source", ["identity:gov", "rectification"])
    def test_is_what_was_proved_or_put_right_before_what_anybody_said_later(self, source: str) -> None:
        late = NOW + timedelta(days=1)
        assert order(Said(1, "adviser", source_at=late), Said(2, source)) == [2, 1]

    def test_is_what_is_so_still(self) -> None:
        ended = Said(1, "identity:gov", until=TODAY - timedelta(days=1))
        assert order(ended, Said(2, "import:old")) == [2, 1]
        assert order(Said(1, "identity:gov", until=TODAY), Said(2, "import:old")) == [1, 2]

    def test_is_the_usual_name_the_exact_date_and_the_number_they_prefer(self) -> None:
        assert order(Said(1, body={"use": "former"}), Said(2, body={"use": "usual"})) == [2, 1]
        assert order(Said(1, body={"precision": "estimated"}), Said(2, body={"precision": "exact"})) == [2, 1]
        assert order(Said(2), Said(1, body={"preferred": True})) == [1, 2]

    def test_is_the_newest_of_equal_ones(self) -> None:
        assert order(Said(1), Said(2), Said(3, source_at=NOW - timedelta(days=1))) == [2, 1, 3]


class TestWhatWasPutRight:
    def test_says_so_to_staff_and_to_its_person(self) -> None:
        assert said_source("rectification") == "their request to put it right"
        assert to_the_person("rectification") == "you asked us to put it right"
