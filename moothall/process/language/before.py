"""Which steps may have run before which, and what has been asked by then."""

from moothall.process.definition import Definition


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

    def before(self, step: str) -> set[str]:
        """Return the steps that may have run before this one, also by going back."""
        seen: set[str] = set()
        waiting = list(self._before[step])
        while waiting:
            if (key := waiting.pop()) not in seen:
                seen.add(key)
                waiting += self._before[key]
        return seen

    def asked(self, steps: set[str]) -> set[str]:
        """Return the fields that these steps ask."""
        return {key for step in steps for key in self.definition.steps[step].ask}

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
