"""A real browser against the running house; skipped by name where there is no Chromium."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.test import Client
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_django import Settings

from moothall.councils import scope
from moothall.identity.models import User

CHROMIUM = (
    os.environ.get("MOOTHALL_TEST_BROWSER") or shutil.which("chromium") or shutil.which("google-chrome")
)
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser without a screen."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed; name one in MOOTHALL_TEST_BROWSER.")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # the browser's loop runs in the test's thread
        with sync_playwright() as playwright:
            opened = playwright.chromium.launch(
                executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"]
            )
            yield opened
            opened.close()


@pytest.fixture(params=[PHONE, DESK], ids=["phone", "desk"])
def page(request: pytest.FixtureRequest, browser: Browser, live_server: Any) -> Iterator[Page]:
    """A page of a phone and of a desk, whose console has to stay silent but for answers that say no."""
    context = browser.new_context(base_url=live_server.url, viewport=request.param)
    opened = context.new_page()
    opened.set_default_timeout(15_000)
    said: list[str] = []
    opened.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    yield opened
    context.close()
    assert [text for text in said if "the server responded with a status of 4" not in text] == []


@pytest.fixture
def plain(transactional_db: None, settings: Settings, tmp_path: Path) -> Iterator[None]:
    """A house without second factors, whose files are the test's own, and in which the test sees everything."""
    settings.SECOND_FACTOR = "off"
    settings.FILES_ROOT = tmp_path
    with scope.everything("a journey looks over everybody's shoulder"):
        yield


def come_in(page: Page, user: User, address: str = "") -> None:
    """Come in as somebody who has signed in already, instead of whoever was there; to an address, if one is named.

    Without one, the page stays what it is: as though somebody had signed in in another tab.
    """
    client = Client()
    client.force_login(user)
    if page.url == "about:blank":
        page.goto("/livez")
    name, base = configured.SESSION_COOKIE_NAME, page.evaluate("location.origin")
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": base}])
    if address:
        page.goto(address)
