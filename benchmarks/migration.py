"""Measure moving 1,000 running cases of the safeguarding hub to a new version, and rehearsing a draft on closed ones.

The new version has one check more (it opens at once and holds the decision up), a step of another name (a choice says
which), one clock more and one that is shorter. Cases stand at four places. First comes the dry run over all of them,
then the move: each in its own transaction, with its event, its rows and the record, on SQLite with synchronous=FULL.
"""

import argparse
import gc
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.means import houses
from benchmarks.means.measuring import Verdicts, cpu_of, heading

MOST_MS, LEAST_A_MINUTE = 5.0, 2_000
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
EXAMPLES = Path(__file__).resolve().parents[1] / "moothall" / "process" / "examples"
TEAMS = ("mash", "mash-manager", "safeguarding", "police", "health", "education", "early-help")
DECIDE = "  decide:\n    title: Decide\n    after: [police, health, school]"
NEW_DECIDE = """  housing:
    title: Housing check
    after: triage
    by: education
    show: [child]
    ask: [housing_info]
    outcomes:
      answered: {title: Send the answer}

  decide:
    title: Decide
    after: [police, health, learning, housing]"""
DECISION = "  decision:\n    title: Decision made\n    within: 1 working day"
NEW_DECISION = """  checks:
    title: Checks answered
    within: 4 working hours
    from: triage
    until: housing
    late: {tell: mash}
  decision:
    title: Decision made
    within: 6 working hours"""
CHANGES = {
    DECIDE: NEW_DECIDE,
    DECISION: NEW_DECISION,
    "  school:\n    title: School check": "  learning:\n    title: School and nursery check",
    "  threshold:\n": "  housing_info: {ask: What does housing know?, type: paragraph}\n  threshold:\n",
}
REFERRED = {
    "child": {"given": "Ada", "family": "Example", "born": "2016-03-07"},
    "concern": "Bruises on both arms, seen at swimming on Monday; she said that she fell.",
    "referrer": "Class teacher",
    "referrer_role": "Her teacher since September",
}


class Hub:
    """A council with the teams of the hub, and somebody in each."""

    def __init__(self) -> None:
        from moothall.process import actions
        from tests.makers import make_council, make_staff, make_team, make_viewer

        self.act, self.start = actions.act, actions.start_case
        self.council = make_council()
        self.people: dict[str, Any] = {}
        for name in TEAMS:
            staff = make_staff(council=self.council, roles=("officer",))
            make_team(council=self.council, function=name, members=(staff,))
            self.people[name] = make_viewer(staff)

    def case(self, number: int, at: datetime = NOW) -> Any:
        """Bring a case to one of four places: to triage, to the checks, to the decision, to the hand-over."""
        case = self.start(
            by=self.people["early-help"], council=self.council, process="mash", now=at, answers=REFERRED
        )
        place = number % 4
        if place >= 1:
            case = self.do(case, "mash", "triage", at, {"rag": "amber", "consent": "yes"}, "enquire")
        if place >= 2:
            for team, step in (("police", "police"), ("health", "health"), ("education", "school")):
                case = self.do(case, team, step, at, {f"{step}_info": "Nothing is known here."})
        if place == 3:
            given = {"threshold": "level-2", "rationale": "One service can help."}
            case = self.do(case, "mash-manager", "decide", at, given, "step-down")
        return case

    def close(self, case: Any, at: datetime) -> None:
        """End a case that stands before the hand-over: sent back, decided again, told to the referrer."""
        case = self.do(case, "early-help", "step_down", at, {}, "refused", "We have no place.")
        given = {"threshold": "level-1", "rationale": "It can wait."}
        case = self.do(case, "mash-manager", "decide", at + timedelta(hours=1), given, "no-action")
        self.do(case, "mash", "feedback", at + timedelta(hours=2), {"advice_given": "Rang the school."})

    def do(self, case: Any, team: str, step: str, at: datetime, *given: Any) -> Any:
        """Finish a step as somebody of a team, with the answers, the outcome and the words that are given."""
        said: list[Any] = [*given, *({}, "", "")[len(given) :]]
        answers, outcome, text = said
        return self.act(
            by=self.people[team], case_id=case.id, step=step, expected=case.seq, now=at,
            answers=answers, outcome=outcome, text=text,
        )  # fmt: skip


def publish(source: str, at: datetime = NOW) -> Any:
    from moothall.councils.rules import Viewer
    from moothall.process import actions
    from moothall.process.language import read

    reading = read(source)
    assert reading.definition is not None, [str(each) for each in reading.mistakes]
    return actions.publish(by=Viewer.system(), definition=reading.definition, source=source, now=at)


def changed(source: str) -> str:
    for old, new in CHANGES.items():
        assert old in source, old
        source = source.replace(old, new)
    return source


def measure(cases: int, closed: int, verdicts: Verdicts) -> None:
    from moothall.councils.rules import Viewer
    from moothall.process import actions
    from moothall.process.models import Case, Event
    from moothall.process.rehearsal import rehearse_past
    from moothall.process.store import definition_of

    source = (EXAMPLES / "mash.yaml").read_text(encoding="utf-8")
    for name in ("strategy-discussion", "early-help", "mash"):
        publish((EXAMPLES / f"{name}.yaml").read_text(encoding="utf-8"))
    hub = Hub()
    for number in range(cases):
        hub.case(number)
    for _ in range(closed):
        hub.close(hub.case(3), NOW + timedelta(days=1))
    version = publish(changed(source))
    gc.collect()
    gc.freeze()
    later, whole = NOW + timedelta(hours=2), Viewer.system()
    tried: list[float] = []
    with cpu_of(tried):
        bare = actions.dry_run(by=whole, version=version, now=later)
    print(f"\nDry run: {bare.sentence}; {tried[0] / cases:.2f} ms CPU a case")
    for group in bare.groups:
        print(f"  {group.cases:>5}  {group.trouble.say}")
    choices = {"school": "learning"}
    print(
        f"with {choices}: {actions.dry_run(by=whole, version=version, choices=choices, now=later).sentence}"
    )
    moved: list[float] = []
    with cpu_of(moved):
        done = actions.migrate(by=whole, version=version, choices=choices, now=later)
    print(f"Moved: {done.moved}, left: {done.left}; {moved[0] / cases:.2f} ms CPU a case")
    verdicts.exactly("cases moved", done.moved, cases)
    running = Case.objects.filter(process="mash", status="open")
    verdicts.exactly("cases on the new version", running.filter(version=version).count(), cases)
    verdicts.exactly("histories that say so", Event.objects.filter(kind="migrated").count(), cases)
    verdicts.most("CPU to move one case", moved[0] / cases, MOST_MS, " ms")
    rehearsed: list[float] = []
    with cpu_of(rehearsed):
        found = rehearse_past(whole, definition_of(version.pk), since=NOW)
    each = rehearsed[0] / max(1, found.report.cases)
    print(
        f"\nRehearsal: {found.report.sentence}; {each:.2f} ms CPU a case, {60_000 / each:,.0f} a minute of CPU"
    )
    verdicts.most("CPU to rehearse one case", each, 60_000 / LEAST_A_MINUTE, " ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=1_000, help="running cases, at four places in turn")
    parser.add_argument("--closed", type=int, default=300, help="closed cases of ten steps each")
    given = parser.parse_args()
    verdicts = Verdicts()
    heading("Moving running cases to another version")
    with houses.own_house("migration"):
        from moothall.councils import scope

        with scope.everything("a benchmark of migration"):
            measure(given.cases, given.closed, verdicts)
    verdicts.leave()


if __name__ == "__main__":
    main()
