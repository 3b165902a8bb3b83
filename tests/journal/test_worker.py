"""The worker as a process: killed, told to stop, alone, with others, and with a database that goes away."""

import logging
import multiprocessing
import os
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection, connections
from django.utils import timezone

from moothall.journal import hooks, turns, worker
from moothall.journal.models import Turn
from tests.journal import household

ROOT = Path(__file__).parents[2]
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["tests.journal.household"])


class House:
    """A house for processes of its own: a fresh SQLite file, or the test's PostgreSQL database."""

    def __init__(self, home: Path) -> None:
        self.hands: list[BaseProcess] = []
        self.database = home / "moothall.sqlite3"
        if connection.vendor == "sqlite":
            self.done(household.settle)

    def begin(self, function: Callable[..., None], *given: object) -> BaseProcess:
        process = FORKS.Process(target=function, args=given)
        process.start()
        self.hands.append(process)
        return process

    def done(self, function: Callable[..., None], *given: object) -> None:
        assert status(self.begin(function, *given)) == 0

    def worker(self, *words: str) -> BaseProcess:
        return self.begin(household.work, words)

    def post(self, task: str, *, times: int = 1, **args: object) -> None:
        self.done(household.post, task, args, times)

    def select(self, sql: str) -> Any:
        """Return the first row; of the newest job if that is asked."""
        sql = sql.replace("NEWEST", "FROM journal_job ORDER BY id DESC LIMIT 1")
        if connection.vendor == "sqlite":
            with closing(sqlite3.connect(self.database)) as file:
                return file.execute(sql).fetchone()
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchone()

    def effects(self) -> int:
        return int(self.select("SELECT COUNT(*) FROM journal_entry WHERE what = 'probe.effect'")[0])

    def close(self) -> None:
        for hand in self.hands:
            hand.kill()
            hand.join()


@pytest.fixture(scope="module")
def _home(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> Iterator[Path]:
    """Start the server that processes are forked from in a house of its own; its surroundings are read once."""
    home = tmp_path_factory.mktemp("house")
    patch = pytest.MonkeyPatch()
    patch.setenv("MOOTHALL_HOME", str(home))
    patch.setenv("MOOTHALL_LOG_FORMAT", "text")
    patch.setenv("PYTHONPATH", str(ROOT))
    if connection.vendor == "postgresql":
        at = connection.settings_dict
        url = f"postgresql://{at['USER']}@{at['HOST']}:{at['PORT']}/{at['NAME']}"
        patch.setenv("MOOTHALL_DATABASE_URL", url)
    yield home
    patch.undo()


@pytest.fixture
def house(_home: Path, transactional_db: None) -> Iterator[House]:
    house = House(_home)
    yield house
    house.close()


def status(process: BaseProcess, seconds: float = 60) -> int | None:
    """Wait for a process, and return how it ended; below zero, the signal that ended it."""
    process.join(seconds)
    return process.exitcode


def stop(process: BaseProcess) -> None:
    """Tell a worker to stop, as systemd does, and see that it goes in good order."""
    os.kill(process.pid or 0, signal.SIGTERM)
    assert status(process) == 0


def wait_for(true: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.1)


@pytest.mark.usefixtures("everything")
class TestAWorkerProcess:
    def test_killed_in_a_job_leaves_it_to_the_next_and_its_effect_happens_once(
        self, house: House, tmp_path: Path
    ) -> None:
        before = house.effects()
        house.post("killed_the_first_time", marker=str(tmp_path / "died"))
        assert status(house.worker("--lease", "2")) == -signal.SIGKILL
        assert house.select("SELECT state NEWEST") == ("running",)
        assert house.effects() == before

        second = house.worker("--lease", "2")
        wait_for(lambda: house.select("SELECT state NEWEST") == ("done",))
        wait_for(lambda: house.select("SELECT COUNT(*) FROM journal_seal") == (before + 1,))
        stop(second)
        assert house.effects() == before + 1
        assert house.select("SELECT attempts, token NEWEST") == (2, 2)

    def test_told_to_stop_finishes_the_job_in_hand(self, house: House, tmp_path: Path) -> None:
        marker = tmp_path / "marker"
        house.post("slow", seconds=1.5, marker=str(marker))
        hand = house.worker()
        wait_for(marker.exists)
        stop(hand)
        assert marker.read_text() == "finished"
        assert house.select("SELECT state NEWEST") == ("done",)

    def test_keeps_the_lease_of_a_job_that_takes_longer(self, house: House, tmp_path: Path) -> None:
        house.post("slow", seconds=4, marker=str(tmp_path / "marker"))
        hands = [house.worker("--lease", "1.5") for _ in range(2)]
        wait_for(lambda: house.select("SELECT state NEWEST") == ("done",))
        for hand in hands:
            stop(hand)
        assert house.select("SELECT attempts, token NEWEST") == (1, 1)

    def test_shares_the_work_with_others_without_doing_any_twice(self, house: House) -> None:
        before = house.effects()
        house.post("effect_then_failure", times=60)
        hands = [house.worker("--drain") for _ in range(3)]
        assert [status(hand) for hand in hands] == [0, 0, 0]
        assert house.effects() == before + 60


class TestADatabaseThatGoesAway:
    def test_is_waited_for_and_said_once(
        self, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(worker, "PATIENCE", 0.01)
        monkeypatch.setattr(connections, "close_all", lambda: None)
        hand, tries = worker.Worker(), []

        def step() -> float:
            tries.append(1)
            if len(tries) < 5:
                raise OperationalError("server closed the connection")
            hand.stop()
            return 0.0

        with caplog.at_level(logging.INFO):
            hand._steadily("jobs", step)
        assert len(tries) == 5
        assert [record.message for record in caplog.records] == [
            "jobs: the database does not answer (server closed the connection); trying until it does",
            "jobs: the database answers again, after 4 tries",
        ]

    def test_any_other_mistake_stops_nothing(
        self, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(connections, "close_all", lambda: None)
        monkeypatch.setattr(worker, "STUMBLE", 0.01)
        hand, tries = worker.Worker(), []

        def step() -> float:
            tries.append(1)
            if len(tries) == 1:
                raise ZeroDivisionError
            hand.stop()
            return 0.0

        hand._steadily("jobs", step)
        assert len(tries) == 2


@pytest.mark.django_db
class TestTurns:
    @pytest.fixture
    def done(self, monkeypatch: pytest.MonkeyPatch) -> list[str]:
        done: list[str] = []
        monkeypatch.setattr(hooks, "periodic", {})

        def often(_now: datetime) -> int:
            done.append("often")
            return 0

        def seldom(_now: datetime) -> int:
            done.append("seldom")
            return 0

        hooks.every(0.01, "probe.often")(often)
        hooks.every(3600, "probe.seldom")(seldom)
        return done

    def test_belong_to_one_worker_at_a_time(self, done: list[str]) -> None:
        one, two = turns.Rota("one"), turns.Rota("two")
        for rota in (one, two):
            rota.hold_on()
        two.round()
        assert done == []
        one.round()
        assert sorted(done) == ["often", "seldom"]

    def test_pass_on_at_once_when_a_worker_stops_and_in_time_when_it_dies(self, done: list[str]) -> None:
        one, two = turns.Rota("one"), turns.Rota("two")
        one.hold_on()
        one.let_go()
        two.hold_on()
        two.round()
        assert sorted(done) == ["often", "seldom"]
        Turn.objects.update(held_until=timezone.now() - timedelta(seconds=1))
        one.hold_on()
        assert set(Turn.objects.values_list("holder", flat=True)) == {"one"}

    def test_rare_work_is_not_done_again_because_a_worker_began_again(self, done: list[str]) -> None:
        for holder in ("one", "two", "three"):
            rota = turns.Rota(holder)
            rota.hold_on()
            rota.round()
            rota.let_go()
        assert done.count("seldom") == 1
        assert done.count("often") == 3

    def test_work_that_goes_wrong_does_not_stop_the_rest(self, done: list[str]) -> None:
        def wrong(_now: datetime) -> int:
            raise ZeroDivisionError

        hooks.periodic["probe.often"] = hooks.Periodic("probe.often", 0.01, wrong)
        rota = turns.Rota("one")
        rota.hold_on()
        rota.round()
        assert done == ["seldom"]
