"""One pack as a document for whoever looks: of all councils together, or of one, with nothing of any other in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from moothall.councils.models import Council
from moothall.councils.queries import partnership_name
from moothall.councils.rules import Viewer
from moothall.measures import queries as measures
from moothall.measures.models import Benchmark
from moothall.measures.rules import Definition
from moothall.servicedesk.models import Pack
from moothall.servicedesk.queries.packs import keeping, saying
from moothall.servicedesk.queries.packs.seeing import (
    council_seen,
    councils_seen,
    figures_seen,
    pack_seen,
    sees_drafts,
)
from moothall.servicedesk.rules.figures import AREAS, DEFINITIONS, Figure, Month
from moothall.servicedesk.rules.figures.book import JOINT
from moothall.servicedesk.rules.packs import words
from moothall.servicedesk.rules.packs.document import (
    Area,
    Block,
    Line,
    Mark,
    PackDocument,
    Point,
    Restated,
    Said,
)

ALL = "All councils"
_Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Tab:
    """One of the pages of a pack: all councils together, or one."""

    code: str
    name: str


def tabs(viewer: Viewer) -> list[Tab]:
    """Return the pages of a pack that are there for the viewer."""
    return [Tab("", ALL), *(Tab(each.code, each.name) for each in councils_seen(viewer))]


def document(viewer: Viewer, month: Month, code: str) -> PackDocument:
    """Return a month's pack of one council or, without a code, of all councils together, as the viewer may see it."""
    pack = pack_seen(viewer, month)
    council = council_seen(viewer, code) if code else None
    number = council.pk if council else JOINT
    seen = figures_seen(viewer, number)
    made = _Making(viewer, pack, month, number, council, seen)
    comments = saying.comments(viewer, pack, number)
    return PackDocument(
        partnership=partnership_name(),
        month=month,
        scope=council.name if council else ALL,
        council=council.code if council else "",
        council_id=number,
        is_published=pack.state == Pack.State.PUBLISHED,
        made_at=pack.made_at,
        published_at=pack.published_at,
        areas=made.areas(comments),
        notes=saying.notes(pack, month, council),
        warnings=saying.warnings(made.figures),
        comments=comments.get("", ()),
        signs=saying.signs(viewer, pack, council),
        restated=made.restated(),
        kept_back=[each.title for each in DEFINITIONS if each.name not in seen],
    )


class _Making:
    """What the parts of one document are made from, read once."""

    def __init__(
        self,
        viewer: Viewer,
        pack: Pack,
        month: Month,
        number: int,
        council: Council | None,
        seen: frozenset[str],
    ) -> None:
        self.pack, self.month, self.council, self.seen = pack, month, council, seen
        self.months = month.trend()
        packs = Pack.objects.filter(month__in=[each.first for each in self.months])
        if not sees_drafts(viewer):
            packs = packs.filter(state=Pack.State.PUBLISHED)
        self.packs = {each.month: each.pk for each in packs}
        self.figures: Mapping[_Key, Figure] = keeping.kept_of(pack, number)
        self.trends = keeping.trends(number, list(packs))
        self.rows = keeping.restated_of(pack, number)
        last = month.back(-1).first - timedelta(days=1)
        self.benchmarks = measures.in_force(last)

    def areas(self, comments: Mapping[str, Sequence[Said]]) -> list[Area]:
        found = []
        for key, title in AREAS:
            blocks = [
                self._block(each, comments.get(each.name, ()))
                for each in DEFINITIONS
                if each.area == key and each.name in self.seen
            ]
            if blocks:
                found.append(Area(key, title, blocks))
        return found

    def _block(self, definition: Definition, comments: Sequence[Said]) -> Block:
        return Block(
            definition=definition,
            lines=[self._line(definition, key) for key in definition.keys],
            benchmarks=[_mark(definition.unit, each) for each in self.benchmarks.get(definition.name, ())],
            comments=comments,
        )

    def _line(self, definition: Definition, key: str) -> Line:
        figure = self.figures.get((definition.name, key))
        value = figure.value if figure else None
        unit = definition.unit
        before = self._at(definition.name, key, self.month.back(1))
        restated = next((row for row in self.rows if (row.name, row.slice) == (definition.name, key)), None)
        return Line(
            key=key,
            words=definition.words_of(key),
            value=value,
            said=words.said(unit, value),
            n=figure.n if figure else 0,
            of=words.of_parts(definition.kind, figure.n, dict(figure.parts)) if figure else "",
            before=before,
            change=words.changed(unit, value, before),
            better=words.is_better(definition.better, value, before),
            trend=self._trend(definition, key, value),
            restated=words.said(unit, restated.value) if restated else "",
        )

    def _trend(self, definition: Definition, key: str, value: Decimal | None) -> list[Point]:
        found = []
        for month in self.months:
            at = value if month == self.month else self._at(definition.name, key, month)
            found.append(Point(month, at, words.said(definition.unit, at)))
        return found

    def _at(self, name: str, key: str, month: Month) -> Decimal | None:
        pack = self.packs.get(month.first)
        return self.trends.get((name, key), {}).get(pack) if pack is not None else None

    def restated(self) -> list[Restated]:
        found = []
        for row in self.rows:
            definition = next((each for each in DEFINITIONS if each.name == row.name), None)
            held = self.figures.get((row.name, row.slice))
            if definition is None or row.name not in self.seen or held is None or row.restated_at is None:
                continue
            found.append(
                Restated(
                    title=definition.title,
                    words=definition.words_of(row.slice),
                    published=_with_parts(definition, held.value, held.n, held.parts),
                    now=_with_parts(definition, row.value, row.n, row.parts),
                    why=row.why,
                    at=row.restated_at,
                )
            )
        return found


def _with_parts(definition: Definition, value: Decimal | None, n: int, parts: Mapping[str, object]) -> str:
    of = words.of_parts(definition.kind, n, dict(parts))
    return words.said(definition.unit, value) + (f" ({of})" if of else "")


def _mark(unit: str, row: Benchmark) -> Mark:
    return Mark(row.label, row.value, words.said(unit, row.value), row.source, row.year)
