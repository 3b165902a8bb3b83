"""The web server: granian, speaking HTTP/1 to a proxy or to this machine, over the house already loaded."""

import importlib
import multiprocessing
from functools import partial

from django.template import engines
from django.urls import get_resolver
from granian import Granian
from granian.constants import HTTPModes, Interfaces

from moothall.config.serving.supervisor import die_with_parent
from moothall.config.serving.turns import Application, Line, cores, house_line, in_turns, own_line

STOP_WITHIN = 30  # seconds that a request may still take when the house closes


def serve(*, host: str, port: int, workers: int, threads: int) -> None:
    """Answer requests until told to stop."""
    multiprocessing.set_start_method("fork", force=True)  # workers share what the parent has loaded
    line = house_line(min(workers, cores() + 1))
    server = Granian(
        "moothall.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        http=HTTPModes.http1,
        websockets=False,
        respawn_failed_workers=True,
        respawn_interval=0.5,
        workers_kill_timeout=STOP_WITHIN,
        log_enabled=False,
    )
    try:
        server.serve(target_loader=partial(_loaded, line), wrap_loader=False)
    finally:
        if line is not None:
            line.remove()


def _loaded(line: Line | None) -> Application:
    """Return the application, which the parent has loaded already, as one web worker answers by it."""
    die_with_parent()
    return in_turns(importlib.import_module("moothall.config.wsgi").application, line, own_line())


def load() -> None:
    """Load all that answering a page needs, once, before the processes part."""
    importlib.import_module("moothall.config.wsgi")
    get_resolver().url_patterns  # noqa: B018 - importing every view is its effect
    for name in engines:
        engines[name]
