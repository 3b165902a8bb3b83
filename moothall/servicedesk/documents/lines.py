"""The pack as CSV: one tidy file, a line for each figure, slice and month, with numbers as they are kept."""

import csv as library
import io
from collections.abc import Iterator

from moothall.servicedesk.rules.packs.document import PackDocument

HEAD = (
    "month", "scope", "state", "area", "figure", "title", "slice", "slice title", "value", "unit", "n", "of how many",
    "value the month before", "restated as", "definition version", "formula", "source",
)  # fmt: skip


def csv(document: PackDocument) -> bytes:
    """Return the pack as CSV, in UTF-8 with a mark that spreadsheets know it by."""
    file = io.StringIO()
    writer = library.writer(file)
    writer.writerow(HEAD)
    writer.writerows(_rows(document))
    return file.getvalue().encode("utf-8-sig")


def _rows(document: PackDocument) -> Iterator[list[object]]:
    state = "published" if document.is_published else "draft"
    for area, block, line in document.lines():
        meaning = block.definition
        same = [document.scope, state, area.title, meaning.name, meaning.title, line.key, line.words]
        about = [meaning.version, meaning.formula, meaning.source]
        for point in line.trend[:-1]:
            if point.value is not None:
                yield [point.month.key, *same, point.value, meaning.unit, "", "", "", "", *about]
        yield [
            document.month.key,
            *same,
            "" if line.value is None else line.value,
            meaning.unit,
            line.n,
            line.of,
            "" if line.before is None else line.before,
            line.restated,
            *about,
        ]
