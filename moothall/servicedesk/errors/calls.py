"""Why the desk may say no about calls."""

from moothall.plain.errors import HouseError, Invalid, NotFound, Stale


class NoSuchCall(NotFound):
    code = "servicedesk.no_such_call"
    message = "We cannot find that call."
    next_step = "Check the reference. It may belong to a council whose calls you do not see."


class CallRefused(Invalid):
    code = "servicedesk.call_refused"
    message = "{why}"


class NoSuchColleague(Invalid):
    code = "servicedesk.no_such_colleague"
    message = (
        "We cannot find that person at your council. Look for them again, by their name or email address."
    )


class NotSetUp(HouseError):
    code = "servicedesk.not_set_up"
    status = 409
    title = "The service desk is not set up yet"
    message = "The process “{process}” was not published, so nobody would work on this."
    next_step = "Ask whoever runs the house for: moothall process publish."


class NothingToDo(Stale):
    code = "servicedesk.nothing_to_do"
    title = "This call does not wait for that any more"
    message = "{why}"
    next_step = "Look at the call as it is now, then decide again."


class NotTogether(Invalid):
    code = "servicedesk.not_together"
    message = "{why}"
