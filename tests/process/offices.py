"""Three councils at work together: every team that the example processes name, and cases driven by their members."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from moothall.councils.models import Council, Membership, Staff, Team
from moothall.councils.rules import Viewer
from moothall.process import actions, library, queries, store
from moothall.process.definition.teams import teams_of
from moothall.process.engine.state import CaseState
from moothall.process.language import load
from moothall.process.models import Case, Event, Link
from tests.makers import make_agreement, make_council, make_grant, make_staff, make_team, make_viewer
from tests.process.hub import said
from tests.process.making import MONDAY

SEATS = 3


@dataclass
class Offices:
    """The council at home and its two neighbours; a team of each function, with one member from each of the three."""

    home: Council
    teams: dict[str, Team]
    staff: dict[str, list[Staff]]

    def of(self, function: str, number: int = 0) -> Viewer:
        """Return a member of a team: number 0 works for the council at home, 1 and 2 for its neighbours."""
        return make_viewer(self.staff[function][number])

    def add(self, function: str, viewer: Viewer) -> None:
        """Let somebody work in another team as well."""
        staff = Staff.objects.get(pk=viewer.staff_id or 0)
        Membership.objects.create(team=self.teams[function], staff=staff)


def make_offices() -> Offices:
    """Make the councils with their agreement, and publish all examples. Enter a scope before."""
    councils = [make_council(kind="unitary") for _ in range(SEATS)]
    agreement = make_agreement(councils=tuple(councils))
    made = [(path, load(path)) for path in library.examples()]
    functions = sorted({team for _, definition in made for team in teams_of(definition)})
    staff: dict[str, list[Staff]] = {}
    teams: dict[str, Team] = {}
    for function in functions:
        staff[function] = [make_staff(council=council, roles=("officer",)) for council in councils]
        for other in staff[function][1:]:
            make_grant(staff=other, role="officer", council=councils[0], agreement=agreement)
        teams[function] = make_team(
            council=councils[0], function=function, name=f"The {function}", members=tuple(staff[function])
        )
    for path, definition in made:
        source = path.read_text(encoding="utf-8")
        actions.publish(by=Viewer.system(), definition=definition, source=source, now=MONDAY)
    return Offices(councils[0], teams, staff)


@dataclass
class Drive:
    """One case on its way; time stands still unless it is told to go on."""

    offices: Offices
    case_id: int
    now: datetime = MONDAY
    names: list[str] = field(default_factory=list)

    @property
    def case(self) -> CaseState:
        found = store.load(self.case_id)
        assert found is not None
        return found

    @property
    def open(self) -> set[str]:
        return {run.key for run in self.case.open_steps()}

    @property
    def data(self) -> dict[str, Any]:
        return self.case.data

    def clock(self, key: str) -> str:
        """Return how a clock stands."""
        return self.case.clocks[key].state

    def act(self, by: Viewer, step: str, outcome: str = "", text: str = "", **answers: Any) -> set[str]:
        """Finish a step; return what is open then."""
        self.finish(by, step, outcome, text, answers)
        return self.open

    def finish(
        self,
        by: Viewer,
        step: str,
        outcome: str = "",
        text: str = "",
        answers: dict[str, Any] | None = None,
        waived: dict[int, str] | None = None,
    ) -> None:
        actions.act(
            by=by,
            case_id=self.case_id,
            step=step,
            expected=None,
            now=self.now,
            answers=answers,
            outcome=outcome,
            text=text,
            waived=waived or {},
        )

    def vote(self, by: Viewer, step: str, choice: str = "for", text: str = "") -> str:
        """Cast a vote; return how the step has turned out, if it has."""
        actions.cast(
            by=by, case_id=self.case_id, step=step, expected=None, choice=choice, text=text, now=self.now
        )
        return self.case.steps[step].outcome

    def later(self, **span: float) -> set[str]:
        """Let time go by, and the sweeper look at what is due; return what is open then."""
        return self.until(self.now + timedelta(**span))

    def until(self, moment: datetime) -> set[str]:
        self.now = moment
        actions.sweep(self.now)
        return self.open

    def linked(self, process: str) -> "Drive":
        """Return the case of another process that this one has opened last."""
        others = Link.objects.filter(case_id=self.case_id).order_by("-id").values_list("other_id", flat=True)
        number = next(each for each in others if Case.objects.get(pk=each).process == process)
        return Drive(self.offices, number, self.now)

    def page(self, viewer: Viewer) -> str:
        """Return everything that the page of the case says to somebody."""
        return said(queries.case_file(viewer, self.case.reference, self.now, whole_history=True))

    def happened(self) -> Counter[str]:
        """Return how often each kind of thing has happened."""
        return Counter(Event.objects.filter(case_id=self.case_id).values_list("kind", flat=True))


def start(offices: Offices, process: str, by: Viewer, **answers: Any) -> Drive:
    """Start a case at the council at home, as staff do; without answers, its first step stays open."""
    case = actions.start(by=by, council=offices.home, process=process, answers=answers or None, now=MONDAY)
    return Drive(offices, case.id)
