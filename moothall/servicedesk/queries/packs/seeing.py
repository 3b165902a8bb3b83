"""Who may see what of a pack: drafts those who make and sign it, breakdowns those whom their level names."""

from collections.abc import Mapping, Sequence
from datetime import date

from moothall.councils import gate
from moothall.councils.models import Council
from moothall.councils.rules import Viewer
from moothall.measures import hooks
from moothall.servicedesk.errors.packs import NoSuchPack
from moothall.servicedesk.models import FigureVisibility, Pack
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.rules.figures import Month
from moothall.servicedesk.rules.figures.book import JOINT
from moothall.servicedesk.rules.packs.visibility import Eyes

_MAKING = (Can.PREPARE_PACK, Can.SIGN_PACK, Can.WORK)


def sees_drafts(viewer: Viewer) -> bool:
    """Say whether packs that are not published are there for the viewer."""
    return gate.anywhere(viewer, Can.SEE_PACK) and any(gate.anywhere(viewer, each) for each in _MAKING)


def pack_seen(viewer: Viewer, month: Month) -> Pack:
    """Return the pack of a month, if it is there for the viewer."""
    gate.allow_anywhere(viewer, Can.SEE_PACK)
    found = Pack.objects.filter(month=month.first).first()
    if found is None or not (found.state == Pack.State.PUBLISHED or sees_drafts(viewer)):
        raise NoSuchPack
    return found


def eyes(viewer: Viewer, council_id: int) -> Eyes:
    """Return as whom somebody looks at one council's figures. They speak for the council that employs them."""
    return Eyes(
        sees=gate.may(viewer, Can.SEE_PACK, council_id),
        speaks_for_it=speaks_for(viewer, council_id),
        officer=gate.may(viewer, Can.PREPARE_PACK, council_id) or gate.may(viewer, Can.WORK, council_id),
    )


def speaks_for(viewer: Viewer, council_id: int) -> bool:
    """Say whether somebody may sign for a council: with the permission there, and employed by it."""
    own = viewer.is_system or viewer.council_id == council_id
    return own and gate.may(viewer, Can.SIGN_PACK, council_id)


def levels() -> Mapping[str, str]:
    """Return for every figure who may see its breakdown by council: as last set, else as its definition says."""
    found: dict[str, str] = {name: each.level for name, each in hooks.defined().items()}
    for row in FigureVisibility.objects.order_by("set_at", "id"):
        if row.figure in found:
            found[row.figure] = row.level
    return found


def figures_seen(viewer: Viewer, council_id: int) -> frozenset[str]:
    """Return the names of the figures that are there for the viewer, of one council or of all together."""
    if council_id == JOINT:
        return frozenset(hooks.defined()) if gate.anywhere(viewer, Can.SEE_PACK) else frozenset()
    looking = eyes(viewer, council_id)
    return frozenset(name for name, level in levels().items() if looking.may_see(level))


def councils_seen(viewer: Viewer) -> Sequence[Council]:
    """Return the councils of which the viewer may see any figure at all, by name."""
    return list(Council.objects.filter(pk__in=gate.councils(viewer, Can.SEE_PACK)).order_by("name"))


def council_seen(viewer: Viewer, code: str) -> Council:
    """Return a council by its code, if its figures are there for the viewer."""
    found = next((each for each in councils_seen(viewer) if each.code == code), None)
    if found is None:
        raise NoSuchPack
    return found


def month_named(key: str) -> Month:
    """Return a month as addresses write it.

    >>> month_named("2026-10").first
    datetime.date(2026, 10, 1)
    """
    year, _, number = key.partition("-")
    well_formed = len(key) == len("2026-10") and key.isascii() and (year + number).isdecimal()
    if not well_formed or not (_FIRST <= int(year) <= _LAST and 1 <= int(number) <= _YEAR):
        raise NoSuchPack
    return Month(date(int(year), int(number), 1))


_FIRST, _LAST, _YEAR = 1990, 2100, 12
