"""Writing a process as BPMN 2.0, with its diagram."""

from xml.etree import ElementTree as ET

from moothall.process.bpmn.flowing import flowing
from moothall.process.bpmn.layout import Bounds, positions
from moothall.process.bpmn.parts import Flow, Flowing, Inside, Node
from moothall.process.definition import Definition
from moothall.process.picture.wording import person

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DI = "http://www.omg.org/spec/DD/20100524/DI"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
_PREFIXES = {"bpmn": BPMN, "bpmndi": BPMNDI, "dc": DC, "di": DI, "xsi": XSI}


def export(definition: Definition) -> str:
    """Return a process as a BPMN 2.0 file, with lanes by team and our own layout as its diagram."""
    for prefix, space in _PREFIXES.items():
        ET.register_namespace(prefix, space)
    made = flowing(definition)
    root = ET.Element(
        f"{{{BPMN}}}definitions",
        {"id": "bpmn_definitions", "targetNamespace": "urn:moothall:process", "exporter": "Moothall"},
    )
    process = ET.SubElement(
        root, f"{{{BPMN}}}process", {"id": definition.key, "name": definition.title, "isExecutable": "true"}
    )
    if definition.summary:
        _child(process, "documentation", text=definition.summary)
    _lanes(process, definition, made)
    ids = _ids(made)
    for node in made.nodes.values():
        _node(process, node, made, list(ids.values()))
    for flow, name in ids.items():
        words = {"name": flow.name} if flow.name else {}
        element = _child(
            process, "sequenceFlow", id=name, sourceRef=flow.source, targetRef=flow.target, **words
        )
        if flow.condition:
            _child(element, "conditionExpression", text=flow.condition).set(
                f"{{{XSI}}}type", "bpmn:tFormalExpression"
            )
    _diagram(root, definition, made, list(ids.values()))
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _ids(made: Flowing) -> dict[Flow, str]:
    """Return an id for each flow: the outcome's own, for the first that takes it; a person and time may take one."""
    ids: dict[Flow, str] = {}
    taken: set[str] = set()
    for number, flow in enumerate(made.flows, 1):
        own = bool(flow.key) and flow.key not in taken
        ids[flow] = f"way_{flow.key}" if own else f"flow_{number}"
        taken.add(flow.key)
    return ids


def _child(parent: ET.Element, tag: str, *, text: str = "", **attributes: str) -> ET.Element:
    made = ET.SubElement(parent, f"{{{BPMN}}}{tag}", attributes)
    made.text = text or None
    return made


def _lanes(process: ET.Element, definition: Definition, made: Flowing) -> None:
    """Write a lane for each team, with the steps that are its own."""
    teams = dict.fromkeys(node.team for node in made.nodes.values() if node.team)
    lanes = _child(process, "laneSet", id="lane_set")
    for team in teams:
        lane = _child(lanes, "lane", id=f"lane_{team}", name=person(definition, team))
        for node in made.nodes.values():
            on = made.nodes[node.on] if node.on else node
            if on.team == team:
                _child(lane, "flowNodeRef", text=node.id)


def _node(process: ET.Element, node: Node, made: Flowing, ids: list[str]) -> None:
    out = [(number, flow) for number, flow in enumerate(made.flows) if flow.source == node.id]
    attributes = {"id": node.id} | ({"name": node.name} if node.name else {}) | dict(node.attributes)
    if node.on:
        attributes["attachedToRef"] = node.on
    if node.tag == "exclusiveGateway" and len(out) > 1:
        attributes["default"] = next(ids[number] for number, flow in out if not flow.condition)
    element = ET.SubElement(process, f"{{{BPMN}}}{node.tag}", attributes)
    if node.about:
        _child(element, "documentation", text=node.about)
    for number, flow in enumerate(made.flows):
        if flow.target == node.id:
            _child(element, "incoming", text=ids[number])
    for number, _ in out:
        _child(element, "outgoing", text=ids[number])
    for each in node.inside:
        _inside(element, each, f"{each.tag}_{node.id}")


def _inside(parent: ET.Element, part: Inside, name: str) -> None:
    element = _child(parent, part.tag, text=part.text)
    if part.tag.endswith("EventDefinition"):
        element.set("id", name)
    for key, value in part.attributes:
        element.set(f"{{{XSI}}}type" if key == "xsi:type" else key, value)
    for each in part.inside:
        _inside(element, each, name)


def _diagram(root: ET.Element, definition: Definition, made: Flowing, ids: list[str]) -> None:
    where = positions(made)
    diagram = ET.SubElement(root, f"{{{BPMNDI}}}BPMNDiagram", {"id": "bpmn_diagram"})
    plane = ET.SubElement(
        diagram, f"{{{BPMNDI}}}BPMNPlane", {"id": "bpmn_plane", "bpmnElement": definition.key}
    )
    for key, node in made.nodes.items():
        shape = ET.SubElement(plane, f"{{{BPMNDI}}}BPMNShape", {"id": f"di_{key}", "bpmnElement": key})
        if node.tag == "exclusiveGateway":
            shape.set("isMarkerVisible", "true")
        _bounds(shape, where.shapes[key])
        if key in where.labels:
            _bounds(ET.SubElement(shape, f"{{{BPMNDI}}}BPMNLabel"), where.labels[key])
    for number, key in enumerate(ids):
        edge = ET.SubElement(plane, f"{{{BPMNDI}}}BPMNEdge", {"id": f"di_{key}", "bpmnElement": key})
        for x, y in where.lines[number]:
            ET.SubElement(edge, f"{{{DI}}}waypoint", {"x": f"{x:.0f}", "y": f"{y:.0f}"})
        if number in where.words:
            _bounds(ET.SubElement(edge, f"{{{BPMNDI}}}BPMNLabel"), where.words[number])


def _bounds(parent: ET.Element, bounds: Bounds) -> None:
    names = ("x", "y", "width", "height")
    ET.SubElement(
        parent, f"{{{DC}}}Bounds", {name: f"{value:.0f}" for name, value in zip(names, bounds, strict=True)}
    )
