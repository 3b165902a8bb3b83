"""The pack as a PDF that screen readers can read (PDF/UA-1), made from a page of its own."""

import base64
import logging
import re
from typing import Any

from django.template.loader import render_to_string
from markupsafe import Markup
from PIL import ImageFile

from moothall.look import charts
from moothall.servicedesk.errors.packs import NoPdf
from moothall.servicedesk.rules.packs.document import Block, PackDocument

_STYLE = (
    "text{font:12px sans-serif;fill:#0b0c0c}.moothall-chart__text--small{font-size:11px;fill:#484949}"
    ".moothall-chart__base{stroke:#6f777b}.moothall-chart__held{stroke:#b55d00;stroke-width:2;stroke-dasharray:6 4}"
    ".moothall-chart__bar{fill:#1f3d4d;stroke:#1f3d4d;stroke-width:1.5}.moothall-chart__bar--2{fill:#fff}"
)
_WIDE = 560
_PERCENT = re.compile(r'(x1|x2|x|width)="(-?[\d.]+)%"')


def pdf(document: PackDocument) -> bytes:
    """Return the pack as PDF/UA-1; refused with what to install where the system cannot draw text."""
    logging.getLogger("weasyprint.progress").setLevel(logging.WARNING)  # it tells of every page
    try:
        library = _weasyprint()
    except OSError as error:
        raise NoPdf from error
    words = render_to_string("servicedesk/pack.html", {"document": document, "picture": picture})
    inside = library.urls.URLFetcher(allowed_protocols=["data"], fail_on_errors=True)
    found: bytes = library.HTML(string=words, url_fetcher=inside).write_pdf(pdf_variant="pdf/ua-1")
    return found


def can_be_made() -> bool:
    """Say whether this machine can make PDF files."""
    try:
        _weasyprint()
    except OSError:
        return False
    return True


def _weasyprint() -> Any:
    """Return the library, which is heavy, and for which the system may lack what it needs.

    Where it is loaded, it lets Pillow take pictures that were cut off, in the whole process: uploads may not be.
    """
    import weasyprint  # noqa: PLC0415

    ImageFile.LOAD_TRUNCATED_IMAGES = False
    return weasyprint


def trend(block: Block) -> Markup:
    """Return the trend of a figure as a chart; nothing if nothing is known of any month but one."""
    points = block.first.trend
    known = [point for point in points if point.value is not None]
    if len(known) < 2:  # noqa: PLR2004 - one month is no trend
        return Markup("")
    highest = max(known, key=lambda point: point.value or 0)
    held = float(block.benchmarks[0].value) if block.benchmarks else None
    return charts.trend(
        said_of(block),
        [(point.month.short, None if point.value is None else float(point.value)) for point in points],
        high=f"Highest: {highest.said}",
        held_to=held,
    )


def said_of(block: Block) -> str:
    """Return the trend of a figure in words."""
    known = [point for point in block.first.trend if point.value is not None]
    return f"{block.definition.title}: " + ", ".join(f"{point.month.short} {point.said}" for point in known)


def picture(block: Block) -> str:
    """Return the trend as an address of a picture, with its measures and colours in it; nothing if there is none."""
    drawn = trend(block)
    if not drawn:
        return ""
    whole = _PERCENT.sub(lambda found: f'{found[1]}="{float(found[2]) * _WIDE / 100:.1f}"', str(drawn))
    head, _, rest = whole.partition(">")
    head = head.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    text = f"{head}><style>{_STYLE}</style>{rest}"
    return "data:image/svg+xml;base64," + base64.b64encode(text.encode()).decode()
