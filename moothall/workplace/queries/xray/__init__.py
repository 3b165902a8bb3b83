"""The pages of the X-ray: which there are, what each says, and the cases behind a figure in words."""

from collections.abc import Callable, Mapping

from moothall.process.xray import OTHERS, Cohort
from moothall.workplace.queries.xray import councils, promises, times, ways
from moothall.workplace.queries.xray.sheets import Cell, Plate, Sheet, said

SUMMARY = "summary"
PLATES: Mapping[str, tuple[str, Callable[[Cohort], Plate]]] = {
    SUMMARY: ("Summary", times.summary),
    "waiting": ("Where cases wait", times.waiting),
    "promises": ("Promises", promises.promises),
    "again": ("Done again", ways.again),
    "hand-overs": ("Team to team", ways.hand_overs),
    "ways": ("Ways through", ways.ways),
    "order": ("What follows what", ways.order),
    "exceptions": ("Out of the ordinary", ways.exceptions),
    "councils": ("Councils side by side", councils.councils),
}
"""Each page by the word in its address: its title, and what makes it."""

_FIGURES: Mapping[str, tuple[str, str]] = {
    "runs": ("“{step}” was done", "Longest from its opening until it was done"),
    "held": ("“{step}” was done by somebody who had taken it", "Longest in hand"),
    "opened-in": ("Opened in one month", ""),
    "closed-in": ("Closed in one month, whenever they were opened", ""),
    "open-after": ("Open at the end of one month, whenever they were opened", ""),
    "open": ("“{step}” is open now", "Open for"),
    "done": ("“{step}” was done{with_outcome}", ""),
    "again": ("“{step}” was done again", ""),
    "passed": ("“{step}” was {kind}", ""),
    "handed": ("Work went from one team to another", "Until it was done"),
    "follows": ("“{following}” was done right after “{step}”", "From the one to the other"),
    "routes": ("Cases that went the same way", "Open for"),
    "promises": ("“{clock}”: {state}", "Late by"),
    "ran-out": ("“{clock}” ran out while “{step}” was open", ""),
    "paused": ("“{clock}” stood still", "For"),
    "waived": ("A rule of “{step}” was set aside", ""),
    "time": ("“{step}”: {kind}", ""),
    "endings": ("Cases that ended in one way", "Open for"),
    "cases": ("All cases", "Open for"),
    "council": ("Cases of one council", "Open for"),
    "council-steps": ("“{step}” was done", "Longest from its opening until it was done"),
}
_STATES = {
    "met": "kept",
    "missed": "missed",
    "overdue": "overdue now",
    "running": "running in time",
    "paused": "paused now",
    "stopped": "not needed any more",
}
_KINDS = {
    "passed_on": "passed on by hand",
    "put_back": "put back for its team",
    "repeated": "opened again by time",
    "stopped": "came to the end of its rounds",
    "waited": "done because its time had come",
    "handed_over": "opened a case of another process",
    "voted": "a vote was cast",
}


def title_of(cohort: Cohort, figure: str, keys: Mapping[str, str]) -> tuple[str, str]:
    """Return what a figure counts, in words, and what the duration beside each of its cases is."""
    title, duration = _FIGURES.get(figure, ("Cases", ""))
    step, outcome = keys.get("step", ""), keys.get("outcome", "")
    hidden = cohort.shown(step) == OTHERS
    return title.format(
        step=cohort.words.step(OTHERS if hidden else step),
        following=cohort.words.step(cohort.shown(keys.get("following", ""))),
        clock=cohort.words.clock(keys.get("clock", "")),
        state=_STATES.get(keys.get("state", ""), ""),
        kind=_KINDS.get(keys.get("kind", ""), ""),
        with_outcome=f": {cohort.words.outcome(step, outcome)}" if outcome and not hidden else "",
    ), duration


__all__ = ["PLATES", "SUMMARY", "Cell", "Plate", "Sheet", "said", "title_of"]
