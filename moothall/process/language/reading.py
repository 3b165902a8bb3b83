"""Reading a process file from end to end."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from moothall.plain.errors import HouseError
from moothall.process.definition import Definition
from moothall.process.language.lint import lint
from moothall.process.language.mistakes import WORST, Mistake, Report
from moothall.process.language.nodes import LARGEST, tree
from moothall.process.language.shape import definition_of


class NotSound(HouseError):
    code = "process.not_sound"
    status = 422
    title = "The process file has mistakes"
    message = "{mistakes}"
    next_step = "Run “moothall process check” on the file and correct what it names."


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read: the definition if it is sound, the mistakes and the advice in the order of the file.

    `lines` says where each part of the file stands: `steps.check.by`.
    """

    definition: Definition | None
    mistakes: tuple[Mistake, ...]
    lines: Mapping[str, int] = field(default_factory=dict)

    @property
    def sound(self) -> bool:
        return self.definition is not None


def read(
    source: bytes | str,
    *,
    file: str = "process.yaml",
    processes: Mapping[str, Definition] | None = None,
    publishing: bool = False,
    sources: Collection[str] | None = None,
    walls: Collection[str] | None = None,
) -> Reading:
    """Read a process file; never raises for what is in it.

    `processes` are those that there are, by key: what hands over to another is compared with it. One that is missing
    is advice, and a mistake when `publishing`. `sources` name what answers can be pulled from, and `walls` the
    permissions that cases can be seen with, where that is known.
    """
    report = Report(file)
    root = tree(source, report)
    definition = None
    if root is not None:
        definition = definition_of(root, report)
        if definition.steps:
            lint(definition, report, processes=processes, publishing=publishing, sources=sources, walls=walls)
    mistakes = tuple(sorted(report.mistakes, key=lambda mistake: (mistake.line, not mistake.serious)))
    return Reading(definition if report.sound else None, mistakes[:WORST], report.lines)


def load(path: Path) -> Definition:
    """Return the definition in a file that must be sound, or raise NotSound with every mistake."""
    with path.open("rb") as file:
        reading = read(file.read(LARGEST + 1), file=str(path))
    if reading.definition is None:
        raise NotSound(mistakes="\n".join(str(mistake) for mistake in reading.mistakes if mistake.serious))
    return reading.definition
