"""An event log as XES (IEEE 1849-2016), a piece at a time: a trace for each case, an event for each step done."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time
from typing import Any
from xml.sax.saxutils import quoteattr

from moothall.process.mining.choosing import Chosen, Happened

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_EXTENSIONS = {"Concept": "concept", "Lifecycle": "lifecycle", "Organizational": "org", "Time": "time"}
_SITE = "http://www.xes-standard.org/"
_VERSION = "1849.2016"
"""The standard's number as its schema wants it: a decimal number. Keys and names are names of XML, without spaces."""
_NO_DAY = "1970-01-01T00:00:00+00:00"


def xes(cases: Iterable[Chosen], *, title: str, process: str) -> Iterator[str]:
    """Return the text of the log in pieces. Its classifiers are the step, the step with its life, and who did it."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f'<log xes.version="{_VERSION}" xes.features="" xmlns="{_SITE}">\n'
    for name, prefix in _EXTENSIONS.items():
        yield f'  <extension name="{name}" prefix="{prefix}" uri="{_SITE}{prefix}.xesext"/>\n'
    yield '  <global scope="trace">\n' + _attributes({"concept:name": "", "council": ""}, 4) + "  </global>\n"
    always = {"concept:name": "", "lifecycle:transition": "complete", "org:resource": ""}
    yield (
        '  <global scope="event">\n'
        + _attributes(always, 4)
        + f'    <date key="time:timestamp" value="{_NO_DAY}"/>\n  </global>\n'
    )
    yield '  <classifier name="Step" scope="event" keys="concept:name"/>\n'
    yield '  <classifier name="Step-with-its-life" scope="event" keys="concept:name lifecycle:transition"/>\n'
    yield '  <classifier name="Person" scope="event" keys="org:resource"/>\n'
    yield _attributes({"concept:name": title, "process": process, "lifecycle:model": "standard"}, 2)
    for case in cases:
        yield _trace(case)
    yield "</log>\n"


def _trace(case: Chosen) -> str:
    about = {
        "concept:name": case.reference,
        "council": case.council,
        "version": case.version,
        "status": case.status,
        "ending": case.ending or None,
        "opened": case.opened_at,
        "closed": case.closed_at,
        **{f"answer.{key}": value for key, value in case.answers.items()},
    }
    return "  <trace>\n" + _attributes(about, 4) + "".join(map(_event, case.happened)) + "  </trace>\n"


def _event(each: Happened) -> str:
    said = {
        "concept:name": each.name,
        "lifecycle:transition": each.transition,
        "time:timestamp": each.at,
        "org:resource": each.person or "Somebody",
        "org:group": each.team or None,
        "step": each.step or None,
        "run": each.run,
        "outcome": each.outcome or None,
        "waived": each.waived or None,
    }
    return "    <event>\n" + _attributes(said, 6) + "    </event>\n"


def _attributes(values: dict[str, Any], indent: int) -> str:
    return "".join(
        f"{' ' * indent}{_attribute(key, value)}\n" for key, value in values.items() if value is not None
    )


def _attribute(key: str, value: Any) -> str:
    kind, text = _typed(value)
    return f"<{kind} key={_quoted(key)} value={_quoted(text)}/>"


def _typed(value: Any) -> tuple[str, str]:
    if isinstance(value, bool):
        return "boolean", "true" if value else "false"
    if isinstance(value, int):
        return "int", str(value)
    if isinstance(value, datetime):
        return "date", value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return "date", datetime.combine(value, time(), UTC).isoformat(timespec="microseconds")
    return "string", str(value)


def _quoted(text: str) -> str:
    return quoteattr(_NOT_XML.sub("", text), {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})
