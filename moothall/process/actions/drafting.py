"""Writing a process before it is published: saved as it is typed, proposed, published by somebody who may."""

from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction

from moothall.councils import gate
from moothall.councils.models import Council
from moothall.councils.rules import Viewer
from moothall.journal import actions as journal
from moothall.plain.errors import Refused
from moothall.process import queries
from moothall.process.actions.publication import hold, publish_checked, publish_overlay_checked
from moothall.process.errors import (
    DraftChanged,
    DraftOvertaken,
    NeedsSomebodyElse,
    NoSuchDraft,
    NotAName,
    NotProposed,
)
from moothall.process.language import NotSound
from moothall.process.language.names import PROCESS_KEY
from moothall.process.language.nodes import LARGEST
from moothall.process.models import ProcessDraft, ProcessVersion
from moothall.process.permissions import Can
from moothall.process.queries.processes import drafted


@transaction.atomic
def save_draft(
    *, by: Viewer, key: str, council: Council | None, source: str, expected: int | None, now: datetime
) -> ProcessDraft:
    """Keep the text of a draft, with whatever mistakes it has; the first save begins it. Returns it as it is now.

    `council` is None for the shared process, or whose overlay it is. `expected` is the `seq` of the draft that its
    writer opened; None or 0 if there was none. Refused if somebody saved meanwhile: the error's facts hold both texts
    (`theirs`, `mine`). What was proposed is no longer, once it is changed.
    """
    _may(by, council)
    if by.actor.user_id is None:
        raise Refused(act="write drafts as the house itself")
    text = source.replace("\r\n", "\n").replace("\x00", "")
    if len(text.encode()) > LARGEST:
        raise NotSound(mistakes=f"The file is larger than {LARGEST // 1024} KB.")
    changes = {
        "source": text,
        "saved_at": now,
        "saved_by_id": by.actor.user_id,
        "proposed_at": None,
        "proposed_by": None,
    }
    if not expected:
        _may_begin(key, council)
        try:
            with transaction.atomic():
                return ProcessDraft.objects.create(key=key, council=council, seq=1, **changes)
        except IntegrityError:
            raise _stale(_draft(key, council), text) from None
    draft = _draft(key, council)
    if not ProcessDraft.objects.filter(pk=draft.pk, seq=expected).update(seq=expected + 1, **changes):
        raise _stale(_draft(key, council), text)
    return _draft(key, council)


@transaction.atomic
def propose(*, by: Viewer, key: str, council: Council | None, expected: int, now: datetime) -> ProcessDraft:
    """Propose a draft as it is for publication; refused while it has mistakes, with each of them."""
    draft = _seen(by, key, council, expected)
    _sound(draft)
    if by.actor.user_id is None:
        raise Refused(act="propose drafts as the house itself")
    _mark(draft, now, by.actor.user_id)
    _record(by, "process.draft_proposed", draft, now)
    return _draft(key, council)


@transaction.atomic
def withdraw(*, by: Viewer, key: str, council: Council | None, expected: int, now: datetime) -> ProcessDraft:
    """Take a proposal back; the draft stays."""
    draft = _seen(by, key, council, expected)
    if draft.proposed_at is not None:
        _mark(draft, None, None)
        _record(by, "process.draft_withdrawn", draft, now)
    return _draft(key, council)


@transaction.atomic
def publish_draft(
    *, by: Viewer, key: str, council: Council | None, expected: int, now: datetime
) -> ProcessVersion:
    """Publish a draft as the next version, and be done with it; the same text twice stays one version.

    Refused while it has mistakes or names processes that are not published, and if a newer version was published after
    it was last saved. Where two people publish (`MOOTHALL_TWO_PERSON_PUBLISHING`), it must have been proposed, and
    whoever proposed it or saved it last cannot publish it.
    """
    hold(key)
    draft = _seen(by, key, council, expected)
    if settings.TWO_PERSON_PUBLISHING:
        _two_people(by, draft)
    version = _sound(draft).version
    if version is not None and version.published_at > draft.saved_at:
        raise DraftOvertaken(who=version.published_by, number=version.number, key=key)
    if council is None:
        definition = _sound(draft).definition
        assert definition is not None
        made = publish_checked(by, definition, draft.source, now)
    else:
        made = publish_overlay_checked(by, council, draft.source, now, file=f"{key}.yaml")
    _record(by, "process.draft_published", draft, now)
    draft.delete()
    return made


@transaction.atomic
def drop_draft(*, by: Viewer, key: str, council: Council | None, expected: int, now: datetime) -> None:
    """Throw a draft away; what is published stays."""
    draft = _seen(by, key, council, expected)
    _record(by, "process.draft_dropped", draft, now)
    draft.delete()


def _may(by: Viewer, council: Council | None) -> None:
    """Ask the gate: for the shared process anywhere, for an overlay at its council."""
    if council is None:
        gate.allow_anywhere(by, Can.PUBLISH)
    else:
        gate.allow(by, Can.PUBLISH, council.pk)


def _may_begin(key: str, council: Council | None) -> None:
    """Refuse a draft that could never be published: of no name, or an overlay of what is not there."""
    if not PROCESS_KEY.fullmatch(key):
        raise NotAName({"key": ["Use small letters, figures and hyphens."]}, key=key)
    if council is not None:
        queries.newest_version(key)


def _draft(key: str, council: Council | None) -> ProcessDraft:
    rows = ProcessDraft.objects.select_related("saved_by", "proposed_by", "council")
    found = rows.filter(key=key, council=council).first()
    if found is None:
        raise NoSuchDraft(key=key, what="draft")
    return found


def _seen(by: Viewer, key: str, council: Council | None, expected: int) -> ProcessDraft:
    """Return the draft for whoever may change it, held until the transaction ends, if it is as they saw it."""
    _may(by, council)
    found = ProcessDraft.objects.select_for_update().filter(key=key, council=council).first()
    if found is None:
        raise NoSuchDraft(key=key, what="draft")
    draft = _draft(key, council)
    if draft.seq != expected:
        raise _stale(draft, draft.source)
    return draft


def _stale(draft: ProcessDraft, mine: str) -> DraftChanged:
    return DraftChanged(
        who=draft.saved_by.name,
        at=draft.saved_at,
        seq=draft.seq,
        theirs=draft.source,
        mine=mine,
        key=draft.key,
    )


def _sound(draft: ProcessDraft) -> queries.Drafted:
    """Return a draft that was read, if it may be published as it is."""
    reading = drafted(draft)
    if not reading.sound:
        raise NotSound(mistakes="\n".join(str(each) for each in reading.mistakes if each.serious))
    return reading


def _two_people(by: Viewer, draft: ProcessDraft) -> None:
    """Refuse whoever proposed or saved it; one account is one person."""
    if draft.proposed_at is None:
        raise NotProposed
    for did, user_id in (("proposed", draft.proposed_by_id), ("last saved", draft.saved_by_id)):
        if not by.is_system and by.actor.user_id == user_id:
            raise NeedsSomebodyElse(did=did)


def _mark(draft: ProcessDraft, at: datetime | None, user_id: int | None) -> None:
    ProcessDraft.objects.filter(pk=draft.pk).update(proposed_at=at, proposed_by_id=user_id)


def _record(by: Viewer, what: str, draft: ProcessDraft, now: datetime) -> None:
    journal.write(
        by=by.actor,
        what=what,
        about=f"process:{draft.key}",
        council_id=draft.council_id,
        now=now,
        facts={"saves": draft.seq, "saved_by": draft.saved_by.name},
    )
