"""Sending what a resident or a team is told, in the transaction in which it happens."""

from datetime import datetime

from django.conf import settings

from moothall.councils.models import Council, Team
from moothall.councils.queries import team_serving
from moothall.messages.actions import send_email
from moothall.process import kinds
from moothall.process.definition import named_circle
from moothall.process.engine.state import CaseState, ClockRun
from moothall.process.queries.asking import next_words, told_words
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
    service = case.definition.service
    return News(
        sender=sender(council),
        service=service.title if service else case.definition.title,
        reference=case.reference,
        link=follow_link(council, case.reference, token_of(request)),
        name=request.name,
        next=next_words(case),
        promise=_promise(case, now),
    )


def news_inside(case: CaseState, council: Council, name: str, now: datetime) -> News:
    """Return what every letter says about work that a member of staff asked for; what is private has no name there."""
    private = bool(named_circle(case.circle))
    return News(
        sender=sender(council),
        service="" if private else case.definition.title,
        reference=case.reference,
        link=f"{settings.PUBLIC_URL}/work/asked/{case.reference}/",
        name=name,
        next="" if private else next_words(case),
        promise="" if private else _promise(case, now),
        inside=True,
    )


def _promise(case: CaseState, now: datetime) -> str:
    """Return by when the next thing is promised, if that is still to come."""
    clocks = case.definition.clocks
    running = [
        run
        for run in case.clocks.values()
        if run.state == "running" and not case.definition.steps[clocks[run.key].until].circle
    ]
    first: ClockRun | None = min(running, key=lambda run: run.due_at, default=None)
    return letters.promise(clocks[first.key].title, first.due_at, now) if first and first.due_at > now else ""


def said(case: CaseState, step: str, outcome: str, text: str) -> list[str]:
    """Return what the resident is told of an outcome: the words of the process, and what somebody wrote to it.

    Of a step with a circle of its own, only what the process says itself.
    """
    words = told_words(case.definition, step, outcome, case.data)
    apart = bool(case.definition.steps[step].circle)
    return [each for each in (words, "" if apart else text) if each] if words else []


def shown(case: CaseState, step: str, *, by_post: bool = False) -> list[tuple[str, str]]:
    """Return the facts that a step shows to whoever does it; `by_post` none that is kept from anybody."""
    fields = case.definition.fields
    return [
        (fields[key].name, kinds.words(fields[key], case.data[key]))
        for key in case.definition.steps[step].show
        if case.data.get(key) is not None and not (by_post and key in case.definition.kept_apart)
    ]


def to_resident(request: Request, case: CaseState, letter: Letter, key: str, now: datetime) -> None:
    """Send a letter to whoever asked, if they gave an email address."""
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


def to_colleague(address: str, case: CaseState, letter: Letter, key: str, now: datetime) -> None:
    """Send a letter to a member of staff who asked for work inside the councils, if they have an email address."""
    if address:
        send_email(
            council_id=case.council_id,
            about=f"case:{case.id}",
            to=address,
            subject=letter.subject,
            body=letter.body,
            key=key,
            now=now,
        )


def to_team(case: CaseState, team_id: int | None, letter: Letter, key: str, now: datetime) -> None:
    """Send a letter to a team, if it has an email address."""
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
