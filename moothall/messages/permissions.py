"""What somebody may be allowed to do with mail that came in."""

from moothall.councils.permissions import Permission


class Can(Permission):
    SEE = "messages.received.see", "see mail that came in"
    SORT = "messages.received.sort", "put mail that came in to its place, or set it aside"
