"""A full disk and a database that is away are no fault of the person, and are said as what they are."""

import errno
import logging
import shutil
from typing import NamedTuple

import pytest
from django.db import DataError, InterfaceError, OperationalError
from django.test import RequestFactory

from moothall.look.views import failed, trouble_of


class Disk(NamedTuple):
    free: int


@pytest.fixture(autouse=True)
def plenty(monkeypatch: pytest.MonkeyPatch) -> None:
    logging.getLogger("moothall.look").setLevel(logging.CRITICAL)
    monkeypatch.setattr(shutil, "disk_usage", lambda _place: Disk(10**9))


class TestAFullDisk:
    @pytest.mark.parametrize(
        "error",
        [
            OperationalError("database or disk is full"),
            OperationalError('could not extend file "base/1": No space left on device'),
            OSError(errno.ENOSPC, "No space left on device"),
            OSError(errno.EDQUOT, "Disk quota exceeded"),
        ],
    )
    def test_is_known_by_what_the_database_or_the_system_says(self, error: Exception) -> None:
        found = trouble_of(error)
        assert found is not None
        assert (found.code, found.status) == ("look.no_room", 503)

    def test_is_known_by_its_room_when_the_database_only_speaks_of_an_error(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(shutil, "disk_usage", lambda _place: Disk(0))
        found = trouble_of(OperationalError("disk I/O error"))
        assert found is not None
        assert found.code == "look.no_room"


class TestADatabaseThatIsAway:
    @pytest.mark.parametrize("error", [OperationalError("connection refused"), InterfaceError("closed")])
    def test_is_said_without_asking_it_anything(self, error: Exception) -> None:
        try:
            raise error
        except (OperationalError, InterfaceError):
            answer = failed(RequestFactory().get("/"))
        assert answer.status_code == 503
        text = answer.content.decode()
        assert "The place where everything is kept is not available at the moment." in text
        assert text.count("<h1") == 1


class TestAnyOtherFault:
    @pytest.mark.parametrize("error", [None, RuntimeError("x"), DataError("x"), OSError(errno.EACCES, "x")])
    def test_stays_a_fault_of_ours(self, error: Exception | None) -> None:
        assert trouble_of(error) is None
