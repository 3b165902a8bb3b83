"""roles.yaml: every permission known, every permission given, nothing given by accident."""

import pytest

from moothall.councils import checks, hooks
from moothall.councils import roles as reading
from moothall.councils.permissions import Can, Permission
from moothall.councils.roles import ADMINISTRATOR, read, roles


class TestTheRoles:
    def test_and_the_rooms_permissions_agree(self) -> None:
        assert checks.roles_agree() == []

    def test_without_work_on_cases_see_no_cases(self) -> None:
        for name in ("service-designer", "council-administrator", ADMINISTRATOR, "ict-operator"):
            assert not [
                one
                for one in roles()[name].permissions
                if one.startswith(("process.case", "requests.request"))
            ]

    def test_the_auditor_only_sees(self) -> None:
        assert {one.rpartition(".")[2] for one in roles()["auditor"].permissions} <= {"see", "search"}

    def test_only_a_partnership_administrator_makes_another(self) -> None:
        assert roles()[ADMINISTRATOR].granted_by == {ADMINISTRATOR}

    def test_of_those_who_manage_staff_give_no_role_that_manages_staff(self) -> None:
        for role in roles().values():
            if Can.MANAGE_STAFF.value in role.permissions:
                assert role.granted_by == {ADMINISTRATOR}


class TestTheCheckAtStart:
    def check(self, monkeypatch: pytest.MonkeyPatch, text: str) -> list[str]:
        monkeypatch.setattr(checks, "roles", lambda: read(text))
        return [str(message.msg) for message in checks.roles_agree()]

    def test_refuses_a_permission_that_no_room_knows(self, monkeypatch: pytest.MonkeyPatch) -> None:
        text = "guest: {title: G, for: g, may: [tea.cup.drink], granted by: []}"
        assert "roles.yaml: guest may “tea.cup.drink”, which no room knows." in self.check(monkeypatch, text)

    def test_refuses_a_permission_that_no_role_gives(self, monkeypatch: pytest.MonkeyPatch) -> None:
        text = "guest: {title: G, for: g, may: [], granted by: []}"
        assert "roles.yaml: no role may “councils.staff.see”, so nobody ever could." in self.check(
            monkeypatch, text
        )

    @pytest.mark.parametrize(
        "text",
        [
            "guest: {title: G, for: g, may: []}",
            "guest: {title: G, for: g, may: [], granted by: [wizard]}",
            "guest: {title: G, for: g, may: [a.b.c, a.b.c], granted by: []}",
        ],
    )
    def test_refuses_what_is_not_a_role(self, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
        assert len(self.check(monkeypatch, text)) == 1


class TestHanging:
    def test_a_permission_twice_is_refused(self) -> None:
        class Other(Permission):
            SEE = Can.SEE_STAFF.value, "see who works here"

        with pytest.raises(ValueError, match="named twice"):
            hooks.permissions(Other)
        assert reading.permissions_of_roles()
