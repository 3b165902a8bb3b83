"""A small house of the look alone, so that its tests need no other room."""

import pytest
from django.test import Client
from pytest_django import Settings

from moothall.look import gallery, hooks


@pytest.fixture
def house(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The look's own middleware in their order, and addresses that fail on purpose."""
    monkeypatch.setattr(hooks, "_frames", [])
    monkeypatch.setattr(hooks, "_finishes", [])
    monkeypatch.setattr(hooks, "_menu", {})
    monkeypatch.setattr(hooks, "_themes", [gallery.theme])
    settings.ROOT_URLCONF = "tests.look.urls"
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.DEMO = True
    settings.MIDDLEWARE = [
        "moothall.look.middleware.RequestId",
        "moothall.look.middleware.Headers",
        "django.middleware.security.SecurityMiddleware",
        "moothall.look.middleware.SizeLimit",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
        "moothall.look.middleware.Refusals",
    ]
    settings.MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
    return settings


@pytest.fixture
def browser(house: Settings) -> Client:
    """A browser that shows error pages as a person sees them. No test of the look may touch the database."""
    return Client(raise_request_exception=False, headers={"accept": "text/html"})
