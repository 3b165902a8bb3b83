"""Why the register may say no."""

from moothall.plain.errors import HouseError, Invalid, NotFound, Refused, Stale


class NoSuchPerson(NotFound):
    code = "persons.no_such_person"
    message = "We cannot find that person."
    next_step = "Check the reference, or look them up by name, address or date of birth."


class FactRefused(Invalid):
    code = "persons.fact_refused"
    message = "{reason}"


class NobodyKnown(Invalid):
    code = "persons.nobody_known"
    message = "A record needs at least a name or an identifier."
    next_step = "Enter what they are called. One name is enough."


class FactGone(Stale):
    code = "persons.fact_gone"
    message = "Somebody else changed this entry a moment ago, so your change was not saved."
    next_step = "Look at the record again, then decide."


class Locked(Refused):
    """The record exists, and is open only to some teams."""

    code = "persons.locked"
    title = "This record is locked"
    message = "This record at {council} is locked: {why}"
    next_step = "If you need it for your work, ask {whom}. They can tell you what you need, or do it for you."


class Restricted(HouseError):
    """UK GDPR article 18: what is restricted may be kept and read, and not used otherwise."""

    code = "persons.restricted"
    status = 409
    title = "This record is restricted"
    message = "{council} may keep this record and read it, and not change it: {why}"
    next_step = "Ask the data protection officer of {council} whether the restriction can end."


class Erased(HouseError):
    code = "persons.erased"
    status = 409
    title = "This record was erased"
    message = "What {council} held on this record was erased, so nothing can be added to it."
    next_step = "If they ask again, add them as somebody new."


class NotRelated(Invalid):
    code = "persons.not_related"
    message = "{reason}"


class OtherCouncil(Invalid):
    code = "persons.other_council"
    message = "This record belongs to {council}, and the case to another council."
    next_step = "Add them to the council of the case first, then say that the case is theirs."


class LockRefused(Invalid):
    code = "persons.lock_refused"
    message = "{reason}"


class NoSuchLink(NotFound):
    code = "persons.no_such_link"
    message = "We cannot find that link between two records."
    next_step = "Go back to the list. Somebody may have decided already."


class LinkGone(Stale):
    code = "persons.link_gone"
    message = "Somebody else decided about these two records a moment ago, so your decision was not saved."
    next_step = "Look at what was decided, then decide again."


class NotTwoRecords(Invalid):
    code = "persons.not_two_records"
    message = "A record cannot be linked with itself."
    next_step = "Choose another record."


class KeptApart(HouseError):
    """Somebody said that these are two people, perhaps of other records that are joined with these."""

    code = "persons.kept_apart"
    status = 409
    title = "These are kept apart"
    message = "Somebody said that these are two people ({links}), so they cannot become one."
    next_step = "If that was wrong, undo it on the page of their links. Then join them."


class StillJoined(HouseError):
    code = "persons.still_joined"
    status = 409
    title = "Other links still join these"
    message = "These two records are one person through other links, too ({links}), so they cannot be two people."
    next_step = "Undo those links first, if they are wrong as well."


class NotTheirs(Invalid):
    code = "persons.not_theirs"
    message = "It can only be put to a record of the same council that was part of the same person."
    next_step = "Choose one of the records that are offered."
