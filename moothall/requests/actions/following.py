"""What somebody does with a request they made: answers a question, adds something, keeps it, asks for its link."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from moothall.contacts import actions as contacts
from moothall.councils.models import Council
from moothall.councils.rules import Viewer
from moothall.journal import actions as journal
from moothall.plain.references import NotAReference, normalise
from moothall.process import actions as process
from moothall.process import store
from moothall.process.engine.state import CaseState
from moothall.process.files import Kept
from moothall.process.models import Case
from moothall.process.rules import WITHDRAWN
from moothall.requests import letters, queries, rules, telling
from moothall.requests.errors import CommentRefused, KeptBySomebody, RequestClosed
from moothall.requests.models import Request


@transaction.atomic
def reply(
    *,
    by: Viewer,
    council: Council,
    reference: str,
    token: str | None,
    step: str,
    expected: int,
    answers: Mapping[str, Any],
    now: datetime,
    outcome: str = "",
    text: str = "",
    files: Mapping[str, list[Kept]] | None = None,
) -> CaseState:
    """Answer a question that was put back. `expected` is what the resident saw: nothing newer is overwritten."""
    request = queries.request_of(by, council, reference, token)
    who = rules.as_requester(by, request.name, council.pk)
    case = process.act(
        by=who,
        case_id=request.case_id,
        step=step,
        expected=expected,
        now=now,
        answers=answers,
        outcome=outcome,
        text=text,
        as_requester=True,
    )
    for key, kept in (files or {}).items():
        for file in kept:
            process.attach(by=who, case_id=case.id, file=file, now=now, field=key, as_requester=True)
    _contact(who, request, f"Answered “{case.definition.steps[step].title}”", now)
    return case


@transaction.atomic
def comment(
    *,
    by: Viewer,
    council: Council,
    reference: str,
    token: str | None,
    text: str,
    now: datetime,
    file: Kept | None = None,
) -> Request:
    """Tell the staff something more, in words, by a file, or both."""
    request = queries.request_of(by, council, reference, token)
    if request.case.status != "open":
        raise RequestClosed(reference=request.case.reference)
    words = text.strip()
    if not words and file is None:
        why = "Enter what you want to tell us, or choose a file."
        raise CommentRefused({"text": [why]}, why=why)
    who = rules.as_requester(by, request.name, council.pk)
    if words:
        process.note(by=who, case_id=request.case_id, text=words, now=now, as_requester=True)
    if file is not None:
        process.attach(by=who, case_id=request.case_id, file=file, now=now, as_requester=True)
    _contact(who, request, words or "Sent a file", now)
    return request


def _contact(who: Viewer, request: Request, words: str, now: datetime) -> None:
    """Record that whoever asked came back by the website."""
    seq = Case.objects.values_list("seq", flat=True).get(pk=request.case_id)
    contacts.on_case(
        by=who,
        case_id=request.case_id,
        channel="web",
        outcome="added",
        submission=f"case:{request.case_id}:seq:{seq}:resident",
        now=now,
        address=request.email or request.phone,
        given_name=request.name,
        summary=words,
    )


@transaction.atomic
def withdraw(
    *, by: Viewer, council: Council, reference: str, token: str | None, text: str, now: datetime
) -> Request:
    """Take a request back that is not needed any more; no reason has to be given."""
    request = queries.request_of(by, council, reference, token)
    process.end_case(
        by=rules.as_requester(by, request.name, council.pk),
        case_id=request.case_id,
        ending=WITHDRAWN,
        expected=None,
        now=now,
        text=text,
        as_requester=True,
    )
    return request


@transaction.atomic
def keep_in_account(*, by: Viewer, council: Council, reference: str, token: str, now: datetime) -> Request:
    """Keep a request that one has the link of in one's own account."""
    request = queries.request_of(by, council, reference, token)
    if by.actor.user_id is None or request.requester_id == by.actor.user_id:
        return request
    if request.requester_id is not None:
        raise KeptBySomebody(reference=request.case.reference)
    if not Request.objects.filter(pk=request.pk, requester=None).update(requester=by.actor.user_id):
        raise KeptBySomebody(reference=request.case.reference)  # somebody else was a moment faster
    request.requester_id = by.actor.user_id
    Case.objects.filter(pk=request.case_id).update(requester_id=by.actor.user_id)
    journal.write(
        by=by.actor,
        what="request.kept_in_account",
        about=f"case:{request.case_id}",
        council_id=council.pk,
        now=now,
    )
    return request


@transaction.atomic
def send_link_again(*, council: Council, reference: str, email: str, now: datetime) -> None:
    """Send the link of a request to the address it was made with, at most once in a while.

    Nothing is returned or refused, whether the reference exists, the address fits, or neither.
    """
    try:
        written = normalise(reference)
    except NotAReference:
        return
    rows = Request.objects.select_for_update(of=("self",)).filter(
        case__reference=written, case__council_id=council.pk, council_id=council.pk
    )
    request = rows.select_related("case").first()
    if request is None or not request.email or request.email.lower() != email.strip().lower():
        return
    if request.link_sent_at is not None and now - request.link_sent_at < rules.LINK_PAUSE:
        return
    case = store.load(request.case_id)
    if case is None:
        return
    request.link_sent_at = now
    request.save(update_fields=["link_sent_at"])
    letter = letters.new_link(telling.news_of(request, case, council, now))
    telling.to_resident(request, case, letter, f"case:{case.id}:link:{now.timestamp():.0f}", now)
