"""Matching in batches: whole households stay apart, people come together, and weights are learned from NHS numbers."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

import pytest

from moothall.datasets.store import store
from moothall.persons.management import batch, learning
from moothall.persons.management.batch import Given
from moothall.persons.management.refusals import TooFewPairs
from moothall.persons.rules.known import Known, Name, Place
from moothall.persons.rules.matching import Cutoffs, shipped
from tests.persons.population import records

WEIGHTS = shipped()
PEOPLE, SEED = 3_000, 42
HOME = Place("14 mill lane", "ab101ab", "")


def linked(people: Sequence[Known], given: Given | None = None) -> batch.Linked:
    with store(threads=1) as tables:
        count = batch.load(tables, people, WEIGHTS)
        batch.score(tables, WEIGHTS, Cutoffs().ask)
        return batch.link(tables, count, Cutoffs(), given=given)


def pairs(values: Sequence[object]) -> int:
    return sum(count * (count - 1) // 2 for count in Counter(values).values())


def somebody(given: str, born: str, *, nhs: str = "", family: str = "fairweather") -> Known:
    numbers = {"nhs": frozenset({nhs})} if nhs else {}
    return Known(
        (Name(given, "", family),), date.fromisoformat(born), (HOME,), ("+441632960001",), (), numbers
    )


class TestWholeHouseholds:
    def test_come_out_as_people(self) -> None:
        rows = list(records(PEOPLE, SEED))
        truth = [true for _, _, true, _ in rows]
        clusters = linked([known for _, _, _, known in rows]).clusters
        both = pairs(list(zip(truth, clusters, strict=True)))
        assert both / pairs(clusters) >= 0.995
        assert both / pairs(truth) >= 0.98

    def test_keep_twins_parents_and_namesakes_apart(self) -> None:
        home = [
            somebody("hannah", "1999-05-04"),
            somebody("rachel", "1999-05-04"),
            somebody("john", "1951-02-11"),
            somebody("john", "1979-11-30"),
            somebody("john", "1951-02-11"),
        ]
        assert linked(home).clusters == [0, 1, 2, 3, 2]

    def test_never_hold_two_numbers_in_one_person(self) -> None:
        one, other, between = (
            somebody("ann", "1980-05-04", nhs=number) for number in ("9990000018", "9990000026", "")
        )
        found = linked([one, other, between])
        assert found.clusters[0] != found.clusters[1]
        assert (0, 1) in {(low, high) for low, high, _ in found.to_look_at}

    def test_keep_to_what_is_known_beforehand(self) -> None:
        people = [somebody("ann", "1980-05-04") for _ in range(3)]
        assert linked(people).clusters == [0, 0, 0]
        told = linked(people, Given(["PSN-1", "PSN-2", ""], frozenset())).clusters
        assert told[0] != told[1]
        assert told[2] in (0, 1)
        assert linked(people, Given((), {(0, 1), (0, 2), (1, 2)})).clusters == [0, 1, 2]
        strangers = [somebody("ann", "1980-05-04"), somebody("bob", "1950-01-31")]
        assert linked(strangers, Given(["PSN-1", "PSN-1"], frozenset())).clusters == [0, 0]

    def test_are_nothing_to_link_if_there_is_nobody(self) -> None:
        assert linked([]).clusters == []


class TestLearning:
    @pytest.fixture(autouse=True)
    def few_random_pairs(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(learning, "RANDOM_PAIRS", 2e5)

    def test_finds_what_counts_without_being_told(self) -> None:
        with store(threads=1) as tables:
            batch.load(tables, (known for _, _, _, known in records(4_000, SEED)), WEIGHTS)
            found = learning.learn(tables, WEIGHTS, 3, "A test.")
        assert (found.version, found.note) == (3, "A test.")
        assert 0.5 / 10_000 <= found.prior < 5 / 4_000
        born, forename = found.chances["born"], found.chances["forename"]
        assert born["same"].m > 0.9
        assert born["same"].points > born["near"].points > born["differs"].points
        assert forename["same"].r > forename["same"].u, (
            "fathers and sons share forenames more often than strangers"
        )
        assert found.chances["surname"]["same"].points_at_home < 2, "relatives share it"
        assert found.share("surname", "smith") > found.rare["surname"]

    def test_refuses_what_shares_too_few_numbers(self) -> None:
        with store(threads=1) as tables:
            batch.load(tables, (known for _, _, _, known in records(50)), WEIGHTS)
            with pytest.raises(TooFewPairs, match="pairs of records share an NHS number; 2000 are needed"):
                learning.learn(tables, WEIGHTS, 3, "")
