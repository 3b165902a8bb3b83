"""Turns: few requests at once, none that waits for ever, and no turn that is lost."""

import os
import signal
import threading
import time
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from moothall.config.serving.semaphores import KernelSemaphore
from moothall.config.serving.turns import house_line, in_turns, own_line

LONG = 10.0
SHORT = 0.05


class Pages:
    """An application whose pages take as long as the test lets them; it notes how many were worked on at once."""

    def __init__(self) -> None:
        self.begun = threading.Semaphore(0)
        self.going_on = threading.Event()
        self.at_once = self.most = 0
        self._lock = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        with self._lock:
            self.at_once += 1
            self.most = max(self.most, self.at_once)
        self.begun.release()
        assert self.going_on.wait(LONG)
        with self._lock:
            self.at_once -= 1
        return [environ["word"]]


def ask(application: Any, number: int) -> list[threading.Thread]:
    crowd = [threading.Thread(target=application, args=({"word": b"said"}, None)) for _ in range(number)]
    for each in crowd:
        each.start()
    return crowd


class TestTurns:
    def test_no_more_are_worked_on_at_once(self) -> None:
        pages = Pages()
        crowd = ask(in_turns(pages, threading.Semaphore(2), patience=LONG), 6)
        assert pages.begun.acquire(timeout=LONG)
        assert pages.begun.acquire(timeout=LONG)
        assert not pages.begun.acquire(timeout=SHORT)
        pages.going_on.set()
        for each in crowd:
            each.join(LONG)
        assert (pages.most, pages.at_once) == (2, 0)

    def test_behind_a_long_page_nobody_waits_for_ever(self) -> None:
        pages = Pages()
        crowd = ask(in_turns(pages, own_line(), patience=SHORT), 3)
        for _ in crowd:
            assert pages.begun.acquire(timeout=LONG)
        assert pages.most == 3
        pages.going_on.set()
        for each in crowd:
            each.join(LONG)

    def test_a_page_that_fails_gives_its_turn_back(self) -> None:
        def fails(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            raise ValueError(environ["word"])

        application = in_turns(fails, own_line(), patience=LONG)
        for _ in range(3):
            with pytest.raises(ValueError, match="said"):
                application({"word": "said"}, None)

    def test_what_was_let_in_out_of_turn_gives_back_nothing(self) -> None:
        pages = Pages()
        application = in_turns(pages, own_line(), patience=10 * SHORT)
        for waits in (True, False):
            crowd = ask(application, 2)
            assert pages.begun.acquire(timeout=LONG)
            assert pages.begun.acquire(timeout=LONG if waits else SHORT) is waits
            pages.going_on.set()
            for each in crowd:
                each.join(LONG)
            pages.going_on.clear()


@pytest.fixture
def line() -> Iterator[KernelSemaphore]:
    found = house_line(1)
    if found is None:
        pytest.skip("This system lends no semaphores that wait for a time.")
    yield found
    found.remove()


class TestTheLineOfTheHouse:
    def test_another_process_waits_in_it_too(self, line: KernelSemaphore) -> None:
        assert line.acquire(timeout=LONG)
        child = os.fork()
        if not child:
            os._exit(int(line.acquire(timeout=SHORT)))
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        line.release()
        assert line.acquire(timeout=LONG)

    def test_a_process_that_is_killed_gives_its_turn_back(self, line: KernelSemaphore) -> None:
        told, tells = os.pipe()
        child = os.fork()
        if not child:
            os.write(tells, bytes([line.acquire(timeout=LONG)]))
            time.sleep(LONG)
            os._exit(0)
        assert os.read(told, 1) == b"\x01"
        assert not line.acquire(timeout=SHORT)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        assert line.acquire(timeout=LONG)

    def test_what_is_waited_for_when_the_house_closes_is_answered(self) -> None:
        closing = house_line(1)
        if closing is None:
            pytest.skip("This system lends no semaphores that wait for a time.")
        assert closing.acquire(timeout=LONG)
        pages = Pages()
        pages.going_on.set()
        crowd = ask(in_turns(pages, closing, patience=LONG), 1)
        assert not pages.begun.acquire(timeout=SHORT)
        closing.remove()
        assert pages.begun.acquire(timeout=LONG)
        crowd[0].join(LONG)

    def test_where_there_is_none_each_worker_has_its_own(self) -> None:
        pages = Pages()
        pages.going_on.set()
        assert in_turns(pages, None, own_line())({"word": b"said"}, None) == [b"said"]
