"""The pack as a file, in each of its formats. All are made from one document, so that none says anything else."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from moothall.servicedesk.documents.lines import csv
from moothall.servicedesk.documents.pages import pdf
from moothall.servicedesk.documents.sheets import xlsx
from moothall.servicedesk.documents.slides import pptx
from moothall.servicedesk.rules.packs.document import PackDocument


@dataclass(frozen=True, slots=True)
class Format:
    """One format: what people call it, its media type, and what makes it."""

    words: str
    media_type: str
    make: Callable[[PackDocument], bytes]


_OFFICE = "application/vnd.openxmlformats-officedocument"
FORMATS: Mapping[str, Format] = {
    "pdf": Format("PDF", "application/pdf", pdf),
    "xlsx": Format("Spreadsheet (XLSX)", f"{_OFFICE}.spreadsheetml.sheet", xlsx),
    "pptx": Format("Slides (PPTX)", f"{_OFFICE}.presentationml.presentation", pptx),
    "csv": Format("CSV", "text/csv; charset=utf-8", csv),
}

__all__ = ["FORMATS", "Format", "csv", "pdf", "pptx", "xlsx"]
