"""Small random processes, each with rules that both the engine and the reference on paper can read."""

from collections.abc import Mapping
from dataclasses import replace
from random import Random
from typing import Any

from hypothesis import strategies as st

from moothall.process.definition import (
    TIME,
    Clock,
    Definition,
    Field,
    Late,
    Need,
    Outcome,
    Row,
    Span,
    Step,
    Table,
    Vote,
    Wait,
)

ASKED = {
    "a": Field(key="a", ask="A?", type="yesno"),
    "b": Field(key="b", ask="B?", type="yesno", when="a == true"),
    "c": Field(key="c", ask="C?", type="number"),
    "t": Field(key="t", ask="T?", type="text", optional=True),
    "p": Field(key="p", ask="P?", type="text", optional=True, private="personal"),
    "d": Field(key="d", ask="D?", type="date", optional=True),
    "e": Field(key="e", ask="E?", type="text", when='w == "x"'),
}
_ROWS = (("yes", ">= 3", "x"), ("*", "0", "y"), ("no", "*", "z"))
WORKED_OUT = {
    "n": Field(key="n", type="number", calc="c + 1"),
    "w": Field(
        key="w",
        type="text",
        table=Table(by=("a", "c"), rows=tuple(Row(tests=(one, two), then=then) for one, two, then in _ROWS)),
    ),
    "q": Field(key="q", type="yesno", calc='s0.outcome == "o0"'),
}
FIELDS = {**ASKED, **WORKED_OUT}
SHARES: tuple[int | str, ...] = (1, 1, 2, 2, "majority", "all")
TEAMS = ("alpha", "beta", "gamma")
ENDS = ("fixed", "refused")
BY = (
    ("alpha",),
    ("alpha",),
    ("beta",),
    ("beta", "alpha"),
    ("gamma",),
    ("resident",),
    ("resident", "agent", "beta"),
)


def definition(seed: int) -> Definition:
    """Draw a process of four to seven steps: in a row, side by side, back, on demand; with up to three clocks."""
    dice = Random(seed)
    keys = [f"s{number}" for number in range(dice.randint(4, 7))]
    demanded = {key for key in keys[2:] if not dice.randrange(4)}
    names = {key: [f"o{number}" for number in range(dice.choice([1, 2, 2, 3]))] for key in keys}
    steps: dict[str, Step] = {}
    for number, key in enumerate(keys):
        ordered = [one for one in keys[:number] if one not in demanded]
        after: tuple[str, ...] = ()
        if ordered and key not in demanded:
            few = dice.sample(ordered, min(len(ordered), dice.choice([1, 2])))
            after = tuple(dice.choice([ordered[-1:], few]))
        steps[key] = _step(dice, key, after, keys[:number], demanded, names)
        if after and _asks(steps[key]):
            before = steps[after[0]]
            asking = names[after[0]][-1]
            way_on = Outcome(key=asking, title=f"{after[0]} {asking}")
            steps[after[0]] = replace(before, outcomes={**before.outcomes, asking: way_on})
    steps = {
        key: _twisted(dice, step, steps) if step.after or step.on_demand else step
        for key, step in steps.items()
    }
    steps = _repeated(dice, steps)
    drawn = [_clock(dice, f"k{number}", steps) for number in range(dice.choice([0, 1, 2, 2, 3]))]
    return Definition(
        key="model",
        title="Model",
        owner="alpha",
        start=("resident",),
        steps=steps,
        fields=FIELDS,
        clocks={clock.key: clock for clock in drawn if clock is not None},
    )


def _rule(dice: Random, before: list[str], outcomes: Mapping[str, list[str]]) -> str:
    """Draw a rule about answers or about steps before; none in half of the cases."""
    rules = [
        "a == true",
        "a == false",
        "b == true",
        "has(t)",
        "c > 2",
        'w == "x"',
        'w == "z"',
        "n > 3",
        "q == true",
    ]
    rules += [f'{key}.outcome == "{name}"' for key in before for name in [*outcomes[key], "skipped"]]
    rules += [f'{key}.outcome != "{outcomes[key][0]}"' for key in before]
    return dice.choice(["", dice.choice(rules)])


def _step(
    dice: Random,
    key: str,
    after: tuple[str, ...],
    before: list[str],
    demanded: set[str],
    names: Mapping[str, list[str]],
) -> Step:
    by = dice.choice(BY) if before else ("resident", "agent", "alpha")
    asked = tuple(dice.sample(list(ASKED), dice.randrange(4)))
    question = bool(after) and not dice.randrange(3)
    outcomes = {}
    for name in names[key]:
        ways = ["on"] * 6 + ["back", "go"] if name == "o0" else ["on", "on", "on", "back", "go", "end"]
        way = "back" if question else dice.choice(ways)
        outcomes[name] = Outcome(
            key=name,
            title=f"{key} {name}",
            by=dice.choice([(), (), (), by[:1]]),
            answers=dice.choice([None, None, None, asked[:1]]),
            when="" if name == "o0" else _rule(dice, before, names),
            end=dice.choice(ENDS) if way == "end" and before else "",
            back=dice.choice(after if question else [*before[-3:], key]) if way == "back" else "",
            go=dice.choice(sorted(demanded)) if way == "go" and demanded else "",
            need_text="" if dice.randrange(6) else "Why?",
        )
    when = _rule(dice, before, names) if before and key not in demanded else ""
    other = dice.choice(before or [key])
    needs = [Need(rule=f"{key}.by != {other}.by", say="Somebody else must.")] if other != key else []
    if not dice.randrange(2):
        waive = dice.choice([("agent",), ("supervisor",), ("beta",), ("alpha", "resident"), ()])
        needs.append(
            Need(rule=dice.choice(["has(t)", "c > 2", 'w == "x"']), say="It must be so.", waive=waive)
        )
    return Step(
        key=key,
        title=key.upper(),
        by=by,
        ask=asked,
        after=after,
        on_demand=key in demanded,
        when=f'{after[0]}.outcome == "{names[after[0]][-1]}"' if question else when,
        need=() if dice.randrange(4) else tuple(needs),
        outcomes=outcomes,
    )


def _twisted(dice: Random, step: Step, steps: Mapping[str, Step]) -> Step:
    """Return a step, now and then decided by vote, done by time, at most so long open, or done again and again."""
    span = Span(count=dice.choice([5, 30, 90]), unit="minutes")
    match dice.choice([""] * 9 + ["vote"] * 3 + ["wait"] * 2 + ["most"] * 2):
        case "vote":
            earlier = [one for one in steps if one != step.key][:2]
            vote = Vote(
                of=dice.choice([("alpha",), ("alpha", "beta")]),
                needed=dice.choice(SHARES),
                quorum=dice.choice([0, 0, 2]),
                one_per=dice.choice(["", "", "council"]),
                excluded=dice.choice([(), tuple(f"{one}.by" for one in earlier)]),
                veto=dice.choice([(), (), ("beta",), ("any",)]),
            )
            other = Outcome(key="o9", title=f"{step.key} o9")
            ways = step.outcomes if len(step.outcomes) > 1 else {**step.outcomes, "o9": other}
            ways = {key: replace(each, when="", by=()) for key, each in ways.items()}
            return replace(step, ask=(), by=vote.of, vote=vote, outcomes=ways)
        case "wait":
            wait = dice.choice([Wait(span=span), Wait(until="d")])
            return replace(step, ask=(), by=(), need=(), wait=wait)
        case "most":
            late = Outcome(key="late", title=f"{step.key} late", by=(TIME,), end=dice.choice(["", "late"]))
            wait = Wait(at_most=span, then="late")
            return replace(step, wait=wait, outcomes={**step.outcomes, "late": late})
        case _:
            return step


def _repeated(dice: Random, steps: dict[str, Step]) -> dict[str, Step]:
    """Return the steps with some done again and again, beside what came after them, until some of that is done."""
    found = dict(steps)
    for key in dice.sample(list(steps)[1:], dice.choice([0, 0, 1, 1, 2])):
        step = found[key]
        if step.by_time or (_asks(step) and dice.randrange(3)):
            continue
        for other in list(found.values()):
            if key in other.after and not _asks(other):
                after = tuple(dict.fromkeys([*(one for one in other.after if one != key), *step.after]))
                found[other.key] = replace(other, after=after)
        beside = [
            one
            for one, each in found.items()
            if not (one == key or each.on_demand or each.every)
            and not _follows(found, one, key)
            and not _follows(found, key, one)
        ]
        when = dice.choice(["", "", step.when])
        until = dice.choice(beside) if beside and dice.randrange(4) else ""
        every = Span(count=dice.choice([5, 30, 90]), unit="minutes")
        found[key] = replace(step, every=every, until=until, when=when)
    return found


def _clock(dice: Random, key: str, steps: Mapping[str, Step]) -> Clock | None:
    ordered = [one for one, step in steps.items() if not step.on_demand]
    since = dice.choice([ordered[0], dice.choice(ordered)])
    later = [one for one in ordered if _follows(steps, one, since)]
    later += 3 * [one for one in later if any(one in each.after and _asks(each) for each in steps.values())]
    if not later:
        return None
    return Clock(
        key=key,
        title=key.upper(),
        within=Span(count=dice.randint(1, 120), unit="minutes"),
        since=since,
        until=dice.choice(later),
        when=dice.choice(["", "", "a == true", "c > 2", 'w == "x"']),
        pause=tuple(dice.sample(list(steps), dice.randrange(3))),
        warn=dice.choice([None, 50, 90]),
        late=Late(priority=dice.choice(["", "high", "urgent"])),
    )


def _asks(step: Step) -> bool:
    """Say whether a step is a question that leads back to the step before it."""
    return bool(step.after) and all(
        each.back == step.after[0] for each in step.outcomes.values() if each.by != (TIME,)
    )


def _follows(steps: Mapping[str, Step], one: str, other: str) -> bool:
    return any(each == other or _follows(steps, each, other) for each in steps[one].after)


RIGHT: Mapping[str, list[Any]] = {
    "a": ["yes", "no"],
    "b": ["yes", "no"],
    "c": ["0", "3", 7],
    "t": ["Some words", "Old words", None],
    "p": ["Secretive", ""],
    "d": ["2026-11-23", "2026-11-24", "2026-11-25", None],
    "e": ["Elm", "Eel"],
}


def value(key: str) -> st.SearchStrategy[Any]:
    """Draw an answer to a question, now and then a wrong one, or none."""
    return st.sampled_from([*RIGHT[key] * 4, "", None, ["wrong"]])


def answers(keys: tuple[str, ...]) -> st.SearchStrategy[dict[str, Any]]:
    """Draw answers to some of the questions, most often to all, and rarely to one that is not put."""
    whole = st.fixed_dictionaries({key: value(key) for key in keys})
    some = st.dictionaries(st.sampled_from(list(FIELDS)), st.sampled_from(["yes", "3"]), max_size=2)
    return st.one_of(whole, whole, whole, whole, some)
