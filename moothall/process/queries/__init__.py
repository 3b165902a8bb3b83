"""Reads: each takes the viewer first, keeps to what they may see, and brings everything its page shows."""

from moothall.process.queries.amending import amendable
from moothall.process.queries.asking import asked, asked_by, startable
from moothall.process.queries.casefile import case_file, case_id_of, what_changed
from moothall.process.queries.people import (
    account_of,
    choices_of_receivers,
    colleagues,
    council_number,
    receivers,
    still_works,
    voters,
    who_does,
)
from moothall.process.queries.processes import (
    Drafted,
    advice,
    draft,
    drafted,
    drafts,
    laid_over,
    newest_version,
    newest_versions,
    overlaid,
    overlay_of,
    overlays,
    references,
)
from moothall.process.queries.queues import queues
from moothall.process.queries.searching import search
from moothall.process.queries.typing import typing
from moothall.process.queries.worklists import WorkFilter, worklist

__all__ = [
    "Drafted",
    "WorkFilter",
    "account_of",
    "advice",
    "amendable",
    "asked",
    "asked_by",
    "case_file",
    "case_id_of",
    "choices_of_receivers",
    "colleagues",
    "council_number",
    "draft",
    "drafted",
    "drafts",
    "laid_over",
    "newest_version",
    "newest_versions",
    "overlaid",
    "overlay_of",
    "overlays",
    "queues",
    "receivers",
    "references",
    "search",
    "startable",
    "still_works",
    "typing",
    "voters",
    "what_changed",
    "who_does",
    "worklist",
]
