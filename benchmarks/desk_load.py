"""Put the desk under load: `moothall serve` with 4 web workers, 8 analysts at once, on a desk of 500,000 calls.

Each analyst is a thread of this process with a session of its own who opens the queue, a call, a search and the form
for a new call, one after the other, without a pause. Printed are the time each page took (median and 95th percentile),
pages a second, and the memory of the whole tree of processes under load (PSS).
"""

import argparse
import http.client
import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from benchmarks.means import desk_town, houses
from benchmarks.means.measuring import Verdicts, heading, median
from benchmarks.serve import pss_mib, tree

PORT, WORKERS, USERS, SECONDS = 8979, 4, 8, 40
MOST_P95_MS, MOST_PSS_MIB = 150.0, 400.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--on", choices=["sqlite", "postgresql", "both"], default="both")
    parser.add_argument("--calls", type=int, default=500_000)
    parser.add_argument("--seconds", type=int, default=SECONDS)
    parser.add_argument("--keep", action="store_true", help="keep the PostgreSQL database for the next time")
    given = parser.parse_args()
    if given.on != "both":
        one(given)
        return
    houses.each_by_itself(__file__)


def one(given: argparse.Namespace) -> None:
    """Load one database."""
    name = desk_town.key(given.calls)
    heading(
        f"The desk under load with {given.calls:,} calls on {given.on}: {WORKERS} web workers, {USERS} analysts"
    )
    verdicts = Verdicts()
    with houses.lived_in(
        given.on, f"desk-{name}", f"desk_{name}", lambda: desk_town.build(given.calls), keep=given.keep
    ) as (home, database):
        sessions, references = visitors()
        taken, memory = under_load(home, database, sessions, references, given.seconds)
        for page, times in taken.items():
            times.sort()
            p95 = times[int(len(times) * 0.95)]
            print(f"  {page:<26} {len(times):5} times, median {median(times):6.1f} ms, p95 {p95:6.1f} ms")
        whole = sum(len(times) for times in taken.values())
        print(f"{whole / given.seconds:.1f} pages a second; load of the machine {os.getloadavg()[0]:.1f}")
        for page, times in taken.items():
            verdicts.most(f"{page}, p95, {given.on}", times[int(len(times) * 0.95)], MOST_P95_MS, " ms")
        verdicts.most(f"PSS under load, all processes, {given.on}", memory, MOST_PSS_MIB, " MiB")
    verdicts.leave()


def visitors() -> tuple[list[str], list[str]]:
    """Return the session cookies of analysts, and calls to open."""
    from django.conf import settings
    from django.db import connections

    from benchmarks.means.visitors import signed_in
    from moothall.councils.models import Membership
    from moothall.servicedesk.models import Call

    members = Membership.objects.filter(team__code="service-desk").select_related("staff__user")
    users = [each.staff.user for each in members]
    sessions = [
        signed_in(users[number % len(users)]).cookies[settings.SESSION_COOKIE_NAME].value
        for number in range(USERS)
    ]
    reason = "a benchmark looks for what to open"
    references = list(
        Call.unscoped(reason).filter(open=True).order_by("?").values_list("reference", flat=True)[:400]
    )
    connections.close_all()
    return sessions, references


def under_load(
    home: Path, database: str, sessions: list[str], references: list[str], seconds: int
) -> tuple[dict[str, list[float]], float]:
    """Serve the house, let everybody work, and return what each page took and the most memory there was."""
    from django.conf import settings

    server = subprocess.Popen(
        [sys.executable, "-m", "moothall", "serve", "--port", str(PORT), "--workers", str(WORKERS)],
        env={**houses.environment(home, database)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    taken: dict[str, list[float]] = {"queue": [], "one call": [], "search": [], "form of a new call": []}
    lock, most = threading.Lock(), 0.0
    try:
        wait_until_open()
        until = time.monotonic() + seconds
        crowd = [
            threading.Thread(
                target=work,
                args=(settings.SESSION_COOKIE_NAME, session, references, until, taken, lock, number),
            )
            for number, session in enumerate(sessions)
        ]
        for each in crowd:
            each.start()
        while time.monotonic() < until:
            time.sleep(2)
            most = max(most, sum(map(pss_mib, tree(server.pid))))
        for each in crowd:
            each.join()
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(60)
    return taken, most


def wait_until_open() -> None:
    began = time.monotonic()
    while time.monotonic() - began < 60:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=5)
            connection.request("GET", "/livez")
            connection.getresponse().read()
        except OSError:
            time.sleep(0.1)
        else:
            return
    sys.exit("No page within a minute.")


def work(  # noqa: PLR0913, PLR0917
    cookie: str,
    session: str,
    references: list[str],
    until: float,
    taken: dict[str, list[float]],
    lock: Any,
    number: int,
) -> None:
    """Open one page after another as an analyst; a page that does not answer 200 ends the run."""
    chance = random.Random(number)
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
    pages = {
        "queue": lambda: "/work/desk/?tab=all",
        "one call": lambda: f"/work/desk/call/{chance.choice(references)}/",
        "search": lambda: f"/work/desk/?tab=all&words={desk_town.asset(chance.randrange(65536))}",
        "form of a new call": lambda: "/work/desk/new/",
    }
    while time.monotonic() < until:
        for name, address in pages.items():
            began = time.perf_counter()
            connection.request("GET", address(), headers={"Cookie": f"{cookie}={session}"})
            answer = connection.getresponse()
            answer.read()
            if answer.status != 200:
                sys.exit(f"{address()} answered {answer.status}")
            with lock:
                taken[name].append((time.perf_counter() - began) * 1000)


if __name__ == "__main__":
    main()
