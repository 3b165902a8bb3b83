"""What every check of a process has at hand: the definition, the order of its steps, and where to note a mistake."""

from collections.abc import Iterable

from moothall.process.definition import AGENT, ANYBODY, RESIDENT, STAFF, TIME, Definition, Step
from moothall.process.language.before import Order
from moothall.process.language.mistakes import Report, did_you_mean
from moothall.process.language.rule_checks import RuleChecker

NO_TEAMS = frozenset({RESIDENT, AGENT, STAFF, TIME, ANYBODY})


class Desk:
    """One definition under examination."""

    def __init__(self, definition: Definition, report: Report) -> None:
        self.definition = definition
        self.report = report
        self.order = Order(definition)
        self.rules = RuleChecker(definition, report)

    def known(self, path: str, names: Iterable[str], known: Iterable[str], thing: str) -> None:
        """Note each name that is none of those known, at its own line."""
        words = list(known)
        for number, name in enumerate(names):
            if name and name not in words:
                wrong = f"There is no {thing} “{name}”."
                where = f"{path}.{number}" if f"{path}.{number}" in self.report.lines else path
                self.report.wrong(where, wrong, did_you_mean(name, words))

    def known_before(self, step: Step) -> set[str]:
        """Return the fields that are known when a step opens."""
        return self.order.asked(self.order.before(step.key))

    def known_after(self, step: Step) -> set[str]:
        """Return the fields that are known when a step is finished."""
        return self.order.known(self.known_before(step) | set(step.ask))


def teams_in(names: Iterable[str]) -> list[str]:
    """Return the teams among those who do something."""
    return [name for name in names if name not in NO_TEAMS]
