"""Ways round a circle: by what was set aside, by an old name, and by moving cases to a version that says more."""

from typing import Any

import pytest

from moothall.councils.rules import Viewer
from moothall.process import actions, queries, xray
from moothall.process.circles import NONE, UNSEEN, level
from moothall.process.engine.state import CaseState
from moothall.process.errors import CannotMove
from moothall.process.filling import KEPT
from moothall.process.language import read
from moothall.process.models import Case, ProcessVersion
from moothall.process.rehearsal import rehearse_past
from moothall.workplace.queries.cases import case_page
from moothall.workplace.queries.record import record_page
from tests.makers import make_staff, make_team, make_viewer
from tests.process.hub import SECRET, WORRY, Hub, act, again, heard, make_hub, publish, said
from tests.process.making import MONDAY, make_place
from tests.process.moves import LATER, checked, moved
from tests.process.moves import publish as publish_repair_as
from tests.process.xrayed import LENS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]

VISIT = """
process: visit
title: A visit
owner: hub
start: [staff]
fields:
  who: {ask: Whom?, type: text}
  danger: {ask: How dangerous is it?, type: choice, of: {low: Low, high: High}, private: [police]}
steps:
  ask: {title: Ask, by: [staff], ask: [who]}
  police: {title: Ask the police, by: police, after: ask, ask: [danger], outcomes: {said: {title: Police have said}}}
  go:
    title: Go there
    by: hub
    after: police
    show: [danger]
    need: [{rule: danger == "low", say: "The police say: dangerous.", waive: [hub]}]
    outcomes: {gone: {title: Gone, end: gone}}
"""
REASON = "Two of us go, with a dog"


@pytest.fixture
def hub() -> Hub:
    return make_hub()


@pytest.fixture
def dangerous(hub: Hub) -> CaseState:
    """A visit that went ahead although the police had said that it is dangerous."""
    publish(VISIT)
    case = actions.start(
        by=hub.reporter, council=hub.council, process="visit", answers={"who": "Number 4"}, now=MONDAY
    )
    act(hub.police, case, "police", danger="high")
    return actions.act(
        by=hub.owner, case_id=case.id, step="go", expected=None, now=MONDAY, answers={}, waived={0: REASON}
    )


class TestWhatWasSetAside:
    def test_tells_no_answer_that_the_rule_was_about(self, hub: Hub, dangerous: CaseState) -> None:
        for who, reads in (("police", True), ("outsider", False), ("auditor", False)):
            viewer = hub.named(who)
            history = queries.case_file(viewer, dangerous.reference, MONDAY).history
            line = next(each for each in history if each.kind == "waived")
            assert ("The police say" in line.sentence, line.text == REASON) == (reads, reads)
            assert (UNSEEN in line.sentence) is not reads

    def test_is_counted_without_its_rule(self, hub: Hub, dangerous: CaseState) -> None:
        lens = xray.Lens("visit", LENS.since, LENS.until)
        police = make_staff(council=hub.council, roles=("supervisor",))
        make_team(council=hub.council, function="police", members=(police,))
        for viewer, rule in ((make_viewer(police), "The police say: dangerous."), (hub.supervisor, "")):
            cohort = xray.cohort(viewer, lens, LATER)
            assert [(each.rule, each.times) for each in xray.exceptions(cohort).waived] == [(rule, 1)]
            found = xray.behind(viewer, cohort, "waived", {"rule": "The police say: dangerous."})
            assert found.times == (1 if rule else 0)


class TestAnAnswerUnderANewAndSecretName:
    def test_is_not_found_by_its_words_any_more(self) -> None:
        publish_repair_as()
        place = make_place()
        case = checked(place)
        assert queries.search(place.supervisor, "kitchen")
        version = publish_repair_as(
            ("where: {ask: Where?, type: text}", "place: {ask: Which place?, type: text, private: crew}"),
            ("[what, where]", "[what, place]"),
        )
        moved(case, version, where="place")
        assert queries.search(place.supervisor, "kitchen") == []
        assert queries.search(place.supervisor, case.reference)


OPEN = ("private: [guard]\n", "")
TOLD = (", private: [police]}\n  level", "}\n  level")
STEP = ("    private: [police]\n", "")
SHOWN = ("    show: [child, concern]\n    until", "    show: [child, concern, police_says]\n    until")


def written(*changes: tuple[str, str]) -> ProcessVersion:
    source = WORRY
    for old, new in changes:
        assert old in source
        source = source.replace(old, new)
    publish(source)
    found: ProcessVersion = ProcessVersion.objects.get(key="worry", number=2)
    return found


PLATE = """
process: plate
title: A car
owner: hub
start: [staff]
fields:
  what: {ask: What is it?, type: text}
  plate: {ask: Which plate?, type: text}
  danger: {ask: How dangerous is it?, type: choice, of: {low: Low, high: Alarming}, private: [police]}
  risk:
    type: choice
    label: Risk
    of: {low: Low, high: Terrible}
    table: {by: [danger], rows: [[low, low], [high, high]]}
steps:
  ask: {title: Ask, by: [staff], ask: [what], outcomes: {sent: {title: Sent}}}
  police:
    title: Ask the police
    by: police
    private: [police]
    after: ask
    ask: [plate, danger]
    outcomes: {said: {title: Police have said}}
  end:
    title: End
    by: hub
    next: The risk is {risk} for {plate}, of {what}.
    after: police
    outcomes: {gone: {title: Gone, end: gone}}
"""


class TestWhatOnlyAPrivateStepAsks:
    def test_and_what_is_worked_out_from_a_secret_is_not_found_or_read(self, hub: Hub) -> None:
        publish(PLATE)
        case = actions.start(
            by=hub.reporter, council=hub.council, process="plate", answers={"what": "A van"}, now=MONDAY
        )
        case = act(hub.police, case, "police", plate="BADGUY1", danger="high")
        assert case.data["risk"] == "high"
        assert queries.asked(hub.reporter, case.reference).next == f"The risk is {KEPT} for {KEPT}, of A van."
        for word in ("BADGUY1", "Terrible", "Alarming"):
            assert queries.search(hub.outsider, word) == []
        assert [each.headline for each in queries.search(hub.outsider, "van")] == ["A van"]


class TestMovingACase:
    """Whoever writes processes sees no cases by it. They shall not open one by writing a version that says more."""

    @pytest.fixture
    def designer(self, hub: Hub) -> Viewer:
        return make_viewer(make_staff(council=hub.council, roles=("service-designer", "supervisor")))

    @pytest.fixture(params=[[OPEN], [TOLD, STEP], [STEP], [SHOWN]], ids=["case", "answer", "step", "shown"])
    def version(self, request: Any) -> ProcessVersion:
        return written(*request.param)

    @pytest.fixture
    def case(self, hub: Hub) -> CaseState:
        return heard(hub)

    def test_opens_it_to_nobody_for_whom_it_is_not_there(
        self, hub: Hub, case: CaseState, designer: Viewer, version: ProcessVersion
    ) -> None:
        run = actions.dry_run(by=designer, version=version, now=LATER)
        assert (run.cases, run.safe, [each.references for each in run.groups]) == (1, 0, [()])
        done = actions.migrate(by=designer, version=version, now=LATER)
        assert (done.moved, done.left) == (0, 1)
        assert level(designer, again(case)) is NONE

    def test_is_for_the_house_to_open(self, case: CaseState, version: ProcessVersion) -> None:
        moved(case, version)
        assert Case.objects.get(pk=case.id).version_id == version.pk

    def test_is_for_whoever_knows_it_to_open(
        self, hub: Hub, case: CaseState, version: ProcessVersion
    ) -> None:
        insider = make_staff(council=hub.council, roles=("service-designer", "supervisor"))
        for function in ("guard", "police"):
            make_team(council=hub.council, function=function, members=(insider,))
        assert actions.migrate(by=make_viewer(insider), version=version, now=LATER).moved == 1

    def test_one_by_one_is_refused_as_well(self, hub: Hub, case: CaseState) -> None:
        version = written(TOLD, STEP)
        insider = make_staff(council=hub.council, roles=("service-designer", "supervisor"))
        make_team(council=hub.council, function="guard", members=(insider,))
        viewer = make_viewer(insider)
        with pytest.raises(CannotMove, match="More people"):
            actions.migrate_case(by=viewer, case_id=case.id, version=version, expected=None, now=LATER)
        assert SECRET not in said(queries.case_file(viewer, case.reference, LATER))


class TestADraft:
    """A draft may ask any question of an answer. Whoever writes it is not told of which case it was not so."""

    @pytest.fixture
    def designer(self, hub: Hub) -> Viewer:
        return make_viewer(make_staff(council=hub.council, roles=("service-designer", "supervisor")))

    def test_that_is_rehearsed_names_no_case_of_which_an_answer_is_kept(
        self, hub: Hub, dangerous: CaseState, designer: Viewer
    ) -> None:
        police = make_staff(council=hub.council, roles=("service-designer", "supervisor"))
        make_team(council=hub.council, function="police", members=(police,))
        asking = read(VISIT.replace(", waive: [hub]", "")).definition
        assert asking is not None
        for viewer, named in ((designer, ()), (make_viewer(police), (dangerous.reference,))):
            report = rehearse_past(viewer, asking, since=MONDAY).report
            assert [each.references for each in report.groups] == [named]

    def test_that_takes_a_choice_away_names_no_case_in_which_it_was_made(
        self, hub: Hub, designer: Viewer
    ) -> None:
        publish(VISIT)
        case = actions.start(
            by=hub.reporter, council=hub.council, process="visit", answers={"who": "Number 4"}, now=MONDAY
        )
        act(hub.police, case, "police", danger="high")
        publish(VISIT.replace("{low: Low, high: High}", "{low: Low}"))
        version = ProcessVersion.objects.get(key="visit", number=2)
        run = actions.dry_run(by=designer, version=version, now=LATER)
        assert [(each.cases, each.references) for each in run.groups] == [(1, ())]


COURT = """
process: court
title: In court
owner: hub
start: [staff]
fields:
  who: {ask: Who?, type: text}
  day: {ask: On which day?, type: date, private: [police]}
steps:
  ask: {title: Ask, by: [staff], ask: [who]}
  police: {title: Ask the police, by: police, after: ask, ask: [day], outcomes: {said: {title: Police have said}}}
  wait: {title: Wait, after: police, wait: {until: day}}
  end: {title: End, by: hub, after: wait, outcomes: {gone: {title: Gone, end: gone}}}
"""


class TestAWait:
    def test_for_a_private_day_does_not_say_which(self, hub: Hub) -> None:
        publish(COURT)
        case = actions.start(
            by=hub.reporter, council=hub.council, process="court", answers={"who": "Mr A"}, now=MONDAY
        )
        act(hub.police, case, "police", day={"day": "15", "month": "1", "year": "2027"})
        for who, reads in (("police", True), ("outsider", False), ("supervisor", False)):
            waiting = case_page(hub.named(who), case.reference, MONDAY).waiting
            assert ("15 January" in repr([each.waits for each in waiting])) is reads
            assert "Waits" in repr(waiting)


class TestTheRecord:
    def test_says_nothing_of_a_private_step_that_goes_by_another_name_now(self, hub: Hub) -> None:
        publish(PLATE)
        case = actions.start(
            by=hub.reporter, council=hub.council, process="plate", answers={"what": "A van"}, now=MONDAY
        )
        act(hub.police, case, "police", plate="BADGUY1", danger="high")
        publish(PLATE.replace("  police:\n", "  officers:\n").replace("after: police", "after: officers"))
        moved(again(case), ProcessVersion.objects.get(key="plate", number=2), police="officers")
        rows = record_page(hub.auditor, LATER, about=f"case:{case.id}").rows
        done = [(each.who, each.facts) for each in rows if each.what == "case.step_done"]
        assert done == [("Somebody", "")]
