"""What is due and what was destroyed at each council, with canaries in the words of who decided."""

from datetime import datetime, timedelta

from moothall.councils.models import Council
from moothall.councils.rules import Viewer
from moothall.persons.actions.erasing import erase
from moothall.persons.actions.records import add_person
from moothall.persons.models import Disposal, Record
from moothall.persons.rules.facts import NewFact


def dispose(council: Council, now: datetime) -> int:
    """Let a record be due that somebody proposes to destroy, and destroy another; return its certificate."""
    word = f"zq{council.code}disposal"
    due = _somebody(council, "Dee", now)
    Record.objects.filter(pk=due.pk).update(keep_until=now.date() - timedelta(days=1))
    Disposal.objects.create(
        council=council, record=due, rule="activity", why=f"Due, said {word}", proposed_at=now, proposed_by=word
    )
    gone = _somebody(council, "Gon", now)
    row = erase(
        by=Viewer.system(), record_id=gone.pk, ground="needless", why=f"Gone, said {word}", now=now
    )
    number: int = row.pk
    return number


def _somebody(council: Council, given: str, now: datetime) -> Record:
    name = NewFact(kind="name", body={"given": given, "family": f"zq{council.code}person", "use": "usual"})
    return add_person(by=Viewer.system(), council_id=council.pk, facts=[name], source="adviser", now=now)
