"""The people and teams among whom random cases go round."""

from dataclasses import dataclass

from moothall.councils.models import Council, Membership, Staff, Team
from moothall.councils.rules import Viewer
from tests.makers import (
    make_agreement,
    make_council,
    make_grant,
    make_staff,
    make_team,
    make_user,
    make_viewer,
)
from tests.process.sheet import Who

STAFF = ("ann", "bob", "cat", "sue", "dan", "aud", "eve", "fay")


@dataclass(repr=False)
class World:
    """A council with two teams that know each other, a supervisor, an adviser, an auditor, and a stranger."""

    council: Council
    teams: dict[str, Team]
    staff: dict[str, Staff]

    @classmethod
    def make(cls) -> "World":
        council, elsewhere = make_council(), make_council()
        roles = {"sue": "supervisor", "dan": "adviser", "aud": "auditor"}
        staff = {
            name: make_staff(
                council=elsewhere if name in {"eve", "fay"} else council,
                roles=(roles.get(name, "officer"),),
                user=make_user(name=name),
            )
            for name in STAFF
        }
        shared = make_agreement(councils=(council, elsewhere))
        make_grant(staff=staff["fay"], role="officer", council=council, agreement=shared)
        alpha = make_team(
            council=council, function="alpha", members=(staff["ann"], staff["bob"], staff["fay"])
        )
        beta = make_team(council=council, function="beta", members=(staff["cat"],))
        make_team(council=elsewhere, function="alpha", members=(staff["eve"],))
        return cls(council, {"alpha": alpha, "beta": beta}, staff)

    def person(self, name: str) -> Who:
        """Return somebody as the paper knows them."""
        if name == "resident":
            return Who("resident", None, frozenset(), frozenset(), requester=True)
        staff = self.staff[name]
        teams = [key for key, team in self.teams.items() if self.works(team.pk, staff.pk)]
        return Who(
            name=f"user:{staff.user_id}",
            person=staff.pk,
            teams=frozenset(self.teams[key].pk for key in teams),
            functions=frozenset(teams),
            acts=name not in {"aud", "eve"},
            supervises=name == "sue",
        )

    def viewer(self, name: str) -> Viewer:
        if name == "resident":
            return Viewer.anonymous(self.council.pk)
        return make_viewer(self.staff[name])

    def works(self, team: int, person: int) -> bool:
        return Membership.objects.filter(team_id=team, staff_id=person).exists()

    def members(self, functions: tuple[str, ...]) -> dict[str, tuple[str, frozenset[str]]]:
        """Return who is in teams of these functions, with their councils and which of these they are in."""
        found: dict[str, tuple[str, frozenset[str]]] = {}
        for staff in self.staff.values():
            inside = {
                key for key in functions if key in self.teams and self.works(self.teams[key].pk, staff.pk)
            }
            if inside:
                found[f"user:{staff.user_id}"] = (f"council:{staff.council_id}", frozenset(inside))
        return found
