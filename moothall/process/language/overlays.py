"""What one council makes of a shared process: its own clocks, teams and words, and nothing else.

Not for: fields, rules, order and outcomes, which are the same for every council; and not for knowing who works where.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from moothall.process.definition import Choice, Clock, Definition, Field, Outcome, Step
from moothall.process.definition.teams import with_teams
from moothall.process.language.lint import lint
from moothall.process.language.mistakes import WORST, Mistake, Report
from moothall.process.language.nodes import tree
from moothall.process.language.overlay_parts import Reader

Changes = Mapping[str, Any]
_NONE: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Words:
    """Other words, by what they belong to: attributes of the value of that key, with what they become."""

    process: Changes = field(default_factory=dict)
    service: Changes = field(default_factory=dict)
    fields: Mapping[str, Changes] = field(default_factory=dict)
    choices: Mapping[str, Mapping[str, Changes]] = field(default_factory=dict)
    steps: Mapping[str, Changes] = field(default_factory=dict)
    outcomes: Mapping[str, Mapping[str, Changes]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Overlay:
    """An overlay that was read: of which process, for which council (by its code), and what it changes."""

    process: str
    council: str
    clocks: Mapping[str, Changes] = field(default_factory=dict)
    teams: Mapping[str, str] = field(default_factory=dict)
    words: Words = field(default_factory=Words)


@dataclass(frozen=True, slots=True)
class OverlayReading:
    """What was read: the overlay and the whole merged process if they are sound, and the mistakes and advice.

    `lines` says where each part of the file stands.
    """

    overlay: Overlay | None
    definition: Definition | None
    mistakes: tuple[Mistake, ...]
    lines: Mapping[str, int] = field(default_factory=dict)

    @property
    def sound(self) -> bool:
        return self.definition is not None


@dataclass(frozen=True, slots=True)
class Heading:
    """Of which process a file is an overlay, and for which council."""

    process: str
    council: str


def heading(source: bytes | str) -> Heading | None:
    """Return what the first lines of an overlay say; None if the file is a process, or cannot be read."""
    root = tree(source, Report("overlay"))
    found = {key.text: getattr(node, "text", "") for key, node in root.pairs} if root else {}
    return Heading(found["overlay"], found.get("council", "")) if "overlay" in found else None


def read_overlay(source: bytes | str, base: Definition, *, file: str = "overlay.yaml") -> OverlayReading:
    """Read an overlay of a process; never raises for what is in it."""
    report = Report(file)
    root = tree(source, report)
    overlay = merged = None
    if root is not None:
        reader = Reader(root, base, report)
        overlay = Overlay(
            process=reader.process(),
            council=reader.council(),
            clocks=reader.clocks(),
            teams=reader.teams(),
            words=Words(**reader.words()),
        )
        if report.sound:
            merged = merge(base, overlay)
            _check(merged, report)
    mistakes = tuple(sorted(report.mistakes, key=lambda mistake: (mistake.line, not mistake.serious)))
    if not report.sound:
        return OverlayReading(None, None, mistakes[:WORST], report.lines)
    return OverlayReading(overlay, merged, mistakes[:WORST], report.lines)


def _check(merged: Definition, report: Report) -> None:
    """Note what the process would get wrong with the overlay over it; what is only advice was said of the base."""
    found = Report(report.file)
    found.lines = report.lines | {
        path.removeprefix("words."): line for path, line in report.lines.items() if path.startswith("words.")
    }
    lint(merged, found)
    report.mistakes += [each for each in found.mistakes if each.serious]


def merge(base: Definition, overlay: Overlay) -> Definition:
    """Return the whole process as one council has it."""
    words = overlay.words
    service = base.service
    made = replace(
        with_teams(base, overlay.teams),
        **words.process,
        service=replace(service, **words.service) if service and words.service else service,
    )
    return replace(
        made,
        fields={key: _field(each, words) for key, each in made.fields.items()},
        steps={key: _step(each, words) for key, each in made.steps.items()},
        clocks={key: _clock(each, overlay.clocks.get(key, _NONE)) for key, each in made.clocks.items()},
    )


def _clock(clock: Clock, changes: Changes) -> Clock:
    return replace(clock, **changes) if changes else clock


def _field(one: Field, words: Words) -> Field:
    changes = dict(words.fields.get(one.key, _NONE))
    if choices := words.choices.get(one.key):
        changes["of"] = tuple(_choice(each, choices.get(each.key, _NONE)) for each in one.of)
    return replace(one, **changes) if changes else one


def _choice(choice: Choice, changes: Changes) -> Choice:
    return replace(choice, **changes) if changes else choice


def _step(step: Step, words: Words) -> Step:
    changes = dict(words.steps.get(step.key, _NONE))
    if outcomes := words.outcomes.get(step.key):
        changes["outcomes"] = {
            key: _outcome(each, outcomes.get(key, _NONE)) for key, each in step.outcomes.items()
        }
    return replace(step, **changes) if changes else step


def _outcome(outcome: Outcome, changes: Changes) -> Outcome:
    return replace(outcome, **changes) if changes else outcome
