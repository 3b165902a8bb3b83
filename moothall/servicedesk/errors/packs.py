"""Why the desk may say no to something about the performance pack, or about what users are asked."""

from moothall.plain.errors import HouseError, Invalid, NotFound


class NoSuchPack(NotFound):
    code = "servicedesk.no_such_pack"
    message = "We cannot find that month's performance pack."
    next_step = "It may not be published yet. Look at the list of months."


class Published(HouseError):
    code = "servicedesk.pack_published"
    status = 409
    title = "This pack is published"
    message = "The pack of {month} is published, so nothing of it is changed any more."
    next_step = "Compare it with what the calls say today: what differs is listed beside it as restated."


class StillToCome(HouseError):
    code = "servicedesk.month_to_come"
    status = 409
    title = "That month is not over"
    message = "The pack of {month} can be published once the month is over."
    next_step = "Until then you can look at its figures as a draft."


class NotSigned(HouseError):
    code = "servicedesk.pack_not_signed"
    status = 409
    title = "Not every council has signed"
    message = "These councils have not signed off their figures: {councils}."
    next_step = "Wait for them, or write why it is published without."


class NotEveryCouncil(HouseError):
    code = "servicedesk.not_every_council"
    status = 409
    title = "You prepare the figures of some councils only"
    message = "A pack has the figures of every council, and you prepare those of some."
    next_step = "Ask somebody who prepares them for all councils to publish it."


class NotYourCouncil(HouseError):
    code = "servicedesk.not_your_council"
    status = 409
    title = "This is for another council"
    message = "Only somebody who works for that council can sign off its figures."
    next_step = "Ask its ICT client officer."


class PackRefused(Invalid):
    code = "servicedesk.pack_refused"
    message = "{why}"


class NoPdf(HouseError):
    code = "servicedesk.no_pdf"
    status = 503
    title = "PDF files cannot be made here"
    message = "A part of the operating system that draws text (Pango) is missing on this machine."
    next_step = (
        "Ask whoever runs the house to install it (on Debian and Ubuntu: libpango-1.0-0 and libpangoft2-1.0-0)."
        " Every figure is also in the spreadsheet, the slides and the CSV file."
    )


class NoSuchQuestion(NotFound):
    code = "servicedesk.no_such_question"
    title = "This link does not work"
    message = "We cannot find the question that this link is for."
    next_step = "Check that the whole link was copied from the email. It may also be too old."


class OwnWork(HouseError):
    code = "servicedesk.own_work"
    status = 403
    title = "You worked on this call"
    message = "Whoever worked on a call cannot say how content its user is."
    next_step = (
        "The link is for the user alone. If that is you as well, ask a colleague to note what you think."
    )


class AnswerKept(HouseError):
    code = "servicedesk.answer_kept"
    status = 409
    title = "Your answer stays as it is"
    message = "You answered more than 7 days ago, so it is not changed any more."
    next_step = "If something is still wrong, contact the service desk."
