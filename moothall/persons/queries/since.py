"""What came to a person since two of their records were joined, and where it fits: for taking the link back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from moothall.councils import gate, scope
from moothall.councils.rules import Viewer
from moothall.persons import hooks
from moothall.persons.errors import NoSuchLink
from moothall.persons.hooks import Hanging, Thing
from moothall.persons.models import CasePerson, Fact, Link, Record, Relationship
from moothall.persons.permissions import Can
from moothall.persons.queries.ledger import WHY, ledger_of
from moothall.persons.queries.records import is_open, sees_fact
from moothall.persons.rules import facts as kinds
from moothall.persons.rules import fitting, groups, wordlists
from moothall.persons.rules.groups import Group
from moothall.persons.rules.known import Known
from moothall.persons.rules.shorts import Held, shortened
from moothall.process import circles
from moothall.process.permissions import Can as ProcessCan

_REQUEST = "request:"


@dataclass(frozen=True, slots=True)
class Came:
    """A thing that came since, and the records of its council to which it may be put; `suggested` is one of them."""

    thing: Thing
    words: str
    at: datetime
    council: str
    record_id: int
    choices: Sequence[Record]
    suggested: int


@dataclass(frozen=True, slots=True)
class Since:
    """What the end of a link would separate, and what came since it was made, the newest first.

    `sides` is empty if other links hold the two together: then nothing is separated.
    """

    link: Link
    sides: Sequence[Group]
    things: Sequence[Came]


def cases_seen(viewer: Viewer) -> QuerySet[CasePerson]:
    """Return whose the cases are that are wholly there for the viewer."""
    rows = CasePerson.objects.filter(record__isnull=False).select_related("case")
    return circles.narrow(viewer, gate.narrow(viewer, ProcessCan.SEE, rows), "case__")


def came_since(viewer: Viewer, link_id: int, now: datetime) -> Since:
    """Return what came to either side of a link since it was made, as far as the viewer may see and move it."""
    with scope.everything(WHY):
        link: Link | None = Link.objects.filter(pk=link_id, kind=Link.Kind.SAME, ended_at=None).first()
        if link is None:
            raise NoSuchLink
        ledger = ledger_of([link.low_id, link.high_id])
        left = [tie for tie in ledger.same if tie.id != link.pk]
        sides = groups.sides(ledger.origins, left, link.low_id, link.high_id)
        if sides is None:
            return Since(link, (), ())
        rows = (
            Record.objects.filter(pk__in=sides[0] | sides[1])
            .select_related("council", "origin")
            .order_by("id")
        )
        records = {row.pk: row for row in gate.narrow(viewer, Can.DECIDE, rows) if is_open(viewer, row)}
        hanging = _hanging(viewer, records, link.made_at)
        known = [_known_of(side, link, now) for side in sides]
    asked = _by_request(hanging)
    things = [_came(each, records, sides, _better(each, known, asked)) for each in hanging]
    return Since(link, sides, [each for each in things if len(each.choices) > 1])


def _hanging(viewer: Viewer, records: Mapping[int, Record], moment: datetime) -> list[Hanging]:
    """Return what was hung on records after they were joined; what they came with is not of interest."""
    ids = sorted(records)
    found = [*_facts(viewer, ids, moment), *_cases(viewer, ids, moment), *_relationships(ids, moment)]
    for follower in hooks.followers.values():
        found += follower.since(viewer, ids, moment)
    came = [each for each in found if each.at > records[each.record_id].created_at]
    return sorted(came, key=lambda each: (each.at, each.thing.kind, each.thing.id), reverse=True)


def _facts(viewer: Viewer, ids: Sequence[int], moment: datetime) -> list[Hanging]:
    rows = Fact.objects.filter(record__in=ids, recorded_at__gt=moment, ended_at=None)
    return [
        Hanging(
            thing=Thing("fact", fact.pk),
            record_id=fact.record_id,
            at=fact.recorded_at,
            words=f"{kinds.KINDS[fact.kind].title}: {kinds.said(fact.kind, fact.body)}",
            known=shortened([_held(fact)], timezone.localdate(fact.recorded_at)).known,
            source=fact.source,
        )
        for fact in rows
        if sees_fact(viewer, fact)
    ]


def _cases(viewer: Viewer, ids: Sequence[int], moment: datetime) -> list[Hanging]:
    rows = list(cases_seen(viewer).filter(record__in=ids, at__gt=moment))
    told = hooks.told([row.case_id for row in rows])
    return [
        Hanging(
            thing=Thing("case", row.pk),
            record_id=int(row.record_id or 0),
            at=row.at,
            words=f"Case {row.case.reference}: {row.case.headline}".removesuffix(": "),
            known=told.get(row.case_id, Known()),
        )
        for row in rows
    ]


def _relationships(ids: Sequence[int], moment: datetime) -> list[Hanging]:
    rows = Relationship.objects.filter(
        Q(record__in=ids) | Q(other__in=ids), recorded_at__gt=moment, ended_at=None
    )
    found = []
    for row in rows.select_related("record", "other"):
        mine = row.record_id in ids
        other = row.other if mine else row.record
        who = other.name if not other.circle else "a locked record"
        found.append(
            Hanging(
                thing=Thing("relationship", row.pk),
                record_id=row.record_id if mine else row.other_id,
                at=row.recorded_at,
                words=f"{wordlists.stands_as(row.kind, turned=not mine)}: {who}",
            )
        )
    return found


def _held(fact: Fact) -> Held:
    return Held(fact.kind, fact.body, fact.until, fact.pk)


def _known_of(side: Group, link: Link, now: datetime) -> Known:
    """Return what was known of one side when the two were joined: what came since must not speak for itself."""
    rows = Fact.objects.filter(record__in=side).select_related("record")
    then = [fact for fact in rows if fact.recorded_at <= max(link.made_at, fact.record.created_at)]
    return shortened((_held(fact) for fact in then), timezone.localdate(now)).known


def _by_request(hanging: Sequence[Hanging]) -> dict[str, Known]:
    """Return what the requests that came since say, by their source: what they told goes where they go."""
    cases = [each for each in hanging if each.thing.kind == "case"]
    references = CasePerson.objects.filter(pk__in=[each.thing.id for each in cases])
    named = dict(references.values_list("pk", "case__reference"))
    return {f"{_REQUEST}{named[each.thing.id]}": each.known for each in cases if each.thing.id in named}


def _better(each: Hanging, known: Sequence[Known], asked: Mapping[str, Known]) -> int | None:
    """Return which side a thing fits better: by itself, or else by the request that told it."""
    by_itself = fitting.better(each.known, known)
    return (
        fitting.better(asked[each.source], known) if by_itself is None and each.source in asked else by_itself
    )


def _came(each: Hanging, records: Mapping[int, Record], sides: Sequence[Group], best: int | None) -> Came:
    here = records[each.record_id]
    choices = [record for record in records.values() if record.council_id == here.council_id]
    fits = [record.pk for record in choices if best is not None and record.pk in sides[best]]
    return Came(
        thing=each.thing,
        words=each.words,
        at=each.at,
        council=here.council.name,
        record_id=here.pk,
        choices=choices,
        suggested=here.pk if here.pk in fits or not fits else fits[0],
    )
