"""Passkeys and the rest of sign-in in a real browser, with an authenticator that the browser plays."""

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import Browser, Page, sync_playwright

from moothall.identity import actions
from moothall.identity.models import User
from tests.identity.conftest import PASSWORD

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
SHOTS = os.environ.get("SHOTS_FOLDER", "")


@pytest.fixture
def ada(now: datetime, settings: Any) -> User:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return actions.open_account(
        email="ada@ash.example", name="Ada Byron", now=now, password=PASSWORD, confirmed=True
    )


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # the browser's loop runs in the test's thread
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Browser, live_server: Any) -> Iterator[Page]:
    """A narrow page whose console has to stay silent: a blocked script or style would speak there."""
    opened = browser.new_page(base_url=live_server.url, viewport={"width": 360, "height": 740})
    said: list[str] = []
    opened.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    yield opened
    assert said == []


def with_authenticator(page: Page) -> None:
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )


def look_at(page: Page, name: str) -> None:
    """Check a page as everybody meets it: nothing wider than a phone, nothing that axe complains about."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name} is too wide"
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/identity-{name}-360.png", full_page=True)
        page.set_viewport_size({"width": 1280, "height": 800})
        page.screenshot(path=f"{SHOTS}/identity-{name}-1280.png", full_page=True)
        page.set_viewport_size({"width": 360, "height": 740})
    if AXE.exists():
        page.evaluate(
            AXE.read_text(encoding="utf-8")
        )  # by the debugger: the page itself allows no such script
        found = page.evaluate(
            "async () => (await axe.run()).violations.map(v => [v.id, v.nodes.map(n => n.html)])"
        )
        assert found == [], name


def sign_in(page: Page, user: User) -> None:
    page.goto("/account/login/")
    page.get_by_label("Email address").fill(user.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/account/")


class TestAPasskey:
    def test_is_added_signs_in_alone_and_is_removed(self, page: Page, ada: User) -> None:
        with_authenticator(page)
        sign_in(page, ada)
        page.goto("/account/second-factors/passkeys/add/")
        look_at(page, "passkey-add")
        page.get_by_label("Name of this passkey").fill("Work laptop")
        page.get_by_role("button", name="Add a passkey").click()
        page.wait_for_url("**/recovery-codes/")
        assert page.locator(".moothall-codes li").count() == 10
        look_at(page, "recovery-codes")

        page.context.clear_cookies()
        page.goto("/account/login/")
        look_at(page, "sign-in")
        page.get_by_role("button", name="Sign in with a passkey").click()
        page.wait_for_url("**/account/")
        look_at(page, "overview")

        page.goto("/account/second-factors/passkeys/")
        assert page.get_by_text("You can sign in with it alone.").is_visible()
        look_at(page, "passkeys")
        page.get_by_role("link", name="Remove Work laptop").click()
        page.get_by_role("button", name="Remove the passkey").click()
        assert page.get_by_text("You have no passkeys yet.").is_visible()
        assert not Authenticator.objects.filter(type="webauthn").exists()

    def test_is_a_second_factor_after_the_password(self, page: Page, ada: User) -> None:
        with_authenticator(page)
        sign_in(page, ada)
        page.goto("/account/second-factors/passkeys/add/")
        page.get_by_role("button", name="Add a passkey").click()
        page.wait_for_url("**/recovery-codes/")
        page.context.clear_cookies()
        page.goto("/account/login/")
        page.get_by_label("Email address").fill(ada.email)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/authenticate/")
        look_at(page, "second-factor")
        page.get_by_role("button", name="Use a passkey").click()
        page.wait_for_url("**/trust/")
        look_at(page, "trust")
        page.get_by_role("button", name="Do not remember it").click()
        page.wait_for_url("**/account/")

    def test_that_nobody_has_is_refused_in_a_sentence(self, page: Page, ada: User) -> None:
        with_authenticator(page)
        page.goto("/account/login/")
        page.get_by_role("button", name="Sign in with a passkey").click()
        page.get_by_text("No passkey was used. Try again, or use another way.").wait_for()


class TestTheOtherPages:
    def test_can_be_used_on_a_phone_and_by_everybody(self, page: Page, ada: User) -> None:
        for address, name in (("signup", "sign-up"), ("password/reset", "forgotten"), ("inactive", "closed")):
            page.goto(f"/account/{address}/")
            look_at(page, name)
        page.goto("/account/signup/")
        page.get_by_role("button", name="Create account").click()
        look_at(page, "sign-up-wrong")
        sign_in(page, ada)
        for address, name in (
            ("name", "name"),
            ("email", "email"),
            ("password/change", "password"),
            ("second-factors", "factors"),
            ("second-factors/app/activate", "app"),
            ("second-factor", "asked"),
            ("devices", "devices"),
            ("providers", "providers"),
            ("logout", "sign-out"),
        ):
            page.goto(f"/account/{address}/")
            look_at(page, name)

    def test_can_be_walked_by_keyboard(self, page: Page, ada: User) -> None:
        page.goto("/account/login/")
        page.get_by_label("Email address").focus()
        page.keyboard.type(ada.email)
        page.keyboard.press("Tab")
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent").strip() == "Sign in"
        page.keyboard.press("Enter")
        page.wait_for_url("**/account/")
