"""Processes as designers read them: which are published and drafted, one version, and what councils make of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from moothall.councils import gate
from moothall.councils.models import Council
from moothall.councils.queries import council_by_code
from moothall.councils.rules import Viewer
from moothall.plain.errors import NotFound
from moothall.process import circles, picture, queries, store
from moothall.process.definition import Definition
from moothall.process.differences import in_words
from moothall.process.errors import NoSuchProcess, NoSuchVersion
from moothall.process.models import ProcessDraft, ProcessVersion
from moothall.process.permissions import Can

DRAWN_STEPS = 150
"""A process with more steps is shown as a list only: nobody could read the picture."""


@dataclass(frozen=True, slots=True)
class Published:
    """The newest shared version of one process, how many councils have an overlay, and the drafts of it."""

    version: ProcessVersion
    summary: str
    steps: int
    overlays: int
    drafts: Sequence[ProcessDraft]


@dataclass(frozen=True, slots=True)
class Overview:
    """All processes, and the drafts of those that were never published."""

    published: Sequence[Published]
    new: Sequence[ProcessDraft]
    may_write: bool


@dataclass(frozen=True, slots=True)
class Own:
    """What one council makes of a process: its version, and its draft, as far as there are any."""

    council: Council
    version: ProcessVersion | None
    draft: ProcessDraft | None
    may_write: bool


@dataclass(frozen=True, slots=True)
class Read:
    """One version of a process, with all the others to choose from, and what may be done with it."""

    version: ProcessVersion
    definition: Definition
    versions: Sequence[ProcessVersion]
    drawn: str
    outline: Sequence[picture.Entry]
    councils: Sequence[Own]
    draft: ProcessDraft | None
    may_write: bool
    may_move: bool
    may_xray: bool

    @property
    def newest(self) -> bool:
        """Whether it is the version in force."""
        return self.version.pk == self.versions[0].pk


def overview(viewer: Viewer) -> Overview:
    """Return the newest version of every process, and the drafts."""
    gate.allow_anywhere(viewer, Can.SEE_PROCESSES)
    rows = ProcessVersion.objects.filter(council=None).defer("body", "source")
    newest = {row.key: row for row in rows.order_by("key", "number")}
    drafts, laid = queries.drafts(viewer), queries.overlaid()
    return Overview(
        [
            _published(version, laid.get(key, 0), [each for each in drafts if each.key == key])
            for key, version in newest.items()
        ],
        [each for each in drafts if each.key not in newest],
        gate.anywhere(viewer, Can.PUBLISH),
    )


def _published(version: ProcessVersion, laid: int, drafts: Sequence[ProcessDraft]) -> Published:
    definition = store.definition_of(version.pk)
    return Published(version, definition.summary, len(definition.steps), laid, drafts)


def read(viewer: Viewer, key: str, number: int | None = None) -> Read:
    """Return a process as it is read; without a number, its newest version."""
    gate.allow_anywhere(viewer, Can.SEE_PROCESSES)
    versions = versions_of(viewer, key)
    version = next((each for each in versions if number in {None, each.number}), None)
    if version is None:
        raise NoSuchVersion(number=number, key=key, what="version")
    definition = store.definition_of(version.pk)
    drafts = [each for each in queries.drafts(viewer) if each.key == key]
    return Read(
        version=version,
        definition=definition,
        versions=versions,
        drawn=drawn(definition),
        outline=picture.outline(definition),
        councils=_councils(viewer, key, drafts),
        draft=next((each for each in drafts if each.council is None), None),
        may_write=gate.anywhere(viewer, Can.PUBLISH),
        may_move=gate.anywhere(viewer, Can.MIGRATE),
        may_xray=gate.anywhere(viewer, Can.XRAY),
    )


def versions_of(viewer: Viewer, key: str) -> Sequence[ProcessVersion]:
    """Return the shared versions of a process, the newest first, with how many cases run in each and its overlays.

    Cases that are not there for the viewer are not counted.
    """
    mine = sorted(viewer.councils)
    own = Q(cases__status="open", cases__council_id__in=mine) & circles.within_cases(viewer, "cases__")
    running = Count("cases", filter=own, distinct=True)
    theirs = Q(overlays__cases__status="open", overlays__cases__council_id__in=mine)
    laid = Count(
        "overlays__cases", filter=theirs & circles.within_cases(viewer, "overlays__cases__"), distinct=True
    )
    rows = ProcessVersion.objects.filter(key=key, council=None).defer("body")
    found = list(rows.annotate(own=running, laid=laid).order_by("-number"))
    if not found:
        raise NoSuchProcess(key=key, what="process")
    return found


def drawn(definition: Definition, highlight: Sequence[str] = ()) -> str:
    """Return the picture of a process; nothing for one that nobody could read as a picture."""
    return picture.svg(definition, highlight=highlight) if len(definition.steps) <= DRAWN_STEPS else ""


def _councils(viewer: Viewer, key: str, drafts: Sequence[ProcessDraft]) -> list[Own]:
    """Return the viewer's councils, each with what it makes of the process."""
    mine = gate.councils(viewer, Can.SEE_PROCESSES)
    own = {each.council_id: each for each in queries.overlays(key)}
    written = {each.council_id: each for each in drafts if each.council_id}
    return [
        Own(each, own.get(each.pk), written.get(each.pk), gate.may(viewer, Can.PUBLISH, each.pk))
        for each in Council.objects.filter(pk__in=mine).order_by("name")
    ]


def council_named(viewer: Viewer, code: str) -> Council | None:
    """Return a council that the viewer may see processes of; None for no code. Another council does not exist."""
    if not code:
        return None
    council = council_by_code(code)
    if council is None or not gate.may(viewer, Can.SEE_PROCESSES, council.pk):
        raise NotFound(what="council")
    return council


@dataclass(frozen=True, slots=True)
class Laid:
    """What one council has: the whole process as it follows there, and how that differs from the shared one."""

    council: Council
    base: ProcessVersion
    version: ProcessVersion | None
    definition: Definition
    drawn: str
    outline: Sequence[picture.Entry]
    changes: Sequence[str]
    draft: ProcessDraft | None
    may_write: bool


def laid(viewer: Viewer, key: str, council: Council) -> Laid:
    """Return what a council makes of a process."""
    base = versions_of(viewer, key)[0]
    version = queries.overlay_of(key, council)
    shared = store.definition_of(base.pk)
    definition = store.definition_of(version.pk) if version else shared
    drafts = [each for each in queries.drafts(viewer) if (each.key, each.council_id) == (key, council.pk)]
    return Laid(
        council=council,
        base=base,
        version=version,
        definition=definition,
        drawn=drawn(definition, touched(shared, definition)),
        outline=picture.outline(definition),
        changes=in_words(shared, definition) if version else [],
        draft=next(iter(drafts), None),
        may_write=gate.may(viewer, Can.PUBLISH, council.pk),
    )


def touched(old: Definition, new: Definition) -> list[str]:
    """Return the steps that are not as they were."""
    return [key for key, step in new.steps.items() if old.steps.get(key) != step]


@dataclass(frozen=True, slots=True)
class Compared:
    """Two versions and what differs, in words."""

    old: ProcessVersion
    new: ProcessVersion
    changes: Sequence[str]
    drawn: str


def compare(
    viewer: Viewer, key: str, old: int | None, new: int | None
) -> tuple[Sequence[ProcessVersion], Compared | None]:
    """Return all versions, and two of them compared: those named, else the newest two. None if there is only one."""
    gate.allow_anywhere(viewer, Can.SEE_PROCESSES)
    versions = versions_of(viewer, key)
    numbers: Mapping[int | None, ProcessVersion] = {each.number: each for each in versions}
    later = numbers.get(new, versions[0])
    earlier = numbers.get(old) or next((each for each in versions if each.number < later.number), None)
    if earlier is None or earlier is later:
        return versions, None
    was, now = store.definition_of(earlier.pk), store.definition_of(later.pk)
    return versions, Compared(earlier, later, in_words(was, now), drawn(now, touched(was, now)))


def tried_on(definition: Definition, council: Council | None) -> dict[int, Definition]:
    """Return a draft as it would be at each council: under 0 as it is shared, and with overlays that still fit."""
    return {0: definition} | (queries.laid_over(definition) if council is None else {})


def unsaved(key: str, council: Council | None, source: str, now: datetime) -> ProcessDraft:
    """Return a text as though it were a draft, to be read like one; nothing is kept."""
    return ProcessDraft(key=key, council=council, source=source, saved_at=now)
