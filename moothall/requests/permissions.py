"""What staff may be allowed to do with residents' requests. Asking one's own council needs no permission."""

from moothall.councils.permissions import Permission


class Can(Permission):
    RAISE = "requests.request.raise", "raise requests for residents"
    SWITCH = "requests.service.switch", "open and close services for residents"
