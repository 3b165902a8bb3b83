"""Who sees alike: the part of a viewer that decides which rows circles let them read."""

from dataclasses import dataclass, field

from moothall.councils import gate
from moothall.councils.permissions import Permission
from moothall.councils.rules import Viewer
from moothall.process import circles


@dataclass(frozen=True, slots=True)
class Alike:
    """A viewer as the shape of a question that is put together once: whoever reads the same rows is equal to them."""

    reached: frozenset[int] | None
    circles: frozenset[tuple[frozenset[str], tuple[int, ...]]]
    is_system: bool
    viewer: Viewer = field(compare=False)


def alike(viewer: Viewer, permission: Permission) -> Alike:
    """Return a viewer as far as it matters which rows of councils and circles are there with this permission.

    It is for rows whose empty circle is everybody's, such as calls; which cases are shut depends on more.
    """
    of = frozenset((words, tuple(councils)) for words, councils in circles.alike(viewer).items())
    return Alike(gate.reach(viewer, permission), of, viewer.is_system, viewer)
