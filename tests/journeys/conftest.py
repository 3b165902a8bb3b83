"""A real browser against the running house; skipped by name where there is no Chromium."""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

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
