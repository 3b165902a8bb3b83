"""`moothall backup`: one file with the whole house, made while it is open."""

import shutil
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from moothall.config.backups import archive, embedded, server
from moothall.config.backups.contents import DATABASE, Manifest, digest_of, files_in, key_files


class Command(BaseCommand):
    help = "Write one file with the database and all files of the house. It may stay open."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--to", type=Path, help="Folder to write to (MOOTHALL_BACKUPS).")
        parser.add_argument("--with-keys", action="store_true", help="Put the keys into the same file too.")
        parser.add_argument("--keep", type=int, default=0, help="Keep only so many of the newest backups.")

    def handle(self, **given: Any) -> None:
        folder: Path = given["to"] or settings.BACKUPS
        folder.mkdir(parents=True, exist_ok=True)
        now = timezone.now()
        target = folder / f"moothall-{now:%Y%m%dT%H%M%SZ}.tar.gz"
        keys = key_files(settings.HOME)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".moothall-") as scratch:
            database = Path(scratch) / DATABASE
            manifest = Manifest(made_at=now.isoformat(), database=vendor(), keys_inside=given["with_keys"])
            manifest.tables = copied(database)
            held = Path(scratch) / "held"
            hold_files(settings.FILES_ROOT, held)
            manifest.files = files_in(held)
            manifest.keys = {name: digest_of(file) for name, file in keys.items()}
            archive.pack(target, manifest, database, held, keys if given["with_keys"] else {})
        self.tell(target, manifest)
        for old in sorted(folder.glob("moothall-*.tar.gz"))[: -given["keep"]] if given["keep"] else []:
            old.unlink()

    def tell(self, target: Path, manifest: Manifest) -> None:
        """Say what was made, and what is not in it."""
        megabytes = target.stat().st_size / 2**20
        tables, files = len(manifest.tables), len(manifest.files)
        self.stdout.write(
            f"{target}: {manifest.rows} rows in {tables} tables, {files} files, {megabytes:.1f} MB."
        )
        if manifest.keys_inside:
            self.stdout.write("The keys are inside: whoever has this file can sign in the house's name.")
        elif manifest.keys:
            self.stdout.write(f"Not inside, and to be kept elsewhere: {', '.join(manifest.keys)}.")


def vendor() -> str:
    """Return which kind of database this house has."""
    engine: str = settings.DATABASES["default"]["ENGINE"]
    return engine.rpartition(".")[2]


def copied(target: Path) -> dict[str, Any]:
    """Copy the database of this house, whichever it is."""
    database = settings.DATABASES["default"]
    if vendor() == "postgresql":
        return dict(server.copy(database, target))
    return dict(embedded.copy(Path(database["NAME"]), target))


def hold_files(folder: Path, held: Path) -> None:
    """Take hold of every file as it is now; hard links cost no room, and stored files never change."""
    if not folder.is_dir():
        held.mkdir()
        return
    try:
        shutil.copytree(folder, held, copy_function=link)
    except OSError:
        shutil.rmtree(held, ignore_errors=True)
        shutil.copytree(folder, held)


def link(source: str, target: str) -> str:
    """Give the file a second name."""
    Path(target).hardlink_to(source)
    return target
