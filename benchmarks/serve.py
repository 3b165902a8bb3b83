"""Measure `moothall serve`: CPU from the command to the first page, and memory when idle with two web workers.

Memory is PSS (each page shared by n processes counts as 1/n in each), summed over the whole tree of processes.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from benchmarks.means.measuring import Verdicts, heading

PORT, WARM_REQUESTS = 8977, 40
MOST_CPU_SECONDS, MOST_PSS_MIB = 3.0, 300.0


def tree(pid: int) -> list[int]:
    """Return a process and all its descendants."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(found for child in children for found in tree(int(child)))]


def pss_mib(pid: int) -> float:
    rows = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(row.split()[1]) for row in rows if row.startswith("Pss:")) / 1024


def cpu_seconds(pid: int) -> float:
    """Return user and system time of a process and of its children that have ended."""
    numbers = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, numbers[11:15])) / os.sysconf("SC_CLK_TCK")


def ask(path: str) -> int:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{PORT}{path}", timeout=5) as answer:
            answer.read()
            return int(answer.status)
    except urllib.error.HTTPError as error:
        error.read()
        return error.code


def first_page(started: float) -> float:
    """Return the seconds until a page of the house answers."""
    while time.monotonic() - started < 60:
        try:
            ask("/")
        except OSError:
            time.sleep(0.02)
        else:
            return time.monotonic() - started
    sys.exit("No page within a minute.")


def main() -> None:
    heading("moothall serve, two web workers and one job worker")
    verdicts = Verdicts()
    home = tempfile.mkdtemp(prefix="moothall-bench-")
    surroundings = {**os.environ, "MOOTHALL_HOME": home, "MOOTHALL_DEMO": "false"}
    moothall = [sys.executable, "-m", "moothall"]
    subprocess.run([*moothall, "migrate", "--verbosity", "0"], env=surroundings, check=True)
    started = time.monotonic()
    server = subprocess.Popen(
        [*moothall, "serve", "--port", str(PORT), "--workers", "2"],
        env=surroundings,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wall = first_page(started)
        cpu = sum(map(cpu_seconds, tree(server.pid)))
        time.sleep(3)
        fresh = sum(map(pss_mib, tree(server.pid)))
        for _ in range(WARM_REQUESTS):
            ask("/account/login/")
        time.sleep(2)
        idle = sum(map(pss_mib, tree(server.pid)))
        before = sum(map(cpu_seconds, tree(server.pid)))
        time.sleep(10)
        resting = (sum(map(cpu_seconds, tree(server.pid))) - before) / 10
        shares = {pid: round(pss_mib(pid), 1) for pid in tree(server.pid)}
    finally:
        server.send_signal(signal.SIGTERM)
        status = server.wait(40)
    print(
        f"first page after {wall:.1f} s on the wall; PSS when fresh {fresh:.0f} MiB; by process when idle {shares}"
    )
    print(f"CPU when idle {resting * 100:.2f} % of one core")
    verdicts.most("CPU from the command to the first page, all processes", cpu, MOST_CPU_SECONDS, " s")
    verdicts.most(f"PSS when idle after {WARM_REQUESTS} requests, all processes", idle, MOST_PSS_MIB, " MiB")
    verdicts.exactly("exit status after SIGTERM", status, 0)
    verdicts.leave()


if __name__ == "__main__":
    main()
