"""The navigation inside the service desk: which of its pages somebody may open."""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from moothall.councils import gate
from moothall.councils.permissions import Permission
from moothall.councils.rules import Viewer
from moothall.servicedesk.permissions import Can


@dataclass(frozen=True, slots=True)
class Tab:
    """One page of the desk: its name in the navigation, its address, and who may open it."""

    label: str
    url: str
    permissions: tuple[Permission, ...]


TABS = (
    Tab("Queue", "workplace:desk_queue", (Can.SEE,)),
    Tab("Major incidents", "workplace:desk_majors", (Can.SEE_MAJORS,)),
    Tab("Outages", "workplace:desk_outages", (Can.SEE,)),
    Tab("Changes", "workplace:desk_changes", (Can.SEE_CHANGES,)),
    Tab("Articles", "workplace:desk_articles", (Can.SEE_ARTICLES,)),
    Tab("On call", "workplace:desk_on_call", (Can.SEE,)),
    Tab("Estate", "workplace:desk_estate", (Can.SEE_CHANGES,)),
    Tab("Performance", "workplace:desk_packs", (Can.SEE_PACK,)),
    Tab("Satisfaction", "workplace:desk_satisfaction", (Can.SEE_SATISFACTION,)),
    Tab("Set up", "workplace:desk_set_up", (Can.SET_UP,)),
)


def tabs_for(viewer: Viewer) -> list[tuple[str, str]]:
    """Return label and address of each page of the desk that the viewer may open."""
    found = []
    for tab in TABS:
        if any(gate.anywhere(viewer, each) for each in tab.permissions):
            try:
                found.append((tab.label, reverse(tab.url)))
            except NoReverseMatch:  # its area is not built yet
                continue
    return found
