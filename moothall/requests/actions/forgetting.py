"""Throwing away what nobody came back to: drafts after 28 days, and files that nothing names any more."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from moothall.councils import scope
from moothall.process import files
from moothall.process.models import Attachment
from moothall.requests.models import Draft

AT_ONCE = 200


def forget_old(now: datetime) -> int:
    """Delete drafts that nobody came back to, with their files; return how many."""
    with scope.everything("drafts of every council are kept for 28 days"), transaction.atomic():
        old = list(Draft.objects.filter(expires_at__lte=now).order_by("expires_at")[:AT_ONCE])
        Draft.objects.filter(pk__in=[each.pk for each in old]).delete()
        forget_files(digest for each in old for digest in each.files)
    return len(old)


def forget_files(digests: Iterable[str]) -> None:
    """Throw away files that no case and no draft names, once this transaction is kept.

    A file that came in today stays: the draft or case it was sent to again may not be kept yet.
    """
    if wanted := sorted(set(digests)):
        transaction.on_commit(lambda: _forget(wanted))


def _forget(digests: list[str]) -> None:
    with scope.everything("the same file may be in a draft or a case of any council"):
        for digest in digests:
            in_case = Attachment.objects.filter(sha256=digest).exists()
            if not in_case and not Draft.objects.filter(files__has_key=digest).exists():
                files.forget(digest)
