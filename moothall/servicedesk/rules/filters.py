"""What of a view of the queue is kept under a name. Plain values only."""

from urllib.parse import parse_qsl, urlencode

from moothall.plain.errors import HouseError, NotFound

KEPT = ("tab", "words", "team", "council", "kind", "state", "priority", "system", "category", "late")
"""What the queue is asked by, in the order in which it is kept; where somebody stood in it is not kept."""
LONGEST = 500
MOST = 50
"""How many filters one person keeps."""


class NoSuchFilter(NotFound):
    code = "servicedesk.no_such_filter"
    message = "We cannot find that filter."
    next_step = "It may have been deleted, or it is no longer shared with you. Choose another one."


class NotYourTeam(HouseError):
    code = "servicedesk.not_your_team"
    status = 422
    title = "Choose a team of yours"
    message = "You are not in that team, so you cannot share a filter with it."
    next_step = "Share it with a team that you belong to, or keep it to yourself."


class TooManyFilters(HouseError):
    code = "servicedesk.too_many_filters"
    status = 409
    title = "You have very many filters"
    message = "You keep {most} filters already, which is as many as one person may."
    next_step = "Delete one that you no longer use, then save this one."


def kept(query: str) -> str:
    """Return what is kept of the address of a view: only what the queue is asked by, and nothing that is empty.

    >>> kept("?words=vpn+at+home&after=9_1&team=4&late=&evil=1")
    'words=vpn+at+home&team=4'
    """
    asked = dict(parse_qsl(query.lstrip("?")[: LONGEST * 4]))
    return urlencode({key: asked[key][:100] for key in KEPT if asked.get(key)})[:LONGEST]
