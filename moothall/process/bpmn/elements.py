"""The BPMN element of one step: a task, a wait, a vote, a loop or a call, with its timers and its words."""

from moothall.process.bpmn.parts import Inside, Node, Tag
from moothall.process.definition import Clock, Definition, Span, Step
from moothall.process.picture.conditions import in_words
from moothall.process.picture.listing import outline
from moothall.process.picture.wording import notes

Known = dict[str, dict[str, str]]
TERMINATE = Inside("terminateEventDefinition")
_EXPRESSION = (("xsi:type", "bpmn:tFormalExpression"),)
_SPECIAL = ("vote", "again", "lock", "case", "wait")
_LETTERS = {"minutes": "M", "hours": "H", "days": "D", "weeks": "W", "months": "M", "years": "Y"}


def duration(span: Span) -> str:
    """Return a span as an ISO 8601 duration; working time is told as plain time.

    >>> duration(Span(count=5, unit="days", working=True)), duration(Span(count=30, unit="minutes"))
    ('P5D', 'PT30M')
    """
    clock = "T" if span.unit in ("minutes", "hours") else ""
    return f"P{clock}{span.count}{_LETTERS[span.unit]}"


def timer(span: Span | None, moment: str = "") -> Inside:
    """Return a timer: after a span, or at the moment in a field."""
    inner = (
        Inside("timeDuration", duration(span), _EXPRESSION)
        if span
        else Inside("timeDate", moment, _EXPRESSION)
    )
    return Inside("timerEventDefinition", inside=(inner,))


def node_of(definition: Definition, step: Step) -> Node:
    """Return the element of a step."""
    tag: Tag = "userTask"
    inside: tuple[Inside, ...] = ()
    attributes: tuple[tuple[str, str], ...] = ()
    if step.by_time and step.wait:
        tag, inside = "intermediateCatchEvent", (timer(step.wait.span, step.wait.until),)
    elif step.case:
        tag, attributes = "callActivity", (("calledElement", step.case),)
    elif step.vote:
        inside = (_votes(step),)
    elif step.every:
        until = f'{step.until}.outcome == ""' if step.until else "true"
        loop = Inside("loopCondition", until, _EXPRESSION)
        inside = (Inside("standardLoopCharacteristics", inside=(loop,)),)
    team = "" if step.by_time or step.by_other_case else (step.vote.of if step.vote else step.by or ("",))[0]
    return Node(
        id=f"step_{step.key}", tag=tag, name=step.title, about=_about(definition, step), team=team,
        attributes=attributes, inside=inside,
    )  # fmt: skip


def _votes(step: Step) -> Inside:
    """Return that several do it: as many as must vote for it, or the seats where that is a share of them."""
    assert step.vote
    needed, quorum = step.vote.needed, step.vote.quorum
    count = str(max(needed, quorum)) if isinstance(needed, int) and isinstance(quorum, int) else "seats"
    least = {"all": "seats", "majority": "seats / 2 + 1"}.get(str(needed), str(needed))
    enough = f"votes_for >= {least}"
    inner = (
        Inside("loopCardinality", count, _EXPRESSION),
        Inside("completionCondition", enough, _EXPRESSION),
    )
    return Inside("multiInstanceLoopCharacteristics", inside=inner)


def edge_timers(definition: Definition, step: Step) -> list[Node]:
    """Return the timers on the edge of a step: its own, which ends it, and those of promises, which do not."""
    found = []
    if step.wait and step.wait.at_most:
        own = (timer(step.wait.at_most),)
        about = f"After {step.wait.at_most}."
        found.append(
            Node(id=f"time_{step.key}", tag="boundaryEvent", about=about, inside=own, on=f"step_{step.key}")
        )
    return found + [
        _promise(definition, clock)
        for clock in definition.clocks.values()
        if clock.until == step.key and not step.by_time
    ]


def _promise(definition: Definition, clock: Clock) -> Node:
    """Return the timer of a promise. BPMN has no clock over several steps: it stands at the last of them."""
    about = f"{clock.title}: within {clock.promised} of “{definition.steps[clock.since].title}”."
    about += f" Only if {in_words(definition, clock.when)}." if clock.when else ""
    return Node(
        id=f"clock_{clock.key}",
        tag="boundaryEvent",
        about=about,
        attributes=(("cancelActivity", "false"),),
        inside=(timer(clock.longest),),
        on=f"step_{clock.until}",
    )


def _about(definition: Definition, step: Step) -> str:
    """Return what BPMN has no element for: who, what is asked and shown, what must be so first."""
    entry = next(each for each in outline(definition) if each.step == step.key)
    said = [f"Done by: {entry.who}."]
    asked = [definition.fields[key].name for key in step.ask if key in definition.fields]
    shown = [definition.fields[key].name for key in step.show if key in definition.fields]
    said += [f"Asks: {'; '.join(asked)}."] if asked else []
    said += [f"Shows: {'; '.join(shown)}."] if shown else []
    said += [f"Not before: {need.say}" for need in step.need]
    said += [
        f"{each.text}."
        for each in notes(definition, step)
        if each.sign in ("vote", "again", "lock", "case", "wait")
    ]
    return "\n".join(said)
