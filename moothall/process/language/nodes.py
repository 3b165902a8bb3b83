"""From the bytes of a YAML 1.2 file to a tree in which everything knows its line."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from moothall.process.language.mistakes import Report

LARGEST = 256 * 1024
DEEPEST = 12
_WHOLE = re.compile(r"[-+]?\d{1,15}", re.ASCII)
_PLAIN: dict[str, Any] = {"": None, "~": None, "null": None, "true": True, "false": False}


@dataclass(slots=True)
class Scalar:
    """A single value. `text` is as written; `value` is what YAML 1.2 takes it for."""

    line: int
    text: str
    quoted: bool = False

    @property
    def value(self) -> Any:
        if self.quoted:
            return self.text
        if _WHOLE.fullmatch(self.text):
            return int(self.text)
        return _PLAIN.get(self.text, self.text)


@dataclass(slots=True)
class Listing:
    line: int
    items: list["Node"] = field(default_factory=list)


@dataclass(slots=True)
class Section:
    line: int
    pairs: list[tuple[Scalar, "Node"]] = field(default_factory=list)


Node = Scalar | Listing | Section


class _GivenUp(Exception):
    """The file cannot be read further; the mistake has been noted."""


def tree(source: bytes | str, report: Report) -> Section | None:
    """Return the mapping that the file is, or None after noting why it cannot be read."""
    try:
        text = _decoded(source, report)
        _refuse_tabs(text, report)
        return _Builder(text, report).document()
    except _GivenUp:
        return None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        report.wrong("", *_plain_english(error), line=mark.line + 1 if mark else 1)
    except (YAMLError, ValueError) as error:
        report.wrong("", "This is not YAML.", str(error).split("\n", 1)[0], line=1)
    return None


def _decoded(source: bytes | str, report: Report) -> str:
    if len(source) > LARGEST:
        report.wrong("", f"The file is larger than {LARGEST // 1024} KB.", "Split it into several processes.")
        raise _GivenUp
    if isinstance(source, str):
        return source
    try:
        text = source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = source[: error.start].count(b"\n") + 1
        report.wrong("", "The file is not UTF-8 text.", "Save it again as UTF-8.", line=line)
        raise _GivenUp from error
    return text


def _refuse_tabs(text: str, report: Report) -> None:
    for number, line in enumerate(text.split("\n"), 1):
        if "\t" in line[: len(line) - len(line.lstrip())]:
            report.wrong("", "The line begins with a tab.", "Indent with spaces.", line=number)
            raise _GivenUp


def _plain_english(error: MarkedYAMLError) -> tuple[str, str]:
    problem = f"{error.context or ''} {error.problem or ''}"
    known = {
        "mapping values are not allowed": (
            "There is a second colon on the line, or the line is indented too far.",
            'Put quotation marks round a text with a colon in it: ask: "Note: when?".',
        ),
        "could not find expected ':'": (
            "A key has no colon after it.",
            "Write “key: value”, and indent the lines that belong to it.",
        ),
        "did not find expected": (
            "The line is indented differently from its neighbours, or a bracket is not closed.",
            "Keys of one thing begin in the same column; every { and [ needs its } and ].",
        ),
        "expected <block end>": (
            "The line is indented differently from its neighbours.",
            "Keys of one thing begin in the same column.",
        ),
        "expected ',' or": ("A comma or a closing bracket is missing.", "Close every { with } and [ with ]."),
        "found unexpected end of stream": ("A quotation mark is not closed.", "Close it."),
        "cannot start any token": (
            "A value begins with a character that YAML keeps for itself.",
            "Put quotation marks round the value.",
        ),
        "unknown escape": ("A backslash inside “…” means something else here.", "Use '…' or write \\\\."),
    }
    for part, plain in known.items():
        if part in problem:
            return plain
    return "This is not YAML.", f"{error.problem or 'It cannot be read'}."


class _Builder:
    def __init__(self, text: str, report: Report) -> None:
        self.events: Iterator[Any] = iter(YAML(typ="safe", pure=True).parse(text))
        self.report = report

    def document(self) -> Section | None:
        documents = 0
        root: Node | None = None
        for event in self.events:
            if isinstance(event, DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self.refuse(
                        event, "A file holds one process.", "Move what follows “---” to its own file."
                    )
                root = self.node(next(self.events), 0)
        if isinstance(root, Section):
            return root
        self.report.wrong("", "The file does not hold a process.", "Begin with “process: its-name”.", line=1)
        return None

    def refuse(self, event: Any, wrong: str, instead: str) -> None:
        self.report.wrong("", wrong, instead, line=event.start_mark.line + 1)
        raise _GivenUp

    def node(self, event: Any, depth: int) -> Node:
        line = event.start_mark.line + 1
        if isinstance(event, AliasEvent) or event.anchor:
            self.refuse(event, "Anchors (&) and aliases (*) are not taken.", "Write the value out.")
        if getattr(event, "tag", None):
            self.refuse(event, "Tags (!) are not taken.", "Write the plain value.")
        if depth > DEEPEST:
            self.refuse(event, "This is nested too deeply.", "A process needs far fewer levels.")
        if isinstance(event, ScalarEvent):
            return Scalar(line, event.value, quoted=event.style is not None)
        if isinstance(event, SequenceStartEvent):
            return self.listing(line, depth)
        if isinstance(event, MappingStartEvent):
            return self.section(line, depth)
        raise AssertionError(event)

    def listing(self, line: int, depth: int) -> Listing:
        found = Listing(line)
        while not isinstance(event := next(self.events), SequenceEndEvent):
            found.items.append(self.node(event, depth + 1))
        return found

    def section(self, line: int, depth: int) -> Section:
        found = Section(line)
        seen: dict[str, int] = {}
        while not isinstance(event := next(self.events), MappingEndEvent):
            key = self.node(event, depth + 1)
            value = self.node(next(self.events), depth + 1)
            if not isinstance(key, Scalar):
                self.report.wrong("", "A key must be a single word.", "Write “key: value”.", line=key.line)
            elif key.text in seen:
                first = f"Line {seen[key.text]} has it already; keep one."
                self.report.wrong("", f"“{key.text}” is written twice.", first, line=key.line)
            else:
                seen[key.text] = key.line
                found.pairs.append((key, value))
        return found
