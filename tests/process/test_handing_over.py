"""Work that goes on in another case: accepted or refused, waited for, and never opened without end."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from moothall.plain.errors import NotFound, Unavailable
from moothall.process import actions, files, queries, store
from moothall.process.engine.state import CaseState
from moothall.process.errors import CannotOpen, SayWhy, TooDeep
from moothall.process.models import Attachment, Case, Event, Link, Step
from moothall.process.queries import WorkFilter
from tests.process.hub import CHILD, CONCERN, Hub, act, again, handed_over, make_hub, publish
from tests.process.making import MONDAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]

CHILD_CASE = """
process: errand
title: Errand
owner: desk
start: [desk]
fields:
  what: {ask: What?, type: text}
  how: {ask: How urgent?, type: choice, of: [soon, later]}
  proof: {ask: Proof?, type: file, optional: true}
steps:
  receive: {title: Receive, by: [desk], ask: [what, how, proof], next: We begin.}
  run:
    title: Run
    by: desk
    outcomes:
      done: {title: Done, end: brought}
      lost: {title: Lost, end: lost}
"""
PARENT = """
process: order
title: Order
owner: hub
start: [hub]
fields:
  wish: {ask: What do you wish?, type: text}
  when: {ask: How urgent?, type: choice, of: [soon, later, never]}
  paper: {ask: Paper?, type: file, optional: true}
steps:
  put: {title: Put, by: [hub], ask: [wish, when, paper], next: We send somebody.}
  fetch:
    title: Fetch
    case: errand
    pass: {wish: what, when: how, paper: proof}
    until: closed
    outcomes:
      brought: {title: It came}
      lost: {title: It was lost}
  check:
    title: Check
    by: hub
    outcomes: {fine: {title: Fine, end: fine}}
"""


@pytest.fixture
def hub() -> Hub:
    return make_hub()


def only_child(case: CaseState) -> CaseState:
    return again_by(Link.objects.get(case_id=case.id).other_id)


def again_by(number: int) -> CaseState:
    found = store.load(number)
    assert found is not None
    return found


def kinds_of(case: CaseState) -> list[str]:
    return list(Event.objects.filter(case_id=case.id).order_by("seq").values_list("kind", flat=True))


class TestAHandShake:
    def test_waits_in_the_list_of_the_team_that_answers_for_the_other_process(self, hub: Hub) -> None:
        case = handed_over(hub)
        rows = queries.worklist(hub.family, WorkFilter(whose="team"), MONDAY).rows
        assert [(row.reference, row.title) for row in rows] == [(case.reference, "Hand over")]
        assert not Link.objects.exists()

    def test_accepted_opens_the_other_case_with_what_was_passed(self, hub: Hub) -> None:
        case = handed_over(hub)
        act(hub.family, case, "step_down", "accepted")
        child = only_child(case)
        assert (child.definition.key, child.council_id, child.requester_id) == (
            "family-help",
            case.council_id,
            None,
        )
        assert child.data == {"child": CHILD, "concern": CONCERN}
        assert child.steps["receive"].state == "done"
        assert child.steps["plan"].team_id == hub.teams["family"].pk
        assert child.steps["plan"].person_id == hub.family.staff_id

    def test_says_of_each_answer_from_which_case_it_came_and_how_old_it_is(self, hub: Hub) -> None:
        case = handed_over(hub)
        act(hub.family, case, "step_down", "accepted")
        origin = only_child(case).origins["concern"]
        assert origin == case.origins["concern"] | {"from": f"case:{case.reference}"}
        assert origin["by"] == hub.reporter.actor.name

    def test_stands_in_both_histories_for_whoever_may_see_both(self, hub: Hub) -> None:
        case = handed_over(hub)
        act(hub.family, case, "step_down", "accepted")
        child = only_child(case)
        for one, other, kind, words in (
            (case, child, "handed_over", "“Hand over” opened another case: "),
            (child, case, "linked", "Handed over from: "),
        ):
            lines = queries.case_file(hub.family, one.reference, MONDAY).history
            assert [line.sentence for line in lines if line.kind == kind] == [f"{words}{other.reference}"]
        assert [
            (each.words, each.reference)
            for each in queries.case_file(hub.family, child.reference, MONDAY).links
        ] == [("Handed over from", case.reference)]

    def test_names_no_case_to_whoever_may_not_see_it(self, hub: Hub) -> None:
        case = handed_over(hub)
        act(hub.family, case, "step_down", "accepted")
        file = queries.case_file(hub.outsider, only_child(case).reference, MONDAY)
        said = [line.sentence for line in file.history if line.kind == "linked"]
        assert said == ["Handed over from: a case you may not see"]

    def test_refused_needs_words_and_goes_back(self, hub: Hub) -> None:
        case = handed_over(hub)
        with pytest.raises(SayWhy):
            act(hub.family, case, "step_down", "refused")
        after = act(hub.family, case, "step_down", "refused", "The level is too high for us.")
        assert (after.steps["decide"].state, after.steps["decide"].run) == ("open", 2)
        assert not Link.objects.exists()
        assert Case.objects.filter(process="family-help").count() == 0

    def test_is_no_business_of_others(self, hub: Hub) -> None:
        case = handed_over(hub)
        with pytest.raises(NotFound):
            act(hub.school, case, "step_down", "accepted")


@pytest.mark.usefixtures("_errands")
class TestACaseThatIsWaitedFor:
    @pytest.fixture
    def _errands(self, hub: Hub) -> None:
        publish(CHILD_CASE, PARENT)

    def put(self, hub: Hub, when: str = "soon") -> CaseState:
        return actions.start(
            by=hub.owner,
            council=hub.council,
            process="order",
            answers={"wish": "A pen", "when": when},
            now=MONDAY,
        )

    def test_is_opened_when_the_step_opens_and_waits_for_nobody(self, hub: Hub) -> None:
        case = self.put(hub)
        child = only_child(case)
        assert (child.data, child.steps["receive"].state) == ({"what": "A pen", "how": "soon"}, "done")
        assert (case.steps["fetch"].state, case.steps["fetch"].team_id) == ("open", None)
        assert kinds_of(case)[-1] == "handed_over"

    @pytest.mark.parametrize(("outcome", "expected"), [("done", "brought"), ("lost", "lost")])
    def test_goes_on_with_the_outcome_that_is_called_like_its_ending(
        self, hub: Hub, outcome: str, expected: str
    ) -> None:
        case = self.put(hub)
        act(hub.outsider, only_child(case), "run", outcome)
        after = again(case)
        assert (after.steps["fetch"].state, after.steps["fetch"].outcome) == ("done", expected)
        assert after.steps["check"].state == "open"
        done = Event.objects.get(case_id=case.id, kind="done", step="fetch")
        assert (done.actor_kind, json.loads(done.body)["ending"]) == ("system", expected)

    def test_goes_on_when_it_is_ended_early(self, hub: Hub) -> None:
        case = self.put(hub)
        child = only_child(case)
        actions.end_case(
            by=hub.outsider, case_id=child.id, ending="made-in-error", expected=None, now=MONDAY, text="x"
        )
        assert again(case).steps["fetch"].outcome == "brought"

    def test_begins_with_what_is_missing_if_an_answer_has_no_place(self, hub: Hub) -> None:
        case = self.put(hub, when="never")
        child = only_child(case)
        assert (child.data, child.steps["receive"].state) == ({"what": "A pen"}, "open")
        body = json.loads(Event.objects.get(case_id=case.id, kind="handed_over").body)
        assert body["left_out"] == ["how"]

    def test_goes_on_by_itself_if_the_other_closes_first_and_says_so(self, hub: Hub) -> None:
        case = self.put(hub)
        child = only_child(case)
        actions.end_case(
            by=hub.owner, case_id=case.id, ending="duplicate", expected=None, now=MONDAY, text="x"
        )
        assert kinds_of(case)[-1] == "left_open"
        act(hub.outsider, child, "run", "done")
        assert again(case).ending == "duplicate"

    def test_brings_the_files_that_answer_what_was_passed(self, hub: Hub) -> None:
        kept = files.keep(SimpleUploadedFile("bill.txt", b"Two pens"), limit=10_000)
        look = "  look: {title: Look, by: hub, outcomes: {seen: {title: Seen}}}\n  fetch:\n"
        publish(PARENT.replace("  fetch:\n", look))
        named = [{"id": kept.sha256, "name": "bill.txt"}]
        case = actions.start(
            by=hub.owner, council=hub.council, process="order", now=MONDAY,
            answers={"wish": "A pen", "when": "soon", "paper": named},
        )  # fmt: skip
        actions.attach(by=hub.owner, case_id=case.id, file=kept, now=MONDAY, field="paper")
        act(hub.owner, case, "look")
        child = only_child(case)
        assert child.data["proof"] == named
        assert [(row.name, row.field) for row in Attachment.objects.filter(case_id=child.id)] == [
            ("bill.txt", "proof")
        ]
        assert Attachment.objects.filter(case_id=case.id).count() == 1

    def test_is_told_it_anew_if_somebody_changes_the_waiting_case_meanwhile(
        self, hub: Hub, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        case = self.put(hub)
        child = only_child(case)
        load, stale = store.load, iter([1, 1, 0])

        def a_moment_late(number: int) -> CaseState | None:
            found = load(number)
            if found is not None and number == case.id:
                found.seq -= next(stale)
            return found

        monkeypatch.setattr(store, "load", a_moment_late)
        act(hub.outsider, child, "run", "done")
        assert next(stale, None) is None
        assert kinds_of(case).count("done") == 2

    def test_is_not_closed_if_the_waiting_case_never_stands_still(
        self, hub: Hub, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        case = self.put(hub)
        child = only_child(case)
        load = store.load

        def always_late(number: int) -> CaseState | None:
            found = load(number)
            if found is not None and number == case.id:
                found.seq -= 1
            return found

        monkeypatch.setattr(store, "load", always_late)
        with pytest.raises(Unavailable):
            act(hub.outsider, child, "run", "done")
        monkeypatch.undo()
        assert (again(child).status, again(case).steps["fetch"].state) == ("open", "open")


class TestAProcessThatIsNotThere:
    def test_is_refused_whole(self, hub: Hub) -> None:
        publish(PARENT)
        with pytest.raises(CannotOpen, match=r"“errand”.*Nothing was changed"):
            actions.start(
                by=hub.owner,
                council=hub.council,
                process="order",
                answers={"wish": "A pen", "when": "soon"},
                now=MONDAY,
            )
        assert (Case.objects.count(), Step.objects.count(), Event.objects.count()) == (0, 0, 0)

    def test_is_refused_when_it_would_have_to_say_whose_it_is(self, hub: Hub) -> None:
        publish(PARENT.replace("until: closed", "until: accepted"))
        with pytest.raises(CannotOpen):
            actions.start(
                by=hub.owner,
                council=hub.council,
                process="order",
                answers={"wish": "A pen", "when": "soon"},
                now=MONDAY,
            )


class TestCasesThatOpenEachOther:
    def test_without_end_are_refused_with_a_sentence(self, hub: Hub) -> None:
        publish(MIRROR)
        with pytest.raises(TooDeep, match="without end"):
            actions.start(
                by=hub.owner, council=hub.council, process="mirror", answers={"what": "Me"}, now=MONDAY
            )
        assert Case.objects.count() == 0

    def test_one_after_the_other_without_end_are_refused_as_well(self, hub: Hub) -> None:
        publish(QUICK, AGAIN)
        with pytest.raises(TooDeep):
            actions.start(
                by=hub.owner, council=hub.council, process="again", answers={"what": "Me"}, now=MONDAY
            )
        assert Case.objects.count() == 0

    def test_that_close_at_once_are_not_waited_for(self, hub: Hub) -> None:
        publish(QUICK, AGAIN.replace("back: once", "end: fine"))
        case = actions.start(
            by=hub.owner, council=hub.council, process="again", answers={"what": "Me"}, now=MONDAY
        )
        assert (case.status, case.ending, only_child(case).ending) == ("closed", "fine", "quick")

    def test_what_an_outcome_opens_goes_its_own_way(self, hub: Hub) -> None:
        publish(SLOW, OPENS)
        case = actions.start(
            by=hub.owner, council=hub.council, process="opens", answers={"what": "Me"}, now=MONDAY
        )
        assert case.status == "closed"
        assert Link.objects.get(case_id=case.id).kind == "opened"
        child = only_child(case)
        assert (child.status, child.data) == ("open", {"what": "Me"})
        assert kinds_of(case)[-1] == "handed_over"


MIRROR = """
process: mirror
title: Mirror
owner: hub
start: [hub]
fields: {what: {ask: What?, type: text}}
steps:
  once: {title: Once, by: [hub], ask: [what], next: We look.}
  look:
    title: Look
    case: mirror
    pass: [what]
    until: closed
    outcomes: {done: {title: Done, end: fine}}
"""
QUICK = """
process: quick
title: Quick
owner: hub
start: [hub]
fields: {what: {ask: What?, type: text}}
steps:
  once: {title: Once, by: [hub], ask: [what], next: We look., outcomes: {done: {title: Done, end: quick}}}
"""
AGAIN = """
process: again
title: Again
owner: hub
start: [hub]
fields: {what: {ask: What?, type: text}}
steps:
  put: {title: Put, by: [hub], ask: [what], next: We look.}
  once:
    title: Once
    case: quick
    pass: [what]
    until: closed
    outcomes: {quick: {title: Quick, back: once}, never: {title: Never, end: fine}}
"""
SLOW = """
process: slow
title: Slow
owner: hub
start: [hub]
fields: {what: {ask: What?, type: text}}
steps:
  once: {title: Once, by: [hub], ask: [what], next: We look.}
  wait: {title: Wait, by: hub, outcomes: {done: {title: Done, end: slow}}}
"""
OPENS = """
process: opens
title: Opens
owner: hub
start: [hub]
fields: {what: {ask: What?, type: text}}
steps:
  put:
    title: Put
    by: [hub]
    ask: [what]
    next: We look.
    outcomes: {done: {title: Done, open: slow, pass: [what], end: fine}}
"""
