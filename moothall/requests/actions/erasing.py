"""Emptying requests and drafts of whoever asked, when their record is erased."""

import secrets

from django.db.models import Q

from moothall.persons.hooks import Erasing
from moothall.requests.actions.forgetting import forget_files
from moothall.requests.models import Draft, Request


def erase_requests(gone: Erasing) -> int:
    """Empty the requests of the cases of a record: who asked, how to reach them, and the link by which they follow it.

    That something was asked for, by which channel and when, stays. Drafts of theirs are thrown away, sent or not.
    """
    council_id = gone.record.council_id
    rows = Request.objects.filter(council_id=council_id, case__in=gone.case_ids)
    drafts = Draft.objects.filter(
        Q(request__in=rows) | Q(request=None) & _theirs(gone), council_id=council_id
    )
    digests = {digest for files in drafts.values_list("files", flat=True) for digest in files}
    drafts.delete()
    number: int = rows.update(
        name="",
        email="",
        phone="",
        prefers="",
        requester=None,
        token_digest=secrets.token_hex(32),
        token_sealed="",
    )
    forget_files({*gone.files, *digests})
    return number


def _theirs(gone: Erasing) -> Q:
    """Return the condition that a draft names an address or a number by which they were ever reached."""
    named = Q(pk__in=[])
    for email in gone.emails:
        named |= Q(contact__email__iexact=email)
    for phone in gone.phones:
        named |= Q(contact__phone=phone)
    return named
