"""The navigation inside the service desk: which of its pages somebody may open, and to which of them a page belongs."""

from dataclasses import dataclass
from typing import NamedTuple

from moothall.councils import gate
from moothall.councils.permissions import Permission
from moothall.councils.rules import Viewer
from moothall.look.addresses import address_of
from moothall.servicedesk.permissions import Can


@dataclass(frozen=True, slots=True)
class Tab:
    """One page of the desk: its name in the navigation, its address, who may open it, and what belongs to it.

    `areas` are the first words of addresses after /work/desk/; an empty one is the desk's own page.
    """

    label: str
    url: str
    permissions: tuple[Permission, ...]
    areas: tuple[str, ...]


_SET_UP = ("catalogue", "catalogue-new", "feeds", "import", "keys", "recurring", "replies", "rules")
TABS = (
    Tab("Queue", "workplace:desk_queue", (Can.SEE,), ("", "call", "escalate", "filters", "new", "together")),
    Tab("Major incidents", "workplace:desk_majors", (Can.SEE_MAJORS,), ("majors", "reviews")),
    Tab("Outages", "workplace:desk_outages", (Can.SEE,), ("outages",)),
    Tab("Changes", "workplace:desk_changes", (Can.SEE_CHANGES,), ("changes", "board", "freezes", "observed")),
    Tab("Articles", "workplace:desk_articles", (Can.SEE_ARTICLES,), ("articles", "articles-new")),
    Tab("On call", "workplace:desk_on_call", (Can.SEE,), ("on-call",)),
    Tab("Estate", "workplace:desk_estate", (Can.SEE_CHANGES,), ("estate", "suppliers")),
    Tab("Performance", "workplace:desk_packs", (Can.SEE_PACK,), ("pack", "benchmarks")),
    Tab("Satisfaction", "workplace:desk_satisfaction", (Can.SEE_SATISFACTION,), ("satisfaction",)),
    Tab(
        "Set up",
        "workplace:desk_set_up",
        (Can.SET_UP,),
        ("set-up", *_SET_UP),
    ),
)
HELP = frozenset({"help", "mine"})
"""Self-service: what it shows belongs to no page of the desk, and most who use it see none of those."""


class Shown(NamedTuple):
    """One page in the navigation. `current` is `page` on that page itself, and `true` on one that belongs to it."""

    label: str
    href: str
    current: str = ""


def area_of(path: str) -> str:
    """Return the first word of an address of the desk.

    >>> area_of("/work/desk/board/12/agenda/"), area_of("/work/desk/")
    ('board', '')
    """
    return path.partition("/desk/")[2].partition("/")[0]


def tabs_for(viewer: Viewer, path: str = "") -> list[Shown]:
    """Return each page of the desk that the viewer may open, and which of them the page at this path belongs to."""
    area = area_of(path) if path else None
    found = []
    for tab in TABS:
        if any(gate.anywhere(viewer, each) for each in tab.permissions):
            href = address_of(tab.url)
            current = "page" if path == href else "true" if area in tab.areas else ""
            found.append(Shown(tab.label, href, current))
    return found
