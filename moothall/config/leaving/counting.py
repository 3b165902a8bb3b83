"""Whether a pack holds as many rows of each table as the database does at this moment."""

from typing import TYPE_CHECKING

from moothall.config.leaving import contents
from moothall.councils.models import Council
from moothall.journal.models import Entry

if TYPE_CHECKING:
    from moothall.config.leaving.packing import Pack

TABLES, RECORD = "tables", "record"


def differing(pack: "Pack", council: Council) -> list[str]:
    """Return a sentence for each table of which the database has another number of rows. Enter the scope before."""
    found = []
    for model in contents.tables():
        label = model._meta.label
        part = pack.parts.get(f"{TABLES}/{label}")
        now = contents.own_rows(model, council.pk).count()
        if part is not None and part.rows != now:
            found.append(f"{label}: {part.rows:,} rows are in the pack, {now:,} in the database.")
    part = pack.parts.get(f"{RECORD}/entries")
    kept = Entry.objects.filter(council_id=council.pk, at__lte=pack.made_at).count()
    if part is not None and part.rows < kept:
        found.append(f"The record had {kept:,} entries when the pack was made; it holds {part.rows:,}.")
    return found
