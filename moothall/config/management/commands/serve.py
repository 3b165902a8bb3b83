"""`moothall serve`: open the house: web workers and a job worker, kept alive until it is told to stop."""

import gc
import socket
from argparse import ArgumentParser
from functools import partial
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from moothall.config.serving import opening, web
from moothall.config.serving.supervisor import Child, Supervisor


class Command(BaseCommand):
    help = "Open the house: web workers and one job worker, kept alive until told to stop."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="Address to listen on (127.0.0.1).")
        parser.add_argument("--port", type=int, default=8000, help="Port to listen on (8000).")
        parser.add_argument("--workers", type=int, default=2, help="Web worker processes (2).")
        parser.add_argument("--threads", type=int, default=16, help="Threads of each web worker (16).")
        parser.add_argument(
            "--no-worker", action="store_true", help="Leave jobs to `moothall worker` elsewhere."
        )

    def handle(self, **given: Any) -> None:
        host, port, workers = given["host"], given["port"], max(1, given["workers"])
        place = opening.hold_house(settings.HOME)
        check_free(host, port)
        opening.prepare(settings.HOME)
        web.load()
        opening.leave_database()
        gc.collect()
        gc.freeze()  # what is loaded stays shared between the processes
        serve = partial(web.serve, host=host, port=port, workers=workers, threads=given["threads"])
        children = [Child("web", serve)]
        if not given["no_worker"]:
            children.append(Child("jobs", work))
        self.stdout.write(f"Moothall is open at {address(host, port)}\nPress Ctrl+C to close it.")
        status = Supervisor(children, grace=web.STOP_WITHIN + 5).run()
        place.close()
        if status:
            raise SystemExit(status)


def work() -> None:
    """Be a job worker."""
    call_command("worker")


def address(host: str, port: int) -> str:
    """Return what to type into a browser on this machine."""
    shown = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104 - compared, not bound
    return f"http://[{shown}]:{port}/" if ":" in shown else f"http://{shown}:{port}/"


def check_free(host: str, port: int) -> None:
    """Say so at once when somebody else listens there, or nobody may."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((host, port))
        except OSError as error:
            raise CommandError(
                f"Moothall cannot listen at {host}:{port}: {error.strerror}. Choose another with --port."
            ) from error
