"""What somebody may be allowed to do with residents' requests."""

from moothall.councils.permissions import Permission


class Can(Permission):
    RAISE = "requests.request.raise", "raise requests for residents"
