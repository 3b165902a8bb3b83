"""A resident's own record: with which record their account is connected, and what they may see of it.

A connection hangs on one record. Beside it they see those records of the same council that a person, not the matching,
said are theirs: a link that was made by itself may be wrong, and would show one person's life to another. What is
undone is gone from their page at once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone

from moothall.councils import gate, scope
from moothall.councils.models import Council
from moothall.councils.permissions import Permission
from moothall.councils.rules import Viewer
from moothall.persons.errors import FactGone, NotConnected, NotShownHere, NotYoursToChange
from moothall.persons.models import CasePerson, Connection, Fact, Link, Record, Relationship
from moothall.persons.permissions import Can
from moothall.persons.rules import facts as kinds
from moothall.persons.rules import own_words
from moothall.persons.rules.golden import best_first
from moothall.persons.rules.groups import Tie, group_of
from moothall.plain.actors import Actor
from moothall.plain.errors import NotFound

SHOWN = ("name", "birth", "address", "phone", "email", "identifier", "language", "need")
"""The kinds that a resident sees of themselves: no alerts, which are about the safety of staff."""
OWN = frozenset({"phone", "email", "language", "need"})
"""The kinds that they put right themselves."""
MOST_OWN = 10
_ACTS = {"representative": False, "represented": True}
"""Kinds of relationship by which somebody acts for somebody, and whether it is the one who stands first that acts."""
_SURE = (CasePerson.How.CHOSEN, CasePerson.How.ACCOUNT, CasePerson.How.NEW)


def as_themselves(viewer: Viewer, council_id: int, *cans: Permission) -> Viewer:
    """Return the viewer as the resident they are, and nothing more: whoever they are at work counts for nothing here.

    `cans` are what they may do at that council; whoever calls this has proved that it is about their own record.
    """
    actor = Actor(kind="resident", user_id=viewer.actor.user_id, name=viewer.actor.name)
    return Viewer(actor, council_id=council_id, powers={can.value: frozenset({council_id}) for can in cans})


def connection_of(viewer: Viewer, council_id: int) -> Connection | None:
    """Return the connection in force of the viewer's own account at a council, with its record."""
    if viewer.actor.user_id is None:
        return None
    rows = Connection.objects.filter(user_id=viewer.actor.user_id, council_id=council_id, ended_at=None)
    found: Connection | None = rows.select_related("record__person", "council").first()
    return found


def own_records(record: Record) -> list[Record]:
    """Return the records that somebody connected with `record` sees: it, and those that people joined with it there.

    Records with one origin were added for one person. Of links only those count that somebody decided.
    """
    with scope.everything("the links that join the records of one council may lead through another"):
        rows = Record.objects.filter(person_id=record.person_id)
        origins = dict(rows.values_list("id", "origin_id"))
        decided = Link.objects.filter(
            kind=Link.Kind.SAME, ended_at=None, low__in=origins, high__in=origins, made_by_user__isnull=False
        )
        ties = [Tie(*row) for row in decided.values_list("id", "low_id", "high_id")]
        origins.setdefault(record.pk, record.origin_id)
        own = group_of(origins, ties, record.pk)
        here = Record.objects.filter(pk__in=own, council_id=record.council_id, state=Record.State.ACTIVE)
        return list(here.order_by("id"))


def is_shown(record: Record) -> bool:
    """Say whether a connected resident may be shown their details: nothing of the person there is locked or restricted.

    That includes what the matching alone took for the same person: to be too careful here shows nobody anything.
    """
    if record.state != Record.State.ACTIVE:
        return False
    all_of_them = Record.objects.filter(
        person_id=record.person_id, council_id=record.council_id, state=Record.State.ACTIVE
    )
    return not any(
        circle or restricted for circle, restricted in all_of_them.values_list("circle", "restricted_at")
    )


@dataclass(frozen=True, slots=True)
class OwnValue:
    """One value as its person reads it, with where it came from and since when."""

    fact_id: int
    kind: str
    words: str
    note: str
    source: str
    told_on: date
    until: date | None
    is_current: bool
    may_change: bool


@dataclass(frozen=True, slots=True)
class Acting:
    """Somebody who acts for the person, or for whom the person acts, with the consent."""

    relationship_id: int
    name: str
    scope: str
    consent_on: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class OwnDetails:
    """What a council holds about whoever is connected. If `is_shown` is false, all of it is empty."""

    connection: Connection
    is_shown: bool
    reference: str = ""
    values: Mapping[str, Sequence[OwnValue]] = field(default_factory=dict)
    act_for_me: Sequence[Acting] = ()
    i_act_for: Sequence[Acting] = ()


def own_details(viewer: Viewer, council_id: int, now: datetime) -> OwnDetails | None:
    """Return what a council holds about the viewer; None if their account is not connected there."""
    connection = connection_of(viewer, council_id)
    if connection is None:
        return None
    if not is_shown(connection.record):
        return OwnDetails(connection, is_shown=False)
    ids = [record.pk for record in own_records(connection.record)]
    today = timezone.localdate(now)
    for_me, by_me = _acting_for(ids, today)
    return OwnDetails(
        connection=connection,
        is_shown=True,
        reference=connection.record.person.reference,
        values=_values(ids, today),
        act_for_me=for_me,
        i_act_for=by_me,
    )


def _values(record_ids: Sequence[int], today: date) -> dict[str, list[OwnValue]]:
    """Return the facts in force by kind, each time the one to rely on first, without what is for some teams."""
    rows = Fact.objects.filter(record__in=record_ids, ended_at=None, kind__in=SHOWN, circle="")
    found: dict[str, list[OwnValue]] = {kind: [] for kind in SHOWN}
    for fact in best_first(rows, today):
        value = _value(fact, today)
        if value.words not in [each.words for each in found[fact.kind]]:
            found[fact.kind].append(value)
    return {kind: values for kind, values in found.items() if values}


def _value(fact: Fact, today: date) -> OwnValue:
    return OwnValue(
        fact_id=fact.pk,
        kind=fact.kind,
        words=said_to_owner(fact),
        note=_note(fact),
        source=own_words.to_the_person(fact.source),
        told_on=timezone.localdate(fact.source_at),
        until=fact.until,
        is_current=fact.until is None or fact.until >= today,
        may_change=fact.kind in OWN,
    )


def said_to_owner(fact: Fact) -> str:
    """Return a value as its person reads it: of a number in another system only how it ends."""
    if fact.kind == "identifier":
        scheme = dict(kinds.said_parts(fact.kind, {**fact.body, "value": "0"}))
        return f"{next(iter(scheme.values()))} that {own_words.hidden(str(fact.body['value']))}"
    return own_words.said_to_them(fact.kind, fact.body)


def _note(fact: Fact) -> str:
    """Return what is to be said beside a value: which name or address it is, and what was agreed."""
    if fact.kind in ("name", "address"):
        uses = {"former": "former name", "known-as": "what we call you", "correspondence": "where letters go"}
        return uses.get(str(fact.body.get("use")), "")
    agreed = {"yes": "we may use it for news", "no": "not for news"}.get(
        str(fact.body.get("consent", "")), ""
    )
    preferred = "preferred" if fact.body.get("preferred") else ""
    return ", ".join(text for text in (preferred, agreed) if text)


def _acting_for(record_ids: Sequence[int], today: date) -> tuple[list[Acting], list[Acting]]:
    """Return who acts for the person of some records, and for whom they act."""
    rows = Relationship.objects.filter(
        Q(record__in=record_ids) | Q(other__in=record_ids),
        Q(until=None) | Q(until__gte=today),
        kind__in=_ACTS,
        ended_at=None,
    )
    for_me: list[Acting] = []
    by_me: list[Acting] = []
    for row in rows.select_related("record", "other").order_by("id"):
        mine = row.record_id in record_ids
        acts = _ACTS[row.kind] if mine else not _ACTS[row.kind]
        (by_me if acts else for_me).append(_acting(row, row.other if mine else row.record))
    return for_me, by_me


def _acting(row: Relationship, person: Record) -> Acting:
    """Return somebody's part in it by name; of a locked record not even that."""
    named = person.name if not person.circle and person.state == Record.State.ACTIVE else ""
    return Acting(row.pk, named or "Somebody whom we do not name here", row.scope, row.consent_on, row.until)


@dataclass(frozen=True, slots=True)
class Mine:
    """A connected resident with power over their own record, and the records that are theirs."""

    viewer: Viewer
    connection: Connection
    record_ids: frozenset[int]


def mine(viewer: Viewer, council_id: int) -> Mine:
    """Return what the viewer's account is connected with, for a change; refuses whoever is not, or is not shown it."""
    found = connection_of(viewer, council_id)
    council = Council.objects.get(pk=council_id)
    if found is None:
        raise NotConnected(council=council.name, what="record of you")
    if not is_shown(found.record):
        raise NotShownHere(council=council.name)
    ids = frozenset(record.pk for record in own_records(found.record))
    return Mine(as_themselves(viewer, council_id, Can.SEE, Can.CHANGE), found, ids)


def own_fact(viewer: Viewer, council_id: int, fact_id: int) -> Fact:
    """Return a value of one's own record that one may put right now; for anybody else there is no such value."""
    ids = mine(viewer, council_id).record_ids
    held: Fact | None = Fact.objects.filter(pk=fact_id, record__in=ids, kind__in=SHOWN, circle="").first()
    if held is None:
        raise NotFound(what="page")
    if held.ended_at is not None:
        raise FactGone
    allow_own(held.kind)
    return held


def allow_own(kind: str) -> None:
    """Let somebody put right a value of this kind themselves; refuse what the council checks first."""
    if kind not in OWN:
        raise NotYoursToChange


def own_case_ids(viewer: Viewer, council_id: int) -> list[int]:
    """Return the cases about the viewer's own record that stand outside every circle, for the list of their requests.

    Not those that the matching alone put there: they may be somebody else's.
    """
    connection = connection_of(viewer, council_id)
    if connection is None or not is_shown(connection.record):
        return []
    ids = [record.pk for record in own_records(connection.record)]
    rows = CasePerson.objects.filter(record__in=ids, council_id=council_id, how__in=_SURE, case__circle="")
    return list(rows.order_by("-case_id").values_list("case_id", flat=True))


@dataclass(frozen=True, slots=True)
class Connected:
    """An account that is connected with a record, as staff see it."""

    id: int
    record_id: int
    council: str
    account: str
    email: str
    how: str
    at: datetime
    may_end: bool


def connections_of(viewer: Viewer, record_ids: Sequence[int]) -> list[Connected]:
    """Return the accounts that are connected with some records, which the caller knows to be open to the viewer."""
    rows = Connection.objects.filter(record__in=record_ids, ended_at=None)
    rows = gate.narrow(viewer, Can.SEE, rows.select_related("user", "council").order_by("at", "id"))
    return [
        Connected(
            id=row.pk,
            record_id=row.record_id,
            council=row.council.name,
            account=row.user.name,
            email=row.user.email,
            how=row.get_how_display(),
            at=row.at,
            may_end=gate.may(viewer, Can.CONNECT, row.council_id),
        )
        for row in rows
    ]
