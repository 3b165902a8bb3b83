"""What a backup says of itself: when, of what, which rows, which files, and which keys are kept apart."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from moothall import __version__

MANIFEST, DATABASE, FILES, KEYS = "manifest.json", "database", "files", "keys"
FORM = 1


@dataclass(frozen=True, slots=True)
class Table:
    """How many rows a table has, and a digest that no changed row leaves as it was."""

    rows: int
    digest: str


@dataclass
class Manifest:
    """The first thing in a backup."""

    made_at: str
    database: str
    version: str = __version__
    form: int = FORM
    tables: dict[str, Table] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    keys_inside: bool = False

    def to_json(self) -> str:
        """Return the manifest as it is written."""
        return json.dumps(asdict(self), indent=1, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> "Manifest":
        """Read a manifest again."""
        said = json.loads(text)
        said["tables"] = {name: Table(**table) for name, table in said["tables"].items()}
        return cls(**said)

    @property
    def rows(self) -> int:
        """How many rows there are altogether."""
        return sum(table.rows for table in self.tables.values())


def digest_of(file: Path) -> str:
    """Return the SHA-256 of a file, read in pieces."""
    with file.open("rb") as open_file:
        return hashlib.file_digest(open_file, "sha256").hexdigest()


def files_in(folder: Path) -> dict[str, str]:
    """Return every file below a folder, by its path inside it, with its digest."""
    found = sorted(path for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else []
    return {str(path.relative_to(folder)): digest_of(path) for path in found}


def key_files(home: Path) -> dict[str, Path]:
    """Return the files without which signed and sealed things cannot be read: kept apart from backups."""
    named = [home / "secret_key", *sorted((home / KEYS).rglob("*"))]
    return {str(path.relative_to(home)): path for path in named if path.is_file()}


def differences(expected: dict[str, Table], found: dict[str, Table]) -> list[str]:
    """Say which tables are not as the manifest says.

    >>> differences({"a": Table(1, "x")}, {"a": Table(2, "y")})
    ['Table a has 2 rows; the backup was made with 1.']
    """
    told = [f"Table {name} is missing." for name in sorted(expected.keys() - found.keys())]
    told += [f"Table {name} is not in the manifest." for name in sorted(found.keys() - expected.keys())]
    for name in sorted(expected.keys() & found.keys()):
        if found[name].rows != expected[name].rows:
            rows, were = found[name].rows, expected[name].rows
            told.append(f"Table {name} has {rows} rows; the backup was made with {were}.")
        elif found[name] != expected[name]:
            told.append(f"Table {name} has other contents than when the backup was made.")
    return told
