"""Saying that records are one person, or two, and taking it back.

Here alone are links written, and whose a record is. A link moves nothing: which records are one person is worked out
anew, for the whole groups that are touched, from all links that are in force. So the end of a link is exact, whenever
it comes and in whichever order. All records of these groups are held, in the order of their numbers; two who decide
about one group come one after the other. Call this before other changes of records in a transaction, or alone.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

from django.db import IntegrityError, transaction

from moothall.councils import gate, scope
from moothall.councils.rules import Viewer
from moothall.persons.actions import placing
from moothall.persons.actions.records import write
from moothall.persons.errors import (
    Erased,
    KeptApart,
    LinkGone,
    NoSuchLink,
    NotTwoRecords,
    Restricted,
    StillJoined,
)
from moothall.persons.hooks import Thing
from moothall.persons.models import Link, Record
from moothall.persons.permissions import Can
from moothall.persons.queries.ledger import WHY, Ledger, in_force, ledger_of, undone
from moothall.persons.queries.records import is_open, locked, record_seen
from moothall.persons.rules import groups
from moothall.persons.rules.groups import Tie

Kind = Link.Kind
_TRIES = 20


class Said(Protocol):
    """One reason of a comparison: how many bits a field counts, and in words."""

    @property
    def field(self) -> str: ...
    @property
    def level(self) -> str: ...
    @property
    def points(self) -> float: ...
    @property
    def words(self) -> str: ...


@transaction.atomic
def link_same(
    *,
    by: Viewer,
    one_id: int,
    other_id: int,
    why: str,
    now: datetime,
    score: float | None = None,
    model: int = 0,
    reasons: Sequence[Said] = (),
) -> Link:
    """Say that two records are one person; what others joined with either comes along.

    With a `score` the house does so by itself. Then it asks instead (and returns that link) where somebody took back
    a link between the two before, and it keeps away from locked records. Refuses what is kept apart, erased, or
    restricted: whom a council may not use, it may not match.
    """
    by_itself = score is not None and by.is_system
    _two(one_id, other_id)
    with scope.everything(WHY):
        for number in (one_id, other_id):
            _to_match(by, number, by_itself=by_itself)
        made = _made(why, score, model, reasons)
        return _settled((one_id, other_id), lambda ledger: _join(by, ledger, (one_id, other_id), made, now))


def _join(by: Viewer, ledger: Ledger, pair: tuple[int, int], made: Mapping[str, Any], now: datetime) -> Link:
    low, high = sorted(pair)
    held = in_force(low, high)
    if held is not None and held.kind == Kind.SAME:
        return held
    if walls := groups.forbidding(ledger.origins, ledger.same, ledger.apart, low, high):
        raise KeptApart(links=_named(walls))
    apart = groups.sides(ledger.origins, ledger.same, low, high)
    by_itself = made["score"] is not None and by.is_system
    if by_itself and apart is not None and undone(*apart):
        return held or _write(by, low, high, Kind.MAYBE, made, now)
    if held is not None:
        _end(held, by, "They are one person.", now)
    return _write(by, low, high, Kind.SAME, made, now)


@transaction.atomic
def tell_apart(
    *, by: Viewer, one_id: int, other_id: int, why: str, now: datetime, end_same: bool = False
) -> Link:
    """Say that two records are two people, for ever: nothing joins them, or what is joined with them, from now on.

    A link that says that they are the same is ended if `end_same`. Refuses what other links join still.
    """
    _two(one_id, other_id)
    with scope.everything(WHY):
        for number in (one_id, other_id):
            _to_decide(by, number)
        return _settled(
            (one_id, other_id),
            lambda ledger: _part(by, ledger, (one_id, other_id), _made(why), now, end_same=end_same),
        )


def _part(
    by: Viewer,
    ledger: Ledger,
    pair: tuple[int, int],
    made: Mapping[str, Any],
    now: datetime,
    *,
    end_same: bool,
) -> Link:
    low, high = sorted(pair)
    held = in_force(low, high)
    if held is not None and held.kind == Kind.APART:
        return held
    same = [tie for tie in ledger.same if held is None or not end_same or tie.id != held.pk]
    if groups.sides(ledger.origins, same, low, high) is None:
        raise StillJoined(
            links=_named(groups.holding(ledger.origins, same, low, high)) or "they have one origin"
        )
    if held is not None:
        _end(held, by, "They are two people.", now)
    return _write(by, low, high, Kind.APART, made, now)


@transaction.atomic
def suggest(
    *,
    low: int,
    high: int,
    score: float,
    reasons: Sequence[Said],
    model: int,
    now: datetime,
    by: Viewer | None = None,
) -> Link | None:
    """Let somebody look whether two records are one person; None if that is decided, or must not be asked.

    Whoever suggests several pairs in one transaction goes by the numbers of the records, lower ones first.
    """
    low, high = sorted((low, high))
    with scope.everything(WHY):
        rows = Record.objects.filter(pk__in=(low, high), state=Record.State.ACTIVE, restricted_at=None)
        if low == high or rows.count() != 2:  # noqa: PLR2004 - both of them
            return None
        ledger = ledger_of((low, high))
        joined = groups.sides(ledger.origins, ledger.same, low, high) is None
        if joined or groups.forbidding(ledger.origins, ledger.same, ledger.apart, low, high):
            return None
        row = _row(by or Viewer.system(), low, high, Kind.MAYBE, _made("", score, model, reasons), now)
        Link.objects.bulk_create([row], ignore_conflicts=True)
        return in_force(low, high)


@transaction.atomic
def leave_open(*, by: Viewer, link_id: int, why: str, now: datetime) -> Link:
    """Say that one cannot tell: the question stays for others, with what was found out so far."""
    with scope.everything(WHY):
        held = _link(by, link_id)
        for number in (held.low_id, held.high_id):
            _to_decide(by, number)
        if held.kind != Kind.MAYBE or held.ended_at is not None:
            raise LinkGone
        _end(held, by, "Somebody looked, and could not tell.", now)
        made = {key: getattr(held, key) for key in ("score", "model", "reasons")}
        row = _write(by, held.low_id, held.high_id, Kind.MAYBE, made | {"why": _tidy(why)}, now)
        _tell("person.left_open", by, row, now)
        return row


@transaction.atomic
def undo(
    *,
    by: Viewer,
    link_id: int,
    why: str,
    now: datetime,
    places: Mapping[Thing, int] | None = None,
    apart: bool = False,
) -> Link:
    """Take a link back, of whichever kind, at whatever time: the groups are those that the other links make.

    `places` says of what came since to which record it belongs (`queries.since`); with `apart`, the two are two people
    from now on. A council may take its own record out of a link, whoever else is in it; telling apart needs both.
    """
    with scope.everything(WHY):
        held = _link(by, link_id)
        _to_undo(by, held)
        ends = (held.low_id, held.high_id)
        if apart:
            _to_decide(by, held.low_id)
            _to_decide(by, held.high_id)

        def decide(ledger: Ledger) -> Link:
            _end(held, by, why, now)
            placing.move(by=by, places=places or {}, now=now)
            if apart:
                left = replace(ledger, same=[tie for tie in ledger.same if tie.id != held.pk])
                _part(by, left, ends, _made(why), now, end_same=False)
            return held

        return _settled(ends, decide)


def _settled(record_ids: Iterable[int], decide: Callable[[Ledger], Link]) -> Link:
    """Hold the groups of some records, decide, and work out anew whose their records are.

    Whoever joined these groups with others meanwhile was faster: then everything is let go and held again, with the
    others, so that nobody ever waits for a lower number while holding a higher one.
    """
    wanted = frozenset(record_ids)
    for left in reversed(range(_TRIES)):
        try:
            with transaction.atomic():
                row = decide(_hold(wanted))
                _regroup(wanted)
                return row
        except (_Grown, IntegrityError):  # a suggestion was written between our look and our word
            if not left:
                raise
    raise LinkGone


class _Grown(LinkGone):
    """Other records were joined with these while they were waited for."""


def _hold(record_ids: Iterable[int]) -> Ledger:
    wanted = ledger_of(record_ids).origins.keys()
    rows = Record.objects.select_for_update(no_key=True).filter(pk__in=wanted).order_by("id")
    held = set(rows.values_list("id", flat=True))
    found = ledger_of(record_ids)
    if not found.origins.keys() <= held:
        raise _Grown
    return found


def _regroup(record_ids: Iterable[int]) -> None:
    """Write down whose each record is now."""
    ledger = ledger_of(record_ids)
    changed: dict[int, list[int]] = {}
    for record, person in groups.heads(ledger.origins, ledger.same).items():
        if ledger.persons[record] != person:
            changed.setdefault(person, []).append(record)
    for person, records in changed.items():
        Record.objects.filter(pk__in=records).update(person_id=person)


def _two(one_id: int, other_id: int) -> None:
    if one_id == other_id:
        raise NotTwoRecords


def _to_decide(by: Viewer, record_id: int) -> Record:
    record = record_seen(by, record_id, Can.DECIDE)
    if record.state == Record.State.ERASED:
        raise Erased(council=record.council.name)
    return record


def _to_match(by: Viewer, record_id: int, *, by_itself: bool) -> Record:
    record = _to_decide(by, record_id)
    if record.restricted_at is not None:
        raise Restricted(council=record.council.name, why=record.restricted_why)
    if by_itself and record.circle:
        raise locked(record)
    return record


def _to_undo(by: Viewer, link: Link) -> None:
    """Let in whoever may decide at both ends; of records that were joined, at one of them."""
    ends = Record.objects.filter(pk__in=(link.low_id, link.high_id))
    own = [end for end in ends if gate.may(by, Can.DECIDE, end.council_id) and is_open(by, end)]
    if own and link.kind == Kind.SAME:
        return
    for end in ends:
        record_seen(by, end.pk, Can.DECIDE)


def _link(by: Viewer, link_id: int) -> Link:
    """Return a link of which the viewer may see a record, wherever the other is."""
    row: Link | None = Link.objects.filter(pk=link_id).select_related("low", "high").first()
    if row is None or not any(gate.may(by, Can.SEE, end.council_id) for end in (row.low, row.high)):
        raise NoSuchLink
    return row


def _end(link: Link, by: Viewer, why: str, now: datetime) -> None:
    """End a link that is in force, unless somebody was faster."""
    link.ended_at, link.ended_by, link.ended_why = now, by.actor.name[:150], _tidy(why)
    rows = Link.objects.filter(pk=link.pk, ended_at=None)
    if not rows.update(ended_at=now, ended_by=link.ended_by, ended_why=link.ended_why):
        raise LinkGone
    if link.kind != Kind.MAYBE:  # a question ends with what was decided, and that is told
        _tell("person.unlinked", by, link, now)


def _write(by: Viewer, low: int, high: int, kind: Kind, made: Mapping[str, Any], now: datetime) -> Link:
    row = _row(by, low, high, kind, made, now)
    row.save(force_insert=True)
    if kind != Kind.MAYBE:
        _tell("person.linked" if kind == Kind.SAME else "person.told_apart", by, row, now)
    return row


def _row(by: Viewer, low: int, high: int, kind: Kind, made: Mapping[str, Any], now: datetime) -> Link:
    council_id = Record.objects.values_list("council_id", flat=True).get(pk=low)
    return Link(
        council_id=council_id,
        low_id=low,
        high_id=high,
        kind=kind,
        made_at=now,
        made_by=by.actor.name[:150],
        made_by_user=by.actor.user_id,
        **made,
    )


def _made(
    why: str, score: float | None = None, model: int = 0, reasons: Sequence[Said] = ()
) -> dict[str, Any]:
    said = [
        {"field": each.field, "level": each.level, "points": round(each.points, 2), "words": each.words}
        for each in reasons
    ]
    return {"why": _tidy(why), "score": score, "model": model, "reasons": said}


def _tidy(why: str) -> str:
    return why.replace("\0", "").strip()[:500]


def _tell(what: str, by: Viewer, link: Link, now: datetime) -> None:
    """Write down at both councils what became of a link."""
    ends = list(Record.objects.filter(pk__in=(link.low_id, link.high_id)).order_by("id"))
    for end, other in ((ends[0], ends[1]), (ends[1], ends[0])):
        write(by, what, end, now, link=link.pk, kind=link.kind, other=other.pk, model=link.model)


def _named(ties: Iterable[Tie]) -> str:
    return ", ".join(f"link {tie.id}" for tie in ties)
