"""The rehearsal: closed cases under a draft. The same process changes nothing; each change is found where it bites."""

from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.core.management import call_command

from moothall.councils import scope
from moothall.councils.rules import Viewer
from moothall.plain.errors import NotFound, Refused
from moothall.process import actions, store
from moothall.process.definition import Definition
from moothall.process.engine.state import CaseState
from moothall.process.language import read
from moothall.process.models import Case
from moothall.process.rehearsal import Report, rehearse, rehearse_past
from moothall.process.rehearsal.gathering import closed_cases
from moothall.process.replay.logs import read_csv
from moothall.process.replay.running import replay
from tests.makers import make_staff, make_viewer
from tests.process import holding
from tests.process.making import MONDAY, REPAIR, Place, make_case, make_place, publish_repair
from tests.process.test_replay import SHARED

pytestmark = pytest.mark.django_db
YEAR_AGO = MONDAY - timedelta(days=365)
SYSTEM = Viewer.system()


@pytest.fixture
def place(everything: None) -> Place:
    publish_repair()
    return make_place()


def draft(*changes: tuple[str, str], source: str = REPAIR) -> Definition:
    for old, new in changes:
        assert old in source, old
        source = source.replace(old, new)
    reading = read(source)
    assert reading.definition is not None, [str(each) for each in reading.mistakes]
    return reading.definition


def act(case: CaseState, by: Viewer, step: str, hours: float, **more: Any) -> CaseState:
    return actions.act(
        by=by, case_id=case.id, step=step, expected=None, now=MONDAY + timedelta(hours=hours), **more
    )


def repaired(place: Place, hours: float = 2, **given: Any) -> CaseState:
    """Return a case that went straight through: reported, checked, fixed after so many hours."""
    case = act(make_case(place, **given), place.officer, "check", 1, outcome="go")
    return act(case, place.worker, "fix", hours)


def asked(place: Place) -> CaseState:
    """Return a case in which the resident was asked first."""
    case = make_case(place)
    case = act(case, place.officer, "check", 1, outcome="ask", answers={"question": "Which floor?"})
    case = act(
        case,
        Viewer.anonymous(place.council.pk),
        "reply",
        30,
        answers={"answer": "The top"},
        as_requester=True,
    )
    return act(act(case, place.officer, "check", 31, outcome="go"), place.worker, "fix", 50)


def refused(place: Place) -> CaseState:
    return act(make_case(place), place.officer, "check", 3, outcome="no", text="Not ours.")


def run(definition: Definition, viewer: Viewer = SYSTEM, **more: Any) -> Report:
    return rehearse_past(viewer, definition, since=YEAR_AGO, **more).report


def said(report: Report) -> dict[str, int]:
    return {group.difference.say: group.cases for group in report.groups}


class TestTheSameProcess:
    def test_lets_every_case_go_the_same_way_with_the_same_promises(self, place: Place) -> None:
        repaired(place), asked(place), refused(place), repaired(place, hours=400)
        report = run(draft())
        assert report.sentence == "4 closed cases: 4 the same way, 0 another way"
        assert (report.groups, report.asks, report.untold) == ((), (), 0)
        (promise,) = report.promises
        assert (promise.kept_then, promise.missed_then) == (promise.kept_now, promise.missed_now) == (2, 1)
        assert (promise.better, promise.worse, promise.new, promise.gone) == ((), (), 0, 0)

    def test_takes_only_what_was_closed_since_and_writes_nothing(self, place: Place) -> None:
        repaired(place)
        make_case(place)
        before = holding.dump()
        assert run(draft()).cases == 1
        assert rehearse_past(SYSTEM, draft(), since=MONDAY + timedelta(days=1)).report.cases == 0
        assert holding.dump() == before

    def test_plays_what_was_ended_early_and_what_was_moved_to_another_version(self, place: Place) -> None:
        withdrawn = make_case(place)
        actions.end_case(
            by=place.officer,
            case_id=withdrawn.id,
            ending="duplicate",
            expected=None,
            now=MONDAY,
            text="Twice",
        )
        case = act(make_case(place), place.officer, "check", 1, outcome="go")
        newer = (
            REPAIR.replace("  check:", "  look:")
            .replace("check.", "look.")
            .replace("back: check", "back: look")
        )
        made = draft(source=newer)
        version = actions.publish(by=SYSTEM, definition=made, source=newer, now=MONDAY + timedelta(hours=1))
        actions.migrate_case(by=SYSTEM, case_id=case.id, version=version, choices={"check": "look"}, expected=None,
                             now=MONDAY + timedelta(hours=2))  # fmt: skip
        act(case, place.worker, "fix", 3)
        report = run(made)
        assert (report.cases, said(report)) == (2, {})

    def test_plays_random_cases_to_the_same_end_and_clocks(self, place: Place) -> None:
        for seed in range(25):
            walk(place, Random(seed))
        report = run(draft())
        assert report.cases > 15
        assert said(report) == {}
        assert report.same == report.cases
        for closed in closed_cases(
            SYSTEM, list(Case.objects.filter(status="closed").values_list("id", flat=True))
        ):
            assert rehearse(draft(), [closed]).promises == () or closed.clocks

    def test_plays_the_real_receipt_log_the_same_way(self) -> None:
        if not SHARED.exists():
            pytest.skip("The shared data are not on this machine.")
        traces = [trace for trace in read_csv(SHARED) if trace.ended][:150]
        done = replay(traces, name="Receipts", code="logton", council="Logton", now=MONDAY)
        with scope.everything("a test"):
            definition = store.definition_of(Case.objects.values_list("version_id", flat=True)[0])
            report = rehearse_past(SYSTEM, definition, since=traces[0].events[0].at).report
        assert (report.cases, report.same) == (done.cases, done.cases)


def walk(place: Place, dice: Random) -> None:
    """Play a case at random, with clocks that stand still, run out and go on."""
    case, hours = make_case(place), 0.0
    while case.status == "open" and hours < 500:
        hours += dice.choice([1, 5, 30, 70])
        actions.sweep(MONDAY + timedelta(hours=hours))
        step = case.open_steps()[0].key
        if step == "check":
            way = dice.choice([("go", {}), ("ask", {"question": "What?"}), ("no", {})])
            text = "No." if way[0] == "no" else ""
            case = act(case, place.officer, "check", hours, outcome=way[0], answers=way[1], text=text)
        elif step == "reply":
            resident = Viewer.anonymous(place.council.pk)
            case = act(case, resident, "reply", hours, answers={"answer": "So"}, as_requester=True)
        else:
            case = act(case, place.worker, "fix", hours)


class TestADraft:
    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ([("  check:", "  look:"), ("check.", "look."), ("back: check", "back: look")], "“Check” is gone."),
            ([("go: {title: Send the crew}", "go: {title: Send the crew, when: has(question)}")],
             "“Check” would not have offered “Send the crew”, with the answers that were given."),
            ([("      go: {title: Send the crew}\n", "")], "“Check” could not have turned out as “Send the crew”."),
            ([("    title: Fix\n", "    title: Fix\n    when: has(question)\n")], "“Fix” would not have been needed."),
            ([("need: [{rule: fix.by != check.by, say: Somebody", "need: [{rule: fix.by == check.by, say: The same"),
              ("else must do", "must do")], "“Fix”: The same must do the work."),
            ([("tap: A tap", "sink: A sink")], ("“Report” would not have taken the answer to “What is broken?”. "
                                               "Select one of the answers to “What is broken?”.")),
            ([("{title: Fixed, end: fixed,", "{title: Fixed, end: mended,")],
             "The case would have ended as “mended”, not “fixed”."),
            ([("    title: Check\n", '    title: Check\n    when: what == "gas"\n')], ("“Check” would not have been "
                                                                                     "needed.")),
            ([("title: Send the crew}", "title: Send the crew, end: sent}"), ("until: fix", "until: check")],
             "The case would have ended (sent) before “Fix”."),
        ],
    )  # fmt: skip
    def test_shows_what_would_have_gone_another_way(
        self, place: Place, changes: list[tuple[str, str]], sentence: str
    ) -> None:
        case = repaired(place)
        report = run(draft(*changes))
        assert (report.cases, report.same) == (1, 0)
        assert sentence in said(report)
        group = next(each for each in report.groups if each.difference.say == sentence)
        assert group.references == (case.reference,)

    @pytest.mark.parametrize("hidden", [("where: {ask: Where?", "where: {private: personal, ask: Where?"),
                                        ("owner: desk", "owner: desk\nprivate: crew")])  # fmt: skip
    def test_says_nothing_of_an_answer_that_not_everybody_may_read(
        self, place: Place, hidden: tuple[str, str]
    ) -> None:
        repaired(place)
        report = run(draft(hidden, ("type: text}\n  question", "type: number}\n  question")))
        assert list(said(report)) == ["“Report” would not have taken the answer to “Where?”."]

    def test_counts_each_case_under_each_of_its_differences(self, place: Place) -> None:
        repaired(place), repaired(place), asked(place), refused(place)
        report = run(draft(("      go: {title: Send the crew}\n", "")))
        assert report.sentence == "4 closed cases: 1 the same way, 3 another way"
        assert said(report) == {"“Check” could not have turned out as “Send the crew”.": 3}
        assert report.untold == 3

    def test_with_a_new_step_goes_on_as_though_it_had_been_done(self, place: Place) -> None:
        repaired(place)
        peer = "  peer: {title: Second look, by: desk, after: check}\n"
        report = run(
            draft(("  fix:\n    title: Fix\n", f"{peer}  fix:\n    title: Fix\n    after: [reply, peer]\n"))
        )
        assert said(report) == {"“Second look” would have come first.": 1}
        assert report.untold == 0
        assert report.promises[0].kept_now == 1

    def test_with_other_names_is_the_same_way_if_one_is_told_of_them(self, place: Place) -> None:
        repaired(place), asked(place)
        other = draft(
            ("  check:", "  look:"), ("check.", "look."), ("back: check", "back: look"), ("where: {ask", "spot: {ask"),
            ("[what, where]", "[what, spot]"), ("      go: {title", "      send: {title"),
        )  # fmt: skip
        assert run(other).same == 0
        report = run(other, names={"check": "look", "where": "spot", "check.go": "send"})
        assert (said(report), report.same, report.promises[0].kept_now) == ({}, 2, 2)

    def test_with_a_new_question_goes_the_same_way_and_says_what_it_would_have_asked(
        self, place: Place
    ) -> None:
        repaired(place)
        more = "  where: {ask: Where?, type: text}\n  floor: {ask: Which floor?, type: text}"
        changes = ("  where: {ask: Where?, type: text}", more), ("[what, where]", "[what, where, floor]")
        report = run(draft(*changes))
        assert (report.same, report.groups) == (1, ())
        assert [each.difference.say for each in report.asks] == [
            "“Report” would also have asked: Which floor?"
        ]

    def test_says_what_becomes_of_the_promises(self, place: Place) -> None:
        quick, slow, slower = repaired(place, 2), repaired(place, 26), repaired(place, 400)
        report = run(draft(("within: 2 working days", "within: 4 working hours")))
        (promise,) = report.promises
        assert (promise.kept_then, promise.missed_then, promise.kept_now, promise.missed_now) == (2, 1, 1, 2)
        assert (promise.worse, promise.better) == ((slow.reference,), ())
        report = run(draft(("within: 2 working days", "within: 60 days")))
        assert (report.promises[0].better, report.promises[0].better_cases) == ((slower.reference,), 1)
        other = run(draft(("  fix: {title: Repaired", "  quick: {title: Quick")))
        figures = {each.key: (each.new, each.new_missed, each.gone) for each in other.promises}
        assert figures == {"quick": (3, 1, 0), "fix": (0, 0, 3)}
        assert quick.reference

    def test_is_tried_with_the_overlay_of_each_council(self, place: Place) -> None:
        repaired(place, 26)
        source = (
            f"overlay: repair\ncouncil: {place.council.code}\nclocks: {{fix: {{within: 4 working hours}}}}\n"
        )
        actions.publish_overlay(by=SYSTEM, source=source, now=MONDAY)
        assert run(draft()).promises[0].worse_cases == 1
        assert run(draft(), council=place.council).promises[0].worse_cases == 1

    def test_is_tried_as_it_is_where_it_is_an_overlay_itself(self, place: Place) -> None:
        self.test_is_tried_with_the_overlay_of_each_council(place)
        assert run(draft(), council=place.council, own=True).promises[0].worse_cases == 0


class TestVotesAndWaits:
    SOURCE = """
process: change
title: Change
owner: desk
start: [desk, agent]
fields: {what: {ask: What?, type: text}}
clocks: {decided: {title: Decided, within: 2 days, from: raise, until: board, late: {tell: desk}}}
steps:
  raise: {title: Raise, by: [desk, agent], ask: [what]}
  board:
    title: Board
    vote: {of: crew, pass: 2, not: [raise.by]}
    outcomes: {yes: {title: "Yes"}, no: {title: "No", end: refused}}
  rest: {title: Rest, wait: {for: 1 day}}
  do_it: {title: Do it, by: desk, wait: {at most: 5 days, then: given-up}, outcomes: {done: {title: Done, end: done}}}
"""

    def changed(self, place: Place, hours: float) -> CaseState:
        actions.publish(by=SYSTEM, definition=draft(source=self.SOURCE), source=self.SOURCE, now=MONDAY)
        other = make_viewer(make_staff(council=place.council, roles=("officer",)))
        place.crew.memberships.create(staff_id=other.staff_id or 0)
        case = actions.start_case(
            by=place.officer,
            council=place.council,
            process="change",
            now=MONDAY,
            answers={"what": "A server"},
        )
        for number, voter in enumerate((place.worker, other), start=1):
            at = MONDAY + timedelta(hours=number)
            actions.cast(by=voter, case_id=case.id, step="board", expected=None, choice="for", now=at)
        actions.sweep(MONDAY + timedelta(hours=27))
        if hours < 100:
            return act(case, place.officer, "do_it", hours)
        actions.sweep(MONDAY + timedelta(hours=hours))
        found = store.load(case.id)
        assert found is not None
        return found

    @pytest.mark.parametrize(("hours", "ending"), [(40, "done"), (150, "given-up")])
    def test_are_played_as_they_were(self, place: Place, hours: float, ending: str) -> None:
        case = self.changed(place, hours)
        assert (case.status, case.ending) == ("closed", ending)
        report = run(draft(source=self.SOURCE))
        assert said(report) == {}
        assert report.promises[0].kept_now == 1

    @pytest.mark.parametrize(
        ("old", "new", "hours", "sentence"),
        [
            ("pass: 2", "pass: 1", 40, ""),
            ("pass: 2", "pass: 3", 40, "“Board”: "),
            (
                "at most: 5 days",
                "at most: 2 hours",
                40,
                "“Do it” would have turned out as “Given up”, not “Done”.",
            ),
            ("at most: 5 days", "at most: 9 days", 150, "“Do it” would still have waited."),
            ("for: 1 day", "for: 9 days", 40, "“Rest” would still have waited."),
        ],
    )
    def test_differ_where_the_draft_does(
        self, place: Place, old: str, new: str, hours: float, sentence: str
    ) -> None:
        self.changed(place, hours)
        found = said(run(draft((old, new), source=self.SOURCE)))
        assert any(each.startswith(sentence) for each in found) if sentence else found == {}, found


class TestWhoMay:
    def test_a_designer_rehearses_their_councils_cases_and_reads_no_references(self, place: Place) -> None:
        other = make_place()
        repaired(place), repaired(other)
        designer = make_viewer(make_staff(council=place.council, roles=("service-designer",)))
        report = run(draft(("tap: A tap", "sink: A sink")), designer)
        assert (report.cases, [group.references for group in report.groups]) == (1, [()])
        both = make_viewer(make_staff(council=place.council, roles=("service-designer", "supervisor")))
        report = run(draft(("tap: A tap", "sink: A sink")), both)
        assert len(report.groups[0].references) == 1
        with pytest.raises(NotFound):
            run(draft(), designer, council=other.council)
        with pytest.raises(Refused):
            run(draft(), place.supervisor)

    def test_cases_of_a_circle_are_named_to_it_alone(self, place: Place) -> None:
        private = REPAIR.replace("owner: desk", "owner: desk\nprivate: crew")
        actions.publish(by=SYSTEM, definition=draft(source=private), source=private, now=MONDAY)
        repaired(place)
        assert Case.objects.get().circle
        both = make_viewer(make_staff(council=place.council, roles=("service-designer", "supervisor")))
        report = run(draft(("tap: A tap", "sink: A sink"), source=private), both)
        assert [group.references for group in report.groups] == [()]


class TestTheCommand:
    def test_says_it_in_words(self, place: Place, tmp_path: Path) -> None:
        case = repaired(place)
        Case.objects.filter(pk=case.id).update(closed_at=datetime(2026, 11, 22, tzinfo=MONDAY.tzinfo))
        file = tmp_path / "repair.yaml"
        file.write_text(REPAIR.replace("      go: {title: Send the crew}\n", ""))
        out = StringIO()
        call_command("process", "rehearse", str(file), "--since", "2026-01-01", stdout=out)
        assert out.getvalue() == (
            "“Repair”, cases closed since 1 January 2026:\n"
            "1 closed case: 0 the same way, 1 another way.\n"
            f"      1  “Check” could not have turned out as “Send the crew”. ({case.reference})\n"
        )
