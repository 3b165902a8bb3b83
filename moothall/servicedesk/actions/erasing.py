"""Emptying calls of who asked, and of what they said of the help they had, when their record is erased."""

import secrets

from django.db.models import Q

from moothall.messages import actions as messages
from moothall.persons.hooks import Erasing
from moothall.servicedesk.actions.satisfaction import digest
from moothall.servicedesk.models import Call, Follower, Survey


def erase_calls(gone: Erasing) -> int:
    """Empty the closed calls of the person of a record, and return how many: their name, address and words of surveys.

    They are those of the record's cases, and those asked from an address by which only this record was reached. That
    there was a call, and what figures they gave, stays, to be counted. The links to surveys open nothing any more, and
    they hear of no call that they followed.
    """
    council_id = gone.record.council_id
    wrote = Q(pk__in=[])
    for email in gone.emails:
        wrote |= Q(caller_email__iexact=email)
    found = Call.objects.filter(wrote | Q(case__in=gone.case_ids), council_id=council_id, state="closed")
    calls = list(found.values_list("pk", flat=True))
    surveys = Survey.objects.filter(call__in=calls)
    messages.blank(council_id=council_id, about=[f"survey:{each.pk}" for each in surveys])
    for survey in surveys:
        survey.words, survey.secret_sha256 = "", digest(secrets.token_urlsafe(24))
        survey.save(update_fields=["words", "secret_sha256"])
    Follower.objects.filter(council_id=council_id, email__in=[each.lower() for each in gone.emails]).delete()
    number: int = Call.objects.filter(pk__in=calls).update(caller_name="", caller_email="", requester=None)
    return number
