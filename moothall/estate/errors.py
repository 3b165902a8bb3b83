"""Why the estate may say no."""

from moothall.plain.errors import Invalid, NotFound


class NoSuchItem(NotFound):
    code = "estate.no_such_item"
    message = "We cannot find that system."
    next_step = "It may be one that your council does not use. Look for it in the list of systems."


class EstateRefused(Invalid):
    code = "estate.refused"
    message = "{why}"


class GoesInACircle(Invalid):
    code = "estate.circle"
    message = "{on} already needs {item}, so {item} cannot need {on}."
    next_step = "Take away the other dependency first, if that is the one that is wrong."
