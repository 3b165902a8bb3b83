"""From sections to the Definition: which keys each thing has, and what they default to."""

from moothall.process.definition import Contact, Definition, Service
from moothall.process.language.fields import field_of
from moothall.process.language.mistakes import Report
from moothall.process.language.names import (
    CLOCK_KEY,
    KEY,
    PERMISSION,
    PROCESS_KEY,
    TEAM,
    names_in,
)
from moothall.process.language.nodes import Section
from moothall.process.language.promises import clock_of
from moothall.process.language.sections import PROSE, Part
from moothall.process.language.steps import steps_of

_CONTACTS: dict[str, Contact] = {"required": "required", "optional": "optional", "none": "none"}
_COUNCILS = ("county", "city", "district", "unitary")
_PROCESS = (
    "process",
    "title",
    "summary",
    "owner",
    "start",
    "private",
    "seen_with",
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
        seen_with=part.name("seen_with", PERMISSION, "servicedesk.call.see"),
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
