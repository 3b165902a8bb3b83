"""Small random processes, each with rules that both the engine and the reference on paper can read."""

from collections.abc import Mapping
from dataclasses import replace
from random import Random
from typing import Any

from hypothesis import strategies as st

from moothall.process.definition import Clock, Definition, Field, Late, Need, Outcome, Span, Step

FIELDS = {
    "a": Field(key="a", ask="A?", type="yesno"),
    "b": Field(key="b", ask="B?", type="yesno", when="a == true"),
    "c": Field(key="c", ask="C?", type="number"),
    "t": Field(key="t", ask="T?", type="text", optional=True),
    "p": Field(key="p", ask="P?", type="text", optional=True, private="personal"),
}
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
    rules = ["a == true", "a == false", "b == true", "has(t)", "c > 2"]
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
    asked = tuple(dice.sample(list(FIELDS), dice.randrange(4)))
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
    four_eyes = (Need(rule=f"{key}.by != {other}.by", say="Somebody else must."),)
    return Step(
        key=key,
        title=key.upper(),
        by=by,
        ask=asked,
        after=after,
        on_demand=key in demanded,
        when=f'{after[0]}.outcome == "{names[after[0]][-1]}"' if question else when,
        need=() if other == key or dice.randrange(5) else four_eyes,
        outcomes=outcomes,
    )


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
        when=dice.choice(["", "", "a == true", "c > 2"]),
        pause=tuple(dice.sample(list(steps), dice.randrange(3))),
        warn=dice.choice([None, 50, 90]),
        late=Late(priority=dice.choice(["", "high", "urgent"])),
    )


def _asks(step: Step) -> bool:
    """Say whether a step is a question that leads back to the step before it."""
    return bool(step.after) and all(each.back == step.after[0] for each in step.outcomes.values())


def _follows(steps: Mapping[str, Step], one: str, other: str) -> bool:
    return any(each == other or _follows(steps, each, other) for each in steps[one].after)


RIGHT: Mapping[str, list[Any]] = {
    "a": ["yes", "no"],
    "b": ["yes", "no"],
    "c": ["0", "3", 7],
    "t": ["Some words", "Old words", None],
    "p": ["Secretive", ""],
}


def value(key: str) -> st.SearchStrategy[Any]:
    """Draw an answer to a question, now and then a wrong one, or none."""
    return st.sampled_from([*RIGHT[key] * 4, "", None, ["wrong"]])


def answers(keys: tuple[str, ...]) -> st.SearchStrategy[dict[str, Any]]:
    """Draw answers to some of the questions, most often to all, and rarely to one that is not put."""
    whole = st.fixed_dictionaries({key: value(key) for key in keys})
    some = st.dictionaries(st.sampled_from(list(FIELDS)), st.sampled_from(["yes", "3"]), max_size=2)
    return st.one_of(whole, whole, whole, whole, some)
