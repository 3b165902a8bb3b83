"""What tests of moving cases to another version need: versions that differ in one thing, and cases to move to them."""

from datetime import timedelta
from typing import Any

from moothall.councils.rules import Viewer
from moothall.process import actions, store
from moothall.process.engine.state import CaseState
from moothall.process.language import read
from moothall.process.models import ProcessVersion
from tests.process import holding
from tests.process.making import MONDAY, REPAIR, Place, make_case

LATER = MONDAY + timedelta(hours=2)
SYSTEM = Viewer.system()


def publish(*changes: tuple[str, str], source: str = REPAIR) -> ProcessVersion:
    for old, new in changes:
        assert old in source, old
        source = source.replace(old, new)
    reading = read(source)
    assert reading.definition is not None, [str(each) for each in reading.mistakes]
    return actions.publish(by=SYSTEM, definition=reading.definition, source=source, now=LATER)


def checked(place: Place, **given: Any) -> CaseState:
    """Return a case that waits for the crew."""
    case = make_case(place, **given)
    return actions.act(
        by=place.officer, case_id=case.id, step="check", expected=None, now=MONDAY, outcome="go"
    )


def moved(case: CaseState, version: ProcessVersion, **choices: str) -> CaseState:
    return actions.migrate_case(
        by=SYSTEM, case_id=case.id, version=version, choices=choices, expected=None, now=LATER
    )


def loaded(case: CaseState) -> CaseState:
    found = store.load(case.id)
    assert found is not None
    return found


def tries(version: ProcessVersion, **choices: str) -> str:
    return actions.dry_run(by=SYSTEM, version=version, choices=choices, now=LATER).sentence


def sound(case: CaseState) -> None:
    """The rows, the state and the record agree."""
    found = loaded(case)
    holding.promises_of_state(found)
    holding.rows_agree(found)
    holding.proven(found)


TITLE = ("title: Check\n", "title: Look\n")
PEER = ("  fix:\n    title: Fix\n", ("  peer: {title: Second look, by: desk, after: check}\n  fix:\n    title: Fix\n"
        "    after: [reply, peer]\n"))  # fmt: skip
RENAMED = (
    ("  fix:\n    title: Fix\n", "  mend:\n    title: Mend\n"),
    ("fix.by", "mend.by"),
    ("until: fix", "until: mend"),
)
GONE = ("      go: {title: Send the crew}\n", "      send: {title: Send the van}\n")
