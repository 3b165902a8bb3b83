"""Reads: each takes the viewer first, keeps to what they may see, and brings everything its page shows."""

from moothall.process.queries.casefile import case_file, case_id_of, what_changed
from moothall.process.queries.people import (
    choices_of_receivers,
    functions_of,
    receivers,
    still_works,
    who_does,
)
from moothall.process.queries.processes import newest_version, newest_versions
from moothall.process.queries.queues import queues
from moothall.process.queries.searching import search
from moothall.process.queries.typing import typing
from moothall.process.queries.worklists import WorkFilter, worklist

__all__ = [
    "WorkFilter",
    "case_file",
    "case_id_of",
    "choices_of_receivers",
    "functions_of",
    "newest_version",
    "newest_versions",
    "queues",
    "receivers",
    "search",
    "still_works",
    "typing",
    "what_changed",
    "who_does",
    "worklist",
]
