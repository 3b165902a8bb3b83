"""What a process is, once its file has been read and found sound: frozen values, and their JSON for ever.

Not for: reading files (language), or moving cases on (engine). A rule stays text; `process.cel.rule` compiles it once.
"""

from functools import lru_cache

from moothall.process.definition.keeping import read_as
from moothall.process.definition.parts import (
    AGENT,
    ANYBODY,
    DONE,
    NAMED,
    NOTHING,
    PERSONAL,
    RESIDENT,
    STAFF,
    SUPERVISOR,
    TIME,
    Choice,
    Clock,
    Contact,
    Field,
    Late,
    Need,
    Outcome,
    Pass,
    Row,
    Service,
    Span,
    Step,
    Table,
    Target,
    Targets,
    Unit,
    Vote,
    Wait,
)
from moothall.process.definition.whole import Definition, circle_of, named_circle

__all__ = [
    "AGENT",
    "ANYBODY",
    "DONE",
    "NAMED",
    "NOTHING",
    "PERSONAL",
    "RESIDENT",
    "STAFF",
    "SUPERVISOR",
    "TIME",
    "Choice",
    "Clock",
    "Contact",
    "Definition",
    "Field",
    "Late",
    "Need",
    "Outcome",
    "Pass",
    "Row",
    "Service",
    "Span",
    "Step",
    "Table",
    "Target",
    "Targets",
    "Unit",
    "Vote",
    "Wait",
    "circle_of",
    "from_json",
    "named_circle",
    "to_json",
]


def to_json(definition: Definition) -> str:
    """Return the canonical JSON of a definition."""
    return definition.body


@lru_cache(maxsize=512)
def from_json(body: str) -> Definition:
    """Return the definition that was stored; the same text gives the same object, already indexed."""
    made: Definition = read_as(Definition, body)
    return made
