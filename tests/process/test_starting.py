"""Work that staff ask for inside the councils: who may start it, and how they see it without any role in it."""

from dataclasses import replace

import pytest

from moothall.identity.models import User
from moothall.messages.models import Message
from moothall.plain.errors import NotFound, Refused
from moothall.process import actions, queries
from moothall.process.engine.state import CaseState
from moothall.process.errors import NotYourStep, NotYoursToStart
from moothall.process.filling import filled
from moothall.process.language import read
from tests.makers import make_council, make_staff, make_team, make_viewer
from tests.process.hub import (
    CHILD,
    CONCERN,
    SCHOOL,
    WHY,
    Hub,
    act,
    address_of,
    heard,
    make_hub,
    publish,
    report,
)
from tests.process.making import MONDAY, publish_repair

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]

BADGE = """
process: badge
title: A badge
owner: desk
start: [staff]
fields:
  name: {ask: Whose name?, type: text}
  floor: {ask: Which floor?, type: text}
  photo_ok: {ask: Is this you?, type: yesno}
  cost: {ask: What does it cost?, type: text}
clocks:
  made: {title: Badge made, within: 2 working days, from: ask, until: make, late: {tell: desk}}
steps:
  ask: {title: Ask, by: [staff], ask: [name, floor], next: We make it.}
  make:
    title: Make it
    by: desk
    next: The desk makes your badge.
    ask: [cost]
    outcomes:
      question: {title: Ask them, tell: [requester], say: We need to know something.}
      made: {title: Made, end: made, tell: [requester, desk], say: "Your badge is ready, {name}."}
  answer:
    title: Answer
    by: [requester]
    when: make.outcome == "question"
    next: We wait for you.
    show: [name]
    ask: [photo_ok]
    outcomes: {sent: {title: Send, back: make}}
"""
TEAM_ONLY = """
process: rota
title: A rota
owner: desk
start: [school, police]
fields: {week: {ask: Which week?, type: text}}
steps:
  put: {title: Put, by: [police, school], ask: [week], next: We look.}
  look: {title: Look, by: desk, outcomes: {fine: {title: Fine, end: fine}}}
"""


@pytest.fixture
def hub() -> Hub:
    found = make_hub()
    publish_repair()
    publish(BADGE, TEAM_ONLY)
    return found


def start(hub: Hub, who: str = "reporter") -> CaseState:
    answers = {"name": "Ada", "floor": "Third"}
    return actions.start(by=hub.named(who), council=hub.council, process="badge", answers=answers, now=MONDAY)


class TestWhatSomebodyMayStart:
    @pytest.mark.parametrize(
        ("who", "keys"),
        [
            ("reporter", {"badge", "worry", "repair"}),
            ("school", {"badge", "worry", "repair", "rota"}),
            ("family", {"badge", "worry", "repair", "family-help"}),
            ("auditor", set()),
        ],
    )
    def test_is_what_staff_or_their_teams_start_and_no_service(
        self, hub: Hub, who: str, keys: set[str]
    ) -> None:
        found = queries.startable(hub.named(who))
        assert {each.key for each in found} == keys
        assert {each.council for each in found} <= {hub.council.name}

    def test_is_refused_to_whoever_may_not_start_anything(self, hub: Hub) -> None:
        with pytest.raises(Refused):
            start(hub, "auditor")

    def test_is_not_there_at_another_council(self, hub: Hub) -> None:
        stranger = make_viewer(make_staff(council=make_council(), roles=("officer",)))
        with pytest.raises(NotFound):
            actions.start(by=stranger, council=hub.council, process="badge", answers={}, now=MONDAY)

    def test_is_refused_where_it_is_for_another_team(self, hub: Hub) -> None:
        with pytest.raises(NotYoursToStart, match="A rota"):
            actions.start(by=hub.family, council=hub.council, process="rota", answers=None, now=MONDAY)

    def test_is_refused_for_a_service_of_residents(self, hub: Hub) -> None:
        words = (
            "title: A rota, description: Ask for a rota., category: Other, how_long: A day., contact: none"
        )
        service = f"service: {{{words}}}\n"
        publish(
            TEAM_ONLY.replace("fields:", f"{service}fields:")
            .replace("start: [school, police]", "start: [resident, agent]")
            .replace("by: [police, school]", "by: [resident, agent]")
        )
        with pytest.raises(NotYoursToStart):
            actions.start(by=hub.reporter, council=hub.council, process="rota", answers=None, now=MONDAY)
        assert "rota" not in {each.key for each in queries.startable(hub.reporter)}

    def test_a_private_process_for_others_is_not_there(self, hub: Hub) -> None:
        publish(
            TEAM_ONLY.replace("start: [school, police]", "start: [police]\nprivate: [police]").replace(
                "rota", "raid"
            )
        )
        with pytest.raises(NotFound):
            actions.start(by=hub.school, council=hub.council, process="raid", answers=None, now=MONDAY)

    def test_falls_to_the_team_of_whoever_starts_it(self, hub: Hub) -> None:
        case = actions.start(
            by=hub.school, council=hub.council, process="rota", answers={"week": "1"}, now=MONDAY
        )
        assert case.steps["put"].team_id == hub.teams["school"].pk
        assert case.steps["put"].person_id == hub.school.staff_id

    def test_may_be_left_for_others_to_begin(self, hub: Hub) -> None:
        publish(TEAM_ONLY.replace("start: [school, police]", "start: [staff, school, police]").replace(
            "by: [police, school]", "by: [staff, police, school]"
        ))  # fmt: skip
        case = actions.start(by=hub.family, council=hub.council, process="rota", answers=None, now=MONDAY)
        assert case.steps["put"].state == "open"


class TestWhatSomebodyAskedFor:
    def test_is_in_their_list_and_in_nobody_elses(self, hub: Hub) -> None:
        case = start(hub)
        report(hub)
        found = queries.asked_by(hub.reporter)
        assert [(each.title, each.is_open, each.waits_for_me) for each in found] == [
            ("A worry", True, False),
            ("A badge", True, False),
        ]
        assert found[1].reference == case.reference
        assert queries.asked_by(hub.outsider) == []

    def test_needs_no_role(self, hub: Hub) -> None:
        case = start(hub)
        person = make_viewer(make_staff(council=hub.council))
        assert queries.asked_by(person) == []
        with pytest.raises(NotFound):
            queries.asked(person, case.reference)
        alone = type(hub.reporter)(
            actor=hub.reporter.actor, staff_id=hub.reporter.staff_id, council_id=hub.reporter.council_id
        )
        assert queries.asked(alone, case.reference).case.id == case.id
        assert len(queries.asked_by(alone)) == 1

    def test_shows_their_own_answers_and_nothing_of_the_work(self, hub: Hub) -> None:
        case = heard(hub)
        act(hub.owner, case, "decide", "none", why=WHY)
        page = queries.asked(hub.reporter, case.reference)
        assert {each.words for each in page.answers} == {CHILD, CONCERN}
        assert [words for _, words in page.said] == ["Thank you. We looked into it."]
        assert (page.is_open, page.waiting, page.next) == (False, [], "")
        assert SCHOOL not in repr((page.answers, page.said, page.next))

    def test_is_no_way_into_the_case_itself(self, hub: Hub) -> None:
        case = report(hub)
        with pytest.raises(NotFound):
            queries.case_file(hub.reporter, case.reference, MONDAY)

    def test_says_what_comes_next(self, hub: Hub) -> None:
        assert queries.asked(hub.reporter, start(hub).reference).next == "The desk makes your badge."

    def test_has_answers_in_its_words_but_no_secret_ones(self) -> None:
        definition = read(BADGE).definition
        assert definition is not None
        secret = {
            "name": replace(definition.fields["name"], circle=("desk",)),
            "floor": definition.fields["floor"],
        }
        kept = replace(definition, fields=secret)
        assert filled("{name}, {floor}", kept, {"name": "Ada", "floor": "3"}) == "(not shown here), 3"

    def test_is_answered_by_them_and_by_nobody_else(self, hub: Hub) -> None:
        case = start(hub)
        act(hub.outsider, case, "make", "question", cost="4 pounds")
        page = queries.asked(hub.reporter, case.reference)
        assert [(each.title, [fact.words for fact in each.show]) for each in page.waiting] == [
            ("Answer", ["Ada"])
        ]
        assert queries.asked_by(hub.reporter)[0].waits_for_me
        for who in ("family", "outsider"):
            with pytest.raises(NotFound):
                actions.reply(
                    by=hub.named(who), case_id=case.id, step="answer", expected=None, now=MONDAY,
                    answers={"photo_ok": True},
                )  # fmt: skip
        after = actions.reply(
            by=hub.reporter, case_id=case.id, step="answer", expected=page.case.seq, now=MONDAY,
            answers={"photo_ok": True},
        )  # fmt: skip
        assert after.steps["make"].run == 2

    def test_lets_them_do_no_step_of_the_team(self, hub: Hub) -> None:
        case = start(hub)
        with pytest.raises(NotYourStep):
            actions.reply(
                by=hub.reporter,
                case_id=case.id,
                step="make",
                expected=None,
                now=MONDAY,
                answers={},
                outcome="made",
            )

    def test_is_not_there_for_a_service_that_they_use_at_home(self, hub: Hub) -> None:
        case = start(hub)
        assert len(queries.asked_by(hub.reporter)) == 1
        resident = type(hub.reporter).resident(
            user_id=hub.reporter.actor.user_id or 0, name="Me", council_id=hub.council.pk
        )
        assert queries.asked_by(resident) == []
        with pytest.raises(NotFound):
            queries.asked(resident, case.reference)


class TestWhatTheyAreTold:
    def test_is_what_the_process_says_once_to_each(self, hub: Hub) -> None:
        case = start(hub)
        assert not Message.objects.exists()
        act(hub.outsider, case, "make", "made", cost="4 pounds")
        to_them = Message.objects.get(to=address_of(hub.reporter))
        assert "Your badge is ready, Ada." in to_them.body
        assert f"/work/asked/{case.reference}/" in to_them.body
        assert "anybody who has the link" not in to_them.body
        to_team = Message.objects.get(to="desk@example.org")
        assert (to_team.subject, "Made" in to_team.body) == (f"{case.reference}: Made", True)
        assert Message.objects.count() == 2

    def test_is_a_question_when_there_is_one(self, hub: Hub) -> None:
        act(hub.outsider, start(hub), "make", "question", cost="4 pounds")
        body = Message.objects.get(to=address_of(hub.reporter)).body
        assert "We need to know something." in body
        assert "Ada" in body

    def test_is_nothing_for_an_account_that_was_closed(self, hub: Hub) -> None:
        case = start(hub)
        User.objects.filter(pk=hub.reporter.actor.user_id or 0).update(is_active=False)
        act(hub.outsider, case, "make", "made", cost="4 pounds")
        assert [each.to for each in Message.objects.all()] == ["desk@example.org"]

    def test_late_work_inside_says_nothing_of_a_resident(self, hub: Hub) -> None:
        start(hub)
        assert actions.sweep(MONDAY.replace(day=30)) == 1
        assert "resident" not in Message.objects.get(to="desk@example.org").body.lower()

    def test_of_the_team_of_another_council_is_nothing(self, hub: Hub) -> None:
        far = make_team(council=make_council(), function="desk", code="far-desk")
        far.email = "far@example.org"
        far.save()
        act(hub.outsider, start(hub), "make", "made", cost="4 pounds")
        assert "far@example.org" not in {each.to for each in Message.objects.all()}
