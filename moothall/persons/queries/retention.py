"""Until when records are kept, what stands against destroying them, and which are due to be looked at."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db.models import Max
from django.utils import timezone
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from moothall.councils import gate
from moothall.councils.models import Council
from moothall.councils.rules import Viewer
from moothall.persons import hooks
from moothall.persons.errors import ScheduleWrong
from moothall.persons.models import CasePerson, Disposal, Fact, Record
from moothall.persons.permissions import Can
from moothall.persons.queries.records import is_open
from moothall.persons.rules import retention
from moothall.persons.rules.retention import Keeping, Life, Rule
from moothall.persons.rules.rights import PROCESS, Obstacles
from moothall.process import circles
from moothall.process.models import Case

PAGE = 100
FILE = "retention.yaml"


def schedule(council_id: int) -> tuple[Rule, ...]:
    """Return the retention schedule of a council: the shared one, with what `retention.yaml` says of the council.

    The file stands in the home folder. It has, by the code of a council, numbers of years by the key of a rule; a
    mistake in it stops everything that depends on it.
    """
    place: Path = settings.HOME / FILE
    try:
        changed = place.stat().st_mtime_ns
    except OSError:
        return retention.RULES
    own = _own_schedules(place, changed)
    return own.get(Council.objects.get(pk=council_id).code, retention.RULES) if own else retention.RULES


@lru_cache(maxsize=2)
def _own_schedules(place: Path, changed: int) -> Mapping[str, tuple[Rule, ...]]:
    del changed  # part of what is remembered by
    try:
        written = YAML(typ="safe", pure=True).load(place.read_text(encoding="utf-8")) or {}
        return {str(code): retention.overridden(dict(own)) for code, own in dict(written).items()}
    except (YAMLError, ValueError, TypeError, UnicodeDecodeError) as error:
        raise ScheduleWrong(wrong=str(error)) from error


def lives(record_ids: Sequence[int], now: datetime) -> dict[int, Life]:
    """Return what the schedule needs to know of the people of some records. Four questions, however many there are."""
    records = {row.pk: row for row in Record.objects.filter(pk__in=list(record_ids))}
    active = {pk: [row.created_at] for pk, row in records.items()}
    for row in _facts(records):
        active[row[0]] += [at for at in row[1:] if at is not None]
    born, died = _dates(records)
    closed: dict[int, date] = {}
    processes: dict[int, set[str]] = {pk: set() for pk in records}
    for record_id, process, opened_at, closed_at in _cases(records):
        active[record_id].append(closed_at or now)
        active[record_id].append(opened_at)
        if process != PROCESS:
            processes[record_id].add(process)
            if closed_at is not None:
                day = timezone.localdate(closed_at)
                closed[record_id] = max(closed.get(record_id, day), day)
    for last in hooks.activities:
        for record_id, at in last(list(records)).items():
            active[record_id].append(at)
    return {
        pk: Life(
            active_on=timezone.localdate(max(active[pk])),
            born=row.born or born.get(pk),
            died=died.get(pk),
            closed_on=closed.get(pk),
            processes=frozenset(processes[pk]),
        )
        for pk, row in records.items()
    }


def _facts(record_ids: Iterable[int]) -> list[tuple[int, datetime | None, datetime | None]]:
    """Return when a fact was last recorded, and last ended, by the record."""
    rows = Fact.objects.filter(record__in=list(record_ids)).values("record_id").order_by()
    last = rows.annotate(kept=Max("recorded_at"), ended=Max("ended_at"))
    return list(last.values_list("record_id", "kept", "ended"))


def _dates(record_ids: Iterable[int]) -> tuple[dict[int, date], dict[int, date]]:
    """Return the dates of birth, also those that are estimated, and of death. A year alone counts to its end."""
    born: dict[int, date] = {}
    died: dict[int, date] = {}
    rows = Fact.objects.filter(record__in=list(record_ids), kind__in=("birth", "death"), ended_at=None)
    for record_id, kind, body in rows.order_by("id").values_list("record_id", "kind", "body"):
        day = date.fromisoformat(body["date"]) if body.get("date") else None
        if kind == "death" and day is not None:
            died[record_id] = day
        elif kind == "birth" and (day or body.get("year")):
            born[record_id] = day or date(int(body["year"]), 12, 31)
    return born, died


def _cases(record_ids: Iterable[int]) -> list[tuple[int, str, datetime, datetime | None]]:
    rows = CasePerson.objects.filter(record__in=list(record_ids)).order_by("id")
    return list(rows.values_list("record_id", "case__process", "case__opened_at", "case__closed_at"))


def keeping_of(record: Record, now: datetime) -> Keeping:
    """Return until when the schedule of its council keeps a record, and by which rule."""
    return retention.keeping(lives([record.pk], now)[record.pk], schedule(record.council_id))


def obstacles(viewer: Viewer, record: Record, now: datetime, *, besides: int | None = None) -> Obstacles:
    """Return what stands against erasing a record; `besides` is the case of the request that asks for it.

    What is open in a circle the viewer is outside of is counted, and not named.
    """
    rows = Case.objects.filter(person__record=record, status=Case.Status.OPEN).exclude(pk=besides)
    seen = list(circles.narrow(viewer, rows).order_by("id").values_list("reference", flat=True))
    kept = keeping_of(record, now)
    return Obstacles(
        hold=record.hold_why,
        open_cases=seen,
        hidden=rows.count() - len(seen),
        kept_until=kept.bound_until,
        because=f"{kept.binding.title} ({kept.binding.source})." if kept.binding else "",
    )


@dataclass(frozen=True, slots=True)
class Due:
    """A record that is due to be looked at, by which rule, and whether somebody proposes to destroy it.

    Of one that is locked for the viewer there is neither a name nor a reference.
    """

    record: Record
    is_open: bool
    rule: Rule
    proposal: Disposal | None
    proposed_by_viewer: bool
    may_decide: bool


def due(viewer: Viewer, now: datetime) -> list[Due]:
    """Return the records whose time is up, the longest overdue first; those with a proposal before all others."""
    rows = Record.objects.filter(keep_until__lte=timezone.localdate(now), state=Record.State.ACTIVE)
    rows = gate.narrow(viewer, Can.SEE_RIGHTS, rows).select_related("council", "person")
    found = list(rows.order_by("keep_until", "id")[:PAGE])
    asked = gate.narrow(viewer, Can.SEE_RIGHTS, Disposal.objects.filter(outcome=Disposal.Outcome.PROPOSED))
    proposals = {row.record_id: row for row in asked.order_by("id")[:PAGE]}
    missing = proposals.keys() - {record.pk for record in found}
    found += Record.objects.filter(pk__in=missing).select_related("council", "person")
    life = lives([record.pk for record in found], now)
    schedules = {council_id: schedule(council_id) for council_id in {each.council_id for each in found}}
    listed = [
        Due(
            record=record,
            is_open=is_open(viewer, record),
            rule=retention.keeping(life[record.pk], schedules[record.council_id]).rule,
            proposal=(proposal := proposals.get(record.pk)),
            proposed_by_viewer=proposal is not None
            and proposal.proposed_by_user is not None
            and proposal.proposed_by_user == viewer.actor.user_id,
            may_decide=is_open(viewer, record) and gate.may(viewer, Can.EXERCISE, record.council_id),
        )
        for record in found
    ]
    return sorted(
        listed, key=lambda each: (each.proposal is None, each.record.keep_until or date.max, each.record.pk)
    )
