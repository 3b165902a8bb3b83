"""The same as the picture, as a nested list: for screen readers, for phones, and for whoever would rather read."""

from collections.abc import Sequence
from dataclasses import dataclass

from moothall.process.cel.words import listed
from moothall.process.definition import Definition, Step
from moothall.process.picture.conditions import in_words, plain
from moothall.process.picture.nodes import comes_again
from moothall.process.picture.ways import Way, ways
from moothall.process.picture.wording import joined, notes, outcome_notes, people, told, who, within


@dataclass(frozen=True, slots=True)
class Turn:
    """One way a step may turn out: its words, where it leads, and what else is to be known."""

    outcome: str
    title: str
    leads: str
    notes: Sequence[str]


@dataclass(frozen=True, slots=True)
class Entry:
    """One step: who does it, when it opens, what is special about it, and how it may turn out."""

    step: str
    title: str
    who: str
    opens: str
    notes: Sequence[str]
    turns: Sequence[Turn]


def outline(definition: Definition) -> list[Entry]:
    """Return the steps of a process in the order of the file."""
    found: dict[str, list[Way]] = {key: [] for key in definition.steps}
    for way in ways(definition):
        found[way.step].append(way)
    return [_entry(definition, step, found[step.key]) for step in definition.steps.values()]


def _entry(definition: Definition, step: Step, turns: Sequence[Way]) -> Entry:
    special = [each.text for each in notes(definition, step) if each.sign not in ("all", "if", "demand")]
    return Entry(
        step=step.key,
        title=step.title,
        who=who(definition, step),
        opens=_opens(definition, step),
        notes=special,
        turns=[_turn(definition, way) for way in turns],
    )


def _opens(definition: Definition, step: Step) -> str:
    """Return when a step's turn comes, as a sentence."""
    if step.key == definition.first.key:
        return f"The case begins with it. It is started by {within(people(definition, definition.start))}."
    if step.on_demand:
        calling = [
            f"“{each.title}” turns out “{outcome.title}”"
            for each in definition.steps.values()
            for outcome in each.outcomes.values()
            if outcome.go == step.key
        ]
        return f"It opens only when {listed(calling, 'or')}."
    before = joined(definition, step)
    titles = listed([f"“{definition.steps[key].title}”" for key in before], "and")
    settled = "are all settled" if len(before) > 1 else "is settled"
    condition = f", but only if {in_words(definition, step.when)}" if step.when else ""
    return f"It opens when {titles} {settled}{condition}."


def _turn(definition: Definition, way: Way) -> Turn:
    outcome = definition.steps[way.step].outcomes[way.outcome]
    more = [each.text for each in outcome_notes(definition, outcome)]
    if outcome.when:
        more.append(f"Only if {in_words(definition, outcome.when)}")
    if outcome.need_text:
        more.append("Needs a reason in writing")
    if outcome.tell:
        more.append(f"Tells {within(told(definition, outcome))}")
    return Turn(way.outcome, outcome.title, _leads(definition, way), more)


def _leads(definition: Definition, way: Way) -> str:
    """Return where an outcome leads, as the rest of a sentence."""
    if way.end:
        return f"the case ends: {within(plain(way.end))}"
    if way.back:
        return f"goes back to “{definition.steps[way.back].title}”"
    titles = [f"“{definition.steps[key].title}”" for key in way.opens]
    calls = f"calls for “{definition.steps[way.go].title}”" if way.go else ""
    if comes_again(definition, way):
        return "it comes again when its time has come"
    if not titles:
        closing = (
            "the case ends when nothing else is open" if way.last else "the case goes on where it stands"
        )
        return calls or closing
    onward = f"goes on to {listed(titles, 'and')}"
    return f"{calls}, and {onward}" if calls else onward
