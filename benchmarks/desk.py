"""Measure the service desk with 500,000 calls: queue, one call, logging a call, search, on both databases.

The town (see `means/desk_town.py`) is built once for each database and kept under the system's temporary folder. Then,
on SQLite, the desk and django-helpdesk (in an environment of its own: `python tools/setup.py peer`) are loaded with the
same 20,000 calls and visited in turns in one run. CPU of the process that answers, user and system; on SQLite that has
the database in it.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.means import desk_town, houses
from benchmarks.means.measuring import ROOT, Verdicts, heading, median

CALLS, PEERS, LIMIT_MS, LEAST_RATIO = 500_000, 20_000, 25.0, 2.0
PEER = ROOT / ".venv-peer" / "bin" / "python"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--on", choices=["sqlite", "postgresql", "peer", "all"], default="all")
    parser.add_argument("--calls", type=int, default=CALLS)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--keep", action="store_true", help="keep the PostgreSQL database for the next time")
    parser.add_argument("--profile", help="print where the time goes on the page whose name begins so")
    given = parser.parse_args()
    if given.on != "all":
        (beside if given.on == "peer" else one)(given)
        return
    houses.each_by_itself(__file__, ("sqlite", "postgresql", "peer"))


def one(given: argparse.Namespace) -> None:
    """Measure on one database against the targets."""
    name = desk_town.key(given.calls)
    heading(f"The desk with {given.calls:,} calls on {given.on}")
    verdicts = Verdicts()
    with houses.lived_in(
        given.on, f"desk-{name}", f"desk_{name}", lambda: desk_town.build(given.calls), keep=given.keep
    ):
        from benchmarks.means.visitors import hush, measure

        hush()
        pages = pages_of()
        if given.profile:
            profile(next(page for page in pages if page.name.startswith(given.profile)))
            return
        print(f"{given.rounds} rounds of {given.times} visits, CPU of this process per page, median:")
        measure(pages, given.rounds, given.times)
        say(pages)
        for page in pages:
            verdicts.most(f"{page.name}, {given.on}", page.ms, LIMIT_MS, " ms")
    verdicts.leave()


def say(pages: list[Any]) -> None:
    for page in pages:
        span = f"{min(page.rounds):.1f} to {max(page.rounds):.1f}"
        print(f"  {page.name:<40} {page.ms:6.2f} ms ({span}) {page.queries:3} queries {page.size:8,} bytes")


def pages_of() -> list[Any]:
    """Return the pages of an analyst, and what logs a call as they would on the phone."""
    from itertools import count

    from benchmarks.means.visitors import Page, signed_in
    from moothall.councils.models import Staff
    from moothall.servicedesk.models import Call

    reason = "a benchmark looks for what to open"
    analyst = Staff.objects.select_related("user", "council").get(user__name="Paul Everett")
    client = signed_in(analyst.user)
    open_ones = list(
        Call.unscoped(reason).filter(open=True).order_by("?").values_list("reference", flat=True)[:200]
    )
    words = [desk_town.asset(number * 257 % 65536) for number in range(200)]
    numbers = count()

    def logged(_number: int) -> Any:
        return client.post("/work/desk/new/", new_call(analyst, next(numbers)), follow=False)

    def created(number: int) -> Any:
        answer = logged(number)
        assert answer.status_code == 302, answer.content.decode()[:3000]
        # What follows is the page of the call, which is measured by itself, and takes what was said out of the cookie.
        answer.status_code = 200
        client.cookies.pop("messages", None)
        return answer

    return [
        Page("the queue of all, open", lambda _n: client.get("/work/desk/?tab=all"), LIMIT_MS),
        Page("the queue of one's teams", lambda _n: client.get("/work/desk/?tab=team"), LIMIT_MS),
        Page("one call", lambda n: client.get(f"/work/desk/call/{open_ones[n % 200]}/"), LIMIT_MS),
        Page(
            "a search in the queue",
            lambda n: client.get(f"/work/desk/?tab=all&words={words[n % 200]}"),
            LIMIT_MS,
        ),
        Page("a new call", created, LIMIT_MS),
    ]


def new_call(analyst: Any, number: int) -> dict[str, str]:
    """Return the form for a call on the phone, as the page sends it."""
    from uuid import uuid4

    return {
        "kind": "incident",
        "caller": str(analyst.pk),
        "channel": "phone",
        "summary": f"Printer on floor {number} is out",
        "detail": "It blinks and prints nothing since this morning. " * 10,
        "category": "printing",
        "impact": "one-person",
        "urgency": "partly",
        "submission": uuid4().hex,
    }


def profile(page: Any) -> None:
    import cProfile
    import pstats

    for number in range(5):
        page.visit(number)
    watch = cProfile.Profile()
    watch.enable()
    for number in range(30):
        page.visit(number)
    watch.disable()
    pstats.Stats(watch).sort_stats("cumulative").print_stats(45)


def beside(given: argparse.Namespace) -> None:
    """Measure beside django-helpdesk, both with the same calls, in turns."""
    if not PEER.exists():
        sys.exit("First: python tools/setup.py peer")
    home = Path(tempfile.mkdtemp(prefix="moothall-bench-peer-"))
    heading(f"The desk and django-helpdesk with the same {PEERS:,} calls on SQLite")
    verdicts = Verdicts()
    try:
        houses.prepare(home / "ours", "", lambda: desk_town.build(PEERS))
        hushed_measure(home, given, verdicts)
    finally:
        shutil.rmtree(home, ignore_errors=True)
    verdicts.leave()


def hushed_measure(home: Path, given: argparse.Namespace, verdicts: Verdicts) -> None:
    from benchmarks.means.visitors import hush, measure

    hush()
    written, numbers = home / "calls.jsonl", write_calls(home / "calls.jsonl")
    words = [desk_town.asset(number * 257 % 65536) for number in range(200)]
    pages = {page.name: page for page in pages_of()}
    pairs = {
        "the queue of all, open": {"do": "list"},
        "one call": {"do": "open", "numbers": list(range(1, min(numbers, 5000), 7))},
        "a search in the queue": {"do": "search", "words": words},
        "a new call": {"do": "create"},
    }
    with subprocess.Popen(
        [PEER, ROOT / "benchmarks" / "means" / "helpdesk_peer.py", home],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as peer:

        def ask(**told: Any) -> dict[str, Any]:
            assert peer.stdin is not None
            assert peer.stdout is not None
            peer.stdin.write(json.dumps(told) + "\n")
            peer.stdin.flush()
            answer: dict[str, Any] = json.loads(peer.stdout.readline())
            return answer

        print(f"django-helpdesk holds {ask(do='load', file=str(written))['tickets']:,} tickets")
        theirs: dict[str, list[float]] = {name: [] for name in pairs}
        for _ in range(given.rounds):
            measure(list(pages.values()), 1, given.times)
            for name, told in pairs.items():
                theirs[name].append(ask(**told, times=given.times)["ms"])
        assert peer.stdin is not None
        peer.stdin.close()
    say(list(pages.values()))
    for name, rounds in theirs.items():
        ours = pages[name].rounds
        ratio = median([their / our for their, our in zip(rounds, ours, strict=True)])
        print(
            f"  django-helpdesk: {name:<30} {median(rounds):7.2f} ms ({min(rounds):.1f} to {max(rounds):.1f})"
        )
        verdicts.least(f"{name}: django-helpdesk / ours", ratio, LEAST_RATIO)


def write_calls(file: Path) -> int:
    """Write down our calls for the other side: the same words, the same share of open ones; return how many."""
    from moothall.process.models import Case
    from moothall.servicedesk.models import Call

    reason = "a benchmark tells its calls to the other side"
    data = dict(Case.unscoped(reason).values_list("id", "data"))
    count = 0
    with file.open("w", encoding="utf-8") as lines:
        for call in Call.unscoped(reason).order_by("id").iterator():
            told = data[call.case_id]
            row = {
                "summary": told.get("summary", ""),
                "detail": told.get("detail", ""),
                "reply": told.get("fix") or "Thank you, we have it and are looking into it.",
                "email": call.caller_email or "user@example.org",
                "open": call.open,
                "priority": call.priority or 3,
                "at": call.logged_at.isoformat(),
                "taken": call.person_id is not None,
            }
            lines.write(json.dumps(row) + "\n")
            count += 1
    return count


if __name__ == "__main__":
    main()
