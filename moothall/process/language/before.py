"""Which steps may have run before which, and what is known by then: what was asked, pulled and worked out."""

from collections.abc import Iterable

from moothall.process.cel import RuleError, rule
from moothall.process.cel.tree import Call, Name, Node, children
from moothall.process.definition import RESIDENT, Definition, Field
from moothall.process.language.names import REQUESTER


class Order:
    """The order of a definition that may still have mistakes in it."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        steps = definition.steps
        self._before: dict[str, set[str]] = {
            key: {above for above in step.after if above in steps} for key, step in steps.items()
        }
        for key, step in steps.items():
            for outcome in step.outcomes.values():
                for target in (outcome.back, outcome.go):
                    if target in steps:
                        self._before[target].add(key)
            if step.every is not None:
                self._before[key].add(key)
                if step.until in steps:
                    self._before[step.until].add(key)

    def before(self, step: str) -> set[str]:
        """Return the steps that may have run before this one, also by going back; itself, if it may run again."""
        seen: set[str] = set()
        waiting = list(self._before[step])
        while waiting:
            if (key := waiting.pop()) not in seen:
                seen.add(key)
                waiting += self._before[key]
        return seen

    def above(self, step: str) -> set[str]:
        """Return the steps that must be settled before this one opens for the first time."""
        steps = self.definition.steps
        seen: set[str] = set()
        waiting = [key for key in steps[step].after if key in steps]
        while waiting:
            if (key := waiting.pop()) not in seen:
                seen.add(key)
                waiting += [each for each in steps[key].after if each in steps]
        return seen

    def asked(self, steps: set[str]) -> set[str]:
        """Return the fields that are known once these steps have run."""
        return self.known({key for step in steps for key in self.definition.steps[step].ask})

    def known(self, asked: Iterable[str]) -> set[str]:
        """Return these fields, and those that are pulled or worked out from them."""
        found = set(asked)
        more = True
        while more:
            more = False
            for field in self.definition.fields.values():
                if field.key not in found and (needs := needs_of(field)) is not None and needs <= found:
                    found.add(field.key)
                    more = True
        return found

    def circle(self) -> list[str]:
        """Return steps that wait for each other, in the order of the file; empty if there is no circle."""
        waiting = {
            key: {above for above in step.after if above in self.definition.steps}
            for key, step in self.definition.steps.items()
        }
        while ready := [key for key, above in waiting.items() if not above]:
            for key in ready:
                del waiting[key]
            for above in waiting.values():
                above.difference_update(ready)
        return list(waiting)

    def goes_on(self, step: str) -> bool:
        """Say whether the step can be settled with the case going on."""
        one = self.definition.steps[step]
        return bool(one.when) or any(
            not outcome.end and not outcome.back for outcome in one.outcomes.values()
        )


def needs_of(field: Field) -> set[str] | None:
    """Return the fields without which this one cannot be known although nobody asks it; None if it must be asked.

    What a calculation only asks `has` of may be missing. The names of steps are left out, whose outcomes come in time.
    """
    if field.table is not None:
        return {root for name in field.table.by for root in roots(name)}
    if field.calc:
        return roots(field.calc)
    if field.source:
        root = field.source.partition(".")[0]
        return set() if root in (REQUESTER, RESIDENT) else {root}
    return None


def roots(source: str) -> set[str]:
    """Return the names that a rule reads, without their parts and without those it only asks `has` of."""
    try:
        return set(_read(rule(source).tree))
    except RuleError:
        return set()


def _read(node: Node) -> Iterable[str]:
    if isinstance(node, Name):
        yield node.path[0]
    elif not (isinstance(node, Call) and node.function == "has"):
        for child in children(node):
            yield from _read(child)
