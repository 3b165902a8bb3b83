"""One rule: its text, its tree, and how to evaluate it."""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from moothall.process.cel.compiling import Closure, Facts, compiled
from moothall.process.cel.parsing import parse
from moothall.process.cel.tree import Node, RuleError, names

__all__ = ["Rule", "RuleError", "holds", "rule"]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule ready to be asked. `value` is True, False, or None when it cannot be known yet."""

    source: str
    tree: Node = field(repr=False, compare=False)
    value: Closure = field(repr=False, compare=False)
    names: frozenset[tuple[str, ...]] = field(repr=False, compare=False)

    def holds(self, facts: Facts) -> bool:
        """Say whether the rule is met; what is not known never is."""
        return self.value(facts) is True


@lru_cache(maxsize=8_192)
def rule(source: str) -> Rule:
    """Return the compiled rule, the same object for the same text.

    >>> rule('put_out == true && bin != "garden"').holds({"put_out": True, "bin": "refuse"})
    True
    >>> rule("put_out == true").value({})
    """
    tree = parse(source)
    return Rule(source, tree, compiled(tree), frozenset(name.path for name in names(tree)))


def holds(source: str, facts: Facts) -> bool:
    """Say whether the rule with this text is met; no rule at all always is."""
    return not source or rule(source).value(facts) is True


def value(source: str, facts: Facts) -> Any:
    """Return what an expression comes to, or None."""
    return rule(source).value(facts)
