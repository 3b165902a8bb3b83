"""What logs learn of residents: names of views, never an address with a reference or the secret of a link in it."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from moothall.config.observability.logs import JsonLines, NoAddresses, logging_settings
from tests.isolation.visitors import Visitor
from tests.isolation.world import Thing
from tests.legs import same_on_both

pytestmark = [pytest.mark.django_db, same_on_both]


class Lines(logging.Handler):
    """Keeps what would be written."""

    def __init__(self) -> None:
        super().__init__()
        self.addFilter(NoAddresses())
        self.setFormatter(JsonLines())
        self.written: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.written.append(self.format(record))


@pytest.fixture
def lines(people: dict[str, Visitor]) -> Iterator[Lines]:
    assert people
    handler = Lines()
    logging.disable(logging.NOTSET)
    logging.getLogger().addHandler(handler)
    yield handler
    logging.getLogger().removeHandler(handler)
    logging.disable(logging.ERROR)


class TestLogLines:
    def test_name_no_address_when_a_form_is_forged(
        self, lines: Lines, people: dict[str, Visitor], own: Thing
    ) -> None:
        strict = Client(enforce_csrf_checks=True)
        strict.cookies = people["another resident"].client.cookies
        answer = strict.post(f"/{own.code}/follow/{own.reference}/{own.token}/keep/")
        assert answer.status_code == 403
        said = "\n".join(lines.written)
        assert "portal:keep" in said
        assert own.token not in said
        assert own.reference not in said

    def test_name_no_address_when_a_page_breaks(
        self, lines: Lines, people: dict[str, Visitor], own: Thing, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("moothall.requests.queries.followed", lambda *_: 1 / 0)
        answer = people["signed out"].client.get(f"/{own.code}/follow/{own.reference}/{own.token}/")
        assert answer.status_code == 500
        said = "\n".join(lines.written)
        assert "ZeroDivisionError" in said
        assert own.token not in said
        assert own.reference not in said

    def test_name_nobody_whom_somebody_looked_for(self, lines: Lines, people: dict[str, Visitor]) -> None:
        for name in ("adviser", "data-protection-officer", "signed out"):
            people[name].client.get("/work/search/?q=Zqsecretname+1980-05-04")
        said = "\n".join(lines.written)
        assert "Zqsecretname" not in said

    def test_of_the_proxy_that_we_ship_hold_no_addresses(self) -> None:
        written = (Path(__file__).parents[2] / "deploy" / "nginx.conf").read_text(encoding="utf-8")
        form = next(line for line in written.splitlines() if line.startswith("log_format"))
        named = {"$request ", "$request'", "$request_uri", "$uri", "$args", "$query_string", "$http_referer"}
        assert not any(each in form for each in named)
        logs = [line.split() for line in written.splitlines() if line.strip().startswith("access_log")]
        assert all(words[-1] in {"moothall;", "off;"} for words in logs)
        assert len(logs) == written.count("\nserver {")

    def test_of_the_house_go_through_the_filter(self, settings: Settings) -> None:
        assert logging_settings(text=False) == settings.LOGGING
        assert settings.LOGGING["handlers"]["line"]["filters"] == ["no addresses"]
