"""Where the pages about a draft stand: those of the shared process, and those of what one council makes of it."""

from django.urls import reverse

SHARED = {
    "process": "workplace:process",
    "draft": "workplace:draft",
    "check": "workplace:draft_check",
    "review": "workplace:review",
    "decide": "workplace:decide",
}
LAID = {
    "process": "workplace:laid",
    "draft": "workplace:laid_draft",
    "check": "workplace:laid_draft_check",
    "review": "workplace:laid_review",
    "decide": "workplace:laid_decide",
}


def address(name: str, key: str, code: str) -> str:
    """Return the address of a page; with the code of a council, of that council's own."""
    return reverse(LAID[name], args=[key, code]) if code else reverse(SHARED[name], args=[key])
