"""The embedded database: durable, and fair to every writer."""

import multiprocessing
import sqlite3
import time
from collections.abc import Iterator
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError
from pytest_django import DjangoDbBlocker

from moothall.councils.backends.sqlite3.base import DatabaseWrapper

WRITERS, SECONDS = 6, 1.5


def connect(path: Path) -> DatabaseWrapper:
    """Open a file as the house does."""
    settings: dict[str, Any] = {
        "ENGINE": "moothall.councils.backends.sqlite3",
        "NAME": str(path),
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20},
        "AUTOCOMMIT": True,
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": False,
        "TIME_ZONE": None,
        "USER": "",
        "PASSWORD": "",
        "HOST": "",
        "PORT": "",
        "TEST": {"NAME": None},
    }
    return DatabaseWrapper(settings, "default")


def run(connection: DatabaseWrapper, sql: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def begin(connection: DatabaseWrapper) -> None:
    connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    connection.in_atomic_block = True


def end(connection: DatabaseWrapper) -> None:
    connection.in_atomic_block = False
    connection.commit()
    connection.set_autocommit(True)


def write_until(path: Path, start: Barrier, told: "Queue[int]") -> None:
    """Begin with the others and write as fast as one may, half of it outside transactions; tell how often."""
    connection = connect(path)
    number = 0
    start.wait(30)
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        if number % 2:
            run(connection, "UPDATE t SET n = n + 1")
        else:
            begin(connection)
            run(connection, "UPDATE t SET n = n + 1")
            end(connection)
        number += 1
    connection.close()
    told.put(number)


@pytest.fixture(autouse=True)
def _databases_of_our_own(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Let these tests open files: they never touch the database of the other tests."""
    with django_db_blocker.unblock():
        yield


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[DatabaseWrapper]:
    connection = connect(tmp_path / "house.sqlite3")
    run(connection, "CREATE TABLE t (n INTEGER UNIQUE)")
    run(connection, "INSERT INTO t VALUES (0)")
    yield connection
    connection.close()


class TestTheEmbeddedDatabase:
    @pytest.mark.parametrize(
        ("pragma", "value"),
        [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 20000)],
    )
    def test_is_opened_so_that_nothing_acknowledged_is_lost(
        self, opened: DatabaseWrapper, pragma: str, value: object
    ) -> None:
        assert run(opened, f"PRAGMA {pragma}") == [(value,)]

    def test_stays_so_after_it_was_closed_and_opened_again(self, opened: DatabaseWrapper) -> None:
        opened.close()
        assert run(opened, "PRAGMA synchronous") == [(2,)]
        assert len(opened.init_commands) == 4  # ours and an empty one, however often it was opened


class TestWriters:
    def test_wait_their_turn_and_none_starves(self, opened: DatabaseWrapper, tmp_path: Path) -> None:
        spawn = multiprocessing.get_context("fork")
        told: Queue[int] = spawn.Queue()
        start = spawn.Barrier(WRITERS)
        writers = [
            spawn.Process(target=write_until, args=(tmp_path / "house.sqlite3", start, told))
            for _ in range(WRITERS)
        ]
        for writer in writers:
            writer.start()
        written = [told.get(timeout=30) for _ in writers]
        for writer in writers:
            writer.join()
            assert writer.exitcode == 0  # nobody met "database is locked"
        assert run(opened, "SELECT n FROM t") == [(sum(written),)]
        assert min(written) * 8 > max(written)  # on a loaded machine, too; without turns, somebody starves

    def test_let_the_next_one_in_after_a_failed_write(self, opened: DatabaseWrapper, tmp_path: Path) -> None:
        other = connect(tmp_path / "house.sqlite3")
        with pytest.raises(IntegrityError):
            run(opened, "INSERT INTO t VALUES (0)")
        run(other, "INSERT INTO t VALUES (1)")
        begin(opened)
        opened.in_atomic_block = False
        opened.rollback()
        opened.set_autocommit(True)
        run(other, "INSERT INTO t VALUES (2)")
        other.close()

    def test_give_up_their_place_when_they_close(self, opened: DatabaseWrapper, tmp_path: Path) -> None:
        assert opened.turn is not None
        opened.turn.wait(1)
        opened.in_atomic_block = False
        opened.close()
        other = connect(tmp_path / "house.sqlite3")
        run(other, "INSERT INTO t VALUES (3)")
        other.close()

    def test_are_told_after_a_while_when_nobody_lets_them(
        self, opened: DatabaseWrapper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        holder, waiting = connect(tmp_path / "house.sqlite3"), connect(tmp_path / "house.sqlite3")
        begin(holder)
        waiting.patience = 0.3
        with pytest.raises(OperationalError, match="waited"):
            run(waiting, "INSERT INTO t VALUES (4)")
        end(holder)
        time.sleep(0.1)
        run(opened, "INSERT INTO t VALUES (4)")
        waiting.close()
        holder.close()

    def test_do_not_wait_for_each_other_in_memory(self) -> None:
        connection = connect(Path("file:nowhere?mode=memory&cache=shared"))
        assert connection.is_in_memory_db()
        assert run(connection, "SELECT 1") == [(1,)]
        assert connection.turn is None


def test_is_as_new_as_the_house_needs() -> None:
    assert sqlite3.sqlite_version_info >= (3, 35)
