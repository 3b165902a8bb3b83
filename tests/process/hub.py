"""A council with a hub that keeps worries to itself: who works there, who helps with one step, and who is outside."""

from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from moothall.councils.models import Council, Staff, Team
from moothall.councils.rules import Viewer
from moothall.process import actions, files, queries, store
from moothall.process.engine.state import CaseState
from moothall.process.language import read
from moothall.process.queries.casefile import CaseFile
from tests.makers import make_council, make_staff, make_team, make_viewer
from tests.process.making import MONDAY

WORRY = """
process: worry
title: A worry
owner: hub
start: [staff]
private: [guard]
fields:
  child: {ask: Which child?, type: text}
  concern: {ask: What worries you?, type: paragraph}
  police_says: {ask: What do the police know?, type: paragraph, private: [police]}
  level: {ask: How bad do the police think it is?, type: choice, of: {low: Low, high: High}, private: [police]}
  record: {ask: Which record?, type: file, private: [police], optional: true}
  school_says: {ask: What does the school know?, type: paragraph}
  why: {ask: Why?, type: paragraph}
clocks:
  answer: {title: Answered, within: 2 working days, from: report, until: decide, late: {tell: hub}}
  police: {title: Police heard, within: 1 working day, from: report, until: police, late: {tell: police}}
steps:
  report: {title: Report, by: [staff], ask: [child, concern], next: We ask around.}
  police:
    title: Ask the police
    by: police
    private: [police]
    after: report
    show: [child]
    ask: [police_says, level, record]
    outcomes: {said: {title: Police have said}}
  school:
    title: Ask the school
    by: school
    after: report
    show: [child, concern]
    ask: [school_says]
    outcomes: {said: {title: School has said}}
  decide:
    title: Decide
    by: hub
    after: [police, school]
    show: [concern, police_says, school_says]
    ask: [why]
    outcomes:
      help: {title: Hand over to family help}
      act: {title: Act at once, when: level == "high", end: acted, tell: [requester, guard]}
      none: {title: No action, end: no-action, tell: [requester], say: Thank you. We looked into it.}
  step_down:
    title: Hand over
    when: decide.outcome == "help"
    case: family-help
    pass: [child, concern]
    show: [child, concern]
    until: accepted
    outcomes:
      accepted: {title: Taken on, end: handed-over}
      refused: {title: Refused, back: decide}
"""
FAMILY = """
process: family-help
title: Family help
owner: family
start: [family]
fields:
  child: {ask: Which child?, type: text}
  concern: {ask: What is it about?, type: paragraph}
  aim: {ask: What is the plan?, type: paragraph}
steps:
  receive: {title: Receive, by: [family], ask: [child, concern], next: We begin.}
  plan:
    title: Plan
    by: family
    show: [child, concern]
    ask: [aim]
    outcomes: {done: {title: Done, end: helped}}
"""
CHILD, CONCERN, SECRET, SCHOOL, WHY = "Xanthippe", "Bruises", "Known-violent", "Often-absent", "Thresholds"
EVERYTHING = (CHILD, CONCERN, SECRET, SCHOOL, WHY)


@dataclass(frozen=True)
class Hub:
    """Everybody of one council. `guard` is in the circle; `owner` answers for it; police, school and family help."""

    council: Council
    teams: dict[str, Team]
    owner: Viewer
    guard: Viewer
    police: Viewer
    school: Viewer
    family: Viewer
    outsider: Viewer
    supervisor: Viewer
    auditor: Viewer
    reporter: Viewer

    def named(self, who: str) -> Viewer:
        found: Viewer = getattr(self, who)
        return found


TEAMS = ("hub", "guard", "police", "school", "family", "desk")
PEOPLE = {
    "owner": ("supervisor", "hub"),
    "guard": ("officer", "guard"),
    "police": ("officer", "police"),
    "school": ("officer", "school"),
    "family": ("officer", "family"),
    "outsider": ("officer", "desk"),
    "supervisor": ("supervisor", "desk"),
    "auditor": ("auditor", ""),
    "reporter": ("adviser", ""),
}


def publish(*sources: str) -> None:
    for source in sources:
        definition = read(source).definition
        assert definition is not None, [str(each) for each in read(source).mistakes]
        actions.publish(by=Viewer.system(), definition=definition, source=source, now=MONDAY)


def make_hub() -> Hub:
    """Make the council and publish both processes. Enter a scope before."""
    council = make_council()
    people: dict[str, Staff] = {
        who: make_staff(council=council, roles=(role,)) for who, (role, _) in PEOPLE.items()
    }
    teams = {
        function: make_team(
            council=council,
            function=function,
            name=f"The {function}",
            members=tuple(people[who] for who, (_, team) in PEOPLE.items() if team == function),
        )
        for function in TEAMS
    }
    for function, team in teams.items():
        team.email = f"{function}@example.org"
        team.save()
    publish(FAMILY, WORRY)
    return Hub(council, teams, **{who: make_viewer(staff) for who, staff in people.items()})


def act(
    by: Viewer, case: CaseState, step: str, outcome: str = "", text: str = "", **answers: Any
) -> CaseState:
    return actions.act(
        by=by,
        case_id=case.id,
        step=step,
        expected=None,
        now=MONDAY,
        answers=answers,
        outcome=outcome,
        text=text,
    )


def ordinary(hub: Hub, where: str = "The kitchen") -> CaseState:
    """Return a case of the little process that is nobody's secret."""
    return actions.start_case(
        by=Viewer.anonymous(hub.council.pk),
        council=hub.council,
        process="repair",
        now=MONDAY,
        answers={"what": "tap", "where": where},
    )


def report(hub: Hub) -> CaseState:
    """Let somebody without a team report a worry."""
    return actions.start(
        by=hub.reporter,
        council=hub.council,
        process="worry",
        answers={"child": CHILD, "concern": CONCERN},
        now=MONDAY,
    )


def heard(hub: Hub, level: str = "high") -> CaseState:
    """Return a worry about which the police and the school have been heard."""
    case = report(hub)
    act(hub.police, case, "police", police_says=SECRET, level=level)
    return act(hub.school, case, "school", school_says=SCHOOL)


def handed_over(hub: Hub) -> CaseState:
    """Return a worry that waits for family help to take it on."""
    return act(hub.owner, heard(hub), "decide", "help", why=WHY)


def said(file: CaseFile) -> str:
    """Return everything that the page of a case may say."""
    parts = (
        file.facts, file.open_steps, file.ahead, file.clocks, file.history, file.links, file.ending,
        file.case.headline, [each.name for each in file.attachments],
    )  # fmt: skip
    return repr(parts)


def page_of(hub: Hub, who: str, case: CaseState) -> str:
    return page_of_viewer(hub.named(who), case)


def page_of_viewer(viewer: Viewer, case: CaseState) -> str:
    return said(queries.case_file(viewer, case.reference, MONDAY, whole_history=True))


def words_in(text: str) -> set[str]:
    return {word for word in EVERYTHING if word in text}


def again(case: CaseState) -> CaseState:
    found = store.load(case.id)
    assert found is not None
    return found


def staff_of(viewer: Viewer) -> Any:
    return Staff.objects.get(pk=viewer.staff_id or 0)


def fresh(viewer: Viewer) -> Viewer:
    return make_viewer(staff_of(viewer))


def address_of(viewer: Viewer) -> str:
    return str(staff_of(viewer).user.email)


def kept_file(name: str) -> files.Kept:
    return files.keep(SimpleUploadedFile(name, f"Inside {name}".encode()), limit=10_000)
