"""Why what is done about changes may be refused."""

from moothall.plain.errors import HouseError, Invalid, NotFound, Refused, Stale


class NoSuchChange(NotFound):
    code = "servicedesk.no_such_change"
    message = "We cannot find that change."
    next_step = "Check the reference. It may belong to a council whose changes you do not see."


class ChangeRefused(Invalid):
    code = "servicedesk.change_refused"
    message = "{why}"


class Frozen(HouseError):
    code = "servicedesk.frozen"
    status = 409
    title = "Nothing may be changed then"
    message = "{council} wants nothing changed from {start} to {end}: {reason}."
    next_step = (
        "Choose another time. An emergency change may be made all the same, if you write why it cannot wait."
    )


class NoSuchObserved(NotFound):
    code = "servicedesk.no_such_observed"
    message = "We cannot find that observed change."


class LookedAt(Stale):
    code = "servicedesk.looked_at"
    title = "Somebody else was faster"
    message = "Somebody has decided about this already, so nothing was changed."
    next_step = "Look at what was decided, then go on with the next."


class NotYourSeat(Refused):
    code = "servicedesk.not_your_seat"
    message = "{why}"
    next_step = "Ask whoever holds the seat of your council on the change board."


class NoSuchMeeting(NotFound):
    code = "servicedesk.no_such_meeting"
    message = "We cannot find that meeting of the change board."


class NoSuchFreeze(NotFound):
    code = "servicedesk.no_such_freeze"
    message = "We cannot find that freeze."


class AlreadyMade(HouseError):
    code = "servicedesk.change_made"
    status = 409
    title = "The change has been made"
    message = "This change has been made, so it cannot be closed by hand any more."
    next_step = (
        "Verify it, and review it if it did not go as planned. That closes it, and its result is kept."
    )


class ChangesNotSetUp(HouseError):
    code = "servicedesk.changes_not_set_up"
    status = 409
    title = "Changes are not set up yet"
    message = "The process for changes was not published, so nobody would look at this."
    next_step = "Ask whoever runs the house for: moothall process publish."
