"""Answers, files and steps that only a circle may read inside a case that others see; and what leaves the house."""

import pytest
from django.db import connection

from moothall.messages.models import Message
from moothall.plain.errors import NotFound, Refused
from moothall.process import actions, circles, queries
from moothall.process.circles import UNSEEN
from moothall.process.errors import NotYet, NotYourStep
from moothall.process.models import Case
from moothall.process.queries import WorkFilter
from tests.makers import make_staff, make_viewer
from tests.process.hub import (
    CHILD,
    CONCERN,
    PEOPLE,
    SCHOOL,
    SECRET,
    WHY,
    Hub,
    act,
    address_of,
    again,
    heard,
    kept_file,
    make_hub,
    ordinary,
    page_of,
    publish,
    report,
    words_in,
)
from tests.process.making import MONDAY, publish_repair

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]


@pytest.fixture
def hub() -> Hub:
    return make_hub()


class TestForWhomItIsWholeButForSomeAnswers:
    def test_the_circle_of_an_answer_is_its_own(self, hub: Hub) -> None:
        assert words_in(page_of(hub, "guard", heard(hub))) == {CHILD, CONCERN, SCHOOL}

    def test_whoever_does_a_step_that_shows_it_reads_it_there(self, hub: Hub) -> None:
        case = heard(hub)
        assert words_in(page_of(hub, "owner", case)) == {CHILD, CONCERN, SCHOOL, SECRET}
        case = act(hub.owner, case, "decide", "help", why=WHY)
        assert words_in(page_of(hub, "owner", case)) == {CHILD, CONCERN, SCHOOL, WHY}

    def test_a_private_step_has_no_title(self, hub: Hub) -> None:
        text = page_of(hub, "guard", report(hub))
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
        kept = kept_file("arrests.txt")
        named = [{"id": kept.sha256, "name": kept.name}]
        act(hub.police, case, "police", police_says=SECRET, level="high", record=named)
        actions.attach(by=hub.police, case_id=case.id, file=kept, now=MONDAY, field="record")
        actions.attach(by=hub.guard, case_id=case.id, file=kept_file("letter.txt"), now=MONDAY)
        expected = {"police": ["arrests.txt"], "guard": ["letter.txt"], "owner": ["letter.txt"], "school": []}
        for who, names in expected.items():
            file = queries.case_file(hub.named(who), case.reference, MONDAY)
            assert [each.name for each in file.attachments] == names, who
            text = page_of(hub, who, case)
            assert {name for name in ("arrests.txt", "letter.txt") if name in text} == set(names), who

    def test_come_from_whoever_was_asked_and_from_nobody_else_outside(self, hub: Hub) -> None:
        case = report(hub)
        with pytest.raises(Refused):
            actions.attach(by=hub.police, case_id=case.id, file=kept_file("x.txt"), now=MONDAY)
        with pytest.raises(Refused):
            actions.attach(
                by=hub.school, case_id=case.id, file=kept_file("x.txt"), now=MONDAY, field="record"
            )


class TestSearch:
    def test_is_not_pushed_off_its_page_by_what_is_not_there(self, hub: Hub) -> None:
        publish_repair()
        ours = ordinary(hub, where=CHILD)
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
        assert {each.to for each in letters} == {"guard@example.org", address_of(hub.reporter)}
        for each in letters:
            text = f"{each.subject}\n{each.body}"
            assert case.reference in text
            assert words_in(text) == set()
            for title in ("Act at once", "A worry", "Decide"):
                assert title not in text

    def test_is_told_once(self, hub: Hub) -> None:
        act(hub.owner, heard(hub), "decide", "none", why=WHY)
        assert [each.to for each in Message.objects.all()] == [address_of(hub.reporter)]
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
            text = page_of(hub, who, case)
            assert "Bridge" in text
            assert "Tunnel" not in text
            rows = queries.worklist(hub.named(who), WorkFilter(whose="all"), MONDAY).rows
            assert [row.title for row in rows] == ["Vote"]
        with pytest.raises(NotFound):
            page_of(hub, "school", case)
        for who in ("outsider", "family"):
            actions.cast(
                by=hub.named(who), case_id=case.id, step="vote", expected=None, choice="for", now=MONDAY
            )
        assert again(case).ending == "agreed"


class TestCounts:
    def test_narrow_is_the_same_in_sql_by_hand(self, hub: Hub) -> None:
        publish_repair()
        ordinary(hub)
        heard(hub)
        for who in PEOPLE:
            viewer = hub.named(who)
            by_orm = set(circles.narrow(viewer, Case.objects.all()).values_list("id", flat=True))
            condition, values = circles.clause(viewer, "process_case")
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT id FROM process_case WHERE {condition}", values)
                by_hand = {row[0] for row in cursor.fetchall()}
            assert by_orm == by_hand, who
            assert len(by_orm) == (2 if who in {"owner", "guard"} else 1), who
