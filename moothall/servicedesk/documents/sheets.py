"""The pack as a spreadsheet: a sheet for each area with real numbers, and what they mean on a sheet of its own."""

import io
from decimal import Decimal
from typing import Any

from moothall.look import dates
from moothall.servicedesk.rules.packs.document import Area, Block, Line, PackDocument

_FORMATS = {
    "%": '0.0"%"',
    "pounds": "£#,##0.00",
    "points": "+0;-0;0",
    "ratio": "0.00",
    "per user": "0.00",
    "of 5": "0.00",
    "times": "0.00",
    "hours": "#,##0.0",
    "days": "#,##0.0",
}
_WHOLE = "#,##0"
_COLUMNS = (
    "Figure",
    "Slice",
    "Value",
    "Unit",
    "Of how many",
    "In words",
    "Month before",
    "Change",
    "Benchmark",
    "Restated as",
)
_WIDTHS = (38, 30, 12, 13, 12, 34, 14, 14, 26, 16)
_LONGEST_NAME = 31


def xlsx(document: PackDocument) -> bytes:
    """Return the pack as a spreadsheet. Each sheet has one table with a row of heads, which screen readers announce."""
    import xlsxwriter  # noqa: PLC0415 - heavy, and wanted by whoever downloads a pack

    file = io.BytesIO()
    book = xlsxwriter.Workbook(
        file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties(
        {"title": document.heading, "author": document.partnership, "comments": document.standing}
    )
    writer = _Writer(book, document)
    writer.front()
    for area in document.areas:
        writer.area(area)
    writer.meanings()
    if document.restated:
        writer.restated()
    book.close()
    return file.getvalue()


class _Writer:
    """Writes the sheets of one book."""

    def __init__(self, book: Any, document: PackDocument) -> None:
        self.book, self.document = book, document
        self.bold = book.add_format({"bold": True, "font_size": 14})
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        self.numbers = {form: book.add_format({"num_format": form}) for form in {*_FORMATS.values(), _WHOLE}}

    def front(self) -> None:
        """Write what the pack is, who has signed it, and what to know of it."""
        document = self.document
        sheet = self.book.add_worksheet("Read me")
        sheet.set_column(0, 0, 110, self.wrapped)
        sheet.write_string(0, 0, document.heading, self.bold)
        lines = [document.partnership, document.standing, f"Worked out {dates.with_time(document.made_at)}"]
        if document.published_at is not None:
            lines.append(f"Published {dates.with_time(document.published_at)}")
        lines += [f"Warning: {each}" for each in document.warnings]
        lines += [
            f"{each.council}: signed off{f' by {each.by}' if each.by else ''}, {dates.with_time(each.at)}"
            if each.at
            else f"{each.council}: not signed off"
            for each in document.signs
        ]
        lines += [*document.notes, *(f"{each.council}, {each.by}: {each.text}" for each in document.comments)]
        for row, text in enumerate(lines, 2):
            sheet.write_string(row, 0, text)

    def area(self, area: Area) -> None:
        """Write one area: a row for each figure and slice, then the months before."""
        sheet = self.book.add_worksheet(area.title[:_LONGEST_NAME])
        months = [point.month.short for point in area.blocks[0].first.trend]
        rows = [(block, line) for block in area.blocks for line in block.lines]
        for row, (block, line) in enumerate(rows, 1):
            self._row(sheet, row, block, line)
        heads = [{"header": each} for each in (*_COLUMNS, *months)]
        table = {"columns": heads, "style": "Table Style Light 1", "name": f"figures_{area.key}"}
        sheet.add_table(0, 0, len(rows), len(heads) - 1, table)
        for column, width in enumerate(_WIDTHS):
            sheet.set_column(column, column, width)
        sheet.set_column(len(_WIDTHS), len(heads), 10)
        sheet.freeze_panes(1, 2)

    def _row(self, sheet: Any, row: int, block: Block, line: Line) -> None:
        unit = block.definition.unit
        sheet.write_string(row, 0, block.definition.title)
        sheet.write_string(row, 1, line.words or "All")
        self._number(sheet, row, 2, line.value, unit)
        sheet.write_string(row, 3, unit)
        sheet.write_number(row, 4, line.n, self.numbers[_WHOLE])
        sheet.write_string(row, 5, line.of)
        self._number(sheet, row, 6, line.before, unit)
        sheet.write_string(row, 7, line.change)
        sheet.write_string(row, 8, "; ".join(f"{each.label} {each.said}" for each in block.benchmarks))
        sheet.write_string(row, 9, line.restated)
        for column, point in enumerate(line.trend, len(_COLUMNS)):
            self._number(sheet, row, column, point.value, unit)

    def _number(self, sheet: Any, row: int, column: int, value: Decimal | None, unit: str) -> None:
        if value is not None:
            sheet.write_number(row, column, float(value), self.numbers[_FORMATS.get(unit, _WHOLE)])

    def meanings(self) -> None:
        """Write what each figure means, how it is worked out, and what was said to it."""
        heads = (
            "Figure",
            "How it is worked out",
            "How to read it",
            "Source",
            "Version",
            "Benchmarks",
            "Comments",
        )
        rows = [
            [
                block.definition.title,
                block.definition.formula,
                block.definition.advice,
                block.definition.source,
                str(block.definition.version),
                "; ".join(f"{m.label} {m.said} ({m.source}, {m.year})" for m in block.benchmarks),
                "\n".join(f"{said.council}, {said.by}: {said.text}" for said in block.comments),
            ]
            for area in self.document.areas
            for block in area.blocks
        ]
        self._words("Definitions", heads, rows, (30, 70, 60, 30, 9, 40, 60))

    def restated(self) -> None:
        """Write what came out otherwise after publication."""
        heads = ("Figure", "Slice", "Published", "Now", "Why", "Compared")
        rows = [
            [each.title, each.words or "All", each.published, each.now, each.why, dates.with_time(each.at)]
            for each in self.document.restated
        ]
        self._words("Restated", heads, rows, (36, 26, 30, 30, 60, 28))

    def _words(
        self, name: str, heads: tuple[str, ...], rows: list[list[str]], widths: tuple[int, ...]
    ) -> None:
        sheet = self.book.add_worksheet(name)
        for row, cells in enumerate(rows, 1):
            for column, text in enumerate(cells):
                sheet.write_string(row, column, text, self.wrapped)
        columns = [{"header": each} for each in heads]
        sheet.add_table(
            0, 0, max(len(rows), 1), len(heads) - 1, {"columns": columns, "style": "Table Style Light 1"}
        )
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.freeze_panes(1, 1)
