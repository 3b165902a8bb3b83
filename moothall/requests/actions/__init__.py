"""Writes: what residents, and advisers for them, do with drafts and requests."""

from moothall.requests.actions.drafts import answer, give_contact, put_away, send_return_link
from moothall.requests.actions.following import comment, keep_in_account, reply, send_link_again, withdraw
from moothall.requests.actions.forgetting import forget_old
from moothall.requests.actions.offering import switch_service
from moothall.requests.actions.submitting import Sent, raise_for_resident, submit

__all__ = [
    "Sent",
    "answer",
    "comment",
    "forget_old",
    "give_contact",
    "keep_in_account",
    "put_away",
    "raise_for_resident",
    "reply",
    "send_link_again",
    "send_return_link",
    "submit",
    "switch_service",
    "withdraw",
]
