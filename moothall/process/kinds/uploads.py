"""Questions answered with files: photo, file. The answer names what was kept; the room above keeps it."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from moothall.process.definition import Field
from moothall.process.kinds.kind import Kind, Wrong
from moothall.process.kinds.tidying import tidy

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_NAME = 200


class FileKind(Kind):
    """A list of {id, name}, at most `most` of them."""

    name = "file"
    options = frozenset({"most"})
    rules = "list"
    thing = "file"
    accept = ".pdf,.jpg,.jpeg,.png,.webp,.docx,.odt,.xlsx,.ods,.csv,.txt"

    def missing(self, field: Field) -> str:
        return f"Select a {self.thing} for “{field.name}”."

    def clean(self, field: Field, raw: Any, *, today: date) -> list[dict[str, str]] | None:  # noqa: ARG002
        if raw is None or raw in ("", []):
            return None
        if not isinstance(raw, list) or len(raw) > field.most:
            number = f"1 {self.thing}" if field.most == 1 else f"{field.most} {self.thing}s"
            raise Wrong(f"You can give up to {number} for “{field.name}”.")
        return [self._one(field, item) for item in raw]

    def _one(self, field: Field, item: Any) -> dict[str, str]:
        if not isinstance(item, Mapping) or not _ID.fullmatch(str(item.get("id", ""))):
            raise Wrong(self.missing(field))
        name = tidy(item.get("name"), longest=_NAME, name="File name")
        return {"id": str(item["id"]), "name": name or self.thing}

    def words(self, _field: Field, value: Any) -> str:
        return ", ".join(item["name"] for item in value)

    def search_text(self, _field: Field, _value: Any) -> str:
        return ""


class PhotoKind(FileKind):
    name = "photo"
    thing = "photo"
    # not HEIC: a phone then sends a JPEG, whose place we can take out
    accept = "image/jpeg,image/png,image/webp"
