"""Making text from outside safe to keep: one normal form, no invisible commands, no half letters."""

import re
import unicodedata
from typing import Any

from moothall.process.kinds.kind import Wrong

_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f"  # control characters, but tab and ends of lines
    "\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff]"
)
_ENDS = re.compile("\r\n|[\r\x85\u2028\u2029]")
_SPACES = re.compile(r"\s+")
_BLANK_LINES = re.compile(r"\n{4,}")
_SLACK = 1_000


def tidy(raw: Any, *, longest: int, name: str, lines: bool = False) -> str:
    r"""Return text in Unicode's composed form, without invisible characters or spaces at its ends.

    Direction marks are taken out, since a text that ends in one turns round whatever stands beside it.

    >>> tidy(" a\u202eb\x00  c\n", longest=10, name="Name")
    'ab c'
    """
    if raw is None:
        return ""
    if not isinstance(raw, str):
        raise Wrong(f"“{name}” must be text.")
    if len(raw) > longest * 2 + _SLACK:
        raise Wrong(too_long(name, longest))
    text = unicodedata.normalize("NFC", _ENDS.sub("\n", _INVISIBLE.sub("", raw)))
    if lines:
        kept = "\n".join(line.rstrip() for line in text.split("\n"))
        text = _BLANK_LINES.sub("\n\n\n", kept).strip()
    else:
        text = _SPACES.sub(" ", text).strip()
    if len(text) > longest:
        raise Wrong(too_long(name, longest))
    return text


def too_long(name: str, longest: int) -> str:
    """Return the sentence for a text that is too long."""
    return f"“{name}” must be {longest:,} characters or fewer."
