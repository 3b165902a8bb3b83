"""Reading a page opens no transaction: on the embedded database each one would stand in the queue of the writers."""

import pytest
from django.db.transaction import Atomic
from django.test import Client
from pytest_django import Settings

from tests import makers

pytestmark = pytest.mark.django_db
OF_EVERYBODY = ("/", "/ash/", "/ash/find/?q=bin", "/ash/privacy/", "/account/login/", "/livez")
OF_STAFF = ("/work/", "/work/search/?q=bin", "/account/", "/account/devices/")


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note each transaction that is opened."""
    opened: list[str] = []
    enter = Atomic.__enter__

    def noting(self: Atomic) -> None:
        opened.append("a transaction")
        enter(self)

    monkeypatch.setattr(Atomic, "__enter__", noting)
    return opened


class TestReadingAPage:
    @pytest.mark.parametrize("page", OF_EVERYBODY)
    def test_by_anybody_waits_for_no_writer(self, client: Client, page: str, opened: list[str]) -> None:
        makers.make_council(code="ash", name="Ash District Council")
        client.get(page)
        opened.clear()
        assert client.get(page).status_code == 200
        assert opened == []

    @pytest.mark.parametrize("page", OF_STAFF)
    def test_by_staff_waits_for_no_writer(
        self, client: Client, settings: Settings, page: str, opened: list[str]
    ) -> None:
        settings.SECOND_FACTOR = "off"
        ash = makers.make_council(code="ash", name="Ash District Council")
        client.force_login(makers.make_staff(council=ash, roles=("officer",)).user)
        client.get(page, follow=True)
        opened.clear()
        assert client.get(page).status_code == 200
        assert opened == []
