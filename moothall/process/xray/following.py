"""Which way cases went: what was done after what (the directly-follows graph), and whole ways from first to last."""

from collections.abc import Sequence
from dataclasses import dataclass

from moothall.process.xray.asking import Spread, ask, spreads
from moothall.process.xray.cohort import Cohort
from moothall.process.xray.facts import FACTS

TOP = 15


@dataclass(frozen=True, slots=True)
class Follows:
    """How often one step was done right after another, and how long after."""

    step: str
    following: str
    title: str
    following_title: str
    time: Spread


@dataclass(frozen=True, slots=True)
class Route:
    """One way through the process: the steps that were done, in order, and how many closed cases went it.

    `like` is the number of the first case that did, by which the others are found again.
    """

    steps: Sequence[str]
    titles: Sequence[str]
    cases: int
    share: float
    time: Spread
    like: int


@dataclass(frozen=True, slots=True)
class Routes:
    """The most frequent ways, of how many different ones, of how many closed cases."""

    top: Sequence[Route]
    different: int
    cases: int


def follows(cohort: Cohort) -> list[Follows]:
    """Return the directly-follows graph of the steps that were done, most frequent first."""
    found = spreads(*FACTS["follows"].statement(cohort), ("step", "following"), ("whole",))
    return [
        Follows(step, following, cohort.words.step(step), cohort.words.step(following), spread["whole"])
        for (step, following), spread in sorted(
            found.items(), key=lambda each: (-each[1]["whole"].times, each[0])
        )
    ]


def routes(cohort: Cohort, top: int = TOP) -> Routes:
    """Return the ways that most closed cases went, with how long these cases were open."""
    statement, values = FACTS["routes"].statement(cohort)
    rows = ask(
        f"WITH facts AS MATERIALIZED ({statement}),"  # noqa: S608
        " ways AS MATERIALIZED (SELECT route, COUNT(*) AS n, MIN(id) AS first, AVG(whole) AS mean FROM facts"
        " GROUP BY route),"
        " sums AS (SELECT COUNT(*) AS different, SUM(n) AS cases FROM ways),"
        " best AS MATERIALIZED (SELECT * FROM ways ORDER BY n DESC, route LIMIT %s),"
        " ranked AS (SELECT f.route, f.whole, b.n, ROW_NUMBER() OVER (PARTITION BY f.route ORDER BY f.whole) AS i"
        " FROM best b JOIN facts f ON f.route = b.route)"
        " SELECT b.route, b.n, b.first, b.mean, s.different, s.cases,"
        " MIN(CASE WHEN r.i = (b.n + 1) / 2 THEN r.whole END), MIN(CASE WHEN r.i = (b.n * 9 + 9) / 10 THEN r.whole END)"
        " FROM best b CROSS JOIN sums s JOIN ranked r ON r.route = b.route"
        " GROUP BY b.route, b.n, b.first, b.mean, s.different, s.cases ORDER BY b.n DESC, b.route",
        [*values, top],
    )
    if not rows:
        return Routes((), 0, 0)
    different, cases = rows[0][4], int(rows[0][5])
    return Routes([_route(cohort, row, cases) for row in rows], different, cases)


def _route(cohort: Cohort, row: Sequence[object], cases: int) -> Route:
    route, n, first, mean, _, _, half, nine = row
    assert isinstance(route, str)
    assert isinstance(n, int)
    assert isinstance(first, int)
    assert isinstance(half, int)
    assert isinstance(nine, int)
    steps = tuple(route.split(" "))
    spread = Spread(n, float(str(mean)), half // 60 * 60, nine // 60 * 60)
    return Route(steps, [cohort.words.step(key) for key in steps], n, n / cases, spread, first)
