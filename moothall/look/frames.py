"""What the layouts ask for: frame, menu and messages of the request being answered."""

from dataclasses import dataclass
from typing import Any

from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.urls import reverse

from moothall.look import hooks
from moothall.look.addresses import address_of
from moothall.look.hooks import Frame
from moothall.look.themes import HOUSE, Theme


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the staff menu as this viewer sees it."""

    label: str
    url: str
    current: bool
    count: int | None


def frame_of(request: Any) -> Frame:
    """Return the frame of a request; without one, the house's own."""
    if not isinstance(request, HttpRequest):
        return Frame()
    found = getattr(request, "_look_frame", None)
    if not isinstance(found, Frame):
        found = hooks.frame_for(request)
        request._look_frame = found  # type: ignore[attr-defined]  # noqa: SLF001 - kept for this request only
    return found


def name_of(frame: Frame) -> str:
    """Return whose pages these are."""
    return frame.name or hooks.HOUSE_NAME


def theme_url(frame: Frame) -> str:
    """Return the address of the frame's colours."""
    theme: Theme = frame.theme or HOUSE
    return reverse("look:theme", args=(frame.theme_code or "house", theme.version))


def menu_of(request: Any) -> list[Entry]:
    """Return the staff menu; the entry of the page being shown is marked."""
    if not isinstance(request, HttpRequest):
        return []
    shown = [item for item in hooks.menu_items() if item.shown(request)]
    # the longest address that the page's own address starts with is where we are
    addresses = [(address_of(url), item) for item in shown for url in (item.url, *item.also)]
    inside = [each for each in addresses if request.path.startswith(each[0])]
    _, here = max(inside, key=lambda each: len(each[0]), default=("", None))
    return [
        Entry(item.label, address_of(item.url), item is here, item.count(request) if item.count else None)
        for item in shown
    ]


def messages_of(request: Any) -> list[Any]:
    """Return what the last page wanted to say; reading it takes it away."""
    return list(get_messages(request)) if isinstance(request, HttpRequest) else []
