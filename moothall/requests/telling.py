"""Sending what a resident or a team is told, in the transaction in which it happens."""

from datetime import datetime

from django.conf import settings

from moothall.councils.models import Council, Team
from moothall.councils.queries import team_serving
from moothall.messages.actions import send_email
from moothall.process import kinds
from moothall.process.definition import RESIDENT
from moothall.process.engine.state import CaseState, ClockRun
from moothall.requests import letters, tokens
from moothall.requests.letters import Letter, News, Sender
from moothall.requests.models import Draft, Request


def follow_link(council: Council, reference: str, token: str) -> str:
    """Return the address at which somebody who has the token follows a request."""
    return f"{settings.PUBLIC_URL}/{council.code}/follow/{reference}/{token}/"


def return_link(council: Council, token: str) -> str:
    """Return the address at which somebody goes on with saved answers."""
    return f"{settings.PUBLIC_URL}/{council.code}/return/{token}/"


def sender(council: Council) -> Sender:
    """Return who writes."""
    return Sender(council.name, council.contact_email, council.contact_phone)


def token_of(request: Request) -> str:
    """Return the secret of a request's link. If the house's key was lost, a new one is made: old links end."""
    if raw := tokens.opened(request.token_sealed):
        return raw
    fresh = tokens.new_token()
    request.token_digest, request.token_sealed = fresh.digest, fresh.sealed
    request.save(update_fields=["token_digest", "token_sealed"])
    return fresh.raw


def news_of(request: Request, case: CaseState, council: Council, now: datetime) -> News:
    """Return what every letter about a request says."""
    running = [run for run in case.clocks.values() if run.state == "running"]
    first: ClockRun | None = min(running, key=lambda run: run.due_at, default=None)
    service = case.definition.service
    return News(
        sender=sender(council),
        service=service.title if service else case.definition.title,
        reference=case.reference,
        link=follow_link(council, case.reference, token_of(request)),
        name=request.name,
        next=next_words(case),
        promise=letters.promise(case.definition.clocks[first.key].title, first.due_at, now)
        if first and first.due_at > now
        else "",
    )


def next_words(case: CaseState) -> str:
    """Return what happens next, as the process says it of the first step that waits."""
    waiting = case.open_steps()
    mine = [run for run in waiting if run.asks_requester]
    for run in [*mine, *waiting]:
        if words := case.definition.steps[run.key].next:
            return letters.filled(words, case.definition, case.data)
    return ""


def said(case: CaseState, step: str, outcome: str, text: str) -> list[str]:
    """Return what the resident is told of an outcome: the words of the process, and what somebody wrote to it."""
    chosen = case.definition.steps[step].outcomes[outcome]
    if RESIDENT not in chosen.tell:
        return []
    words = letters.filled(chosen.say or f"{chosen.title}.", case.definition, case.data)
    return [words, text] if text else [words]


def shown(case: CaseState, step: str) -> list[tuple[str, str]]:
    """Return the facts that a step shows to whoever does it."""
    fields = case.definition.fields
    return [
        (fields[key].name, kinds.words(fields[key], case.data[key]))
        for key in case.definition.steps[step].show
        if case.data.get(key) is not None
    ]


def to_resident(request: Request, case: CaseState, letter: Letter, key: str, now: datetime) -> None:
    """Send a letter to whoever asked, if they gave an e-mail address."""
    if request.email:
        send_email(
            council_id=case.council_id,
            about=f"case:{case.id}",
            to=request.email,
            subject=letter.subject,
            body=letter.body,
            key=key,
            now=now,
        )


def to_team(case: CaseState, team_id: int | None, letter: Letter, key: str, now: datetime) -> None:
    """Send a letter to a team, if it has an e-mail address."""
    address = Team.objects.filter(id=team_id).values_list("email", flat=True).first() if team_id else ""
    if address:
        send_email(
            council_id=case.council_id,
            about=f"case:{case.id}",
            to=address,
            subject=letter.subject,
            body=letter.body,
            key=f"{key}:team:{team_id}",
            now=now,
        )


def team_named(case: CaseState, audience: str, step: str = "") -> int | None:
    """Return the team that a process means: `team` is whoever has the step, any other word is a function."""
    if audience == "team":
        run = case.steps.get(step)
        waiting = [run] if run is not None and run.state == "open" else case.open_steps()
        return next((each.team_id for each in waiting if each.team_id), None)
    return team_serving(audience, case.council_id)


def to_saver(draft: Draft, council: Council, service: str, to: str, key: str, now: datetime) -> None:
    """Send the link back to saved answers."""
    raw = tokens.opened(draft.token_sealed)
    letter = letters.saved(
        sender=sender(council), service=service, link=return_link(council, raw), until=draft.expires_at
    )
    send_email(
        council_id=draft.council_id,
        about=f"draft:{draft.pk}",
        to=to,
        subject=letter.subject,
        body=letter.body,
        key=key,
        now=now,
    )
