"""Giving a kept file back, in a way that no browser takes for a page of ours."""

from typing import Protocol

from django.http import FileResponse

from moothall.process.files import names
from moothall.process.files.keeping import open_kept

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


class Given(Protocol):
    """What is known of a kept file; an `Attachment` is one."""

    @property
    def sha256(self) -> str: ...

    @property
    def name(self) -> str: ...

    @property
    def content_type(self) -> str: ...


def response(attachment: Given, *, inline: bool = False) -> FileResponse:
    """Return a kept file as an answer: a download; in the window only if wanted, and only a picture that we drew."""
    shown = inline and attachment.content_type in names.INLINE
    answer = FileResponse(open_kept(attachment.sha256), as_attachment=not shown, filename=attachment.name)
    answer.headers["Content-Type"] = attachment.content_type
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = _POLICY
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
