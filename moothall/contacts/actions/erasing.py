"""Emptying conversations of whom they were with, when their record is erased."""

from django.db.models import Q

from moothall.contacts.models import Contact
from moothall.messages import actions as messages
from moothall.persons.hooks import Erasing


def erase_contacts(gone: Erasing) -> int:
    """Empty the conversations with the person of a record: their name, number or address, and what was said.

    Also those that nobody had put to a record yet, if they came from an address or number by which only this record
    was reached. That there was a conversation, on which channel, when, and what came of it stays, to be counted.
    """
    council_id = gone.record.council_id
    reached = [*(email.lower() for email in gone.emails), *gone.phones]
    theirs = Q(record=gone.record) | Q(record=None, case__in=gone.case_ids)
    rows = Contact.objects.filter(
        theirs | Q(record=None, case=None, address__in=reached), council_id=council_id
    )
    messages.blank(
        council_id=council_id, numbers=list(rows.exclude(message=None).values_list("message", flat=True))
    )
    rows.filter(staff=None).update(by="")
    number: int = rows.update(given_name="", address="", summary="")
    return number
