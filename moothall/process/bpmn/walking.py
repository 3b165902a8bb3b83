"""What follows each activity of a sketch: the ways it may turn out, past all gateways between."""

from dataclasses import dataclass, field
from itertools import product

from moothall.process.bpmn.reading import Element, NotBpmn
from moothall.process.bpmn.sketch import ACTIVITIES, Leg, Sketch

OWN = "way_"
BEGIN, CLOSE = "begin", "close"
_FORKS = ("parallelGateway", "inclusiveGateway")
_CHOICES = ("exclusiveGateway", "eventBasedGateway", "complexGateway")
_MOST_WAYS = 40
_MOST_LEGS, _LONGEST = 20_000, 100
"""So many flows are followed in all, and so many gateways in a row: more is nothing that a person drew."""


@dataclass(frozen=True, slots=True)
class Out:
    """One way on: its words, its key in our own files, the activities it leads to, or the end event."""

    words: str = ""
    key: str = ""
    targets: tuple[str, ...] = ()
    end: str = ""


@dataclass(slots=True)
class Walked:
    """The activities in the order in which they are met, how each may turn out, and what its own time does."""

    outs: dict[str, list[Out]] = field(default_factory=dict)
    timed: dict[str, tuple[Element, Out]] = field(default_factory=dict)
    rules: dict[str, str] = field(default_factory=dict)
    unmet: list[str] = field(default_factory=list)
    legs: int = 0


def walked(found: Sketch) -> Walked:
    """Return what follows what; a gateway that no activity stands before becomes one: somebody has to decide."""
    _begin(found)
    _deciders(found)
    walk = Walked()
    waiting = [BEGIN]
    while waiting:
        node = waiting.pop(0)
        if node in walk.outs:
            continue
        walk.outs[node] = _outs(found, walk, node)
        waiting += [target for out in walk.outs[node] for target in out.targets]
        if node in walk.timed:
            waiting += walk.timed[node][1].targets
    _close(found, walk)
    if len(walk.outs[BEGIN]) == 1 and len(walk.outs[BEGIN][0].targets) == 1:
        del walk.outs[BEGIN]
        del found.nodes[BEGIN]
    walk.unmet = [node for node in found.nodes if is_step(found, node) and node not in walk.outs]
    return walk


def is_step(found: Sketch, node: str) -> bool:
    """Say whether a node becomes a step: an activity, or an event that is waited for."""
    return found.tag(node) in ACTIVITIES or found.tag(node) == "intermediateCatchEvent"


def _begin(found: Sketch) -> None:
    starts = [node for node in found.nodes if found.tag(node) == "startEvent"]
    if len(starts) > 1:
        found.aside.append(f"It begins in {len(starts)} ways; they are one step here.")
    firsts = [Leg(node) for node in found.nodes if is_step(found, node) and not found.into(node)]
    found.nodes[BEGIN] = Element("task", {"id": BEGIN, "name": "Start"})
    found.legs[BEGIN] = [leg for node in starts for leg in found.legs[node]] or firsts[:1]


def _deciders(found: Sketch) -> None:
    """Make a step of each choice that has no activity before it whose outcome it could be."""
    for node in list(found.nodes):
        if found.tag(node) in _CHOICES and len(found.legs[node]) > 1 and not _optional(found, node):
            if _chosen(found, node, set()):
                continue
            name = found.name(node) or "Decide how it goes on"
            found.nodes[node] = Element("userTask", {"id": node, "name": name})
            found.aside.append(f"The gateway “{name}” stands after no task; it is a step here.")


def _chosen(found: Sketch, node: str, seen: set[str]) -> bool:
    """Say whether every way to a gateway comes straight from an activity that people do."""
    if len(seen) > _LONGEST:
        return False
    before = [each for each in found.into(node) if each not in seen]
    seen |= {node, *before}
    for each in before:
        tag = found.tag(each)
        if tag in ACTIVITIES or tag == "boundaryEvent":
            continue
        if tag not in _CHOICES or _optional(found, each) or not _chosen(found, each, seen):
            return False
    return bool(found.into(node))


def _optional(found: Sketch, node: str) -> bool:
    """Say whether it is the gateway before a step that is not always needed, as our own export writes it."""
    return node.startswith("needed_") and any(leg.condition for leg in found.legs[node])


def _outs(found: Sketch, walk: Walked, node: str) -> list[Out]:
    """Return the ways on from an activity, those of the events on its edge among them."""
    legs = found.legs[node]
    choosing = any(leg.condition for leg in legs) or found.tag(node) in _CHOICES
    outs = (
        _side_by_side(found, walk, legs, frozenset())
        if not choosing
        else _either(found, walk, legs, frozenset())
    )
    for event in [each for each in found.nodes if found.nodes[each].get("attachedToRef") == node]:
        element = found.nodes[event]
        inner = _either(found, walk, found.legs[event], frozenset())
        if element.get("cancelActivity") == "false":
            words = element.words("documentation") or found.name(event) or event
            found.aside.append(f"The reminder “{words}” at “{found.name(node) or node}”. A clock may say it.")
        elif element.one("timerEventDefinition") and inner and node not in walk.timed:
            walk.timed[node] = (element, inner[0])
        else:
            outs += [
                Out(found.name(event) or out.words or "Something else happened", "", out.targets, out.end)
                for out in inner
            ]
    return [out for out in outs if out.targets or out.end] or [Out(end="nothing")]


def _either(found: Sketch, walk: Walked, legs: list[Leg], seen: frozenset[str]) -> list[Out]:
    outs = [_named(out, leg) for leg in legs for out in _past(found, walk, leg, seen)]
    return outs[:_MOST_WAYS]


def _named(out: Out, leg: Leg) -> Out:
    words = ", ".join(each for each in (leg.name, out.words) if each)
    return Out(words, leg.key if leg.key.startswith(OWN) else out.key, out.targets, out.end)


def _side_by_side(found: Sketch, walk: Walked, legs: list[Leg], seen: frozenset[str]) -> list[Out]:
    """Return the ways on when all legs are taken at once."""
    each_way = [[_named(out, leg) for out in _past(found, walk, leg, seen)] for leg in legs]
    outs = []
    for together in product(*each_way):
        words = ", ".join(dict.fromkeys(out.words for out in together if out.words))
        targets = tuple(dict.fromkeys(target for out in together for target in out.targets))
        outs.append(
            Out(words, next((out.key for out in together if out.key), ""), targets, _end(together, targets))
        )
        if len(outs) == _MOST_WAYS:
            break
    return outs if legs else []


def _end(together: tuple[Out, ...], targets: tuple[str, ...]) -> str:
    return "" if targets else next((out.end for out in together if out.end), "")


def _past(found: Sketch, walk: Walked, leg: Leg, seen: frozenset[str]) -> list[Out]:
    """Return where a leg leads, past gateways and events that only happen."""
    walk.legs += 1
    if walk.legs > _MOST_LEGS or len(seen) > _LONGEST:
        raise NotBpmn(why="Its gateways lead to one another in too many ways.")
    node, tag = leg.target, found.tag(leg.target)
    if not tag or node in seen:
        return []
    seen |= {node}
    if is_step(found, node):
        return [Out(targets=(node,))]
    if tag == "endEvent":
        return [Out(end=node)]
    if tag == "intermediateThrowEvent":
        found.aside.append(f"The event “{found.name(node) or node}”, which only happens.")
    if _optional(found, node):
        needed = next(one for one in found.legs[node] if one.condition)
        outs = _past(found, walk, needed, seen)
        for target in (target for out in outs for target in out.targets):
            walk.rules[target] = needed.condition
        return outs
    if tag in _FORKS:
        return _side_by_side(found, walk, found.legs[node], seen)
    return _either(found, walk, found.legs[node], seen)


def _close(found: Sketch, walk: Walked) -> None:
    """Lead the ends of parts that run side by side to one last step: an end in our language ends the whole case."""
    reach = {node: _reach(walk, node) for node in walk.outs}
    inside: set[str] = set()
    for outs in walk.outs.values():
        for out in outs:
            for one in out.targets:
                others = [reach[other] for other in out.targets if other != one]
                inside |= {node for node in reach[one] if any(node not in other for other in others)}
    gathered = False
    for node in inside:
        for number, out in enumerate(walk.outs[node]):
            stops = out.end in found.nodes and found.nodes[out.end].one("terminateEventDefinition")
            if out.end and not stops:
                walk.outs[node][number] = Out(out.words, out.key, (CLOSE,))
                gathered = True
    if gathered:
        found.nodes[CLOSE] = Element("task", {"id": CLOSE, "name": "Close"})
        found.aside.append(
            "Parts that run side by side end by themselves; the step “Close” waits for all of them."
        )
        walk.outs[CLOSE] = [Out(end="nothing")]


def _reach(walk: Walked, node: str) -> set[str]:
    """Return an activity and all that may follow it."""
    seen: set[str] = set()
    waiting = [node]
    while waiting:
        if (one := waiting.pop()) not in seen and one in walk.outs:
            seen.add(one)
            waiting += [target for out in walk.outs[one] for target in out.targets]
    return seen
