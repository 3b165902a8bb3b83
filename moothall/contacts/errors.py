"""Why this room may say no."""

from moothall.plain.errors import HouseError, Invalid, NotFound, Stale


class NoSuchContact(NotFound):
    code = "contacts.no_such_contact"
    message = "We cannot find that contact."
    next_step = "It may belong to another council, or to a record that is locked. Look the person up instead."


class ContactRefused(Invalid):
    code = "contacts.contact_refused"
    message = "{why}"


class Sorted(Stale):
    code = "contacts.sorted"
    title = "Somebody else was faster"
    message = "This was dealt with by somebody else a moment ago, so nothing was changed."
    next_step = "Look at what became of it, then go on with the next."


class NoCallBacks(HouseError):
    code = "contacts.no_call_backs"
    status = 409
    title = "Call-backs are not set up yet"
    message = "The process for call-backs was not published, so nobody would be reminded to call."
    next_step = "Ask whoever runs the house for: moothall process publish. Until then, write a note."


class NoAddress(Invalid):
    code = "contacts.no_address"
    message = "This contact has no email address to write to."
