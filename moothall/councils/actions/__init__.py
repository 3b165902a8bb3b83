"""Changes of the directory. Each finds, asks the gate, asks the rule, changes, and writes the journal."""

from moothall.councils.actions.agreements import end_agreement, sign_agreement
from moothall.councils.actions.calendars import add_closing_day, remove_closing_day, set_calendar
from moothall.councils.actions.founding import add_council, found_partnership, set_up_council
from moothall.councils.actions.people import add_staff, add_team, end_staff, join_team, leave_team
from moothall.councils.actions.powers import grant, revoke

__all__ = [
    "add_closing_day",
    "add_council",
    "add_staff",
    "add_team",
    "end_agreement",
    "end_staff",
    "found_partnership",
    "grant",
    "join_team",
    "leave_team",
    "remove_closing_day",
    "revoke",
    "set_calendar",
    "set_up_council",
    "sign_agreement",
]
