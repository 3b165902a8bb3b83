"""The pack as files: each says the same as the document, and nothing of a council that it is not of."""

import csv as library
import io
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from PIL import ImageFile
from pptx import Presentation
from pypdf import PdfReader

from moothall.councils import scope
from moothall.servicedesk.actions import packs
from moothall.servicedesk.checkup import check
from moothall.servicedesk.documents import FORMATS, csv, pdf, pptx, xlsx
from moothall.servicedesk.documents.pages import can_be_made, trend
from moothall.servicedesk.errors.packs import NoPdf
from moothall.servicedesk.queries.packs import document
from moothall.servicedesk.rules.packs.document import PackDocument
from tests.servicedesk.committee import NOW, OCTOBER, People, as_viewer, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def whole(busy: People) -> PackDocument:
    with scope.everything("commenting"):
        packs.work_out(by=busy.manager, month=OCTOBER, now=NOW)
        for text in ("=1+1", "Café & <b>bold</b>"):
            packs.comment(
                by=busy.client,
                month=OCTOBER,
                council_id=busy.ash.council.pk,
                figure="resolve_sla",
                text=text,
                now=NOW,
            )
    publish(busy)
    with as_viewer(busy.manager):
        return document(busy.manager, OCTOBER, "")


def figures(shown: PackDocument) -> dict[tuple[str, str], Decimal | None]:
    return {(block.definition.name, line.key): line.value for _, block, line in shown.lines()}


def text_of_pdf(made: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages).split())


def elements(node: Any) -> Iterator[Any]:
    """Return every element of the structure of a PDF."""
    children = node.get("/K", [])
    for child in children if isinstance(children, list) else [children]:
        found = child.get_object() if hasattr(child, "get_object") else child
        if isinstance(found, dict):
            yield found
            yield from elements(found)


def book_of(made: bytes) -> Any:
    library: Any = openpyxl
    return library.load_workbook(io.BytesIO(made))


def cells_of_slides(made: bytes) -> list[list[str]]:
    shapes = [shape for slide in Presentation(io.BytesIO(made)).slides for shape in slide.shapes]
    tables = [shape.table for shape in shapes if shape.has_table]
    return [[cell.text for cell in row.cells] for table in tables for row in list(table.rows)[1:]]


class TestTheSameNumbers:
    def test_stand_in_the_csv_file(self, whole: PackDocument) -> None:
        rows = list(library.DictReader(io.StringIO(csv(whole).decode("utf-8-sig"))))
        read = {
            (row["figure"], row["slice"]): Decimal(row["value"]) if row["value"] else None
            for row in rows
            if row["month"] == OCTOBER.key
        }
        assert read == figures(whole)

    def test_stand_in_the_spreadsheet_as_numbers(self, whole: PackDocument) -> None:
        book = book_of(xlsx(whole))
        read = {}
        for area in whole.areas:
            for row in book[area.title].iter_rows(min_row=2, values_only=True):
                read[row[0], row[1]] = row[2]
        said = {
            (block.definition.title, line.words or "All"): None if line.value is None else float(line.value)
            for _, block, line in whole.lines()
        }
        assert read == said

    def test_stand_on_the_slides(self, whole: PackDocument) -> None:
        read = {cells[0]: cells[1] for cells in cells_of_slides(pptx(whole))}
        said = {
            f"{block.definition.title}: {line.words}" if line.words else block.definition.title: line.said
            for _, block, line in whole.lines()
        }
        assert read == said

    def test_stand_in_the_pdf_in_their_order(self, whole: PackDocument) -> None:
        text = text_of_pdf(pdf(whole))
        at = text.index("Service levels")
        for _, block, line in whole.lines():
            if line.key == "":
                at = text.index(block.definition.title, at)
            at = text.index(line.said, at)


class TestThePdf:
    def test_is_tagged_has_a_title_and_a_language(self, whole: PackDocument) -> None:
        reader = PdfReader(io.BytesIO(pdf(whole)))
        root: Any = reader.trailer["/Root"]
        assert root["/MarkInfo"]["/Marked"]
        assert root["/Lang"] == "en-GB"
        assert reader.metadata is not None
        assert reader.metadata.title == whole.heading
        assert b"pdfuaid" in root["/Metadata"].get_object().get_data()

    def test_has_a_picture_of_each_trend_with_words_for_it(self, busy: People, whole: PackDocument) -> None:
        packs.work_out_before(by=busy.manager, month=OCTOBER, now=NOW)
        with as_viewer(busy.manager):
            shown = document(busy.manager, OCTOBER, "")
        root: Any = PdfReader(io.BytesIO(pdf(shown))).trailer["/Root"]
        words = [
            str(each["/Alt"]) for each in elements(root["/StructTreeRoot"]) if each.get("/S") == "/Figure"
        ]
        drawn = [block for area in shown.areas for block in area.blocks if trend(block)]
        assert len(words) == len(drawn) > 20
        assert words[0].startswith("Answered within target over 13 months: ")

    def test_shows_what_was_written_as_it_was_written(self, whole: PackDocument) -> None:
        assert "Café & <b>bold</b>" in text_of_pdf(pdf(whole))


class TestWithoutPango:
    @pytest.fixture(autouse=True)
    def _no_pango(self, monkeypatch: pytest.MonkeyPatch) -> None:
        class Finder:
            """Fails as the library does where the system has no Pango."""

            def find_spec(self, name: str, *_: object) -> None:
                if name == "weasyprint":
                    raise OSError("cannot load library 'libpango-1.0-0'")

        monkeypatch.delitem(sys.modules, "weasyprint", raising=False)
        monkeypatch.setattr(sys, "meta_path", [Finder(), *sys.meta_path])

    def test_says_what_to_install(self, whole: PackDocument) -> None:
        with pytest.raises(NoPdf) as refused:
            pdf(whole)
        assert "libpango-1.0-0" in refused.value.advice

    def test_is_told_by_the_doctor(self) -> None:
        assert "Pango" in next(check(NOW)).what


class TestTheSpreadsheet:
    def test_takes_no_comment_for_a_formula(self, whole: PackDocument) -> None:
        book = book_of(xlsx(whole))
        cells = [cell for row in book["Definitions"].iter_rows() for cell in row]
        assert any("=1+1" in str(cell.value) for cell in cells)
        assert {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row} <= {"s", "n"}

    def test_has_a_table_with_heads_on_each_sheet_of_figures(self, whole: PackDocument) -> None:
        book = book_of(xlsx(whole))
        for area in whole.areas:
            assert len(book[area.title].tables) == 1
            assert book[area.title].freeze_panes == "C2"


class TestTheSlides:
    def test_each_have_a_title_and_words_for_what_cannot_be_read_out(self, whole: PackDocument) -> None:
        deck = Presentation(io.BytesIO(pptx(whole)))
        for slide in deck.slides:
            assert slide.shapes.title is not None
            assert slide.shapes.title.text_frame.text
            for shape in slide.shapes:
                if shape.has_chart or shape.has_table:
                    assert shape._element._nvXxPr.cNvPr.get("descr")

    def test_have_charts_that_can_be_edited(self, whole: PackDocument) -> None:
        deck = Presentation(io.BytesIO(pptx(whole)))
        drawn = [shape.chart for slide in deck.slides for shape in slide.shapes if shape.has_chart]
        assert len(drawn) >= len(whole.areas)
        assert len(list(drawn[0].plots[0].categories)) == 13


class TestAFileOfOneCouncil:
    def test_has_nothing_of_another(self, busy: People, whole: PackDocument) -> None:
        with scope.everything("commenting before"), as_viewer(busy.client):
            own = document(busy.client, OCTOBER, busy.ash.council.code)
        for name, each in FORMATS.items():
            assert self._words(name, each.make(own)).count("Elm") == 0
        assert "Ash" in self._words("csv", csv(own))

    def _words(self, name: str, made: bytes) -> str:
        readers: Mapping[str, object] = {
            "csv": lambda: made.decode("utf-8-sig"),
            "pdf": lambda: text_of_pdf(made),
            "xlsx": lambda: " ".join(
                str(cell.value) for sheet in book_of(made) for row in sheet.iter_rows() for cell in row
            ),
            "pptx": lambda: " ".join(
                shape.text_frame.text
                for slide in Presentation(io.BytesIO(made)).slides
                for shape in slide.shapes
                if shape.has_text_frame
            ),
        }
        read = readers[name]
        assert callable(read)
        return str(read())


class TestAnEmptyMonth:
    def test_makes_every_file_all_the_same(self, whole: PackDocument) -> None:
        blank = [
            replace(
                area,
                blocks=[
                    replace(
                        block,
                        lines=[replace(line, value=None, said="\u2013", trend=()) for line in block.lines],
                    )
                    for block in area.blocks
                ],
            )
            for area in whole.areas
        ]
        for each in FORMATS.values():
            assert each.make(replace(whole, areas=blank))


def test_making_a_pdf_leaves_uploads_as_strict_as_they_were() -> None:
    if not can_be_made():
        pytest.skip("no Pango (on Debian: apt-get install libpango-1.0-0 libpangoft2-1.0-0)")
    assert ImageFile.LOAD_TRUNCATED_IMAGES is False
