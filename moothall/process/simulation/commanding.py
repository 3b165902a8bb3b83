"""`moothall process simulate`: try a process out, and say in words what came of it."""

from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from moothall.councils.queries import council_by_code
from moothall.plain.errors import NotFound
from moothall.process import queries, store
from moothall.process.definition import Definition
from moothall.process.language import load
from moothall.process.simulation.people import People, needed_by, sharing
from moothall.process.simulation.report import in_words
from moothall.process.simulation.running import simulate
from moothall.process.simulation.staffing import people_of

_CASES = 1000


def describe(parser: ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("process", metavar="NAME|FILE", help="a published process, or a process file")
    parser.add_argument(
        "--cases", type=positive, default=_CASES, metavar="N", help="how many cases are tried"
    )
    parser.add_argument("--seed", type=int, default=0, help="another number tries other cases")
    who = parser.add_mutually_exclusive_group()
    who.add_argument("--council", metavar="CODE", help="with the people of this council's teams")
    who.add_argument(
        "--people", type=positive, metavar="N", help="with so many people who share all the work"
    )


def run(options: Mapping[str, Any]) -> str:
    """Return the report in words; refuses what is not a process or a council."""
    council = _council(options["council"])
    definition = definition_named(options["process"], council)
    report = simulate(
        definition,
        cases=options["cases"],
        seed=options["seed"],
        people=_people(definition, options["people"], council),
    )
    return "\n".join(in_words(report))


def positive(text: str) -> int:
    """Return a number above 0."""
    if not text.isascii() or not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError(f"“{text}” is not a number above 0")
    return int(text)


def definition_named(name: str, council: int | None = None) -> Definition:
    """Return a definition by the name of its file, or the newest published of that key, as the council has it."""
    file = Path(name)
    if file.suffix in {".yaml", ".yml"}:
        if not file.is_file():
            raise NotFound(what=f"file “{name}”")
        return load(file)
    return store.definition_of(queries.newest_version(name, council))


def _council(code: str | None) -> int | None:
    if code is None:
        return None
    council = council_by_code(code)
    if council is None:
        raise NotFound(what=f"council “{code}”")
    return council.pk


def _people(definition: Definition, number: int | None, council: int | None) -> People | None:
    if number is not None:
        return sharing(needed_by(definition), number)
    return None if council is None else people_of(council)
