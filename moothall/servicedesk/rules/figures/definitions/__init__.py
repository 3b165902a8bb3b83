"""Every figure of the desk: what it means, in words and in one place, whichever council or page it is for."""

from moothall.measures.rules import Definition
from moothall.servicedesk.rules.figures.definitions import backlog, running, service, users

AREAS: tuple[tuple[str, str], ...] = (
    ("service", "Service levels"),
    ("calls", "Calls and backlog"),
    ("solving", "Putting things right"),
    ("majors", "Major incidents"),
    ("availability", "Availability"),
    ("changes", "Changes"),
    ("users", "What users say"),
    ("demand", "Demand"),
    ("suppliers", "Suppliers"),
)
"""The parts of the pack, in order."""

DEFINITIONS: tuple[Definition, ...] = (
    *service.DEFINITIONS,
    *backlog.DEFINITIONS,
    *running.DEFINITIONS,
    *users.DEFINITIONS,
)

LEFT_OUT = (
    (
        "Telephony (speed of answer, abandoned calls) is not in this pack: the telephone system"
        " does not report to the desk."
    ),
    (
        "The estate (warranty, refresh, licences, starters and leavers) is not in this pack: its"
        " register is a later issue."
    ),
)
"""What somebody may look for in vain, and why."""
