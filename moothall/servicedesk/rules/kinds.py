"""Which process a kind of call is worked on as, and the other way round."""

from collections.abc import Mapping

INCIDENT, REQUEST, PROBLEM, CHANGE, MAJOR, TASK = "incident", "request", "problem", "change", "major", "task"
PROCESS: Mapping[str, str] = {
    INCIDENT: "ict-incident",
    REQUEST: "ict-request",
    PROBLEM: "ict-problem",
    CHANGE: "ict-change",
    MAJOR: "ict-major-incident",
    TASK: "ict-task",
}
KIND: Mapping[str, str] = {process: kind for kind, process in PROCESS.items()}
PREFIX = "ict-"
HIGHEST, LOWEST = 1, 4
WITHIN = ("response", "update", "resolve")
"""The clocks that figures read, in every process of the desk."""


def priority_of(word: object) -> int:
    """Return the number of a priority as processes write it; 0 for none.

    >>> priority_of("P1"), priority_of(""), priority_of(None)
    (1, 0, 0)
    """
    text = str(word or "")
    number = int(text[1:]) if text[:1] == "P" and text[1:].isdecimal() else 0
    return number if HIGHEST <= number <= LOWEST else 0
