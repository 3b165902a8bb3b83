"""For whom a case, a step and an answer exist: every role, team and level, against every read and every act."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import Count, Q

from moothall.councils.models import Membership
from moothall.councils.rules import Viewer
from moothall.plain.errors import NotFound, Refused
from moothall.process import actions, circles, queries
from moothall.process.circles import NONE, PART, WHOLE
from moothall.process.engine.state import CaseState
from moothall.process.models import ProcessVersion, Step
from moothall.process.queries import WorkFilter
from tests.makers import make_staff, make_team, make_viewer
from tests.process.hub import (
    CHILD,
    CONCERN,
    PEOPLE,
    SCHOOL,
    SECRET,
    WHY,
    Hub,
    act,
    again,
    fresh,
    handed_over,
    heard,
    kept_file,
    make_hub,
    ordinary,
    page_of,
    report,
    said,
    staff_of,
    words_in,
)
from tests.process.making import MONDAY, publish_repair

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]

STRANGERS = ("family", "outsider", "supervisor", "auditor", "reporter")
Stage = Callable[[Hub], CaseState]


@pytest.fixture
def hub() -> Hub:
    return make_hub()


class TestTheLevels:
    @pytest.mark.parametrize(
        ("stage", "expected"),
        [
            (report, {"owner": WHOLE, "guard": WHOLE, "police": PART, "school": PART}),
            (heard, {"owner": WHOLE, "guard": WHOLE, "police": PART, "school": PART}),
            (handed_over, {"owner": WHOLE, "guard": WHOLE, "police": PART, "school": PART, "family": PART}),
        ],
    )
    def test_follow_from_teams_and_never_from_roles(
        self, hub: Hub, stage: Stage, expected: dict[str, circles.Level]
    ) -> None:
        case = stage(hub)
        found = {who: circles.level(hub.named(who), case) for who in PEOPLE}
        assert found == dict.fromkeys(PEOPLE, NONE) | expected
        assert circles.level(Viewer.system(), case) is WHOLE

    def test_are_whole_for_everybody_without_a_circle(self, hub: Hub) -> None:
        publish_repair()
        case = ordinary(hub)
        assert {circles.level(hub.named(who), case) for who in PEOPLE} == {WHOLE}

    def test_hold_for_a_team_that_had_a_step_once(self, hub: Hub) -> None:
        case = report(hub)
        _pass_on(hub, case, "school", "family")
        _pass_on(hub, case, "school", "desk")
        case = again(case)
        assert circles.level(hub.school, case) is NONE, (
            "A step that was passed on before anybody did it is not theirs."
        )
        assert circles.level(hub.outsider, case) is PART

    def test_end_when_somebody_leaves_the_team(self, hub: Hub) -> None:
        case = heard(hub)
        Membership.objects.filter(staff_id=hub.guard.staff_id or 0).delete()
        assert circles.level(fresh(hub.guard), case) is NONE

    def test_are_those_of_the_council_that_a_team_serves(self, hub: Hub) -> None:
        case = heard(hub)
        elsewhere = make_team(council=hub.council, function="guard", members=(staff_of(hub.outsider),))
        assert circles.level(fresh(hub.outsider), case) is WHOLE
        elsewhere.councils.clear()
        assert circles.level(fresh(hub.outsider), case) is NONE


class TestForWhomACaseDoesNotExist:
    @pytest.mark.parametrize("stage", [report, heard])
    @pytest.mark.parametrize("who", STRANGERS)
    def test_it_is_on_no_page(self, hub: Hub, who: str, stage: Stage) -> None:
        case, viewer = stage(hub), hub.named(who)
        for look in (
            lambda: queries.case_id_of(viewer, case.reference),
            lambda: queries.case_file(viewer, case.reference, MONDAY),
            lambda: queries.what_changed(viewer, case.reference, 0),
        ):
            with pytest.raises(NotFound) as caught:
                look()
            assert caught.value.sentence == NotFound(what="case").sentence

    @pytest.mark.parametrize("who", STRANGERS)
    def test_it_is_in_no_list_no_search_and_no_count(self, hub: Hub, who: str) -> None:
        viewer = hub.named(who)
        before = _lists(hub, viewer)
        case = report(hub)
        heard(hub)
        assert _lists(hub, viewer) == before
        for text in (case.reference, CHILD, CONCERN, SECRET, case.reference[:-1], "xanth"):
            assert queries.search(viewer, text) == []

    @pytest.mark.parametrize("who", STRANGERS)
    def test_no_act_finds_it(self, hub: Hub, who: str) -> None:
        case, viewer = report(hub), hub.named(who)
        for name, try_it in _acts(case, viewer, "school").items():
            with pytest.raises(NotFound) as caught:
                try_it()
            assert caught.value.sentence == NotFound(what="case").sentence, name

    def test_nor_does_one_with_an_old_page(self, hub: Hub) -> None:
        case = report(hub)
        with pytest.raises(NotFound):
            actions.act(by=hub.outsider, case_id=case.id, step="school", expected=99, now=MONDAY)

    def test_a_link_to_it_does_not_name_it(self, hub: Hub) -> None:
        case = handed_over(hub)
        act(hub.family, case, "step_down", "accepted")
        child = queries.search(hub.family, CHILD)[0]
        file = queries.case_file(hub.outsider, child.reference, MONDAY)
        assert case.reference not in said(file)
        assert [each.title for each in file.links] == ["a case you may not see"]


class TestForWhomThereIsAPart:
    def test_is_their_own_open_step_with_what_it_shows(self, hub: Hub) -> None:
        case = report(hub)
        assert words_in(page_of(hub, "police", case)) == {CHILD}
        assert words_in(page_of(hub, "school", case)) == {CHILD, CONCERN}

    def test_is_what_they_answered_and_nobody_changed(self, hub: Hub) -> None:
        case = heard(hub)
        assert words_in(page_of(hub, "police", case)) == {SECRET}
        assert words_in(page_of(hub, "school", case)) == {SCHOOL}

    def test_has_no_title_of_the_work_of_others(self, hub: Hub) -> None:
        text = page_of(hub, "police", heard(hub))
        assert "Ask the police" in text
        for title in (
            "Ask the school",
            "School has said",
            "Decide",
            "Report",
            "Answered",
            hub.reporter.actor.name,
        ):
            assert title not in text
        assert circles.OTHERS in text

    def test_has_no_line_of_what_the_case_is_about_in_lists(self, hub: Hub) -> None:
        report(hub)
        rows = queries.worklist(hub.school, WorkFilter(whose="team"), MONDAY).rows
        assert [(row.title, row.headline) for row in rows] == [("Ask the school", "")]
        assert queries.worklist(hub.owner, WorkFilter(whose="all"), MONDAY).rows[0].headline == CHILD

    def test_is_found_by_its_reference_alone(self, hub: Hub) -> None:
        case = heard(hub)
        for text in (case.reference, case.reference.lower(), case.reference.replace("-", " ")):
            assert [(each.reference, each.headline) for each in queries.search(hub.school, text)] == [
                (case.reference, "")
            ]
        for text in (CHILD, SCHOOL, CONCERN, SECRET, f"{case.reference} {CHILD}"):
            assert queries.search(hub.school, text) == []

    def test_ends_as_closed_and_not_how(self, hub: Hub) -> None:
        case = act(hub.owner, heard(hub), "decide", "none", why=WHY)
        assert queries.case_file(hub.school, case.reference, MONDAY).ending == "Closed"
        assert "no-action" not in page_of(hub, "school", case)

    def test_lets_them_do_their_step(self, hub: Hub) -> None:
        case = report(hub)
        actions.take(by=hub.school, case_id=case.id, step="school", expected=None, now=MONDAY)
        actions.put_back(by=hub.school, case_id=case.id, step="school", expected=None, now=MONDAY)
        assert act(hub.school, case, "school", school_says=SCHOOL).steps["school"].state == "done"

    def test_and_no_other_though_they_know_its_name(self, hub: Hub) -> None:
        case = report(hub)
        for name, try_it in _acts(case, hub.school, "police").items():
            with pytest.raises(NotFound if name in _ABOUT_A_STEP else Refused):
                try_it()

    @pytest.mark.parametrize("role", ["supervisor", "officer"])
    def test_even_for_whoever_supervises(self, hub: Hub, role: str) -> None:
        staff = make_staff(council=hub.council, roles=(role,))
        make_team(council=hub.council, function="school", members=(staff,))
        hub.teams["school"].memberships.create(staff=staff)
        viewer, case = make_viewer(staff), heard(hub)
        assert circles.level(viewer, case) is PART
        with pytest.raises(NotFound):
            act(viewer, case, "decide", "none", why=WHY)
        with pytest.raises(Refused):
            actions.end_case(
                by=viewer, case_id=case.id, ending="duplicate", expected=None, now=MONDAY, text="x"
            )

    def test_is_gained_by_having_a_step_passed_on(self, hub: Hub) -> None:
        case = report(hub)
        with pytest.raises(NotFound):
            queries.case_file(hub.family, case.reference, MONDAY)
        _pass_on(hub, case, "school", "family")
        assert words_in(page_of(hub, "family", case)) == {CHILD, CONCERN}
        assert act(hub.family, case, "school", school_says=SCHOOL).steps["school"].state == "done"


_ABOUT_A_STEP = frozenset({"act", "take", "put_back", "pass_on", "keep_typing", "cast"})


def _acts(case: CaseState, by: Viewer, step: str) -> dict[str, Callable[[], Any]]:
    """Return every act that finds a case by its number; those that the viewer holds no permission for as well."""
    one: dict[str, Any] = {"by": by, "case_id": case.id, "now": MONDAY}
    at: dict[str, Any] = one | {"step": step, "expected": None}
    return {
        "act": lambda: actions.act(**at, outcome="said"),
        "take": lambda: actions.take(**at),
        "put_back": lambda: actions.put_back(**at),
        "pass_on": lambda: actions.pass_on(**at, team_id=1, why="Theirs."),
        "keep_typing": lambda: actions.keep_typing(**one, step=step, run=1, fields={}, seen=1),
        "cast": lambda: actions.cast(**at, choice="for"),
        "note": lambda: actions.note(**one, text="A note"),
        "write": lambda: actions.write(**one, text="Hello"),
        "attach": lambda: actions.attach(**one, file=kept_file("x.txt")),
        "end": lambda: actions.end_case(**one, expected=None, ending="duplicate", text="Twice"),
        "link": lambda: actions.link(**one, other="ZZ", kind="related"),
        "unlink": lambda: actions.unlink(**one, other="ZZ", kind="related"),
    }


def _lists(hub: Hub, viewer: Viewer) -> list[Any]:
    wanted = [
        WorkFilter(whose="all"),
        WorkFilter(whose="team"),
        WorkFilter(whose="free"),
        WorkFilter(whose="mine"),
        WorkFilter(whose="all", waits_for="resident"),
        *(WorkFilter(whose="all", team_id=team.pk) for team in hub.teams.values()),
        WorkFilter(whose="all", council_id=hub.council.pk, process="worry"),
    ]
    running = Count("cases", filter=Q(cases__status="open") & circles.within(viewer, "cases__"))
    return [
        *(queries.worklist(viewer, each, MONDAY) for each in wanted),
        queries.queues(viewer, MONDAY),
        list(circles.narrow(viewer, Step.objects.all()).values_list("id", flat=True)),
        list(
            ProcessVersion.objects.annotate(running=running).order_by("id").values_list("running", flat=True)
        ),
    ]


def _pass_on(hub: Hub, case: CaseState, step: str, team: str) -> None:
    actions.pass_on(
        by=hub.owner,
        case_id=case.id,
        step=step,
        expected=None,
        now=MONDAY,
        team_id=hub.teams[team].pk,
        why="Theirs.",
    )
