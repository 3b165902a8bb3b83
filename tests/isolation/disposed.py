"""What is due and what was destroyed at each council, with canaries in the words of who decided."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from moothall.councils.models import Council
from moothall.councils.rules import Viewer
from moothall.persons.actions.erasing import erase
from moothall.persons.actions.records import add_person
from moothall.persons.actions.rights import restrict
from moothall.persons.models import Disposal, Record
from moothall.persons.rules.facts import NewFact


@dataclass(frozen=True)
class Disposed:
    """The certificate of a record that is gone; and by person and record, one that is proposed and one restricted."""

    certificate: int
    proposed: tuple[str, int]
    restricted: tuple[str, int]


def dispose(council: Council, now: datetime) -> Disposed:
    """Let a record be due that somebody proposes to destroy, restrict another, and destroy a third."""
    word = f"zq{council.code}disposal"
    due = _somebody(council, "Dee", now)
    Record.objects.filter(pk=due.pk).update(keep_until=now.date() - timedelta(days=1))
    Disposal.objects.create(
        council=council, record=due, rule="activity", why=f"Due: {word}", proposed_at=now, proposed_by=word
    )
    held = _somebody(council, "Rae", now)
    restrict(by=Viewer.system(), record_id=held.pk, ground="accuracy", why=f"Disputed: {word}", now=now)
    gone = _somebody(council, "Gon", now)
    row = erase(by=Viewer.system(), record_id=gone.pk, ground="needless", why=f"Gone: {word}", now=now)
    return Disposed(row.pk, (due.person.reference, due.pk), (held.person.reference, held.pk))


def _somebody(council: Council, given: str, now: datetime) -> Record:
    name = NewFact(kind="name", body={"given": given, "family": f"zq{council.code}person", "use": "usual"})
    return add_person(by=Viewer.system(), council_id=council.pk, facts=[name], source="adviser", now=now)
