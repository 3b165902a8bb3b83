"""Changes of cases over a database: nothing is lost, nothing is overwritten, everything is on record."""

from datetime import timedelta

import pytest
from django.db import connection, transaction

from moothall.councils import scope
from moothall.councils.rules import Viewer
from moothall.journal.models import Entry
from moothall.plain.errors import NotFound, Refused
from moothall.process import actions, queries, store
from moothall.process.actions.clocks import sweep
from moothall.process.errors import (
    AnswersRefused,
    CaseChanged,
    CaseClosed,
    NoSuchProcess,
    NoSuchTeam,
    NotAnEnding,
    NotYet,
    NotYourStep,
    SayWhy,
    StepNotOpen,
)
from moothall.process.hooks import Change, watchers
from moothall.process.models import Case, Clock, Event, ProcessVersion, Step
from tests.makers import make_staff, make_team, make_viewer
from tests.process.making import MONDAY, REPAIR, Place, make_case, make_place, publish_repair

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]


@pytest.fixture
def place() -> Place:
    publish_repair()
    return make_place()


class TestStartingACase:
    def test_keeps_the_case_its_steps_clocks_and_events(self, place: Place) -> None:
        case = make_case(place)
        row = Case.objects.get(pk=case.id)
        assert (row.status, row.headline, row.seq) == ("open", "A tap", case.seq)
        assert list(Step.objects.filter(case=row).order_by("id").values_list("key", "state")) == [
            ("report", "done"),
            ("check", "open"),
        ]
        assert Clock.objects.get(case=row).due_at > MONDAY
        kinds = list(Event.objects.filter(case=row).order_by("seq").values_list("seq", "kind"))
        assert kinds == [(1, "started"), (2, "opened"), (3, "done"), (4, "opened")]

    def test_leaves_nothing_behind_when_it_is_refused(self, place: Place) -> None:
        with pytest.raises(AnswersRefused):
            make_case(place, what="a spaceship")
        assert not Case.objects.exists()
        assert not Event.objects.exists()

    def test_refuses_a_process_that_was_never_published(self, place: Place) -> None:
        with pytest.raises(NoSuchProcess, match="no published process"):
            actions.start_case(by=Viewer.system(), council=place.council, process="dance", now=MONDAY)

    def test_comes_back_from_the_store_as_it_was_kept(self, place: Place) -> None:
        case = make_case(place)
        again = store.load(case.id)
        assert again is not None
        assert again.data == case.data
        assert again.due_at == case.due_at
        assert {key: run.state for key, run in again.steps.items()} == {
            key: run.state for key, run in case.steps.items()
        }


class TestFinishingAStep:
    def test_moves_the_case_to_the_next_team_and_says_so_in_the_journal(self, place: Place) -> None:
        case = make_case(place)
        actions.act(
            by=place.officer, case_id=case.id, step="check", expected=case.seq, now=MONDAY, outcome="go"
        )
        assert Step.objects.get(case_id=case.id, state="open").team_id == place.crew.pk
        entry = Entry.objects.filter(about=f"case:{case.id}").order_by("-id").first()
        assert entry is not None
        assert (entry.what, entry.actor_name) == ("case.step_done", place.officer.actor.name)

    def test_refuses_a_second_try_with_what_was_seen_before_the_first(self, place: Place) -> None:
        case = make_case(place)
        seen = case.seq
        actions.act(by=place.officer, case_id=case.id, step="check", expected=seen, now=MONDAY, outcome="go")
        before = Event.objects.count()
        with pytest.raises(CaseChanged):
            actions.act(
                by=place.supervisor, case_id=case.id, step="check", expected=seen, now=MONDAY, outcome="go"
            )
        assert Event.objects.count() == before

    def test_a_note_written_meanwhile_makes_nobody_stale(self, place: Place) -> None:
        case = make_case(place)
        seen = case.seq
        actions.note(by=place.adviser, case_id=case.id, text="They rang again.", now=MONDAY)
        actions.act(by=place.officer, case_id=case.id, step="check", expected=seen, now=MONDAY, outcome="go")
        assert store.load(case.id).steps["check"].state == "done"  # type: ignore[union-attr]

    def test_a_row_changed_behind_its_back_is_not_overwritten(self, place: Place) -> None:
        case = store.load(make_case(place).id)
        assert case is not None
        Case.objects.filter(pk=case.id).update(seq=case.seq + 1)
        from_elsewhere = actions.keeping.around(place.officer, place.council.pk, MONDAY)
        with pytest.raises(CaseChanged):
            store.save(case, from_elsewhere)

    def test_is_for_the_team_it_fell_to(self, place: Place) -> None:
        case = make_case(place)
        with pytest.raises(NotYourStep, match="The desk"):
            actions.act(
                by=place.worker, case_id=case.id, step="check", expected=case.seq, now=MONDAY, outcome="go"
            )

    def test_a_supervisor_may_step_in(self, place: Place) -> None:
        case = make_case(place)
        actions.act(
            by=place.supervisor, case_id=case.id, step="check", expected=case.seq, now=MONDAY, outcome="go"
        )

    def test_four_eyes_hold_for_a_supervisor_too(self, place: Place) -> None:
        case = make_case(place)
        actions.act(
            by=place.supervisor, case_id=case.id, step="check", expected=None, now=MONDAY, outcome="go"
        )
        with pytest.raises(NotYet, match="Somebody else must do the work"):
            actions.act(by=place.supervisor, case_id=case.id, step="fix", expected=None, now=MONDAY)

    def test_the_resident_answers_only_what_waits_for_them(self, place: Place) -> None:
        case = make_case(place)
        resident = Viewer.anonymous(place.council.pk)
        with pytest.raises(NotYourStep):
            actions.act(
                by=resident, case_id=case.id, step="check", expected=None, now=MONDAY, as_requester=True
            )
        actions.act(
            by=place.officer,
            case_id=case.id,
            step="check",
            expected=None,
            now=MONDAY,
            answers={"question": "Which floor?"},
            outcome="ask",
        )
        after = actions.act(
            by=resident,
            case_id=case.id,
            step="reply",
            expected=None,
            now=MONDAY,
            answers={"answer": "The third."},
            as_requester=True,
        )
        assert after.steps["check"].run == 2
        assert after.steps["check"].person_id == place.officer.staff_id

    def test_does_not_admit_to_another_council_that_the_case_exists(self, place: Place) -> None:
        case = make_case(place)
        stranger = make_place().supervisor
        with pytest.raises(NotFound):
            actions.act(by=stranger, case_id=case.id, step="check", expected=None, now=MONDAY, outcome="go")
        with scope.only(stranger.councils), pytest.raises(NotFound):
            actions.note(by=stranger, case_id=case.id, text="Hello", now=MONDAY)

    def test_refuses_a_role_that_may_see_but_not_act(self, place: Place) -> None:
        auditor = make_viewer(make_staff(council=place.council, roles=("auditor",)))
        with pytest.raises((Refused, NotFound)):
            actions.act(by=auditor, case_id=make_case(place).id, step="check", expected=None, now=MONDAY)

    def test_keeps_no_half_of_it_when_a_watcher_fails(self, place: Place) -> None:
        case = make_case(place)

        def fail(_change: Change) -> None:
            raise RuntimeError("the mail words are wrong")

        watchers.append(fail)
        try:
            with pytest.raises(RuntimeError):
                actions.act(
                    by=place.officer, case_id=case.id, step="check", expected=None, now=MONDAY, outcome="go"
                )
        finally:
            watchers.remove(fail)
        assert Case.objects.get(pk=case.id).seq == case.seq
        assert Step.objects.get(case_id=case.id, state="open").key == "check"


class TestTheWork:
    def test_is_taken_and_put_back(self, place: Place) -> None:
        case = make_case(place)
        after = actions.take(by=place.officer, case_id=case.id, step="check", expected=case.seq, now=MONDAY)
        assert after.steps["check"].person_id == place.officer.staff_id
        after = actions.put_back(
            by=place.officer, case_id=case.id, step="check", expected=after.seq, now=MONDAY
        )
        assert after.steps["check"].person_id is None

    def test_taken_by_two_at_once_goes_to_the_first(self, place: Place) -> None:
        case = make_case(place)
        actions.take(by=place.officer, case_id=case.id, step="check", expected=case.seq, now=MONDAY)
        with pytest.raises(CaseChanged):
            actions.take(by=place.supervisor, case_id=case.id, step="check", expected=case.seq, now=MONDAY)
        assert Step.objects.get(case_id=case.id, state="open").person_id == place.officer.staff_id

    def test_is_passed_to_a_team_with_a_reason(self, place: Place) -> None:
        case = make_case(place)
        after = actions.pass_on(
            by=place.officer,
            case_id=case.id,
            step="check",
            expected=case.seq,
            now=MONDAY,
            team_id=place.crew.pk,
            person_id=place.worker.staff_id,
            why="It needs a plumber.",
        )
        assert (after.steps["check"].team_id, after.steps["check"].person_id) == (
            place.crew.pk,
            place.worker.staff_id,
        )
        with pytest.raises(NotYourStep):
            actions.take(by=place.officer, case_id=case.id, step="check", expected=None, now=MONDAY)

    def test_is_never_passed_without_one_nor_to_strangers(self, place: Place) -> None:
        case = make_case(place)
        elsewhere = make_team(council=make_place().council)
        for team, why, refusal in ((place.crew, " ", SayWhy), (elsewhere, "Theirs.", NoSuchTeam)):
            with pytest.raises(refusal):
                actions.pass_on(
                    by=place.officer,
                    case_id=case.id,
                    step="check",
                    expected=None,
                    now=MONDAY,
                    team_id=team.pk,
                    why=why,
                )


class TestEndingACaseEarly:
    def test_closes_it_with_the_reason_and_stops_its_clocks(self, place: Place) -> None:
        case = make_case(place)
        after = actions.end_case(
            by=place.officer,
            case_id=case.id,
            ending="duplicate",
            expected=case.seq,
            now=MONDAY,
            text="Same tap as next door.",
        )
        assert (after.status, after.ending) == ("closed", "duplicate")
        assert not Step.objects.filter(case_id=case.id, state="open").exists()
        assert Clock.objects.get(case_id=case.id).state == "stopped"
        file = queries.case_file(place.officer, case.reference, MONDAY)
        assert file.ending == "The same as another case"
        assert "Same tap as next door." in [line.text for line in file.history]

    def test_wants_a_reason_and_one_of_the_endings(self, place: Place) -> None:
        case = make_case(place)
        for ending, text, refusal in (("duplicate", " ", SayWhy), ("fixed", "Done.", NotAnEnding)):
            with pytest.raises(refusal):
                actions.end_case(
                    by=place.officer, case_id=case.id, ending=ending, expected=None, now=MONDAY, text=text
                )
        assert Case.objects.get(pk=case.id).status == "open"

    def test_is_not_for_an_adviser(self, place: Place) -> None:
        case = make_case(place)
        with pytest.raises(Refused):
            actions.end_case(
                by=place.adviser, case_id=case.id, ending="duplicate", expected=None, now=MONDAY, text="Same."
            )

    def test_whoever_asked_may_only_withdraw_it(self, place: Place) -> None:
        case = make_case(place)
        resident = Viewer.anonymous(place.council.pk)
        with pytest.raises(NotAnEnding):
            actions.end_case(
                by=resident,
                case_id=case.id,
                ending="made-in-error",
                expected=None,
                now=MONDAY,
                as_requester=True,
            )
        after = actions.end_case(
            by=resident, case_id=case.id, ending="withdrawn", expected=None, now=MONDAY, as_requester=True
        )
        assert after.ending == "withdrawn"
        with pytest.raises(CaseClosed):
            actions.end_case(
                by=resident, case_id=case.id, ending="withdrawn", expected=None, now=MONDAY, as_requester=True
            )


class TestNotes:
    def test_are_kept_word_for_word(self, place: Place) -> None:
        case = make_case(place)
        actions.note(by=place.adviser, case_id=case.id, text=" <b>They</b> rang — ünïcödé 👍 ", now=MONDAY)
        newest = Event.objects.filter(case_id=case.id).latest("seq")
        assert "<b>They</b> rang — ünïcödé 👍" in newest.body

    def test_may_go_to_whoever_asked_as_a_message(self, place: Place) -> None:
        case = make_case(place)
        seen: list[str] = []

        def listen(change: Change) -> None:
            seen.extend(each.kind for each in change.happened)

        watchers.append(listen)
        try:
            actions.write(by=place.adviser, case_id=case.id, text="We come on Friday.", now=MONDAY)
        finally:
            watchers.remove(listen)
        assert seen == ["wrote"]
        with pytest.raises(SayWhy):
            actions.write(by=place.adviser, case_id=case.id, text="", now=MONDAY)

    def test_are_refused_when_empty_or_endless(self, place: Place) -> None:
        case = make_case(place)
        for text in ("  ", "x" * 10_001):
            with pytest.raises(SayWhy):
                actions.note(by=place.adviser, case_id=case.id, text=text, now=MONDAY)


class TestTheSweeper:
    def test_warns_and_then_calls_late_once_each(self, place: Place) -> None:
        case = make_case(place)
        due_at = Clock.objects.get(case_id=case.id).due_at
        assert sweep(MONDAY) == 0
        assert sweep(due_at - timedelta(hours=1)) == 1
        assert sweep(due_at - timedelta(minutes=30)) == 0
        assert sweep(due_at + timedelta(seconds=1)) == 1
        assert sweep(due_at + timedelta(days=9)) == 0
        kinds = list(Event.objects.filter(case_id=case.id).order_by("seq").values_list("kind", flat=True))
        assert kinds[-2:] == ["warned", "late"]


class TestHistory:
    def test_cannot_be_changed_or_deleted_in_the_database(self, place: Place) -> None:
        case = make_case(place)
        for statement in ("UPDATE process_event SET body = '{}'", "DELETE FROM process_event"):
            with (
                pytest.raises(Exception, match=r"only grows|permission denied"),
                connection.cursor() as cursor,
                transaction.atomic(),
            ):
                cursor.execute(f"{statement} WHERE case_id = {case.id}")


class TestPublishing:
    def test_the_same_definition_twice_is_one_version(self, place: Place) -> None:
        publish_repair()
        assert ProcessVersion.objects.filter(key="repair").count() == 1

    def test_running_cases_keep_the_version_they_began_with(self, place: Place) -> None:
        case = make_case(place)
        publish_repair(REPAIR.replace("Send the crew", "Send a crew at once"))
        kept = store.load(case.id)
        assert kept is not None
        assert kept.definition.steps["check"].outcomes["go"].title == "Send the crew"
        assert make_case(place).definition.steps["check"].outcomes["go"].title == "Send a crew at once"

    def test_a_step_not_open_says_so(self, place: Place) -> None:
        with pytest.raises(StepNotOpen):
            actions.act(by=place.worker, case_id=make_case(place).id, step="fix", expected=None, now=MONDAY)
