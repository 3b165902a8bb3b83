"""`moothall process check`, `publish` and `overlay`: process files and overlays are read, and published if sound."""

from argparse import ArgumentParser
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.db import DatabaseError, transaction
from django.utils import timezone

from moothall.councils.queries import council_by_code
from moothall.councils.rules import Viewer
from moothall.plain.errors import NotFound
from moothall.process import actions, hooks, library, queries, store
from moothall.process.definition import Definition
from moothall.process.errors import NoSuchProcess
from moothall.process.language import Mistake, held_against, read
from moothall.process.language.nodes import LARGEST
from moothall.process.language.overlays import Heading, heading, read_overlay
from moothall.process.queries.processes import line_of


@dataclass(frozen=True, slots=True)
class FileRead:
    """A file that was read: a process, or an overlay with its heading; what it makes, and what is wrong with it."""

    path: Path
    source: bytes
    definition: Definition | None
    mistakes: tuple[Mistake, ...]
    lines: Mapping[str, int]
    heading: Heading | None = None

    @property
    def sound(self) -> bool:
        return self.definition is not None and not any(each.serious for each in self.mistakes)


def read_files(paths: Sequence[Path]) -> list[FileRead]:
    """Return files read: processes first, then the overlays over them, or over what is published."""
    sources = [(path, _bytes(path)) for path in paths]
    laid = [(path, source, found) for path, source in sources if (found := heading(source)) is not None]
    overlaid = {path for path, _, _ in laid}
    read_now = [_process(path, source) for path, source in sources if path not in overlaid]
    bases = {each.definition.key: each.definition for each in read_now if each.definition}
    return read_now + [_overlay(path, source, found, bases) for path, source, found in laid]


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(LARGEST + 1)
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror or error}. Check the name of the file.") from error


def _process(path: Path, source: bytes) -> FileRead:
    found = read(source, file=str(path), sources=hooks.sources, walls=hooks.walls)
    return FileRead(path, source, found.definition, found.mistakes, found.lines)


def _overlay(path: Path, source: bytes, found: Heading, bases: Mapping[str, Definition]) -> FileRead:
    base = bases.get(found.process) or _base(found.process)
    if base is None:
        wrong = f"There is no process “{found.process}” for it to lie over."
        mistake = Mistake(
            str(path), 1, "overlay", wrong, "Publish that process first, or name its file beside this one."
        )
        return FileRead(path, source, None, (mistake,), {}, found)
    laid = read_overlay(source, base, file=str(path))
    return FileRead(path, source, laid.definition, laid.mistakes, laid.lines, found)


def _base(key: str) -> Definition | None:
    """Return the process an overlay lies over: as it is published, else as it comes with the house."""
    try:
        return store.definition_of(queries.newest_version(key))
    except (NoSuchProcess, DatabaseError):
        made = (
            read(path.read_bytes()).definition
            for path in library.files()
            if heading(path.read_bytes()) is None
        )
        return next((each for each in made if each is not None and each.key == key), None)


def publish(paths: Sequence[Path]) -> tuple[list[str], list[str]]:
    """Publish files, each process once: where two have one, the last of them, which is the partnership's own.

    Returns a line for each, and what is advised. If anything is wrong with any of them, nothing is published.
    """
    found = read_files(paths)
    last = {each.definition.key: each for each in found if each.definition and each.heading is None}
    together = {key: each.definition for key, each in last.items() if each.definition}
    wrong = [str(mistake) for each in found for mistake in each.mistakes if mistake.serious]
    said = [mistake for each in last.values() for mistake in _judged(each, together)]
    if wrong := wrong + [str(each) for each in said if each.serious]:
        raise CommandError("\n".join([*wrong, "Nothing was published."]))
    lines = []
    with transaction.atomic():
        for each in last.values():
            assert each.definition is not None
            version = actions.publish(
                by=Viewer.system(),
                definition=each.definition,
                source=each.source.decode("utf-8-sig"),
                now=timezone.now(),
            )
            lines.append(f"{version.key}: version {version.number}")
        lines += [_lay(each) for each in found if each.heading is not None]
    return lines, [str(each) for each in said]


def hints(found: Sequence[FileRead]) -> list[Mistake]:
    """Return what does not fit the other processes that these hand work over to, as far as there are files of them."""
    here = {
        each.definition.key: each.definition for each in found if each.definition and each.heading is None
    }
    if not any(_hands_over(each) for each in here.values()):
        return []
    files = [read(path.read_bytes()).definition for path in [*library.files(), *library.examples()]]
    known = {each.key: each for each in files if each is not None} | here
    return [
        replace(mistake, file=str(each.path), line=line_of(mistake.path, each.lines))
        for each in found
        if each.definition and each.heading is None
        for mistake in held_against(each.definition, known, publishing=False)
    ]


def _hands_over(definition: Definition) -> bool:
    steps = definition.steps.values()
    return any(step.case or any(each.open for each in step.outcomes.values()) for step in steps)


def _judged(found: FileRead, together: Mapping[str, Definition]) -> list[Mistake]:
    """Return what is wrong with the references of a file to other processes, and advice on teams."""
    assert found.definition is not None
    said = [*queries.references(found.definition, together), *queries.advice(found.definition)]
    return [replace(each, file=str(found.path), line=line_of(each.path, found.lines)) for each in said]


def _lay(found: FileRead) -> str:
    version = actions.publish_overlay(
        by=Viewer.system(), source=found.source.decode("utf-8-sig"), now=timezone.now(), file=str(found.path)
    )
    assert version.council is not None
    assert version.base is not None
    name = version.council.name
    return f"{version.key} at {name}: version {version.number}, over version {version.base.number}"


def describe(parser: ArgumentParser) -> None:
    """Say what `moothall process overlay` takes."""
    parser.add_argument(
        "files", nargs="*", metavar="FILE", help="overlays to publish; without any, they are listed"
    )
    parser.add_argument("--remove", metavar="PROCESS", help="let a council use the shared process again")
    parser.add_argument("--council", metavar="CODE", help="the council, with --remove")


def overlay(options: Mapping[str, Any]) -> str:
    """Publish overlays, remove one, or list them; return what there is to say."""
    if key := options["remove"]:
        council = council_by_code(options["council"] or "")
        if council is None:
            raise NotFound(what=f"council “{options['council'] or ''}”")
        actions.remove_overlay(by=Viewer.system(), key=key, council=council, now=timezone.now())
        return f"{council.name} uses the shared process “{key}” again, for new cases."
    if not options["files"]:
        listed = [
            f"{own.key} at {own.council}: version {own.number}, over version {own.base.number if own.base else ''}"
            for key in queries.newest_versions()
            for own in queries.overlays(key)
        ]
        return "\n".join(listed) or "No council has an overlay."
    found = read_files([Path(name) for name in options["files"]])
    plain = [str(each.path) for each in found if each.heading is None]
    wrong = [str(mistake) for each in found for mistake in each.mistakes if mistake.serious]
    wrong += [f"{path}: This is a process, not an overlay. Use “moothall process publish”." for path in plain]
    if wrong:
        raise CommandError("\n".join([*wrong, "Nothing was published."]))
    with transaction.atomic():
        return "\n".join(_lay(each) for each in found)
