"""Answers under way: kept after every page, sent home as a link, thrown away when they are old."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from moothall.councils.models import Council
from moothall.councils.rules import Viewer
from moothall.look import dates
from moothall.process import answers as language
from moothall.process import store
from moothall.process.errors import AnswersRefused
from moothall.process.files import Kept
from moothall.requests import queries, rules, telling, tokens
from moothall.requests.actions.forgetting import forget_files
from moothall.requests.errors import DraftGone, NoSuchService, ServiceClosed, TooManyLinks
from moothall.requests.models import Draft


@transaction.atomic
def answer(
    *,
    by: Viewer,
    council: Council,
    service: str,
    draft_id: int | None,
    key: str,
    value: Any,
    now: datetime,
    files: Sequence[Kept] = (),
) -> Draft:
    """Keep the answer to one question; the first answer begins the draft. `files` were kept for this question.

    What was answered before stays, also where it is hidden now: it comes back if the resident changes their mind.
    """
    draft = _to_change(council, service, draft_id) or _begin(by, council, service, now)
    definition = store.definition_of(draft.version_id)
    questions = rules.way(definition, draft.answers, now)
    if not rules.reachable(questions, key):
        raise NoSuchService(council=council.name, what="question")
    taken, wrong = language.check(definition, [key], {key: value}, rules.known(questions, now))
    if wrong:
        raise AnswersRefused({name: [error.sentence] for name, error in wrong.items()})
    draft.answers = {**draft.answers, key: taken[key]}
    draft.files = {**draft.files, **{file.sha256: _known(file, key) for file in files}}
    return _keep(draft, by, now)


@transaction.atomic
def give_contact(
    *, by: Viewer, council: Council, service: str, draft_id: int, raw: Mapping[str, Any], now: datetime
) -> Draft:
    """Keep who asks and how they can be reached."""
    draft = _needed(council, service, draft_id)
    definition = store.definition_of(draft.version_id)
    assert definition.service is not None
    draft.contact = rules.person(raw, definition.service.contact, rules.day_of(now)).plain
    return _keep(draft, by, now)


@transaction.atomic
def send_return_link(
    *, by: Viewer, council: Council, service: str, draft_id: int, email: str, now: datetime
) -> Draft:
    """Send the link back to a draft to an address; a few times at most, since anybody's address may be entered."""
    draft = _needed(council, service, draft_id)
    if draft.links_sent >= rules.MOST_LINKS:
        raise TooManyLinks(most=rules.MOST_LINKS)
    address = rules.address(email)
    draft.links_sent += 1
    if not tokens.opened(draft.token_sealed):
        fresh = tokens.new_token()
        draft.token_digest, draft.token_sealed = fresh.digest, fresh.sealed
    _keep(draft, by, now)
    definition = store.definition_of(draft.version_id)
    title = definition.service.title if definition.service else definition.title
    key = f"draft:{draft.submission}:return:{draft.links_sent}"
    telling.to_saver(draft, council, title, address, key, now)
    return draft


@transaction.atomic
def put_away(*, council: Council, service: str, draft_id: int) -> None:
    """Throw a draft away because its owner starts again."""
    if (draft := _to_change(council, service, draft_id)) is not None:
        draft.delete()
        forget_files(draft.files)


def _begin(by: Viewer, council: Council, service: str, now: datetime) -> Draft:
    offer = queries.offer(by, council, service)
    if not offer.is_open:
        raise closed(council, offer.words, now)
    token = tokens.new_token()
    return Draft(
        council=council,
        version_id=offer.version_id,
        service=service,
        token_digest=token.digest,
        token_sealed=token.sealed,
        submission=secrets.token_hex(20),
        created_at=now,
    )


def closed(council: Council, words: str, now: datetime) -> ServiceClosed:
    """Return the refusal of a service that the council has closed."""
    return ServiceClosed(
        words=words,
        council=council.name,
        until=dates.in_words(rules.expiry(now)),
    )


def _to_change(council: Council, service: str, draft_id: int | None) -> Draft | None:
    """Return the draft, held until the transaction ends, unless it was sent already."""
    if draft_id is None:
        return None
    rows = Draft.objects.select_for_update().filter(pk=draft_id, council_id=council.pk, service=service)
    found: Draft | None = rows.filter(request=None).first()
    return found


def _needed(council: Council, service: str, draft_id: int) -> Draft:
    draft = _to_change(council, service, draft_id)
    if draft is None:
        raise DraftGone(what="draft")
    return draft


def _keep(draft: Draft, by: Viewer, now: datetime) -> Draft:
    draft.owner_id = draft.owner_id or by.actor.user_id
    draft.changed_at, draft.expires_at = now, rules.expiry(now)
    draft.save()
    return draft


def _known(file: Kept, key: str) -> dict[str, Any]:
    return {"name": file.name, "content_type": file.content_type, "size": file.size, "field": key}
