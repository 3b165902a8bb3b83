"""Measure the pages in a house with 100,000 cases, half of them open: CPU in the application, on both databases.

The town (see `means/town.py`) is built once and kept under the system's temporary folder, and on PostgreSQL in a
database of its own, which is dropped afterwards unless `--keep`. Each database has a process of its own. The resident's
form page is put beside a bare Django view with a Django template of the same size, in the same process.
"""

import argparse
from typing import Any

from benchmarks.means import houses, town
from benchmarks.means.measuring import Verdicts, heading, median

CASES, STAFF_MS, FORM_MS = 100_000, 15.0, 6.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--on", choices=["sqlite", "postgresql", "both"], default="both")
    parser.add_argument("--cases", type=int, default=CASES)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--keep", action="store_true", help="keep the PostgreSQL database for the next time")
    parser.add_argument("--profile", help="print where the time goes on the page whose name begins so")
    given = parser.parse_args()
    if given.on != "both":
        one(given)
        return
    houses.each_by_itself(__file__)


def one(given: argparse.Namespace) -> None:
    """Measure on one database."""
    name = town.key(given.cases)
    heading(f"Pages with {given.cases:,} cases on {given.on}")
    verdicts = Verdicts()
    with houses.lived_in(given.on, f"town-{name}", name, lambda: town.build(given.cases), keep=given.keep):
        from benchmarks.means import bare
        from benchmarks.means.visitors import hush, measure

        print(f"{given.rounds} rounds of {given.times} visits, CPU of this process per page, median:")
        hush()
        form = form_page()
        pages = [*staff_pages(), form, bare.page(len(form.visit(0).content))]
        if given.profile:
            profile(next(page for page in pages if page.name.startswith(given.profile)))
            return
        measure(pages, given.rounds, given.times)
        for page in pages:
            span = f"{min(page.rounds):.1f} to {max(page.rounds):.1f}"
            print(
                f"  {page.name:<46} {page.ms:6.2f} ms ({span}) {page.queries:3} queries {page.size:7,} bytes"
            )
        for page in pages:
            if page.target:
                verdicts.most(f"{page.name}, {given.on}", page.ms, page.target, " ms")
        ratio = median([theirs / ours for ours, theirs in zip(form.rounds, pages[-1].rounds, strict=True)])
        print(
            f"Form pages per second of CPU: {1000 / form.ms:.0f}; of a bare Django view with a Django template of the"
            f" same size: {1000 / pages[-1].ms:.0f}; ratio {ratio:.2f} (ours / bare)"
        )
    verdicts.leave()


def staff_pages() -> list[Any]:
    """Return what an officer of the busiest team and a supervisor look at all day."""
    from django.utils import timezone

    from benchmarks.means.visitors import Page, postcodes, rare_words, signed_in, staff_at_work
    from moothall.councils.queries import viewer_for
    from moothall.process.models import Case

    officer, supervisor = staff_at_work("officer"), staff_at_work("supervisor")
    ours = sorted(viewer_for(officer, today=timezone.localdate()).councils)
    client, boss = signed_in(officer), signed_in(supervisor)
    rows = Case.unscoped("a benchmark chooses cases").filter(council_id__in=ours, status="open", seq__gte=6)
    cases = list(rows.order_by("-opened_at").values_list("reference", flat=True)[:500:5])
    longest = list(
        Case.unscoped("a benchmark chooses cases")
        .filter(council_id__in=ours)
        .order_by("-seq")
        .values_list("reference", flat=True)[:20]
    )
    words, codes = rare_words(ours, 40), postcodes(ours, 40)

    def get(path: str, who: Any = client, **query: str) -> Any:
        return who.get(path, query)

    return [
        Page("worklist, own team", lambda _n: get("/work/", tab="team"), STAFF_MS),
        Page("worklist, what is free", lambda _n: get("/work/", tab="free"), STAFF_MS),
        Page("worklist, all (supervisor)", lambda _n: get("/work/", boss, tab="all"), STAFF_MS),
        Page(
            "worklist, all that is late (supervisor)",
            lambda _n: get("/work/", boss, tab="all", late="on"),
            STAFF_MS,
        ),
        Page("case", lambda n: get(f"/work/case/{cases[n % len(cases)]}/"), STAFF_MS),
        Page(
            "case with the longest history",
            lambda n: get(f"/work/case/{longest[n % len(longest)]}/"),
            STAFF_MS,
        ),
        Page("search: one word that most cases have", lambda _n: get("/work/search/", q="road"), STAFF_MS),
        Page("search: two common words", lambda _n: get("/work/search/", q="rubbish road"), STAFF_MS),
        Page(
            "search: two rare words",
            lambda n: get("/work/search/", q=" ".join(words[n % len(words)])),
            STAFF_MS,
        ),
        Page("search: postcode", lambda n: get("/work/search/", q=codes[n % len(codes)]), STAFF_MS),
        Page(
            "search: reference (to its case)",
            lambda n: client.get("/work/search/", {"q": cases[n % len(cases)].lower()}, follow=True),
            2 * STAFF_MS,
        ),
        Page("queues (supervisor; no target)", lambda _n: get("/work/queues/", boss), 0),
    ]


def form_page() -> Any:
    """Return a question of the missed bin, as a resident has it on the third page of a form."""
    from benchmarks.means.visitors import Page, browser
    from moothall.councils.models import Council

    council = (
        Council.objects.filter(kind__in=["city", "district"]).order_by("id").values_list("code", flat=True)[0]
    )
    resident, base = browser(), f"/{council}/services/missed-bin"
    address = {"address_line1": "1 Ash Grove", "address_town": "Ashby", "address_postcode": "ZX1 2AB"}
    sent = resident.post(f"{base}/questions/address/", address)
    assert sent.status_code == 302, sent.content
    return Page("resident's form page", lambda _n: resident.get(f"{base}/questions/bin/"), FORM_MS)


def profile(page: Any) -> None:
    import cProfile
    import pstats

    for number in range(5):
        page.visit(number)
    profiler = cProfile.Profile()
    with profiler:
        for number in range(30):
            page.visit(number)
    pstats.Stats(profiler).strip_dirs().sort_stats("cumulative").print_stats(60)


if __name__ == "__main__":
    main()
