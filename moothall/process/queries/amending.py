"""What somebody may put right in a case at any time, outside any step."""

from moothall.councils import gate
from moothall.councils.rules import Viewer
from moothall.process import rules
from moothall.process.circles import Sight
from moothall.process.definition import Field
from moothall.process.engine.state import CaseState
from moothall.process.permissions import Can


def amendable(viewer: Viewer, case: CaseState, seen: Sight) -> list[Field]:
    """Return the questions whose answers the viewer may put right: those they read, while the case is open."""
    if case.status == "closed" or not gate.may(viewer, Can.ACT, case.council_id):
        return []
    supervises = gate.may(viewer, Can.SUPERVISE, case.council_id)
    return [
        field
        for key, field in case.definition.fields.items()
        if key in seen.fields and rules.may_amend(viewer, case.council_id, field, supervises=supervises)
    ]
