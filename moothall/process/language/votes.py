"""What a vote may get wrong: two outcomes, nothing asked, and voters who can reach a decision."""

from moothall.process.definition import ANYBODY, Step, Vote
from moothall.process.language.checking import Desk
from moothall.process.language.mistakes import did_you_mean

_BOTH = 2
_MANY = 20
_LISTS = ("choices", "list")


def check_vote(desk: Desk, step: Step) -> None:
    """Note what is wrong with the vote of a step."""
    if step.vote is None:
        return
    path = f"steps.{step.key}"
    wrong = desk.report.wrong
    if len(step.outcomes) != _BOTH:
        instead = "Write “outcomes:” with two: the first if the vote passes, the second if it does not."
        wrong(f"{path}.vote", f"A vote has two outcomes, and this has {len(step.outcomes)}.", instead)
    if step.ask:
        wrong(f"{path}.ask", "Those who vote answer no questions.", "Ask them in a step before it.")
    if step.by != step.vote.of:
        instead = "Take “by” out, or name the same teams."
        wrong(f"{path}.by", "Who votes is said in “of”.", instead)
    if step.case or step.every:
        wrong(f"{path}.vote", "A vote is taken once, and hands nothing over.", "Take “case” or “every” out.")
    for number, need in enumerate(step.need):
        if need.waive:
            where = f"{path}.need.{number}.waive"
            wrong(where, "Nobody waives what a vote needs.", "Take “waive” out.")
    for key, outcome in step.outcomes.items():
        if outcome.when or outcome.by:
            where = f"{path}.outcomes.{key}.{'when' if outcome.when else 'by'}"
            wrong(where, "How a vote turns out follows from the votes alone.", "Take it out.")
    _numbers(desk, path, step.vote)
    _people(desk, step, step.vote)


def _numbers(desk: Desk, path: str, vote: Vote) -> None:
    where = f"{path}.vote"
    if vote.needed == 1 and len(vote.of) == 1 and not vote.one_per:
        desk.report.advise(
            f"{where}.pass", "One vote decides it.", f"Write a step “by: {vote.of[0]}” instead."
        )
    if isinstance(vote.needed, int) and vote.needed > _MANY:
        desk.report.advise(f"{where}.pass", f"Are there {vote.needed} who vote?", "Write “pass: majority”.")
    if vote.quorum and vote.needed == "all":
        desk.report.advise(
            f"{where}.quorum", "If all must vote for it, a quorum adds nothing.", "Take it out."
        )
    if isinstance(vote.needed, int) and isinstance(vote.quorum, int) and 0 < vote.quorum < vote.needed:
        wrong = f"{vote.needed} votes pass it, so a quorum of {vote.quorum} adds nothing."
        desk.report.advise(
            f"{where}.quorum", wrong, f"Write “quorum: {vote.needed}” or more, or take it out."
        )


def _seats(desk: Desk, step: Step, vote: Vote) -> None:
    """Note where the answer that says which councils have a seat is none of councils, or not there by then."""
    where = f"steps.{step.key}.vote.seats"
    fields = desk.definition.fields
    field = fields.get(vote.seats)
    if not vote.one_per:
        desk.report.wrong(where, "Only councils have seats by an answer.", "Write “one per: council” too.")
    if field is None:
        lists = [key for key, each in fields.items() if each.type in _LISTS]
        near = did_you_mean(vote.seats, lists)
        desk.report.wrong(where, f"There is no field “{vote.seats}”.", near)
    elif field.type not in _LISTS:
        wrong = f"“{field.key}” is a {field.type}, so it does not name councils."
        desk.report.wrong(where, wrong, "Name a field of type choices or list, with the codes of councils.")
    elif field.key not in desk.known_before(step):
        wrong = f"“{field.key}” is not known yet when they vote."
        desk.report.wrong(where, wrong, "Ask it in a step before this one.")
    elif field.optional or (field.when and not field.worked_out):
        wrong = f"“{field.key}” may have no answer, and then every council has a seat."
        desk.report.advise(where, wrong, "Ask it of everybody, if only some should vote.")


def _people(desk: Desk, step: Step, vote: Vote) -> None:
    if vote.seats:
        _seats(desk, step, vote)
    path = f"steps.{step.key}.vote"
    strangers = [team for team in vote.veto if team != ANYBODY and team not in vote.of]
    if strangers:
        wrong = f"“{strangers[0]}” does not vote, so it has no veto."
        desk.report.wrong(f"{path}.veto", wrong, did_you_mean(strangers[0], (*vote.of, ANYBODY)))
    steps = desk.definition.steps
    for number, named in enumerate(vote.excluded):
        key = named.partition(".")[0]
        where = f"{path}.not.{number}"
        if key not in steps:
            desk.report.wrong(where, f"There is no step “{key}”.", did_you_mean(key, steps))
        elif key not in desk.order.before(step.key) or key == step.key:
            wrong = f"“{key}” does not come before this vote, so nobody has done it yet."
            desk.report.wrong(where, wrong, "Name an earlier step: “not: [report.by]”.")
        elif steps[key].vote or steps[key].by_time or steps[key].by_other_case:
            desk.report.wrong(where, f"No single person does “{key}”.", "Name a step that somebody does.")
