"""What a support route promises, and how a file of systems is read. Plain values only."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

PRIORITIES = (1, 2, 3, 4)
MOST_USERS = 10_000_000
_CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
_HEADS = ("code", "name", "kind")
_LONGEST = 60 * 24 * 366


@dataclass(frozen=True, slots=True)
class Promise:
    """Within how many minutes a supplier responds and resolves; None for what they do not promise."""

    respond: int | None = None
    resolve: int | None = None


NOTHING = Promise()


def promised(targets: Mapping[str, Any], priority: int) -> Promise:
    """Return what a route promises for a priority. A call without one is treated as the least urgent.

    >>> promised({"P1": {"respond": 15, "resolve": 240}}, 1)
    Promise(respond=15, resolve=240)
    >>> promised({"P1": {"resolve": 240}}, 3)
    Promise(respond=None, resolve=None)
    """
    found = targets.get(f"P{priority or max(PRIORITIES)}")
    if not isinstance(found, Mapping):
        return NOTHING
    return Promise(_minutes(found.get("respond")), _minutes(found.get("resolve")))


def _minutes(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None


def wrong_in(targets: Mapping[str, Any]) -> str:
    """Return what is wrong with targets as they would be kept, in a sentence; empty if nothing is.

    >>> wrong_in({"P1": {"respond": 15, "resolve": 240}}), wrong_in({"P9": {}})
    ('', 'There is no priority P9.')
    >>> wrong_in({"P1": {"respond": 60, "resolve": 30}})
    'P1: they cannot resolve before they respond.'
    """
    for name, given in targets.items():
        if name not in {f"P{each}" for each in PRIORITIES}:
            return f"There is no priority {name}."
        if not isinstance(given, Mapping) or not set(given) <= {"respond", "resolve"}:
            return f"{name}: give the minutes to respond and to resolve."
        if any(_minutes(each) is None or each > _LONGEST for each in given.values()):
            return f"{name}: minutes are whole numbers from 1 to {_LONGEST}."
        respond, resolve = given.get("respond"), given.get("resolve")
        if respond and resolve and resolve < respond:
            return f"{name}: they cannot resolve before they respond."
    return ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a file of systems."""

    line: int
    code: str
    name: str
    kind: str
    tier: int
    users: int | None
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class File:
    """What a file of systems holds, and what is wrong with it, in sentences with their line."""

    rows: tuple[Row, ...]
    wrong: tuple[str, ...]


def read_file(text: str, kinds: Iterable[str]) -> File:
    r"""Read a CSV of systems: `code,name,kind` and, if they are there, `tier,users,needs` (codes with spaces between).

    >>> read_file("code,name,kind,needs\ncare,Care,application,db dc\n", ["application"]).rows[0].needs
    ('db', 'dc')
    >>> read_file("code,name\ncare,Care\n", ["application"]).wrong
    ('Line 1: the heading “kind” is missing.',)
    """
    lines = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    heads = [str(each).strip().lower() for each in lines.fieldnames or ()]
    lines.fieldnames = heads
    if missing := [each for each in _HEADS if each not in heads]:
        return File((), (f"Line 1: the heading “{missing[0]}” is missing.",))
    rows: list[Row] = []
    wrong: list[str] = []
    known, seen = frozenset(kinds), set[str]()
    for given in lines:
        cells = {key: (value or "").strip() for key, value in given.items() if isinstance(key, str)}
        why = _wrong_with(cells, known, seen)
        if why:
            wrong.append(f"Line {lines.line_num}: {why}")
            continue
        seen.add(cells["code"])
        rows.append(_row(lines.line_num, cells))
    return File(tuple(rows), tuple(wrong))


def _wrong_with(cells: Mapping[str, str], kinds: frozenset[str], seen: set[str]) -> str:
    code, tier, users = cells["code"], cells.get("tier", ""), cells.get("users", "")
    whole = users.isascii() and users.isdigit() and int(users[:9]) <= MOST_USERS
    checks = (
        (
            not _CODE.fullmatch(code),
            f"“{code}” is no code; it has small letters, digits and hyphens, like “care-db”.",
        ),
        (code in seen, f"“{code}” stands in the file twice."),
        (not cells["name"], "the name is missing."),
        (cells["kind"] not in kinds, f"“{cells['kind']}” is no kind; kinds are {', '.join(sorted(kinds))}."),
        (tier and tier not in {str(each) for each in PRIORITIES}, f"“{tier}” is no tier; tiers are 1 to 4."),
        (users and not whole, f"“{users}” is no number of users."),
    )
    return next((why for wrong, why in checks if wrong), "")


def _row(line: int, cells: Mapping[str, str]) -> Row:
    users = cells.get("users", "")
    return Row(
        line=line,
        code=cells["code"],
        name=cells["name"][:150],
        kind=cells["kind"],
        tier=int(cells.get("tier") or 3),
        users=int(users) if users else None,
        needs=tuple(cells.get("needs", "").split()),
    )


def most_per_council(uses: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Return the users of each council, of pairs of council and users: the largest group, never the sum.

    The same people use several systems, and would be counted once for each of them.

    >>> most_per_council([(1, 200), (1, 350), (2, 40)])
    {1: 350, 2: 40}
    """
    found: dict[int, int] = {}
    for council_id, users in uses:
        found[council_id] = max(users, found.get(council_id, 0))
    return found


def in_words(names: Sequence[str]) -> str:
    """Return names as a sentence has them.

    >>> in_words(["a", "b", "c"]), in_words(["a"]), in_words([])
    ('a, b and c', 'a', '')
    """
    if len(names) < 2:  # noqa: PLR2004
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"
