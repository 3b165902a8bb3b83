"""Writing to whoever asked, and to those who follow: once each, in the transaction in which it happens, threaded.

Answers come back to the desk's mailbox and find their call by the numbers of these letters (`actions.arriving`).
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings

from moothall.councils.prepared import Slot, prepared
from moothall.councils.queries import council_numbered
from moothall.identity.models import User
from moothall.messages.actions import send_email
from moothall.messages.models import Mailbox
from moothall.messages.queries import mailbox_for
from moothall.process.engine.state import CaseState, Happening
from moothall.process.hooks import Change
from moothall.process.queries.asking import told_words
from moothall.servicedesk.models import Call, Follower
from moothall.servicedesk.models.calls import Channel, Ended
from moothall.servicedesk.queries.following import of_case
from moothall.servicedesk.rules import kinds, telling

PURPOSE = "desk"
RESOLVE = "resolve"
_FIRST = "started"
_RESOLVED = "resolved"
_CONVERSATION = frozenset({kinds.INCIDENT, kinds.REQUEST})
"""Kinds of call behind which stands somebody who waits for word: problems and tasks are the desk's own."""


@dataclass(frozen=True, slots=True)
class Addressee:
    """Somebody who is written to. `own` says whether the call is theirs, so that they have a page of it."""

    email: str
    name: str
    own: bool


def call_logged(call: Call, now: datetime) -> None:
    """Confirm a call to whoever asked, however it came; a letter is answered by `actions.arriving`."""
    if call.channel in {Channel.EMAIL, Channel.IMPORT} or call.automatic or call.kind not in _CONVERSATION:
        return
    if (call.submission or "").partition(":")[2].startswith("moved:"):
        return
    confirm(call, now)


def confirm(call: Call, now: datetime, *, answers: str = "", key: str = "") -> None:
    """Confirm a call to whoever asked. `answers` is the Message-ID of the letter by which it came."""
    said = telling.logged(
        call.priority,
        has_account=call.requester_id is not None,
        asked_by=call.asked_by.name if call.asked_by is not None else "",
    )
    whose = [each for each in addressees(call) if each.own]
    write(call, whose, said, key or f"desk:{call.case_id}:logged", now, answers=answers)


def confirm_to_asker(call: Call, now: datetime) -> None:
    """Confirm a call to whoever asked for it on behalf of its user."""
    asker = call.asked_by
    if asker is None or not asker.email:
        return
    to = Addressee(asker.email, asker.name, own=True)
    write(call, [to], telling.asked_for(call.caller_name), f"desk:{call.case_id}:asked", now)


def ask_to_approve(call: Call, approver: Addressee, terms: Iterable[tuple[str, str]], now: datetime) -> None:
    """Ask somebody to approve a request, with what it is and what it costs."""
    if not approver.email:
        return
    told = telling.Told(
        name=approver.name,
        council=council_numbered(call.council_id).name,
        reference=call.reference,
        headline=call.headline,
        link=f"{settings.PUBLIC_URL}/work/case/{call.reference}/",
        said=[f"{label}: {words}" for label, words in terms],
    )
    letter = telling.approval(told, call.caller_name, call.asked_by.name if call.asked_by else "")
    back = mailbox_for(PURPOSE, call.council_id)
    _post(call, approver, letter, f"desk:{call.case_id}:approve", now, back=back)


def follow_case(change: Change) -> None:
    """Say to whoever asked, and to followers, what has become of a call; what they did themselves they know."""
    kind = kinds.KIND.get(change.case.definition.key)
    if kind not in _CONVERSATION or any(each.kind == _FIRST for each in change.happened):
        return
    said = _said(change)
    if not said:
        return
    call: Call | None = of_case.first(case_id=change.case.id)
    if call is not None and call.ended != Ended.MOVED:
        write(call, addressees(call), said, f"desk:{change.case.id}:{change.seq}", change.now)


def _said(change: Change) -> list[str]:
    return [words for each in change.happened for words in _said_of(change.case, each)]


def _said_of(case: CaseState, each: Happening) -> list[str]:
    """Return what they hear of one event."""
    text = str(each.body.get("text", ""))
    if each.kind == "done":
        return _said_of_step(case, each, text)
    if each.kind == "late":
        return [telling.LATE] if each.step == RESOLVE else []
    if each.kind == "ended_early":
        return [telling.ENDED.get(each.outcome, ""), text]
    if each.kind == "reopened":
        return [telling.REOPENED]
    return [text] if each.kind == "wrote" else []


def _said_of_step(case: CaseState, each: Happening, text: str) -> list[str]:
    words = told_words(case.definition, each.step, each.outcome, case.data)
    if not words:
        return []
    if each.outcome == _RESOLVED:
        return telling.resolved([words], str(case.data.get("fix") or ""))
    return [words, text]


def addressees(call: Call) -> list[Addressee]:
    """Return everybody who hears of a call, each once: whoever asked, if they can be reached, and its followers."""
    found: dict[str, Addressee] = {}
    if call.requester_id is not None:
        account: User | None = _open_account.first(number=call.requester_id)
        if account is not None and account.email:
            found[account.email.lower()] = Addressee(account.email, account.name, own=True)
    elif call.caller_email:
        found[call.caller_email] = Addressee(call.caller_email, call.caller_name, own=True)
    for each in _followers.all(call_id=call.pk):
        if each.user is None or each.user.is_active:
            asked = each.user_id is not None and each.user_id == call.asked_by_id
            found.setdefault(each.email.lower(), Addressee(each.email, each.name, own=asked))
    return list(found.values())


@prepared
def _open_account(number: Slot) -> Any:
    return User.objects.filter(pk=number, is_active=True)


@prepared
def _followers(call_id: Slot) -> Any:
    return Follower.objects.filter(call_id=call_id).select_related("user").order_by("id")


def write(
    call: Call,
    to: Iterable[Addressee],
    said: Sequence[str],
    key: str,
    now: datetime,
    *,
    answers: str = "",
) -> int:
    """Write the same to several people, each in a letter of their own; return how many letters that makes."""
    people = [each for each in to if each.email]
    if not people:
        return 0
    back = mailbox_for(PURPOSE, call.council_id)
    council = council_numbered(call.council_id)
    for each in people:
        page = "mine" if each.own and call.requester_id is not None else "call"
        told = telling.Told(
            name=each.name,
            council=council.name,
            reference=call.reference,
            headline="" if call.circle else call.headline,
            link=f"{settings.PUBLIC_URL}/work/desk/{page}/{call.reference}/",
            said=said,
            answers=back is not None,
        )
        letter = telling.letter(told)
        _post(call, each, letter, key, now, back=back, answers=answers)
    return len(people)


def _post(
    call: Call,
    to: Addressee,
    letter: telling.Letter,
    key: str,
    now: datetime,
    *,
    back: Mailbox | None,
    answers: str = "",
) -> None:
    """Put a letter about a call into the outbox, once for a key and a person; answers go to `back`."""
    send_email(
        council_id=call.council_id,
        about=f"case:{call.case_id}",
        to=to.email,
        subject=letter.subject,
        body=letter.body,
        key=f"{key}:{_digest(to.email)}"[:180],
        now=now,
        answers=answers,
        back=back,
    )


def _digest(address: str) -> str:
    return hashlib.sha256(address.lower().encode()).hexdigest()[:16]
