"""Who may do a step, and what words a case is found by. Plain values in, an answer out."""

import re
import unicodedata
from collections.abc import Iterable

from moothall.councils.rules import Viewer
from moothall.process.definition import AGENT, RESIDENT, STAFF, SUPERVISOR, Definition, Field, Step
from moothall.process.errors import SayWhy
from moothall.process.kinds import Wrong
from moothall.process.kinds.tidying import tidy

_WORD = re.compile(r"[0-9a-z]+")
_POSTCODE = re.compile(r"\b([a-z]{1,2}[0-9][0-9a-z]?)\s*([0-9][a-z]{2})\b")
WITHDRAWN, DUPLICATE, IN_ERROR = "withdrawn", "duplicate", "made-in-error"
ENDINGS = {
    WITHDRAWN: "Withdrawn by whoever asked",
    DUPLICATE: "The same as another case",
    IN_ERROR: "Made in error",
}
"""How a case may end before its process is done."""
TEXT_LENGTH = 2_000
WORD_LENGTH = 40
MOST_WORDS = 200


def may_do(
    viewer: Viewer, step: Step, team_id: int | None, person_id: int | None = None, *, supervises: bool
) -> bool:
    """Say whether somebody of the staff, who may act at this council at all, may do this step.

    The team it has fallen to may, and whoever supervises; where the process says `agent`, every adviser may, on the
    resident's behalf; where it says `staff`, everybody. A step that has fallen to no team waits for anyone, but not one
    for the resident alone. One for a person whom an answer names is theirs, or that of the team if nobody is named.
    """
    if step.person and not (viewer.is_system or supervises):
        return team_id in viewer.team_ids if person_id is None else person_id == viewer.staff_id
    if viewer.is_system or supervises or AGENT in step.by or STAFF in step.by:
        return True
    return set(step.by) != {RESIDENT} if team_id is None else team_id in viewer.team_ids


def acts_as(
    viewer: Viewer, council_id: int, step: Step, team_id: int | None, *, supervises: bool
) -> frozenset[str]:
    """Return as whom somebody of the staff does a step at a council, in the words of the process.

    They are advisers, and what their teams that serve this council are called. A team that the process does not name
    stands in for all it names, where the step was passed on or fell to it; so does whoever supervises.
    """
    mine = viewer.serves.get(council_id, frozenset()) | {AGENT}
    named = frozenset(step.by) - {RESIDENT}
    if supervises:
        return mine | named | {SUPERVISOR}
    return mine | named if team_id in viewer.team_ids and mine.isdisjoint(step.by) else mine


def may_amend(viewer: Viewer, council_id: int, field: Field, *, supervises: bool) -> bool:
    """Say whether somebody of the staff, who may act at this council at all, may put an answer right at any time."""
    if viewer.is_system:
        return bool(field.amend)
    mine = (
        viewer.serves.get(council_id, frozenset()) | {AGENT} | ({SUPERVISOR} if supervises else frozenset())
    )
    return not mine.isdisjoint(field.amend)


def may_start(viewer: Viewer, council_id: int, definition: Definition) -> bool:
    """Say whether somebody who may start work at a council may start this: it is no service, and for them to start."""
    if definition.service is not None:
        return False
    teams = viewer.serves.get(council_id, frozenset())
    return not {STAFF, AGENT}.isdisjoint(definition.start) or not teams.isdisjoint(definition.start)


def waits_for_requester(step: Step) -> bool:
    """Say whether the person who asked may do the step themselves."""
    return RESIDENT in step.by


def said(text: str, *, field: str, thing: str, longest: int = TEXT_LENGTH) -> str:
    r"""Return what somebody wrote beside the answers, safe to keep; refuses what is too long.

    >>> said(" They rang.\x00 ", field="text", thing="Note")
    'They rang.'
    """
    try:
        return tidy(text, longest=longest, name=thing, lines=True)
    except Wrong as error:
        raise SayWhy({field: [error.sentence]}, ask=error.sentence) from None


def search_words(texts: Iterable[str]) -> list[str]:
    """Return the words a case is found by: without accents and case, a postcode also as one word.

    >>> search_words(["Zoë O'Neill", "12 High St, ab1 2cd"])
    ['zoe', 'o', 'neill', '12', 'high', 'st', 'ab1', '2cd', 'ab12cd']
    """
    found: dict[str, None] = {}
    for text in texts:
        folded = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
        for word in _WORD.findall(folded):
            found[word[:WORD_LENGTH]] = None
        for outward, inward in _POSTCODE.findall(folded):
            found[outward + inward] = None
    return list(found)[:MOST_WORDS]
