"""What upper rooms may hang on the look of the house: frame, finish, menu, colours."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.http import HttpRequest

from moothall.look.themes import Theme


@dataclass(frozen=True, slots=True)
class Link:
    """One link of the header, the account line or the footer."""

    label: str
    url: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around every page: whose site it is, how it looks, who is signed in."""

    name: str = ""  # without one, whoever finishes frames gives it; at last it is the house's own
    home: str = "/"
    theme: Theme | None = None
    theme_code: str = ""
    navigation: tuple[Link, ...] = ()
    account: tuple[Link, ...] = ()
    footer: tuple[Link, ...] = ()
    notice: str = ""
    notice_links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuItem:
    """One entry of the staff menu; `url` is a named address without arguments, `also` are others that belong to it."""

    name: str
    label: str
    url: str
    order: int = 50
    shown: Callable[[HttpRequest], bool] = field(default=lambda _request: True)
    count: Callable[[HttpRequest], int] | None = None
    also: tuple[str, ...] = ()


_menu: dict[str, MenuItem] = {}
_frames: list[Callable[[HttpRequest], Frame | None]] = []
_finishes: list[Callable[[Frame], Frame]] = []
_themes: list[Callable[[str], Theme | None]] = []
HOUSE_NAME = "Moothall"


def menu(item: MenuItem) -> None:
    """Hang an entry on the staff menu. Two rooms cannot use one name."""
    if item.name in _menu and _menu[item.name] != item:
        raise ValueError(f"The menu already has an entry named {item.name}.")
    _menu[item.name] = item


def frame(provider: Callable[[HttpRequest], Frame | None]) -> None:
    """Hang what gives a request its frame; the one hung first is asked first, and None passes on.

    Rooms are made ready from the roof down, so an upper room is asked before those below it.
    """
    if provider not in _frames:
        _frames.append(provider)


def finish(function: Callable[[Frame], Frame]) -> None:
    """Hang what is done to every frame at the end, whichever room it came from."""
    if function not in _finishes:
        _finishes.append(function)


def themes(provider: Callable[[str], Theme | None]) -> None:
    """Hang what knows the colours of a council by its code; None means the house's own colours."""
    if provider not in _themes:
        _themes.insert(0, provider)


def menu_items() -> list[MenuItem]:
    """Return the entries of the staff menu in their order."""
    return sorted(_menu.values(), key=lambda item: (item.order, item.label))


def frame_for(request: HttpRequest) -> Frame:
    """Return the frame of a request, finished."""
    found = _frame_of(request)
    for function in _finishes:
        found = function(found)
    return found


def _frame_of(request: HttpRequest) -> Frame:
    for provider in _frames:
        if (found := provider(request)) is not None:
            return found
    council = getattr(request, "council", None)
    if council is None:
        return Frame()
    return Frame(
        name=council.name, home=f"/{council.code}/", theme=theme_for(council.code), theme_code=council.code
    )


def theme_for(code: str) -> Theme | None:
    """Return the colours of a council, if anybody knows them."""
    return next((found for provider in _themes if (found := provider(code)) is not None), None)
