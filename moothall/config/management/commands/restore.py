"""`moothall restore FILE`: bring a house back from a backup, or prove that one could."""

import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from moothall.config.backups import archive, embedded, server
from moothall.config.backups.contents import DATABASE, FILES, KEYS, Manifest, Table, differences, digest_of
from moothall.config.management.commands.backup import vendor
from moothall.config.serving import opening

LIVED_IN = "This house holds data already. To put the backup in its place, say --replace."


class Command(BaseCommand):
    help = "Bring a house back from a backup. With --verify: prove that it could be, and change nothing."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="A file that `moothall backup` made.")
        parser.add_argument("--verify", action="store_true", help="A drill, in a scratch place.")
        parser.add_argument("--replace", action="store_true", help="Put it in the place of what is there.")

    def handle(self, **given: Any) -> None:
        with tempfile.TemporaryDirectory(prefix="moothall-restore-") as scratch:
            unpacked = Path(scratch) / "backup"
            unpacked.mkdir()
            manifest = archive.unpack(given["file"], unpacked)
            if manifest.database != vendor():
                raise CommandError(
                    f"This backup is of a {manifest.database} house and this one is {vendor()}. "
                    "Set MOOTHALL_DATABASE_URL to a database of the same kind."
                )
            if given["verify"]:
                self.drill(manifest, unpacked, Path(scratch) / "home")
            else:
                self.restore(manifest, unpacked, replace=given["replace"])

    def drill(self, manifest: Manifest, unpacked: Path, home: Path) -> None:
        """Restore into a scratch place, compare every table, and verify the journal there."""
        home.mkdir()
        with ExitStack() as stack:
            address = ""
            if vendor() == "postgresql":
                name = f"moothall_drill_{secrets.token_hex(4)}"
                address = stack.enter_context(server.scratch(settings.DATABASES["default"], name))
                found = server.restore(settings.DATABASES["default"], unpacked / DATABASE, name)
            else:
                shutil.copy(unpacked / DATABASE, home / "moothall.sqlite3")
                found = embedded.check(home / "moothall.sqlite3")
            compare(manifest, found)
            verify_journal(home, address, unpacked)
        self.stdout.write(
            f"The backup is good: {manifest.rows} rows in {len(manifest.tables)} tables and "
            f"{len(manifest.files)} files are as they were on {manifest.made_at}, and the journal verifies."
        )

    def restore(self, manifest: Manifest, unpacked: Path, *, replace: bool) -> None:
        """Put the backup where this house keeps its things; what was there is set aside, not deleted."""
        home: Path = settings.HOME
        home.mkdir(parents=True, exist_ok=True)
        place = opening.hold_house(home)
        aside = home / f"before-restore-{timezone.now():%Y%m%dT%H%M%SZ}"
        bring_back = self.into_server if vendor() == "postgresql" else self.into_file
        compare(manifest, bring_back(unpacked / DATABASE, aside, replace=replace))
        set_aside(aside, [settings.FILES_ROOT])
        if (unpacked / FILES).is_dir():
            shutil.copytree(unpacked / FILES, settings.FILES_ROOT)
        self.bring_keys(manifest, unpacked, home)
        place.close()
        self.stdout.write(
            f"Brought back as of {manifest.made_at}: {manifest.rows} rows, {len(manifest.files)} files."
        )
        if aside.exists():
            self.stdout.write(f"What was here before is in {aside}.")

    def into_server(self, dump: Path, aside: Path, *, replace: bool) -> dict[str, Table]:
        """Bring the dump into PostgreSQL; what was there stays in a schema of its own."""
        database = settings.DATABASES["default"]
        lived_in = server.holds_data(database)
        if lived_in and not replace:
            raise CommandError(LIVED_IN)
        opening.leave_database()
        schema = f"{server.ASIDE}{aside.name[-16:-1].lower()}" if lived_in else ""
        found = server.restore(database, dump, aside=schema)
        call_command("protect", verbosity=0)
        if schema:
            self.stdout.write(f"The tables from before are in the schema {schema}; drop it when all is well.")
        return found

    def into_file(self, copy: Path, aside: Path, *, replace: bool) -> dict[str, Table]:
        """Put the copy in the place of the embedded database; what was there is set aside."""
        file = Path(settings.DATABASES["default"]["NAME"])
        if embedded.holds_data(file) and not replace:
            raise CommandError(LIVED_IN)
        opening.leave_database()
        set_aside(aside, [file, *(file.with_name(file.name + end) for end in ("-wal", "-shm", "-turn"))])
        shutil.copy(copy, file)
        return embedded.check(file)

    def bring_keys(self, manifest: Manifest, unpacked: Path, home: Path) -> None:
        """Bring the keys back if they came along; otherwise say which must be brought by hand."""
        if manifest.keys_inside:
            for name in manifest.keys:
                (home / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(unpacked / KEYS / name, home / name)
                (home / name).chmod(0o600)
            return
        for name in [name for name, said in manifest.keys.items() if not is_key(home / name, said)]:
            self.stderr.write(f"Bring {name} back too, from where the keys are kept, before the house opens.")


def is_key(file: Path, said: str) -> bool:
    """Say whether the key is there and is the one that the backup names."""
    return file.exists() and digest_of(file) == said


def compare(manifest: Manifest, found: dict[str, Table]) -> None:
    """Refuse to call it restored when a single row is not as it was."""
    if told := differences(manifest.tables, found):
        raise CommandError("The backup did not come back as it was made:\n" + "\n".join(told))


def set_aside(folder: Path, things: list[Path]) -> None:
    """Move what is there into a folder of its own."""
    for thing in things:
        if thing.exists():
            folder.mkdir(exist_ok=True)
            shutil.move(thing, folder / thing.name)


def verify_journal(home: Path, address: str, unpacked: Path) -> None:
    """Let the house itself verify the restored journal, in a process that knows only the scratch place."""
    if (unpacked / KEYS).is_dir():
        shutil.copytree(unpacked / KEYS, home, dirs_exist_ok=True)
    bring_public_keys(settings.HOME / "keys", home / "keys")
    surroundings = {
        **os.environ,
        "MOOTHALL_HOME": str(home),
        "MOOTHALL_DATABASE_URL": address,
        "MOOTHALL_SECRET_KEY": settings.SECRET_KEY,
    }
    words = [sys.executable, "-m", "moothall", "journal", "verify"]
    done = subprocess.run(words, env=surroundings, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise CommandError(
            f"The journal in the backup does not verify:\n{(done.stdout + done.stderr).strip()}"
        )


def bring_public_keys(ours: Path, scratch: Path) -> None:
    """Let the drill know whose signatures this house trusts; the scratch place signs with a key of its own."""
    scratch.mkdir(exist_ok=True)
    for file in ours.glob("*.pub"):
        shutil.copy(file, scratch / f"trusted-{file.name}")
