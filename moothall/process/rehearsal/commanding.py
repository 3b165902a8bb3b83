"""`moothall process rehearse`: run a draft over closed cases, and say in words what would have gone another way."""

from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone

from moothall.councils import scope
from moothall.councils.queries import council_by_code
from moothall.councils.rules import Viewer
from moothall.plain.errors import NotFound
from moothall.process.management.migrating import choice
from moothall.process.rehearsal.gathering import rehearse_past
from moothall.process.rehearsal.report import in_words
from moothall.process.simulation.commanding import definition_named

A_YEAR = timedelta(days=365)


def describe(parser: ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("process", metavar="FILE|NAME", help="a draft as a file, or a published process")
    parser.add_argument(
        "--since", type=_day, metavar="YYYY-MM-DD", help="cases closed since then; otherwise for a year"
    )
    parser.add_argument("--council", metavar="CODE", help="only the cases of this council")
    parser.add_argument(
        "--map",
        dest="names",
        type=choice,
        action="append",
        default=[],
        metavar="OLD=NEW",
        help="what a step, an outcome (step.outcome=new) or a question is called in the draft",
    )


def _day(text: str) -> datetime:
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise ArgumentTypeError(f"“{text}” is not a day like 2026-04-06") from None


def run(options: Mapping[str, Any]) -> str:
    """Return the report in words; refuses what is not a process or a council."""
    definition = definition_named(options["process"])
    council = council_by_code(options["council"]) if options["council"] else None
    if options["council"] and council is None:
        raise NotFound(what=f"council “{options['council']}”")
    since = options["since"] or timezone.now() - A_YEAR
    with scope.everything("closed cases of every council are played again under a draft"):
        found = rehearse_past(
            Viewer.system(), definition, since=since, council=council, names=dict(options["names"])
        )
    return "\n".join(
        [f"“{definition.title}”, cases closed since {since:%-d %B %Y}:", *in_words(found.report)]
    )
