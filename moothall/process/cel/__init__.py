"""Rules: a small, safe part of Google's Common Expression Language, with a third truth value.

A rule is read once into a tree and compiled to closures; evaluating it costs microseconds and can neither
loop nor reach anything but the facts it is given. What is not known yet makes the answer `None`, and `None`
never passes.
Not for: running code, or asking a database.
"""

from moothall.process.cel.compiling import SINCE, Facts
from moothall.process.cel.evaluation import Rule, RuleError, holds, rule
from moothall.process.cel.words import Labels, plain_words, why_not

__all__ = ["SINCE", "Facts", "Labels", "Rule", "RuleError", "holds", "plain_words", "rule", "why_not"]
