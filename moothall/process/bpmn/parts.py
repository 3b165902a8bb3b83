"""What a BPMN process is made of: nodes, and the flows between them."""

from dataclasses import dataclass, field
from typing import Literal

Tag = Literal[
    "startEvent",
    "userTask",
    "callActivity",
    "intermediateCatchEvent",
    "exclusiveGateway",
    "parallelGateway",
    "endEvent",
    "boundaryEvent",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One element of a process. `inside` are the elements in it, as name, attributes and text."""

    id: str
    tag: Tag
    name: str = ""
    about: str = ""
    team: str = ""
    attributes: tuple[tuple[str, str], ...] = ()
    inside: tuple["Inside", ...] = ()
    on: str = ""


@dataclass(frozen=True, slots=True)
class Inside:
    """An element within a node: a timer, a loop."""

    tag: str
    text: str = ""
    attributes: tuple[tuple[str, str], ...] = ()
    inside: tuple["Inside", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """A sequence flow; without a condition behind an exclusive gateway, it is the default one.

    One that is an outcome has its `key`: that of the step and its own, with a dot between.
    """

    source: str
    target: str
    name: str = ""
    condition: str = ""
    key: str = ""


@dataclass(slots=True)
class Flowing:
    """A process while it is put together: nodes by their id, in order, and flows."""

    nodes: dict[str, Node] = field(default_factory=dict)
    flows: dict[Flow, None] = field(default_factory=dict)

    def put(self, node: Node) -> str:
        """Add a node, once."""
        self.nodes.setdefault(node.id, node)
        return node.id

    def flow(self, flow: Flow) -> None:
        """Add a flow, once."""
        self.flows.setdefault(flow)

    def lead(self, source: str, target: str) -> None:
        """Add a flow without words, once."""
        self.flow(Flow(source=source, target=target))
