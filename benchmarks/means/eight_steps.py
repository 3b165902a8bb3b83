"""The process that both engines walk: eight steps by people, six answers each, one choice; and one that comes round.

Written down once as data, and told to each engine in its own language: YAML for Moothall, BPMN for SpiffWorkflow.
"""

from typing import Any

STEPS, ANSWERS, CHOICE_AFTER = 8, 6, 4
_START = "owner: desk\nstart: [agent]\n"
_TYPED: dict[str, Any] = {"yesno": lambda value: value == "yes", "number": int}
_KINDS = ("text", "choice", "yesno", "number", "date", "paragraph")


def keys(step: int) -> list[str]:
    """Return the six questions of a step."""
    return [f"{kind}_{step}" for kind in _KINDS]


def given(step: int, round_: int = 0) -> dict[str, str]:
    """Return the answers as a form sends them."""
    words = f"Seen on round {round_}: the north door was open and the lamp by the stairs did not light"
    values = (f"Door {step} {round_ % 7}", "south", "yes", str(step * 7 + round_), "2026-11-20", words)
    return dict(zip(keys(step), values, strict=True))


def typed(answers: dict[str, str]) -> dict[str, Any]:
    """Return the answers as SpiffWorkflow gets them: cleaned already, which costs it nothing here."""
    return {key: _TYPED.get(key.partition("_")[0], str)(value) for key, value in answers.items()}


def yaml() -> str:
    """Return the process as Moothall reads it."""
    fields = "\n".join(_fields(step) for step in range(1, STEPS + 1))
    steps = "\n".join(_step(step) for step in range(1, STEPS + 1))
    return f"process: eight-steps\ntitle: Eight steps\n{_START}fields:\n{fields}\nsteps:\n{steps}\n"


def yaml_of_visits() -> str:
    """Return a process of one step that goes back to itself, as visits to somebody's home do."""
    return (
        f"process: visits\ntitle: Visits\n{_START}fields:\n{_fields(1)}\nsteps:\n"
        "  begin: {title: Begin, by: [desk, agent]}\n"
        f"  visit:\n    title: Visit\n    by: desk\n    ask: [{', '.join(keys(1))}]\n"
        "    outcomes:\n      again: {title: Visit again, back: visit}\n      enough: {title: Enough, end: ended}\n"
    )


def _fields(step: int) -> str:
    text, choice, yesno, number, date, paragraph = keys(step)
    return (
        f"  {text}: {{ask: What is it called?, type: text}}\n"
        f"  {choice}: {{ask: Which side?, type: choice, of: {{north: North, south: South}}}}\n"
        f"  {yesno}: {{ask: Was it open?, type: yesno}}\n"
        f"  {number}: {{ask: How many?, type: number}}\n"
        f"  {date}: {{ask: When was it seen?, type: date}}\n"
        f"  {paragraph}: {{ask: What did you see?, type: paragraph}}"
    )


def _step(step: int) -> str:
    told = f"  step_{step}: {{title: Step {step}, by: [desk, agent], ask: [{', '.join(keys(step))}]"
    if step == CHOICE_AFTER:
        rule = f"choice_{step}"
        told += (
            f', outcomes: {{go: {{title: Go on, when: {rule} == "south"}}, '
            f'no: {{title: Refuse, when: {rule} == "north", end: refused}}}}'
        )
    if step == STEPS:
        told += ", outcomes: {done: {title: Done, end: completed}}"
    return told + "}"


def bpmn() -> bytes:
    """Return the same process as BPMN 2.0."""
    parts, flows = ['<startEvent id="start"/>'], []
    last = "start"
    for step in range(1, STEPS + 1):
        parts.append(f'<userTask id="step_{step}" name="Step {step}"/>')
        flows.append(_flow(last, f"step_{step}", "choice_4 == 'south'" if last == "choice" else ""))
        last = f"step_{step}"
        if step == CHOICE_AFTER:
            parts.append('<exclusiveGateway id="choice" default="choice-refused"/><endEvent id="refused"/>')
            flows += [_flow(last, "choice"), _flow("choice", "refused")]
            last = "choice"
    parts.append('<endEvent id="end"/>')
    flows.append(_flow(last, "end"))
    return _document("eight_steps", parts, flows)


def bpmn_of_visits() -> bytes:
    """Return the loop of visits as BPMN 2.0."""
    parts = [
        '<startEvent id="start"/><userTask id="visit" name="Visit"/>',
        '<exclusiveGateway id="choice" default="choice-visit"/><endEvent id="end"/>',
    ]
    flows = [
        _flow("start", "visit"),
        _flow("visit", "choice"),
        _flow("choice", "visit"),
        _flow("choice", "end", "outcome == 'enough'"),
    ]
    return _document("visits", parts, flows)


def _flow(source: str, target: str, rule: str = "") -> str:
    condition = f"<conditionExpression>{rule}</conditionExpression>" if rule else ""
    return f'<sequenceFlow id="{source}-{target}" sourceRef="{source}" targetRef="{target}">{condition}</sequenceFlow>'


def _document(key: str, parts: list[str], flows: list[str]) -> bytes:
    body = "".join([*parts, *flows])
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="bench">'
        f'<process id="{key}" isExecutable="true">{body}</process></definitions>'
    ).encode()
