"""The work of fetching mail: each mailbox by itself, each letter kept before anything else is done about it."""

import logging
import time
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_tasks import task

from moothall.journal import actions as journal
from moothall.journal.jobs import manner
from moothall.journal.models import Job
from moothall.messages import actions, imap, rules
from moothall.messages.imap import Box, NotGiven, Trouble
from moothall.messages.models import Mailbox

log = logging.getLogger("moothall.messages.fetching")

AT_ONCE = 100
PATIENCE = 3  # failures, before a letter that the server never gives is passed over
LONGEST = 60.0  # seconds that one mailbox may hold a worker; the rest comes a minute later
_TOO_LARGE = (
    "This letter has {size} MB, more than the {limit} MB that are taken. Only its head was fetched; "
    "read it in the mailbox {address}."
)


def post_all(now: datetime) -> int:
    """Post a job for each mailbox that is fetched by IMAP, unless one is there already; return 0: a minute will do."""
    boxes = Mailbox.objects.filter(kind=Mailbox.Kind.IMAP, ended_at=None).exclude(not_before__gt=now)
    for number, council_id in boxes.values_list("pk", "council_id"):
        key = f"fetch:{number}"
        with transaction.atomic():
            # one row for each mailbox, not one each minute
            Job.objects.filter(key=key, state__in=[Job.State.DONE, Job.State.DEAD]).delete()
            journal.post(task=fetch, key=key, args={"number": number}, council_id=council_id, now=now)
    return 0


@task()
@manner(attempts=3)
def fetch(*, number: int) -> int:
    """Fetch what is new in one mailbox; return how many letters were kept."""
    mailbox: Mailbox | None = Mailbox.objects.filter(pk=number, ended_at=None).first()
    if mailbox is None:
        return 0
    try:
        kept = _fetch(mailbox)
    except Trouble as trouble:
        _failed(mailbox, str(trouble), timezone.now())
        return 0
    Mailbox.objects.filter(pk=number).update(
        last_seen_at=timezone.now(), last_error="", failures=0, not_before=None
    )
    return kept


def _fetch(mailbox: Mailbox) -> int:
    began, kept = time.monotonic(), 0
    with imap.opened(mailbox) as box:
        _begin_again_if_renumbered(mailbox, box)
        while found := imap.new_letters(box, mailbox.last_uid, AT_ONCE):
            for uid in found:
                kept += _take(mailbox, box, uid)
                if time.monotonic() - began > LONGEST:
                    return kept
    return kept


def _begin_again_if_renumbered(mailbox: Mailbox, box: Box) -> None:
    """Look at every letter again if the server gave them new numbers; what we hold already is known by its digest."""
    if mailbox.uidvalidity != box.uidvalidity:
        mailbox.uidvalidity, mailbox.last_uid = box.uidvalidity, 0
        mailbox.save(update_fields=["uidvalidity", "last_uid"])


def _take(mailbox: Mailbox, box: Box, uid: int) -> int:
    """Keep one letter, and only then mark it as seen; return 1, or 0 if it is gone."""
    raw, reason = _letter(mailbox, box, uid)
    with transaction.atomic():
        if raw is not None:
            actions.keep(mailbox=mailbox, raw=raw, now=timezone.now(), is_whole=not reason, reason=reason)
        Mailbox.objects.filter(pk=mailbox.pk, uidvalidity=box.uidvalidity).update(last_uid=uid)
    mailbox.last_uid = uid
    if raw is None:
        return 0
    if not reason:
        imap.mark_seen(box, uid)
    return 1


def _letter(mailbox: Mailbox, box: Box, uid: int) -> tuple[bytes | None, str]:
    """Return a letter and an empty reason; or what can be had of it, and why it is not whole."""
    limit: int = settings.MAIL_IN_LIMIT
    try:
        size = imap.size_of(box, uid) or 0
        if size <= limit:
            return imap.letter(box, uid), ""
        words = _TOO_LARGE.format(size=size // 2**20, limit=limit // 2**20, address=mailbox.address)
        return imap.letter(box, uid, only_head=True), words
    except NotGiven as trouble:
        if mailbox.failures < PATIENCE:
            raise
        head = f"Subject: Letter {uid} of this mailbox\r\nX-Numbers: {box.uidvalidity} {uid}\r\n\r\n"
        return head.encode(), f"{trouble} Read it in the mailbox {mailbox.address}."


def _failed(mailbox: Mailbox, words: str, now: datetime) -> None:
    failures = mailbox.failures + 1
    log.warning("mailbox %d could not be fetched, for the %d. time", mailbox.pk, failures)
    Mailbox.objects.filter(pk=mailbox.pk).update(
        last_error=rules.one_line(words, 500), failures=failures, not_before=now + rules.patience(failures)
    )
