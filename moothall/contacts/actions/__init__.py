"""Writes: conversations as they were, whose they are, and what came of them."""

from moothall.contacts.actions.call_backs import Promised, promise
from moothall.contacts.actions.recording import (
    mark_avoidable,
    on_case,
    record_contact,
    settle,
)
from moothall.contacts.actions.sorting import answer, put_to, set_aside

__all__ = [
    "Promised",
    "answer",
    "mark_avoidable",
    "on_case",
    "promise",
    "put_to",
    "record_contact",
    "set_aside",
    "settle",
]
