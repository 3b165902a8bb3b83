"""Keeping a file: looked through in a place of its own, then moved whole to where its digest says."""

import hashlib
import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, BinaryIO

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from moothall.plain.errors import NotFound, TooLarge, Unavailable
from moothall.process.errors import FileRefused
from moothall.process.files import documents, names, pictures
from moothall.process.files.names import Format

ARRIVING = "arriving"
_HEAD = 4096
_DIGEST = re.compile(r"[0-9a-f]{64}")
_LEFT_BEHIND = 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that was looked through and kept."""

    sha256: str
    name: str
    content_type: str
    size: int

    @property
    def as_answer(self) -> dict[str, str]:
        """How the answer to a question names this file."""
        return {"id": self.sha256, "name": self.name}


def keep(upload: "UploadedFile[bytes]", *, limit: int, images_only: bool = False) -> Kept:
    """Look through an upload and keep it; the same content twice is kept once. Refuses it in a whole sentence.

    `limit` is the largest size in bytes. Nothing is left behind when it is refused, or when the disk is full.
    """
    name = names.tidy(upload.name or "")
    form = _form(name, images_only=images_only)
    if (upload.size or 0) > limit:
        raise _too_large(limit)
    with _arriving() as arrived:
        for chunk in upload.chunks():
            arrived.write(chunk)
            if arrived.tell() > limit:
                raise _too_large(limit)
        if not arrived.tell():
            raise FileRefused(why=f"“{name}” is empty.")
        arrived.flush()
        path = Path(arrived.name)
        if form.family == "picture":
            with _arriving() as drawn:
                pictures.redraw(path, drawn, name, form)
                return _settle(drawn, name, form)
        _look_through(path, name, form)
        return _settle(arrived, name, form)


def open_kept(sha256: str) -> BinaryIO:
    """Open the content that has this digest."""
    try:
        return _place(sha256).open("rb")
    except FileNotFoundError:
        raise NotFound(what="file") from None


def forget(sha256: str) -> bool:
    """Throw away content that no row names any more; return whether it is gone.

    What came in less than a day ago stays: somebody may have just sent the same, and not have said so yet.
    """
    place = _place(sha256)
    if not place.exists():
        return True
    if time.time() - place.stat().st_mtime < _LEFT_BEHIND:
        return False
    place.unlink(missing_ok=True)
    return True


def _form(name: str, *, images_only: bool) -> Format:
    form = names.FORMATS.get(names.ending(name))
    if form is None or (images_only and form.family != "picture"):
        raise FileRefused(
            why=f"“{name}” must be a {names.PICTURES if images_only else names.DOCUMENTS} file."
        )
    return form


def _look_through(path: Path, name: str, form: Format) -> None:
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if form.family == "pdf":
        documents.check_pdf(path, head, name, form)
    elif form.family == "text":
        documents.check_text(path, name, form)
    else:
        documents.check_parts(path, head, name, form)


@contextmanager
def _arriving() -> Iterator[IO[bytes]]:
    """Give an empty file that goes away unless it is settled. What the disk refuses is said as a sentence."""
    try:
        folder = settings.FILES_ROOT / ARRIVING
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _clear(folder)
        with NamedTemporaryFile(dir=folder, delete=False) as file:
            try:
                yield file.file
            finally:
                Path(file.name).unlink(missing_ok=True)
    except OSError as error:
        raise Unavailable(what="The place where files are kept") from error


def _clear(folder: Path) -> None:
    """Throw away what a killed process left behind."""
    with os.scandir(folder) as left:
        for entry in left:
            if time.time() - entry.stat().st_mtime > _LEFT_BEHIND:
                Path(entry.path).unlink(missing_ok=True)


def _settle(file: IO[bytes], name: str, form: Format) -> Kept:
    """Move a file to its place for good: written through to the disk before it can be found."""
    file.flush()
    os.fsync(file.fileno())
    size = file.tell()
    path = Path(file.name)
    with path.open("rb") as content:
        sha256 = hashlib.file_digest(content, "sha256").hexdigest()
    place = _place(sha256)
    if place.exists():
        place.touch()  # it is wanted again: see forget
    else:
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.rename(place)
        _sync(place.parent)
        _sync(place.parent.parent)
    return Kept(sha256=sha256, name=name, content_type=form.content_type, size=size)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _place(sha256: str) -> Path:
    if not _DIGEST.fullmatch(sha256):
        raise NotFound(what="file")
    root: Path = settings.FILES_ROOT
    return root / sha256[:2] / sha256


def _too_large(limit: int) -> TooLarge:
    return TooLarge(limit=f"{limit // (1024 * 1024)} MB" if limit >= 1024 * 1024 else f"{limit // 1024} KB")
