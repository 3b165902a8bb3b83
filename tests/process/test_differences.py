"""Two definitions in words: nothing that differs is left out, and what is said is what changed."""

import json
from dataclasses import fields, is_dataclass, replace
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moothall.plain.canonical import canonical
from moothall.process import library
from moothall.process.definition import (
    Choice,
    Clock,
    Definition,
    Field,
    Late,
    Need,
    Outcome,
    Pass,
    Row,
    Service,
    Span,
    Step,
    Table,
    Vote,
    Wait,
    from_json,
)
from moothall.process.differences import in_words
from moothall.process.language import read
from tests.process.making import REPAIR

EVERYTHING = """
process: everything
title: Everything
summary: All the language has.
owner: desk
start: [staff, desk, agent]
service: {description: All of it., category: All, how_long: At once., before_you_start: [Sit down.], keywords: [all]}
private: [desk, police]
fields:
  impact: {ask: How bad?, label: Impact, type: choice, of: {low: {words: Low, hint: One person}, high: High}}
  urgency: {ask: How soon?, type: choice, of: [now, later]}
  priority: {type: choice, of: [P1, P2], table: {by: [impact, urgency], rows: {"high,now": P1, "*,*": P2}}}
  police_info: {ask: What do the police know?, type: text, private: police}
  start_on: {ask: When?, type: date, min: today, max: today + 1 year}
  more: {ask: More?, type: text, optional: true, when: impact == "high", hint: In short, missing: Write more.}
clocks:
  answer: {title: Answered, within: 2 working days, from: log, until: decide, pause: ask_more, warn: 50%,
           late: {tell: desk, priority: high}}
steps:
  log: {title: Log, by: [staff, desk, agent], ask: [impact, urgency, start_on, more]}
  ask_more: {title: Ask the police, by: police, private: police, show: [impact], ask: [police_info]}
  rest: {title: Rest, after: ask_more, wait: {for: 2 days}}
  decide:
    title: Decide
    after: [ask_more, rest]
    vote: {of: board, pass: majority, quorum: 2, one per: council, not: [log.by], veto: any}
    show: [impact, start_on]
    outcomes: {yes: {title: "Yes"}, no: {title: "No", back: log}}
  check:
    title: Check
    by: desk
    need: [{rule: check.by != log.by, say: Somebody else.}, {rule: has(more), say: Write more first., waive: desk}]
    outcomes:
      good: {title: Good, open: everything, pass: [impact]}
      late: {title: Late, by: [desk], answers: [], end: late, tell: desk, say: It is late., need_text: Why?}
  repeat: {title: Look again, by: desk, every: 1 day, until: hand, after: log}
  hand: {title: Hand over, case: everything, pass: {impact: urgency}, until: accepted, after: check,
         outcomes: {taken: {title: Taken}, refused: {title: Refused, back: check}}}
  close: {title: Close, by: desk, after: [hand, check, repeat], outcomes: {closed: {title: Closed, end: closed}}}
"""


def definition(source: str) -> Definition:
    reading = read(source)
    assert reading.definition is not None, [str(each) for each in reading.mistakes]
    return reading.definition


REPAIRS = definition(REPAIR)
_KINDS = (
    Choice,
    Row,
    Table,
    Field,
    Need,
    Pass,
    Outcome,
    Span,
    Vote,
    Wait,
    Step,
    Late,
    Clock,
    Service,
    Definition,
)
_ATTRIBUTES = {(kind.__name__, each.name) for kind in _KINDS for each in fields(kind)}
SAMPLES = [REPAIRS, definition(EVERYTHING), *(definition(path.read_text()) for path in library.files())]


def changed(source: str, old: str, new: str) -> list[str]:
    assert old in source
    return in_words(definition(source), definition(source.replace(old, new)))


class TestNothingIsLeftOut:
    @settings(max_examples=600, deadline=None)
    @given(seed=st.integers(0, 2**32), sample=st.sampled_from(SAMPLES))
    def test_any_difference_of_the_json_is_said(self, seed: int, sample: Definition) -> None:
        dice = Random(seed)
        plain = json.loads(sample.body)
        _spoil(plain, dice)
        other = from_json(canonical(plain).decode())
        for one, two in ((sample, other), (other, sample)):
            said = in_words(one, two)
            assert bool(said) == (one.body != two.body), (one.body, two.body)
            assert all((each.strip() and each[0].isupper()) or each[0] == "“" for each in said)

    @pytest.mark.parametrize(("kind", "name"), sorted(_ATTRIBUTES), ids=lambda each: each)
    def test_every_attribute_is_said_by_itself(self, kind: str, name: str) -> None:
        sample = SAMPLES[1]
        made = _put(sample, kind, name)
        assert made.body != sample.body
        assert in_words(sample, made)
        assert in_words(made, sample)

    @pytest.mark.parametrize("sample", SAMPLES, ids=lambda each: each.key)
    def test_the_same_is_the_same(self, sample: Definition) -> None:
        assert in_words(sample, from_json(sample.body)) == []


class TestTheSentences:
    @pytest.mark.parametrize(
        ("old", "new", "said"),
        [
            ("within: 2 working days", "within: 1 working day",
             ["The clock “Repaired”: 2 working days becomes 1 working day."]),
            ("  where: {ask: Where?, type: text}", ("  where: {ask: Where?, type: text}\n"
             "  room: {ask: Room?, type: text}"),
             ["The question “Room?” is new."]),
            ("ask: [what, where]", "ask: [where, what]", ["“Report” asks its questions in another order."]),
            ("ask: [question]", "ask: [question, where]", ["“Check” now asks “Where?”."]),
            ("title: Refuse,", "title: Say no,", ["“Check”, outcome “Refuse”, the title: “Refuse” becomes “Say no”."]),
            ("by: crew", "by: desk", ["“Fix”, who does it: crew becomes desk."]),
            ("rule: fix.by != check.by, say: Somebody else must do the work.", "rule: has(where), say: Say where.",
             ["“Fix” now also needs: Say where.", "“Fix” no longer needs: Somebody else must do the work."]),
            ("fix.by != check.by", "fix.by != report.by",
             [("“Fix”, need “Somebody else must do the work.”, the rule: “fix.by != check.by” becomes "
              "“fix.by != report.by”.")]),
            ("warn: 50%, ", "", [("The clock “Repaired”, the percentage of the time after which the team is warned: "
                                 "50 is gone.")]),
            ("{tap: A tap, gas: A gas leak}", "{gas: A gas leak, tap: A tap}",
             ["The question “What is broken?”: its answers stand in another order."]),
            ("type: text, optional: true", "type: text",
             ["The question “What must we know?” must now be answered."]),
            ("end: refused, ", "end: declined, ", [("“Check”, outcome “Refuse”, the ending: “refused” becomes "
                                                   "“declined”.")]),
        ],
    )  # fmt: skip
    def test_say_what_changed(self, old: str, new: str, said: list[str]) -> None:
        assert changed(REPAIR, old, new) == said

    def test_of_votes_circles_tables_and_waits(self) -> None:
        assert changed(EVERYTHING, "pass: majority", "pass: all") == [
            "The vote on “Decide”, how many votes pass it: “majority” becomes “all”."
        ]
        assert changed(EVERYTHING, "by: police, private: police", "by: police") == [
            "“Ask the police”, the circle that alone may see it: police is gone."
        ]
        assert changed(EVERYTHING, '"high,now": P1', '"high,*": P1') == [
            "The value “priority”: its table has the new row “high, *: P1”.",
            "The value “priority”: its table no longer has the row “high, now: P1”.",
        ]
        assert changed(EVERYTHING, "for: 2 days", "for: 3 days") == [
            "The wait of “Rest”, how long it waits: 2 days becomes 3 days."
        ]
        assert changed(EVERYTHING, "pass: {impact: urgency}", "pass: [impact]") == [
            "“Hand over” now hands over “impact”.",
            "“Hand over” no longer hands over “impact” as “urgency”.",
        ]


def _spoil(plain: Any, dice: Random) -> None:
    """Change one thing somewhere in the JSON of a definition."""
    places: list[tuple[Any, Any]] = []
    _walk(plain, places)
    holder, key = dice.choice(places)
    value = holder[key]
    if isinstance(value, bool):
        holder[key] = not value
    elif isinstance(value, int):
        holder[key] = value + 1
    elif isinstance(value, str):
        holder[key] = value + "x" if key not in {"contact", "unit", "one_per"} else value
    elif isinstance(value, list) and len(value) > 1 and dice.randrange(2):
        way = dice.randrange(3)
        value.reverse() if way == 0 else value.pop() if way == 1 else dice.shuffle(value)
    elif isinstance(holder, dict) and key in {"service", "vote", "wait", "late", "circle"}:
        del holder[key]
    elif isinstance(value, list) and value and isinstance(value[0], str):
        value.append("another")


def _walk(value: Any, places: list[tuple[Any, Any]]) -> None:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inner:
        places.append((value, key))
        _walk(each, places)


def _put(definition: Definition, kind: str, name: str) -> Definition:
    """Return a definition in which the first value of this kind has something else under this name."""
    done: list[Any] = []

    def visit(value: Any) -> Any:
        if is_dataclass(value) and not isinstance(value, type):
            if type(value).__name__ == kind and not done:
                done.append(value)
                return replace(value, **{name: _other(getattr(value, name), f"{kind}.{name}")})
            return replace(value, **{each.name: visit(getattr(value, each.name)) for each in fields(value)})
        if isinstance(value, dict):
            made = {key: visit(each) for key, each in value.items()}
            return {each.key: each for each in made.values()}
        return tuple(map(visit, value)) if isinstance(value, tuple) else value

    found = visit(definition)
    assert done, kind
    assert isinstance(found, Definition)
    return found


def _other(value: Any, place: str) -> Any:
    """Return a value that fits, and is another."""
    if place in _FITTING:
        return _FITTING[place]
    if isinstance(value, bool):
        return not value
    if isinstance(value, tuple):
        return ("another", *value) if not value or isinstance(value[0], str) else value[:-1]
    if isinstance(value, dict):
        return dict(list(value.items())[:-1])
    return value + 1 if isinstance(value, int) else f"{value}x"


_SPAN = Span(count=9, unit="weeks")
_FITTING: dict[str, Any] = {
    "Outcome.answers": ("impact",), "Step.vote": Vote(of=("desk",), needed=1), "Step.wait": Wait(span=_SPAN),
    "Step.every": _SPAN, "Field.table": Table(by=("a",), rows=(Row(tests=("b",), then="c"),)),
     "Wait.span": _SPAN, "Wait.at_most": _SPAN, "Clock.within": _SPAN,
    "Clock.late": Late(priority="urgent"), "Clock.warn": 10, "Span.unit": "weeks", "Field.min": 3, "Field.max": 3,
    "Field.of": (Choice(key="k", words="K"),), "Step.need": (Need(rule="a == 1", say="One."),),
     "Service.lgsl": 4, "Definition.service": None,
    "Step.passes": (Pass(field="a", to="b"),),
    "Outcome.passes": (Pass(field="a", to="b"),),
}  # fmt: skip
