"""A BPMN process as plain nodes and flows: subprocesses written out flat, and what is left aside noted."""

from dataclasses import dataclass, field

from moothall.process.bpmn.reading import Element, NotBpmn

ACTIVITIES = frozenset(
    {
        *("task", "userTask", "manualTask", "serviceTask", "sendTask", "receiveTask", "scriptTask"),
        *("businessRuleTask", "callActivity"),
    }
)
_MOST = 400
_NESTED = ("subProcess", "transaction", "adHocSubProcess")
_GATEWAYS = ("exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway", "complexGateway")
_EVENTS = ("startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent")
_PLAIN = (
    "documentation", "extensionElements", "laneSet", "sequenceFlow", "incoming", "outgoing", "ioSpecification",
    "auditing", "monitoring", "property", "standardLoopCharacteristics", "multiInstanceLoopCharacteristics",
)  # fmt: skip


@dataclass(slots=True)
class Leg:
    """A flow: where it leads, its words, its condition, its id."""

    target: str
    name: str = ""
    condition: str = ""
    key: str = ""


@dataclass(slots=True)
class Sketch:
    """The nodes of one process by id, the flows that leave each, the lane of each, and what was left aside."""

    key: str
    title: str
    about: str
    nodes: dict[str, Element] = field(default_factory=dict)
    legs: dict[str, list[Leg]] = field(default_factory=dict)
    lanes: dict[str, tuple[str, str]] = field(default_factory=dict)
    aside: list[str] = field(default_factory=list)

    def tag(self, node: str) -> str:
        """Return what kind of node it is; empty if the file names one that it does not have."""
        found = self.nodes.get(node)
        return found.tag if found else ""

    def name(self, node: str) -> str:
        """Return the words of a node."""
        return " ".join(self.nodes[node].get("name").split())

    def into(self, node: str) -> list[str]:
        """Return the nodes whose flows enter one."""
        return [source for source, legs in self.legs.items() if any(leg.target == node for leg in legs)]


def sketch(root: Element) -> Sketch:
    """Return the first process of a file that has anything to do in it."""
    processes = root.all("process")
    whole = next((each for each in processes if each.all(*ACTIVITIES, *_NESTED)), None)
    if whole is None:
        raise NotBpmn(why="It has no process with a task in it.")
    found = Sketch(whole.get("id"), " ".join(whole.get("name").split()), whole.words("documentation"))
    found.aside += [
        f"Another process, “{other.get('name') or other.get('id')}”, is in the same file."
        for other in processes
        if other is not whole
    ]
    pool = _pool(root, whole.get("id"))
    found.title = found.title or pool or found.key
    _take(found, whole)
    if len(found.nodes) > _MOST:
        raise NotBpmn(
            why=f"It has more than {_MOST} tasks, events and gateways. Draw it as several processes."
        )
    for flows in root.all("collaboration"):
        for message in flows.all("messageFlow"):
            found.aside.append(f"The message “{message.get('name') or message.get('id')}” between two pools.")
    return found


def _pool(root: Element, process: str) -> str:
    pools = [pool for each in root.all("collaboration") for pool in each.all("participant")]
    return next(
        (pool.get("name") for pool in pools if pool.get("processRef").rpartition(":")[2] == process), ""
    )


def _take(found: Sketch, whole: Element) -> None:
    """Take over what is in a process or a subprocess."""
    for lanes in whole.all("laneSet"):
        _lanes(found, lanes)
    nested = whole.all(*_NESTED)
    for element in whole.inside:
        if element.tag in ACTIVITIES or element.tag in _GATEWAYS or element.tag in _EVENTS:
            found.nodes[element.get("id")] = element
            found.legs.setdefault(element.get("id"), [])
        elif element.tag not in _PLAIN and element not in nested:
            _leave(found, element)
    for element in nested:
        _unfold(found, element)
    for flow in whole.all("sequenceFlow"):
        source = flow.get("sourceRef")
        if f"out {source}" in found.nodes:
            source = f"out {source}"
        leg = Leg(
            flow.get("targetRef"),
            " ".join(flow.get("name").split()),
            flow.words("conditionExpression"),
            flow.get("id"),
        )
        found.legs.setdefault(source, []).append(leg)


def _leave(found: Sketch, element: Element) -> None:
    words = " ".join((element.get("name") or element.words("text")).split())
    kind = element.tag.rpartition(" ")[2]
    if kind in ("association", "dataInputAssociation", "dataOutputAssociation", "dataObject"):
        return
    found.aside.append(f"{kind}: “{words or element.get('id')}”.")


def _lanes(found: Sketch, lanes: Element) -> None:
    for lane in lanes.all("lane"):
        for node in lane.all("flowNodeRef"):
            found.lanes[node.text.strip()] = (lane.get("id"), " ".join(lane.get("name").split()))
        for inner in lane.all("childLaneSet"):
            _lanes(found, inner)


def _unfold(found: Sketch, element: Element) -> None:
    """Write a subprocess out flat; an empty one is a task."""
    key, name = element.get("id"), element.get("name")
    starts = [each for each in element.all("startEvent") if each.get("id")]
    if element.get("triggeredByEvent") == "true":
        found.aside.append(f"The event subprocess “{name or key}”.")
        return
    if not starts and not element.all(*ACTIVITIES):
        found.nodes[key] = Element("task", element.attributes, inside=element.inside)
        found.legs.setdefault(key, [])
        return
    found.aside.append(f"The subprocess “{name or key}” is written out: its steps stand among the others.")
    lane = found.lanes.get(key)
    before = set(found.nodes)
    _take(found, element)
    fresh = [each for each in found.nodes if each not in before]
    for each in fresh:
        if lane:
            found.lanes.setdefault(each, lane)
    found.nodes[key] = Element("exclusiveGateway", {"id": key})
    found.nodes[f"out {key}"] = Element("exclusiveGateway", {"id": f"out {key}"})
    found.legs[f"out {key}"] = []
    inner = [start.get("id") for start in starts] or [each for each in fresh if not found.into(each)]
    found.legs[key] = [Leg(inner[0])] if inner else []
    for each in fresh:
        if not found.legs[each] and found.tag(each) not in ("endEvent", ""):
            found.legs[each] = [Leg(f"out {key}")]
        elif found.tag(each) == "endEvent" and not found.nodes[each].all("terminateEventDefinition"):
            found.nodes[each] = Element("exclusiveGateway", {"id": each})
            found.legs[each] = [Leg(f"out {key}")]
        elif found.tag(each) == "startEvent":
            found.nodes[each] = Element("exclusiveGateway", {"id": each})
