"""The conversations with one person, the newest first; what hangs on their cases is theirs as well."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, datetime

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from moothall.contacts import rules
from moothall.contacts.models import Contact
from moothall.contacts.permissions import Can
from moothall.contacts.queries.seeing import circles_of_cases, there
from moothall.contacts.rules import Touch
from moothall.councils import gate
from moothall.councils.rules import Viewer
from moothall.persons.models import CasePerson
from moothall.process import circles, store
from moothall.process.models import Case
from moothall.process.permissions import Can as ProcessCan

PAGE = 20
_FIRST_YEAR, _NUMBERS = 1900, 2**63


@dataclass(frozen=True, slots=True)
class Line:
    """One conversation as lists show it. `held` says whether what it settled stayed settled; None if nobody knows.

    What was said about a case is there for those who may see cases.
    """

    number: int
    at: datetime
    channel: str
    inbound: bool
    outcome: str
    waits: bool
    about: str
    summary: str
    by: str
    council: str
    council_id: int
    address: str
    name: str
    case: str
    case_headline: str
    resolved: bool | None
    held: bool | None
    avoidable: str

    @property
    def cursor(self) -> str:
        """Where the list goes on after this line."""
        return f"{self.at.isoformat()}_{self.number}"


def contacts_of(
    viewer: Viewer,
    record_ids: Sequence[int],
    limit: int = PAGE,
    before: str = "",
    *,
    now: datetime | None = None,
) -> list[Line]:
    """Return the newest conversations with the person of some records, as far as they are there for the viewer.

    `record_ids` are records that are open to the viewer. `before` is the `cursor` of the last line seen. What hangs
    on cases is few, and is put in order here: in the database, an order would lead away from the index of cases.
    """
    if not record_ids:
        return []
    ids = list(record_ids)
    rows = circles_of_cases(viewer, gate.narrow(viewer, Can.SEE, Contact.objects.all()))
    found = _newest(rows.filter(record__in=ids), limit, before)
    if cases := list(_cases_of(ids)):
        found += _narrow(_before(rows.filter(case__in=cases, record=None), before))
    found.sort(key=lambda each: (each.at, each.pk), reverse=True)
    return lines(viewer, found[:limit], now or timezone.now(), whole=not before)


def of_address(viewer: Viewer, address: str, limit: int = PAGE) -> list[Line]:
    """Return the newest conversations from or with a phone number or an email address, whosever they are."""
    wanted = rules.compared(address)
    if not wanted:
        return []
    return lines(viewer, _newest(there(viewer).filter(address=wanted), limit, ""), timezone.now())


def of_case(viewer: Viewer, case_id: int, limit: int = 100) -> list[Line]:
    """Return the conversations about a case that the viewer sees, the newest first."""
    return lines(viewer, _newest(there(viewer).filter(case=case_id), limit, ""), timezone.now())


@dataclass(frozen=True, slots=True)
class OpenCall:
    """A call that was promised and has not been made."""

    reference: str
    at: datetime
    about: str
    number: str
    promised_by: str
    council: str
    is_due: bool


def callbacks_open(viewer: Viewer, record_ids: Sequence[int], now: datetime) -> list[OpenCall]:
    """Return the calls that a person was promised and that were not made yet, the most urgent first."""
    if not record_ids:
        return []
    rows = Case.objects.filter(
        id__in=_cases_of(list(record_ids)), process=rules.CALL_BACK, status=Case.Status.OPEN
    ).select_related("council")
    rows = rows.only("reference", "data", "opened_at", "council__name")
    seen = circles.narrow(viewer, gate.narrow(viewer, ProcessCan.SEE, rows))
    found = [_open_call(row, now) for row in seen]
    return sorted(found, key=lambda each: each.at)


def _open_call(row: Case, now: datetime) -> OpenCall:
    at = parse_datetime(str(row.data.get("not_before", ""))) or row.opened_at
    return OpenCall(
        reference=row.reference,
        at=at,
        about=str(row.data.get("about", "")),
        number=rules.shown(str(row.data.get("number", ""))),
        promised_by=str(row.data.get("promised_by", "")),
        council=row.council.name,
        is_due=at <= now,
    )


def _cases_of(record_ids: list[int]) -> "QuerySet[CasePerson, int]":
    rows: QuerySet[CasePerson, int] = CasePerson.objects.filter(record__in=record_ids).values_list(
        "case_id", flat=True
    )
    return rows


def _before(rows: "QuerySet[Contact]", before: str) -> "QuerySet[Contact]":
    """Return the contacts that come after a line that was seen; nonsense starts anew."""
    last = _line_seen(before)
    if last is None:
        return rows
    moment, number = last
    return rows.filter(Q(at__lt=moment) | Q(at=moment, pk__lt=number))


def _line_seen(cursor: str) -> tuple[datetime, int] | None:
    """Return the moment and the number of a line; None of what is no cursor, or what no database could compare."""
    at, _, number = cursor.partition("_")
    try:
        moment, last = datetime.fromisoformat(at), int(number)
    except ValueError:
        return None
    fits = moment.tzinfo is not None and _FIRST_YEAR <= moment.year < MAXYEAR and 0 <= last < _NUMBERS
    return (moment, last) if fits else None


def _newest(rows: "QuerySet[Contact]", limit: int, before: str) -> list[Contact]:
    return list(_narrow(_before(rows, before)).order_by("-at", "-pk")[:limit])


_OF_LINE = (
    *(each.attname for each in Contact._meta.concrete_fields),
    "council__name",
    *(f"case__{part}" for part in ("reference", "headline", "process", "version_id")),
)


def _narrow(rows: "QuerySet[Contact]") -> "QuerySet[Contact]":
    """Return contacts with what a line says of their council and case; the answers of a case are many."""
    return rows.select_related("council", "case").only(*_OF_LINE)


def lines(viewer: Viewer, contacts: Sequence[Contact], now: datetime, *, whole: bool = False) -> list[Line]:
    """Return contacts as lists show them, with whether what they settled stayed settled.

    `whole` says that these are all the newest of the people they are with: whoever came back is among them.
    """
    settled = [each for each in contacts if each.resolved]
    if whole and not any(each.case_id for each in settled):
        later = [each for each in contacts if each.direction == Contact.Direction.IN]
    else:
        later = _later(viewer, settled)
    cases = gate.councils(viewer, ProcessCan.SEE) if contacts else frozenset()
    return [_line(each, later, cases, now) for each in contacts]


def _line(each: Contact, later: Sequence[Contact], cases: frozenset[int], now: datetime) -> Line:
    case = each.case if each.case is not None and each.council_id in cases else None
    touches = [touch_of(other) for other in later if _same_person(each, other)]
    return Line(
        number=each.pk,
        at=each.at,
        channel=each.get_channel_display(),
        inbound=each.direction == Contact.Direction.IN,
        outcome=each.get_outcome_display(),
        waits=each.outcome == Contact.Outcome.WAITING,
        about=title_of(each.about, each.case),
        summary=each.summary if each.case_id is None or case else "",
        by=each.by,
        council=each.council.name,
        council_id=each.council_id,
        address=rules.shown(each.address),
        name=each.given_name,
        case=case.reference if case else "",
        case_headline=case.headline if case else "",
        resolved=each.resolved,
        held=rules.held(resolved=each.resolved, first=touch_of(each), later=touches, now=now),
        avoidable=each.get_avoidable_display() if each.avoidable else "",
    )


def touch_of(contact: Contact) -> Touch:
    """Return a contact as far as it says whether another one settled its matter."""
    return Touch(contact.at, contact.about, contact.case_id, contact.direction == Contact.Direction.IN)


def _later(viewer: Viewer, settled: Sequence[Contact]) -> list[Contact]:
    """Return the contacts of people who came back after contacts that settled something."""
    if not settled:
        return []
    records = {each.record_id for each in settled if each.record_id}
    cases = {each.case_id for each in settled if each.case_id}
    rows = there(viewer).filter(
        Q(record__in=records) | Q(case__in=cases),
        direction=Contact.Direction.IN,
        at__gt=min(each.at for each in settled),
        at__lte=max(each.at for each in settled) + rules.HELD_FOR,
    )
    return list(rows)


def _same_person(one: Contact, other: Contact) -> bool:
    return (one.record_id is not None and one.record_id == other.record_id) or (
        one.case_id is not None and one.case_id == other.case_id
    )


def title_of(about: str, case: Case | None) -> str:
    """Return what a contact was about, in words: the title of its service, or the key as it was kept."""
    if case is not None and case.process == about:
        definition = store.definition_of(case.version_id)
        return definition.service.title if definition.service else definition.title
    return about.replace("-", " ")[:1].upper() + about.replace("-", " ")[1:]
