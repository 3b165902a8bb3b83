"""Who is there to do the work that is tried: as many as are needed, so many who share it, or those of real teams."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from moothall.process.definition import Definition
from moothall.process.definition.teams import teams_of

FEWEST, TO_SPARE = 6, 2
OTHER_COUNCILS = 10_000
"""Above the numbers of real councils, so that a seat of one who was made up is never a real council's."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can act. One account is one person, in whatever team."""

    user_id: int
    staff_id: int
    council_id: int


@dataclass(frozen=True, slots=True)
class People:
    """The teams that serve a council, by their function, and who works in each; `words` says who they are.

    `owners` says which team answers for another process; that of a process it does not know is called like it. Of
    `real` teams it is worth saying how many people they have.
    """

    teams: Mapping[str, tuple[Person, ...]]
    words: str
    owners: Mapping[str, str] = field(default_factory=dict)
    real: bool = False

    def owner(self, process: str) -> str:
        """Return the team that answers for a process."""
        return self.owners.get(process, process)

    @property
    def everybody(self) -> tuple[Person, ...]:
        """Each person once, whatever the number of their teams."""
        return tuple(dict.fromkeys(person for people in self.teams.values() for person in people))


def needed_by(definition: Definition) -> tuple[str, ...]:
    """Return every team that a process names, and one for each process that it hands work over to."""
    handed = (step.case for step in definition.steps.values() if step.case)
    return tuple(dict.fromkeys([*teams_of(definition), *handed]))


def enough(definition: Definition) -> People:
    """Return a team of everybody a process names, nobody in two of them: nothing waits for want of people.

    There are more of them than any vote needs, each of another council than the others of the team.
    """
    votes = [step.vote for step in definition.steps.values() if step.vote]
    needed = [vote.needed + len(vote.excluded) for vote in votes if isinstance(vote.needed, int)]
    needed += [vote.quorum for vote in votes if isinstance(vote.quorum, int)]
    size = max(FEWEST, *(TO_SPARE + number for number in needed), FEWEST)
    made = {
        function: tuple(
            Person(number * size + one + 1, number * size + one + 1, OTHER_COUNCILS + one)
            for one in range(size)
        )
        for number, function in enumerate(needed_by(definition))
    }
    return People(made, "as many people as it needs")


def sharing(functions: Iterable[str], count: int) -> People:
    """Return so many people who are in every team, each of them of a council of their own."""
    if count < 1:
        raise ValueError("at least one person is needed")
    few = tuple(
        Person(user_id=number + 1, staff_id=number + 1, council_id=OTHER_COUNCILS + number)
        for number in range(count)
    )
    words = "one person who does" if count == 1 else f"{count} people who share"
    return People(dict.fromkeys(functions, few), f"{words} the work of every team")
