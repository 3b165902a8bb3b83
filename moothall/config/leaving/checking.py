"""Proving a pack: read again from its files, held against its manifest, the database, and what must not be in it."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from moothall.config.leaving import contents
from moothall.config.leaving.counting import RECORD, TABLES, differing
from moothall.config.leaving.packing import (
    DIRECTORY,
    FILES,
    FORM,
    MANIFEST,
    README,
    Pack,
    Part,
)
from moothall.councils import scope
from moothall.councils.models import Council, Staff

_AT_ONCE = 1 << 20


@dataclass
class Proof:
    """What was checked, and what does not hold."""

    rows: int = 0
    files: int = 0
    faults: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Others:
    """The people of other councils: numbers of their accounts and staff rows, and their email addresses."""

    accounts: frozenset[int]
    staff: frozenset[int]
    emails: frozenset[str]


def check(folder: Path, council: Council, *, with_house: bool = True) -> Proof:
    """Return what was found in a pack; without a fault it holds everything of the council and nothing of the others.

    `with_house` holds it against the database of now, too, which may have gone on since; one that was just made was
    held against the database of its own moment.
    """
    proof = Proof()
    try:
        pack = Pack.read(folder)
    except (OSError, ValueError, TypeError, KeyError) as error:
        proof.faults.append(
            f"{folder / MANIFEST} cannot be read ({type(error).__name__}): this is no leave pack."
        )
        return proof
    if pack.council_id != council.pk or pack.code != council.code or pack.form != FORM:
        proof.faults.append(f"The pack is of “{pack.code}”, not of “{council.code}”.")
        return proof
    _check_names(pack, folder, proof)
    others = _others(council)
    for name, part in pack.parts.items():
        _check_part(pack, folder, name, part, others, proof)
    _check_files(pack, folder, proof)
    if with_house:
        with scope.only([council.pk]):
            proof.faults += differing(pack, council)
    return proof


def _others(council: Council) -> _Others:
    rows = Staff.objects.exclude(council=council).values_list("user_id", "id", "user__email")
    found = list(rows)
    return _Others(
        frozenset(row[0] for row in found),
        frozenset(row[1] for row in found),
        frozenset(row[2].lower() for row in found if row[2]),
    )


def _check_names(pack: Pack, folder: Path, proof: Proof) -> None:
    """Name each file that no manifest names, and each that is named and not there."""
    named = {MANIFEST, README, *(part.file for part in pack.parts.values())}
    named |= {f"{FILES}/{sha256}" for sha256 in pack.files}
    there = {str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir()}
    proof.faults += [
        f"{name} is in the pack, but its manifest does not name it." for name in sorted(there - named)
    ]
    proof.faults += [f"{name} is missing." for name in sorted(named - there)]
    wanted = {f"{TABLES}/{model._meta.label}" for model in contents.tables()}
    proof.faults += [f"{name} is missing from the manifest." for name in sorted(wanted - pack.parts.keys())]


def _check_part(pack: Pack, folder: Path, name: str, part: Part, others: _Others, proof: Proof) -> None:
    digest, count = hashlib.sha256(), 0
    for number, line in enumerate(_lines(folder / part.file), start=1):
        digest.update(line)
        count += 1
        try:
            row = json.loads(line)
        except ValueError:
            proof.faults.append(f"{part.file}, line {number}: this is not JSON.")
            continue
        proof.faults += [f"{part.file}, line {number}: {why}" for why in _wrong(pack, name, row, others)]
    proof.rows += count
    if count != part.rows:
        proof.faults.append(f"{part.file} has {count:,} rows; its manifest says {part.rows:,}.")
    if digest.hexdigest() != part.sha256:
        proof.faults.append(f"{part.file} is not as it was written: its SHA-256 is another.")


def _lines(file: Path) -> Iterator[bytes]:
    if file.is_file():
        with file.open("rb") as read:
            yield from read


def _wrong(pack: Pack, name: str, row: dict[str, Any], others: _Others) -> list[str]:
    """Return what a row has that must not be in this pack."""
    kind, _, table = name.partition("/")
    if kind in {TABLES, RECORD}:
        theirs = row.get("council_id") != pack.council_id
        return [f"the row belongs to council {row.get('council_id')}."] if theirs else []
    if kind != DIRECTORY:
        return [f"“{kind}” is no part of a pack."]
    found = []
    if str(row.get("email") or "").lower() in others.emails:
        found.append("it has the email address of somebody of another council.")
    if table == "staff" and row.get("id") in others.staff:
        found.append("it is somebody of another council.")
    if table == "accounts" and row.get("id") in others.accounts:
        found.append("it is the account of somebody of another council.")
    if table == "memberships" and row.get("staff_id") in others.staff:
        found.append("it says where somebody of another council works.")
    if table == "council" and row.get("id") != pack.council_id:
        found.append("it is another council.")
    return found


def _check_files(pack: Pack, folder: Path, proof: Proof) -> None:
    for sha256, size in pack.files.items():
        path = folder / FILES / sha256
        if not path.is_file():
            continue  # named as missing already
        proof.files += 1
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        if digest != sha256 or path.stat().st_size != size:
            proof.faults.append(f"{FILES}/{sha256} is not the file that its name says.")
