"""Moving running cases to another version: what is safe, what needs a choice, and nothing lost on the way."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from moothall.councils.rules import Viewer
from moothall.journal import worker
from moothall.journal.models import Entry, Job
from moothall.plain.errors import NotFound, Refused
from moothall.process import actions, queries, store
from moothall.process.actions import migrating as moves
from moothall.process.engine.state import CaseState
from moothall.process.errors import CannotMove, CaseChanged, NotAChoice, NotYet
from moothall.process.language import read
from moothall.process.models import Case, Clock, Event, ProcessVersion, SearchWord, Step
from tests.makers import make_staff, make_team, make_viewer
from tests.process import holding
from tests.process.making import MONDAY, REPAIR, Place, make_case, make_place, publish_repair

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]
LATER = MONDAY + timedelta(hours=2)
SYSTEM = Viewer.system()


@pytest.fixture
def place() -> Place:
    publish_repair()
    return make_place()


def publish(*changes: tuple[str, str], source: str = REPAIR) -> ProcessVersion:
    for old, new in changes:
        assert old in source, old
        source = source.replace(old, new)
    reading = read(source)
    assert reading.definition is not None, [str(each) for each in reading.mistakes]
    return actions.publish(by=SYSTEM, definition=reading.definition, source=source, now=LATER)


def checked(place: Place, **given: Any) -> CaseState:
    """Return a case that waits for the crew."""
    case = make_case(place, **given)
    return actions.act(
        by=place.officer, case_id=case.id, step="check", expected=None, now=MONDAY, outcome="go"
    )


def moved(case: CaseState, version: ProcessVersion, **choices: str) -> CaseState:
    return actions.migrate_case(
        by=SYSTEM, case_id=case.id, version=version, choices=choices, expected=None, now=LATER
    )


def loaded(case: CaseState) -> CaseState:
    found = store.load(case.id)
    assert found is not None
    return found


def tries(version: ProcessVersion, **choices: str) -> str:
    return actions.dry_run(by=SYSTEM, version=version, choices=choices, now=LATER).sentence


def sound(case: CaseState) -> None:
    """The rows, the state and the record agree."""
    found = loaded(case)
    holding.promises_of_state(found)
    holding.rows_agree(found)
    holding.proven(found)


TITLE = ("title: Check\n", "title: Look\n")
PEER = ("  fix:\n    title: Fix\n", ("  peer: {title: Second look, by: desk, after: check}\n  fix:\n    title: Fix\n"
        "    after: [reply, peer]\n"))  # fmt: skip
RENAMED = (
    ("  fix:\n    title: Fix\n", "  mend:\n    title: Mend\n"),
    ("fix.by", "mend.by"),
    ("until: fix", "until: mend"),
)
GONE = ("      go: {title: Send the crew}\n", "      send: {title: Send the van}\n")


class TestASafeCase:
    def test_follows_the_new_version_with_an_event_in_its_history(self, place: Place) -> None:
        case = checked(place)
        version = publish(TITLE)
        assert tries(version) == "1 case: 1 safe, 0 need a choice"
        moved(case, version)
        row = Case.objects.get(pk=case.id)
        assert (row.version_id, row.seq) == (version.pk, case.seq + 1)
        event = Event.objects.filter(case_id=case.id).order_by("-seq")[0]
        body = json.loads(event.body)
        assert (event.kind, body["from"], body["to"]) == ("migrated", 1, 2)
        assert Entry.objects.filter(what="case.migrated", about=f"case:{case.id}").count() == 1
        sound(case)

    def test_opens_what_has_come_between_and_an_open_step_waits_for_it(self, place: Place) -> None:
        case = checked(place)
        case = moved(case, publish(PEER))
        assert [run.key for run in case.open_steps()] == ["peer", "fix"]
        with pytest.raises(NotYet, match="“Second look” has to be done before this"):
            actions.act(by=place.worker, case_id=case.id, step="fix", expected=None, now=LATER)
        actions.act(by=place.officer, case_id=case.id, step="peer", expected=None, now=LATER)
        case = actions.act(by=place.worker, case_id=case.id, step="fix", expected=None, now=LATER)
        assert (case.status, case.ending) == ("closed", "fixed")
        sound(case)

    def test_keeps_the_due_time_of_a_clock_that_runs(self, place: Place) -> None:
        case = checked(place)
        due = case.clocks["fix"].due_at
        case = moved(case, publish(("within: 2 working days", "within: 1 working day")))
        assert case.clocks["fix"].due_at == due == case.due_at
        assert Clock.objects.filter(case_id=case.id).count() == 1

    def test_ends_a_clock_that_is_gone_and_begins_one_that_is_new(self, place: Place) -> None:
        case = checked(place)
        case = moved(case, publish(("  fix: {title: Repaired", "  done: {title: Done")))
        rows = dict(Clock.objects.filter(case_id=case.id).values_list("key", "state"))
        assert rows == {"fix": "stopped", "done": "running"}
        assert loaded(case).clocks.keys() == {"done"}
        sound(case)

    def test_a_promise_that_is_new_is_never_broken_before_it_was_made(self, place: Place) -> None:
        case = checked(place)
        version = publish(
            ("  fix: {title: Repaired, within: 2 working days", "  soon: {title: Soon, within: 10 minutes")
        )
        case = moved(case, version)
        assert case.clocks["soon"].due_at == LATER + timedelta(minutes=10)
        assert case.clocks["soon"].warn_at == LATER + timedelta(minutes=5)
        actions.sweep(LATER + timedelta(minutes=1))
        assert loaded(case).clocks["soon"].late_at is None

    def test_gives_its_open_work_to_the_team_that_now_does_it_unless_it_was_passed_on(
        self, place: Place
    ) -> None:
        other = make_team(council=place.council, function="roof")
        one, two = checked(place), checked(place)
        actions.pass_on(
            by=place.supervisor,
            case_id=two.id,
            step="fix",
            expected=None,
            now=MONDAY,
            team_id=place.desk.pk,
            why="Busy",
        )
        version = publish(("by: crew", "by: roof"))
        assert moved(one, version).steps["fix"].team_id == other.pk
        assert moved(two, version).steps["fix"].team_id == place.desk.pk
        sound(one)

    def test_comes_into_the_circle_of_the_new_version_with_all_its_steps(self, place: Place) -> None:
        case = checked(place)
        version = publish(("owner: desk", "owner: desk\nprivate: crew"))
        moved(case, version)
        assert Case.objects.get(pk=case.id).circle == "crew desk"
        assert set(Step.objects.filter(case_id=case.id).values_list("circle", flat=True)) == {"crew desk"}
        with pytest.raises(NotFound):
            queries.case_file(place.adviser, case.reference, LATER)

    def test_is_found_no_more_by_what_has_become_secret(self, place: Place) -> None:
        case = checked(place, where="Marmalade Alley")
        words = SearchWord.objects.filter(case_id=case.id)
        assert words.filter(word="marmalade").exists()
        case = moved(case, publish(("where: {ask: Where?, type: text}",
                                    "where: {ask: Where?, type: text, private: personal}")))  # fmt: skip
        assert not words.filter(word__in=["marmalade", "alley"]).exists()
        assert words.filter(word="tap").exists()

    def test_goes_to_the_overlay_of_its_council(self, place: Place) -> None:
        source = f"overlay: repair\ncouncil: {place.council.code}\nwords: {{title: Mend}}\n"
        case = checked(place)
        actions.publish_overlay(by=SYSTEM, source=source, now=MONDAY)
        version = publish(TITLE)
        moved(case, version)
        own = queries.overlay_of("repair", place.council)
        assert own is not None
        assert own.base == version
        assert Case.objects.get(pk=case.id).version_id == own.pk
        assert actions.dry_run(by=SYSTEM, version=version, now=LATER).there == 1
        actions.remove_overlay(by=SYSTEM, key="repair", council=place.council, now=LATER)
        moved(case, version)
        assert Case.objects.get(pk=case.id).version_id == version.pk


class TestATrouble:
    def test_is_a_step_that_ran_and_is_gone(self, place: Place) -> None:
        case = checked(place)
        version = publish(*RENAMED)
        run = actions.dry_run(by=SYSTEM, version=version, now=LATER)
        assert run.sentence == "1 case: 0 safe, 1 needs a choice"
        (group,) = run.groups
        assert (group.trouble.kind, group.trouble.key, group.trouble.options) == ("step", "fix", ("mend",))
        assert (group.trouble.say, group.cases, group.references) == (
            "The step “Fix” is gone.", 1, (case.reference,),
        )  # fmt: skip
        with pytest.raises(CannotMove, match="“Fix” is gone"):
            moved(case, version)
        assert Case.objects.get(pk=case.id).seq == case.seq
        assert tries(version, fix="mend") == "1 case: 1 safe, 0 need a choice"
        after = moved(case, version, fix="mend")
        assert [(run.key, run.team_id, run.state) for run in after.open_steps()] == [
            ("mend", place.crew.pk, "open")
        ]
        assert not Step.objects.filter(case_id=case.id, key="fix").exists()
        done = actions.act(by=place.worker, case_id=case.id, step="mend", expected=None, now=LATER)
        assert (done.status, done.ending) == ("closed", "fixed")
        sound(done)

    def test_is_an_outcome_that_was_chosen_and_is_gone(self, place: Place) -> None:
        case = checked(place)
        version = publish(GONE)
        (group,) = actions.dry_run(by=SYSTEM, version=version, now=LATER).groups
        assert (group.trouble.kind, group.trouble.key) == ("outcome", "check.go")
        assert group.trouble.options == ("send", "ask", "no")
        assert "turned out as “Send the crew”" in group.trouble.say
        after = moved(case, version, **{"check.go": "send"})
        assert loaded(after).steps["check"].outcome == "send"

    def test_is_an_answer_without_its_question(self, place: Place) -> None:
        case = checked(place)
        version = publish(
            ("where: {ask: Where?", "place: {ask: Which place?"), ("[what, where]", "[what, place]")
        )
        (group,) = actions.dry_run(by=SYSTEM, version=version, now=LATER).groups
        assert (group.trouble.kind, group.trouble.key) == ("question", "where")
        assert "place" in group.trouble.options
        after = moved(case, version, where="place")
        assert after.data == {"what": "tap", "place": "The kitchen"}
        assert after.origins.keys() == after.data.keys()

    @pytest.mark.parametrize(
        ("old", "new", "kind"),
        [
            ("where: {ask: Where?, type: text}", "where: {ask: Where?, type: number}", "question"),
            ("{tap: A tap, gas: A gas leak}", "{sink: A sink, gas: A gas leak}", "answer"),
        ],
    )
    def test_is_an_answer_that_is_none_any_more(self, place: Place, old: str, new: str, kind: str) -> None:
        case = checked(place)
        version = publish((old, new))
        (group,) = actions.dry_run(by=SYSTEM, version=version, now=LATER).groups
        assert group.trouble.kind == kind
        key = group.trouble.key
        after = moved(case, version, **{key: "-"})
        assert key not in after.data
        assert key in json.loads(Event.objects.get(case_id=case.id, kind="migrated").body)["dropped"]

    def test_is_a_case_that_would_end_by_itself(self, place: Place) -> None:
        rounds = (
            "process: repair\ntitle: Repair\nowner: desk\nstart: [desk, agent]\nsteps:\n"
            "  begin: {title: Begin, by: [desk, agent]}\n"
            "  visit: {title: Visit, by: desk, every: 1 day, outcomes: "
            "{seen: {title: Seen}, over: {title: Over, end: over}}}\n"
        )
        publish(source=rounds)
        case = actions.start_case(
            by=place.officer, council=place.council, process="repair", answers={}, now=MONDAY
        )
        actions.act(
            by=place.officer, case_id=case.id, step="visit", expected=None, now=MONDAY, outcome="seen"
        )
        last = "  last: {title: Last, by: desk, when: begin.by != visit.by, outcomes: {ok: {title: Ok, end: ok}}}\n"
        version = publish(("every: 1 day, ", ""), ("end: over}}}\n", "end: over}}}\n" + last), source=rounds)
        (group,) = actions.dry_run(by=SYSTEM, version=version, now=LATER).groups
        assert (group.trouble.kind, group.trouble.options, group.trouble.may_drop) == ("ends", (), False)
        with pytest.raises(CannotMove, match="end at once"):
            moved(case, version)
        assert loaded(case).status == "open"

    def test_a_case_ends_if_that_is_what_was_chosen(self, place: Place) -> None:
        case = checked(place)
        version = publish(
            (REPAIR[REPAIR.index("  fix:\n    title") :], ""),
            (
                "outcomes: {answered: {title: Send, back: check}}",
                "outcomes: {answered: {title: Send, end: sent}}",
            ),
            ("until: fix, pause: reply", "until: reply"),
        )
        assert tries(version) == "1 case: 0 safe, 1 needs a choice"
        closed = moved(case, version, fix="-")
        assert (closed.status, closed.ending) == ("closed", "completed")
        sound(closed)

    def test_two_steps_never_become_one(self, place: Place) -> None:
        checked(place)
        version = publish(*RENAMED)
        run = actions.dry_run(by=SYSTEM, version=version, choices={"fix": "check"}, now=LATER)
        assert "would become one step" in run.groups[0].trouble.say

    def test_a_step_is_set_aside_on_purpose_and_counted_on_when_it_comes_back(self, place: Place) -> None:
        case = make_case(place)
        without = (
            "process: repair\ntitle: Repair\nowner: desk\nstart: [resident, agent]\nfields:\n"
            "  what: {ask: What is broken?, type: choice, of: {tap: A tap, gas: A gas leak}}\n"
            "  where: {ask: Where?, type: text}\nsteps:\n  report: {title: Report, by: [resident, agent], "
            "ask: [what, where]}\n  fix: {title: Fix, by: crew, outcomes: {fixed: {title: Fixed, end: fixed}}}\n"
        )
        assert tries(publish(source=without)) == "1 case: 0 safe, 1 needs a choice"
        case = moved(case, publish(source=without), check="-")
        assert [run.key for run in case.open_steps()] == ["fix"]
        case = moved(case, publish(("title: Repair\n", "title: Repair\nsummary: As before.\n")))
        assert [(run.key, run.run) for run in case.open_steps()] == [("check", 2), ("fix", 1)]
        assert case.clocks["fix"].going
        sound(case)

    def test_two_steps_may_change_names_with_each_other(self, place: Place) -> None:
        case = checked(place)
        version = publish(
            ("\n  report: {title", "\n  looked: {title"), ("\n  check:\n", "\n  report:\n"),
            ("from: report", "from: looked"),
            ("check.outcome", "report.outcome"), ("back: check", "back: report"), ("check.by", "report.by"),
        )  # fmt: skip
        after = loaded(moved(case, version, check="report", report="looked", **{"report.done": "done"}))
        assert {key: (run.state, run.outcome) for key, run in after.steps.items()} == {
            "looked": ("done", "done"),
            "report": ("done", "go"),
            "reply": ("skipped", ""),
            "fix": ("open", ""),
        }
        sound(after)

    @pytest.mark.parametrize("choices", [{"fix": "mand"}, {"check.go": "mend"}, {"check.go": "-"}])
    def test_a_choice_of_nothing_is_refused(self, place: Place, choices: dict[str, str]) -> None:
        version = publish(*RENAMED)
        with pytest.raises(NotAChoice) as caught:
            actions.dry_run(by=SYSTEM, version=version, choices=choices, now=LATER)
        assert "version 2" in caught.value.sentence


class TestManyCases:
    def test_are_moved_where_they_can_be_and_the_others_stay(self, place: Place) -> None:
        first, second, third = make_case(place), checked(place), checked(place)
        version = publish(*RENAMED)
        run = actions.dry_run(by=SYSTEM, version=version, now=LATER)
        assert run.sentence == "3 cases: 1 safe, 2 need a choice"
        assert run.groups[0].cases == 2
        done = actions.migrate(by=SYSTEM, version=version, now=LATER)
        assert (done.moved, done.left) == (1, 2)
        assert Case.objects.get(pk=first.id).version_id == version.pk
        assert Case.objects.filter(pk__in=[second.id, third.id], version_id=version.pk).count() == 0
        done = actions.migrate(by=SYSTEM, version=version, choices={"fix": "mend"}, now=LATER)
        assert (done.moved, done.left) == (2, 0)
        assert actions.migrate(by=SYSTEM, version=version, now=LATER).moved == 0
        entry = Entry.objects.filter(what="process.migration_started").order_by("id").first()
        assert entry is not None
        assert json.loads(entry.facts)["cases"] == 3

    def test_are_moved_by_jobs_that_may_be_done_twice(self, place: Place) -> None:
        cases = [checked(place) for _ in range(3)]
        version = publish(TITLE)
        done = actions.migrate(by=SYSTEM, version=version, now=timezone.now(), jobs=True)
        assert (done.moved, done.jobs) == (0, 1)
        assert not Event.objects.filter(kind="migrated").exists()
        job = Job.objects.get(task__endswith="move_some")
        assert job.council_id == place.council.pk
        worker.drain()
        assert Event.objects.filter(kind="migrated").count() == 3
        moves.move_some.call(
            case_ids=[case.id for case in cases], version_id=version.pk, choices={}, by={"name": "M"}
        )
        assert Event.objects.filter(kind="migrated").count() == 3

    def test_one_that_somebody_changes_meanwhile_is_tried_again(
        self, place: Place, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        case = checked(place)
        version = publish(TITLE)
        save = store.save_version
        failed: list[Any] = []

        def once(*args: Any) -> None:
            if not failed:
                failed.append(args)
                raise CaseChanged(reference=case.reference)
            save(*args)

        monkeypatch.setattr(store, "save_version", once)
        assert actions.migrate(by=SYSTEM, version=version, now=LATER).moved == 1
        assert failed
        monkeypatch.setattr(store, "save_version", _busy)
        assert actions.migrate(by=SYSTEM, version=publish(), now=LATER).moved == 0

    def test_a_dry_run_writes_nothing(self, place: Place) -> None:
        checked(place)
        version = publish(PEER)
        before = holding.dump()
        actions.dry_run(by=SYSTEM, version=version, now=LATER)
        assert holding.dump() == before


def _busy(*_args: Any) -> None:
    raise CaseChanged(reference="")


class TestWhoMay:
    def test_a_designer_moves_cases_of_their_council_and_reads_no_references(self, place: Place) -> None:
        other = make_place()
        mine, theirs = checked(place), checked(other)
        designer = make_viewer(make_staff(council=place.council, roles=("service-designer",)))
        version = publish(*RENAMED)
        run = actions.dry_run(by=designer, version=version, now=LATER)
        assert (run.cases, [group.references for group in run.groups]) == (1, [()])
        with pytest.raises(NotFound):
            actions.dry_run(by=designer, version=version, council=other.council, now=LATER)
        assert actions.migrate(by=designer, version=version, choices={"fix": "mend"}, now=LATER).moved == 1
        assert Event.objects.get(kind="migrated").actor_name == designer.actor.name
        assert Case.objects.get(pk=mine.id).version_id == version.pk
        assert Case.objects.get(pk=theirs.id).version_id != version.pk

    def test_nobody_else(self, place: Place) -> None:
        case = checked(place)
        version = publish(TITLE)
        for by in (place.officer, place.supervisor, place.adviser):
            with pytest.raises(Refused):
                actions.dry_run(by=by, version=version, now=LATER)
            with pytest.raises(Refused):
                actions.migrate(by=by, version=version, now=LATER)
            with pytest.raises((Refused, NotFound)):
                actions.migrate_case(by=by, case_id=case.id, version=version, expected=None, now=LATER)

    def test_a_stale_look_moves_nothing(self, place: Place) -> None:
        case = checked(place)
        with pytest.raises(CaseChanged):
            actions.migrate_case(
                by=SYSTEM, case_id=case.id, version=publish(TITLE), expected=case.seq - 1, now=LATER
            )


class TestThePast:
    def test_is_read_in_its_own_words(self, place: Place) -> None:
        case = checked(place)
        moved(case, publish(*RENAMED, TITLE, GONE), fix="mend", **{"check.go": "send"})
        lines = queries.case_file(place.officer, case.reference, LATER).history
        said = [line.sentence for line in reversed(lines)]
        assert "“Check” was done: Send the crew" in said
        assert "“Fix” is waiting to be done by The crew" in said
        assert said[-1] == "The case now follows version 2 of its process"
        assert ("Where?", "The kitchen") in [answer for line in lines for answer in line.answers]

    def test_of_a_question_that_has_become_secret_is_secret_under_its_old_name_too(
        self, place: Place
    ) -> None:
        case = checked(place)
        version = publish(
            ("where: {ask: Where?, type: text}", "place: {ask: Which place?, type: text, private: crew}"),
            ("[what, where]", "[what, place]"),
        )
        moved(case, version, where="place")
        for viewer, reads in ((place.worker, True), (place.supervisor, False)):
            history = queries.case_file(viewer, case.reference, LATER).history
            assert (("Where?", "The kitchen") in [each for line in history for each in line.answers]) is reads

    def test_of_a_step_that_was_private_stays_private_when_it_is_gone(self, place: Place) -> None:
        private = REPAIR.replace("    by: desk\n", "    by: desk\n    private: desk\n")
        first = publish(source=private)
        case = make_case(place)
        assert case.version_id == first.pk
        moved(case, publish(source=REPAIR.replace("  check:", "  look:").replace("check.", "look.").replace(
            "back: check", "back: look").replace("title: Check", "title: Look")), check="-")  # fmt: skip
        for viewer, reads in ((place.officer, True), (place.adviser, False)):
            said = [each.sentence for each in queries.case_file(viewer, case.reference, LATER).history]
            assert any("“Check”" in each for each in said) is reads, said
