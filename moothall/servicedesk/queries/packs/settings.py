"""What figures rest on, as it was set: levels with their history, and user accounts as councils stated them."""

from collections.abc import Sequence
from dataclasses import dataclass

from moothall.councils import gate
from moothall.councils.models import Council
from moothall.councils.rules import Viewer
from moothall.measures import hooks
from moothall.measures.rules import Definition
from moothall.servicedesk.models import FigureVisibility, Headcount
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.rules.packs.visibility import WORDS


@dataclass(frozen=True, slots=True)
class Level:
    """Who may see a figure's breakdown by council, and who said so."""

    definition: Definition
    words: str
    history: Sequence[FigureVisibility]


def levels_with_history(viewer: Viewer) -> Sequence[Level]:
    """Return every figure with who may see its breakdown, and what was said of that before."""
    gate.allow_anywhere(viewer, Can.PREPARE_PACK)
    rows: dict[str, list[FigureVisibility]] = {}
    for row in FigureVisibility.objects.order_by("-set_at", "-id"):
        rows.setdefault(row.figure, []).append(row)
    return [
        Level(each, WORDS[held[0].level if held else each.level], held)
        for each in hooks.defined().values()
        for held in (rows.get(each.name, []),)
    ]


def councils_stated_by(viewer: Viewer) -> Sequence[Council]:
    """Return the councils whose user accounts the viewer may state."""
    reached = gate.councils(viewer, Can.PREPARE_PACK) | gate.councils(viewer, Can.SIGN_PACK)
    return list(Council.objects.filter(pk__in=reached).order_by("name"))


def heads_stated(viewer: Viewer) -> Sequence[Headcount]:
    """Return what was stated of the councils that the viewer may state it for, the newest first."""
    numbers = [each.pk for each in councils_stated_by(viewer)]
    rows = Headcount.objects.filter(council_id__in=numbers).select_related("council")
    return list(rows.order_by("council__name", "-in_force_from"))
