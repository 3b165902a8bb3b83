"""Writes: major incidents are opened by their call, led from their room, told of, and follow their case."""

from moothall.servicedesk.actions.majors.following import call_resolved, follow_major
from moothall.servicedesk.actions.majors.leading import (
    answered,
    call_out,
    correct_line,
    lead_major,
    reopen_major,
    restore_major,
    stand_down,
    write_line,
)
from moothall.servicedesk.actions.majors.opening import follow_call, less_urgent
from moothall.servicedesk.actions.majors.telling import due_notices, tell_councils

__all__ = [
    "answered",
    "call_out",
    "call_resolved",
    "correct_line",
    "due_notices",
    "follow_call",
    "follow_major",
    "lead_major",
    "less_urgent",
    "reopen_major",
    "restore_major",
    "stand_down",
    "tell_councils",
    "write_line",
]
