"""Questions answered by writing: text, paragraph, email, phone."""

import re
from datetime import date
from typing import Any

from moothall.process.definition import Field
from moothall.process.kinds.kind import Kind, Wrong
from moothall.process.kinds.tidying import tidy

SHORT = 200
LONG = 4_000
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
