"""Benchmarks: dated, with a source, followed and never changed."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from moothall.councils.rules import Viewer
from moothall.journal.models import Entry
from moothall.measures import queries
from moothall.measures.actions import set_benchmark
from moothall.measures.errors import NotABenchmark
from moothall.measures.models import Benchmark
from moothall.plain.errors import Refused
from tests.makers import make_council, make_staff, make_viewer

FIGURE = "calls_per_user"
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]


@pytest.fixture
def manager() -> Viewer:
    return make_viewer(make_staff(council=make_council(), roles=("desk-manager",)))


def keep(by: Viewer, now: datetime, value: str = "1.1", **other: Any) -> Benchmark:
    given: dict[str, Any] = {
        "figure": FIGURE, "label": "Socitm", "source": "Socitm benchmarking", "year": 2024,
        "in_force_from": date(2026, 1, 1),
    }  # fmt: skip
    return set_benchmark(by=by, value=Decimal(value), now=now, **(given | other))


class TestSettingABenchmark:
    def test_is_for_whoever_may_and_is_written_down(self, manager: Viewer, now: datetime) -> None:
        made = keep(manager, now)
        entry = Entry.objects.get(what="measures.benchmark_set")
        assert entry.about == f"benchmark:{made.pk}"
        assert entry.council_id is None

    def test_is_refused_to_a_member_of_the_committee(self, now: datetime) -> None:
        member = make_viewer(make_staff(council=make_council(), roles=("committee-member",)))
        with pytest.raises(Refused):
            keep(member, now)

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"source": " "}, "source"),
            ({"figure": "nonsense"}, "figure"),
            ({"year": 2027}, "year"),
            ({"label": ""}, "label"),
        ],
    )
    def test_is_refused_without_what_makes_it_one(
        self, manager: Viewer, now: datetime, given: dict[str, Any], field: str
    ) -> None:
        with pytest.raises(NotABenchmark) as refused:
            keep(manager, now, **given)
        assert list(refused.value.fields) == [field]
        assert not Benchmark.objects.exists()


class TestWhatIsInForce:
    def test_is_the_last_of_each_label_up_to_the_day(self, manager: Viewer, now: datetime) -> None:
        keep(manager, now, "1.1")
        keep(manager, now, "1.3", in_force_from=date(2026, 7, 1))
        keep(manager, now, "0.9", label="Best quarter")
        june, july = queries.in_force(date(2026, 6, 30)), queries.in_force(date(2026, 7, 1), FIGURE)
        assert [str(each.value.normalize()) for each in june[FIGURE]] == ["0.9", "1.1"]
        assert [str(each.value.normalize()) for each in july[FIGURE]] == ["0.9", "1.3"]
        assert queries.in_force(date(2025, 12, 31)) == {}
