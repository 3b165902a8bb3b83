"""The version of everything the browser is given, as part of its address: it may be kept for ever."""

import hashlib
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path


def version_of_files(folders: Iterable[Path]) -> str:
    """Return twelve digits that change whenever any file in the folders does.

    One version for all means that a module may import its neighbour by a relative address.
    """
    digest = hashlib.sha256(f"{version('django')} {version('django-allauth')}".encode())
    for file in sorted(path for folder in folders for path in folder.rglob("*") if path.is_file()):
        digest.update(file.name.encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]
