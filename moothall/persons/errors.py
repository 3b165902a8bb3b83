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
    message = (
        "These two records are one person through other links, too ({links}), so they cannot be two people."
    )
    next_step = "Undo those links first, if they are wrong as well."


class NotTheirs(Invalid):
    code = "persons.not_theirs"
    message = "It can only be put to a record of the same council that was part of the same person."
    next_step = "Choose one of the records that are offered."


class NoLetter(HouseError):
    code = "persons.no_letter"
    status = 409
    title = "No letter can be made"
    message = "{reason}"
    next_step = "Put the record right first, then make the letter."


class NotConnected(NotFound):
    code = "persons.not_connected"
    message = "Your account is not connected with anything that {council} holds about you."
    next_step = "Connect it first, under “Your details”."


class ConnectedAlready(HouseError):
    code = "persons.connected_already"
    status = 409
    title = "Your account is connected already"
    message = "Your account is connected with what {council} holds about you. It cannot be connected twice."
    next_step = "If what you see there is not yours, say so under “Your details”. Then use the code."


class NotShownHere(HouseError):
    """To a resident whose record is locked, restricted or erased: not which of these, and not why."""

    code = "persons.not_shown_here"
    status = 403
    title = "We cannot show your details here"
    message = "We cannot show your details here."
    next_step = "Contact {council}."


class NotYoursToChange(Refused):
    code = "persons.not_yours_to_change"
    message = "We check this first, so it cannot be changed here."
    next_step = "Tell us what has changed, and we change it for you."


class EraseRefused(HouseError):
    """There is a reason to keep the record: a hold, an open case, a duty in law."""

    code = "persons.erase_refused"
    status = 409
    title = "This record cannot be erased now"
    message = "{reasons}"
    next_step = "Tell the person why, and what they can do (UK GDPR article 12(4))."


class SayGround(Invalid):
    code = "persons.say_ground"
    message = "{reason}"


class NotRestricted(Stale):
    code = "persons.not_restricted"
    message = "This record is not as you saw it: somebody restricted it, or ended that, a moment ago."
    next_step = "Look at the record again, then decide."


class NoProposal(Stale):
    code = "persons.no_proposal"
    message = "Nobody proposes to destroy this record any more, or somebody decided a moment ago."
    next_step = "Look at the list again."


class OneAndTheSame(HouseError):
    """Destroying takes two people."""

    code = "persons.one_and_the_same"
    status = 409
    title = "Somebody else must confirm this"
    message = "You proposed to destroy this record, so somebody else has to confirm it."
    next_step = "Ask another person who answers for data protection at {council}."


class NotDecided(HouseError):
    code = "persons.not_decided"
    status = 409
    title = "The request is not decided"
    message = "Request {reference} does not ask for this, or nobody has decided that it is granted."
    next_step = "Decide the request first, on the page of its case."


class NoSuchCertificate(NotFound):
    code = "persons.no_such_certificate"
    message = "We cannot find that certificate."
    next_step = "Go back to the list of what was destroyed."


class ScheduleWrong(HouseError):
    code = "persons.schedule_wrong"
    status = 500
    title = "The retention schedule cannot be read"
    message = "retention.yaml: {wrong}"
    next_step = "Put it right in the home folder. Until then, nothing is worked out and nothing destroyed."


class CutoffsRefused(Invalid):
    code = "persons.cutoffs_refused"
    message = "{reason}"
