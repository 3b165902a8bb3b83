"""Opening pages of a desk as somebody, and sending forms to them."""

from pathlib import Path
from typing import Any

from django.test import Client
from pytest_django import Settings

from moothall.councils import scope
from tests.servicedesk.desked import Desk, make_desk


def make_set_up(settings: Settings, folder: Path) -> Desk:
    """Make a desk whose people need no second factor."""
    settings.SECOND_FACTOR = "off"
    settings.FILES_ROOT = folder
    with scope.everything("making a desk for a test"):
        return make_desk(published=("ict-incident",))


def browser(desk: Desk, who: str = "manager") -> Client:
    client = Client()
    client.force_login(desk.staff[who].user)
    return client


def text_of(response: Any) -> str:
    words: str = response.content.decode()
    return words


def page(desk: Desk, path: str, who: str = "manager", status: int = 200) -> str:
    response = browser(desk, who).get(f"/work/desk/{path}")
    assert response.status_code == status, text_of(response)[:2000]
    return text_of(response)


def send(desk: Desk, path: str, /, who: str = "manager", **data: Any) -> Any:
    return browser(desk, who).post(f"/work/desk/{path}", data)
