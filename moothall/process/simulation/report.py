"""What came of trying a process out, as values for pages, and in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

_MOST_PATHS = 5


@dataclass(frozen=True, slots=True)
class Ended:
    """How many cases ended so. `key` is the ending of the file, or `completed`."""

    key: str
    cases: int


@dataclass(frozen=True, slots=True)
class Variant:
    """One path through the process: the steps that were done, in order, by their keys, and how many went it."""

    steps: tuple[str, ...]
    ending: str
    cases: int


@dataclass(frozen=True, slots=True)
class Block:
    """Cases that stayed open at one step. `reasons` are the most frequent, `example` what was answered in the first.

    `who` says how many there are to do it, where they are real people: “1 in mash-manager”.
    """

    step: str
    title: str
    reasons: tuple[str, ...]
    cases: int
    staffing: bool
    who: str = ""
    example: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Endless:
    """Cases that were still going round after very many steps, and the steps they went round by."""

    steps: tuple[str, ...]
    cases: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What came of it: `done` counts the steps that were done in all cases, `variants` are the most frequent first.

    The same definition, cases, seed and people give an equal report.
    """

    process: str
    title: str
    cases: int
    seed: int
    people: str
    done: int
    endings: tuple[Ended, ...]
    variants: tuple[Variant, ...]
    steps: Mapping[str, str]
    unreached_steps: tuple[str, ...]
    unreached_outcomes: tuple[tuple[str, str, str], ...]
    blocks: tuple[Block, ...]
    endless: tuple[Endless, ...]

    @property
    def dead_ends(self) -> tuple[Block, ...]:
        """Where a case can stay open for ever, whoever is there."""
        return tuple(each for each in self.blocks if not each.staffing)

    @property
    def staffing(self) -> tuple[Block, ...]:
        """Where a case can stay open for want of another person."""
        return tuple(each for each in self.blocks if each.staffing)

    @property
    def sound(self) -> bool:
        """Whether every case ended."""
        return not self.blocks and not self.endless

    def share(self, cases: int) -> str:
        """Return a part of all cases as people read it.

        >>> Report.of(process="x", cases=300).share(264), Report.of(process="x", cases=3000).share(1)
        ('88%', 'less than 1%')
        """
        part = 100 * cases / self.cases if self.cases else 0
        return "less than 1%" if 0 < part < 1 else f"{part:.0f}%"

    @classmethod
    def of(cls, *, process: str, cases: int) -> "Report":
        """Return a report of nothing yet."""
        return cls(
            process=process, title=process, cases=cases, seed=0, people="", done=0, endings=(), variants=(),
            steps={}, unreached_steps=(), unreached_outcomes=(), blocks=(), endless=(),
        )  # fmt: skip


def in_words(report: Report) -> list[str]:
    """Return the report as lines for a terminal."""
    return [*_summary(report), *_troubles(report), *_unreached(report)]


def _summary(report: Report) -> Iterator[str]:
    each = report.done / report.cases if report.cases else 0
    yield (
        f"{report.title}: {report.cases:,} cases with {report.people}, {report.done:,} steps done "
        f"({each:.1f} a case), seed {report.seed}."
    )
    yield "How they ended:"
    for end in report.endings:
        yield f"  {end.cases:>7,}  {report.share(end.cases):>12}  {end.key}"
    still = report.cases - sum(end.cases for end in report.endings)
    if still:
        yield f"  {still:>7,}  {report.share(still):>12}  still open"
    yield f"The ways they went ({len(report.variants):,} different), most frequent first:"
    for way in report.variants[:_MOST_PATHS]:
        path = " → ".join(report.steps[step] for step in way.steps)
        yield f"  {way.cases:>7,}  {report.share(way.cases):>12}  {path} ({way.ending or 'still open'})"


def _troubles(report: Report) -> Iterator[str]:
    for each in report.staffing:
        who = f"{report.people} ({each.who})" if each.who else report.people
        yield (
            f"STAFFING: with {who}, {each.cases:,} of {report.cases:,} block at “{each.title}”: "
            f"{' '.join(each.reasons)}"
        )
    for each in report.dead_ends:
        given = "; ".join(f"{label}: {value}" for label, value in each.example.items())
        yield (
            f"DEAD END: {each.cases:,} of {report.cases:,} are open, and nothing can be done at “{each.title}”: "
            f"{' '.join(each.reasons)}" + (f" For example with {given}." if given else "")
        )
    for loop in report.endless:
        names = " → ".join(report.steps[step] for step in loop.steps)
        yield f"NO END: {loop.cases:,} of {report.cases:,} went round and round: {names}."


def _unreached(report: Report) -> Iterator[str]:
    for step in report.unreached_steps:
        yield f"NEVER OPENED: “{report.steps[step]}” ({step})"
    for step, outcome, title in report.unreached_outcomes:
        yield f"NEVER CHOSEN: “{title}” at “{report.steps[step]}” ({step}.{outcome})"
    if report.sound and not report.unreached_steps and not report.unreached_outcomes:
        yield "Every case ended, and every step and outcome was reached."
