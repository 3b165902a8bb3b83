"""From which score on two records are linked by themselves, and from which somebody is asked."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from moothall.persons.rules.matching.comparing import Match

LINK = 6.0
ASK = -1.0
MARGIN = 3.0
LOWEST, HIGHEST = -20, 40
"""Between these a council may set its own: -20 bits asks about nearly everybody, 40 links nobody."""


@dataclass(frozen=True, slots=True)
class Cutoffs:
    """A council's cut-offs, in bits: 6 bits are odds of 64 to 1 that both are one person."""

    link: float = LINK
    ask: float = ASK


def verdict(match: Match, cutoffs: Cutoffs) -> str:
    """Return "link", "ask" or "new" of one comparison. What has a veto is never linked, but asked.

    >>> verdict(Match(9.0, (), ""), Cutoffs()), verdict(Match(9.0, (), "Twins."), Cutoffs())
    ('link', 'ask')
    >>> verdict(Match(2.0, (), ""), Cutoffs()), verdict(Match(-7.0, (), ""), Cutoffs())
    ('ask', 'new')
    """
    if match.score < cutoffs.ask:
        return "new"
    return "ask" if match.veto or match.score < cutoffs.link else "link"


def verdicts(found: Sequence[tuple[Hashable, Match]], cutoffs: Cutoffs) -> list[str]:
    """Return the verdict on each of several candidates, given with the person that each is taken to be, best first.

    Only the best is linked, and only if no other person comes within `MARGIN` bits of it.

    >>> verdicts([("a", Match(9.0, (), "")), ("a", Match(8.0, (), "")), ("b", Match(1.0, (), ""))], Cutoffs())
    ['link', 'link', 'ask']
    >>> verdicts([("a", Match(9.0, (), "")), ("b", Match(8.0, (), ""))], Cutoffs())
    ['ask', 'ask']
    """
    if not found:
        return []
    best, (top, leading) = found[0][1], (found[0][0], found[0][1].score)
    rival = max((match.score for person, match in found if person != top), default=leading - 2 * MARGIN)
    clear = verdict(best, cutoffs) == "link" and leading - rival >= MARGIN
    given = [verdict(match, cutoffs) for _, match in found]
    return [
        "ask" if each == "link" and not (clear and person == top) else each
        for each, (person, _) in zip(given, found, strict=True)
    ]
