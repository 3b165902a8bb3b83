"""A full disk: the page says so, nothing is half-written, and all goes on as soon as there is room."""

import signal
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from tests.config.houses import House
from tests.config.test_serving import answers, free_port, wait_for
from tests.faults.harness import look, nest, select

ROOM = "24m"
TOKEN = "a" * 32


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Lend a disk of its own, so small that it can be filled."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has its own disk, and says so itself when that is full")
    place = tmp_path / "disk"
    place.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "moothall-test", str(place)]
    done = subprocess.run(words, capture_output=True, check=False)
    if done.returncode:
        pytest.skip("only who may mount can have a small disk")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


class Browser:
    """Asks the pages of one member of staff."""

    class _Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_words: object, **_more: object) -> None:
            return None

    def __init__(self, port: int, session: str) -> None:
        self._base = f"http://127.0.0.1:{port}"
        self._headers = {"Cookie": f"session={session}; csrf={TOKEN}", "X-CSRFToken": TOKEN}
        self._open = urllib.request.build_opener(self._Stay).open

    def ask(self, path: str, **sent: str) -> tuple[int, str]:
        body = urllib.parse.urlencode(sent).encode() if sent else None
        request = urllib.request.Request(self._base + path, data=body, headers=self._headers)
        try:
            with self._open(request, timeout=30) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()


def fill(file: Path) -> None:
    """Write until nothing more goes in."""
    with file.open("wb", buffering=0) as filler:
        for size in (65536, 4096, 1):
            try:
                while True:
                    filler.write(b"x" * size)
            except OSError:
                continue


class TestAFullDisk:
    def test_is_said_in_a_sentence_and_once_there_is_room_all_goes_on(self, small_disk: Path) -> None:
        house, port = House(small_disk), free_port()
        house.surroundings.update({"MOOTHALL_SECOND_FACTOR": "off", "MOOTHALL_SECRET_KEY": "k" * 50})
        house.settle()
        with nest(house.environment, small_disk.parent / "errors") as inside:
            inside.ask("settle", until="settled")
            inside.ask("cases", 1, until="cases")
            _, session, reference = inside.ask("session", until="session")[-1]
            words = [sys.executable, "-m", "moothall", "serve", "--port", str(port), "--workers", "1"]
            server = subprocess.Popen(
                words, env=house.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            try:
                wait_for(lambda: answers(port), 60)
                kept = self.run_out_and_recover(
                    Browser(port, session), f"/work/case/{reference}/", small_disk
                )
            finally:
                server.send_signal(signal.SIGTERM)
                server.wait(45)
            assert look(house, {1: kept + 1}).sound
            assert select(house, "SELECT COUNT(*) FROM process_event WHERE kind = 'noted'") == [(kept,)]
            inside.ask("mend")
            assert inside.ask("verify")[-1] == ["ended", "0"]

    def run_out_and_recover(self, browser: Browser, case: str, disk: Path) -> int:
        """Write notes until there is no room, and again when there is; return how many were acknowledged."""
        note = "A long note about the state of the lamp. " * 200
        assert browser.ask(f"{case}note/", text=note)[0] == 302
        kept, filler = 1, disk / "filler"
        fill(filler)
        for _ in range(200):
            status, page = browser.ask(f"{case}note/", text=note)
            if status != 302:
                break
            kept += 1
        assert status == 503
        assert "There is no room left on our disk" in page
        assert "Nothing was half-saved" in page
        assert browser.ask(case)[0] == 200, "what is there can still be read"
        assert browser.ask(f"{case}note/", text=note)[0] == 503
        filler.unlink()
        assert browser.ask(f"{case}note/", text=note)[0] == 302
        return kept + 1
