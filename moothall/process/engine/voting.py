"""Steps that several people decide: who has a seat, one vote for each, and when it is decided.

A vote passes with the votes that it needs, once the quorum has voted; it fails with a veto, or when the votes that are
left cannot make up the number any more. Where there are fewer seats than it needs, it cannot be decided: it stays open
and says so, since a board that is not filled has refused nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from moothall.process.definition import ANYBODY, TIME, Outcome, Step, Vote
from moothall.process.engine.answering import recall
from moothall.process.engine.choosing import require
from moothall.process.engine.moving import finish
from moothall.process.engine.state import Around, CaseState, Cast, Happening, StepRun, Voter, signature
from moothall.process.engine.steps import open_run
from moothall.process.errors import ChooseAVote, NotYet, SayWhy, VoteRefused

Choice = Literal["for", "against", "abstain"]
CHOICES: tuple[Choice, ...] = ("for", "against", "abstain")


@dataclass(frozen=True, slots=True)
class Standing:
    """How a vote stands: the votes, the seats there are, what it takes, and how it is decided.

    `why_not` says why it cannot be decided as things are.
    """

    for_: int
    against: int
    abstained: int
    seats: int
    needed: int
    quorum: int
    decided: Literal["", "for", "against"]
    why_not: str = ""

    @property
    def tally(self) -> dict[str, int]:
        """The votes, as the history keeps them."""
        return {"for": self.for_, "against": self.against, "abstain": self.abstained}


def cast(case: CaseState, around: Around, *, step: str, choice: str, text: str = "") -> Standing:
    """Cast a vote, or change one's own; finish the step if that decides it. Returns how the vote then stands."""
    run = open_run(case, step)
    asked = case.definition.steps[step]
    if asked.vote is None:
        raise NotYet(reasons=["It is not decided by a vote."])
    if choice not in CHOICES:
        raise ChooseAVote({"choice": ["Choose how you vote."]})
    voter = voter_of(case, asked, around)
    found = recall(case, around)
    require(case, run, found, around)
    passes, fails = ways(asked)
    words = text.strip()
    if choice == "against" and fails.need_text and not words:
        raise SayWhy({"text": [fails.text_missing]}, ask=fails.text_missing)
    _take(run, voter, Cast(seat_of(asked.vote, voter), voter.staff_id, voter.by, choice, around.now, words))
    body = {"choice": choice, "seat": seat_of(asked.vote, voter)} | ({"text": words} if words else {})
    case.happened.append(Happening("voted", step, run.run, team_id=run.team_id, body=body))
    stands = standing(asked, run, electorate(case, asked, around), seats_of(case, asked, around))
    if stands.decided:
        outcome = passes if stands.decided == "for" else fails
        finish(case, run, outcome, found, around, body=_said(words, stands))
    return stands


def _said(words: str, stands: Standing) -> dict[str, Any]:
    return {"tally": stands.tally} | ({"text": words} if words else {})


def ways(step: Step) -> tuple[Outcome, Outcome]:
    """Return the outcomes of a vote that passes, and of one that fails."""
    found = [each for each in step.outcomes.values() if each.by != (TIME,)]
    return found[0], found[min(1, len(found) - 1)]


def _take(run: StepRun, voter: Voter, new: Cast) -> None:
    """Put a vote where it belongs: in a new seat, or in the place of what the same person said before."""
    for old in run.votes:
        if old.by == voter.by:
            old.choice, old.at, old.text, old.changed = new.choice, new.at, new.text, True
            return
        if old.seat == new.seat:
            raise VoteRefused(
                why="Somebody of your council has voted already, and each council has one vote."
            )
    run.votes.append(new)


def voter_of(case: CaseState, step: Step, around: Around) -> Voter:
    """Return whoever acts as somebody who may vote on a step; refuses everybody else, saying why."""
    assert step.vote is not None
    me = signature(around.by)
    if refused := excluded(case, step.vote).get(me):
        raise VoteRefused(why=f"You did “{refused}”, so you may not vote on it.")
    seats = seats_of(case, step, around)
    for voter in around.voters(step.vote.of):
        if voter.by == me and seats is not None and seat_of(step.vote, voter) not in seats:
            raise VoteRefused(why="Your council has no seat in this: it is not among those that it concerns.")
        if voter.by == me:
            return voter
    raise VoteRefused(why=f"Only members of {_teams(step.vote.of)} vote on “{step.title}”.")


def _teams(names: Iterable[str]) -> str:
    return " and ".join(name.replace("-", " ") for name in names)


def excluded(case: CaseState, vote: Vote) -> dict[str, str]:
    """Return those who may not vote because of what they did, each with the title of that step."""
    found: dict[str, str] = {}
    for each in vote.excluded:
        key = each.partition(".")[0]
        run = case.steps.get(key)
        if run is not None and run.state == "done":
            found.setdefault(run.done_by, case.definition.steps[key].title)
    return found


def electorate(case: CaseState, step: Step, around: Around) -> tuple[Voter, ...]:
    """Return all who may vote on a step: members of its teams with a seat, without those who are excluded."""
    assert step.vote is not None
    out, seats = excluded(case, step.vote), seats_of(case, step, around)
    return tuple(
        voter
        for voter in around.voters(step.vote.of)
        if voter.by not in out and (seats is None or seat_of(step.vote, voter) in seats)
    )


def seats_of(case: CaseState, step: Step, around: Around) -> dict[str, str] | None:
    """Return the seats that the case itself gives, each with the code of its council; None if all have one.

    All have where no answer says which, or where nobody knows the councils by their codes, as in made-up cases.
    """
    assert step.vote is not None
    named = case.data.get(step.vote.seats) if step.vote.seats else None
    codes = [str(code).strip().casefold() for code in named] if isinstance(named, list) else []
    numbers = {code: around.council(code) for code in dict.fromkeys(codes)}
    if not numbers or None in numbers.values():
        return None
    return {f"council:{number or code}": code for code, number in numbers.items()}


def seat_of(vote: Vote, voter: Voter) -> str:
    """Return the seat that somebody's vote takes: their own, or that of the council they work for."""
    return f"council:{voter.council_id}" if vote.one_per == "council" else voter.by


def standing(
    step: Step, run: StepRun, voters: Iterable[Voter], given: Mapping[str, str] | None = None
) -> Standing:
    """Return how the vote of a step stands among those who may vote (`electorate`). A vote once cast keeps its seat.

    `given` are the seats where the case says which there are (`seats_of`): a vote in another does not count any more,
    and nothing is decided while nobody is there for one of them.
    """
    assert step.vote is not None
    vote, known = step.vote, {voter.by: voter for voter in voters}
    votes = [each for each in run.votes if given is None or each.seat in given]
    cast_in = {each.seat for each in votes}
    there = cast_in | {seat_of(vote, voter) for voter in known.values()}
    seats = len(there if given is None else given)
    for_, against, abstained = (sum(each.choice == choice for each in votes) for choice in CHOICES)
    needed, quorum = _share(vote.needed, seats), _share(vote.quorum, seats)
    absent = [code for seat, code in given.items() if seat not in there] if given is not None else []
    why_not = _absent(absent) if absent else _too_few(seats, needed, quorum)
    decided: Literal["", "for", "against"] = ""
    if any(each.choice == "against" and _vetoes(vote, known.get(each.by)) for each in votes):
        decided = "against"
    elif not why_not and for_ >= needed and len(votes) >= quorum:
        decided = "for"
    elif not why_not and for_ + seats - len(cast_in) < needed:
        decided = "against"
    return Standing(for_, against, abstained, seats, needed, quorum, decided, "" if decided else why_not)


def _share(named: int | str, seats: int) -> int:
    """Return how many votes a number is, `all` of the seats, or a `majority` of them."""
    if named == "majority":
        return seats // 2 + 1
    return named if isinstance(named, int) else max(seats, 1)


def _too_few(seats: int, needed: int, quorum: int) -> str:
    most = max(needed, quorum)
    if seats >= most:
        return ""
    there = {0: "nobody", 1: "only one"}.get(seats, f"only {seats}")
    return f"{there} can vote on this, and it takes {most}.".capitalize()


def _absent(codes: list[str]) -> str:
    """Say for which councils with a seat nobody can vote, by their codes."""
    return f"Nobody of {' and '.join(codes)} can vote on this, and each council that it concerns has to be there."


def _vetoes(vote: Vote, voter: Voter | None) -> bool:
    """Say whether somebody's vote against is enough. Who has left the teams since keeps their vote, not their veto."""
    if ANYBODY in vote.veto:
        return True
    return voter is not None and not voter.teams.isdisjoint(vote.veto)
