"""The desk and the batch compare alike: the same level of each field, score and veto, for thousands of pairs."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import pytest

from moothall.datasets.linking import Comparison
from moothall.datasets.store import Store, store
from moothall.persons.management import batch
from moothall.persons.management.batch import PAIRS
from moothall.persons.rules.known import Known, Name, Place
from moothall.persons.rules.matching import compare, levels, shipped
from moothall.persons.rules.matching.fields import FIELDS
from tests.persons.population import records

WEIGHTS = shipped()
_LEVELS = ", ".join(f"level_{field.key}" for field in FIELDS)
ODD = [
    Known(names=(Name("j", "", "smith"),)),
    Known(names=(Name("john", "p", "smith"),)),
    Known(names=(Name("mary jane", "", "de la cruz"), Name("mj", "", "cruz"))),
    Known(names=(Name("mary", "jane", "cruz smith"), Name("", "", "former"))),
    Known(names=(Name("", "", "former"), Name("john", "paul", "other"))),
    Known(names=(Name("smyth", "", "john"),)),
    Known(names=(Name("mary", "", "o"),), places=(Place("", "", "77"), Place("rose cottage", "ab12cd", ""))),
    Known(names=(Name("mary", "", "o"),), places=(Place("rose cottage", "ab13cd", ""), Place("", "", "77"))),
    Known(identifiers={"nhs": frozenset({"9990000018", "9990000026"}), "nino": frozenset({"ab123456c"})}),
    Known(identifiers={"nhs": frozenset({"9990000019"}), "nino": frozenset({"ab123456d"})}),
    Known(identifiers={"housing": frozenset({"7", "8"}), "council-tax": frozenset({"9"})}),
    Known(identifiers={"housing": frozenset({"8"})}, emails=("ann.lee@post.example", "al@x.example")),
    Known(emails=("ann.lee@other.example",), phones=("+447700900982", "+441632960001")),
    Known(phones=("+447700900983",)),
    Known(names=(Name('a"b,c', "", "new\nline"),)),
]


@pytest.fixture(scope="module")
def people() -> list[Known]:
    return [*ODD, *(known for _, _, _, known in records(3_000))]


@pytest.fixture(scope="module")
def tables(people: list[Known]) -> Iterator[Store]:
    with store(threads=1) as held:
        batch.load(held, people, WEIGHTS)
        yield held


class TestTheBatch:
    def test_gives_each_pair_the_score_and_levels_of_the_desk(
        self, tables: Store, people: list[Known]
    ) -> None:
        batch.score(tables, WEIGHTS, -25.0)
        rows = tables.rows(f"select low, high, score, vetoed, {_LEVELS} from {PAIRS}")
        assert len(rows) > 8_000
        for low, high, score, vetoed, *found in rows:
            one, other = people[low], people[high]
            assert found == levels.levels(one, other, WEIGHTS.forenames), (one, other)
            live = compare(WEIGHTS, one, other)
            assert score == pytest.approx(live.score, abs=1e-4)
            assert vetoed == bool(live.veto)

    def test_gives_any_two_people_the_levels_of_the_desk(self, tables: Store, people: list[Known]) -> None:
        chosen = [(one, other) for one in range(len(ODD)) for other in range(len(ODD)) if one < other]
        chosen += list(pairwise(range(len(people))))
        tables.table("chosen", {"one": "BIGINT", "other": "BIGINT"}, chosen)
        assert self._by_sql(tables) == {
            pair: levels.levels(people[pair[0]], people[pair[1]], WEIGHTS.forenames) for pair in chosen
        }

    def _by_sql(self, tables: Store) -> dict[tuple[int, int], list[int]]:
        columns = ", ".join(map(self._case, batch.model(WEIGHTS).comparisons))
        rows: Sequence[tuple[int, ...]] = tables.rows(
            f"select unique_id_l, unique_id_r, {columns} from (select columns(l.*) as '\\0_l', columns(r.*) as '\\0_r' "
            "from chosen join people l on l.unique_id = one join people r on r.unique_id = other)"
        )
        return {(one, other): list(found) for one, other, *found in rows}

    def _case(self, comparison: Comparison) -> str:
        cases = " ".join(
            f"when {level.condition or 'true'} then {number}"
            for number, level in enumerate(comparison.levels, 1)
        )
        return f"case when {comparison.missing} then 0 {cases} end"
