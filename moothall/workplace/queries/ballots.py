"""How a vote stands, for the page of its case: who voted, whose vote is still out, and whether the viewer may vote."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from moothall.councils import gate
from moothall.councils.models import Council, Staff
from moothall.councils.rules import Viewer
from moothall.plain.errors import HouseError
from moothall.process.actions.keeping import around
from moothall.process.definition import Step
from moothall.process.engine import voting
from moothall.process.engine.state import Around, CaseState, Cast, StepRun, Voter
from moothall.process.engine.voting import Standing
from moothall.process.permissions import Can

WORDS = {"for": "For", "against": "Against", "abstain": "Abstained"}


@dataclass(frozen=True, slots=True)
class Said:
    """One vote, as it is read."""

    name: str
    words: str
    text: str
    at: datetime
    mine: bool


@dataclass(frozen=True, slots=True)
class Ballot:
    """A vote that is not decided yet. `why_not` says why the viewer may not vote; `stuck` why it cannot be decided.

    `ask` is what whoever votes against has to say; `choice` and `text` are the viewer's own vote so far.
    """

    sums: Sequence[str]
    casts: Sequence[Said]
    waiting: Sequence[str]
    passes: str
    fails: str
    ask: str
    stuck: str
    why_not: str
    choice: str = ""
    text: str = ""


def ballot(viewer: Viewer, case: CaseState, run: StepRun, now: datetime) -> Ballot:
    """Return how the vote of an open step stands; the step is there for the viewer."""
    step = case.definition.steps[run.key]
    assert step.vote is not None
    place = around(viewer, case.council_id, now)
    voters = voting.electorate(case, step, place)
    stands = voting.standing(step, run, voters, voting.seats_of(case, step, place))
    names, seats = _names(run, voters), {each.seat for each in run.votes}
    councils = step.vote.one_per == "council"
    waiting = {voting.seat_of(step.vote, each): each for each in voters}
    still = [
        names.councils[each.council_id] if councils else names.people[each.staff_id]
        for seat, each in waiting.items()
        if seat not in seats
    ]
    mine = next((each for each in run.votes if each.staff_id == viewer.staff_id), None)
    passes, fails = voting.ways(step)
    return Ballot(
        sums=_sums(step, stands),
        casts=[_said(each, names, viewer, councils=councils) for each in run.votes],
        waiting=sorted(still),
        passes=passes.title,
        fails=fails.title,
        ask=fails.need_text,
        stuck=stands.why_not,
        why_not=_why_not(viewer, case, step, run, place),
        choice=mine.choice if mine else "",
        text=mine.text if mine else "",
    )


@dataclass(frozen=True, slots=True)
class _Names:
    people: dict[int, str]
    councils: dict[int, str]
    employers: dict[int, int]


def _names(run: StepRun, voters: Sequence[Voter]) -> _Names:
    ids = {each.staff_id for each in run.votes} | {each.staff_id for each in voters}
    rows = Staff.objects.filter(id__in=sorted(ids)).values_list("id", "user__name", "council_id")
    employers = {staff_id: council_id for staff_id, _, council_id in rows}
    councils = Council.objects.filter(id__in=sorted(set(employers.values()))).values_list("id", "name")
    return _Names({staff_id: name for staff_id, name, _ in rows}, dict(councils), employers)


def _said(each: Cast, names: _Names, viewer: Viewer, *, councils: bool) -> Said:
    name = names.people.get(each.staff_id, "Somebody")
    if councils and (council := names.councils.get(names.employers.get(each.staff_id, 0))):
        name = f"{council} ({name})"
    return Said(name, WORDS[each.choice], each.text, each.at, each.staff_id == viewer.staff_id)


def _sums(step: Step, stands: Standing) -> list[str]:
    """Return how it stands, and what it takes, in sentences."""
    assert step.vote is not None
    so_far = f"{stands.for_} for, {stands.against} against"
    so_far += f", {stands.abstained} abstained." if stands.abstained else "."
    kind = "councils" if step.vote.one_per == "council" else "people"
    takes = f"It takes {stands.needed} of {stands.seats} {kind} for it"
    takes += f", once {stands.quorum} have voted." if stands.quorum else "."
    cast = stands.for_ + stands.against + stands.abstained
    short = [
        f"{max(0, stands.needed - stands.for_)} more for it",
        f"{max(0, stands.quorum - cast)} more to vote at all",
    ]
    needed = [words for words in short if not words.startswith("0 ")]
    sums = [so_far, takes]
    if needed and not stands.why_not:
        sums.append(f"Still needed: {' and '.join(needed)}.")
    if step.vote.veto:
        who = "anybody" if "any" in step.vote.veto else " or ".join(_plain(each) for each in step.vote.veto)
        sums.append(f"One vote against by {who} is enough to stop it.")
    return sums


def _plain(function: str) -> str:
    return function.replace("-", " ")


def _why_not(viewer: Viewer, case: CaseState, step: Step, run: StepRun, place: Around) -> str:
    """Return in words why the viewer may not vote; empty if they may."""
    if not gate.may(viewer, Can.ACT, case.council_id):
        return "You may read this case, but not vote on it."
    assert step.vote is not None
    try:
        voter = voting.voter_of(case, step, place)
    except HouseError as error:
        return error.sentence
    seat = voting.seat_of(step.vote, voter)
    if any(each.seat == seat and each.by != voter.by for each in run.votes):
        return "Somebody of your council has voted already, and each council has one vote."
    return ""
