"""Intake: when a case begins, the register finds whose it is, adds somebody new, or leaves it for a person to look.

What is found here is shown to staff alone: nobody who asks learns from it whether the council knows them.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from moothall.councils.permissions import Permission
from moothall.councils.queries import councils_sharing
from moothall.councils.rules import Viewer
from moothall.persons.actions.casework import keep_person
from moothall.persons.actions.holding import Matched, own_record
from moothall.persons.actions.records import add_fact, add_person, write
from moothall.persons.models import CasePerson, Connection, Record
from moothall.persons.permissions import Can
from moothall.persons.queries.candidates import Candidate, candidates
from moothall.persons.queries.weights import in_force_at
from moothall.persons.rules import told
from moothall.persons.rules.facts import NewFact
from moothall.persons.rules.known import Known
from moothall.persons.rules.matching.comparing import compare
from moothall.persons.rules.matching.cutoffs import verdict
from moothall.plain.actors import Actor

_KIND = Can.SEE.kind
_REACH: tuple[Permission, ...] = (Can.SEE, Can.SEARCH)
_POINTS = ("email", "phone")
_IF_UNKNOWN = ("address", "birth")
HOW = CasePerson.How


@transaction.atomic
def take_in(
    *,
    by: Viewer,
    case_id: int,
    council_id: int,
    facts: Sequence[NewFact],
    source: str,
    now: datetime,
    user_id: int | None = None,
) -> CasePerson | None:
    """Say whose a case is, and return it; None if nothing that tells people apart was given.

    A record that is connected with the account that asks (`user_id`) is not asked about again; which record an adviser
    chose, `casework.put_case_to` says. Otherwise the register decides by the council's cut-offs: the same person,
    somebody new, or nobody yet (`record` is None) where two people would fit, where it is not sure, or where the record
    is locked or restricted.
    """
    today = timezone.localdate(now)
    facts = told.good(facts, today)
    connected = _connected(user_id, council_id)
    if connected is not None:
        return _put(
            by=by,
            case_id=case_id,
            council_id=council_id,
            record_id=connected,
            how=HOW.ACCOUNT,
            facts=facts,
            source=source,
            now=now,
        )
    if not any(fact.kind == "name" for fact in facts):
        return None
    given = told.known_of(facts, today)
    asked = candidates(_desk(council_id, now), council_id, given, now, shown=False)
    found = asked.found
    sure = [each for each in found if each.verdict == "link"]
    if not found and _restricted(council_id, given):
        return _put(by=by, case_id=case_id, council_id=council_id, record_id=None, now=now)
    if not sure and not any(each.verdict == "ask" for each in found):
        house = Viewer.system()
        added = add_person(by=house, council_id=council_id, facts=facts, source=source, now=now)
        return _put(by=by, case_id=case_id, council_id=council_id, record_id=added.pk, how=HOW.NEW, now=now)
    if len(sure) != 1 or sure[0].locked:
        return _put(by=by, case_id=case_id, council_id=council_id, record_id=None, now=now)
    ours = _ours(sure[0], council_id, asked.model, source, now)
    return _put(
        by=by,
        case_id=case_id,
        council_id=council_id,
        record_id=ours,
        how=HOW.MATCHED,
        score=sure[0].score,
        facts=facts,
        source=source,
        now=now,
    )


def _restricted(council_id: int, given: Known) -> bool:
    """Say whether somebody may be meant whose record the council may not use: then it must not add another, either."""
    model, cutoffs = in_force_at(council_id)
    rows = Record.objects.filter(
        council_id=council_id, restricted_at__isnull=False, state=Record.State.ACTIVE
    )
    held = (Known.of(traits) for traits in rows.values_list("traits", flat=True))
    return any(verdict(compare(model, given, each), cutoffs) != "new" for each in held)


def _connected(user_id: int | None, council_id: int) -> int | None:
    if user_id is None:
        return None
    rows = Connection.objects.filter(user_id=user_id, council_id=council_id, ended_at=None)
    found: int | None = rows.values_list("record_id", flat=True).first()
    return found


def _desk(council_id: int, now: datetime) -> Viewer:
    """Return the register's own eyes at a council: they reach as far as its agreements, and into no circle."""
    reached = councils_sharing(_KIND, council_id, now=now)
    actor = Actor(kind="resident", user_id=None, name="The register")
    return Viewer(actor, council_id=council_id, powers={can.value: reached for can in _REACH})


def _ours(candidate: Candidate, council_id: int, model: int, source: str, now: datetime) -> int:
    """Return the council's own record of somebody, who may be known so far only to a council that shares with it."""
    if candidate.here is not None:
        return candidate.here
    match = Matched(candidate.score, model, candidate.reasons)
    house, record_id = Viewer.system(), candidate.record_id
    own = own_record(
        by=house, council_id=council_id, record_id=record_id, source=source, now=now, matched=match
    )
    return own.pk


def _put(
    *,
    by: Viewer,
    case_id: int,
    council_id: int,
    record_id: int | None,
    now: datetime,
    how: str = "",
    score: float | None = None,
    facts: Sequence[NewFact] = (),
    source: str = "",
) -> CasePerson:
    row = keep_person(
        by=by, case_id=case_id, council_id=council_id, record_id=record_id, how=how, score=score, now=now
    )
    record = Record.objects.filter(pk=record_id).first() if record_id else None
    if record is not None:
        write(by, "person.case_put", record, now, case=case_id, how=how)
        if record.restricted_at is None and record.state == Record.State.ACTIVE and not record.circle:
            facts = facts if _theirs(record, facts, now) else ()
            _learn(record, facts, source, now)
    return row


def _theirs(record: Record, facts: Sequence[NewFact], now: datetime) -> bool:
    """Say whether it was told of the person themselves: somebody may ask for a neighbour from their own account."""
    named = told.known_of([fact for fact in facts if fact.kind == "name"], timezone.localdate(now))
    return named.shares_a_name(Known.of(record.traits))


def _learn(record: Record, facts: Sequence[NewFact], source: str, now: datetime) -> None:
    """Keep new ways to reach somebody, and where they live if nobody knows; the rest is for a person to judge."""
    for fact in facts:
        unknown = fact.kind in _IF_UNKNOWN and not record.facts.filter(kind=fact.kind, ended_at=None).exists()
        if unknown or (fact.kind in _POINTS and not _held(record, fact)):
            add_fact(by=Viewer.system(), record_id=record.pk, fact=fact, source=source, now=now)


def _held(record: Record, fact: NewFact) -> bool:
    key = "address" if fact.kind == "email" else "number"
    mine = "e" if fact.kind == "email" else "p"
    return str(fact.body[key]).lower() in record.traits.get(mine, ())
