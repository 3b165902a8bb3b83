"""What `moothall doctor` asks of the desk: whether packs can be made as PDF."""

from collections.abc import Iterator
from datetime import datetime

from moothall.plain.checkup import Finding, advice
from moothall.servicedesk.documents.pages import can_be_made


def check(_: datetime) -> Iterator[Finding]:
    """Look whether the system has what draws text."""
    if not can_be_made():
        yield advice(
            "PDF files cannot be made: Pango, which draws text, is missing on this machine.",
            "Install it (on Debian and Ubuntu: libpango-1.0-0 and libpangoft2-1.0-0); until then packs are"
            " given away as spreadsheet, slides and CSV.",
        )
