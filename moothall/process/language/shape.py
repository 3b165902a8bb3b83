"""From sections to the Definition: which keys each thing has, and what they default to."""

import re

from moothall.process.definition import Clock, Contact, Definition, Late, Service
from moothall.process.language.fields import field_of
from moothall.process.language.mistakes import Report
from moothall.process.language.names import (
    CLOCK_KEY,
    KEY,
    OUTCOME_KEY,
    PROCESS_KEY,
    TEAM,
    names_in,
    span_in,
    title_in,
)
from moothall.process.language.nodes import Node, Section
from moothall.process.language.sections import PROSE, Part
from moothall.process.language.steps import steps_of

_PERCENT = re.compile(r"(\d{1,2})%", re.ASCII)
_CONTACTS: dict[str, Contact] = {"required": "required", "optional": "optional", "none": "none"}
_COUNCILS = ("county", "city", "district", "unitary")
_PRIORITIES = ("high", "urgent")
_PROCESS = (
    "process",
    "title",
    "summary",
    "owner",
    "start",
    "private",
    "service",
    "fields",
    "clocks",
    "steps",
)
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
_CLOCK = ("title", "within", "from", "until", "when", "pause", "calendar", "warn", "late")


def definition_of(root: Section, report: Report) -> Definition:
    """Return what the file defines; the report says whether it may be used."""
    part = Part(root, "", report, _PROCESS)
    if not part.has("process"):
        part.missing("process", "“process: missed-bin”")
    start = names_in(part, "start", "resident")
    if not start:
        part.missing("start", "who may start it: “start: [resident, agent]”")
    if not part.has("owner"):
        part.missing("owner", "the team that answers for it: “owner: waste”")
    steps = steps_of(part, start)
    return Definition(
        key=part.name("process", PROCESS_KEY, "missed-bin"),
        title=part.needed("title", "“title: Missed bin collection”"),
        summary=part.text("summary", longest=PROSE),
        owner=part.name("owner", TEAM, "waste"),
        start=start,
        private=names_in(part, "private", "safeguarding"),
        service=_service(part),
        fields={key: field_of(key, node, report) for key, node in part.named("fields", KEY, "photo").items()},
        clocks={
            key: clock_of(key, node, report) for key, node in part.named("clocks", CLOCK_KEY, "reply").items()
        },
        steps=steps,
    )


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


def clock_of(key: str, node: Node, report: Report) -> Clock:
    """Return the clock that a section describes."""
    part = Part(node, f"clocks.{key}", report, _CLOCK)
    span = span_in(part, "within")
    late = part.part("late", ("tell", "priority"))
    warn = part.text("warn")
    percent = _PERCENT.fullmatch(warn)
    if warn and (percent is None or int(percent[1]) == 0):
        report.wrong(part.at("warn"), f"“{warn}” is not a percentage from 1 to 99.", "Write “warn: 75%”.")
    return Clock(
        key=key,
        title=title_in(part, key),
        within=span,
        since=part.needed("from", "the step it starts after: “from: report”"),
        until=part.needed("until", "the step that stops it: “until: collect”"),
        when=part.text("when", longest=PROSE),
        pause=part.texts("pause"),
        calendar=part.name("calendar", OUTCOME_KEY, "office") or "office",
        warn=int(percent[1]) if percent else None,
        late=Late(tell=names_in(late, "tell", "waste"), priority=late.choice("priority", _PRIORITIES))
        if late
        else Late(),
    )
