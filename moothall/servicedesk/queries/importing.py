"""Reads of imports: what a file says, row by row, before and after it is brought in."""

import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import islice

from moothall.councils import gate
from moothall.councils.models import Council, Staff, Team
from moothall.councils.rules import Viewer
from moothall.estate.models import Item
from moothall.servicedesk.errors.channels import NoSuchImport, NotACallsFile
from moothall.servicedesk.models import ImportRun
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.rules import column_words, columns, importing, sheets
from moothall.servicedesk.rules.columns import Known, Mapped
from moothall.servicedesk.rules.importing import Refusal, Row
from moothall.servicedesk.rules.sheets import NotASheet, Sheet

SHOWN = 20
STRANGE = 20
_LISTED = 100


@dataclass(frozen=True, slots=True)
class Previewed:
    """One row before it is brought in: what it would become, and what is wrong with it."""

    line: int
    cells: Mapping[str, str]
    row: Row | None
    wrong: Sequence[str]


@dataclass(frozen=True, slots=True)
class Preview:
    """An import as it stands: the columns of its file, how they are read, and the first rows."""

    run: ImportRun
    heads: Sequence[str]
    mapped: Mapped
    unmapped: Sequence[str]
    rows: Sequence[Previewed]


def import_run(viewer: Viewer, run_id: int) -> ImportRun:
    """Return an import at a council where the viewer may import."""
    row: ImportRun | None = ImportRun.objects.select_related("council").filter(pk=run_id).first()
    if row is None or not gate.may(viewer, Can.IMPORT, row.council_id):
        raise NoSuchImport
    return row


def import_runs(viewer: Viewer) -> list[ImportRun]:
    """Return the newest imports where the viewer may import, the newest first."""
    rows = gate.narrow(viewer, Can.IMPORT, ImportRun.objects.select_related("council").defer("packed"))
    return list(rows.order_by("-at", "-id")[:_LISTED])


def preview(viewer: Viewer, run_id: int, now: datetime) -> Preview:
    """Return what the first rows of a file would become."""
    run = import_run(viewer, run_id)
    sheet, mapped = sheet_of(run), Mapped.of(run.mapping)
    unmapped = columns.unmapped(mapped, sheet.heads)
    known = known_at(run.council)
    shown = []
    for line, cells in islice(sheet.rows(), SHOWN):
        row, wrong = (None, []) if unmapped else columns.row_of(line, cells, mapped, known)
        wrong += importing.wrong(row, now) if row else []
        shown.append(Previewed(line, cells, row, list(dict.fromkeys(wrong))))
    return Preview(run, sheet.heads, mapped, unmapped, shown)


def strange_words(run: ImportRun) -> dict[str, list[str]]:
    """Return, by what it is, the words of a file whose meaning somebody has to say: nothing is known by them."""
    sheet, mapped, known = sheet_of(run), Mapped.of(run.mapping), known_at(run.council)
    wanted = {key: mapped.columns[key] for key in column_words.WORDED if key in mapped.columns}
    seen: dict[str, dict[str, None]] = {key: {} for key in wanted}
    for _, cells in sheet.rows():
        for key, column in wanted.items():
            word = " ".join((cells.get(column) or "").split())[:60]
            if word and len(seen[key]) < _LISTED:
                seen[key].setdefault(word)
    found = {
        key: [word for word in words if not columns.is_known(key, word, known)][:STRANGE]
        for key, words in seen.items()
    }
    return {key: words for key, words in found.items() if words}


def sheet_of(run: ImportRun) -> Sheet:
    """Return the table of an import; it is forgotten once it was brought in."""
    if not run.packed:
        raise NoSuchImport
    return sheet_in(zlib.decompress(bytes(run.packed)))


def sheet_in(raw: bytes) -> Sheet:
    """Return the table in a file."""
    try:
        return sheets.read(raw)
    except NotASheet as error:
        raise NotACallsFile(why=str(error)) from error


def rows_of(sheet: Sheet, mapped: Mapped, council: Council) -> Iterator[Row | Refusal]:
    """Return the calls in a table of one council, with each row that is none and why."""
    known = known_at(council)
    for line, cells in sheet.rows():
        row, wrong = columns.row_of(line, cells, mapped, known)
        yield Refusal(line, " ".join(wrong)) if row is None or wrong else row


def known_at(council: Council) -> Known:
    """Return how names in a file are found at a council: its teams, who works for it or serves it, and what it uses."""
    teams = _teams(council)
    people = _people(council)

    @cache
    def user(email: str) -> tuple[int, str] | None:
        found = (
            Staff.objects.filter(council=council, user__email__iexact=email).values_list(
                "user_id", "user__name"
            )
            if email
            else ()
        )
        return next(iter(found), None)

    items = {}
    for pk, code, name in Item.objects.filter(uses__council_id=council.pk).values_list("id", "code", "name"):
        items[column_words.plain(code)] = items[column_words.plain(name)] = (pk, name)
    return Known(
        team=lambda name: teams.get(column_words.plain(name)),
        person=lambda name: people.get(column_words.plain(name)),
        user=user,
        item=lambda name: items.get(column_words.plain(name)),
    )


def _teams(council: Council) -> dict[str, tuple[int, str]]:
    """Return the teams that serve a council, by name, code and function; of two, the name counts most."""
    teams = list(Team.objects.filter(councils=council).order_by("-id"))
    found: dict[str, tuple[int, str]] = {}
    for key in ("function", "code", "name"):
        found |= {column_words.plain(getattr(team, key)): (team.pk, team.name) for team in teams}
    return found


def _people(council: Council) -> dict[str, tuple[int, int, str]]:
    """Return who may have had a call: everybody in a team that serves the council; of two of one name, neither."""
    rows = Staff.objects.filter(teams__councils=council).distinct()
    found: dict[str, tuple[int, int, str]] = {}
    twice: set[str] = set()
    for staff in rows.select_related("user"):
        for key in (column_words.plain(staff.user.name), column_words.plain(staff.user.email)):
            if key in found and found[key][0] != staff.pk:
                twice.add(key)
            found[key] = (staff.pk, staff.user_id, staff.user.name)
    return {key: value for key, value in found.items() if key and key not in twice}
