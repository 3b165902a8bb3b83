"""From a definition to nodes and flows that mean the same to an engine of BPMN.

Tokens: each step leaves one token once it is settled, be it done or skipped, so that a parallel gateway in front of a
step that waits for several always gets one from each. Where the definition says which way a token must go, it goes
there without asking a gateway.
"""

from dataclasses import dataclass, replace

from moothall.process import cel
from moothall.process.bpmn.elements import TERMINATE, Known, edge_timers, node_of
from moothall.process.bpmn.parts import Flow, Flowing, Node
from moothall.process.definition import TIME, Definition, Outcome, Step
from moothall.process.picture.conditions import in_words, plain
from moothall.process.picture.ways import SKIPPED, facts_of
from moothall.process.picture.wording import joined, people, within

START = "start_event"


@dataclass(frozen=True, slots=True)
class _Token:
    """A flow that is not connected yet."""

    source: str
    name: str = ""
    condition: str = ""
    key: str = ""


def flowing(definition: Definition) -> Flowing:
    """Return the nodes and flows of a process, without gateways that only pass on."""
    made = _Maker(definition).made()
    _without_idle_gateways(made)
    return made


class _Maker:
    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.facts = facts_of(definition)
        self.waits = {key: joined(definition, step) for key, step in definition.steps.items()}
        self.followers = {
            key: [other for other, before in self.waits.items() if key in before] for key in definition.steps
        }
        self.parallel = any(len(each) > 1 for each in (*self.followers.values(), *self.waits.values()))
        self.done = Flowing()

    def made(self) -> Flowing:
        """Put everything together, step by step in the order of the file."""
        start = f"Started by {within(people(self.definition, self.definition.start))}"
        self.done.put(Node(id=START, tag="startEvent", name=start))
        for step in self.definition.steps.values():
            self.done.put(node_of(self.definition, step))
        self.done.lead(START, task(self.definition.first))
        for step in self.definition.steps.values():
            self.outcomes(step)
        return self.done

    def outcomes(self, step: Step) -> None:
        """Lead each outcome of a step on; time's own leaves by the event on the step's edge."""
        timed = step.wait.then if step.wait and step.wait.at_most else ""
        chosen = [each for each in step.outcomes.values() if each.key != timed or each.by != (TIME,)]
        source = task(step)
        if len(chosen) > 1:
            source = self.gateway(f"turned_{step.key}", "")
            self.done.lead(task(step), source)
        for number, outcome in enumerate(chosen):
            alone = len(chosen) == 1
            condition = "" if alone or number == len(chosen) - 1 else f'{step.key}.outcome == "{outcome.key}"'
            name = "" if alone and outcome.title == "Done" else outcome.title
            self.turned(step, outcome, _Token(source, name, condition, f"{step.key}.{outcome.key}"))
        for node in edge_timers(self.definition, step):
            self.done.put(node)
            if node.id.startswith("time_"):
                then = step.outcomes[timed]
                self.turned(step, then, _Token(node.id, then.title, key=f"{step.key}.{timed}"))
            else:
                clock = self.definition.clocks[node.id.removeprefix("clock_")]
                missed = Node(id=f"missed_{clock.key}", tag="endEvent", name=f"Late: {clock.title}")
                self.done.lead(node.id, self.done.put(missed))

    def turned(self, step: Step, outcome: Outcome, token: _Token) -> None:
        """Lead one outcome where it goes."""
        if outcome.end:
            self.connect(token, self.end(outcome.end))
        elif outcome.back:
            self.connect(token, task(self.definition.steps[outcome.back]))
        elif outcome.go:
            called = task(self.definition.steps[outcome.go])
            if not self.followers[step.key]:
                self.connect(token, called)
                return
            fork = self.fork(f"call_{step.key}.{outcome.key}")
            self.connect(token, fork)
            self.done.lead(fork, called)
            self.settled(step, _Token(fork), self.known(step, outcome.key))
        else:
            self.settled(step, token, self.known(step, outcome.key))

    def known(self, step: Step, outcome: str) -> Known:
        """Return what is certain once a step turned out so."""
        return self.facts[step.key] | {step.key: {"outcome": outcome}}

    def settled(self, step: Step, token: _Token, known: Known) -> None:
        """Lead the token of a settled step to what waits for it: nothing, one step, or several side by side."""
        after = self.followers[step.key]
        if not after:
            self.connect(token, self.end(""))
        elif len(after) == 1:
            self.arrive(step, self.definition.steps[after[0]], token, known)
        else:
            fork = f"fork_{step.key}"
            first = fork not in self.done.nodes
            self.connect(token, self.merge(step.key, self.fork(fork)))
            for key in after if first else ():
                self.arrive(step, self.definition.steps[key], _Token(fork), self.facts[step.key])

    def arrive(self, before: Step, step: Step, token: _Token, known: Known) -> None:
        """Lead a token to a step, through the gateway that waits for the others before it."""
        if len(self.waits[step.key]) == 1:
            self.enter(step, token, known)
            return
        join = f"join_{step.key}"
        first = join not in self.done.nodes
        self.fork(join)
        self.connect(token, self.merge(f"{before.key}.{step.key}", join))
        if first:
            self.enter(step, _Token(join), self.certain(step))

    def certain(self, step: Step) -> Known:
        """Return what is certain before a step, whatever its own rule says."""
        own = {path[0] for path in cel.rule(step.when).names} if step.when else set()
        return {key: known for key, known in self.facts[step.key].items() if key not in own}

    def enter(self, step: Step, token: _Token, known: Known) -> None:
        """Lead a token into a step, or past it where its rule says no; a gateway asks what is not certain."""
        needed = cel.rule(step.when).value(known) if step.when else True
        if needed is True:
            self.connect(token, task(step))
        elif needed is False:
            self.settled(step, token, known | {step.key: {"outcome": SKIPPED}})
        else:
            asks = f"needed_{step.key}"
            first = asks not in self.done.nodes
            self.connect(token, self.gateway(asks, f"Needed: {step.title}?"))
            if first:
                words = in_words(self.definition, step.when)
                self.connect(_Token(asks, words, step.when), task(step))
                skipped = self.certain(step) | {step.key: {"outcome": SKIPPED}}
                self.settled(step, _Token(asks, "Not needed"), skipped)

    def connect(self, token: _Token, target: str) -> None:
        """Let a token flow into a node."""
        made = Flow(
            source=token.source, target=target, name=token.name, condition=token.condition, key=token.key
        )
        self.done.flow(made)

    def merge(self, key: str, target: str) -> str:
        """Return a gateway in which all ways of one step come together before several are waited for."""
        merge = self.gateway(f"settled_{key}", "")
        self.done.lead(merge, target)
        return merge

    def gateway(self, key: str, name: str) -> str:
        return self.done.put(Node(id=key, tag="exclusiveGateway", name=name))

    def fork(self, key: str) -> str:
        return self.done.put(Node(id=key, tag="parallelGateway"))

    def end(self, ending: str) -> str:
        """Return the event with which a case ends; it takes with it what is still open elsewhere."""
        name = plain(ending) if ending else "Nothing is left to do"
        stops = bool(ending) and self.parallel
        return self.done.put(
            ending_node(f"end_{ending}" if ending else "end.nothing_left", name, stops=stops)
        )


def ending_node(key: str, name: str, *, stops: bool) -> Node:
    """Return an end event; one that `stops` ends everything else as well."""
    return Node(id=key, tag="endEvent", name=name, inside=(TERMINATE,) if stops else ())


def task(step: Step) -> str:
    """Return the id of a step's own element."""
    return f"step_{step.key}"


def _without_idle_gateways(made: Flowing) -> None:
    """Take out exclusive gateways with one way in and one out."""
    idle = [
        key
        for key, node in made.nodes.items()
        if key.startswith("settled_") and node.tag == "exclusiveGateway"
    ]
    for key in idle:
        into = [flow for flow in made.flows if flow.target == key]
        out = [flow for flow in made.flows if flow.source == key]
        if len(into) == len(out) == 1:
            past = replace(into[0], target=out[0].target)
            made.flows = {past if flow == into[0] else flow: None for flow in made.flows if flow != out[0]}
            del made.nodes[key]
