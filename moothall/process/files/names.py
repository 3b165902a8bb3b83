"""Names of files as they may be kept, and what their endings promise."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

LONGEST = 200
_LONGEST_ENDING = 10
_UNSEEN = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}
_UNSAFE = re.compile(r'[<>:"|?*]')
_SPACES = re.compile(r"\s+")

Family = Literal["picture", "pdf", "office", "open", "text"]


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file that is taken: what it is called, how it is checked, how it is given back."""

    family: Family
    content_type: str
    words: str


_JPEG = Format("picture", "image/jpeg", "a JPEG picture")
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WRITER = "application/vnd.oasis.opendocument.text"
_CALC = "application/vnd.oasis.opendocument.spreadsheet"

FORMATS: Mapping[str, Format] = {
    "jpg": _JPEG,
    "jpeg": _JPEG,
    "png": Format("picture", "image/png", "a PNG picture"),
    "webp": Format("picture", "image/webp", "a WebP picture"),
    "pdf": Format("pdf", "application/pdf", "a PDF"),
    "docx": Format("office", _WORD, "a Word document"),
    "xlsx": Format("office", _EXCEL, "an Excel workbook"),
    "odt": Format("open", _WRITER, "an OpenDocument text"),
    "ods": Format("open", _CALC, "an OpenDocument spreadsheet"),
    "txt": Format("text", "text/plain", "plain text"),
    "csv": Format("text", "text/csv", "a table as plain text"),
}
INLINE = frozenset({"image/jpeg", "image/png", "image/webp"})
"""What we drew anew ourselves, so that a browser may show it in its window."""

PICTURES = "JPEG, PNG or WebP"
DOCUMENTS = "JPEG, PNG, WebP, PDF, DOCX, XLSX, ODT, ODS, TXT or CSV"


def tidy(name: str) -> str:
    r"""Return a name without folders, invisible characters or what a file system chokes on; at most 200 characters.

    >>> tidy("..\\secret/my\u202egpj.exe  photo .JPG")
    'mygpj.exe photo.JPG'
    >>> tidy("..."), tidy(".jpg")
    ('file', 'file.jpg')
    """
    last = name.replace("\\", "/").rpartition("/")[2]
    seen = "".join(" " if each.isspace() else each for each in unicodedata.normalize("NFC", last))
    seen = "".join(each for each in seen if unicodedata.category(each) not in _UNSEEN)
    seen = _SPACES.sub(" ", _UNSAFE.sub("_", seen)).strip()
    stem, dot, end = seen.rpartition(".")
    if not dot or not end or len(end) > _LONGEST_ENDING:
        return (seen.strip(". ") or "file")[:LONGEST]
    stem = stem.strip(". ") or "file"
    return f"{stem[: LONGEST - len(end) - 1].rstrip()}.{end}"


def ending(name: str) -> str:
    """Return the ending of a tidy name, in small letters.

    >>> ending("photo.JPG"), ending("photo")
    ('jpg', '')
    """
    return name.rpartition(".")[2].lower() if "." in name else ""
