"""Reading one question of a process file, by its type."""

import re
from collections.abc import Iterator
from datetime import date

from moothall.process.cel.lexing import RESERVED
from moothall.process.definition import PERSONAL, Choice, Field, Row, Table
from moothall.process.kinds import KINDS
from moothall.process.kinds.dates import limit
from moothall.process.language.mistakes import Report
from moothall.process.language.names import names_in
from moothall.process.language.nodes import Listing, Node, Scalar, Section
from moothall.process.language.sections import PROSE, Part

CHOICE_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,59}", re.ASCII)
KEPT = RESERVED | {"case", "now"}

_ALWAYS = (
    "ask", "type", "label", "hint", "missing", "when", "optional", "private", "from", "table", "calc", "amend",
)  # fmt: skip
_LONGEST = {"text": 500, "paragraph": 10_000}
_MOST_FILES = 10
_MONEY = re.compile(r"-?\d{1,9}(?:\.\d{2})?", re.ASCII)


def field_of(key: str, node: Node, report: Report) -> Field:
    """Return the field that a section describes."""
    part = Part(node, f"fields.{key}", report, (*_ALWAYS, "of", "min", "max", "most", "unit"))
    if key in KEPT:
        report.wrong(part.path, f"Rules keep the word “{key}” for themselves.", f"Call it “{key}_given”.")
    kind = KINDS.get(part.choice("type", KINDS)) if part.has("type") else None
    if not part.has("type"):
        part.missing("type", f"one of {', '.join(KINDS)}")
    for option in ("of", "min", "max", "most", "unit"):
        if kind and part.has(option) and option not in kind.options:
            report.wrong(part.at(option), f"A {kind.name} has no “{option}”.", "Take it out.")
    type_name = kind.name if kind else "text"
    choices = _choices(part)
    if kind and "of" in kind.options and not choices:
        part.missing("of", "the answers to choose from: “of: [small, large]”")
    quiet = any(part.has(each) for each in ("from", "table", "calc"))
    private = part.texts("private")
    return Field(
        key=key,
        ask=part.text("ask") if quiet else part.needed("ask", "the question: “ask: When did it happen?”"),
        type=type_name,
        label=part.text("label"),
        hint=part.text("hint", longest=PROSE),
        missing=part.text("missing"),
        of=choices,
        when=part.text("when", longest=PROSE),
        optional=part.flag("optional"),
        private=PERSONAL if PERSONAL in private else "",
        circle=tuple(each for each in names_in(part, "private", "police") if each != PERSONAL),
        source=part.text("from"),
        table=_table(part),
        calc=part.text("calc", longest=PROSE),
        min=_limit(part, "min", type_name),
        max=_limit(part, "max", type_name),
        most=_most(part),
        unit=part.text("unit"),
        amend=names_in(part, "amend", "service-desk"),
    )


def _table(field: Part) -> Table | None:
    """Return a decision table: rows as “council,no: P1”, or as a list of lists whose last entry is the answer."""
    part = field.part("table", ("by", "rows"))
    if part is None:
        return None
    by = part.texts("by")
    if not by:
        part.missing("by", "what it depends on: “by: [impact, urgency]”")
    rows: list[Row] = []
    for line, tests, then in _rows(part):
        path = f"{part.at('rows')}.{len(rows)}"
        part.report.lines[path] = line
        if len(tests) != len(by):
            wrong = f"This row has {len(tests)} tests, and the table asks {len(by)} things."
            part.report.wrong(path, wrong, f"Write one test each for {', '.join(by)}; “*” for anything.")
        rows.append(Row(tests=tests, then=then))
    if not rows:
        part.missing("rows", 'its rows: “rows: {"council,no": P1, "*,*": P4}”')
    return Table(by=by, rows=tuple(rows))


def _rows(part: Part) -> Iterator[tuple[int, tuple[str, ...], str]]:
    node = part.found.get("rows")
    if isinstance(node, Section):
        for key, value in node.pairs:
            then = value.text if isinstance(value, Scalar) else ""
            yield key.line, tuple(test.strip() for test in key.text.split(",")), then
    elif isinstance(node, Listing):
        for item in node.items:
            cells = (
                [each.text for each in item.items if isinstance(each, Scalar)]
                if isinstance(item, Listing)
                else []
            )
            yield item.line, tuple(cells[:-1]), cells[-1] if cells else ""


def _most(part: Part) -> int:
    most = part.whole("most") if part.has("most") else 1
    if most is None or not 1 <= most <= _MOST_FILES:
        part.report.wrong(part.at("most"), f"It can be 1 to {_MOST_FILES}.", "Write “most: 3”.")
        return 1
    return most


def _limit(part: Part, key: str, kind: str) -> int | str | None:
    if not part.has(key):
        return None
    if kind in ("date", "datetime"):
        text = part.text(key)
        if limit(text, date(2026, 1, 1)) is None:
            instead = "Write “today”, “today - 30 days” or “2026-04-06”."
            part.report.wrong(part.at(key), f"“{text}” is not a date.", instead)
        return text
    if kind == "money":
        return _pence(part, key)
    value = part.whole(key)
    most = _LONGEST.get(kind)
    if value is not None and most and not 1 <= value <= most:
        part.report.wrong(part.at(key), f"A {kind} has 1 to {most:,} characters.", f"Write “{key}: {most}”.")
    return value


def _pence(part: Part, key: str) -> int | None:
    text = part.text(key)
    if not _MONEY.fullmatch(text):
        part.report.wrong(part.at(key), f"“{text}” is not an amount in pounds.", f"Write “{key}: 12.50”.")
        return None
    whole, _, rest = text.partition(".")
    return int(whole) * 100 + (int(rest or 0) if int(whole) >= 0 else -int(rest or 0))


def _choices(part: Part) -> tuple[Choice, ...]:
    """Return the choices: a list of keys, or keys with the words for each."""
    node = part.found.get("of")
    if isinstance(node, Section):
        pairs = [(key, value) for key, value in node.pairs]
    elif isinstance(node, Listing):
        pairs = [(item, item) for item in node.items if isinstance(item, Scalar)]
    else:
        if node is not None:
            part.report.wrong(part.at("of"), "Here should be a list.", "Write “of: [small, large]”.")
        return ()
    found: dict[str, Choice] = {}
    for key, value in pairs:
        path = f"{part.at('of')}.{key.text}"
        part.report.lines[path] = key.line
        if not CHOICE_KEY.fullmatch(key.text):
            instead = "Give it a key and words: “of: {not-sure: I am not sure}”."
            part.report.wrong(path, f"“{key.text}” is not a key for a choice.", instead)
        if key.text in found:
            part.report.wrong(path, f"“{key.text}” is there twice.", "Take one out.")
        found[key.text] = _choice(path, key.text, value, part.report, written=key is not value)
    return tuple(found.values())


def _choice(path: str, key: str, node: Node, report: Report, *, written: bool) -> Choice:
    if isinstance(node, Section):
        part = Part(node, path, report, ("words", "hint"))
        return Choice(key=key, words=part.needed("words", "“words: …”"), hint=part.text("hint"))
    if isinstance(node, Scalar) and written and node.text:
        return Choice(key=key, words=node.text)
    words = key.replace("-", " ").replace("_", " ")
    return Choice(key=key, words=words[:1].upper() + words[1:])
