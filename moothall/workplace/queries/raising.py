"""The services for which staff may raise a request, council by council."""

from collections.abc import Sequence
from dataclasses import dataclass

from moothall.councils import gate
from moothall.councils.models import Council
from moothall.councils.rules import Viewer
from moothall.plain.errors import NotFound
from moothall.requests import queries as requests
from moothall.requests.permissions import Can
from moothall.requests.queries import Offer


@dataclass(frozen=True, slots=True)
class Counter:
    """One council's open services, under their categories."""

    council: Council
    categories: Sequence[tuple[str, Sequence[Offer]]]


def counters(viewer: Viewer) -> list[Counter]:
    """Return the open services of every council for which the viewer may raise requests."""
    reached = Council.objects.filter(id__in=sorted(gate.councils(viewer, Can.RAISE)))
    return [
        Counter(each, requests.by_category([one for one in requests.catalogue(viewer, each) if one.is_open]))
        for each in reached
    ]


def offered(viewer: Viewer, code: str, service: str) -> tuple[Council, Offer]:
    """Return a service of a council for which the viewer may raise requests."""
    council = Council.objects.filter(code=code, id__in=sorted(gate.councils(viewer, Can.RAISE))).first()
    if council is None:
        raise NotFound(what="council")
    return council, requests.offer(viewer, council, service)
