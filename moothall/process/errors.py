"""Why the process engine may say no."""

from moothall.plain.errors import HouseError, Invalid, NotFound, Refused, Stale


class CaseChanged(Stale):
    code = "process.case_changed"
    message = "{reference} changed while you were working on it, so your change was not saved."


class StepNotOpen(Stale):
    code = "process.step_not_open"
    message = "“{title}” is not waiting to be done on this case any more."
    next_step = "Look at the case again: somebody may have done it already."


class CaseClosed(Stale):
    code = "process.case_closed"
    message = "{reference} is closed, so nothing more can be done on it."


class AnswersRefused(Invalid):
    code = "process.answers_refused"
    message = "Some answers are missing or need to be corrected."


class NotYet(HouseError):
    """The step cannot be finished yet. `reasons` are whole sentences in the author's words."""

    code = "process.not_yet"
    status = 409
    title = "This cannot be finished yet"
    message = "{reasons}"

    def __init__(self, *, reasons: list[str]) -> None:
        self.reasons = reasons
        super().__init__(reasons=" ".join(reasons))


class ChooseAnOutcome(Invalid):
    code = "process.choose_an_outcome"
    message = "Choose what happens next: {choices}."


class NotAnEnding(Invalid):
    code = "process.not_an_ending"
    message = "A case cannot be ended like that."
    next_step = "Choose one of the reasons on the page."


class SayWhy(Invalid):
    code = "process.say_why"
    message = "{ask}"


class NoSuchProcess(NotFound):
    code = "process.no_such_process"
    message = "There is no published process called “{key}”."
    next_step = "Publish it first with `moothall process publish`."


class NotYourStep(Refused):
    code = "process.not_your_step"
    message = "“{title}” is for {who} to do."
    next_step = "Ask them, or ask a supervisor to pass it to your team."


class NoSuchTeam(NotFound):
    code = "process.no_such_team"
    message = "There is no such team or person who works for this council."
    next_step = "Choose one from the list."


class FileRefused(Invalid):
    code = "process.file_refused"
    message = "{why}"
