"""Who may see a council's part of a figure: the committee, each council its own, or the officers of the shared service.

A figure of all councils together is there for everybody who may see the pack; it is the breakdown by council that is
kept apart.
"""

from dataclasses import dataclass

COMMITTEE, COUNCIL, OFFICERS = "committee", "council", "officers"
WORDS = {
    COMMITTEE: "the joint committee and the public",
    COUNCIL: "each council its own",
    OFFICERS: "officers of the shared service",
}


@dataclass(frozen=True, slots=True)
class Eyes:
    """Who looks at one council's figures: whether they may see the pack there, speak for it, or are its officers."""

    sees: bool = False
    speaks_for_it: bool = False
    officer: bool = False

    def may_see(self, level: str) -> bool:
        """Say whether a figure of this level is there for them.

        >>> member, client, officer = Eyes(sees=True), Eyes(sees=True, speaks_for_it=True), Eyes(True, False, True)
        >>> [each.may_see("council") for each in (member, client, officer)]
        [False, True, True]
        >>> [each.may_see("officers") for each in (member, client, officer)]
        [False, False, True]
        """
        if not self.sees:
            return False
        return self.officer or level == COMMITTEE or (level == COUNCIL and self.speaks_for_it)
