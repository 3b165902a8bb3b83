"""Why somebody cannot hear of something."""

from moothall.plain.errors import NotFound


class NotToFollow(NotFound):
    code = "servicedesk.not_to_follow"
    message = "We cannot find that outage."
    next_step = "It may be over. Look at what is known now."
