"""What a council's pages look like around the edges."""

from dataclasses import replace

from django.http import HttpRequest

from moothall.councils.middleware import council_of
from moothall.councils.queries import council_by_code, partnership_name
from moothall.look.hooks import Frame
from moothall.look.themes import Theme


def frame_of(request: HttpRequest) -> Frame | None:
    """Return the frame of a page on a council's site; an upper room may hang a fuller one."""
    council = council_of(request)
    if council is None:
        return None
    return Frame(name=council.name, home=f"/{council.code}/", theme=council.theme, theme_code=council.code)


def named(frame: Frame) -> Frame:
    """Put the partnership's name on pages that are no one council's: one's account, the choice of a council."""
    return frame if frame.name else replace(frame, name=partnership_name())


def theme_of(code: str) -> Theme | None:
    """Return the colours of a council by its code, for its stylesheet."""
    council = council_by_code(code)
    return council.theme if council else None
