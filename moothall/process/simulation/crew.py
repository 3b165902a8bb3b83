"""Who may do an open step, and as whom: as `rules.may_do` and the gate have it, without a database."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from moothall.plain.actors import Actor
from moothall.plain.working_time import Calendar, Version, Week
from moothall.process.definition import AGENT, RESIDENT, STAFF, TIME, Step
from moothall.process.engine.state import Around, CaseState, Pulled, Voter, signature
from moothall.process.simulation.people import People, Person

REQUESTER, STRANGER = 900_000_001, 900_000_002
"""Accounts that nobody real has: whoever asked, and somebody new."""
_HOURS = Version(date.min, Week((((9 * 3600, 17 * 3600),),) * 5 + ((),) * 2))
_OFFICE, _ALWAYS = Calendar([_HOURS]), Calendar.always()
_NOT_STAFF = frozenset({RESIDENT, TIME})


@dataclass(frozen=True, slots=True)
class Hat:
    """Somebody who may do a step: how rules name them, as whom they act, and what is true around them."""

    sign: str
    acts_as: frozenset[str]
    around: Around
    staff_id: int | None


@dataclass(frozen=True, slots=True)
class Crew:
    """All who may do one step: whoever asked, and staff."""

    requester: Hat | None
    staff: tuple[Hat, ...]


class Roster:
    """Tells who may do what; what was told once is remembered."""

    def __init__(
        self, people: People, now: datetime, pull: Callable[[CaseState, str], Pulled | None]
    ) -> None:
        self.people, self.now, self._pull = people, now, pull
        self._numbers = {function: number for number, function in enumerate(people.teams, start=1)}
        self._functions = {number: function for function, number in self._numbers.items()}
        self._teams_of: dict[Person, frozenset[str]] = {
            person: frozenset(name for name, there in people.teams.items() if person in there)
            for person in people.everybody
        }
        self._known: dict[tuple[str, int | None], Crew] = {}
        self._voters: dict[tuple[str, ...], tuple[Voter, ...]] = {}

    def crew(self, step: Step, team_id: int | None) -> Crew:
        """Return all who may do a step that has fallen to a team."""
        if (found := self._known.get((step.key, team_id))) is None:
            found = self._known[step.key, team_id] = self._crew(step, team_id)
        return found

    def _crew(self, step: Step, team_id: int | None) -> Crew:
        requester = None
        if RESIDENT in step.by:
            by = Actor(kind="resident", user_id=REQUESTER, name="Whoever asked")
            requester = self._hat(by, None, frozenset({RESIDENT}))
        if {AGENT, STAFF} & set(step.by) or (team_id is None and set(step.by) != {RESIDENT}):
            people = self.people.everybody
        else:
            people = self.people.teams[self._functions[team_id]] if team_id is not None else ()
        return Crew(requester, tuple(self._staff(step, team_id, person) for person in people))

    def _staff(self, step: Step, team_id: int | None, person: Person) -> Hat:
        """Return somebody of the staff as they act: a team that the step does not name stands in for all it names."""
        mine = self._teams_of[person]
        there = team_id is not None and self._functions[team_id] in mine
        acts_as = frozenset(step.by) - _NOT_STAFF if there and mine.isdisjoint(step.by) else mine
        by = Actor(kind="staff", user_id=person.user_id, name="Somebody")
        return self._hat(by, person.staff_id, acts_as | {AGENT})

    def who(self, step: Step, team_id: int | None) -> str:
        """Return how many real people there are for a step: “1 in mash-manager”; empty for those who are made up."""
        teams = step.vote.of if step.vote else (self._functions[team_id],) if team_id is not None else ()
        if not self.people.real:
            return ""
        counts = [f"{len(self.people.teams.get(team, ())) or 'nobody'} in {team}" for team in teams]
        return " and ".join(counts)

    def stranger(self, step: Step) -> Hat:
        """Return somebody who has done nothing yet, and may act as anybody the step names."""
        by = Actor(kind="staff", user_id=STRANGER, name="Somebody new")
        return self._hat(by, STRANGER, frozenset(step.by) - _NOT_STAFF | {AGENT})

    def house(self, now: datetime) -> Around:
        """Return what is true around what time itself does."""
        return self._around(Actor(kind="system", user_id=None, name="Moothall"), None, None, now)

    def voters(self, teams: tuple[str, ...]) -> tuple[Voter, ...]:
        """Return those who may vote, each once."""
        if (known := self._voters.get(teams)) is not None:
            return known
        found: dict[Person, set[str]] = {}
        for team in teams:
            for person in self.people.teams.get(team, ()):
                found.setdefault(person, set()).add(team)
        made = tuple(
            Voter(person.staff_id, f"user:{person.user_id}", person.council_id, frozenset(of))
            for person, of in found.items()
        )
        return self._voters.setdefault(teams, made)

    def voter(self, voter: Voter, now: datetime) -> Around:
        """Return what is true around somebody who votes."""
        by = Actor(kind="staff", user_id=int(voter.by.removeprefix("user:")), name="Somebody")
        return self._around(by, voter.staff_id, voter.teams, now)

    def _hat(self, by: Actor, staff_id: int | None, acts_as: frozenset[str]) -> Hat:
        return Hat(signature(by), acts_as, self._around(by, staff_id, acts_as, self.now), staff_id)

    def _around(
        self, by: Actor, staff_id: int | None, acts_as: frozenset[str] | None, now: datetime
    ) -> Around:
        return Around(
            now=now,
            by=by,
            staff_id=staff_id,
            acts_as=acts_as,
            team=self._numbers.get,
            calendar=lambda name: _ALWAYS if name == "always" else _OFFICE,
            voters=self.voters,
            pull=self._pull,
            owner=self.people.owner,
        )
