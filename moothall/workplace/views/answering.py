"""What every page of staff has in common: who looks, at what time, and the fixed parts of the page."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from moothall.councils import gate
from moothall.councils.middleware import viewer_of
from moothall.councils.rules import Viewer
from moothall.persons.permissions import Can as PersonsCan
from moothall.process.permissions import Can

UNPROCESSABLE = 422
"""The status of a page that shows what is wrong with what was sent."""


def looking(request: HttpRequest) -> tuple[Viewer, datetime]:
    """Return who looks, and when."""
    return viewer_of(request), timezone.now()


def page(request: HttpRequest, name: str, status: int = 200, **facts: Any) -> HttpResponse:
    """Return a page of the workplace."""
    viewer = viewer_of(request)
    facts["finds_people"] = gate.anywhere(viewer, PersonsCan.SEARCH)
    facts["may_search"] = facts["finds_people"] or gate.anywhere(viewer, Can.SEARCH)
    return render(request, f"workplace/{name}.html", facts, status=status, using="jinja2")


def remember(request: HttpRequest, name: str, value: str) -> None:
    """Keep something in the session; what it holds already is not written again."""
    if request.session.get(name) != value:
        request.session[name] = value


def number_of(text: str | None) -> int | None:
    """Return a whole number that fits into a row, or None for anything else."""
    if text is None or not (text.isascii() and text.isdigit()) or len(text) > len(str(2**53)):
        return None
    return int(text)
