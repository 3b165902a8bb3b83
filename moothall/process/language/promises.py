"""Reading a clock: how long it has, by a span or by a table, when it runs, and what ends it."""

import re

from moothall.process.definition import Clock, Late, Span, Target, Targets
from moothall.process.language.mistakes import Report
from moothall.process.language.names import OUTCOME_KEY, names_in, not_a_span, span_in, span_of, title_in
from moothall.process.language.nodes import Node, Section
from moothall.process.language.sections import PROSE, Part

WRITTEN = ("met", "again")
NONE = "none"
_CLOCK = (
    "title", "within", "from", "until", "when", "pause", "kept", "calendar", "warn", "on_written",
    "late",
)  # fmt: skip
_PRIORITIES = ("high", "urgent")
_PERCENT = re.compile(r"(\d{1,2})%", re.ASCII)


def clock_of(key: str, node: Node, report: Report) -> Clock:
    """Return the clock that a section describes."""
    part = Part(node, f"clocks.{key}", report, _CLOCK)
    within, targets = _within(part)
    late = part.part("late", ("tell", "priority"))
    warn = part.text("warn")
    percent = _PERCENT.fullmatch(warn)
    if warn and (percent is None or int(percent[1]) == 0):
        report.wrong(part.at("warn"), f"“{warn}” is not a percentage from 1 to 99.", "Write “warn: 75%”.")
    return Clock(
        key=key,
        title=title_in(part, key),
        within=within,
        targets=targets,
        since=part.needed("from", "the step it starts after: “from: report”"),
        until=part.needed("until", "the step that stops it: “until: collect”"),
        when=part.text("when", longest=PROSE),
        pause=part.texts("pause"),
        kept=part.texts("kept"),
        calendar=part.name("calendar", OUTCOME_KEY, "office") or "office",
        warn=int(percent[1]) if percent else None,
        on_written={"met": "met", "again": "again"}.get(part.choice("on_written", WRITTEN), ""),  # type: ignore[arg-type]
        late=Late(tell=names_in(late, "tell", "waste"), priority=late.choice("priority", _PRIORITIES))
        if late
        else Late(),
    )


def _within(clock: Part) -> tuple[Span | None, Targets | None]:
    """Return how long a clock has: one span, or a table by the answer to a question."""
    node = clock.found.get("within")
    if not isinstance(node, Section):
        return span_in(clock, "within"), None
    names = [name.text for name, _ in node.pairs]
    part = Part(node, clock.at("within"), clock.report, names)
    if "by" not in names:
        part.missing("by", "the question whose answer decides it: “by: priority”")
    rows = tuple(_row(part, name) for name in names if name != "by")
    if not rows:
        part.missing("rows", "a row for each answer: “within: {by: priority, P1: 4 hours, P2: none}”")
    return None, Targets(by=part.text("by"), rows=rows)


def _row(table: Part, choice: str) -> Target:
    """Return one row: a span, a span with its own calendar, or nothing promised."""
    if isinstance(table.found.get(choice), Section):
        part = table.part(choice, ("time", "calendar"))
        assert part is not None
        calendar = part.name("calendar", OUTCOME_KEY, "extended")
        return Target(choice=choice, span=span_in(part, "time"), calendar=calendar)
    text = table.text(choice)
    span = span_of(text)
    if span is None and text and text != NONE:
        not_a_span(table, table.at(choice), text)
    if not text:
        table.report.wrong(table.at(choice), "It does not say how long.", "Write “4 hours”, or “none”.")
    return Target(choice=choice, span=span)
