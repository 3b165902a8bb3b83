"""What became of one step: its people, its place in the order, what it shows, asks and needs, and how it turns out."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from moothall.process.definition import Definition, Field, Need, Outcome, Pass, Step, Vote, Wait
from moothall.process.differences.saying import becomes, every, flag, keyed, listed

STEP = {
    "title": "the title",
    "by": "who does it",
    "when": "the rule for whether it is needed",
    "next": "what the resident reads while it is open",
    "circle": "the circle that alone may see it",
    "person": "the question that names the person it falls to",
    "every": "how often it opens again",
    "case": "the process it hands work to",
    "until": "until when it goes on",
}
OUTCOME = {
    "title": "the title",
    "by": "who may choose it",
    "when": "the rule for offering it",
    "back": "the step it goes back to",
    "go": "the step it opens",
    "end": "the ending",
    "open": "the process it opens a case of",
    "tell": "who is told",
    "say": "what the resident is told",
    "need_text": "what must be written",
}
VOTE = {
    "of": "who votes",
    "needed": "how many votes pass it",
    "quorum": "the quorum",
    "one_per": "one vote for each",
    "seats": "whose answer says which councils have a seat",
    "excluded": "who may not vote",
    "veto": "who may stop it alone",
}
WAIT = {
    "until": "the answer it waits for",
    "span": "how long it waits",
    "at_most": "how long people have",
    "then": "what happens when the time is up",
    "calendar": "the calendar",
}


def step_changed(before: Definition, after: Definition, old: Step, new: Step) -> list[str]:
    """Return what became of a step that both definitions have, a whole sentence each."""
    name = f"“{old.title}”"
    names = _Names(before, after)
    return [
        *every(STEP, name, old, new),
        *listed(
            names.fields(old.show), names.fields(new.show), f"{name} now shows {{}}.", f"{name} no longer shows {{}}.",
            f"{name} shows the answers in another order.",
        ),
        *listed(
            names.fields(old.ask), names.fields(new.ask), f"{name} now asks {{}}.", f"{name} no longer asks {{}}.",
            f"{name} asks its questions in another order.",
        ),
        *listed(
            names.steps(old.after), names.steps(new.after), f"{name} now comes after {{}}.",
            f"{name} no longer comes after {{}}.", f"{name}: the steps before it are named in another order.",
        ),
        *flag(old.on_demand, new.on_demand, f"{name} now opens only when an outcome goes to it.",
              f"{name} now opens in its turn."),
        *_needs(name, old.need, new.need),
        *_vote(name, old.vote, new.vote),
        *_wait(name, old.wait, new.wait),
        *_passes(name, old.passes, new.passes),
        *keyed(
            old.outcomes,
            new.outcomes,
            came=lambda each: f"{name} has the new outcome “{each.title}”.",
            went=lambda each: f"{name} no longer has the outcome “{each.title}”.",
            changed=lambda one, other: _outcome(name, names, one, other),
            order=f"{name}: its outcomes stand in another order.",
        ),
    ]  # fmt: skip


class _Names:
    """How fields and steps are called in sentences; two that read the same are told apart by their keys."""

    def __init__(self, before: Definition, after: Definition) -> None:
        self._fields = self._told_apart({**before.fields, **after.fields}, self._field)
        self._steps = self._told_apart({**before.steps, **after.steps}, lambda each: each.title)

    @staticmethod
    def _field(field: Field) -> str:
        return field.ask or field.label or field.key

    @staticmethod
    def _told_apart(things: Mapping[str, Any], name: Callable[[Any], str]) -> dict[str, str]:
        found: dict[str, str] = {}
        used: set[str] = set()
        for key, thing in things.items():
            words = f"“{name(thing)}”"
            found[key] = words if words not in used else f"{words} ({key})"
            used.add(words)
        return found

    def fields(self, keys: Sequence[str]) -> list[str]:
        return [self._fields.get(key, f"“{key}”") for key in keys]

    def steps(self, keys: Sequence[str]) -> list[str]:
        return [self._steps.get(key, f"“{key}”") for key in keys]


def _needs(name: str, old: Sequence[Need], new: Sequence[Need]) -> list[str]:
    """Say which needs came and went; one with the same sentence but another rule is the same need, changed."""
    came = [each for each in new if each not in old]
    went = [each for each in old if each not in new]
    found: list[str] = []
    for need in list(came):
        if (same := next((each for each in went if each.say == need.say), None)) is not None:
            came.remove(need)
            went.remove(same)
            subject = f"{name}, need “{need.say}”"
            found += becomes(subject, "the rule", same.rule, need.rule)
            found += becomes(subject, "who may waive it", same.waive, need.waive)
    found += [f"{name} now also needs: {each.say}" for each in came]
    found += [f"{name} no longer needs: {each.say}" for each in went]
    moved = f"{name}: its needs stand in another order, or one of them is there twice."
    return found or ([moved] if tuple(old) != tuple(new) else [])


def _vote(name: str, old: Vote | None, new: Vote | None) -> list[str]:
    if old is None or new is None:
        return flag(old, new, f"{name} is now decided by a vote.", f"{name} is no longer decided by a vote.")
    return every(VOTE, f"The vote on {name}", old, new)


def _wait(name: str, old: Wait | None, new: Wait | None) -> list[str]:
    if old is None or new is None:
        return flag(old, new, f"{name} now waits for a time.", f"{name} no longer waits for a time.")
    return every(WAIT, f"The wait of {name}", old, new)


def _passes(subject: str, old: Sequence[Pass], new: Sequence[Pass]) -> list[str]:
    return listed(
        [_passed(each) for each in old],
        [_passed(each) for each in new],
        f"{subject} now hands over {{}}.",
        f"{subject} no longer hands over {{}}.",
        f"{subject} hands over the same in another order.",
    )


def _passed(each: Pass) -> str:
    return f"“{each.field}”" if each.field == each.to else f"“{each.field}” as “{each.to}”"


def _outcome(step: str, names: _Names, old: Outcome, new: Outcome) -> list[str]:
    subject = f"{step}, outcome “{old.title}”"
    found = every(OUTCOME, subject, old, new)
    if old.answers is None or new.answers is None:
        found += flag(
            old.answers is not None,
            new.answers is not None,
            f"{subject} now needs only: {', '.join(names.fields(new.answers or ())) or 'no answer at all'}.",
            f"{subject} now needs every answer of the step.",
        )
    else:
        found += listed(
            names.fields(old.answers), names.fields(new.answers), f"{subject} now needs the answer to {{}}.",
            f"{subject} no longer needs the answer to {{}}.", f"{subject} needs the same answers in another order.",
        )  # fmt: skip
    return found + _passes(subject, old.passes, new.passes)
