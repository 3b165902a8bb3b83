"""To whom work falls as a case moves: never to somebody who cannot do it, and back to whoever had it."""

from datetime import timedelta

import pytest

from moothall.councils.models import Membership, Staff
from moothall.councils.rules import Viewer
from moothall.journal.models import Entry
from moothall.process import actions
from moothall.process.engine.state import CaseState, StepRun
from moothall.process.errors import NotYet, NotYourStep, SayWhy
from moothall.process.models import Event
from tests.makers import make_council, make_staff, make_team, make_viewer
from tests.process.making import MONDAY, Place, make_case, make_place, publish_repair

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]

ROUNDS = """
process: repair
title: Rounds
owner: desk
start: [resident, agent]
fields:
  what: {ask: What?, type: text}
  where: {ask: Where?, type: text}
  answer: {ask: Answer?, type: text, optional: true}
steps:
  report: {title: Report, ask: [what, where]}
  first:
    title: First
    by: desk
    next: We look at it.
    outcomes:
      on: {title: Go on}
      ask: {title: Ask}
      no: {title: Refuse, by: [desk], end: refused}
  reply:
    title: Reply
    by: [resident, agent, desk]
    when: first.outcome == "ask"
    next: We wait for you.
    ask: [answer]
    outcomes: {sent: {title: Send, back: first}}
  second:
    title: Second
    by: desk
    next: We do it.
    outcomes: {done: {title: Done, end: done}}
"""


@pytest.fixture
def place() -> Place:
    publish_repair(ROUNDS)
    return make_place()


def act(place: Place, by: Viewer, case: CaseState, step: str, outcome: str) -> CaseState:
    """Finish a step, as staff or as whoever asked."""
    return actions.act(
        by=by, case_id=case.id, step=step, expected=None, now=MONDAY, outcome=outcome, answers={},
        as_requester=by == resident(place),
    )  # fmt: skip


def resident(place: Place) -> Viewer:
    return Viewer.anonymous(place.council.pk)


def officer(place: Place) -> Staff:
    return Staff.objects.get(user_id=place.officer.actor.user_id or 0)


def pass_to(place: Place, case: CaseState, person: int | None = None) -> CaseState:
    return actions.pass_on(
        by=place.officer, case_id=case.id, step="first", expected=None, now=MONDAY,
        team_id=place.crew.pk, person_id=person, why="Theirs.",
    )  # fmt: skip


class TestTheNextStep:
    def test_stays_with_whoever_of_the_team_did_the_last(self, place: Place) -> None:
        after = act(place, place.officer, make_case(place), "first", "on")
        assert after.steps["second"].person_id == place.officer.staff_id

    def test_does_not_fall_to_a_supervisor_who_stepped_in(self, place: Place) -> None:
        after = act(place, place.supervisor, make_case(place), "first", "on")
        assert (after.steps["second"].team_id, after.steps["second"].person_id) == (place.desk.pk, None)

    def test_does_not_fall_to_an_adviser_who_answered_for_the_resident(self, place: Place) -> None:
        case = make_case(place)
        act(place, place.supervisor, case, "first", "ask")
        after = act(place, place.adviser, case, "reply", "sent")
        assert after.steps["first"].person_id != place.adviser.staff_id


class TestWorkThatComesBack:
    def asked(self, place: Place) -> CaseState:
        case = make_case(place)
        return act(place, place.officer, case, "first", "ask")

    def back(self, place: Place, case: CaseState) -> StepRun:
        return act(place, resident(place), case, "reply", "sent").steps["first"]

    def test_comes_to_whoever_asked(self, place: Place) -> None:
        run = self.back(place, self.asked(place))
        assert (run.team_id, run.person_id, run.run) == (place.desk.pk, place.officer.staff_id, 2)

    def test_comes_to_the_team_it_was_passed_to(self, place: Place) -> None:
        case = make_case(place)
        pass_to(place, case)
        act(place, place.worker, case, "first", "ask")
        run = self.back(place, case)
        assert (run.team_id, run.person_id) == (place.crew.pk, place.worker.staff_id)

    def test_goes_to_the_teams_own_again_when_that_team_serves_no_more(self, place: Place) -> None:
        case = make_case(place)
        pass_to(place, case)
        act(place, place.worker, case, "first", "ask")
        place.crew.councils.clear()
        run = self.back(place, case)
        assert (run.team_id, run.person_id) == (place.desk.pk, None)

    def test_does_not_come_to_somebody_who_left_the_team(self, place: Place) -> None:
        case = self.asked(place)
        Membership.objects.filter(staff=officer(place)).delete()
        assert self.back(place, case).person_id is None

    def test_does_not_come_to_somebody_who_left_the_council(self, place: Place) -> None:
        case = self.asked(place)
        Staff.objects.filter(pk=officer(place).pk).update(ended_on=MONDAY.date() - timedelta(days=1))
        assert self.back(place, case).person_id is None

    def test_comes_to_somebody_on_their_last_day(self, place: Place) -> None:
        case = self.asked(place)
        Staff.objects.filter(pk=officer(place).pk).update(ended_on=MONDAY.date())
        assert self.back(place, case).person_id == place.officer.staff_id

    def test_does_not_come_to_somebody_whose_account_was_closed(self, place: Place) -> None:
        case = self.asked(place)
        user = officer(place).user
        user.is_active = False
        user.save()
        assert self.back(place, case).person_id is None


class TestATeamThatTheProcessDoesNotName:
    def test_may_choose_what_the_team_might_have(self, place: Place) -> None:
        case = make_case(place)
        pass_to(place, case)
        assert act(place, place.worker, case, "first", "no").ending == "refused"

    def test_but_nobody_who_only_knows_them(self, place: Place) -> None:
        helper = make_staff(council=place.council, roles=("officer",))
        make_team(council=place.council, function="pests", members=(helper,))
        with pytest.raises(NotYourStep):
            act(place, make_viewer(helper), make_case(place), "first", "no")

    def test_may_not_where_only_advisers_act(self, place: Place) -> None:
        publish_repair(ROUNDS.replace("title: Send, back", "title: Send, by: [desk], back"))
        case = make_case(place)
        act(place, place.officer, case, "first", "ask")
        with pytest.raises(NotYet):
            act(place, place.adviser, case, "reply", "sent")
        act(place, place.officer, case, "reply", "sent")

    def test_may_waive_what_it_is_named_to_waive(self, place: Place) -> None:
        waivable = "need: [{rule: has(answer), say: Ask first., waive: [crew]}]\n    next: We look at it."
        publish_repair(ROUNDS.replace("next: We look at it.", waivable))
        case = make_case(place)
        pass_to(place, case)
        actions.act(
            by=place.worker, case_id=case.id, step="first", expected=None, now=MONDAY, outcome="on",
            waived={0: "They rang."},
        )  # fmt: skip
        assert Event.objects.filter(case_id=case.id, kind="waived").exists()

    def test_may_not_by_what_it_is_at_another_council(self, place: Place) -> None:
        publish_repair(ROUNDS.replace("title: Send, back", "title: Send, by: [desk], back"))
        case = make_case(place)
        act(place, place.officer, case, "first", "ask")
        adviser = Staff.objects.get(user_id=place.adviser.actor.user_id or 0)
        make_team(council=make_council(), function="desk", members=(adviser,))
        with pytest.raises(NotYet):
            act(place, make_viewer(adviser), case, "reply", "sent")


class TestAStepForTheResidentAlone:
    @pytest.fixture
    def case(self, place: Place) -> CaseState:
        publish_repair(ROUNDS.replace("by: [resident, agent, desk]", "by: [resident]"))
        case = make_case(place)
        return act(place, place.officer, case, "first", "ask")

    def test_is_not_done_taken_or_passed_on_by_staff(self, place: Place, case: CaseState) -> None:
        for viewer in (place.officer, place.worker, place.adviser):
            with pytest.raises(NotYourStep, match="the person who asked"):
                act(place, viewer, case, "reply", "sent")
            with pytest.raises(NotYourStep):
                actions.take(by=viewer, case_id=case.id, step="reply", expected=None, now=MONDAY)

    def test_a_supervisor_may_help_where_nobody_answers(self, place: Place, case: CaseState) -> None:
        assert act(place, place.supervisor, case, "reply", "sent").steps["first"].state == "open"


class TestFourEyes:
    def test_one_account_is_one_person_at_work_and_at_home(self, place: Place) -> None:
        source = ROUNDS.replace(
            "    outcomes: {done: {title: Done, end: done}}",
            "    need: [{rule: second.by != report.by, say: Not your own.}]\n"
            "    outcomes: {done: {title: Done, end: done}}",
        )
        publish_repair(source)
        at_home = Viewer.resident(user_id=place.officer.actor.user_id or 0, name="Me", council_id=None)
        case = actions.start_case(
            by=at_home, council=place.council, process="repair", now=MONDAY,
            answers={"what": "Mine", "where": "Here"},
        )  # fmt: skip
        act(place, place.officer, case, "first", "on")
        with pytest.raises(NotYet, match="Not your own"):
            act(place, place.officer, case, "second", "done")
        act(place, place.supervisor, case, "second", "done")


class TestWordsBesideTheAnswers:
    def test_are_made_safe_to_keep(self, place: Place) -> None:
        case = make_case(place)
        actions.pass_on(
            by=place.officer, case_id=case.id, step="first", expected=None, now=MONDAY,
            team_id=place.crew.pk, why="Th\x00ey\ud800 know\u202e it.",
        )  # fmt: skip
        assert "They know it." in Event.objects.filter(case_id=case.id).latest("seq").body

    def test_are_refused_when_endless(self, place: Place) -> None:
        case = make_case(place)
        with pytest.raises(SayWhy, match="2,000 characters"):
            actions.act(
                by=place.officer, case_id=case.id, step="first", expected=None, now=MONDAY,
                outcome="on", text="x" * 1_000_000,
            )  # fmt: skip

    def test_name_nobody_in_the_journal(self, place: Place) -> None:
        case = make_case(place)
        pass_to(place, case, place.worker.staff_id)
        entry = Entry.objects.filter(about=f"case:{case.id}").latest("id")
        assert place.worker.actor.name not in entry.facts
        assert f'"person":{place.worker.staff_id}' in entry.facts


FOUR_EYES = """
process: repair
title: Four eyes
owner: desk
start: [resident, agent]
fields:
  what: {ask: What?, type: text}
  where: {ask: Where?, type: text}
  alone: {ask: May one do it alone?, type: yesno}
steps:
  report: {title: Report, ask: [what, where]}
  first:
    title: First
    by: desk
    next: We look at it.
    ask: [alone]
    outcomes: {on: {title: Go on}}
  second:
    title: Second
    by: desk
    next: We look again.
    need: [{rule: alone == true || second.by != first.by, say: Somebody else must look again.}]
    outcomes: {done: {title: Done, end: done}}
"""


class TestWorkThatIsForSomebodyElse:
    def looked_at(self, *, alone: bool) -> StepRun:
        publish_repair(FOUR_EYES)
        place = make_place()
        case = actions.act(
            by=place.officer, case_id=make_case(place).id, step="first", expected=None, now=MONDAY, outcome="on",
            answers={"alone": alone},
        )  # fmt: skip
        run = case.steps["second"]
        assert run.team_id == place.desk.pk
        return run

    def test_stays_free_in_the_team_and_not_with_whoever_may_not_do_it(self) -> None:
        assert self.looked_at(alone=False).person_id is None

    def test_stays_with_them_where_the_need_lets_them(self) -> None:
        assert self.looked_at(alone=True).person_id is not None
