"""Questions answered by writing: text, paragraph, list, email, phone."""

import re
from datetime import date
from typing import Any

from moothall.process.definition import Field
from moothall.process.kinds.kind import Kind, Wrong
from moothall.process.kinds.tidying import tidy

SHORT = 200
LONG = 4_000
LISTED, LISTED_MOST = 20, 50
_BULLETS = re.compile(r"\A(?:[-*\u2022\u2013\u00b7](?:\s+|$))+")
_EMAIL = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_][\w-]{0,61}[^\W_]"
)
_LOCAL = 64
_PHONE_MARKS = re.compile(r"[\s().\-\u2010-\u2015/]")


class TextKind(Kind):
    name = "text"
    options = frozenset({"min", "max"})
    longest = SHORT
    lines = False

    def clean(self, field: Field, raw: Any, *, today: date) -> str | None:  # noqa: ARG002 - others need today
        longest = field.max if isinstance(field.max, int) else self.longest
        text = tidy(raw, longest=longest, name=field.name, lines=self.lines)
        if text and isinstance(field.min, int) and len(text) < field.min:
            raise Wrong(f"“{field.name}” must be {field.min:,} characters or more.")
        return text or None


class ParagraphKind(TextKind):
    name = "paragraph"
    longest = LONG
    lines = True


class ListKind(Kind):
    """Short texts, one on a line; what people put before them (“- ”, “• ”) is taken off."""

    name = "list"
    options = frozenset({"most"})
    rules = "list"
    hint = "Write each on a line of its own."

    def most(self, field: Field) -> int:
        """Return how many items the list may have: 20 unless the field says else."""
        return field.most if field.most > 1 else LISTED

    def missing(self, field: Field) -> str:
        return f"Enter at least one for “{field.name}”."

    def clean(self, field: Field, raw: Any, *, today: date) -> list[str] | None:  # noqa: ARG002
        if raw is None or isinstance(raw, str):
            typed = tidy(raw, longest=LISTED_MOST * SHORT, name=field.name, lines=True).split("\n")
        elif isinstance(raw, list | tuple) and len(raw) <= LISTED_MOST:
            typed = list(raw)
        else:
            raise Wrong(self.missing(field))
        items = [_BULLETS.sub("", tidy(each, longest=SHORT, name=field.name)) for each in typed]
        kept = [item for item in items if item]
        if len(kept) > self.most(field):
            raise Wrong(f"“{field.name}” can have up to {self.most(field)} lines.")
        return kept or None

    def words(self, _field: Field, value: Any) -> str:
        return "\n".join(value)


class EmailKind(Kind):
    name = "email"
    longest = 254
    example = "Enter an email address in the correct format, like name@example.com."

    def missing(self, _field: Field) -> str:
        return "Enter an email address."

    def clean(self, field: Field, raw: Any, *, today: date) -> str | None:  # noqa: ARG002
        text = tidy(raw, longest=self.longest, name=field.name)
        if not text:
            return None
        local, _, domain = text.rpartition("@")
        if not _EMAIL.fullmatch(text) or len(local) > _LOCAL:
            raise Wrong(self.example)
        return f"{local}@{domain.lower()}"


class PhoneKind(Kind):
    """Kept as +44 and the number; read back as it is dialled in the UK."""

    name = "phone"
    longest = 30
    example = "Enter a phone number, like 01632 960 001, 07700 900 982 or +44 808 157 0192."
    _national = re.compile(r"0[1-9]\d{8,9}", re.ASCII)
    _abroad = re.compile(r"\+[1-9]\d{6,14}", re.ASCII)

    def missing(self, _field: Field) -> str:
        return "Enter a phone number."

    def clean(self, field: Field, raw: Any, *, today: date) -> str | None:  # noqa: ARG002
        text = tidy(raw, longest=self.longest, name=field.name)
        if not text:
            return None
        dialled = _PHONE_MARKS.sub("", text.replace("(0)", ""))
        if dialled.startswith("00"):
            dialled = "+" + dialled[2:]
        if dialled.startswith("+44"):
            dialled = "0" + dialled[3:].lstrip("0")
        if self._national.fullmatch(dialled):
            return "+44" + dialled[1:]
        if self._abroad.fullmatch(dialled):
            return dialled
        raise Wrong(self.example)

    def words(self, _field: Field, value: Any) -> str:
        """Return the number in groups.

        >>> PhoneKind().words(None, "+447700900982"), PhoneKind().words(None, "+442079460000")
        ('07700 900982', '020 7946 0000')
        """
        number = str(value)
        if not number.startswith("+44"):
            return number
        dialled = "0" + number[3:]
        if dialled.startswith("02"):
            return f"{dialled[:3]} {dialled[3:7]} {dialled[7:]}"
        if dialled.startswith(("011", "03", "08")) or dialled[1:4:2] == "11":
            return f"{dialled[:4]} {dialled[4:7]} {dialled[7:]}"
        return f"{dialled[:5]} {dialled[5:]}"

    def search_text(self, _field: Field, value: Any) -> str:
        number = str(value)
        return "0" + number[3:] if number.startswith("+44") else number
