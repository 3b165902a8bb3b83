"""Reads: the definitions of figures, and the benchmarks that were in force on a day."""

from collections.abc import Mapping, Sequence
from datetime import date

from moothall.councils import gate
from moothall.councils.rules import Viewer
from moothall.measures import hooks
from moothall.measures.models import Benchmark
from moothall.measures.permissions import Can
from moothall.measures.rules import Definition


def figures() -> Mapping[str, Definition]:
    """Return the definition of every figure; what a figure means is no secret."""
    return hooks.defined()


def in_force(on: date, figure: str = "") -> Mapping[str, Sequence[Benchmark]]:
    """Return by figure the benchmarks of a day: of each label the last that was set from then or before."""
    rows = Benchmark.objects.filter(in_force_from__lte=on).order_by("in_force_from", "id")
    if figure:
        rows = rows.filter(figure=figure)
    latest = {(row.figure, row.label): row for row in rows}
    found: dict[str, list[Benchmark]] = {}
    for (name, _), row in latest.items():
        found.setdefault(name, []).append(row)
    return {name: sorted(each, key=lambda row: (row.value, row.label)) for name, each in found.items()}


def benchmarks(viewer: Viewer) -> Sequence[Benchmark]:
    """Return every benchmark that was ever set, by figure, the newest first."""
    if not gate.anywhere(viewer, Can.SEE):
        return ()
    return list(Benchmark.objects.order_by("figure", "-in_force_from", "-id"))
