"""The new part of a reply, and what it quotes, kept apart; nothing is thrown away."""

import re

from mailparser_reply.parser import EmailReplyParser

# The library's patterns take a square, or worse, of what they are given: it sees the beginning, in short lines.
_LOOKED_AT = 15_000
_LONGEST_LINE = 250
_LANGUAGES = ["en", "de", "fr", "es", "it", "pl", "nl", "pt", "ro"]
_BLANKS = re.compile(r"(?:\n[^\S\n]*){3,}")
_MARK = re.compile(r"^\s*>")
_WROTE = re.compile(r"^\s*(?:>\s*)*(?:On|Am|Le|El|Il|Op)\b.{0,240}:$")
_OTHER_PROGRAMS = re.compile(
    r"^\s*(?:-{2,}\s*(?:Original|Forwarded) [Mm]essage\s*-{2,}|_{20,})\s*$",
)


def split(text: str) -> tuple[str, str]:
    r"""Return what somebody wrote now, and what stood in the letter before.

    >>> split("Yes, Tuesday is fine.\n\nOn 23 Nov 2026, Ash Valley wrote:\n> Is Tuesday fine?")
    ('Yes, Tuesday is fine.', 'On 23 Nov 2026, Ash Valley wrote:\n> Is Tuesday fine?')
    >>> split("> Is Tuesday fine?\nYes.")
    ('Yes.', '> Is Tuesday fine?')
    """
    lines = text.split("\n")
    cut = _cut(lines)
    new, above = _between(lines[:cut])
    if new:
        return new, "\n".join(filter(None, [above, "\n".join(lines[cut:]).strip()]))
    new, old = _between(lines)
    return (new, old) if new else (text.strip(), "")


def _cut(lines: list[str]) -> int:
    """Return at which line the former letter begins; after the last, if there is none."""
    marks = [at for at in (_by_the_library(lines), _by_marks(lines), _by_rulers(lines)) if at is not None]
    return min(marks, default=len(lines))


def _by_rulers(lines: list[str]) -> int | None:
    return next((at for at, line in enumerate(lines) if _OTHER_PROGRAMS.match(line[:_LONGEST_LINE])), None)


def _by_marks(lines: list[str]) -> int | None:
    """Return where a quotation begins that goes on to the end of the text."""
    at = len(lines)
    while at and (not lines[at - 1].strip() or _MARK.match(lines[at - 1])):
        at -= 1
    if not any(_MARK.match(line) for line in lines[at:]):
        return None
    while at and (_WROTE.match(lines[at - 1][:_LONGEST_LINE]) or not lines[at - 1].strip()):
        at -= 1
    return at


def _by_the_library(lines: list[str]) -> int | None:
    """Return where the library sees the head of a former letter, in any of the usual languages."""
    shown = [line.strip()[:_LONGEST_LINE] for line in lines]
    seen = _BLANKS.sub("\n\n", "\n".join(shown)[:_LOOKED_AT])
    replies = EmailReplyParser(languages=_LANGUAGES).read(seen).replies
    headed = next((reply.headers for reply in replies if reply.headers), "")
    first = headed.strip().split("\n")[0].strip() if headed else ""
    return shown.index(first) if first and first in shown else None


def _between(lines: list[str]) -> tuple[str, str]:
    """Part answers that stand below, or between the lines, of what they answer."""
    quoted = [bool(_MARK.match(line) or _WROTE.match(line[:_LONGEST_LINE])) for line in lines]
    new, old = (
        "\n".join(line for line, marked in zip(lines, quoted, strict=True) if marked == wanted).strip()
        for wanted in (False, True)
    )
    return new, old
