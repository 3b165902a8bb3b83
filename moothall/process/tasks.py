"""Periodic work of the engine."""

from datetime import datetime

from moothall.councils import scope
from moothall.process import actions


def due_clocks(now: datetime) -> int:
    """Warn of clocks that will soon run out and call late those that did; return how many cases had one."""
    with scope.everything("the sweeper looks at every council's clocks"):
        return actions.sweep(now)


def old_typing(now: datetime) -> int:
    """Throw away what somebody typed into a step and never came back to; return how much."""
    with scope.everything("old typing is thrown away at every council"):
        return actions.forget_typing(now)
