"""Going on without what a process asks: by whom it names, with a reason, for everybody to read."""

import pytest

from moothall.process import actions, queries
from moothall.process.engine import steps
from moothall.process.engine.state import CaseState
from moothall.process.errors import MayNotWaive, NotYet, SayWhy
from moothall.process.models import Event
from tests.process.in_memory import around, begun, do, kinds, last, made
from tests.process.making import MONDAY, Place, make_place, publish_repair

REPAIR = """
process: repair
title: Repair
owner: desk
start: [desk]
fields:
  round: {ask: Which round?, type: text, optional: true}
  photo: {ask: What does it look like?, type: text, optional: true}
steps:
  report:
    title: Report
    by: desk
    ask: [round, photo]
    need:
      - {rule: has(round), say: There is no round., waive: [agent, crew]}
      - {rule: has(photo), say: There is no photo., waive: supervisor}
    outcomes: {sent: {title: Sent, end: sent}}
"""
AGENT, SUPERVISOR = frozenset({"agent"}), frozenset({"agent", "supervisor"})


@pytest.fixture
def case() -> CaseState:
    source = REPAIR.replace(
        '      - {rule: report.by != "user:7", say: Somebody else must., waive: []}\n', ""
    )
    return begun(made(source))


class TestANeed:
    def test_is_named_with_its_number_and_who_may_waive_it(self, case: CaseState) -> None:
        report = case.definition.steps["report"]
        assert steps.unmet(case, report, {"photo": "Red"}, around()) == [
            steps.Unmet(0, "There is no round.", ("agent", "crew"))
        ]

    def test_may_be_waived_with_a_reason_which_is_in_the_history(self, case: CaseState) -> None:
        do(case, "report", around(hats=SUPERVISOR), waived={0: " A new street. ", 1: "By phone."})
        assert case.status == "closed"
        assert kinds(case)[-4:] == ["waived", "waived", "done", "ended"]
        assert last(case, "waived").body == {"need": 1, "say": "There is no photo.", "text": "By phone."}

    def test_stays_in_the_way_if_only_another_is_waived(self, case: CaseState) -> None:
        with pytest.raises(NotYet) as refused:
            do(case, "report", around(hats=SUPERVISOR), waived={0: "A new street."})
        assert refused.value.reasons == ["There is no photo."]
        assert (kinds(case, "waived"), case.steps["report"].state) == ([], "open")

    def test_is_not_waived_without_a_reason(self, case: CaseState) -> None:
        with pytest.raises(SayWhy) as refused:
            do(case, "report", around(hats=AGENT), photo="Red", waived={0: "  "})
        assert set(refused.value.fields) == {"waive_0"}
        assert kinds(case, "waived") == []

    @pytest.mark.parametrize("hats", [AGENT, frozenset({"resident"}), frozenset({"desk"})])
    def test_is_waived_by_nobody_else(self, case: CaseState, hats: frozenset[str]) -> None:
        with pytest.raises(MayNotWaive):
            do(case, "report", around(hats=hats), round="North", waived={1: "I say so."})

    def test_that_is_met_is_not_waived(self, case: CaseState) -> None:
        do(
            case,
            "report",
            around(hats=AGENT),
            round="North",
            photo="Red",
            waived={0: "Whatever.", 9: "What?"},
        )
        assert kinds(case, "waived") == []

    def test_that_nobody_may_waive_is_waived_by_nobody(self) -> None:
        case = begun(made(REPAIR.replace(", waive: supervisor", "")))
        with pytest.raises(MayNotWaive):
            do(case, "report", around(hats=SUPERVISOR), round="North", waived={1: "I say so."})

    def test_leaves_nothing_behind_when_the_step_is_refused_for_another_reason(self) -> None:
        source = REPAIR.replace("{title: Sent, end: sent}", "{title: Sent, end: sent, need_text: Why?}")
        case = begun(made(source))
        with pytest.raises(SayWhy):
            do(case, "report", around(hats=AGENT), photo="Red", waived={0: "A new street."})
        assert kinds(case, "waived") == []


@pytest.mark.django_db
@pytest.mark.usefixtures("everything")
class TestOverTheDatabase:
    @pytest.fixture
    def place(self) -> Place:
        publish_repair(REPAIR)
        return make_place()

    def start(self, place: Place) -> CaseState:
        return actions.start_case(by=place.officer, council=place.council, process="repair", now=MONDAY)

    def test_is_waived_by_those_who_are_named(self, place: Place) -> None:
        case = self.start(place)
        given = {"round": "North"}
        with pytest.raises(MayNotWaive):
            actions.act(
                by=place.officer, case_id=case.id, step="report", expected=case.seq, now=MONDAY, answers=given,
                waived={1: "By phone."},
            )  # fmt: skip
        actions.act(
            by=place.supervisor, case_id=case.id, step="report", expected=case.seq, now=MONDAY, answers=given,
            waived={1: "By phone."},
        )  # fmt: skip
        event = Event.objects.get(case_id=case.id, kind="waived")
        assert event.actor_user == place.supervisor.actor.user_id
        assert "By phone." in event.body

    def test_reads_its_reason_on_the_page(self, place: Place) -> None:
        case = self.start(place)
        page = queries.case_file(place.officer, case.reference, MONDAY)
        assert list(page.open_steps[0].why_not) == ["There is no round.", "There is no photo."]
