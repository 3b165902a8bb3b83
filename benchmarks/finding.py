"""Measure the search box for people and the person page in a register of a million people with five million contacts.

What is typed comes from people of the register: names, slips, beginnings, dates, numbers, addresses. For each kind the
CPU of this process is told, and how often the person meant was among the 25 that came.
"""

import argparse
import gc
import random
import time
from collections.abc import Callable, Sequence
from typing import Any

from benchmarks.means import houses, register
from benchmarks.means.measuring import Verdicts, heading

PEOPLE, CONTACTS, ASKED = 1_000_000, 5_000_000, 200
SEARCH_MS, PAGE_MS = 25.0, 20.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--on", choices=["sqlite", "postgresql", "both"], default="both")
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--contacts", type=int, default=CONTACTS)
    parser.add_argument("--asked", type=int, default=ASKED, help="how often each kind of question is asked")
    parser.add_argument("--keep", action="store_true", help="keep the PostgreSQL database for the next time")
    parser.add_argument("--profile", help="print where the time goes for the kind of question that begins so")
    given = parser.parse_args()
    if given.on != "both":
        one(given)
        return
    houses.each_by_itself(__file__)


def one(given: argparse.Namespace) -> None:
    name = register.key(given.people, given.contacts)
    heading(f"Looking up people among {given.people:,} with {given.contacts:,} contacts on {given.on}")
    verdicts = Verdicts()
    with houses.lived_in(
        given.on,
        f"register-{name}",
        name,
        lambda: register.build(given.people, given.contacts),
        keep=given.keep,
    ):
        searches(given, verdicts)
        if not given.profile:
            page(given, verdicts)
    verdicts.leave()


def kinds() -> dict[str, Callable[[Any, str, random.Random], str]]:
    """Return what is typed about a person (what the register holds, and their reference)."""
    from tests.persons.population_noise import mistyped

    def name(known: Any) -> str:
        return f"{known.names[0].given} {known.names[0].family}"

    def house(known: Any) -> str:
        return known.places[0].line if known.places and known.places[0].line[0].isdigit() else ""

    return {
        "forename and surname": lambda known, _r, _n: name(known),
        "surname, then a slip": lambda known, _r, n: f"{known.names[0].family} {mistyped(known.names[0].given, n)}",
        "slip in the surname": lambda known, _r, n: f"{known.names[0].given} {mistyped(known.names[0].family, n)}",
        "forename and a beginning": lambda known, _r, _n: name(known)[: len(known.names[0].given) + 4],
        "surname alone": lambda known, _r, _n: known.names[0].family,
        "beginning alone": lambda known, _r, _n: known.names[0].family[:4],
        "name and date of birth": lambda known, _r, _n: f"{name(known)} {known.born:%d/%m/%Y}" if known.born else "",
        "date of birth alone": lambda known, _r, _n: f"{known.born:%d %b %Y}" if known.born else "",
        "slip and date of birth": lambda known, _r, n: (
            f"{mistyped(known.names[0].family, n)} {known.born:%Y-%m-%d}" if known.born else ""
        ),
        "postcode and forename": lambda known, _r, _n: (
            f"{known.places[0].postcode} {known.names[0].given}" if known.places else ""
        ),
        "postcode alone": lambda known, _r, _n: known.places[0].postcode if known.places else "",
        "district and name": lambda known, _r, _n: (
            f"{name(known)} {known.places[0].postcode[:-3]}" if known.places else ""
        ),
        "house and street": lambda known, _r, _n: house(known),
        "phone": lambda known, _r, _n: f"0{known.phones[0][3:]}" if known.phones else "",
        "e-mail": lambda known, _r, _n: known.emails[0] if known.emails else "",
        "UPRN": lambda known, _r, _n: known.places[0].uprn if known.places else "",
        "NHS number": lambda known, _r, _n: next(iter(known.identifiers.get("nhs", ())), ""),
        "reference": lambda _k, reference, _n: reference,
        "name and a wrong postcode": lambda known, _r, _n: f"{name(known)} zx1 0aa",
        "nobody": lambda known, _r, n: f"qqq{mistyped(known.names[0].family, n)} {known.names[0].given}x zz9 9zz",
    }  # fmt: skip


def searches(given: argparse.Namespace, verdicts: Verdicts) -> None:
    """Ask each kind of question about people from everywhere in the register."""
    from django.db import connection

    from moothall.councils import scope
    from moothall.councils.queries import viewer_for
    from moothall.persons.models import Record
    from moothall.persons.queries.searching import search
    from moothall.persons.rules.known import Known

    viewer = viewer_for(register.adviser().user, today=register.NOW.date())
    rng = random.Random(7)
    every: list[float] = []
    print(f"  {'kind of question':<28} {'CPU p50':>8} {'p95':>7} {'most':>7}   {'time p95':>8}  among the 25")
    with scope.only(viewer.councils, whole=viewer.whole):
        search(viewer, "smith", register.NOW)
        gc.collect()
        gc.freeze()
        for kind, make in kinds().items():
            if given.profile and not kind.startswith(given.profile):
                continue
            ids = [rng.randrange(given.people) + 1 for _ in range(given.asked)]
            rows = Record.objects.filter(pk__in=ids).values_list("traits", "person__reference")
            typed = [(make(Known.of(traits), reference, rng), reference) for traits, reference in rows]
            typed = [(text, reference) for text, reference in typed if text]
            if given.profile:
                profile(lambda typed=typed: [search(viewer, text, register.NOW) for text, _ in typed])
                continue
            cpu, wall, found = [], [], 0
            for text, reference in typed:
                began, spent = time.perf_counter_ns(), time.process_time_ns()
                answer = search(viewer, text, register.NOW)
                cpu.append((time.process_time_ns() - spent) / 1e6)
                wall.append((time.perf_counter_ns() - began) / 1e6)
                found += reference in {each.reference for each in answer}
            every += cpu
            print(
                f"  {kind:<28} {share(cpu, 0.5):8.2f} {share(cpu, 0.95):7.2f} {max(cpu):7.2f}  "
                f" {share(wall, 0.95):8.2f}  {found / len(typed):6.1%}"
            )
    if every:
        verdicts.most(
            f"search for people, p95, {connection.vendor}", share(every, 0.95), SEARCH_MS, " ms CPU"
        )


def page(given: argparse.Namespace, verdicts: Verdicts) -> None:
    """Visit people's pages, and the results as a page."""
    from django.db import connection

    from benchmarks.means.visitors import Page, hush, measure, signed_in
    from moothall.persons.models import Person

    hush()
    client = signed_in(register.adviser().user)
    rng = random.Random(11)
    ids = [rng.randrange(given.people) + 1 for _ in range(200)]
    references = list(Person.objects.filter(pk__in=ids).values_list("reference", flat=True))
    if client.get(f"/work/person/{references[0]}/").status_code != 200:
        print("  (no person page yet)")
        return
    visited = Page(
        "person page", lambda n: client.get(f"/work/person/{references[n % len(references)]}/"), PAGE_MS
    )
    measure([visited], 9, 10)
    print(f"  {visited.name}: {visited.ms:.2f} ms, {visited.queries} queries, {visited.size:,} bytes")
    verdicts.most(f"person page, {connection.vendor}", visited.ms, PAGE_MS, " ms CPU")


def share(values: Sequence[float], part: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]


def profile(work: Callable[[], object]) -> None:
    import cProfile
    import pstats

    profiler = cProfile.Profile()
    with profiler:
        work()
    pstats.Stats(profiler).strip_dirs().sort_stats("cumulative").print_stats(45)


if __name__ == "__main__":
    main()
