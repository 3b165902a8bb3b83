"""Why this room may say no."""

from moothall.plain.errors import HouseError, Invalid, NotFound, Stale


class NoSuchService(NotFound):
    code = "requests.no_such_service"
    message = "{council} has no service at this address."
    next_step = "Look for it in the list of services, or search for it in your own words."


class ServiceClosed(HouseError):
    code = "requests.service_closed"
    status = 409
    title = "This service is closed at the moment"
    message = "{words}"
    next_step = "Anything you have saved is kept until {until}. You can also contact {council}."


class NoSuchRequest(NotFound):
    """Also the answer to a wrong link: whether the reference exists is nobody else's business."""

    code = "requests.no_such_request"
    title = "We cannot find that request"
    message = "This link does not open a request."
    next_step = (
        "Use the whole link from our email, or ask for a new link with your reference and email address."
    )


class DraftGone(NotFound):
    code = "requests.draft_gone"
    title = "We no longer have those answers"
    message = "The answers you saved were sent already, or were deleted 28 days after you last changed them."
    next_step = "Start again from the list of services. We are sorry that you have to."


class NotComplete(Invalid):
    """Something was left out; `key` is the first question without an answer."""

    code = "requests.not_complete"
    title = "Some answers are missing"
    message = "Answer “{ask}” before you send your request."


class ContactRefused(Invalid):
    code = "requests.contact_refused"
    message = "Some of your contact details need to be corrected."


class CommentRefused(Invalid):
    code = "requests.comment_refused"
    message = "{why}"


class TooManyLinks(HouseError):
    code = "requests.too_many_links"
    status = 429
    title = "We have sent this link several times"
    message = "We have sent the link to these answers {most} times, so we send no more."
    next_step = "Look in your junk mail. Your answers are still here: you can go on now."


class RequestClosed(Stale):
    code = "requests.request_closed"
    title = "This request is closed"
    message = "{reference} is closed, so nothing can be added to it."
    next_step = "If it is not put right, make a new request and give us this reference."


class KeptBySomebody(Stale):
    code = "requests.kept_by_somebody"
    title = "This request is in another account"
    message = "{reference} is already kept in somebody else's account."
    next_step = "You can go on following it with the link from our email."
