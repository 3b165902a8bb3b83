"""Making a request: the same submission twice is one request."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction

from moothall.contacts import actions as contacts
from moothall.contacts.permissions import Can as ContactsCan
from moothall.contacts.queries.seeing import contact_seen
from moothall.councils import gate
from moothall.councils.models import Council
from moothall.councils.rules import Viewer
from moothall.journal import actions as journal
from moothall.persons.actions import casework
from moothall.persons.actions.intake import take_in
from moothall.persons.rules.told import facts_told
from moothall.process import actions as process
from moothall.process import store
from moothall.process.definition import named_circle
from moothall.process.engine.state import CaseState
from moothall.process.files import Kept
from moothall.requests import letters, queries, rules, telling, tokens
from moothall.requests.actions.drafts import closed
from moothall.requests.actions.forgetting import forget_files
from moothall.requests.errors import DraftGone, NotComplete
from moothall.requests.models import Channel, Draft, Prefers, Request
from moothall.requests.permissions import Can
from moothall.requests.rules import Person


@dataclass(frozen=True, slots=True)
class Sent:
    """What the confirmation says of a request that was made, now or a moment ago."""

    request: Request
    reference: str
    token: str


@transaction.atomic
def submit(*, by: Viewer, council: Council, service: str, draft_id: int, now: datetime) -> Sent:
    """Make a request of a draft, with the version it was begun with. Sent twice, the first request is the answer."""
    rows = Draft.objects.select_for_update().filter(pk=draft_id, council_id=council.pk, service=service)
    draft = rows.first()
    if draft is None:
        raise DraftGone(what="draft")
    if draft.request_id is not None:
        return _sent(Request.objects.select_related("case").get(pk=draft.request_id))
    if (words := queries.closing(council.pk, service)) is not None:
        raise closed(council, words, now)
    definition = store.definition_of(draft.version_id)
    questions = rules.way(definition, draft.answers, now)
    assert definition.service is not None
    if left := next((each for each in questions if not each.dealt_with), None):
        raise NotComplete({left.key: ["Answer this question."]}, ask=left.field.name, key=left.key)
    person = rules.person(draft.contact, definition.service.contact, rules.day_of(now))
    given = rules.counted(questions)
    who = rules.as_requester(by, person.name, council.pk)
    case = process.start_case(
        by=who,
        council=council,
        process=service,
        now=now,
        answers=given,
        requester_id=by.actor.user_id,  # whoever sends it, not who sent them the link back
        words=(person.name, person.email, person.phone),
        version_id=draft.version_id,
    )
    for key, file in _files(draft, given):
        process.attach(by=who, case_id=case.id, file=file, now=now, field=key, as_requester=True)
    forget_files(draft.files)  # those taken out again on the way
    request = _make(case, person, Channel.WEB, draft.submission, now)
    _whose(who, request, case, now, user_id=by.actor.user_id)
    draft.request, draft.answers, draft.contact, draft.files = request, {}, {}, {}
    draft.save(update_fields=["request", "answers", "contact", "files"])
    return _announce(who, request, case, council, now)


@transaction.atomic
def raise_for_resident(
    *,
    by: Viewer,
    council: Council,
    service: str,
    answers: Mapping[str, Any],
    contact: Mapping[str, Any],
    channel: str,
    submission: str,
    now: datetime,
    requester_id: int | None = None,
    files: Mapping[str, Sequence[Kept]] | None = None,
    record_id: int | None = None,
    came_of: int | None = None,
) -> Sent:
    """Make a request for somebody who called, came or wrote. `submission` is the form's key: sent twice, made once.

    `files` were kept for the questions that they answer; `record_id` is the council's record of the person, if whoever
    raises it knows who that is, and `came_of` the contact that became the request, if it is recorded already.
    """
    gate.allow(by, Can.RAISE, council.pk)
    made = Request.objects.select_related("case").filter(council_id=council.pk, submission=submission)
    if already := made.first():
        return _sent(already)
    offer = queries.offer(by, council, service)
    if not offer.is_open:
        raise closed(council, offer.words, now)
    person = rules.person(contact, offer.service.contact, rules.day_of(now))
    case = process.start_case(
        by=by,
        council=council,
        process=service,
        now=now,
        answers=answers,
        requester_id=requester_id,
        words=(person.name, person.email, person.phone),
        version_id=offer.version_id,
    )
    for key, kept in (files or {}).items():
        for file in kept:
            process.attach(by=by, case_id=case.id, file=file, now=now, field=key)
    request = _make(case, person, Channel(channel), submission, now)
    if record_id is not None:
        casework.put_case_to(by=by, case_id=case.id, record_id=record_id, now=now)
    else:
        _whose(by, request, case, now)
    return _announce(by, request, case, council, now, came_of=came_of)


def _make(case: CaseState, person: Person, channel: Channel, submission: str, now: datetime) -> Request:
    token = tokens.new_token()
    request: Request = Request.objects.create(
        council_id=case.council_id,
        case_id=case.id,
        service=case.definition.key,
        requester_id=case.requester_id,
        name=person.name,
        email=person.email,
        phone=person.phone,
        prefers=Prefers(person.prefers) if person.prefers else "",
        channel=channel,
        token_digest=token.digest,
        token_sealed=token.sealed,
        submission=submission,
        created_at=now,
    )
    return request


def _whose(
    by: Viewer, request: Request, case: CaseState, now: datetime, *, user_id: int | None = None
) -> None:
    """Let the register say whose the request is. What is private has no name in the register."""
    if named_circle(case.circle):
        return
    facts = facts_told(
        name=request.name,
        email=request.email,
        phone=request.phone,
        place=rules.home(case.definition, case.data),
    )
    take_in(
        by=by,
        case_id=case.id,
        council_id=case.council_id,
        facts=facts,
        source=f"request:{case.reference}",
        now=now,
        user_id=user_id,
    )


def _announce(
    by: Viewer,
    request: Request,
    case: CaseState,
    council: Council,
    now: datetime,
    *,
    came_of: int | None = None,
) -> Sent:
    """Record the request and the contact in which it was made, and write to whoever made it."""
    journal.write(
        by=by.actor,
        what="request.made",
        about=f"case:{case.id}",
        council_id=council.pk,
        now=now,
        facts={"service": request.service, "channel": str(request.channel), "request": request.pk},
    )
    _contact(by, request, case, came_of, now)
    news = telling.news_of(request, case, council, now)
    first = case.steps[case.definition.first.key]
    said = telling.said(case, first.key, first.outcome, "") if first.outcome else []
    letter = letters.received(replace(news, said=said))
    telling.to_resident(request, case, letter, f"case:{case.id}:received", now)
    return Sent(request, case.reference, telling.token_of(request))


def _contact(by: Viewer, request: Request, case: CaseState, came_of: int | None, now: datetime) -> None:
    """Say of the contact that is recorded that it became this request; else record that there was one.

    One of another council stays what it is, and so does one for whoever may not put contacts to cases.
    """
    if came_of is not None and gate.may(by, ContactsCan.SORT, case.council_id):
        contact = contact_seen(by, came_of)
        if contact.council_id == case.council_id:
            contacts.put_to(
                by=by, contact_id=contact.pk, record_id=None, case_id=case.id, now=now, outcome="request"
            )
            return
    contacts.on_case(
        by=by,
        case_id=case.id,
        channel=str(request.channel),
        outcome="request",
        submission=f"case:{case.id}:made",
        now=now,
        address=request.email if request.prefers == Prefers.EMAIL else request.phone or request.email,
        given_name=request.name,
    )


def _sent(request: Request) -> Sent:
    return Sent(request, request.case.reference, telling.token_of(request))


def _files(draft: Draft, given: Mapping[str, Any]) -> list[tuple[str, Kept]]:
    """Return the files that the answers name, as they were kept; a name that was not kept here is none of ours."""
    found = []
    for sha256, known in draft.files.items():
        named = given.get(known["field"])
        if isinstance(named, list) and any(
            isinstance(each, dict) and each.get("id") == sha256 for each in named
        ):
            kept = Kept(sha256, known["name"], known["content_type"], known["size"])
            found.append((known["field"], kept))
    return found
