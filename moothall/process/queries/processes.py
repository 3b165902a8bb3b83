"""Which processes are published, in which version at each council, and which drafts are being written."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from django.db.models import Q

from moothall.councils import gate
from moothall.councils.models import Council, Team
from moothall.councils.rules import Viewer
from moothall.journal.cursors import QuickCursor
from moothall.process import hooks, store
from moothall.process.definition import Definition
from moothall.process.definition.teams import teams_of
from moothall.process.errors import NoSuchDraft, NoSuchProcess
from moothall.process.language import Mistake, held_against, read
from moothall.process.language.overlays import read_overlay
from moothall.process.models import ProcessDraft, ProcessVersion
from moothall.process.permissions import Can

NO_LINES: Mapping[str, int] = {}


def newest_version(key: str, council_id: int | None = None) -> int:
    """Return the id of the newest version of a process: the council's own, if it has an overlay, else the shared one.

    Refuses a process that was never published.
    """
    found = _newest(council_id, key).get(key)
    if found is None:
        raise NoSuchProcess(key=key, what="process")
    return found


def newest_versions(council_id: int | None = None) -> dict[str, tuple[int, Definition]]:
    """Return each process's newest version, by key: its id and its definition, at one council or as it is shared."""
    return {key: (id_, store.definition_of(id_)) for key, id_ in _newest(council_id).items()}


def _newest(council_id: int | None, only: str | None = None) -> dict[str, int]:
    """Return the newest version of each process, or of one, by key; an overlay that was removed counts no more.

    Asked whenever work begins, so it is written by hand.
    """
    which, values = ("", []) if only is None else (" AND key = %s", [only])
    with QuickCursor() as cursor:
        cursor.execute(
            "SELECT key, id, council_id, overlay = '' FROM process_processversion"  # noqa: S608
            f" WHERE (council_id IS NULL OR council_id = %s){which} ORDER BY key, number",
            [council_id or 0, *values],
        )
        found: list[tuple[str, int, int | None, bool]] = cursor.fetchall()
    shared: dict[str, int] = {}
    own: dict[str, int] = {}
    for key, id_, council, plain in found:
        if council is None:
            shared[key] = id_
        elif plain:
            own.pop(key, None)
        else:
            own[key] = id_
    return shared | own


def overlays(key: str) -> list[ProcessVersion]:
    """Return the newest version of each council that has an overlay of a process, by the council's name."""
    rows = ProcessVersion.objects.filter(key=key).exclude(council=None).select_related("council", "base")
    newest = {row.council_id: row for row in rows.order_by("number")}
    return sorted((row for row in newest.values() if row.overlay), key=lambda row: _council(row).name)


def overlay_of(key: str, council: Council) -> ProcessVersion | None:
    """Return a council's newest version of a process, if it has an overlay of it."""
    return next((row for row in overlays(key) if row.council_id == council.pk), None)


def laid_over(definition: Definition) -> dict[int, Definition]:
    """Return a draft as each council with an overlay of its process would have it, as far as the overlays still fit."""
    found: dict[int, Definition] = {}
    for own in overlays(definition.key):
        made = read_overlay(own.overlay, definition).definition
        if made is not None and own.council_id is not None:
            found[own.council_id] = made
    return found


def overlaid() -> Mapping[str, int]:
    """Return by process how many councils have an overlay of it."""
    rows = ProcessVersion.objects.exclude(council=None).annotate(plain=Q(overlay="")).order_by("number")
    newest = {(key, council): plain for key, council, plain in rows.values_list("key", "council_id", "plain")}
    return Counter(key for (key, _), plain in newest.items() if not plain)


def _council(version: ProcessVersion) -> Council:
    assert version.council is not None
    return version.council


@dataclass(frozen=True, slots=True)
class Drafted:
    """A draft as it is read: what it would become, what is wrong with it, and the version that it would replace.

    `definition` is None while the text has mistakes; of an overlay it is the whole merged process. `mistakes` are those
    of the text, those of its references to other processes, and advice.
    """

    draft: ProcessDraft
    definition: Definition | None
    mistakes: tuple[Mistake, ...]
    published: Definition | None
    version: ProcessVersion | None

    @property
    def sound(self) -> bool:
        return self.definition is not None and not any(each.serious for each in self.mistakes)


def drafts(viewer: Viewer) -> list[ProcessDraft]:
    """Return the drafts that the viewer may see, by process: of shared processes, and of overlays at their councils."""
    gate.allow_anywhere(viewer, Can.SEE_PROCESSES)
    rows = ProcessDraft.objects.select_related("council", "saved_by", "proposed_by").order_by(
        "key", "council__name"
    )
    mine = gate.councils(viewer, Can.SEE_PROCESSES)
    return list(rows.filter(Q(council=None) | Q(council__in=mine)))


def draft(viewer: Viewer, key: str, council: Council | None = None) -> Drafted:
    """Return one draft with everything its page shows; refuses one that is not there, or not the viewer's to see."""
    found = next(
        (each for each in drafts(viewer) if (each.key, each.council_id) == (key, council and council.pk)),
        None,
    )
    if found is None:
        raise NoSuchDraft(key=key, what="draft")
    return drafted(found)


def drafted(row: ProcessDraft) -> Drafted:
    """Return a draft as it is read, whoever asks."""
    shared = ProcessVersion.objects.filter(key=row.key, council=None).order_by("-number").first()
    base = store.definition_of(shared.pk) if shared else None
    if row.council_id is None:
        return _judged(row, shared, base, base=None)
    own = overlay_of(row.key, row.council) if row.council else None
    version = own or shared
    return _judged(row, version, store.definition_of(version.pk) if version else None, base=base)


def _judged(
    row: ProcessDraft,
    version: ProcessVersion | None,
    published: Definition | None,
    *,
    base: Definition | None,
) -> Drafted:
    """Return a draft read: as a process, or over its base as an overlay."""
    file = f"{row.key}.yaml"
    if row.council is None:
        reading = read(row.source, file=file, walls=hooks.walls)
        definition, mistakes, lines = reading.definition, reading.mistakes, reading.lines
    else:
        if base is None:
            raise NoSuchProcess(key=row.key, what="process")
        laid = read_overlay(row.source, base, file=file)
        definition, mistakes, lines = laid.definition, laid.mistakes, laid.lines
        if laid.overlay is not None and laid.overlay.council != row.council.code:
            wrong = f"This is the draft of {row.council.name}."
            instead = f"Write “council: {row.council.code}”."
            mistakes = (*mistakes, Mistake(file, lines.get("council", 1), "council", wrong, instead))
    if definition is not None:
        found = [*misnamed(row.key, definition), *references(definition), *advice(definition)]
        mistakes = (*mistakes, *(replace(each, file=file, line=line_of(each.path, lines)) for each in found))
    return Drafted(row, definition, mistakes, published, version)


def line_of(path: str, lines: Mapping[str, int]) -> int:
    """Return the line of a path, or of the nearest thing around it."""
    while path and path not in lines:
        path = path.rpartition(".")[0]
    return lines.get(path, 1)


def misnamed(key: str, definition: Definition) -> Iterator[Mistake]:
    """Note that a text is of another process than the draft it stands in."""
    if definition.key != key:
        wrong = f"This is the draft of “{key}”."
        yield Mistake(
            "", 1, "process", wrong, f"Write “process: {key}”, or start a draft of “{definition.key}”."
        )


def references(definition: Definition, together: Mapping[str, Definition] | None = None) -> list[Mistake]:
    """Note what is wrong where a process hands over to others: those that are not published, and answers they lack.

    `together` are those published in the same breath, which may name each other.
    """
    if not any(
        step.case or outcome.open for step in definition.steps.values() for outcome in step.outcomes.values()
    ):
        return []
    others = {key: known for key, (_, known) in newest_versions().items()}
    known = others | dict(together or {}) | {definition.key: definition}
    return list(held_against(definition, known, publishing=True))


def advice(definition: Definition) -> list[Mistake]:
    """Note the teams that serve no council at all: their steps would wait in the queue of all staff.

    Before the first team is added there is nothing to advise on.
    """
    named = teams_of(definition)
    if not Team.objects.exists():
        return []
    serving = set(
        Team.objects.filter(function__in=list(named), councils__isnull=False).values_list(
            "function", flat=True
        )
    )
    return [
        Mistake(
            "", 1, place, f"No team for “{name}” serves any council.",
            "Add one with “moothall team add”, or name another.", serious=False,
        )
        for name, place in named.items()
        if name not in serving
    ]  # fmt: skip
