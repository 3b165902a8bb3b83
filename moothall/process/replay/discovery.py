"""Making a process for a log: a step for each activity, an outcome for each way it was left."""

import io
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ruamel.yaml import YAML

from moothall.process.definition import AGENT, Definition
from moothall.process.language import NotSound, read
from moothall.process.replay.logs import LOG_ENDS, Trace

FINISHED = "finished"
OPENING = "case_opened"
IN_LOG = "case_in_log"
NO_GROUP = "no-group"
_LONGEST = 36
_TITLE = 150


@dataclass(frozen=True, slots=True)
class Discovered:
    """The process of a log: its file, what was read from it, and how the log's names are written there."""

    source: str
    definition: Definition
    steps: Mapping[str, str]
    functions: Mapping[str, str]
    fields: Mapping[str, str]

    def outcome_to(self, activity: str | None) -> str:
        """Return the outcome by which a step goes on to an activity; to none, the case is finished."""
        return FINISHED if activity is None else f"to-{self.steps[activity].replace('_', '-')}"


def discover(traces: Sequence[Trace], *, name: str, key: str) -> Discovered:
    """Return a process in which every trace of the log can run.

    The first activity starts the case; if the log has several, a step of ours opens each case and leads to them.
    Every other activity is a step on demand: it opens when the step before goes to it, as often as the log has it.
    A case that had not ended when the log did waits in a step of ours, so that it stands in a worklist.
    """
    activities = list(dict.fromkeys(event.activity for trace in traces for event in trace.events))
    starts = list(dict.fromkeys(trace.events[0].activity for trace in traces))
    functions = _keyed({event.group for trace in traces for event in trace.events}, "-", NO_GROUP)
    fields = _keyed({name for trace in traces for name in trace.attributes}, "_", "detail")
    if not all(trace.ended for trace in traces):
        activities.append(LOG_ENDS)
    steps = _keyed(activities, "_", "activity", taken={*fields.values(), OPENING, IN_LOG})
    made = Discovered("", _NOTHING, steps, functions, fields)
    body = {
        "process": key,
        "title": name[:_TITLE],
        "summary": "Made from an event log, so that its cases can be replayed and read.",
        "owner": functions[_most_common(traces)],
        "start": [AGENT],
        "fields": {IN_LOG: {"ask": "Case in the log", "type": "text", "optional": True}}
        | {made.fields[each]: _field(each, traces) for each in fields},
        "steps": _steps(made, traces, starts),
    }
    file = io.StringIO()
    YAML(pure=True).dump(body, file)
    reading = read(file.getvalue(), file=f"{key}.yaml")
    if reading.definition is None:
        raise NotSound(mistakes="\n".join(str(mistake) for mistake in reading.mistakes if mistake.serious))
    return Discovered(file.getvalue(), reading.definition, steps, functions, fields)


_NOTHING = Definition(key="nothing", title="", owner="", start=(), steps={})


def _steps(made: Discovered, traces: Sequence[Trace], starts: Sequence[str]) -> dict[str, Any]:
    ways: dict[str, dict[str | None, None]] = {}
    groups: dict[str, Counter[str]] = {}
    for trace in traces:
        for event, then in trace.ways():
            ways.setdefault(event.activity, {})[then] = None
            groups.setdefault(event.activity, Counter())[event.group] += 1
    asked = [IN_LOG, *made.fields.values()]
    found: dict[str, Any] = {}
    if len(starts) > 1:
        ways_in: dict[str | None, None] = dict.fromkeys(starts)
        found[OPENING] = {
            "title": "Open the case",
            "by": [AGENT],
            "ask": asked,
            "outcomes": _outcomes(made, ways_in, None),
        }
    for activity in sorted(ways, key=lambda each: (each != starts[0], list(made.steps).index(each))):
        by = [made.functions[group] for group, _ in groups[activity].most_common()]
        body = {"title": activity[:_TITLE], "by": by, "outcomes": _outcomes(made, ways[activity], activity)}
        if found:
            found[made.steps[activity]] = {"on_demand": True} | body
        else:
            found[made.steps[activity]] = body | {"ask": asked, "by": [*by, AGENT]}
    if LOG_ENDS in made.steps:
        by = [made.functions[group] for group in made.functions]
        ends = _outcomes(made, {None: None}, LOG_ENDS)
        body = {"title": "Go on where the log ends", "by": by, "outcomes": ends}
        found[made.steps[LOG_ENDS]] = {"on_demand": True} | body
    return found


def _outcomes(made: Discovered, ways: Mapping[str | None, None], here: str | None) -> dict[str, Any]:
    first = next(iter(made.steps.values())) if here is not None else None
    outcomes: dict[str, Any] = {}
    for then in ways:
        if then is None:
            outcomes[FINISHED] = {"title": "Finished", "end": FINISHED}
        else:
            way = "back" if made.steps[then] == first or then == here else "go"
            title = f"Go on to {then}"[:_TITLE]
            if title.casefold() in {each["title"].casefold() for each in outcomes.values()}:
                title = f"{title} ({made.steps[then]})"
            outcomes[made.outcome_to(then)] = {"title": title, way: made.steps[then]}
    return outcomes


def _field(name: str, traces: Sequence[Trace]) -> dict[str, Any]:
    kind = "date" if all(map(_is_time, _values(name, traces))) else "text"
    return {"ask": name.replace("_", " ").replace(":", " ").capitalize(), "type": kind, "optional": True}


def _values(name: str, traces: Sequence[Trace]) -> list[str]:
    return [trace.attributes[name] for trace in traces if name in trace.attributes]


def _is_time(value: str) -> bool:
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return "-" in value


def answers(made: Discovered, trace: Trace) -> dict[str, str]:
    """Return what the log says of a case, as answers to the first step."""
    given = {IN_LOG: trace.name}
    for name, value in trace.attributes.items():
        key = made.fields[name]
        dated = made.definition.fields[key].type == "date"
        given[key] = datetime.fromisoformat(value).date().isoformat() if dated else value
    return given


def _most_common(traces: Sequence[Trace]) -> str:
    return Counter(event.group for trace in traces for event in trace.events).most_common(1)[0][0]


def slug(text: str, joint: str, otherwise: str) -> str:
    """Return a name as process files write it.

    >>> slug("T07-1 Draft intern advice", "_", "activity")
    't07_1_draft_intern_advice'
    >>> slug("10 %", "-", "group")
    'group-10'
    """
    words = re.findall(r"[a-z0-9]+", text.lower())
    written = joint.join(words)[:_LONGEST].strip(joint)
    return written if written[:1].isalpha() else f"{otherwise}{joint}{written}".strip(joint)


def _keyed(
    names: "Sequence[str] | set[str]", joint: str, otherwise: str, taken: set[str] | None = None
) -> dict[str, str]:
    """Return a key for each name, none of them twice."""
    used = set(taken or ())
    keys: dict[str, str] = {}
    for name in sorted(names) if isinstance(names, set) else names:
        first = key = slug(name, joint, otherwise)
        number = 1
        while key in used:
            number += 1
            key = f"{first}{joint}{number}"
        used.add(key)
        keys[name] = key
    return keys
