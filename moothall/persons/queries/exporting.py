"""Everything that one council holds about a person, for them to read (UK GDPR article 15). Never another council's."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from moothall.councils.rules import Viewer
from moothall.journal.models import Entry
from moothall.persons import hooks
from moothall.persons.models import Connection, Fact, Record, Relationship
from moothall.persons.permissions import Can
from moothall.persons.queries.records import is_open, record_seen, sees_fact
from moothall.persons.queries.retention import keeping_of
from moothall.persons.rules import facts as kinds
from moothall.persons.rules import wordlists
from moothall.process import circles, store
from moothall.process.kinds import words
from moothall.process.models import Case, Event
from moothall.process.queries import history

THIRD = (
    "About somebody else: leave it out, unless they agree or it is reasonable (DPA 2018, schedule 2, part 3)"
)
LEFT_OUT = (
    "Locked records, alerts and cases of teams that you do not belong to are not in it. Ask those teams before you "
    "send it: what they hold belongs to the answer, too, unless an exemption covers it."
)


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that is held, part by part in words. `third` says that it tells of somebody else as well."""

    values: Mapping[str, str]
    third: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """Things of one kind."""

    title: str
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True)
class Export:
    """What one council holds about one person, as it stood at a moment."""

    council: str
    reference: str
    name: str
    made_at: datetime
    sections: Sequence[Section]
    left_out: str = field(default=LEFT_OUT)

    @property
    def as_json(self) -> dict[str, Any]:
        """The same for a machine."""
        return {
            "council": self.council,
            "person": self.reference,
            "made_at": self.made_at.isoformat(),
            "left_out": self.left_out,
            "sections": [
                {
                    "title": section.title,
                    "rows": [
                        dict(row.values) | ({"third_party": THIRD} if row.third else {})
                        for row in section.rows
                    ],
                }
                for section in self.sections
            ],
        }


def export(viewer: Viewer, record_id: int, now: datetime) -> Export:
    """Return what the council of a record holds about its person: of all its records of them that are open here.

    Facts that ended and those in force, each with its source; relationships, cases, what other rooms hold, and who
    looked. What tells of somebody else is marked. For those who answer such requests.
    """
    record = record_seen(viewer, record_id, Can.EXERCISE)
    rows = Record.objects.filter(
        person_id=record.person_id, council_id=record.council_id, state=Record.State.ACTIVE
    )
    records = [each for each in rows.order_by("id") if is_open(viewer, each)]
    ids = [each.pk for each in records]
    cases = list(
        circles.narrow(viewer, Case.objects.filter(person__record__in=ids)).order_by("opened_at", "id")
    )
    case_ids = [each.pk for each in cases]
    sections = [
        Section("Records", [_record(each, now) for each in records]),
        Section("What is held", list(_facts(viewer, ids))),
        Section("People who stand to them", list(_relationships(viewer, ids))),
        Section("Cases", list(_cases(viewer, cases))),
        Section("What happened in the cases", list(_happened(viewer, cases))),
        *(
            Section(title, [_row(*row.items()) for row in tell(viewer, ids, case_ids)])
            for title, tell in sorted(hooks.exporters.items())
        ),
        Section("Accounts connected with the record", list(_connections(ids))),
        Section("Who looked", list(_looks(ids))),
    ]
    return Export(
        council=record.council.name,
        reference=record.person.reference,
        name=record.name,
        made_at=now,
        sections=[section for section in sections if section.rows],
    )


def _row(*pairs: tuple[str, object], third: bool = False) -> Row:
    """Return a row without what is empty; times are those of London."""
    return Row({key: said for key, value in pairs if (said := _said(value))}, third)


def _said(value: object) -> str:
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat(timespec="minutes")
    return value.isoformat() if isinstance(value, date) else str(value or "")


def _record(record: Record, now: datetime) -> Row:
    kept = keeping_of(record, now)
    return _row(
        ("Since", record.created_at),
        ("Source", record.source),
        ("Restricted since", record.restricted_at),
        ("Kept until", record.keep_until or kept.until),
        ("Why it is kept", f"{kept.rule.title} ({kept.rule.source})"),
    )


def _facts(viewer: Viewer, record_ids: Sequence[int]) -> Iterator[Row]:
    for fact in Fact.objects.filter(record__in=record_ids).order_by("kind", "recorded_at", "id"):
        if sees_fact(viewer, fact):
            yield _row(
                ("Kind", kinds.KINDS[fact.kind].title),
                *kinds.said_parts(fact.kind, fact.body),
                ("So since", fact.since),
                ("So until", fact.until),
                ("Source", fact.source),
                ("Source of", fact.source_at),
                ("Recorded", fact.recorded_at),
                ("Ended", fact.ended_at),
                ("Why it ended", fact.ended_why),
            )


def _relationships(viewer: Viewer, record_ids: Sequence[int]) -> Iterator[Row]:
    rows = Relationship.objects.filter(Q(record__in=record_ids) | Q(other__in=record_ids))
    for row in rows.select_related("record", "other").order_by("id"):
        mine = row.record_id in record_ids
        other = row.other if mine else row.record
        yield _row(
            ("How", wordlists.stands_as(row.kind, turned=not mine)),
            ("Who", other.name if is_open(viewer, other) else "Somebody whose record is locked"),
            ("For", row.scope),
            ("Since", row.since),
            ("Until", row.until),
            ("Consent given on", row.consent_on),
            ("Consent given by", row.consent_how),
            ("Source", row.source),
            ("Recorded", row.recorded_at),
            ("Ended", row.ended_at),
            ("Why it ended", row.ended_why),
            third=True,
        )


def _cases(viewer: Viewer, cases: Iterable[Case]) -> Iterator[Row]:
    """Give each case with its answers, those without that are kept to circles the viewer is outside of."""
    for case in cases:
        definition = store.definition_of(case.version_id)
        hidden = circles.kept_from(viewer, case.council_id, definition) if definition.has_circles else ()
        answers = [
            (each.name, words(each, case.data[key]))
            for key, each in definition.fields.items()
            if case.data.get(key) is not None and key not in hidden
        ]
        yield _row(
            ("Reference", case.reference),
            ("What it is", definition.title),
            ("Opened", case.opened_at),
            ("Closed", case.closed_at),
            ("How it ended", case.ending.replace("-", " ")),
            *answers,
        )


def _happened(viewer: Viewer, cases: Iterable[Case]) -> Iterator[Row]:
    """Give what was written in the history of each case, as far as it is there for the viewer."""
    for row in cases:
        case = store.load(row.pk)
        events = list(Event.objects.filter(case_id=row.pk).select_related("team").order_by("seq"))
        if case is not None:
            seen = circles.sight(viewer, case)
            for line in history.lines(case.definition, events, seen, {}):
                if line.text or line.answers:
                    yield _row(
                        ("Case", row.reference),
                        ("When", line.at),
                        ("What", line.sentence),
                        ("Words", line.text),
                        *line.answers,
                    )


def _connections(record_ids: Sequence[int]) -> Iterator[Row]:
    for row in Connection.objects.filter(record__in=record_ids).order_by("id"):
        yield _row(("Since", row.at), ("How", row.get_how_display()), ("Ended", row.ended_at))


def _looks(record_ids: Sequence[int]) -> Iterator[Row]:
    about = [f"record:{number}" for number in record_ids]
    told = {"person.seen": "Looked at the record", "person.told_elsewhere": "Was told that there is a record"}
    rows = Entry.objects.filter(about__in=about, what__in=sorted(told)).order_by("id")
    for at, what, who in rows.values_list("at", "what", "actor_name"):
        yield _row(("When", at), ("What", told[what]), ("Who", who), third=True)
