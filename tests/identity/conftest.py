"""What the tests of sign-in share."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from moothall.identity import actions, hooks
from moothall.identity.models import User
from tests.identity.oidc import Issuer, running

PASSWORD = "correct horse battery"


@dataclass
class Kept:
    """A recorder that remembers."""

    entries: list[tuple[str, User | None, dict[str, Any]]] = field(default_factory=list)

    def __call__(self, what: str, user: User | None, facts: Any) -> None:
        self.entries.append((what, user, dict(facts)))

    def what(self) -> list[str]:
        return [what for what, _, _ in self.entries]


@pytest.fixture(autouse=True)
def quick(settings: Any) -> None:
    """Hash passwords quickly, and keep mail in memory."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> Kept:
    recorder = Kept()
    monkeypatch.setattr(hooks, "_recorders", {"test": recorder})
    return recorder


@pytest.fixture
def works_here(monkeypatch: pytest.MonkeyPatch) -> Callable[[User], None]:
    """Make somebody a member of staff."""
    staff: set[int] = set()
    monkeypatch.setattr(hooks, "_staff_checks", {"test": lambda user: user.pk in staff})
    return lambda user: staff.add(user.pk)


@pytest.fixture
def ada(now: datetime) -> User:
    return actions.open_account(
        email="ada@ash.example", name="Ada Byron", now=now, password=PASSWORD, confirmed=True
    )


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    with running() as made:
        yield made


def sign_in(client: Client, user: User, password: str = PASSWORD, **extra: Any) -> Any:
    """Sign in by the page, as a person does."""
    return client.post("/account/login/", {"login": user.email, "password": password, **extra})
