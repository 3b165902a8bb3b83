"""`moothall process bpmn`, `import` and `picture`: processes for other tools and for people, and drafts from BPMN."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from moothall.process import queries, store
from moothall.process.bpmn.draft import draft
from moothall.process.bpmn.export import export
from moothall.process.bpmn.reading import LARGEST
from moothall.process.definition import Definition
from moothall.process.errors import NoSuchProcess
from moothall.process.language import load
from moothall.process.picture import svg


def describe(parser: ArgumentParser) -> None:
    """Say what the commands take that write a process."""
    parser.add_argument("process", metavar="NAME|FILE", help="a published process, or a process file")
    _into(parser)


def describe_import(parser: ArgumentParser) -> None:
    """Say what the import takes."""
    parser.add_argument("file", metavar="FILE", type=Path, help="a process as BPMN 2.0 XML")
    _into(parser)


def _into(parser: ArgumentParser) -> None:
    parser.add_argument("--to", type=Path, metavar="FILE", help="a new file; otherwise it is printed")


def bpmn(options: dict[str, Any]) -> str:
    """Write a process as BPMN 2.0."""
    return _written(export(_definition(options["process"])), options["to"])


def picture(options: dict[str, Any]) -> str:
    """Write a process as an SVG picture."""
    return _written(svg(_definition(options["process"]), alone=True), options["to"])


def imported(options: dict[str, Any]) -> str:
    """Write the first draft of a process file from BPMN."""
    file: Path = options["file"]
    try:
        with file.open("rb") as source:
            content = source.read(LARGEST + 1)
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror or error}. Check the name of the file.") from error
    return _written(draft(content), options["to"])


def _definition(name: str) -> Definition:
    path = Path(name)
    if path.suffix:
        try:
            return load(path)
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror or error}. Check the name of the file.") from error
    try:
        return store.definition_of(queries.newest_version(name))
    except NoSuchProcess as error:
        raise CommandError(f"{error.sentence} “moothall process list” names those there are.") from error


def _written(text: str, to: Path | None) -> str:
    """Return what is printed: the text itself, or where it is now."""
    if to is None:
        return text.rstrip("\n")
    try:
        with to.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        why = error.strerror or str(error)
        raise CommandError(f"{to}: {why}. Choose the name of a new file.") from error
    return f"Written to {to}."
