"""Writes: working out a pack, commenting it, signing it off, publishing it, and comparing it later."""

from moothall.servicedesk.actions.packs.agreeing import comment, sign_off, take_back_sign_off
from moothall.servicedesk.actions.packs.comparing import compare
from moothall.servicedesk.actions.packs.publishing import publish
from moothall.servicedesk.actions.packs.settings import set_level, state_users
from moothall.servicedesk.actions.packs.working_out import work_out, work_out_before

__all__ = [
    "comment",
    "compare",
    "publish",
    "set_level",
    "sign_off",
    "state_users",
    "take_back_sign_off",
    "work_out",
    "work_out_before",
]
