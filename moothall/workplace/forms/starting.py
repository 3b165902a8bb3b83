"""Starting work inside the councils: the questions of its first step, and of those that wait for whoever asked."""

from moothall.process.definition import DONE
from moothall.process.forms import OutcomeForm


class StartForm(OutcomeForm):
    """How the first step turns out; mostly there is one way, and the button says it."""

    small = True
    go_on = "Start it"

    @property
    def button(self) -> str:
        return self.go_on if self.only is None or self.only.key == DONE else self.only.title


class ReplyForm(OutcomeForm):
    """How a step that waits for whoever asked turns out."""

    small = True
    go_on = "Send"
