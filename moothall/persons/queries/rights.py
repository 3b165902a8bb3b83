"""What somebody asked for under data protection law, what follows from it, and what was destroyed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from moothall.councils import gate
from moothall.councils.models import Staff
from moothall.councils.rules import Viewer
from moothall.journal.models import Entry, Seal
from moothall.persons.errors import NoSuchCertificate, NoSuchPerson
from moothall.persons.models import Disposal, Fact, Record
from moothall.persons.permissions import Can
from moothall.persons.queries.records import is_open, person_of, records_of, whom_to_ask
from moothall.persons.queries.retention import keeping_of, obstacles
from moothall.persons.rules.retention import FOREVER, Keeping, rule_of
from moothall.persons.rules.rights import ERASING, PROCESS, RIGHTS, reasons_against
from moothall.process import circles
from moothall.process.engine.state import NEVER
from moothall.process.models import Case, ProcessVersion

MOST = 50


@dataclass(frozen=True, slots=True)
class Asked:
    """A request under data protection law, as the case in which it is answered."""

    case_id: int
    reference: str
    right: str
    title: str
    is_open: bool
    opened_at: datetime
    due_at: datetime | None
    ending: str
    granted: bool


@dataclass(frozen=True, slots=True)
class HeldRight:
    """One record of the person with what may be done about it. Of a locked one, only whom to ask."""

    record: Record
    council: str
    is_open: bool
    whom: str
    may_exercise: bool
    keeping: Keeping | None
    against: Sequence[str]
    asked: Sequence[Asked]
    is_taken: bool

    @property
    def is_for_now(self) -> bool:
        """Whether it is kept until something is known from which its rule counts."""
        return self.keeping is not None and self.keeping.until == FOREVER

    @property
    def granted_erasure(self) -> Sequence[Asked]:
        """The requests for erasure, and the objections, that were granted."""
        return [each for each in self.asked if each.granted and each.right in {"erasure", "objection"}]


@dataclass(frozen=True, slots=True)
class RightsFile:
    """A person's records at councils where the viewer sees what is asked under data protection law."""

    reference: str
    name: str
    held: Sequence[HeldRight]


def rights_file(viewer: Viewer, reference: str, now: datetime) -> RightsFile:
    """Return what may be done for a person under data protection law, council by council."""
    person = person_of(reference)
    records = [
        row for row in records_of(viewer, person.pk, Can.SEE_RIGHTS) if row.state == Record.State.ACTIVE
    ]
    if not records:
        raise NoSuchPerson
    held = [_held(viewer, record, now) for record in records]
    name = next((each.record.name for each in held if each.is_open), "Locked record")
    return RightsFile(person.reference, name, held)


def _held(viewer: Viewer, record: Record, now: datetime) -> HeldRight:
    opened = is_open(viewer, record)
    asked = asked_about(viewer, record) if opened else []
    granted = next((each.case_id for each in asked if each.granted and each.is_open), None)
    against = obstacles(viewer, record, now, besides=granted) if opened else None
    return HeldRight(
        record=record,
        council=record.council.name,
        is_open=opened,
        whom="" if opened else whom_to_ask(record),
        may_exercise=opened and gate.may(viewer, Can.EXERCISE, record.council_id),
        keeping=keeping_of(record, now) if opened else None,
        against=reasons_against(against, timezone.localdate(now)) if against else (),
        asked=asked,
        is_taken=ProcessVersion.objects.filter(key=PROCESS).exists(),
    )


def asked_about(viewer: Viewer, record: Record) -> list[Asked]:
    """Return what was asked about a record under data protection law, the newest first."""
    rows = Case.objects.filter(person__record=record, process=PROCESS).order_by("-opened_at", "-id")
    return [_asked(row) for row in circles.narrow(viewer, gate.narrow(viewer, Can.SEE_RIGHTS, rows))[:MOST]]


def _asked(row: Case) -> Asked:
    right = str(row.data.get("right", ""))
    return Asked(
        case_id=row.pk,
        reference=row.reference,
        right=right,
        title=RIGHTS.get(right, "What was asked is erased"),
        is_open=row.status == Case.Status.OPEN,
        opened_at=row.opened_at,
        due_at=None if row.due_at >= NEVER else row.due_at,
        ending=row.ending.replace("-", " "),
        granted=row.data.get("decision") in {"grant", "partly"},
    )


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who looked at a record while it held a wrong value, and whom they work for."""

    who: str
    council: str
    is_elsewhere: bool
    last_at: datetime
    times: int


def recipients(viewer: Viewer, record: Record, fact: Fact) -> list[Recipient]:
    """Return who looked at a record while it held a value: they are told that it was wrong (UK GDPR article 19).

    Those who work for another council come first: it may have used the value elsewhere.
    """
    gate.allow(viewer, Can.SEE_RIGHTS, record)
    looks = Entry.objects.filter(about=f"record:{record.pk}", what="person.seen", at__gte=fact.recorded_at)
    if fact.ended_at is not None:
        looks = looks.filter(at__lt=fact.ended_at)
    found: dict[tuple[int | None, str], list[datetime]] = {}
    for user_id, name, at in looks.order_by("id").values_list("user_id", "actor_name", "at"):
        found.setdefault((user_id, name), []).append(at)
    users = [user_id for user_id, _ in found if user_id is not None]
    staff = Staff.objects.filter(user__in=users).select_related("council")
    works = {each.user_id: each.council for each in staff}
    told = []
    for (user_id, name), times in found.items():
        council = works.get(user_id or 0)
        away = council is not None and council.pk != record.council_id
        told.append(Recipient(name, council.name if council else "", away, max(times), len(times)))
    return sorted(told, key=lambda each: (not each.is_elsewhere, each.council, each.who))


@dataclass(frozen=True, slots=True)
class Certificate:
    """What was destroyed, by whom, under which rule, and by which link of the record's chain that is proved.

    `seal` is empty in the second in which the entry is not sealed yet.
    """

    disposal: Disposal
    council: str
    reference: str
    ground: str
    source: str
    destroyed: Sequence[tuple[str, int]]
    entry: int
    seal: str


def ground_of(key: str) -> tuple[str, str]:
    """Return in words the rule or the ground by which a record was destroyed, and its source."""
    rule = rule_of(key)
    return (rule.title, rule.source) if rule else (ERASING.get(key, key), "UK GDPR")


def certificates(viewer: Viewer) -> list[Disposal]:
    """Return what was destroyed at councils where the viewer sees such requests, the newest first."""
    rows = Disposal.objects.filter(outcome=Disposal.Outcome.DESTROYED).select_related(
        "council", "record__person"
    )
    return list(gate.narrow(viewer, Can.SEE_RIGHTS, rows).order_by("-decided_at", "-id")[:MOST])


def certificate(viewer: Viewer, number: int) -> Certificate:
    """Return the certificate of a record that was destroyed."""
    rows = Disposal.objects.filter(pk=number, outcome=Disposal.Outcome.DESTROYED)
    row = (
        gate.narrow(viewer, Can.SEE_RIGHTS, rows).select_related("council", "record__person", "case").first()
    )
    if row is None:
        raise NoSuchCertificate
    entry = (
        Entry.objects.filter(about=f"record:{row.record_id}", what="person.erased").order_by("-id").first()
    )
    seal = Seal.objects.filter(pk=entry.pk).values_list("hash", flat=True).first() if entry else None
    title, source = ground_of(row.rule)
    return Certificate(
        disposal=row,
        council=row.council.name,
        reference=row.record.person.reference,
        ground=title,
        source=source,
        destroyed=[(what, number) for what, number in row.counts.items() if number],
        entry=entry.pk if entry else 0,
        seal=seal or "",
    )
