"""Measure one person at the desk against a register of a million: who they may be, how fast, and how often wrongly.

Newcomers (`tests/persons/population.py`) are people of the register as an adviser types them, with slips and parts
missing, and people who are really new, most of them relatives of registered ones at the same address. The weights were
learned on people of the same making (another seed), so real people will be harder. Splink's `predict_between` is asked
some of the same questions in the same run, for its time alone: its model is not trained. By group
of names too: a matcher that misses or mixes up some people more often than others is not good enough for a council.
"""

import argparse
import os
import time
from collections import Counter
from collections.abc import Sequence
from typing import Any

from benchmarks.means import houses, register
from benchmarks.means.measuring import Verdicts, heading

PEOPLE, CONTACTS, CAME = 1_000_000, 5_000_000, 20_000
MOST_MS, LEAST_FOUND, MOST_WRONG = 5.0, 0.99, 0.005


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--on", choices=["sqlite", "postgresql", "both"], default="both")
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--contacts", type=int, default=CONTACTS)
    parser.add_argument("--came", type=int, default=CAME)
    parser.add_argument(
        "--splink", type=int, default=60, help="how many of them Splink is asked about; 0 for none"
    )
    parser.add_argument("--keep", action="store_true", help="keep the PostgreSQL database for the next time")
    parser.add_argument(
        "--missed", type=int, default=0, help="show so many of those who were missed or mixed up"
    )
    given = parser.parse_args()
    if given.on != "both":
        one(given)
        return
    houses.each_by_itself(__file__)


def one(given: argparse.Namespace) -> None:
    name = register.key(given.people, given.contacts)
    heading(f"One person at the desk against {given.people:,} on {given.on}")
    verdicts = Verdicts()
    with houses.lived_in(
        given.on,
        f"register-{name}",
        name,
        lambda: register.build(given.people, given.contacts),
        keep=given.keep,
    ):
        measure(given, verdicts)
        if given.splink and given.on == "sqlite":
            beside(given)
    verdicts.leave()


def measure(given: argparse.Namespace, verdicts: Verdicts) -> None:
    """Ask about everybody twice. The first time counts, as nobody at a desk is asked about twice."""
    from django.db import connection

    from moothall.councils import scope
    from moothall.councils.queries import viewer_for
    from moothall.persons.queries.candidates import candidates
    from moothall.persons.queries.weights import in_force
    from tests.persons.population import newcomers

    staff = register.adviser()
    viewer = viewer_for(staff.user, today=register.NOW.date())
    came = list(newcomers(given.people, given.came))
    in_force()
    print(f"  the machine's load before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    with scope.only(viewer.councils):
        candidates(viewer, staff.council_id, came[0].known, register.NOW)
        first: list[float] = []
        for name in ("first time", "second"):
            wall, cpu, answers = [], [], []
            for each in came:
                began, spent = time.perf_counter_ns(), time.process_time_ns()
                answers.append(candidates(viewer, staff.council_id, each.known, register.NOW))
                cpu.append((time.process_time_ns() - spent) / 1e6)
                wall.append((time.perf_counter_ns() - began) / 1e6)
            first = first or wall
            print(f"  {name:<10}: {told(wall)} of time; {told(cpu)} of CPU in this process")
    verdicts.most(
        f"one person, p95 of the first time, {connection.vendor}", share(first, 0.95), MOST_MS, " ms"
    )
    judge(came, answers, verdicts, given.missed)


def judge(came: Sequence[Any], answers: Sequence[Any], verdicts: Verdicts, show: int) -> None:
    """Say how many were found and how many were taken for somebody else; a record is numbered one above its truth."""
    tally: Counter[tuple[str, str]] = Counter()
    for each, answer in zip(came, answers, strict=True):
        groups = ("everybody", each.group, "women" if each.woman else "men", f"({each.how})")
        tally.update((group, event) for group in groups for event in events(each, answer))
        if (show and "missed" in events(each, answer)) or (show and "wrong" in events(each, answer)):
            show -= 1
            print(each, *answer.found[:2], sep="\n    ")
    print("  group                 known  among  linked  asked  other   new  wrongly linked  asked")
    for group in sorted({group for group, _ in tally}, key=lambda name: (name != "everybody", name)):
        known, new = tally[group, "known"] or 1, tally[group, "new"]
        parts = [tally[group, event] / known for event in ("among", "linked", "asked", "other")]
        wrong = (tally[group, "wrong"] / (new or 1), tally[group, "in doubt"] / (new or 1))
        print(
            f"  {group:<20} {tally[group, 'known']:6} {' '.join(f'{part:6.1%}' for part in parts)} {new:5}"
            f"          {wrong[0]:6.2%} {wrong[1]:6.1%}"
        )
    known, new = tally["everybody", "known"], tally["everybody", "new"]
    likely = (tally["everybody", "linked"] + tally["everybody", "asked"]) / known
    among = tally["everybody", "among"] / known
    stopped = tally["everybody", "less likely alone"] / new
    print(f"  without the few who are shown as less likely: {likely:.2%} of the known")
    print(f"  really new people before whom nobody but these is shown: {stopped:.1%}")
    verdicts.least("known people among the candidates that are shown", among, LEAST_FOUND)
    verdicts.most("really new people who are linked", tally["everybody", "wrong"] / new, MOST_WRONG)


def events(each: Any, answer: Any) -> list[str]:
    """Say what came of one question; shown are those who fit, and a few who are less likely."""
    from moothall.workplace.queries.people.likely import MOST_UNLIKELY

    linked = [found.record_id for found in answer.found if found.verdict == "link"]
    likely = [found.record_id for found in answer.found]
    less = [found.record_id for found in answer.unlikely[:MOST_UNLIKELY]]
    if each.truth is None:
        how = "wrong" if linked else "in doubt" if likely else "less likely alone" if less else "clear"
        return ["new", how]
    record = each.truth + 1
    among = record in (*likely, *less)
    happened = ["known", "among" if among else "missed"]
    if linked:
        return [*happened, "linked" if record in linked else "other"]
    return [*happened, *(["asked"] if record in likely else [])]


def told(values: Sequence[float]) -> str:
    return (
        " ".join(
            f"{name} {share(values, part):.2f}" for name, part in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99))
        )
        + " ms"
    )


def share(values: Sequence[float], part: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]


def beside(given: argparse.Namespace) -> None:
    """Ask Splink about some of them."""
    from benchmarks.means import splinking
    from tests.persons.population import newcomers

    came = list(newcomers(given.people, given.splink))
    wall = splinking.ask(given.people, [each.known for each in came])
    print(
        f"  Splink's predict_between, untrained, register in memory, {len(wall)} asked once: {told(wall)} of time"
    )


if __name__ == "__main__":
    main()
