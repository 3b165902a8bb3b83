"""Writing a leave pack: into a folder beside its name first, so that what has the name is whole."""

import hashlib
import json
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from moothall import __version__
from moothall.config.leaving import contents, readme
from moothall.config.leaving.counting import RECORD, TABLES, differing
from moothall.councils import scope
from moothall.councils.models import Council
from moothall.journal import actions as journal
from moothall.plain.actors import SYSTEM
from moothall.plain.errors import NotFound
from moothall.process import files

MANIFEST, README = "manifest.json", "README.md"
DIRECTORY, FILES = "directory", "files"
FORM = 1


class CannotPack(Exception):
    """The pack cannot be written; the words say why."""


@dataclass(frozen=True, slots=True)
class Part:
    """One file of rows: how many, its digest, and what they are."""

    file: str
    rows: int
    sha256: str
    what: str


@dataclass
class Pack:
    """What a pack says of itself."""

    council_id: int
    code: str
    name: str
    made_at: str
    database: str
    version: str = __version__
    form: int = FORM
    parts: dict[str, Part] = field(default_factory=dict)
    files: dict[str, int] = field(default_factory=dict)
    missing_files: list[str] = field(default_factory=list)
    left_out: dict[str, int] = field(default_factory=dict)

    @classmethod
    def read(cls, folder: Path) -> "Pack":
        """Read the manifest of a pack again."""
        said = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        said["parts"] = {name: Part(**part) for name, part in said["parts"].items()}
        return cls(**said)

    def write(self, folder: Path) -> None:
        """Write the manifest."""
        text = json.dumps(asdict(self), indent=1, ensure_ascii=False)
        (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def pack(council: Council, to: Path, now: datetime) -> Pack:
    """Write everything of a council into a new folder; return what was written."""
    if to.exists() and (not to.is_dir() or any(to.iterdir())):
        raise CannotPack(f"{to} is there already. Name a folder that is not, or an empty one.")
    unfinished = to.with_name(f".{to.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    try:
        unfinished.mkdir(mode=0o700, parents=True)
        with scope.only([council.pk]):
            _note(council, now)
            made = _written(council, unfinished, now)
        if to.exists():
            to.rmdir()
        unfinished.rename(to)
    except OSError as error:
        raise CannotPack(
            f"The pack could not be written: {error.strerror or error}. Nothing was kept."
        ) from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return made


@transaction.atomic
def _note(council: Council, now: datetime) -> None:
    journal.write(
        by=SYSTEM, what="council.pack_made", about=f"council:{council.pk}", council_id=council.pk, now=now
    )


def _written(council: Council, folder: Path, now: datetime) -> Pack:
    made = Pack(council.pk, council.code, council.name, now.isoformat(), connection.vendor)
    for name in (TABLES, DIRECTORY, RECORD, FILES):
        (folder / name).mkdir()
    alone = not connection.in_atomic_block
    with transaction.atomic():
        if alone and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        for model in contents.tables():
            label = model._meta.label
            _part(
                made, folder, f"{TABLES}/{label}", contents.about(model), contents.rows_of(model, council.pk)
            )
        for name, what, rows in contents.directory(council):
            _part(made, folder, f"{DIRECTORY}/{name}", what, rows)
        for name, what, entries in contents.record(council):
            _part(made, folder, f"{RECORD}/{name}", what, entries)
        made.left_out = contents.left_out(council.pk)
        for sha256 in contents.attachments():
            _bring(made, folder, sha256)
        if faults := differing(made, council):  # held against the very moment that it is of
            raise CannotPack(f"The pack does not hold what the database does. {' '.join(faults)}")
    (folder / README).write_text(readme.text(made), encoding="utf-8")
    made.write(folder)
    return made


def _part(made: Pack, folder: Path, name: str, what: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write rows as JSON, one a line."""
    digest, count = hashlib.sha256(), 0
    file = f"{name}.jsonl"
    with (folder / file).open("wb") as written:
        for row in rows:
            line = (
                json.dumps(row, ensure_ascii=False, sort_keys=True).encode("utf-8", "surrogatepass") + b"\n"
            )
            digest.update(line)
            written.write(line)
            count += 1
    made.parts[name] = Part(file, count, digest.hexdigest(), what)


def _bring(made: Pack, folder: Path, sha256: str) -> None:
    """Copy a file of a case; one that is not there any more is named as missing."""
    try:
        with files.open_kept(sha256) as kept, (folder / FILES / sha256).open("wb") as copy:
            shutil.copyfileobj(kept, copy)
            made.files[sha256] = copy.tell()
    except NotFound:
        made.missing_files.append(sha256)
