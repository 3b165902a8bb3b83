"""The calls behind one number of a pack: as many as it says, and those of them that are the viewer's to see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from moothall.councils.rules import Viewer
from moothall.measures.rules import Definition
from moothall.servicedesk.errors.packs import NoSuchPack
from moothall.servicedesk.models import Call
from moothall.servicedesk.queries.calls import there
from moothall.servicedesk.queries.figures import behind
from moothall.servicedesk.queries.packs.keeping import kept_of
from moothall.servicedesk.queries.packs.seeing import council_seen, figures_seen, pack_seen
from moothall.servicedesk.rules.figures import DEFINITIONS, Figure, Month
from moothall.servicedesk.rules.figures.book import JOINT, Asked

PARTS = {
    "of": "All that it counts",
    "part": "Those for which it holds",
    "rest": "Those for which it does not",
}
PAGE = 100
_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Behind:
    """What stands behind a number. `times` is how often the calls count; `kept` what the pack says, if otherwise."""

    definition: Definition
    words: str
    part: str
    times: int
    kept: int
    calls: Sequence[Call]
    hidden: int
    more: int

    @property
    def differs(self) -> bool:
        return self.times != self.kept


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which number: of a figure, in a slice, and whether all of it or those for which it holds or does not."""

    figure: str
    slice: str = ""
    part: str = "of"


def calls_behind(
    viewer: Viewer, month: Month, code: str, wanted: Wanted, now: datetime, after: int = 0
) -> Behind:
    """Return a page of the calls behind a number that is there for the viewer."""
    pack = pack_seen(viewer, month)
    council_id = council_seen(viewer, code).pk if code else JOINT
    definition = next((each for each in DEFINITIONS if each.name == wanted.figure), None)
    if definition is None or not definition.behind or definition.name not in figures_seen(viewer, council_id):
        raise NoSuchPack
    if wanted.slice not in definition.keys or wanted.part not in PARTS:
        raise NoSuchPack
    numbers = behind(month, Asked(wanted.figure, wanted.slice, wanted.part, council_id), now)
    kept = kept_of(pack, council_id).get((wanted.figure, wanted.slice))
    return _page(viewer, definition, wanted, numbers, _number(kept, wanted.part), after)


def _page(
    viewer: Viewer, definition: Definition, wanted: Wanted, numbers: Sequence[int], kept: int, after: int
) -> Behind:
    seen = {number for chunk in _chunks(sorted(set(numbers))) for number in _seen(viewer, chunk)}
    shown = sorted(number for number in seen if number > after)
    calls = there(viewer).filter(pk__in=shown[:PAGE]).select_related("council", "team").order_by("id")
    return Behind(
        definition=definition,
        words=definition.words_of(wanted.slice),
        part=wanted.part,
        times=len(numbers),
        kept=kept,
        calls=list(calls),
        hidden=sum(1 for number in numbers if number not in seen),
        more=shown[PAGE - 1] if len(shown) > PAGE else 0,
    )


def _chunks(numbers: Sequence[int]) -> Sequence[Sequence[int]]:
    return [numbers[start : start + _AT_ONCE] for start in range(0, len(numbers), _AT_ONCE)]


def _seen(viewer: Viewer, numbers: Sequence[int]) -> Sequence[int]:
    return list(there(viewer).filter(pk__in=numbers).values_list("pk", flat=True))


def _number(figure: Figure | None, part: str) -> int:
    if figure is None:
        return 0
    holds = int(figure.parts.get("part", 0)) if part != "of" else 0
    return {"of": figure.n, "part": holds}.get(part, figure.n - holds)
