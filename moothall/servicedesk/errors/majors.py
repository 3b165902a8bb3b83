"""Why something about a major incident, its report or an outage is refused."""

from moothall.plain.errors import HouseError, Invalid, NotFound


class NoSuchMajor(NotFound):
    code = "servicedesk.no_such_major"
    message = "We cannot find that major incident."
    next_step = "It may belong to another council. Look for it in the list of major incidents."


class NoSuchOutage(NotFound):
    code = "servicedesk.no_such_outage"
    message = "We cannot find that outage."
    next_step = "It may belong to another council. Look for it in the list of outages."


class NoSuchReport(NotFound):
    code = "servicedesk.no_such_report"
    message = "We cannot find that report."
    next_step = "It may not have been published by this council. Look for it in the list of reports."


class NotSaid(Invalid):
    """Something that was typed is missing or cannot be: the sentences stand at their fields."""

    code = "servicedesk.not_said"
    message = "{why}"


class NotNow(HouseError):
    """What somebody wants to do does not fit how the major incident stands."""

    code = "servicedesk.major_not_now"
    status = 409
    title = "This cannot be done now"
    message = "{why}"
    next_step = "Look at how it stands now, then decide again."


class OwnWords(HouseError):
    """Four eyes: whoever wrote the public text does not publish it."""

    code = "servicedesk.own_words"
    status = 409
    title = "Somebody else has to publish it"
    message = "You wrote the public text yourself, so somebody else has to read and publish it."
    next_step = "Ask a colleague who may publish reports of major incidents."
