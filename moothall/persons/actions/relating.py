"""How people stand to each other: kin, carers, and those who act for somebody, with dated consent."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from moothall.councils.rules import Viewer
from moothall.persons.actions.records import write
from moothall.persons.errors import FactGone, NotRelated
from moothall.persons.models import Relationship
from moothall.persons.queries.records import record_seen, record_to_change
from moothall.persons.rules import wordlists

REPRESENTS = "representative"


@transaction.atomic
def relate(
    *,
    by: Viewer,
    record_id: int,
    other_id: int,
    kind: str,
    source: str,
    now: datetime,
    scope: str = "",
    since: date | None = None,
    until: date | None = None,
    consent_on: date | None = None,
    consent_how: str = "",
) -> Relationship:
    """Say what `other` is to the person of `record`; both are records of one council.

    Whoever acts for somebody needs their consent, with its date and how it was given (UK GDPR article 7; a lasting
    power of attorney or an appointee's letter counts as one), and a word on what it covers.
    """
    record = record_to_change(by, record_id)
    other = record_seen(by, other_id)
    wrong: dict[str, str] = {}
    if kind not in dict(wordlists.RELATIONSHIPS):
        wrong["kind"] = "Select how they stand to each other."
    if other.council_id != record.council_id:
        wrong["other"] = "Both must be records of the same council. Add them to this council first."
    if other.person_id == record.person_id:
        wrong["other"] = "These are records of one and the same person."
    if kind == REPRESENTS and not (consent_on and consent_how.strip()):
        wrong["consent_on"] = "Enter when and how they agreed to be represented."
    if consent_on and consent_on > timezone.localdate(now):
        wrong["consent_on"] = "Consent cannot be dated in the future."
    if since and until and until < since:
        wrong["until"] = "It cannot have ended before it began."
    if wrong:
        raise NotRelated({key: [said] for key, said in wrong.items()}, reason=" ".join(wrong.values()))
    row: Relationship = Relationship.objects.create(
        council_id=record.council_id,
        record=record,
        other=other,
        kind=kind,
        scope=scope.strip()[:200],
        since=since,
        until=until,
        consent_on=consent_on,
        consent_how=consent_how.strip()[:200],
        source=source[:80],
        recorded_at=now,
        recorded_by=by.actor.name[:150],
    )
    write(by, "person.related", record, now, relationship=row.pk, kind=kind, other=other.pk)
    return row


@transaction.atomic
def end_relationship(
    *, by: Viewer, record_id: int, relationship_id: int, why: str, now: datetime
) -> Relationship:
    """End a relationship, from either side: from now on nobody acts on it. It stays in the history."""
    record = record_to_change(by, record_id)
    row: Relationship | None = Relationship.objects.filter(pk=relationship_id, ended_at=None).first()
    if row is None or record.pk not in (row.record_id, row.other_id):
        raise FactGone
    row.ended_at, row.ended_by, row.ended_why = now, by.actor.name[:150], why.strip()[:200]
    row.save(update_fields=["ended_at", "ended_by", "ended_why"])
    write(by, "person.relationship_ended", record, now, relationship=row.pk, kind=row.kind)
    return row
