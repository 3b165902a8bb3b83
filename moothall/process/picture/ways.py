"""Where each outcome of a step leads: which steps may open because of it, once those that it rules out are left out.

Only what the definition itself says is used: how a step turned out, and which steps are then not needed. Whatever
depends on answers may happen.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from moothall.process import cel
from moothall.process.cel.tree import All, Binary, Literal, Name, Node
from moothall.process.definition import DONE, Definition, Step

SKIPPED = "skipped"
_Known = dict[str, dict[str, str]]


@dataclass(frozen=True, slots=True)
class Way:
    """One outcome of one step. `opens` are the steps that it lets open; `plain` if it goes without saying.

    `last` if nothing comes after it, so that the case ends by itself as soon as nothing else is open.
    """

    step: str
    outcome: str
    opens: tuple[str, ...] = ()
    back: str = ""
    go: str = ""
    end: str = ""
    open: str = ""
    plain: bool = False
    last: bool = False


def ways(definition: Definition) -> tuple[Way, ...]:
    """Return the outcomes of every step, in the order of the file, and where each leads.

    A step that no outcome seems to open is opened by whatever it comes after, so that none is ever lost.
    """
    order = _in_order(definition)
    facts = _facts(definition, order)
    found = [
        _way(definition, step, key, order, facts)
        for step in definition.steps.values()
        for key in step.outcomes
    ]
    reached = {key for way in found for key in (*way.opens, way.go, way.back)}
    for step in definition.steps.values():
        if step.key not in reached and step.after:
            found = [_opening(way, step) for way in found]
    return tuple(found)


def _opening(way: Way, step: Step) -> Way:
    """Return the way with a step that is opened only if what it comes after goes on by this way."""
    if way.step not in step.after or way.end or way.back:
        return way
    return Way(way.step, way.outcome, (*way.opens, step.key), "", way.go, "", way.open, way.plain)


def _way(
    definition: Definition, step: Step, key: str, order: tuple[str, ...], facts: Mapping[str, _Known]
) -> Way:
    outcome = step.outcomes[key]
    plain = len(step.outcomes) == 1 and key == DONE and not (outcome.end or outcome.back or outcome.open)
    opens = (
        ()
        if outcome.end or outcome.back
        else _opened(definition, order, step.key, facts[step.key] | {step.key: {"outcome": key}})
    )
    closing = not (opens or outcome.end or outcome.back or outcome.go or step.on_demand)
    last = closing and step.every is None
    return Way(
        step.key,
        key,
        opens,
        outcome.back,
        outcome.go,
        outcome.end,
        outcome.open,
        plain and not outcome.go,
        last,
    )


def _opened(definition: Definition, order: Iterable[str], step: str, known: _Known) -> tuple[str, ...]:
    """Return the steps that may open when that much is known; what is certainly not needed is stepped over."""
    known = dict(known)
    over = {step}
    opened: list[str] = []
    behind: set[str] = set()
    for key in order:
        after = set(definition.steps[key].after)
        if not after & over or after & behind or key == step:
            continue
        when = definition.steps[key].when
        if when and cel.rule(when).value(known) is False:
            over.add(key)
            known[key] = {"outcome": SKIPPED}
        else:
            opened.append(key)
            behind |= {key, *definition.downstream[key]}
    return tuple(opened)


def _facts(definition: Definition, order: Iterable[str]) -> dict[str, _Known]:
    """Return for each step how earlier ones must have turned out, since it is open."""
    always: dict[str, _Known] = {}
    for key in order:
        always[key] = {}
        for before in (definition.steps[each] for each in definition.steps[key].after):
            if before.when or before.key not in always:
                continue
            onward = [each.key for each in before.outcomes.values() if not (each.end or each.back)]
            sole = {before.key: {"outcome": onward[0]}} if len(onward) == 1 else {}
            always[key] |= always[before.key] | sole
    return {key: known | outcome_rules(definition.steps[key].when) for key, known in always.items()}


def facts_of(definition: Definition) -> dict[str, _Known]:
    """Return for each step what is certain of how earlier ones turned out, once it is open."""
    return _facts(definition, _in_order(definition))


def outcome_rules(rule: str) -> _Known:
    """Return what a rule says of how steps turned out: `{step: {"outcome": key}}`; nothing where it says “or”."""
    return _said(cel.rule(rule).tree) if rule else {}


def _said(node: Node) -> _Known:
    """Return what a rule says of outcomes without an “or”."""
    match node:
        case All(parts):
            return {key: facts for part in parts for key, facts in _said(part).items()}
        case Binary("==", Name((step, "outcome")), Literal(str() as value)):
            return {step: {"outcome": value}}
        case _:
            return {}


def _in_order(definition: Definition) -> tuple[str, ...]:
    """Return the steps so that each stands behind those it comes after; circles keep the order of the file."""
    found: dict[str, None] = {}
    for root in definition.steps:
        path = [root]
        while path:
            waits = [
                each for each in definition.steps[path[-1]].after if each not in found and each not in path
            ]
            if waits:
                path.append(waits[0])
            else:
                found[path.pop()] = None
    return tuple(found)
