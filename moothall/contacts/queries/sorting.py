"""What came in and waits for somebody: to be read, and to be put to its person and case."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from moothall.contacts import rules
from moothall.contacts.models import Contact
from moothall.contacts.permissions import Can
from moothall.contacts.queries.people import Line, lines, of_address
from moothall.contacts.queries.seeing import contact_seen, there
from moothall.councils import gate
from moothall.councils.rules import Viewer
from moothall.messages import queries as letters
from moothall.messages.models import Received
from moothall.persons import hooks as persons
from moothall.persons.models import CasePerson, Record
from moothall.persons.permissions import Can as PersonsCan
from moothall.persons.queries.candidates import Candidate, Candidates, candidates
from moothall.persons.queries.records import is_open
from moothall.persons.rules import told
from moothall.process import circles, store
from moothall.process.models import Case
from moothall.process.permissions import Can as ProcessCan

SHOWN = 100
OF_NOBODY_FOR = timedelta(days=28)
_MOST_CASES = 8
_MOST_OF_ADDRESS = 10


def waiting(viewer: Viewer) -> list[Line]:
    """Return what waits to be read and sorted at the councils where the viewer may sort it, the oldest first."""
    rows = there(viewer, Can.SORT).filter(outcome=Contact.Outcome.WAITING)
    found = rows.select_related("council", "case").order_by("at", "pk")[:SHOWN]
    return lines(viewer, list(found), timezone.now())


def of_nobody(viewer: Viewer, now: datetime) -> list[Line]:
    """Return conversations of the last four weeks with nobody known, and about no case, the newest first."""
    rows = there(viewer, Can.SORT).filter(record=None, case=None, at__gt=now - OF_NOBODY_FOR)
    rows = rows.exclude(outcome__in=(Contact.Outcome.WAITING, Contact.Outcome.SET_ASIDE))
    found = rows.select_related("council", "case").order_by("-at", "-pk")[:SHOWN]
    return lines(viewer, list(found), now)


def aside(viewer: Viewer, now: datetime) -> list[Line]:
    """Return what was set aside in the last four weeks, the newest first: it may have been a mistake."""
    rows = there(viewer, Can.SORT).filter(outcome=Contact.Outcome.SET_ASIDE, at__gt=now - OF_NOBODY_FOR)
    found = rows.select_related("council", "case").order_by("-at", "-pk")[:SHOWN]
    return lines(viewer, list(found), now)


def count_waiting(viewer: Viewer) -> int:
    """Return how many wait, at the most 100: for the menu and the worklist."""
    rows = there(viewer, Can.SORT).filter(outcome=Contact.Outcome.WAITING)
    return rows[:SHOWN].count()


@dataclass(frozen=True, slots=True)
class SuggestedCase:
    """A case to which a contact may belong, and why it is suggested."""

    case_id: int
    reference: str
    title: str
    headline: str
    is_open: bool
    why: str


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose a contact is. Of a locked record there is no name."""

    reference: str
    name: str


@dataclass(frozen=True, slots=True)
class ContactFile:
    """One contact with everything its page shows. `people` and `cases` are suggestions, the likeliest first.

    Whoever shows them has written down that somebody looked at `records`, and was told what `register` says of others.

    `sender` says, for a letter on a case, whether its address is that of the request; `careful` if it is not. `letter`
    is the number of the letter that it came as, and `came_with` names what came with one that waits.
    """

    contact: Contact
    line: Line
    whose: Whose | None
    case: Case | None
    sender: str
    careful: bool
    people: Sequence[Candidate]
    elsewhere: Sequence[str]
    register: Candidates
    records: Sequence[Record]
    cases: Sequence[SuggestedCase]
    others: Sequence[Line]
    letter: int | None
    came_with: Sequence[str]
    may_sort: bool
    may_record: bool
    may_answer: bool


def contact_file(viewer: Viewer, number: int, now: datetime) -> ContactFile:
    """Return one contact; to whoever may sort it with the people and the cases it may belong to."""
    contact = contact_seen(viewer, number)
    sorts = gate.may(viewer, Can.SORT, contact.council_id)
    open_to_sort = sorts and (contact.record_id is None or contact.outcome == Contact.Outcome.WAITING)
    found = _people(viewer, contact, now) if open_to_sort and contact.record_id is None else Candidates()
    sender, careful = sender_words(contact)
    line = lines(viewer, [contact], now)[0]
    others = of_address(viewer, contact.address, _MOST_OF_ADDRESS + 1) if contact.address else []
    return ContactFile(
        contact=contact,
        line=line,
        whose=_whose(viewer, contact),
        case=contact.case if line.case else None,
        sender=sender,
        careful=careful,
        people=found.found,
        elsewhere=found.elsewhere,
        register=found,
        records=_opened(found),
        cases=_cases(viewer, contact, found) if open_to_sort else (),
        letter=_letter(contact),
        came_with=_came_with(contact) if sorts else (),
        others=[each for each in others if each.number != contact.pk][:_MOST_OF_ADDRESS],
        may_sort=sorts,
        may_record=gate.may(viewer, Can.RECORD, contact.council_id),
        may_answer=sorts and "@" in contact.address,
    )


def sender_words(contact: Contact) -> tuple[str, bool]:
    """Say whether a letter on a case came from the address of the request, and whether that calls for care."""
    if contact.case_id is None or contact.channel != "e-mail" or contact.direction != Contact.Direction.IN:
        return "", False
    known = persons.told([contact.case_id]).get(contact.case_id)
    if known is None or not known.emails:
        return "The request has no email address to compare it with: be careful.", True
    if any(rules.same_sender(contact.address, each) for each in known.emails):
        return "From the address of the request. That proves nothing: anybody can write any address.", False
    return "From another address than that of the request: be careful what you tell them.", True


def _letter(contact: Contact) -> int | None:
    """Return the number of the letter that a contact came as."""
    if contact.message_id is None or contact.direction != Contact.Direction.IN:
        return None
    rows = Received.objects.filter(message_id=contact.message_id)
    found: int | None = rows.values_list("pk", flat=True).first()
    return found


def _came_with(contact: Contact) -> list[str]:
    """Return the names of what came with a letter that waits, read again as it came."""
    number = _letter(contact) if contact.outcome == Contact.Outcome.WAITING else None
    read = letters.letter(Viewer.system(), number).letter if number is not None else None
    return [each.name for each in read.attachments] if read is not None else []


def _whose(viewer: Viewer, contact: Contact) -> Whose | None:
    record = contact.record
    if record is None and contact.case_id is not None:
        row = CasePerson.objects.filter(case_id=contact.case_id).select_related("record__person").first()
        record = row.record if row else None
    if record is None or not gate.may(viewer, PersonsCan.SEE, record.council_id):
        return None
    name = record.name if is_open(viewer, record) else "Locked record"
    return Whose(record.person.reference, name)


def _people(viewer: Viewer, contact: Contact, now: datetime) -> Candidates:
    """Return whom the contact may be with, by the name and the address that it gives."""
    if not gate.may(viewer, PersonsCan.SEARCH, contact.council_id):
        return Candidates()
    facts = told.facts_told(
        name=contact.given_name,
        email=contact.address if "@" in contact.address else "",
        phone=contact.address if rules.is_phone(contact.address) else "",
    )
    today = timezone.localdate(now)
    good = told.good(facts, today)
    if not good:
        return Candidates()
    return candidates(viewer, contact.council_id, told.known_of(good, today), now)


def _opened(found: Candidates) -> list[Record]:
    ids = [each.record_id for each in found.found if not each.locked]
    return list(Record.objects.filter(pk__in=ids).order_by("id")) if ids else []


def _cases(viewer: Viewer, contact: Contact, people: Candidates) -> list[SuggestedCase]:
    """Return the cases named in the text, then the open ones of the person or of whoever it may be."""
    if contact.case_id is not None and contact.outcome != Contact.Outcome.WAITING:
        return []
    rows = Case.objects.filter(council_id=contact.council_id)
    seen = circles.narrow(viewer, gate.narrow(viewer, ProcessCan.SEE, rows))
    named = seen.filter(reference__in=rules.references_in(f"{contact.about} {contact.summary}"))
    found = {each.pk: _suggested(each, "Its reference is in the text") for each in named}
    if contact.case_id is not None:
        found |= {
            each.pk: _suggested(each, "The letter answers it") for each in seen.filter(pk=contact.case_id)
        }
    likely = [each.record_id for each in people.found[:2] if not each.locked]
    ids = [contact.record_id] if contact.record_id else likely
    theirs = seen.filter(person__record__in=[each for each in ids if each], status=Case.Status.OPEN)
    for each in theirs.order_by("-pk")[:_MOST_CASES]:
        found.setdefault(each.pk, _suggested(each, "An open case of theirs"))
    return list(found.values())[:_MOST_CASES]


def _suggested(case: Case, why: str) -> SuggestedCase:
    return SuggestedCase(
        case_id=case.pk,
        reference=case.reference,
        title=store.definition_of(case.version_id).title,
        headline=case.headline,
        is_open=case.status == Case.Status.OPEN,
        why=why,
    )
