"""Documents are looked through without being opened: they must be what they say, and carry no programme."""

import zipfile
from pathlib import Path

import puremagic

from moothall.process.errors import FileRefused
from moothall.process.files.names import Format

MOST_PARTS = 5_000
MOST_BYTES = 200 * 1024 * 1024
MOST_TIMES = 100
_SMALL = 10 * 1024 * 1024
_TAIL = 2048
_MANIFEST = "[Content_Types].xml"
_MAIN = {
    "a Word document": "word/document.xml",
    "an Excel workbook": "xl/workbook.xml",
    "an OpenDocument text": "content.xml",
    "an OpenDocument spreadsheet": "content.xml",
}
_PROGRAMMES = (
    "vbaproject.bin",
    "vbadata.xml",
    ".exe",
    ".dll",
    ".js",
    ".vbs",
    ".bat",
    ".cmd",
    ".ps1",
    ".scr",
    ".hta",
)
_OPEN_PROGRAMMES = ("basic/", "scripts/")
_MARKUP = (b"<!doctype", b"<html", b"<svg", b"<?xml", b"<script", b"<?php", b"#!", b"%pdf", b"mz\x90")
_CONTROLS = bytes(each for each in range(32) if each not in b"\t\n\r\f\x1b") + b"\x7f"
_KNOWN_BY = 4
"""How many bytes something must be known by: two letters, like BM for a bitmap, begin honest texts as well."""


def check_pdf(path: Path, head: bytes, name: str, form: Format) -> None:
    """Refuse what is no whole PDF, or is an archive as well."""
    if not head.startswith(b"%PDF-"):
        raise _not_what_it_says(name, form)
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _TAIL))
        tail = file.read()
    if b"%%EOF" not in tail:
        raise FileRefused(why=f"“{name}” is damaged, or was cut off on the way. Send it again.")
    if zipfile.is_zipfile(path):
        raise FileRefused(why=f"“{name}” is a PDF and an archive in one, which we do not take.")


def check_text(path: Path, name: str, form: Format) -> None:
    """Refuse what is no text, or is a programme or a page that only calls itself a text."""
    content = path.read_bytes()
    start = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(_MARKUP) or _begins_like_something_else(content[:4096]):
        raise _not_what_it_says(name, form)
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            content = content.decode("utf-16").encode()
        except UnicodeDecodeError:
            raise _not_what_it_says(name, form) from None
    if content.translate(None, _CONTROLS) != content:
        raise _not_what_it_says(name, form)


def _begins_like_something_else(head: bytes) -> bool:
    try:
        return any(len(found.byte_match) >= _KNOWN_BY for found in puremagic.magic_string(head))
    except (puremagic.PureError, ValueError):
        return False


def check_parts(path: Path, head: bytes, name: str, form: Format) -> None:
    """Refuse a document that is no sound package, unpacks to too much, or carries a programme."""
    if not head.startswith(b"PK\x03\x04"):
        raise _not_what_it_says(name, form)
    try:
        with zipfile.ZipFile(path) as package:
            parts = package.infolist()
            _check_sizes(parts, path.stat().st_size, name)
            names = {part.filename.lower() for part in parts}
            _check_kind(package, parts, name, form)
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError, RuntimeError):
        raise FileRefused(why=f"“{name}” is damaged, or was cut off on the way. Send it again.") from None
    if any(each.endswith(_PROGRAMMES) for each in names) or (
        form.family == "open" and any(each.startswith(_OPEN_PROGRAMMES) for each in names)
    ):
        raise FileRefused(
            why=f"“{name}” has macros or programmes in it. Save it without them and send it again."
        )


def _check_sizes(parts: list[zipfile.ZipInfo], size: int, name: str) -> None:
    too_much = FileRefused(why=f"“{name}” unpacks to far more than it should, so we do not take it.")
    whole = sum(part.file_size for part in parts)
    if len(parts) > MOST_PARTS or whole > MOST_BYTES or (whole > _SMALL and whole > size * MOST_TIMES):
        raise too_much
    end = 0
    for part in sorted(parts, key=lambda each: each.header_offset):
        if (
            part.header_offset < end
        ):  # parts that lie over each other are how a small file unpacks to petabytes
            raise too_much
        end = part.header_offset + 30 + part.compress_size
    if len({part.filename for part in parts}) != len(parts):
        raise zipfile.BadZipFile("two parts of one name")
    for part in parts:
        if part.filename.startswith("/") or ".." in part.filename.split("/") or part.flag_bits & 1:
            raise zipfile.BadZipFile("a part outside the package, or a locked one")


def _check_kind(package: zipfile.ZipFile, parts: list[zipfile.ZipInfo], name: str, form: Format) -> None:
    inside = {part.filename: part for part in parts}
    manifest = inside.get(_MANIFEST if form.family == "office" else "mimetype")
    if manifest is None or _MAIN[form.words] not in inside or manifest.file_size > 1_000_000:  # noqa: PLR2004
        raise _not_what_it_says(name, form)
    said = package.read(manifest)
    if form.family == "open" and said.strip() != form.content_type.encode():
        raise _not_what_it_says(name, form)
    if form.family == "office" and b"macroenabled" in said.lower():
        raise FileRefused(why=f"“{name}” has macros in it. Save it without them and send it again.")


def _not_what_it_says(name: str, form: Format) -> FileRefused:
    return FileRefused(why=f"“{name}” is not {form.words}, though its name says so.")
