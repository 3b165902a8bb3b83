"""Answers that are members of staff, and steps that fall to the very person who was named."""

from dataclasses import dataclass

import pytest

from moothall.councils.models import Staff
from moothall.councils.rules import Viewer
from moothall.plain.errors import HouseError
from moothall.process import actions, queries, store
from moothall.process.engine.state import CaseState
from moothall.process.errors import AnswersRefused, NotYet, NotYourStep
from moothall.process.language import read
from moothall.process.picture.wording import who
from moothall.process.simulation.running import simulate
from tests.makers import make_council, make_staff, make_team, make_user, make_viewer
from tests.process.making import MONDAY, publish_repair

ASK = """
process: ask
title: Ask for something
owner: desk
start: [staff]
fields:
  what: {ask: What do you need?, type: text}
  approver: {ask: Who approves it?, label: Approver, type: staff, amend: [agent]}
steps:
  ask: {title: Ask, ask: [what, approver]}
  approve:
    title: Approve
    by: staff
    person: approver
    show: [what]
    need: [{rule: approve.by != ask.by, say: Nobody approves their own.}]
    outcomes: {approved: {title: Approve}, refused: {title: Refuse, need_text: Why not?, end: refused}}
  deliver: {title: Deliver, by: desk, outcomes: {delivered: {title: Delivered, end: delivered}}}
"""


@dataclass
class Office:
    """Somebody who asks, their manager, and the desk."""

    asker: Staff
    manager: Staff
    clerk: Staff

    def viewer(self, name: str) -> Viewer:
        return make_viewer(getattr(self, name))

    def asked(self, approver: str) -> CaseState:
        return actions.start_case(
            by=self.viewer("asker"), council=self.asker.council, process="ask", now=MONDAY,
            answers={"what": "A laptop", "approver": approver},
        )  # fmt: skip

    def do(self, name: str, case: CaseState, step: str, outcome: str = "") -> CaseState:
        return actions.act(
            by=self.viewer(name), case_id=case.id, step=step, expected=None, now=MONDAY, outcome=outcome
        )


@pytest.fixture
def office(db: None, everything: None) -> Office:
    assert db is everything is None
    council = make_council()
    publish_repair(ASK)
    asker, manager, clerk = (
        make_staff(
            council=council,
            roles=("officer",),
            user=make_user(name=name, email=f"{name[:3].lower()}@ash.example"),
        )
        for name in ("Ann Asker", "Max Manager", "Cleo Clerk")
    )
    make_team(council=council, function="desk", members=(clerk,))
    return Office(asker, manager, clerk)


class TestAMemberOfStaff:
    @pytest.mark.parametrize("typed", ["max@ash.example", "MAX@ASH.example", "max manager", "Max Manager"])
    def test_is_known_by_e_mail_address_or_full_name(self, office: Office, typed: str) -> None:
        case = office.asked(typed)
        assert case.data["approver"] == {
            "staff": office.manager.pk, "user": office.manager.user_id, "name": "Max Manager"
        }  # fmt: skip
        facts = queries.case_file(office.viewer("clerk"), case.reference, MONDAY).facts
        assert ("Approver", "Max Manager") in [(each.label, each.words) for each in facts]

    def test_is_known_by_number_where_it_is_sent_again(self, office: Office) -> None:
        assert office.asked(f"Max Manager ({office.manager.pk})").data["approver"]["name"] == "Max Manager"

    @pytest.mark.parametrize("typed", ["max", "nobody@ash.example", "999999999", "", "Max Manager (0)"])
    def test_is_refused_who_does_not_work_here(self, office: Office, typed: str) -> None:
        with pytest.raises(AnswersRefused):
            office.asked(typed)

    def test_is_refused_who_has_left(self, office: Office) -> None:
        office.manager.ended_on = MONDAY.date().replace(year=2020)
        office.manager.save()
        with pytest.raises(AnswersRefused):
            office.asked("max@ash.example")

    def test_is_asked_for_by_e_mail_address_where_two_are_called_the_same(self, office: Office) -> None:
        make_staff(council=make_council(), user=make_user(name="Max Manager", email="other@elm.example"))
        with pytest.raises(AnswersRefused) as refused:
            office.asked("Max Manager")
        assert "There are 2 people called Max Manager." in refused.value.fields["approver"][0]


class TestAStepForAPerson:
    def test_falls_to_them_and_nobody_else_does_it(self, office: Office) -> None:
        case = office.asked("max@ash.example")
        assert case.steps["approve"].person_id == office.manager.pk
        for other in ("asker", "clerk"):
            with pytest.raises(NotYourStep):
                office.do(other, case, "approve", "approved")
        assert office.do("manager", case, "approve", "approved").steps["deliver"].state == "open"

    def test_is_never_approved_by_whoever_asked(self, office: Office) -> None:
        case = office.asked("ann@ash.example")
        with pytest.raises(NotYet, match="Nobody approves their own"):
            office.do("asker", case, "approve", "approved")

    def test_is_not_put_back_for_anybody_to_take(self, office: Office) -> None:
        case = office.asked("max@ash.example")
        with pytest.raises(HouseError):
            actions.put_back(
                by=office.viewer("manager"), case_id=case.id, step="approve", expected=None, now=MONDAY
            )

    def test_goes_to_another_when_the_answer_is_put_right(self, office: Office) -> None:
        case = office.asked("ann@ash.example")
        actions.amend(
            by=office.viewer("clerk"), case_id=case.id, expected=None, answers={"approver": "max@ash.example"},
            now=MONDAY,
        )  # fmt: skip
        again = store.load(case.id)
        assert again is not None
        assert again.steps["approve"].person_id == office.manager.pk

    def test_is_theirs_on_their_own_worklist(self, office: Office) -> None:
        case = office.asked("max@ash.example")
        page = queries.worklist(office.viewer("manager"), queries.WorkFilter(whose="mine"), MONDAY)
        assert [each.reference for each in page.rows] == [case.reference]


class TestReading:
    @pytest.mark.parametrize(
        ("old", "new", "said"),
        [
            ("person: approver", "person: what", "“what” is no question that is answered with a member of staff."),
            ("ask: [what, approver]", "ask: [what]", "“approver” is not known yet when this step opens."),
            ("    by: staff\n    person: approver", "    by: [resident]\n    person: approver",
             "This step does not fall to one member of staff."),
            ("    person: approver\n", "", "A step falls to a team, not to all staff."),
        ],
    )  # fmt: skip
    def test_says_what_is_wrong(self, old: str, new: str, said: str) -> None:
        assert old in ASK
        assert said in [each.wrong for each in read(ASK.replace(old, new)).mistakes if each.serious]

    def test_never_asks_residents_who_works_for_a_council(self) -> None:
        service = "service: {description: Ask., category: ICT, how_long: Soon.}\n"
        source = ASK.replace("start: [staff]", f"start: [resident]\n{service}")
        assert "Residents are asked for “approver”, and do not know who works for a council." in [
            each.wrong for each in read(source).mistakes
        ]

    def test_is_drawn_and_tried_with_made_up_people(self) -> None:
        made = read(ASK).definition
        assert made is not None
        assert who(made, made.steps["approve"]) == "Whoever is named in “Approver”"
        report = simulate(made, 50)
        assert report.cases == 50
