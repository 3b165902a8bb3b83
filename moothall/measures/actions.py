"""Writes: benchmarks. They are never changed, only followed by newer ones, each with its source and its year."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from moothall.councils import gate
from moothall.councils.rules import Viewer
from moothall.journal import actions as journal
from moothall.measures import hooks
from moothall.measures.errors import NotABenchmark
from moothall.measures.models import Benchmark
from moothall.measures.permissions import Can

_FIRST_YEAR = 1980


@transaction.atomic
def set_benchmark(
    *,
    by: Viewer,
    figure: str,
    label: str,
    value: Decimal,
    source: str,
    year: int,
    in_force_from: date,
    now: datetime,
) -> Benchmark:
    """Hold a figure to a value from a day on. Without a source, or for a figure that is none, it is refused."""
    gate.allow_anywhere(by, Can.SET_BENCHMARKS)
    wrong: dict[str, list[str]] = {}
    if figure not in hooks.defined():
        wrong["figure"] = ["Select one of the figures."]
    if not label.strip():
        wrong["label"] = ["Enter what it is called, like “Socitm median”."]
    if not source.strip():
        wrong["source"] = ["Enter where it is from, so that somebody can look it up."]
    if not _FIRST_YEAR <= year <= now.year:
        wrong["year"] = [f"Enter the year of the source, from {_FIRST_YEAR} to {now.year}."]
    if wrong:
        raise NotABenchmark(wrong, why=next(iter(wrong.values()))[0])
    made = Benchmark.objects.create(
        figure=figure,
        label=label.strip()[:100],
        value=value,
        source=source.strip()[:300],
        year=year,
        in_force_from=in_force_from,
        set_at=now,
        set_by=by.actor.name[:150],
    )
    facts = {"figure": figure, "label": made.label, "value": str(value), "in_force_from": in_force_from}
    journal.write(
        by=by.actor,
        what="measures.benchmark_set",
        about=f"benchmark:{made.pk}",
        council_id=None,
        now=now,
        facts=facts,
    )
    return made
