"""One file that holds a whole house: written whole or not at all, and read with distrust."""

import os
import tarfile
from pathlib import Path, PurePosixPath

from django.core.management.base import CommandError

from moothall.config.backups.contents import DATABASE, FILES, KEYS, MANIFEST, Manifest, digest_of, files_in


def pack(archive: Path, manifest: Manifest, database: Path, files: Path, keys: dict[str, Path]) -> None:
    """Write the archive beside its name first, and give it the name when all of it is on the disk."""
    unfinished = archive.with_name(f".{archive.name}.unfinished")
    said = database.with_name(MANIFEST)
    said.write_text(manifest.to_json())
    try:
        with (
            os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as raw,
            tarfile.open(fileobj=raw, mode="w:gz", compresslevel=3) as tar,
        ):
            tar.add(said, MANIFEST)
            tar.add(database, DATABASE)
            for name in manifest.files:
                tar.add(files / name, f"{FILES}/{name}")
            for name, file in keys.items():
                tar.add(file, f"{KEYS}/{name}")
        with unfinished.open("rb") as written:
            os.fsync(written.fileno())
        unfinished.replace(archive)
    except OSError as error:
        raise CommandError(
            f"The backup could not be written: {error.strerror or error}. Nothing was kept."
        ) from error
    finally:
        unfinished.unlink(missing_ok=True)


def unpack(archive: Path, folder: Path) -> Manifest:
    """Unpack into an empty folder; refuse what is no backup, is cut short, or was changed."""
    try:
        with tarfile.open(archive, "r:gz") as tar:
            for member in tar:
                if not member.isfile() or not inside(member.name):
                    raise CommandError(
                        f"{archive.name} holds {member.name}, which no backup holds. Nothing was done."
                    )
                tar.extract(member, folder, filter="data")
        manifest = Manifest.from_json((folder / MANIFEST).read_text())
    except (tarfile.TarError, EOFError, OSError, ValueError, KeyError, TypeError) as error:
        raise CommandError(f"{archive} cannot be read as a backup of Moothall: {error}.") from error
    if files_in(folder / FILES) != manifest.files:
        raise CommandError(f"The files in {archive.name} are not those that its manifest names.")
    wrong = [name for name, said in manifest.keys.items() if not same_key(folder, name, said, manifest)]
    if wrong:
        raise CommandError(
            f"The keys in {archive.name} are not those that its manifest names: {', '.join(wrong)}."
        )
    return manifest


def inside(name: str) -> bool:
    """Say whether a name in an archive stays in the folder it is unpacked to.

    >>> inside("files/1/a.jpg"), inside("../a"), inside("/a")
    (True, False, False)
    """
    path = PurePosixPath(name)
    known = {MANIFEST, DATABASE, FILES, KEYS}
    return (
        not path.is_absolute() and ".." not in path.parts and path.parts[:1] != () and path.parts[0] in known
    )


def same_key(folder: Path, name: str, said: str, manifest: Manifest) -> bool:
    """Say whether a key that came along is the one the manifest names."""
    return not manifest.keys_inside or digest_of(folder / KEYS / name) == said
