"""The wall between work that is seen with a permission, as the ICT desk's, and that of all services: both sides."""

from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet

from moothall.councils.models import Council
from moothall.councils.roles import roles
from moothall.councils.rules import Viewer
from moothall.plain.errors import NotFound, Refused
from moothall.process import actions, circles, hooks, queries
from moothall.process.circles import NONE, PART, WHOLE
from moothall.process.definition import named_circle
from moothall.process.engine.state import CaseState
from moothall.process.errors import CannotMove
from moothall.process.language import read
from moothall.process.models import Case, Step
from moothall.process.queries import WorkFilter
from tests.makers import make_council, make_grant, make_staff, make_team, make_viewer
from tests.process.hub import again, page_of_viewer, publish
from tests.process.making import MONDAY, REPAIR

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]

CALL_SEE = "servicedesk.call.see"
FAULT = f"""
process: fault
title: A fault
owner: service-desk
start: [staff]
seen_with: {CALL_SEE}
fields:
  what: {{ask: What does not work?, type: text}}
  cost: {{ask: What does it cost?, type: text, optional: true}}
  helper: {{ask: Who helps?, type: staff, optional: true}}
  fix: {{ask: What was done?, type: text, optional: true}}
steps:
  report: {{title: Report, by: [staff], ask: [what, cost, helper]}}
  approve:
    title: Approve
    by: approvers
    show: [what]
    outcomes: {{yes: {{title: Approve it}}}}
  board:
    title: Board
    after: report
    vote: {{pass: 2, of: board}}
    show: [what]
    outcomes: {{agreed: {{title: Agree}}, against: {{title: Do not, end: refused}}}}
  help:
    title: Help
    by: [staff]
    after: report
    person: helper
    when: has(helper)
    show: [what]
    outcomes: {{helped: {{title: I helped}}}}
  mend:
    title: Mend
    by: service-desk
    after: [approve, board, help]
    show: [what, cost]
    ask: [fix]
    outcomes: {{mended: {{title: Mended, end: mended}}}}
"""
WHAT, COST, WHERE = "Loudspeaker", "Threepence", "Larder"
SERVICES = {"adviser": "", "officer": "", "supervisor": "", "auditor": "", "worker": "crew"}
"""Everybody who sees the work of services, and which team they are in."""
DESK = {
    "desk-analyst": "service-desk",
    "resolver": "",
    "desk-manager": "",
    "change-manager": "",
    "ict-client": "",
}
THEIR_STEP = {"approver": "approvers", "voter": "board"}


class House:
    """A council with somebody of each role; `at` says who they are, `fault` and `repair` what goes on."""

    def __init__(self) -> None:
        self.council: Council = make_council()
        self.staff = {
            who: make_staff(council=self.council, roles=("officer" if who not in roles() else who,))
            for who in (*SERVICES, *DESK, *THEIR_STEP, "helper")
        }
        for function in ("service-desk", "approvers", "board", "crew", "desk"):
            members = [who for who, team in (SERVICES | DESK | THEIR_STEP).items() if team == function]
            make_team(
                council=self.council, function=function, members=tuple(self.staff[who] for who in members)
            )
        publish(REPAIR, FAULT)
        self.repair = actions.start_case(
            by=Viewer.anonymous(self.council.pk), council=self.council, process="repair", now=MONDAY,
            answers={"what": "tap", "where": WHERE},
        )  # fmt: skip
        self.fault = self.report()

    def report(self, **more: Any) -> CaseState:
        asked = {"what": WHAT, "cost": COST, **more}
        return actions.start(
            by=self.at("officer"), council=self.council, process="fault", answers=asked, now=MONDAY
        )

    def at(self, who: str) -> Viewer:
        return make_viewer(self.staff[who])


@pytest.fixture
def house() -> House:
    return House()


def lists(viewer: Viewer) -> set[str]:
    """Return the titles of the processes whose cases any list of all cases shows, or the X-ray counts."""
    found = {row.process for row in queries.worklist(viewer, WorkFilter(whose="all"), MONDAY).rows}
    for text in (WHAT, WHERE, COST):
        found |= {each.process for each in queries.search(viewer, text)}
    return found


class TestTheTwoSides:
    @pytest.mark.parametrize("who", DESK)
    def test_the_desk_sees_its_own_work_and_none_of_services(self, house: House, who: str) -> None:
        viewer = house.at(who)
        assert circles.level(viewer, house.fault) is WHOLE
        assert circles.level(viewer, house.repair) is NONE
        assert lists(viewer) == {"A fault"}
        assert queries.search(viewer, house.repair.reference) == []
        assert COST in page_of_viewer(viewer, house.fault)
        with pytest.raises(NotFound):
            queries.case_file(viewer, house.repair.reference, MONDAY)

    @pytest.mark.parametrize("who", SERVICES)
    def test_services_are_seen_by_theirs_and_the_desk_is_not(self, house: House, who: str) -> None:
        viewer = house.at(who)
        assert circles.level(viewer, house.fault) is NONE
        assert circles.level(viewer, house.repair) is WHOLE
        assert lists(viewer) <= {"Repair"}
        assert queries.search(viewer, house.fault.reference) == []
        with pytest.raises(NotFound):
            queries.case_file(viewer, house.fault.reference, MONDAY)

    def test_every_role_that_sees_cases_is_on_one_side(self) -> None:
        seeing = {name for name, role in roles().items() if "process.case.see" in role.permissions}
        services = {name for name, role in roles().items() if "process.service.see" in role.permissions}
        walled = {name for name in seeing if not roles()[name].permissions.isdisjoint(hooks.walls)}
        assert services == seeing - set(DESK)
        assert walled == set(DESK)

    def test_whoever_has_a_role_of_each_sees_both(self, house: House) -> None:
        make_grant(staff=house.staff["officer"], role="resolver")
        viewer = house.at("officer")
        assert {circles.level(viewer, each) for each in (house.fault, house.repair)} == {WHOLE}

    def test_the_sides_are_those_of_each_council(self, house: House) -> None:
        """Who works for the desk here and for a service there sees each where they do."""
        other = make_council()
        viewer = house.at("desk-analyst")
        powers = dict(viewer.powers)
        for power in roles()["officer"].permissions:
            powers[power] = powers.get(power, frozenset()) | {other.pk}
        viewer = Viewer(viewer.actor, viewer.staff_id, viewer.council_id, powers)
        assert circles.sees_case(viewer, other.pk, "")
        assert not circles.sees_case(viewer, other.pk, CALL_SEE)
        assert circles.sees_case(viewer, house.council.pk, CALL_SEE)
        assert not circles.sees_case(viewer, house.council.pk, "")

    def test_whoever_sees_no_cases_at_all_is_not_shut_out_of_what_comes_another_way(
        self, house: House
    ) -> None:
        """Staff without a role follow what they asked for; the gate, not the circle, keeps them from the rest."""
        assert circles.sees_case(make_viewer(make_staff(council=house.council)), house.council.pk, "")
        assert circles.sees_case(Viewer.anonymous(house.council.pk), house.council.pk, "")
        asked = queries.asked(house.at("officer"), house.fault.reference)
        assert WHAT in str(asked.answers)


class TestThoseWithAStep:
    @pytest.mark.parametrize("who", THEIR_STEP)
    def test_come_to_it_and_to_nothing_else_of_the_case(self, house: House, who: str) -> None:
        viewer, case = house.at(who), house.fault
        assert circles.level(viewer, case) is PART
        assert WHAT in page_of_viewer(viewer, case)
        assert COST not in page_of_viewer(viewer, case)
        assert [row.headline for row in queries.worklist(viewer, WorkFilter(), MONDAY).rows] == [""]
        with pytest.raises(Refused):
            actions.note(by=viewer, case_id=case.id, text="x", now=MONDAY)

    def test_do_it(self, house: House) -> None:
        viewer = house.at("approver")
        case = actions.act(
            by=viewer, case_id=house.fault.id, step="approve", expected=None, now=MONDAY, outcome="yes"
        )
        assert case.steps["approve"].state == "done"
        with pytest.raises(NotFound):
            actions.act(by=viewer, case_id=case.id, step="mend", expected=None, now=MONDAY, outcome="mended")

    def test_vote_in_it(self, house: House) -> None:
        actions.cast(
            by=house.at("voter"),
            case_id=house.fault.id,
            step="board",
            expected=None,
            choice="for",
            now=MONDAY,
        )
        assert again(house.fault).steps["board"].state == "open"

    def test_have_it_in_person(self, house: House) -> None:
        user = house.staff["helper"].user
        case = house.report(helper={"staff": house.staff["helper"].pk, "user": user.pk, "name": user.name})
        viewer = house.at("helper")
        assert circles.level(viewer, case) is PART
        assert circles.level(viewer, house.fault) is NONE
        mine = queries.worklist(viewer, WorkFilter(whose="mine"), MONDAY).rows
        assert [(row.reference, row.headline) for row in mine] == [(case.reference, "")]
        assert WHAT in page_of_viewer(viewer, case)
        assert COST not in page_of_viewer(viewer, case)
        done = actions.act(
            by=viewer, case_id=case.id, step="help", expected=None, now=MONDAY, outcome="helped"
        )
        assert done.steps["help"].state == "done"

    def test_are_the_desk_where_a_step_of_a_service_was_passed_to_it(self, house: House) -> None:
        viewer = house.at("desk-analyst")
        desk = next(iter(viewer.team_ids))
        actions.pass_on(
            by=house.at("supervisor"), case_id=house.repair.id, step="check", expected=None, now=MONDAY,
            team_id=desk, why="It is a computer.",
        )  # fmt: skip
        assert circles.level(viewer, again(house.repair)) is PART
        assert "Larder" not in page_of_viewer(viewer, house.repair)
        assert circles.level(house.at("resolver"), again(house.repair)) is NONE


class TestInTheDatabase:
    @pytest.mark.parametrize("who", [*SERVICES, *DESK, *THEIR_STEP])
    def test_it_is_the_same_by_hand_by_row_and_by_queryset(self, house: House, who: str) -> None:
        viewer = house.at(who)
        every: QuerySet[Case] = Case.objects.all()
        by_row = {
            row.pk for row in every if circles.sees_case(viewer, row.council_id, row.circle)
        }  # fmt: skip
        assert set(circles.narrow(viewer, every).values_list("id", flat=True)) == by_row
        condition, values = circles.clause_of_cases(viewer, "process_case")
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT id FROM process_case WHERE {condition}", values)
            assert {row[0] for row in cursor.fetchall()} == by_row
        assert len(by_row) == 1

    def test_what_is_no_case_knows_the_empty_circle_as_everybodys(self, house: House) -> None:
        viewer = house.at("desk-analyst")
        assert circles.sees(viewer, house.council.pk, "")
        assert circles.clause(viewer, "t")[0].startswith("(t.circle = '' OR")
        assert circles.clause(house.at("auditor"), "t")[0] == "(t.circle = '')"

    def test_a_named_circle_is_no_permission(self, house: House) -> None:
        assert named_circle(house.fault.circle) == ""
        assert house.fault.circle == CALL_SEE
        steps = dict(Step.objects.filter(case_id=house.fault.id).values_list("key", "circle"))
        assert (steps["approve"], steps["board"]) == (CALL_SEE, f"board {CALL_SEE}")
        assert named_circle(steps["board"]) == "board"

    def test_a_private_process_keeps_its_teams_alone(self) -> None:
        found = read(FAULT.replace("seen_with", "private: crew\nseen_with"))
        assert found.definition is not None
        assert found.definition.circle == "crew service-desk"
        assert "private as well" in str(found.mistakes)

    def test_no_permission_that_no_room_named_opens_anything(self, house: House) -> None:
        viewer = house.at("officer")
        assert "persons.record.see" in viewer.powers
        assert not circles.sees(viewer, house.council.pk, "persons.record.see")


class TestMoving:
    BEFORE = FAULT.replace(f"seen_with: {CALL_SEE}\n", "").replace("process: fault", "process: older")
    AFTER = FAULT.replace("process: fault", "process: older")

    def test_brings_a_case_behind_the_wall_with_its_steps(self, house: House) -> None:
        case, version = self._older(house), _version(self.AFTER)
        assert circles.level(house.at("auditor"), case) is WHOLE
        actions.migrate_case(
            by=Viewer.system(), case_id=case.id, version=version, choices={}, expected=None, now=MONDAY
        )
        assert circles.level(house.at("auditor"), again(case)) is NONE
        assert circles.level(house.at("resolver"), again(case)) is WHOLE

    def test_out_from_behind_it_is_for_those_behind_it(self, house: House) -> None:
        make_grant(staff=house.staff["officer"], role="service-designer")
        make_grant(staff=house.staff["resolver"], role="service-designer")
        _version(self.AFTER)
        case = actions.start(
            by=house.at("resolver"),
            council=house.council,
            process="older",
            answers={"what": WHAT},
            now=MONDAY,
        )
        version = _version(self.BEFORE)
        with pytest.raises((NotFound, CannotMove)):
            actions.migrate_case(
                by=house.at("officer"),
                case_id=case.id,
                version=version,
                choices={},
                expected=None,
                now=MONDAY,
            )
        actions.migrate_case(
            by=house.at("resolver"), case_id=case.id, version=version, choices={}, expected=None, now=MONDAY
        )
        assert circles.level(house.at("officer"), again(case)) is WHOLE

    def _older(self, house: House) -> CaseState:
        _version(self.BEFORE)
        return actions.start(
            by=house.at("officer"), council=house.council, process="older", answers={"what": WHAT}, now=MONDAY
        )


def _version(source: str) -> Any:
    definition = read(source).definition
    assert definition is not None
    return actions.publish(by=Viewer.system(), definition=definition, source=source, now=MONDAY)


class TestTheLanguage:
    def test_wants_a_permission_that_cases_are_seen_with(self) -> None:
        for word, said in (
            ("servicedesk.call.sea", "No cases are seen with the permission “servicedesk.call.sea”"),
            ("service-desk", "“service-desk” is not a name. Write it like “servicedesk.call.see”."),
            ("process.case.see", "so nobody would see these"),
        ):
            assert said in "\n".join(
                map(str, read(FAULT.replace(CALL_SEE, word), walls=hooks.walls).mistakes)
            )
        assert read(FAULT, walls=hooks.walls).sound
