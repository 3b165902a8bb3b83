"""Figures as they are kept: of a pack, by council, and what was restated since."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.db.models import QuerySet

from moothall.servicedesk.models import CouncilFigure, JointFigure, Pack
from moothall.servicedesk.rules.figures import Figure
from moothall.servicedesk.rules.figures.book import JOINT

Kept = Mapping[tuple[str, str], Figure]


def figure_of(row: JointFigure | CouncilFigure) -> Figure:
    """Return a kept figure as figures are compared."""
    return Figure(row.name, row.slice, row.version, row.value, row.n, row.parts)


def published_figures(pack: Pack) -> dict[int, dict[tuple[str, str], Figure]]:
    """Return what a pack says of each council that is in scope and, under `JOINT`, of all of them."""
    found: dict[int, dict[tuple[str, str], Figure]] = {JOINT: {}}
    for joint in pack.joint.filter(restated_at=None):
        found[JOINT][joint.name, joint.slice] = figure_of(joint)
    for row in CouncilFigure.objects.filter(pack=pack, restated_at=None):
        found.setdefault(row.council_id, {})[row.name, row.slice] = figure_of(row)
    return found


def kept_of(pack: Pack, council_id: int) -> Kept:
    """Return what a pack says of one council, or of all of them together."""
    rows = rows_of(council_id).filter(pack=pack, restated_at=None)
    return {(row.name, row.slice): figure_of(row) for row in rows}


def restated_of(pack: Pack, council_id: int) -> Sequence[JointFigure | CouncilFigure]:
    """Return what came out otherwise when the pack was last compared, the newest of each figure."""
    latest = {
        (row.name, row.slice): row
        for row in rows_of(council_id)
        .filter(pack=pack, restated_at__isnull=False)
        .order_by("restated_at", "id")
    }
    return list(latest.values())


def trends(council_id: int, packs: Sequence[Pack]) -> Mapping[tuple[str, str], Mapping[int, Decimal | None]]:
    """Return the values of each figure by pack, for the months of a trend."""
    found: dict[tuple[str, str], dict[int, Decimal | None]] = {}
    rows = rows_of(council_id).filter(pack__in=list(packs), restated_at=None)
    for name, key, pack_id, value in rows.values_list("name", "slice", "pack_id", "value"):
        found.setdefault((name, key), {})[pack_id] = value
    return found


def rows_of(council_id: int) -> "QuerySet[JointFigure] | QuerySet[CouncilFigure]":
    """Return the rows of one council's figures, or of those of all councils together."""
    if council_id == JOINT:
        return JointFigure.objects.all()
    rows: QuerySet[CouncilFigure] = CouncilFigure.objects.filter(council_id=council_id)
    return rows
