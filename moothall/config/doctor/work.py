"""Questions of `moothall doctor`: whether work is being done, and can reach people."""

import smtplib
import socket
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Max

from moothall.config.observability import health
from moothall.councils import scope
from moothall.councils.models import Council
from moothall.councils.queries import team_serving
from moothall.journal.models import Job, Turn
from moothall.messages.queries import mail_state
from moothall.plain.checkup import Finding, advice, hang, problem
from moothall.process.definition import AGENT, RESIDENT
from moothall.process.queries.processes import newest_versions

WORKER_SILENT_AFTER = timedelta(seconds=30)


@hang("mail")
def mail(_now: datetime) -> Iterator[Finding]:
    """Knock at the mail server, without sending anything."""
    if settings.DEMO:
        return
    if not settings.EMAIL_HOST:
        yield problem(
            "No mail server is named: mail waits in the outbox and reaches nobody.", "Set MOOTHALL_MAIL_HOST."
        )
        return
    try:
        with smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT, timeout=10) as server:
            if settings.EMAIL_USE_TLS:
                server.starttls()
            if settings.EMAIL_HOST_USER:
                server.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
    except (OSError, smtplib.SMTPException, socket.gaierror) as error:
        yield problem(
            f"The mail server {settings.EMAIL_HOST}:{settings.EMAIL_PORT} does not take us: {error}.",
            "Check MOOTHALL_MAIL_HOST, _PORT, _USER, _PASSWORD and _STARTTLS. Mail waits until then.",
        )


@hang("messages")
def messages(_now: datetime) -> Iterator[Finding]:
    """Ask about mail that waits although it was tried; what failed for good is on its case."""
    if trouble := mail_state().last_error:
        yield problem(
            f"Mail waits because the mail server refused it for now: {trouble}.",
            "Ask whoever runs the mail server. Mail is tried for four days.",
        )


@hang("worker")
def worker(now: datetime) -> Iterator[Finding]:
    """Look for signs of life: periodic work is done every few seconds while a worker lives."""
    last = Turn.objects.exclude(name=health.PROBE).aggregate(at=Max("held_until"))["at"]
    if last is None or now - last > WORKER_SILENT_AFTER:
        since = f"since {last:%d %B %Y %H:%M} UTC" if last else "so far"
        yield problem(
            f"No worker has shown itself {since}.", "Start `moothall serve`, or `moothall worker` beside it."
        )
    if hint := health.queue(now):
        yield problem(hint, "More workers help when there is only too much: `moothall worker`.")
    if hint := health.sealing(now):
        yield problem(hint, "Until it is sealed, a change to the record would not be noticed.")


@hang("dead jobs")
def dead_jobs(_now: datetime) -> Iterator[Finding]:
    """Count the jobs that were given up."""
    dead = Job.objects.filter(state=Job.State.DEAD)
    if count := dead.count():
        tasks = ", ".join(sorted(set(dead.values_list("task", flat=True)[:1000]))[:5])
        yield problem(
            f"{count} jobs were given up after their last try: {tasks}.",
            "See why on the page of failed work, put it right, and send them again.",
        )


@hang("processes")
def processes(_now: datetime) -> Iterator[Finding]:
    """Look whether each published process finds its teams in every council."""
    with scope.everything("a check of which teams processes name"):
        published = newest_versions()
        if not published:
            yield problem("No process is published.", "Run `moothall process publish`.")
        for council in Council.objects.order_by("name"):
            wanted = {
                name
                for _, definition in newest_versions(council.pk).values()
                if definition.service is None or council.kind in definition.service.councils
                for step in definition.steps.values()
                for name in step.by
            } - {RESIDENT, AGENT}
            missing = sorted(name for name in wanted if team_serving(name, council.pk) is None)
            if missing:
                yield advice(
                    f"{council.name} has no team for: {', '.join(missing)}.",
                    "Steps for such a team wait in the queue of all staff. Make one with `moothall team add`, "
                    "or share another's.",
                )
