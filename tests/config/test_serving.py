"""The supervisor keeps its children alive and stops them in good order; the house has one server at a time."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from django.core.management.base import CommandError

from moothall.config.management.commands.serve import address, check_free
from moothall.config.serving import opening
from tests.config.houses import House
from tests.legs import same_on_both

pytestmark = same_on_both  # what is served here is always on an embedded database
SUPERVISED = """
import sys, time
from pathlib import Path
from moothall.config.serving.supervisor import Child, Supervisor
folder = Path(sys.argv[1])

def steady():
    (folder / "steady").write_text(str(__import__("os").getpid()))
    time.sleep(60)

def falling():
    with (folder / "falls").open("a") as file:
        file.write("x")
    raise SystemExit(3)

def deaf():
    import signal
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    (folder / "deaf").write_text("")
    time.sleep(60)

children = [Child(name, globals()[name]) for name in sys.argv[2:]]
raise SystemExit(Supervisor(children, grace=1).run())
"""


def supervised(folder: Path, *names: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", SUPERVISED, str(folder), *names],
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def wait_for(condition: object, seconds: float = 20) -> None:
    """Wait until the function says yes."""
    until = time.monotonic() + seconds
    assert callable(condition)
    while not condition():
        assert time.monotonic() < until, "It did not happen in time."
        time.sleep(0.05)


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port: int = door.getsockname()[1]
        return port


class TestTheSupervisor:
    def test_starts_a_fallen_child_again_after_a_pause(self, tmp_path: Path) -> None:
        running = supervised(tmp_path, "falling")
        falls = tmp_path / "falls"
        wait_for(lambda: falls.exists() and len(falls.read_text()) >= 2)
        running.send_signal(signal.SIGTERM)
        assert running.wait(10) == 0

    def test_stops_its_children_when_told(self, tmp_path: Path) -> None:
        running = supervised(tmp_path, "steady")
        wait_for(lambda: (tmp_path / "steady").exists() and (tmp_path / "steady").read_text())
        child = int((tmp_path / "steady").read_text())
        running.send_signal(signal.SIGTERM)
        assert running.wait(10) == 0
        assert not Path(f"/proc/{child}").exists()

    def test_ends_a_child_that_will_not_hear_and_says_so_by_its_status(self, tmp_path: Path) -> None:
        running = supervised(tmp_path, "deaf")
        wait_for((tmp_path / "deaf").exists)
        running.send_signal(signal.SIGINT)
        assert running.wait(15) == 1

    def test_leaves_no_child_behind_when_it_is_killed(self, tmp_path: Path) -> None:
        running = supervised(tmp_path, "steady")
        wait_for(lambda: (tmp_path / "steady").exists() and (tmp_path / "steady").read_text())
        child = Path(f"/proc/{(tmp_path / 'steady').read_text()}")
        running.kill()
        running.wait()
        wait_for(lambda: not child.exists() or "zombie" in (child / "status").read_text())


class TestOpeningTheHouse:
    def test_is_refused_to_a_second_server(self, tmp_path: Path) -> None:
        held = opening.hold_house(tmp_path)
        with pytest.raises(CommandError, match=f"process {os.getpid()}"):
            opening.hold_house(tmp_path)
        held.close()
        opening.hold_house(tmp_path).close()

    def test_is_refused_where_somebody_listens(self) -> None:
        with socket.socket() as door:
            door.bind(("127.0.0.1", 0))
            door.listen()
            port = door.getsockname()[1]
            with pytest.raises(CommandError, match="Choose another with --port"):
                check_free("127.0.0.1", port)

    def test_brings_the_tables_of_an_embedded_house_up_to_date(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        told: list[tuple[str, ...]] = []
        monkeypatch.setattr(opening, "migrations_waiting", lambda: 1)
        monkeypatch.setattr(opening, "call_command", lambda *words, **_: told.append(words))
        monkeypatch.setattr(opening, "leave_database", lambda: None)
        opening.prepare(tmp_path / "house")
        assert told == [("migrate",)]

    def test_says_what_to_type_into_a_browser(self) -> None:
        assert address("0.0.0.0", 80) == "http://127.0.0.1:80/"
        assert address("::1", 80) == "http://[::1]:80/"


class TestServe:
    def test_answers_survives_a_killed_worker_and_closes(self, tmp_path: Path) -> None:
        house, port = House(tmp_path), free_port()
        house.settle()
        words = [sys.executable, "-m", "moothall", "serve", "--port", str(port), "--workers", "2"]
        running = subprocess.Popen(
            words, env=house.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            wait_for(lambda: answers(port), 60)
            for child in below(running.pid):
                os.kill(child, signal.SIGKILL)
            wait_for(lambda: answers(port), 30)
        finally:
            running.send_signal(signal.SIGTERM)
        running.wait(45)
        wait_for(lambda: not answers(port))


def below(pid: int) -> list[int]:
    """Return all descendants of a process."""
    children = [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return [found for child in children for found in (child, *below(child))]


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/livez", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
