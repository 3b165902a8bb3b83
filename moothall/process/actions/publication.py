"""Publishing a process: an immutable, numbered version. Cases that run keep theirs."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from moothall.councils import gate
from moothall.councils.rules import Viewer
from moothall.journal import actions as journal
from moothall.process.definition import Definition
from moothall.process.models import ProcessVersion
from moothall.process.permissions import Can


@transaction.atomic
def publish(*, by: Viewer, definition: Definition, source: str, now: datetime) -> ProcessVersion:
    """Publish a definition as the next version of its process; the same definition twice stays one version."""
    if not by.is_system:
        gate.allow_anywhere(by, Can.PUBLISH)
    versions = ProcessVersion.objects.filter(key=definition.key)
    newest = versions.order_by("-number").first()
    if newest is not None and newest.sha256 == definition.sha256:
        return newest
    last: int = versions.aggregate(last=Max("number"))["last"] or 0
    version = ProcessVersion.objects.create(
        key=definition.key,
        number=last + 1,
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
