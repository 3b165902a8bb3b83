"""From whom to whom work goes: between teams, between the councils that employ them, and what is passed on by hand."""

from collections.abc import Sequence
from dataclasses import dataclass

from moothall.councils.models import Team
from moothall.process.xray.asking import Spread, ask, spreads
from moothall.process.xray.cohort import Cohort
from moothall.process.xray.facts import FACTS

OTHER_TEAM = "Another team"


@dataclass(frozen=True, slots=True)
class HandOver:
    """How often a step of one team was followed by one of another, and how long until that one was done.

    `across` says whether the two teams belong to different councils. The number 0 stands for teams whose steps are
    private to others.
    """

    giver: int
    taker: int
    from_team: str
    to_team: str
    from_council: str
    to_council: str
    across: bool
    time: Spread


@dataclass(frozen=True, slots=True)
class PassedOn:
    """How often a step was passed on by hand, and how often it was put back for its team."""

    step: str
    title: str
    passed_on: int
    put_back: int


@dataclass(frozen=True, slots=True)
class HandOvers:
    """Most frequent first. `times` counts all hand-overs, `across` those between councils."""

    pairs: Sequence[HandOver]
    passed: Sequence[PassedOn]
    times: int
    across: int
    cases: int


def hand_overs(cohort: Cohort) -> HandOvers:
    """Return who handed to whom."""
    found = spreads(*FACTS["handed"].statement(cohort), ("giver", "taker"), ("whole",))
    numbers = {number for pair in found for number in pair}
    teams = {
        number: (name, council, council_id)
        for number, name, council, council_id in Team.objects.filter(id__in=numbers).values_list(
            "id", "name", "council__name", "council_id"
        )
    }
    pairs = []
    for (giver, taker), spread in sorted(found.items(), key=lambda each: (-each[1]["whole"].times, each[0])):
        one, other = (teams.get(number, (OTHER_TEAM, "", None)) for number in (giver, taker))
        across = None not in {one[2], other[2]} and one[2] != other[2]
        pairs.append(HandOver(giver, taker, one[0], other[0], one[1], other[1], across, spread["whole"]))
    return HandOvers(
        pairs,
        _passed(cohort),
        sum(each.time.times for each in pairs),
        sum(each.time.times for each in pairs if each.across),
        ask(f"SELECT COUNT(*) FROM {cohort.cases}", cohort.values)[0][0],  # noqa: S608
    )


def _passed(cohort: Cohort) -> list[PassedOn]:
    statement, values = FACTS["passed"].statement(cohort)
    rows = ask(
        "SELECT step, SUM(CASE WHEN kind = 'passed_on' THEN 1 ELSE 0 END),"  # noqa: S608
        f" SUM(CASE WHEN kind = 'put_back' THEN 1 ELSE 0 END) FROM ({statement}) facts GROUP BY step",
        values,
    )
    rows.sort(key=lambda row: (cohort.words.place(row[0]), row[0]))
    return [PassedOn(step, cohort.words.step(step), passed, put) for step, passed, put in rows]
