"""The pack as slides: a table of figures for each area, and trends as charts that a spreadsheet program can open."""

import io
from collections.abc import Sequence
from typing import Any

from moothall.look import dates
from moothall.servicedesk.rules.packs.document import Area, Block, Line, PackDocument

_ROWS = 10
_HEADS = ("Figure", "Value", "Of how many", "Change", "Benchmark")
_WIDTHS = (4.6, 1.5, 3.2, 1.5, 1.9)
_CHARTED = 2
_BLANK_TITLE = 5  # the layout of the library's own template that has a title and nothing else


def pptx(document: PackDocument) -> bytes:
    """Return the pack as slides: each with a title of its own, tables with heads, charts described in words."""
    from pptx import Presentation  # noqa: PLC0415 - heavy, and wanted by whoever downloads a pack
    from pptx.util import Inches  # noqa: PLC0415

    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(13.333), Inches(7.5)
    deck.core_properties.title = document.heading
    deck.core_properties.author = document.partnership
    deck.core_properties.subject = document.standing
    deck.core_properties.language = "en-GB"
    writer = _Writer(deck, document)
    writer.front()
    for area in document.areas:
        writer.area(area)
    writer.last()
    file = io.BytesIO()
    deck.save(file)
    return file.getvalue()


class _Writer:
    """Writes the slides of one deck."""

    def __init__(self, deck: Any, document: PackDocument) -> None:
        from pptx.util import Inches, Pt  # noqa: PLC0415

        self.deck, self.document, self.inches, self.points = deck, document, Inches, Pt

    def slide(self, title: str) -> Any:
        made = self.deck.slides.add_slide(self.deck.slide_layouts[_BLANK_TITLE])
        shape = made.shapes.title
        shape.left, shape.top = self.inches(0.5), self.inches(0.3)
        shape.width, shape.height = self.inches(12.3), self.inches(0.9)
        shape.text_frame.text = title
        shape.text_frame.paragraphs[0].font.size = self.points(28)
        return made

    def front(self) -> None:
        """Write what this is and how it stands."""
        document = self.document
        lines = [document.partnership, document.scope, document.standing]
        if document.published_at is not None:
            lines.append(f"Published {dates.with_time(document.published_at)}")
        lines += [f"Warning: {each}" for each in document.warnings]
        lines += [
            f"{each.council}: {'signed off' if each.at else 'not signed off'}" for each in document.signs
        ]
        self._text(self.slide(document.title), lines, 20)

    def area(self, area: Area) -> None:
        """Write the tables of an area, and the trends of its first figures."""
        rows = [(block, line) for block in area.blocks for line in block.lines]
        parts = [rows[start : start + _ROWS] for start in range(0, len(rows), _ROWS)]
        for number, part in enumerate(parts, 1):
            more = f" ({number} of {len(parts)})" if len(parts) > 1 else ""
            self._table(self.slide(f"{area.title}{more}"), area.title, part)
        charted = [each for each in area.blocks if any(p.value is not None for p in each.first.trend)]
        for block in charted[:_CHARTED]:
            self._chart(self.slide(f"{block.definition.title}: 13 months"), block)

    def last(self) -> None:
        """Write what to know of how this was counted."""
        self._text(self.slide("How this was counted"), self.document.notes, 14)
        if self.document.restated:
            said = [
                f"{each.title}{f', {each.words}' if each.words else ''}: published {each.published}, now {each.now}."
                for each in self.document.restated[:12]
            ]
            self._text(self.slide("Restated since publication"), said, 14)

    def _text(self, slide: Any, lines: Sequence[str], size: int) -> None:
        box = slide.shapes.add_textbox(
            self.inches(0.5), self.inches(1.4), self.inches(12.3), self.inches(5.5)
        )
        frame = box.text_frame
        frame.word_wrap = True
        for number, line in enumerate(lines):
            paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
            paragraph.text = line
            paragraph.font.size = self.points(size)

    def _table(self, slide: Any, title: str, rows: Sequence[tuple[Block, Line]]) -> None:
        place = [self.inches(each) for each in (0.4, 1.3, sum(_WIDTHS), 0.45 * (len(rows) + 1))]
        shape = slide.shapes.add_table(len(rows) + 1, len(_HEADS), *place)
        _describe(
            shape, f"{title} in {self.document.month.words}, {self.document.scope}: {len(rows)} figures."
        )
        table = shape.table
        table.first_row = True
        for column, width in enumerate(_WIDTHS):
            table.columns[column].width = self.inches(width)
        for row, cells in enumerate([_HEADS, *(_cells(block, line) for block, line in rows)]):
            for column, text in enumerate(cells):
                cell = table.cell(row, column)
                cell.text = text
                cell.text_frame.paragraphs[0].font.size = self.points(12)

    def _chart(self, slide: Any, block: Block) -> None:
        from pptx.chart.data import CategoryChartData  # noqa: PLC0415
        from pptx.enum.chart import XL_CHART_TYPE  # noqa: PLC0415

        line = block.first
        data: Any = CategoryChartData()  # type: ignore[no-untyped-call]
        data.categories = [point.month.short for point in line.trend]
        data.add_series(
            block.definition.title, [None if p.value is None else float(p.value) for p in line.trend]
        )
        place = [self.inches(each) for each in (0.5, 1.3, 12.3, 5.4)]
        frame = slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, *place, data)
        frame.chart.has_legend = False
        frame.chart.has_title = False
        known = [point for point in line.trend if point.value is not None]
        said = f"{block.definition.title}, {self.document.scope}: "
        said += "; ".join(f"{point.month.short} {point.said}" for point in known)
        _describe(frame, said)


def _cells(block: Block, line: Line) -> tuple[str, ...]:
    title = block.definition.title
    name = f"{title}: {line.words}" if line.words else title
    unit = (
        ""
        if block.definition.unit in {"%", "hours", "days", "working days", "pounds"}
        else block.definition.unit
    )
    marks = "; ".join(f"{each.label} {each.said}" for each in block.benchmarks)
    restated = f" (restated: {line.restated})" if line.restated else ""
    return name, line.said + restated, f"{line.of} {unit}".strip(), line.change, marks


def _describe(shape: Any, words: str) -> None:
    """Give a shape the words that are read out instead of it."""
    shape._element._nvXxPr.cNvPr.set("descr", words)  # noqa: SLF001 - the library has no other way
