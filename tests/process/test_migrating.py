"""Moving one running case to another version: what is safe, what needs a choice, and nothing lost on the way."""

import json
from datetime import timedelta

import pytest

from moothall.journal.models import Entry
from moothall.plain.errors import NotFound
from moothall.process import actions, queries
from moothall.process.errors import CannotMove, NotAChoice, NotYet
from moothall.process.models import Case, Clock, Event, SearchWord, Step, StepDraft
from tests.makers import make_team
from tests.process.making import MONDAY, REPAIR, Place, make_case, make_place, publish_repair
from tests.process.moves import (
    GONE,
    LATER,
    PEER,
    RENAMED,
    SYSTEM,
    TITLE,
    checked,
    loaded,
    moved,
    publish,
    sound,
    tries,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]


@pytest.fixture
def place() -> Place:
    publish_repair()
    return make_place()


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

    def test_what_somebody_has_typed_goes_along_to_the_new_name(self, place: Place) -> None:
        case = checked(place)
        user_id = place.worker.actor.user_id
        StepDraft.objects.create(
            council=place.council,
            case_id=case.id,
            step="fix",
            run=1,
            user_id=user_id,
            seen=case.seq,
            saved_at=MONDAY,
        )
        moved(case, publish(*RENAMED), fix="mend")
        assert list(StepDraft.objects.values_list("step", "run")) == [("mend", 1)]

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
