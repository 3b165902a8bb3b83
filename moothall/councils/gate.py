"""The one gate: whoever asks for a row or does an act is asked here whether they may."""

from typing import Protocol, TypeVar

from django.db.models import Model, QuerySet

from moothall.councils import scope
from moothall.councils.models import Council
from moothall.councils.permissions import Permission
from moothall.councils.rules import Viewer
from moothall.plain.errors import NotFound, Refused

M = TypeVar("M", bound=Model)


class Owned(Protocol):
    """Anything that belongs to one council."""

    @property
    def council_id(self) -> int: ...


def may(viewer: Viewer, permission: Permission, council_id: int) -> bool:
    """Say whether the viewer may do this at that council; for showing or hiding a button."""
    return viewer.is_system or council_id in viewer.powers.get(permission.value, ())


def anywhere(viewer: Viewer, permission: Permission) -> bool:
    """Say whether the viewer may do this at any council; for showing or hiding a menu entry."""
    return viewer.is_system or bool(viewer.powers.get(permission.value))


def allow(viewer: Viewer, permission: Permission, thing: Owned | int) -> None:
    """Let the viewer do this to that thing (or at the council of that number), or refuse.

    What the viewer may not even see does not exist for them.
    """
    council_id = thing if isinstance(thing, int) else thing.council_id
    if may(viewer, permission, council_id):
        return
    if _sees(viewer, permission, council_id):
        raise Refused(act=permission.label)
    raise NotFound(what=_name(thing))


def allow_anywhere(viewer: Viewer, permission: Permission) -> None:
    """Let the viewer do what concerns no one council, or refuse."""
    if not anywhere(viewer, permission):
        raise Refused(act=permission.label)


def councils(viewer: Viewer, permission: Permission) -> frozenset[int]:
    """Return the councils at which the viewer may do this."""
    if viewer.is_system:
        return frozenset(Council.objects.values_list("id", flat=True))
    return viewer.powers.get(permission.value, frozenset())


def narrow(viewer: Viewer, permission: Permission, rows: QuerySet[M]) -> QuerySet[M]:
    """Return those of the rows at whose council the viewer may do this.

    One council becomes `council_id = x`, which an index can serve in order. Where the viewer reaches every council
    there is, nothing is added.
    """
    return within(rows, reach(viewer, permission))


def reach(viewer: Viewer, permission: Permission) -> frozenset[int] | None:
    """Return the councils to which rows have to be narrowed for a viewer; None if they need not be.

    With `within`, it is `narrow` in two parts: the shape of a question that is put together once (`prepared`).
    """
    if viewer.is_system:
        return None
    reached = viewer.powers.get(permission.value, frozenset())
    held = scope.peek()
    if held is not None and held.whole and held.councils is not None and held.councils <= reached:
        return None
    return reached


def within(rows: QuerySet[M], reached: frozenset[int] | None) -> QuerySet[M]:
    """Return those of the rows that are of these councils; all of them for None."""
    if reached is None:
        return rows
    if not reached:
        return rows.none()
    if len(reached) == 1:
        return rows.filter(council_id=next(iter(reached)))
    return rows.filter(council_id__in=sorted(reached))


def _sees(viewer: Viewer, permission: Permission, council_id: int) -> bool:
    if permission.seeing == permission.value:
        return False
    return council_id in viewer.powers.get(permission.seeing, ())


def _name(thing: Owned | int) -> str:
    return str(thing._meta.verbose_name) if isinstance(thing, Model) else "page"
