"""Bringing in calls of another system, many at once: each whole or not at all, none twice, and nobody is told."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import connection, transaction

from moothall.councils import gate
from moothall.councils.models import Council
from moothall.councils.rules import Viewer
from moothall.plain.actors import SYSTEM, Actor
from moothall.plain.errors import HouseError
from moothall.process import store_many
from moothall.process.actions.bringing import Ground, Past, begin, write_all
from moothall.servicedesk.models import Call, Imported
from moothall.servicedesk.models.calls import Ended
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries.following import read_of, waiting_in
from moothall.servicedesk.rules import importing, kinds, states
from moothall.servicedesk.rules.importing import WAYS, Refusal, Row, Way

AT_ONCE = 500
MOST_REPORTED = 1_000


@dataclass(slots=True)
class Brought:
    """What became of the rows."""

    rows: int = 0
    kept: int = 0
    known: int = 0
    refused: int = 0
    refusals: list[Refusal] = field(default_factory=list)

    def refuse(self, line: int, why: str) -> None:
        """Count a row that is refused, and say why."""
        self.refused += 1
        if len(self.refusals) < MOST_REPORTED:
            self.refusals.append(Refusal(line, why))


def bring_in(
    rows: Iterable[Row | Refusal],
    *,
    by: Viewer,
    council: Council,
    now: datetime,
    source: str = "import",
    judged: bool = True,
    progress: Callable[[Brought], None] = lambda _brought: None,
) -> Brought:
    """Bring in calls of one council, some hundred in each transaction; what was brought from `source` before stays.

    Rows that could not be read come as refusals, and are counted with the others. Closed calls are judged by the
    council's targets as they are now, unless `judged` is false: then no clock says anything of them. Open ones go on.
    """
    gate.allow(by, Can.IMPORT, council.pk)
    ground = Ground(council)
    brought = Brought()
    for batch in _batches(rows):
        with transaction.atomic():
            _bring(batch, by, ground, now, source, brought, judged=judged)
        progress(brought)
    return brought


def _batches(rows: Iterable[Row | Refusal]) -> Iterator[Sequence[Row | Refusal]]:
    left = iter(rows)
    while batch := list(islice(left, AT_ONCE)):
        yield batch


def _bring(
    batch: Sequence[Row | Refusal],
    by: Viewer,
    ground: Ground,
    now: datetime,
    source: str,
    brought: Brought,
    *,
    judged: bool,
) -> None:
    known = set(
        Imported.objects.filter(
            council_id=ground.council.pk,
            source=source,
            reference__in=[row.external for row in batch if isinstance(row, Row)],
        ).values_list("reference", flat=True)
    )
    played: list[tuple[Row, Past]] = []
    for row in batch:
        brought.rows += 1
        if isinstance(row, Refusal):
            brought.refuse(row.line, row.why)
        elif row.external in known:
            brought.known += 1
        elif why := " ".join(importing.wrong(row, now)):
            brought.refuse(row.line, why)
        elif (past := _played(row, ground, now, brought, judged=judged)) is not None:
            known.add(row.external)
            played.append((row, past))
    write_all([past for _, past in played], by=by.actor, now=now, what="servicedesk.call_imported")
    _write_calls(played, source)
    brought.kept += len(played)


def _played(row: Row, ground: Ground, now: datetime, brought: Brought, *, judged: bool) -> Past | None:
    try:
        past = _play(row, ground)
    except HouseError as error:
        brought.refuse(row.line, error.sentence)
        return None
    if past.case.status == "open":
        past.catch_up(now)
    elif not judged:
        past.case.clocks, past.case.kept = {}, []
    return past


def _play(row: Row, ground: Ground) -> Past:
    """Let a call happen again as far as the row says how it went."""
    way = WAYS[row.kind]
    who = Actor("staff", row.requester_id, row.caller_name or "Somebody") if row.requester_id else SYSTEM
    past = begin(
        ground,
        process=kinds.PROCESS[row.kind],
        at=row.logged_at,
        answers=importing.answers(row),
        by=who,
        requester_id=row.requester_id,
        words=[row.external, row.caller_name, row.caller_email, row.user_name],
    )
    if row.state == states.CLOSED and row.ended != importing.DONE:
        past.close("withdrawn", at=row.closed_at or row.resolved_at or row.logged_at)
        return past
    if row.state == states.NEW and way.sort:
        _to(past, way.sort, row, row.logged_at)
        return past
    _work(past, row, way)
    return past


def _work(past: Past, row: Row, way: Way) -> None:
    """Do the work: sorted, answered, and, if it was, resolved and closed."""
    begun = row.taken_at or row.first_reply_at or row.resolved_at or row.logged_at
    who, staff_id = _worker(row), row.staff_id
    if way.sort:
        past.do(way.sort, at=begun, outcome=way.sorted_as, by=who, staff_id=staff_id)
    for step, outcome, answers in way.before:
        if row.resolved_at is None:
            _to(past, step, row, begun)
            return
        past.do(step, at=row.resolved_at, answers=answers, outcome=outcome, by=who, staff_id=staff_id)
    _to(past, way.work, row, begun)
    if row.first_reply_at is not None:
        past.wrote(row.first_reply, at=row.first_reply_at, by=who)
    _wait(past, row, way)
    resolved_at = row.resolved_at or (row.closed_at if row.state == states.CLOSED else None)
    if row.state not in {states.RESOLVED, states.CLOSED} or resolved_at is None:
        return
    fix = {"fix": importing.fix_of(row)}
    past.do(way.work, at=resolved_at, answers=fix, outcome=way.done, by=who, staff_id=staff_id)
    if row.state == states.CLOSED and past.case.status == "open":
        at = row.closed_at or resolved_at
        if way.confirm:
            past.do(way.confirm, at=at, outcome=way.confirmed)
        else:
            past.close(way.ends, at=at)


def _wait(past: Past, row: Row, way: Way) -> None:
    """Let a call wait for the user or for a supplier, if it did."""
    outcome = {states.USER: way.ask, states.SUPPLIER: way.hand_on}.get(row.state, "")
    if not outcome:
        return
    asked = past.case.definition.steps[way.work].needed(outcome) or ()
    past.do(
        way.work,
        at=row.first_reply_at or row.taken_at or row.logged_at,
        answers=dict.fromkeys(asked, importing.NOT_KNOWN),
        outcome=outcome,
        by=_worker(row),
        staff_id=row.staff_id,
    )


def _worker(row: Row) -> Actor:
    return Actor("staff", row.user_id, row.user_name) if row.user_id else SYSTEM


def _to(past: Past, step: str, row: Row, at: datetime) -> None:
    """Give a step to the team, and the person, that had it there."""
    if row.team_id is not None:
        to = f"{row.user_name} in {row.team_name}" if row.staff_id else row.team_name
        past.hand(step, to=to or "its team", team_id=row.team_id, person_id=row.staff_id, at=at)


def _write_calls(played: Sequence[tuple[Row, Past]], source: str) -> None:
    """Write the calls by hand: they are most of what is written, and nothing of a model is needed for it."""
    if not played:
        return
    names = [field.attname for field in Call._meta.concrete_fields if not field.primary_key]
    calls = [_call(row, past) for row, past in played]
    store_many.rows_into(
        Call._meta.db_table, names, [[_kept(getattr(call, name)) for name in names] for call in calls]
    )
    wanted = [past.case.id for _, past in played]
    numbers = dict(Call.objects.filter(case_id__in=wanted).values_list("case_id", "id"))
    store_many.rows_into(
        Imported._meta.db_table,
        ("council_id", "source", "reference", "call_id"),
        [(past.case.council_id, source, row.external, numbers[past.case.id]) for row, past in played],
    )


def _kept(value: Any) -> Any:
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value


def _call(row: Row, past: Past) -> Call:
    """Return what queues and figures read of a call: as `effects.follow` would have kept it."""
    case = past.case
    read = read_of(case)
    worked = case.steps.get(WAYS[row.kind].work)
    resolved_at = worked.done_at if worked and worked.state == "done" and not read["open"] else None
    team_id = row.team_id or (worked.team_id if worked else None)
    reopened_at = (resolved_at or row.logged_at) if row.reopened else None
    return Call(
        council_id=case.council_id,
        case_id=case.id,
        kind=row.kind,
        ended=Ended(states.ended_as(case.ending)) if read["state"] == states.CLOSED else "",
        reference=case.reference,
        channel=row.channel,
        item_id=row.item_id,
        team_id=next((run.team_id for run in waiting_in(case) if run.team_id), None) or team_id,
        person_id=row.staff_id,
        requester_id=row.requester_id,
        caller_name=row.caller_name[:150],
        caller_email=row.caller_email[:320],
        automatic=row.automatic,
        logged_at=row.logged_at,
        first_reply_at=row.first_reply_at,
        resolved_at=resolved_at,
        first_resolved_at=resolved_at,
        resolved_by_id=row.staff_id if resolved_at else None,
        resolved_team_id=team_id if resolved_at else None,
        reopened=row.reopened,
        reopened_at=reopened_at,
        moves=row.moves,
        first_contact=row.first_contact,
        changed_at=past.happened[-1][0].now,
        **read,
    )
