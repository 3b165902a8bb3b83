"""Publishing a process, and what a council makes of it: immutable, numbered versions. Cases that run keep theirs."""

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, connection, transaction

from moothall.councils import gate
from moothall.councils.models import Council
from moothall.councils.queries import council_by_code
from moothall.councils.rules import Viewer
from moothall.journal import actions as journal
from moothall.plain.errors import NotFound
from moothall.process import queries, store
from moothall.process.definition import Definition
from moothall.process.differences import in_words
from moothall.process.errors import NoOverlay, NotProposed, OneAlone, OverlayDoesNotFit
from moothall.process.language import NotSound
from moothall.process.language.overlays import heading, read_overlay
from moothall.process.models import ProcessVersion
from moothall.process.permissions import Can

TRIES = 5
MOST_SAID = 50
"""So many sentences of what changed are kept in the journal; the versions themselves hold it all."""


@transaction.atomic
def publish(*, by: Viewer, definition: Definition, source: str, now: datetime) -> ProcessVersion:
    """Publish a definition as the next version of its process; the same definition twice stays one version.

    Every council's overlay is laid over it again; refused whole, naming the council, if one does not fit any more.
    Where two people publish, only the house itself comes this way (a command, an import); people publish drafts.
    """
    if not by.is_system:
        gate.allow_anywhere(by, Can.PUBLISH)
        if settings.TWO_PERSON_PUBLISHING:
            raise NotProposed
    return publish_checked(by, definition, source, now)


def publish_checked(by: Viewer, definition: Definition, source: str, now: datetime) -> ProcessVersion:
    """Publish a definition; the caller has asked who may."""
    hold(definition.key)
    return _tried(lambda: _publish(by, definition, source, now))


@transaction.atomic
def publish_overlay(*, by: Viewer, source: str, now: datetime, file: str = "overlay.yaml") -> ProcessVersion:
    """Publish what a council makes of the newest shared version; the same overlay twice stays one version.

    New cases of that council follow it. Refused for a file with mistakes, and for whoever may not publish at that
    council; where two people publish, for everybody but the house itself.
    """
    found = heading(source)
    council = council_by_code(found.council) if found else None
    if found is None or council is None:
        code = found.council if found else ""
        raise NotFound(what=f"council “{code}” that the overlay names")
    if not by.is_system:
        gate.allow(by, Can.PUBLISH, council.pk)
        if settings.TWO_PERSON_PUBLISHING:
            raise NotProposed
    return publish_overlay_checked(by, council, source, now, file=file)


def publish_overlay_checked(
    by: Viewer, council: Council, source: str, now: datetime, *, file: str = "overlay.yaml"
) -> ProcessVersion:
    """Publish an overlay; the caller has asked who may."""
    found = heading(source)
    key = found.process if found else ""
    hold(key)
    base = ProcessVersion.objects.get(pk=queries.newest_version(key))
    reading = read_overlay(source, store.definition_of(base.pk), file=file)
    wrong = [str(each) for each in reading.mistakes if each.serious]
    if reading.definition is None or reading.overlay is None or reading.overlay.council != council.code:
        raise NotSound(mistakes="\n".join(wrong) or f"{file} is not an overlay for {council.name}.")
    made = reading.definition
    return _tried(lambda: _lay(by, council, base, made, source, now))


@transaction.atomic
def remove_overlay(*, by: Viewer, key: str, council: Council, now: datetime) -> None:
    """Let a council's new cases follow the shared process again; those that run keep their version.

    Where two people publish, only the house itself does it; people publish an overlay that changes nothing.
    """
    if not by.is_system:
        gate.allow(by, Can.PUBLISH, council.pk)
        if settings.TWO_PERSON_PUBLISHING:
            raise OneAlone
    hold(key)
    own = queries.overlay_of(key, council)
    if own is None:
        raise NoOverlay(council=council.name, key=key, what="overlay")
    base = ProcessVersion.objects.get(pk=queries.newest_version(key))
    _tried(lambda: _lay(by, council, base, store.definition_of(base.pk), "", now))


def hold(key: str) -> None:
    """Let nobody else publish anything of this process until the transaction ends; SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"process:{key}"])


def _tried(act: Callable[[], ProcessVersion]) -> ProcessVersion:
    """Publish under the next number; again if the database says that somebody took it at this very moment."""
    for _ in range(TRIES - 1):
        try:
            with transaction.atomic():
                return act()
        except IntegrityError:
            continue
    return act()


def _publish(by: Viewer, definition: Definition, source: str, now: datetime) -> ProcessVersion:
    newest = ProcessVersion.objects.filter(key=definition.key, council=None).order_by("-number").first()
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
    before = store.definition_of(newest.pk) if newest else None
    _record(by, "process.published", version, before, now)
    _lay_again(by, version, definition, now)
    return version


def _lay_again(by: Viewer, base: ProcessVersion, definition: Definition, now: datetime) -> None:
    """Lay every council's overlay over a new version of its process."""
    for own in queries.overlays(base.key):
        assert own.council is not None
        reading = read_overlay(own.overlay, definition, file=f"{base.key} at {own.council.name}")
        if reading.definition is None:
            wrong = " ".join(str(each) for each in reading.mistakes if each.serious)
            raise OverlayDoesNotFit(council=own.council.name, mistakes=wrong)
        _lay(by, own.council, base, reading.definition, own.overlay, now)


def _lay(
    by: Viewer, council: Council, base: ProcessVersion, made: Definition, overlay: str, now: datetime
) -> ProcessVersion:
    """Keep what a council made of a version. Its versions are counted for themselves; `base` says over which."""
    newest = ProcessVersion.objects.filter(key=base.key, council=council).order_by("-number").first()
    if newest is not None and (newest.base_id, newest.overlay) == (base.pk, overlay):
        return newest
    version = ProcessVersion.objects.create(
        key=base.key,
        number=newest.number + 1 if newest else 1,
        title=made.title,
        sha256=made.sha256,
        body=made.body,
        source=base.source,
        published_at=now,
        published_by=by.actor.name[:150],
        council=council,
        base=base,
        overlay=overlay,
    )
    before = store.definition_of(newest.pk if newest else base.pk)
    what = "process.overlay_published" if overlay else "process.overlay_removed"
    _record(by, what, version, before, now)
    return version


def _record(by: Viewer, what: str, version: ProcessVersion, before: Definition | None, now: datetime) -> None:
    """Write the publication down, with what it changed in words."""
    changed = in_words(before, store.definition_of(version.pk)) if before else []
    facts = {"number": version.number, "sha256": version.sha256, "changed": changed[:MOST_SAID]}
    if len(changed) > MOST_SAID:
        facts["more"] = len(changed) - MOST_SAID
    if version.base is not None:
        facts["over"] = version.base.number
    journal.write(
        by=by.actor,
        what=what,
        about=f"process:{version.key}",
        council_id=version.council_id,
        now=now,
        facts=facts,
    )
