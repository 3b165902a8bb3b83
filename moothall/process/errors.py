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


class NothingChanged(Invalid):
    code = "process.nothing_changed"
    message = "This is what the answer is already."


class NotYoursToAmend(Refused):
    code = "process.not_yours_to_amend"
    message = "“{name}” is for {who} to put right."
    next_step = "Ask them, or write a note on the case."


class NotYet(HouseError):
    """The step cannot be finished yet. `reasons` are whole sentences in the author's words."""

    code = "process.not_yet"
    status = 409
    title = "This cannot be finished yet"
    message = "{reasons}"

    def __init__(self, *, reasons: list[str]) -> None:
        self.reasons = reasons
        super().__init__(reasons=" ".join(reasons))


class MayNotWaive(Refused):
    code = "process.may_not_waive"
    message = "You may not go on without what this still needs."
    next_step = "Ask somebody whom the process names for it, or do what it asks."


class VoteRefused(Refused):
    """Somebody may not vote on this. `why` is a whole sentence."""

    code = "process.vote_refused"
    title = "You cannot vote on this"
    message = "{why}"
    next_step = "Ask the owner of the process if you think that you should."


class ChooseAVote(Invalid):
    code = "process.choose_a_vote"
    message = "Choose how you vote: for, against, or abstain."


class ChooseAnOutcome(Invalid):
    code = "process.choose_an_outcome"
    message = "Choose what happens next: {choices}."


class NotAnEnding(Invalid):
    code = "process.not_an_ending"
    message = "A case cannot be ended like that."
    next_step = "Choose one of the reasons on the page."


class NotEnded(Stale):
    code = "process.not_ended"
    message = "{reference} was not ended like that, or is open again, so there is nothing to take back."


class SayWhy(Invalid):
    code = "process.say_why"
    message = "{ask}"


class NoSuchProcess(NotFound):
    code = "process.no_such_process"
    message = "There is no published process called “{key}”."
    next_step = (
        "Choose one that is published, or publish it: in the designer, or with `moothall process publish`."
    )


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


class OverlayDoesNotFit(HouseError):
    """An overlay that was published before does not fit what its process is to become."""

    code = "process.overlay_does_not_fit"
    status = 409
    title = "An overlay does not fit any more"
    message = "The overlay of {council} does not fit the new version: {mistakes}"
    next_step = "Change or remove that overlay first. Nothing was published."


class NoOverlay(NotFound):
    code = "process.no_overlay"
    message = "{council} has no overlay of “{key}”."
    next_step = "It uses the shared process as it is."


class NoSuchDraft(NotFound):
    code = "process.no_such_draft"
    message = "There is no draft of “{key}”."
    next_step = "Somebody may have published it or thrown it away. Start a new one from the newest version."


class DraftChanged(Stale):
    """`theirs` and `mine` are the two texts, for the page that shows both."""

    code = "process.draft_changed"
    message = "{who} saved this draft after you opened it, so your text was not saved over theirs."
    next_step = "Both texts are on the page. Put them together, and save again."


class DraftOvertaken(Stale):
    code = "process.draft_overtaken"
    message = "{who} published version {number} of “{key}” after this draft was last saved."
    next_step = "Look at what that version changed, put it into the draft, and save it again."


class NotProposed(Stale):
    code = "process.not_proposed"
    message = "This draft has not been proposed, and in this partnership two people publish a process."
    next_step = "Propose it, and ask somebody else to publish it."


class NeedsSomebodyElse(Refused):
    code = "process.needs_somebody_else"
    message = "You {did} this draft. In this partnership somebody else publishes it."
    next_step = "Ask another service designer to read it and publish it."


class CannotOpen(HouseError):
    """A case was to be opened of a process that is not there."""

    code = "process.cannot_open"
    status = 409
    title = "The other case cannot be opened"
    message = "This would open a case of “{process}”, and no such process is published. Nothing was changed."
    next_step = "Tell the owner of this process: the other process has to be published first."


class TooDeep(HouseError):
    """Processes open each other, or themselves, without end."""

    code = "process.too_deep"
    status = 409
    title = "Too many cases would open each other"
    message = "“{title}” would open a case that opens a case, and so on without end. Nothing was changed."
    next_step = (
        "Tell the owner of this process: somebody has to do something before a case opens the next one."
    )


class NotLinked(Invalid):
    code = "process.not_linked"
    message = "{why}"


class NotYoursToStart(Refused):
    code = "process.not_yours_to_start"
    message = "“{title}” is not for you to start."
    next_step = "Ask somebody of the team that it is for."


class NotAChoice(Invalid):
    code = "process.not_a_choice"
    message = "“{key}” cannot become “{to}” in version {number}. {instead}"


class NoSuchVersion(NotFound):
    code = "process.no_such_version"
    message = "There is no version {number} of “{key}”."
    next_step = "`moothall process list` shows which are published."


class CannotMove(Stale):
    """A case that is to be moved to another version has something about it that needs a choice first."""

    code = "process.cannot_move"
    message = "{reference} stays on its version: {reasons}"
    next_step = "Choose what is to become of it, or leave it there."


class OneAlone(Refused):
    code = "process.one_alone"
    message = "In this partnership nobody takes an overlay away alone."
    next_step = "Propose one without clocks, teams and words; somebody else publishes it, and it changes nothing more."


class NotAName(Invalid):
    code = "process.not_a_name"
    message = "“{key}” is not a name for a process."
    next_step = "Use small letters, figures and hyphens, such as “missed-bin”."
