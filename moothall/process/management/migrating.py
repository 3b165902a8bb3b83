"""`moothall process migrate`: try a move of running cases to another version, or do it, and say what came of it."""

from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from moothall.councils import scope
from moothall.councils.queries import council_by_code
from moothall.councils.rules import Viewer
from moothall.plain.errors import NotFound
from moothall.process import actions, queries
from moothall.process.actions.migrating import DryRun
from moothall.process.errors import NoSuchVersion
from moothall.process.models import ProcessVersion

_NAMED = 5


def describe(parser: ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("process", metavar="NAME", help="the process whose running cases are moved")
    parser.add_argument("--to", type=int, metavar="NUMBER", help="the version; otherwise the newest")
    parser.add_argument("--dry-run", action="store_true", help="only say what it would come to")
    parser.add_argument(
        "--map",
        dest="choices",
        type=choice,
        action="append",
        default=[],
        metavar="OLD=NEW",
        help="what becomes of a step, an outcome (step.outcome=new) or a question that is gone; “-” sets it aside",
    )
    parser.add_argument("--council", metavar="CODE", help="only the cases of this council")
    parser.add_argument("--jobs", action="store_true", help="leave it to the worker, fifty cases a job")


def choice(text: str) -> tuple[str, str]:
    """Return what something is to become, as the command line has it: old=new."""
    old, equals, new = text.partition("=")
    if not old or not equals or not new:
        raise ArgumentTypeError(f"“{text}” is not a choice: write old_step=new_step")
    return old, new


def run(options: Mapping[str, Any]) -> str:
    """Try a move, or do it; return what there is to say. Refuses what is not a process, a version or a council."""
    version = _version(options["process"], options["to"])
    council = council_by_code(options["council"]) if options["council"] else None
    if options["council"] and council is None:
        raise NotFound(what=f"council “{options['council']}”")
    said: dict[str, Any] = {
        "by": Viewer.system(),
        "version": version,
        "council": council,
        "now": timezone.now(),
    }
    choices = dict(options["choices"])
    with scope.everything("running cases of every council are moved to another version"):
        if options["dry_run"]:
            return in_words(actions.dry_run(**said, choices=choices))
        done = actions.migrate(**said, choices=choices, jobs=options["jobs"])
    if options["jobs"]:
        posted = "1 job was" if done.jobs == 1 else f"{done.jobs} jobs were"
        return f"{posted} posted; the worker moves the cases."
    cases = f"{done.moved} case{'' if done.moved == 1 else 's'}"
    left = f"; {done.left} stayed, see --dry-run" if done.left else ""
    return f"{cases} of “{version.key}” moved to version {version.number}{left}."


def _version(key: str, number: int | None) -> ProcessVersion:
    if number is None:
        return ProcessVersion.objects.get(pk=queries.newest_version(key))
    found = ProcessVersion.objects.filter(key=key, number=number, council=None).first()
    if found is None:
        raise NoSuchVersion(key=key, number=number, what="version")
    return found


def in_words(found: DryRun) -> str:
    """Return a dry run in lines."""
    lines = [f"To version {found.version.number} of “{found.version.key}”: {found.sentence}."]
    if found.there:
        lines.append(f"{found.there} there already.")
    for group in found.groups:
        named = ", ".join(group.references[:_NAMED]) + (" …" if group.cases > _NAMED else "")
        lines.append(f"{group.cases:>6}  {group.trouble.say} ({named})")
        ways = [f"--map {group.trouble.key}={to}" for to in group.trouble.options]
        ways += [f"--map {group.trouble.key}=-"] if group.trouble.may_drop else []
        if ways:
            lines.append(f"        {' or '.join(ways)}, or leave it on its version")
    return "\n".join(lines)
