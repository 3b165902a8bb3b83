"""Records of each council that may be one person, or were joined; and one that is joined with another council's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from moothall.councils.models import Council
from moothall.councils.rules import Viewer
from moothall.persons.actions.linking import link_same, suggest
from moothall.persons.models import Link, Record
from moothall.persons.rules.matching.comparing import Reason
from tests.isolation.people import add_somebody

REASON = Reason("born", "same", 7.0, "Date of birth the same")


@dataclass(frozen=True)
class Linked:
    """A question whether two records are one person, a link that joins two, and the first of these records."""

    question: int
    joined: int
    first: int


def link_people(council: Council, now: datetime) -> Linked:
    """Ask about two records, and join two others, with canaries in what was found out."""
    word = f"zq{council.code}person"
    a, b, c, d = (add_somebody(council, word, given, now).pk for given in ("Ann", "Anna", "Bea", "Beate"))
    question = suggest(low=a, high=b, score=3.5, reasons=[REASON], model=0, now=now)
    assert question is not None
    return Linked(question.pk, _join(c, d, f"It said {word}", now).pk, c)


def link_across(firsts: Sequence[int], now: datetime) -> None:
    """Join a record of the first council with one of each other: neither learns more than that there is one."""
    for number in firsts[1:]:
        word = f"zq{Record.objects.get(pk=number).council.code}person"
        _join(firsts[0], number, f"Seen at {word}", now)


def _join(one: int, other: int, why: str, now: datetime) -> Link:
    return link_same(by=Viewer.system(), one_id=one, other_id=other, why=why, now=now)
