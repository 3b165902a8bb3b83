"""One person as the adviser's page shows them, with what happens next in their cases and where each value came from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from moothall.contacts.permissions import Can as ContactsCan
from moothall.contacts.queries.people import PAGE as TALKS_SHOWN
from moothall.contacts.queries.people import Line, OpenCall, callbacks_open, contacts_of
from moothall.councils import gate
from moothall.councils.rules import Viewer
from moothall.look import dates
from moothall.persons.actions.relating import REPRESENTS
from moothall.persons.models import Fact, Record
from moothall.persons.permissions import Can
from moothall.persons.queries.cases import Document, PersonCase, cases_of
from moothall.persons.queries.people import PersonFile, Related, Value, person_file
from moothall.persons.queries.records import Elsewhere
from moothall.persons.rules import wordlists
from moothall.persons.rules.facts import KINDS, Kind
from moothall.persons.rules.sources import age, said_source
from moothall.requests.permissions import Can as RequestsCan
from moothall.workplace import rules
from moothall.workplace.queries.work import calendars_of
from moothall.workplace.rules import Due

ON_TOP = ("birth", "death", "address", "phone", "email", "identifier", "language", "need")
CLOSED_SHOWN = 5
_ACTS_FOR = dict(wordlists.RELATIONSHIPS)[REPRESENTS]


@dataclass(frozen=True, slots=True)
class Said:
    """A value as it is read, with its receipt: who said so, and when; which council holds it, if that is a question."""

    id: int
    words: str
    receipt: str
    since: str
    may_change: bool
    is_current: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Every value of one kind, the one to rely on first."""

    kind: Kind
    values: Sequence[Said]

    @property
    def title(self) -> str:
        return self.kind.plural if len(self.values) > 1 else self.kind.title


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case, with what happens next and by when, in words."""

    case: PersonCase
    next: str
    who: str
    due: Due


@dataclass(frozen=True, slots=True)
class PersonPage:
    """Everything the page shows. `top` is what an adviser needs first, `alerts` before that."""

    file: PersonFile
    top: Sequence[tuple[str, Sequence[str], str]]
    alerts: Sequence[str]
    restricted: Sequence[Record]
    groups: Sequence[Group]
    open: Sequence[CaseLine]
    closed: Sequence[PersonCase]
    closed_before: Sequence[PersonCase]
    more: bool
    documents: Sequence[Document]
    talks: Sequence[Line]
    calls: Sequence[OpenCall]
    talks_more: str
    acting: Sequence[Related]
    related: Sequence[Related]
    elsewhere: Sequence[Elsewhere]
    addable: Sequence[Kind]
    may_raise: bool
    may_contact: bool
    may_connect: bool
    may_see_rights: bool
    may_see_looks: bool
    may_see_links: bool
    may_lock: bool
    several: bool

    @property
    def is_locked(self) -> bool:
        return self.file.is_locked

    @property
    def reference(self) -> str:
        return self.file.person.reference


def person_page(viewer: Viewer, reference: str, now: datetime, *, before: str = "") -> PersonPage:
    """Return the page of a person; of locked records only that they exist and whom to ask.

    `before` is where the list of contacts goes on.
    """
    file = person_file(viewer, reference, now)
    today = timezone.localdate(now)
    cases = cases_of(viewer, file.record_ids, now)
    closed = cases.closed
    talks = contacts_of(viewer, file.record_ids, TALKS_SHOWN, before, now=now)
    several = len(file.records) > 1
    opened = [held for held in file.records if held.is_open]
    may_change = any(held.may_change for held in opened)

    def may(can: Can) -> bool:
        return any(gate.may(viewer, can, held.record.council_id) for held in opened)

    representing = [each for each in file.related if each.how == _ACTS_FOR]
    return PersonPage(
        file=file,
        top=_top(file, today),
        alerts=[value.words for value in file.values.get("alert", ()) if value.is_current],
        restricted=[held.record for held in opened if held.record.restricted_at is not None],
        groups=[
            Group(KINDS[kind], [_said(value, several=several) for value in values])
            for kind, values in file.values.items()
        ],
        open=_lines(cases.open, now),
        closed=closed[:CLOSED_SHOWN],
        closed_before=closed[CLOSED_SHOWN:],
        more=cases.more,
        documents=cases.documents,
        talks=talks,
        calls=callbacks_open(viewer, file.record_ids, now) if cases.open else (),
        talks_more=talks[-1].cursor if len(talks) == TALKS_SHOWN else "",
        acting=representing,
        related=[each for each in file.related if each.how != _ACTS_FOR],
        elsewhere=file.elsewhere,
        addable=list(KINDS.values()) if may_change else (),
        may_raise=bool(opened) and gate.anywhere(viewer, RequestsCan.RAISE),
        may_contact=bool(opened) and gate.anywhere(viewer, ContactsCan.RECORD),
        may_connect=may(Can.CONNECT),
        may_see_rights=may(Can.SEE_RIGHTS),
        may_see_looks=may(Can.SEE_LOOKS),
        may_see_links=may(Can.SEE_LINKS),
        may_lock=may(Can.LOCK),
        several=several,
    )


def _top(file: PersonFile, today: date) -> list[tuple[str, Sequence[str], str]]:
    """Return what stands at the top: a label, what is said, and an address that calls or writes, if there is one."""
    found: list[tuple[str, Sequence[str], str]] = []
    for kind in ON_TOP:
        current = [value for value in file.values.get(kind, ()) if value.is_current]
        if not current:
            continue
        one = kind not in ("language", "need", "identifier")
        words = list(dict.fromkeys(value.words for value in (current[:1] if one else current)))
        if kind == "birth" and (years := _age(file, today)):
            words = [f"{words[0]} ({years})"]
        found.append((KINDS[kind].title, words, _href(current[0].fact)))
    return found


def _href(fact: Fact) -> str:
    if fact.kind == "phone":
        return f"tel:{fact.body['number']}"
    return f"mailto:{fact.body['address']}" if fact.kind == "email" else ""


def _age(file: PersonFile, today: date) -> str:
    """Return somebody's age in words, as it is or as it was when they died."""
    birth, death = file.first("birth"), file.first("death")
    born = birth.fact.body.get("date") if birth else None
    if birth is None or born is None or birth.fact.body.get("precision") == "unborn":
        return ""
    on = date.fromisoformat(death.fact.body["date"]) if death else today
    day = date.fromisoformat(born)
    years = age((day.year, day.month, day.day), (on.year, on.month, on.day))
    return f"died aged {years}" if death else f"aged {years}"


def _said(value: Value, *, several: bool) -> Said:
    fact = value.fact
    return Said(
        id=fact.pk,
        words=value.words,
        receipt=receipt(fact, value.council if several else ""),
        since=when(fact),
        may_change=value.may_change,
        is_current=value.is_current,
    )


def receipt(fact: Fact, council: str = "") -> str:
    """Return who said so and when, and which council holds it."""
    said = from_where(fact)
    return f"{said}, at {council}" if council else said


def from_where(fact: Fact) -> str:
    """Return who said something, and when."""
    said = said_source(fact.source)
    return f"{'' if said.startswith('proved') else 'from '}{said}, {dates.short(fact.source_at)}"


def when(fact: Fact) -> str:
    """Return from when until when a fact is so, as far as that is known."""
    start = f"since {dates.short(fact.since)}" if fact.since else ""
    end = f"until {dates.short(fact.until)}" if fact.until else ""
    return " ".join(part for part in (start, end) if part)


def _lines(cases: Sequence[PersonCase], now: datetime) -> list[CaseLine]:
    """Return open cases with due times in words; lateness counts in the opening hours of the case's council."""
    late = {
        case.council_id for case in cases if any(step.due_at and step.due_at <= now for step in case.next)
    }
    calendars = calendars_of(late)
    found = []
    for case in cases:
        first = case.next[0] if case.next else None
        due_at = first.due_at if first else case.due_at
        more = len(case.next) - 1
        title = first.title if first else "Nothing waits to be done"
        if more > 0:
            title = f"{title}, and {more} more"
        who = ("waits for the person who asked" if first.asks_requester else first.team) if first else ""
        found.append(CaseLine(case, title, who, rules.due_of(due_at, now, calendars.get(case.council_id))))
    return found
