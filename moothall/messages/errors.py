"""Why this room may say no."""

from moothall.plain.errors import Invalid, NotFound, Stale


class NoSuchMailbox(NotFound):
    code = "messages.no_such_mailbox"
    message = "There is no mailbox {address}."
    next_step = "`moothall mailbox list` shows those that there are."


class NotSigned(NotFound):
    """No such mailbox, or not its signature: the two are never told apart."""

    code = "messages.not_signed"
    message = "There is no such mailbox, or what was sent is not signed with its secret, or was signed too long ago."
    next_step = "Check the number of the mailbox, its secret, and the clock of the machine that sends."


class AddressTaken(Invalid):
    code = "messages.address_taken"
    status = 409
    message = "{address} is a mailbox of {council} already."
    next_step = "Remove it first, or add another address."


class NotAMailbox(Invalid):
    code = "messages.not_a_mailbox"
    message = "This cannot be a mailbox: {reason}."


class NotWaiting(Stale):
    code = "messages.not_waiting"
    message = "This letter does not wait any more."
    next_step = "Look at the list again: somebody may have put it to its place already."


class SayWhy(Invalid):
    code = "messages.say_why"
    message = "Say why this letter is set aside."
