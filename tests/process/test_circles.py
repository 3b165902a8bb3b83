"""For whom a case, a step and an answer exist: every role, team and level, against every read and every act."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models import Count, Q

from moothall.councils.models import Membership, Staff
from moothall.councils.rules import Viewer
from moothall.messages.models import Message
from moothall.plain.errors import NotFound, Refused
from moothall.process import actions, circles, files, queries, store
from moothall.process.circles import NONE, PART, UNSEEN, WHOLE
from moothall.process.engine.state import CaseState
from moothall.process.errors import NotYet, NotYourStep
from moothall.process.models import Case, ProcessVersion, Step
from moothall.process.queries import WorkFilter
from moothall.process.queries.casefile import CaseFile
from tests.makers import make_staff, make_team, make_viewer
from tests.process.hub import (
    CHILD,
    CONCERN,
    EVERYTHING,
    PEOPLE,
    SCHOOL,
    SECRET,
    WHY,
    Hub,
    act,
    handed_over,
    heard,
    make_hub,
    publish,
    report,
)
from tests.process.making import MONDAY, make_case, publish_repair

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]

STRANGERS = ("family", "outsider", "supervisor", "auditor", "reporter")
PARTLY = ("police", "school")
WHOLLY = ("owner", "guard")
Stage = Callable[[Hub], CaseState]


@pytest.fixture
def hub() -> Hub:
    return make_hub()


def said(file: CaseFile) -> str:
    """Return everything that the page of a case may say."""
    parts = (
        file.facts, file.open_steps, file.ahead, file.clocks, file.history, file.links, file.ending,
        file.case.headline, [each.name for each in file.attachments],
    )  # fmt: skip
    return repr(parts)


def read(hub: Hub, who: str, case: CaseState) -> str:
    return said(queries.case_file(hub.named(who), case.reference, MONDAY, whole_history=True))


def words_in(text: str) -> set[str]:
    return {word for word in EVERYTHING if word in text}


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
        case = make_case(_place(hub))
        assert {circles.level(hub.named(who), case) for who in PEOPLE} == {WHOLE}

    def test_hold_for_a_team_that_had_a_step_once(self, hub: Hub) -> None:
        case = report(hub)
        _pass_on(hub, case, "school", "family")
        _pass_on(hub, case, "school", "desk")
        case = _again(case)
        assert circles.level(hub.school, case) is NONE, (
            "A step that was passed on before anybody did it is not theirs."
        )
        assert circles.level(hub.outsider, case) is PART

    def test_end_when_somebody_leaves_the_team(self, hub: Hub) -> None:
        case = heard(hub)
        Membership.objects.filter(staff_id=hub.guard.staff_id or 0).delete()
        assert circles.level(_fresh(hub.guard), case) is NONE

    def test_are_those_of_the_council_that_a_team_serves(self, hub: Hub) -> None:
        case = heard(hub)
        elsewhere = make_team(council=hub.council, function="guard", members=(_staff(hub.outsider),))
        assert circles.level(_fresh(hub.outsider), case) is WHOLE
        elsewhere.councils.clear()
        assert circles.level(_fresh(hub.outsider), case) is NONE


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
        assert words_in(read(hub, "police", case)) == {CHILD}
        assert words_in(read(hub, "school", case)) == {CHILD, CONCERN}

    def test_is_what_they_answered_and_nobody_changed(self, hub: Hub) -> None:
        case = heard(hub)
        assert words_in(read(hub, "police", case)) == {SECRET}
        assert words_in(read(hub, "school", case)) == {SCHOOL}

    def test_has_no_title_of_the_work_of_others(self, hub: Hub) -> None:
        text = read(hub, "police", heard(hub))
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
        assert "no-action" not in read(hub, "school", case)

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
        assert words_in(read(hub, "family", case)) == {CHILD, CONCERN}
        assert act(hub.family, case, "school", school_says=SCHOOL).steps["school"].state == "done"


class TestForWhomItIsWholeButForSomeAnswers:
    def test_the_circle_of_an_answer_is_its_own(self, hub: Hub) -> None:
        assert words_in(read(hub, "guard", heard(hub))) == {CHILD, CONCERN, SCHOOL}

    def test_whoever_does_a_step_that_shows_it_reads_it_there(self, hub: Hub) -> None:
        case = heard(hub)
        assert words_in(read(hub, "owner", case)) == {CHILD, CONCERN, SCHOOL, SECRET}
        case = act(hub.owner, case, "decide", "help", why=WHY)
        assert words_in(read(hub, "owner", case)) == {CHILD, CONCERN, SCHOOL, WHY}

    def test_a_private_step_has_no_title(self, hub: Hub) -> None:
        text = read(hub, "guard", report(hub))
        assert "Ask the school" in text
        assert "Ask the police" not in text
        assert "Police heard" not in text
        assert circles.OTHERS in text

    def test_its_time_is_still_counted(self, hub: Hub) -> None:
        file = queries.case_file(hub.guard, report(hub).reference, MONDAY)
        clocks = {each.title: each for each in file.clocks}
        assert clocks.keys() == {"Answered", circles.OTHERS}
        assert clocks[circles.OTHERS].key == ""
        hidden = next(each for each in file.open_steps if each.others)
        assert (hidden.title, hidden.team, hidden.may_act, hidden.due_at) == (
            circles.OTHERS, "", False, clocks[circles.OTHERS].due_at,
        )  # fmt: skip

    def test_it_is_in_no_worklist_and_no_queue_of_theirs(self, hub: Hub) -> None:
        report(hub)
        rows = queries.worklist(hub.owner, WorkFilter(whose="all"), MONDAY).rows
        assert {row.title for row in rows} == {"Ask the school"}
        assert {each.team: each.open for each in queries.queues(hub.owner, MONDAY)} == {"The school": 1}

    def test_a_supervisor_helps_out_only_with_what_is_not_kept_from_them(self, hub: Hub) -> None:
        case = report(hub)
        with pytest.raises(NotFound):
            act(hub.owner, case, "police", police_says=SECRET, level="high")
        act(hub.owner, case, "school", school_says=SCHOOL)
        act(hub.police, case, "police", police_says=SECRET, level="high")
        boss = make_staff(council=hub.council, roles=("supervisor",))
        hub.teams["guard"].memberships.create(staff=boss)
        with pytest.raises(NotYourStep):
            act(make_viewer(boss), case, "decide", "none", why=WHY)

    def test_why_not_says_nothing_of_it(self, hub: Hub) -> None:
        case = heard(hub, level="low")
        with pytest.raises(NotYet) as caught:
            act(hub.owner, case, "decide", "act", why=WHY)
        assert caught.value.reasons == [UNSEEN]

    def test_what_changed_says_nothing_of_it(self, hub: Hub) -> None:
        case = heard(hub)
        for who, expected in {
            "guard": {CHILD, CONCERN, SCHOOL},
            "school": {SCHOOL},
            "police": {SECRET},
        }.items():
            changed = queries.what_changed(hub.named(who), case.reference, 0)
            assert words_in(repr(changed)) == expected, who

    def test_is_never_found_by_it(self, hub: Hub) -> None:
        heard(hub)
        for who in PEOPLE:
            assert queries.search(hub.named(who), SECRET) == []
        assert len(queries.search(hub.guard, CHILD)) == 1


class TestFiles:
    def test_that_answer_a_secret_question_are_for_whoever_reads_the_answer(self, hub: Hub) -> None:
        case = report(hub)
        kept = _kept("arrests.txt")
        named = [{"id": kept.sha256, "name": kept.name}]
        act(hub.police, case, "police", police_says=SECRET, level="high", record=named)
        actions.attach(by=hub.police, case_id=case.id, file=kept, now=MONDAY, field="record")
        actions.attach(by=hub.guard, case_id=case.id, file=_kept("letter.txt"), now=MONDAY)
        expected = {"police": ["arrests.txt"], "guard": ["letter.txt"], "owner": ["letter.txt"], "school": []}
        for who, names in expected.items():
            file = queries.case_file(hub.named(who), case.reference, MONDAY)
            assert [each.name for each in file.attachments] == names, who
            text = read(hub, who, case)
            assert {name for name in ("arrests.txt", "letter.txt") if name in text} == set(names), who

    def test_come_from_whoever_was_asked_and_from_nobody_else_outside(self, hub: Hub) -> None:
        case = report(hub)
        with pytest.raises(Refused):
            actions.attach(by=hub.police, case_id=case.id, file=_kept("x.txt"), now=MONDAY)
        with pytest.raises(Refused):
            actions.attach(by=hub.school, case_id=case.id, file=_kept("x.txt"), now=MONDAY, field="record")


class TestSearch:
    def test_is_not_pushed_off_its_page_by_what_is_not_there(self, hub: Hub) -> None:
        publish_repair()
        ours = make_case(_place(hub), where=CHILD)
        for _ in range(3):
            report(hub)
        page, queries.searching.PAGE = queries.searching.PAGE, 2
        try:
            assert [each.reference for each in queries.search(hub.outsider, CHILD)] == [ours.reference]
        finally:
            queries.searching.PAGE = page


class TestWhatLeavesTheHouse:
    def test_names_nothing_that_is_private(self, hub: Hub) -> None:
        case = act(hub.owner, heard(hub), "decide", "act", why=WHY)
        letters = list(Message.objects.order_by("id"))
        assert {each.to for each in letters} == {"guard@example.org", _address(hub.reporter)}
        for each in letters:
            text = f"{each.subject}\n{each.body}"
            assert case.reference in text
            assert words_in(text) == set()
            for title in ("Act at once", "A worry", "Decide"):
                assert title not in text

    def test_is_told_once(self, hub: Hub) -> None:
        act(hub.owner, heard(hub), "decide", "none", why=WHY)
        assert [each.to for each in Message.objects.all()] == [_address(hub.reporter)]
        assert "Thank you. We looked into it." in Message.objects.get().body


class TestAVoteBehindACircle:
    SOURCE = """
process: panel
title: Panel
owner: hub
start: [hub]
private: [guard]
fields:
  what: {ask: What?, type: text}
  secret: {ask: What else?, type: text}
steps:
  put: {title: Put, by: [hub], ask: [what, secret], next: We ask.}
  vote:
    title: Vote
    vote: {pass: 2, of: [desk, family]}
    show: [what]
    outcomes: {yes: {title: Yes, end: agreed}, no: {title: No, end: refused}}
"""

    def test_is_there_in_part_for_everybody_who_votes(self, hub: Hub) -> None:
        publish(self.SOURCE)
        case = actions.start(
            by=hub.owner, council=hub.council, process="panel", now=MONDAY,
            answers={"what": "Bridge", "secret": "Tunnel"},
        )  # fmt: skip
        for who in ("outsider", "family"):
            text = read(hub, who, case)
            assert "Bridge" in text
            assert "Tunnel" not in text
            rows = queries.worklist(hub.named(who), WorkFilter(whose="all"), MONDAY).rows
            assert [row.title for row in rows] == ["Vote"]
        with pytest.raises(NotFound):
            read(hub, "school", case)
        for who in ("outsider", "family"):
            actions.cast(
                by=hub.named(who), case_id=case.id, step="vote", expected=None, choice="for", now=MONDAY
            )
        assert _again(case).ending == "agreed"


class TestCounts:
    def test_narrow_is_the_same_in_sql_by_hand(self, hub: Hub) -> None:
        publish_repair()
        make_case(_place(hub))
        heard(hub)
        for who in PEOPLE:
            viewer = hub.named(who)
            by_orm = set(circles.narrow(viewer, Case.objects.all()).values_list("id", flat=True))
            condition, values = circles.clause(viewer, "process_case")
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT id FROM process_case WHERE {condition}", values)
                by_hand = {row[0] for row in cursor.fetchall()}
            assert by_orm == by_hand, who
            assert len(by_orm) == (2 if who in WHOLLY else 1), who


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
        "attach": lambda: actions.attach(**one, file=_kept("x.txt")),
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


def _again(case: CaseState) -> CaseState:
    found = store.load(case.id)
    assert found is not None
    return found


def _staff(viewer: Viewer) -> Any:
    return Staff.objects.get(pk=viewer.staff_id or 0)


def _fresh(viewer: Viewer) -> Viewer:
    return make_viewer(_staff(viewer))


def _address(viewer: Viewer) -> str:
    return str(_staff(viewer).user.email)


def _kept(name: str) -> files.Kept:
    return files.keep(SimpleUploadedFile(name, f"Inside {name}".encode()), limit=10_000)


def _place(hub: Hub) -> Any:
    return hub
