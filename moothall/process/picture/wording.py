"""What stands in a box: who does a step, and when, why and how it is special, in a few words each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from moothall.process import cel
from moothall.process.cel.words import listed
from moothall.process.definition import AGENT, ANYBODY, RESIDENT, STAFF, TIME, Definition, Outcome, Span, Step
from moothall.process.picture.conditions import in_words, plain

Sign = Literal["", "if", "wait", "vote", "again", "case", "lock", "promise", "all", "demand", "tell", "write"]


@dataclass(frozen=True, slots=True)
class Note:
    """A line below a title; the sign stands before it."""

    sign: Sign
    text: str


def person(definition: Definition, key: str) -> str:
    """Return who that is: a team by its name, the others by what they are to the case."""
    asks = "Resident" if definition.service else "Whoever asked"
    known = {RESIDENT: asks, AGENT: "Adviser", STAFF: "Any member of staff", TIME: "Time", ANYBODY: "Anybody"}
    return known.get(key) or plain(key)


def people(definition: Definition, keys: Iterable[str], last: str = "or") -> str:
    """Return several of them as in a sentence."""
    words = [person(definition, key) for key in keys]
    return listed([words[0], *map(within, words[1:])], last) if words else ""


def within(words: str) -> str:
    """Return words as they stand within a sentence: what is written in capitals stays so."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


def who(definition: Definition, step: Step) -> str:
    """Return who does a step, also where nobody does."""
    if step.by_time:
        return "Nobody: it waits"
    if step.by_other_case:
        return f"The case of “{plain(step.case)}”"
    if step.case and not step.by:
        return f"The team for “{plain(step.case)}”"
    if step.vote:
        return f"Members of {people(definition, step.vote.of, 'and')}"
    if step.person in definition.fields:
        return f"Whoever is named in “{definition.fields[step.person].name}”"
    return people(definition, step.by)


def notes(definition: Definition, step: Step) -> list[Note]:
    """Return what is special about a step, in the order in which it matters."""
    found = [
        *_opening(definition, step),
        *_vote(definition, step),
        *_time(definition, step),
        *_other_case(step),
    ]
    if step.circle:
        found.append(Note("lock", f"Only for {people(definition, step.circle, 'and')}"))
    for clock in definition.clocks.values():
        if clock.until == step.key:
            within = f"Promise: within {clock.promised} of “{definition.steps[clock.since].title}”"
            found.append(Note("promise", within + (" (sometimes)" if clock.when else "")))
    return found


def _span(span: Span) -> str:
    return str(span)


def _opening(definition: Definition, step: Step) -> list[Note]:
    found = []
    if step.on_demand:
        found.append(Note("demand", "Only when it is called for"))
    if len(step.after) > 1 and len(joined(definition, step)) > 1:
        found.append(Note("all", f"When all {len(joined(definition, step))} before it are settled"))
    if depends(step):
        found.append(Note("if", f"Only if {in_words(definition, step.when)}"))
    return found


def depends(step: Step) -> bool:
    """Say whether it depends on more than on how others turned out, which the lines show."""
    return bool(step.when) and any(path[-1] != "outcome" for path in cel.rule(step.when).names)


def joined(definition: Definition, step: Step) -> list[str]:
    """Return the steps it really waits for: not those that stand before another of them anyway."""
    return [
        each for each in step.after if not any(other in definition.downstream[each] for other in step.after)
    ]


def _vote(definition: Definition, step: Step) -> list[Note]:
    if not (vote := step.vote):
        return []
    known = {"all": "all votes", "majority": "more than half of the votes"}
    needed = known.get(str(vote.needed)) or f"{vote.needed} {'vote' if vote.needed == 1 else 'votes'}"
    text = f"Vote: {needed} for it"
    text += ", one a council" if vote.one_per else ""
    text += f" of “{definition.fields[vote.seats].name}”" if vote.seats in definition.fields else ""
    voting = "all of them voting" if vote.quorum == "all" else f"at least {vote.quorum} voting"
    text += f", {voting}" if vote.quorum else ""
    excluded = [definition.steps[each.partition(".")[0]].title for each in vote.excluded]
    if excluded:
        text += f"; not by who did {listed([f'“{each}”' for each in excluded], 'or')}"
    if vote.veto:
        who_may = "anybody" if ANYBODY in vote.veto else people(definition, vote.veto)
        text += f"; {who_may} may veto it"
    return [Note("vote", text)]


def _time(definition: Definition, step: Step) -> list[Note]:
    found = []
    if step.wait:
        if step.wait.until:
            field = definition.fields.get(step.wait.until)
            found.append(Note("wait", f"Waits until “{field.name if field else step.wait.until}”"))
        elif step.wait.span:
            found.append(Note("wait", f"Waits {_span(step.wait.span)}"))
        elif step.wait.at_most:
            then = step.outcomes.get(step.wait.then)
            words = then.title if then else plain(step.wait.then)
            found.append(Note("wait", f"After {_span(step.wait.at_most)}: “{words}”"))
    if step.every:
        until = definition.steps.get(step.until)
        again = f"Again every {_span(step.every).removeprefix('1 ')}"
        found.append(Note("again", again + (f", until “{until.title}”" if until else "")))
    return found


def _other_case(step: Step) -> list[Note]:
    if not step.case:
        return []
    waits = "until they accept it" if step.until == "accepted" else "until that case is closed"
    return [Note("case", f"Hands over to “{plain(step.case)}”, and waits {waits}")]


def outcome_notes(definition: Definition, outcome: Outcome) -> list[Note]:
    """Return what is special about an outcome."""
    found = []
    if outcome.by == (TIME,):
        found.append(Note("wait", "When the time is up"))
    elif outcome.by:
        found.append(Note("lock", f"Only by {people(definition, outcome.by)}"))
    if outcome.open:
        found.append(Note("case", f"Opens a case of “{plain(outcome.open)}”"))
    return found


def told(definition: Definition, outcome: Outcome) -> str:
    """Return who is told."""
    return people(definition, outcome.tell, "and") if outcome.tell else ""


def sentences(texts: Sequence[str]) -> str:
    """Return texts as sentences in a row."""
    return " ".join(text if text.endswith((".", "?", "!")) else f"{text}." for text in texts)
