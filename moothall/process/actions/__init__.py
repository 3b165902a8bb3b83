"""Changes to cases, and the publication of processes. Each finds, asks the gate, asks the engine, writes, records."""

from moothall.process.actions.amending import amend
from moothall.process.actions.cases import act, start_case
from moothall.process.actions.clocks import sweep
from moothall.process.actions.drafting import drop_draft, propose, publish_draft, save_draft, withdraw
from moothall.process.actions.ending import end_case, open_anew
from moothall.process.actions.linking import link, unlink
from moothall.process.actions.migrating import dry_run, migrate, migrate_case
from moothall.process.actions.notes import attach, note, write
from moothall.process.actions.publication import publish, publish_overlay, remove_overlay
from moothall.process.actions.starting import reply, start
from moothall.process.actions.typing import drop_typing, forget_typing, keep_typing
from moothall.process.actions.voting import cast
from moothall.process.actions.work import pass_on, put_back, take

__all__ = [
    "act",
    "amend",
    "attach",
    "cast",
    "drop_draft",
    "drop_typing",
    "dry_run",
    "end_case",
    "forget_typing",
    "keep_typing",
    "link",
    "migrate",
    "migrate_case",
    "note",
    "open_anew",
    "pass_on",
    "propose",
    "publish",
    "publish_draft",
    "publish_overlay",
    "put_back",
    "remove_overlay",
    "reply",
    "save_draft",
    "start",
    "start_case",
    "sweep",
    "take",
    "unlink",
    "withdraw",
    "write",
]
