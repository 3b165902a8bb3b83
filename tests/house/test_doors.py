"""Every address has a door (see councils/doors.py), or is a page of the sign-in library on the list below."""

from collections.abc import Iterable, Iterator

import pytest
from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver, path

# Pages of django-allauth: sign in, sign out, reset a password and, signed in, one's own account.
# allauth guards those itself; tests/identity walks them without signing in.
LIBRARY = ("allauth.",)
# Rooms below the gate cannot hang a door. These pages hold no data of anybody.
BELOW_THE_GATE = (
    "moothall.look.views.theme",  # a council's colours
    "moothall.look.views.show_gallery",  # every component with invented words
)
FILES = ("django.views.static.", "django.contrib.staticfiles.views.", "whitenoise.")
Patterns = Iterable[URLPattern | URLResolver]


def addresses(patterns: Patterns, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Walk every address that answers."""
    for found in patterns:
        here = f"{before}{found.pattern}"
        if isinstance(found, URLResolver):
            yield from addresses(found.url_patterns, here)
        else:
            yield here, found


def doorless(patterns: Patterns) -> list[str]:
    """Name every address whose view has no door and is on no list."""
    found = []
    for address, pattern in addresses(patterns):
        view = pattern.callback
        shown = getattr(view, "view_class", view)
        name = f"{shown.__module__}.{getattr(shown, '__name__', shown)}"
        if not hasattr(view, "door") and not name.startswith(LIBRARY + FILES + BELOW_THE_GATE):
            found.append(f"/{address}: {name} has no door.")
    return found


class TestEveryAddress:
    def test_has_a_door(self) -> None:
        assert doorless(get_resolver().url_patterns) == []

    def test_is_seen_when_it_has_none(self) -> None:
        assert len(doorless([path("open/", lambda _: HttpResponse())])) == 1

    @pytest.mark.django_db
    def test_is_walked_into_every_corner(self) -> None:
        assert sum(1 for _ in addresses(get_resolver().url_patterns)) > 20
