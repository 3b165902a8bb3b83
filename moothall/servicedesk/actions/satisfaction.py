"""Asking whoever was helped how it was, and taking their answer: by a link that only they were sent."""

import hashlib
import secrets
from datetime import datetime

from django.conf import settings
from django.db import transaction

from moothall.councils import gate
from moothall.councils.models import Council
from moothall.councils.rules import Viewer
from moothall.journal import actions as journal
from moothall.messages.actions import send_email
from moothall.servicedesk.errors.packs import AnswerKept, NoSuchQuestion, OwnWork, PackRefused
from moothall.servicedesk.models import Call, Survey
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries.satisfaction import question, survey_seen, worked_on
from moothall.servicedesk.rules import satisfaction as rules

_HIGHEST, _MOST_CONTENT = 10, 5


def ask_how_it_was(call: Call, now: datetime) -> None:
    """Hear that a call was closed, and ask its user, if they are to be asked."""
    closed = rules.Closed(
        call.kind, call.channel, call.ended, call.automatic, call.resolved_at is not None, call.caller_email
    )
    if not rules.is_asked(closed, _asked_before(call), now) or Survey.objects.filter(call=call).exists():
        return
    secret = secrets.token_urlsafe(24)
    survey = Survey.objects.create(
        call=call, council_id=call.council_id, secret_sha256=digest(secret), asked_at=now
    )
    code = Council.objects.values_list("code", flat=True).get(pk=call.council_id)
    subject, body = rules.letter(
        headline=call.headline,
        reference=call.reference,
        link=f"{settings.PUBLIC_URL}/{code}/rate/{secret}/",
        name=call.caller_name,
    )
    send_email(
        council_id=call.council_id,
        about=f"survey:{survey.pk}",
        to=call.caller_email,
        subject=subject,
        body=body,
        key=f"survey:{survey.pk}",
        now=now,
    )


def digest(secret: str) -> str:
    """Return what is kept of the secret of a link."""
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def answer(
    *,
    by: Viewer,
    council: Council,
    secret: str,
    recommend: int | None,
    content: int | None,
    words: str,
    now: datetime,
) -> Survey:
    """Take an answer, or another one within a week. Whoever worked on the call is refused, link or not."""
    found = question(council, secret)
    survey: Survey = Survey.objects.select_for_update(of=("self",)).get(pk=found.pk)
    if worked_on(by, found.call):
        raise OwnWork
    if not rules.can_be_answered(survey.asked_at, survey.answered_at, now):
        raise AnswerKept if survey.answered_at else NoSuchQuestion
    _check(recommend, content)
    is_new = survey.answered_at is None
    survey.recommend, survey.content = recommend, content
    survey.words = words.replace("\0", "").strip()[: rules.MOST_WORDS]
    survey.answered_at = survey.answered_at or now
    survey.read_at = None
    survey.save()
    journal.write(
        by=by.actor,
        what="servicedesk.survey_answered" if is_new else "servicedesk.survey_changed",
        about=f"survey:{survey.pk}",
        council_id=survey.council_id,
        now=now,
        facts={"call": survey.call_id},
    )
    return survey


def _check(recommend: int | None, content: int | None) -> None:
    wrong: dict[str, list[str]] = {}
    if recommend is None or not 0 <= recommend <= _HIGHEST:
        wrong["recommend"] = ["Select a number from 0 to 10."]
    if content is None or not 1 <= content <= _MOST_CONTENT:
        wrong["content"] = ["Select how content you were."]
    if wrong:
        raise PackRefused(wrong, why=next(iter(wrong.values()))[0])


@transaction.atomic
def mark_read(*, by: Viewer, survey_id: int, now: datetime) -> Survey:
    """Say that the team has read an answer."""
    survey = survey_seen(by, survey_id)
    gate.allow(by, Can.SEE_SATISFACTION, survey.council_id)
    if survey.read_at is None:
        survey.read_at = now
        survey.save(update_fields=["read_at"])
        journal.write(
            by=by.actor,
            what="servicedesk.survey_read",
            about=f"survey:{survey.pk}",
            council_id=survey.council_id,
            now=now,
            facts={"call": survey.call_id},
        )
    return survey


def _asked_before(call: Call) -> list[datetime]:
    rows = Survey.objects.filter(
        council_id=call.council_id,
        call__caller_email=call.caller_email,
        call__kind__in=["incident", "request"],
    )
    return list(rows.order_by("-asked_at").values_list("asked_at", flat=True)[:1])
