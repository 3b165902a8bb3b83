"""From sections to the Definition: which keys each thing has, and what they default to."""

import re

from moothall.process.definition import (
    DONE,
    Clock,
    Contact,
    Definition,
    Late,
    Need,
    Outcome,
    Service,
    Span,
    Step,
    Unit,
)
from moothall.process.language.fields import field_of
from moothall.process.language.mistakes import Report
from moothall.process.language.nodes import Listing, Node, Section
from moothall.process.language.sections import PROSE, Part

PROCESS_KEY = re.compile(r"[a-z][a-z0-9-]{0,59}", re.ASCII)
KEY = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)
OUTCOME_KEY = re.compile(r"[a-z][a-z0-9-]{0,39}", re.ASCII)
CLOCK_KEY = re.compile(r"[a-z][a-z0-9_-]{0,39}", re.ASCII)
TEAM = OUTCOME_KEY

_SPAN = re.compile(r"(\d{1,4}) (working )?(minute|hour|day|week)s?", re.ASCII)
_UNITS: dict[str, Unit] = {"minute": "minutes", "hour": "hours", "day": "days", "week": "weeks"}
_PERCENT = re.compile(r"(\d{1,2})%", re.ASCII)
_CONTACTS: dict[str, Contact] = {"required": "required", "optional": "optional", "none": "none"}
_COUNCILS = ("county", "city", "district", "unitary")
_PRIORITIES = ("high", "urgent")
_PROCESS = ("process", "title", "summary", "owner", "start", "service", "fields", "clocks", "steps")
_SERVICE = (
    "title",
    "description",
    "category",
    "keywords",
    "lgsl",
    "before_you_start",
    "how_long",
    "contact",
    "councils",
)
_STEP = ("title", "by", "show", "ask", "after", "on_demand", "when", "need", "outcomes", "next")
_OUTCOME = ("title", "by", "answers", "when", "back", "go", "end", "tell", "say", "need_text")
_CLOCK = ("title", "within", "from", "until", "when", "pause", "calendar", "warn", "late")


def titled(key: str) -> str:
    """Return a key as words.

    >>> titled("not-ours")
    'Not ours'
    """
    return key.replace("_", " ").replace("-", " ").capitalize()


def definition_of(root: Section, report: Report) -> Definition:
    """Return what the file defines; the report says whether it may be used."""
    part = Part(root, "", report, _PROCESS)
    if not part.has("process"):
        part.missing("process", "“process: missed-bin”")
    start = _names(part, "start", "resident")
    if not start:
        part.missing("start", "who may start it: “start: [resident, agent]”")
    if not part.has("owner"):
        part.missing("owner", "the team that answers for it: “owner: waste”")
    steps = _steps(part, start)
    return Definition(
        key=part.name("process", PROCESS_KEY, "missed-bin"),
        title=part.needed("title", "“title: Missed bin collection”"),
        summary=part.text("summary", longest=PROSE),
        owner=part.name("owner", TEAM, "waste"),
        start=start,
        service=_service(part),
        fields={key: field_of(key, node, report) for key, node in part.named("fields", KEY, "photo").items()},
        clocks={
            key: _clock(key, node, report) for key, node in part.named("clocks", CLOCK_KEY, "reply").items()
        },
        steps=steps,
    )


def _names(part: Part, key: str, example: str) -> tuple[str, ...]:
    names = part.texts(key)
    for name in names:
        if not TEAM.fullmatch(name):
            part.report.wrong(part.at(key), f"“{name}” is not a name.", f"Write it like “{example}”.")
    return names


def _service(process: Part) -> Service | None:
    part = process.part("service", _SERVICE)
    if part is None:
        return None
    councils = part.texts("councils")
    for council in councils:
        if council not in _COUNCILS:
            wrong = f"“{council}” is not a kind of council."
            part.report.wrong(part.at("councils"), wrong, f"It can be: {', '.join(_COUNCILS)}.")
    contact = part.choice("contact", _CONTACTS, "required")
    return Service(
        title=part.text("title") or process.text("title"),
        description=part.needed("description", "one sentence for the catalogue: “description: Tell us …”"),
        category=part.needed("category", "“category: Bins and recycling”"),
        keywords=part.texts("keywords"),
        lgsl=part.whole("lgsl"),
        before_you_start=part.texts("before_you_start", longest=PROSE),
        how_long=part.needed("how_long", "a sentence: “how_long: We come back within 2 working days.”"),
        contact=_CONTACTS[contact],
        councils=councils or _COUNCILS,
    )


def _steps(process: Part, start: tuple[str, ...]) -> dict[str, Step]:
    steps: dict[str, Step] = {}
    above = ""
    for key, node in process.named("steps", KEY, "collect").items():
        steps[key] = _step(key, node, process.report, above, start)
        above = above if steps[key].on_demand else key
    if not steps:
        process.report.wrong(
            "steps", "A process needs at least one step.", "Write “steps:” and one below it."
        )
    return steps


def _step(key: str, node: Node, report: Report, above: str, start: tuple[str, ...]) -> Step:
    part = Part(node, f"steps.{key}", report, _STEP)
    by = _names(part, "by", "waste")
    if not by and above:
        part.missing("by", "who does it: “by: waste”")
    after = part.texts("after")
    if after and not above:
        report.wrong(part.at("after"), "The first step comes after nothing.", "Take “after” out.")
    if part.has("when") and not above:
        report.wrong(part.at("when"), "The first step always opens.", "Take “when” out.")
    on_demand = part.flag("on_demand")
    if on_demand and (not above or after or part.has("when")):
        wrong = "A step on demand opens when an outcome goes to it, and only then."
        report.wrong(
            part.at("on_demand"), wrong, "Take “after” and “when” out; the first step cannot be one."
        )
    return Step(
        key=key,
        title=_title(part, key),
        by=by or start,
        show=part.texts("show"),
        ask=part.texts("ask"),
        after=after or ((above,) if above and not on_demand else ()),
        on_demand=on_demand,
        when=part.text("when", longest=PROSE),
        need=_needs(part),
        outcomes=_outcomes(part),
        next=part.text("next", longest=PROSE),
    )


def _title(part: Part, key: str) -> str:
    if not part.has("title"):
        part.report.advise(part.path, "It has no title.", f"Write “title: {titled(key)}”, or better words.")
    return part.text("title") or titled(key)


def _needs(step: Part) -> tuple[Need, ...]:
    node = step.found.get("need")
    items = node.items if isinstance(node, Listing) else [node] if node else []
    needs: list[Need] = []
    for number, item in enumerate(items):
        path = f"{step.at('need')}.{number}"
        step.report.lines[path] = item.line
        part = Part(item, path, step.report, ("rule", "say"))
        rule = part.needed("rule", "the rule: “rule: end > start”")
        say = part.needed("say", "the sentence for whoever does not meet it: “say: The end must be …”")
        needs.append(Need(rule=rule, say=say))
    return tuple(needs)


def _outcomes(step: Part) -> dict[str, Outcome]:
    found = step.named("outcomes", OUTCOME_KEY, "not-ours")
    if not found:
        return {DONE: Outcome(key=DONE, title="Done")}
    return {key: _outcome(key, node, step, alone=len(found) == 1) for key, node in found.items()}


def _outcome(key: str, node: Node, step: Part, *, alone: bool) -> Outcome:
    part = Part(node, f"{step.at('outcomes')}.{key}", step.report, _OUTCOME)
    if not part.has("title") and not alone:
        step.report.advise(part.path, "It has no title.", f"Write “title: {titled(key)}”, or better words.")
    back, end = part.text("back"), part.name("end", OUTCOME_KEY, "fixed")
    go = part.text("go")
    if len([way for way in (back, go, end) if way]) > 1:
        wrong = "It can go back, go to a step on demand, or end the case: one of the three."
        step.report.wrong(part.path, wrong, "Keep “back”, “go” or “end”.")
    tell = _names(part, "tell", "resident")
    if "resident" in tell and not part.has("say"):
        step.report.advise(part.path, "The resident is told, but not what.", "Write “say: …” in plain words.")
    text = part.text("need_text")
    return Outcome(
        key=key,
        title=part.text("title") or titled(key),
        by=_names(part, "by", "waste"),
        answers=part.texts("answers") if part.has("answers") else None,
        when=part.text("when", longest=PROSE),
        back=back,
        go=go,
        end=end,
        tell=tell,
        say=part.text("say", longest=PROSE),
        need_text={"true": "Give the reason", "false": ""}.get(text, text),
    )


def _clock(key: str, node: Node, report: Report) -> Clock:
    part = Part(node, f"clocks.{key}", report, _CLOCK)
    span = _span(part)
    late = part.part("late", ("tell", "priority"))
    warn = part.text("warn")
    percent = _PERCENT.fullmatch(warn)
    if warn and (percent is None or int(percent[1]) == 0):
        report.wrong(part.at("warn"), f"“{warn}” is not a percentage from 1 to 99.", "Write “warn: 75%”.")
    return Clock(
        key=key,
        title=_title(part, key),
        within=span,
        since=part.needed("from", "the step it starts after: “from: report”"),
        until=part.needed("until", "the step that stops it: “until: collect”"),
        when=part.text("when", longest=PROSE),
        pause=part.texts("pause"),
        calendar=part.name("calendar", OUTCOME_KEY, "office") or "office",
        warn=int(percent[1]) if percent else None,
        late=Late(tell=_names(late, "tell", "waste"), priority=late.choice("priority", _PRIORITIES))
        if late
        else Late(),
    )


def _span(part: Part) -> Span:
    text = part.needed("within", "how long: “within: 2 working days”")
    found = _SPAN.fullmatch(text)
    if found is None or int(found[1]) == 0 or (found[2] and found[3] == "week"):
        if text:
            wrong = f"“{text}” is not a length of time."
            part.report.wrong(part.at("within"), wrong, "Write “2 working days”, “4 hours” or “30 minutes”.")
        return Span(count=1, unit="days")
    return Span(count=int(found[1]), unit=_UNITS[found[3]], working=bool(found[2]))
