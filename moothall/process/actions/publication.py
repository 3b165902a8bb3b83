"""Publishing a process: an immutable, numbered version. Cases that run keep theirs."""

from datetime import datetime

from django.db import IntegrityError, transaction

from moothall.councils import gate
from moothall.councils.rules import Viewer
from moothall.journal import actions as journal
from moothall.process.definition import Definition
from moothall.process.models import ProcessVersion
from moothall.process.permissions import Can

TRIES = 5


@transaction.atomic
def publish(*, by: Viewer, definition: Definition, source: str, now: datetime) -> ProcessVersion:
    """Publish a definition as the next version of its process; the same definition twice stays one version."""
    if not by.is_system:
        gate.allow_anywhere(by, Can.PUBLISH)
    for _ in range(TRIES - 1):
        try:
            with transaction.atomic():
                return _publish(by, definition, source, now)
        except IntegrityError:
            continue
    return _publish(by, definition, source, now)


def _publish(by: Viewer, definition: Definition, source: str, now: datetime) -> ProcessVersion:
    """Publish under the next number; refused by the database if somebody took it at this very moment."""
    newest = ProcessVersion.objects.filter(key=definition.key).order_by("-number").first()
    if newest is not None and newest.sha256 == definition.sha256:
        return newest
    version = ProcessVersion.objects.create(
        key=definition.key,
        number=newest.number + 1 if newest else 1,
        title=definition.title,
        sha256=definition.sha256,
        body=definition.body,
        source=source,
        published_at=now,
        published_by=by.actor.name[:150],
    )
    journal.write(
        by=by.actor,
        what="process.published",
        about=f"process:{definition.key}",
        council_id=None,
        now=now,
        facts={"number": version.number, "sha256": definition.sha256},
    )
    return version
