"""A file of calls, from its upload to its report: looked at, its columns settled, and brought in by a job."""

import hashlib
import zlib
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from moothall.councils import gate
from moothall.councils.models import Council
from moothall.councils.rules import Viewer
from moothall.journal import actions as journal
from moothall.journal.jobs import manner
from moothall.plain.actors import Actor
from moothall.servicedesk.actions.importing import Brought, bring_in
from moothall.servicedesk.errors.channels import ImportBegun, MappingRefused, NotACallsFile
from moothall.servicedesk.models import ImportRun
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries import importing as queries
from moothall.servicedesk.rules import columns, importing
from moothall.servicedesk.rules.columns import CannotRead, Mapped
from moothall.servicedesk.rules.importing import Refusal

_STATE = ImportRun.State


@transaction.atomic
def look_at(
    *, by: Viewer, council: Council, name: str, raw: bytes, now: datetime, source: str = "import"
) -> ImportRun:
    """Keep a file, and guess what its columns mean; nothing is brought in yet."""
    gate.allow(by, Can.IMPORT, council.pk)
    sheet = queries.sheet_in(raw)
    rows = sum(1 for _ in sheet.rows())
    if not rows:
        raise NotACallsFile(why="It has no rows.")
    run: ImportRun = ImportRun.objects.create(
        council=council,
        name=name[:200] or "calls.csv",
        source=source,
        sha256=hashlib.sha256(raw).hexdigest(),
        packed=zlib.compress(raw),
        mapping=Mapped(columns=columns.guess(sheet.heads)).as_json(),
        rows=rows,
        at=now,
        by=by.actor.name[:150],
    )
    _tell(by.actor, "servicedesk.import_looked_at", run, now, {"rows": rows, "sha256": run.sha256})
    return run


@transaction.atomic
def settle(
    *, by: Viewer, run_id: int, mapping: Mapping[str, object], judged: bool, now: datetime, source: str = ""
) -> ImportRun:
    """Say how a file is read. `judged` says whether closed calls are held to the council's targets."""
    run = _to_change(by, run_id)
    run.mapping, run.judged = mapped_of(mapping).as_json(), judged
    run.source = source or run.source
    run.save(update_fields=["mapping", "judged", "source"])
    _tell(by.actor, "servicedesk.import_settled", run, now, {"judged": judged})
    return run


def mapped_of(mapping: Mapping[str, object]) -> Mapped:
    """Return a mapping as somebody gave it."""
    try:
        return Mapped.of(mapping)
    except CannotRead as error:
        raise MappingRefused(why=str(error)) from error


@transaction.atomic
def start(*, by: Viewer, run_id: int, now: datetime) -> ImportRun:
    """Let a file be brought in, as soon as the worker comes to it."""
    run = _to_change(by, run_id)
    if wrong := columns.unmapped(Mapped.of(run.mapping), queries.sheet_of(run).heads):
        raise MappingRefused(why=" ".join(wrong))
    run.state = _STATE.WAITING
    run.save(update_fields=["state"])
    journal.post(
        task=carry_out,
        key=f"servicedesk.import:{run.pk}",
        args={"run_id": run.pk, "user_id": by.actor.user_id, "name": by.actor.name},
        council_id=run.council_id,
        now=now,
    )
    _tell(by.actor, "servicedesk.import_started", run, now)
    return run


@task()
@manner(attempts=6)
def carry_out(*, run_id: int, user_id: int | None, name: str) -> str:
    """Bring in a file. If the worker dies on the way, what was brought in stays, and the rest follows."""
    run = ImportRun.objects.select_related("council").get(pk=run_id)
    if run.state != _STATE.WAITING:
        return str(run.state)
    actor = Actor("staff", user_id, name) if user_id else Viewer.system().actor
    who = Viewer(actor, powers={Can.IMPORT.value: frozenset({run.council_id})})
    bring(run, by=who, now=timezone.now())
    return "done"


def bring(
    run: ImportRun,
    *,
    by: Viewer,
    now: datetime,
    progress: Callable[[Brought], None] = lambda _brought: None,
) -> Brought:
    """Bring in the file of an import, and keep what became of each row."""

    def keep(brought: Brought) -> None:
        ImportRun.objects.filter(pk=run.pk).update(
            kept=brought.kept, known=brought.known, refused=brought.refused
        )
        progress(brought)

    mapped, sheet = Mapped.of(run.mapping), queries.sheet_of(run)
    if wrong := columns.unmapped(mapped, sheet.heads):
        raise MappingRefused(why=" ".join(wrong))
    rows = queries.rows_of(sheet, mapped, run.council)
    brought = bring_in(
        rows, by=by, council=run.council, now=now, source=run.source, judged=run.judged, progress=keep
    )
    with transaction.atomic():
        run.state, run.packed = _STATE.DONE, b""
        run.rows, run.kept, run.known, run.refused = (
            brought.rows, brought.kept, brought.known, brought.refused,
        )  # fmt: skip
        run.report = [asdict(each) for each in brought.refusals]
        run.save()
        facts = {"kept": run.kept, "known": run.known, "refused": run.refused}
        _tell(by.actor, "servicedesk.import_done", run, now, facts)
    return brought


def tried(run: ImportRun, *, now: datetime) -> Brought:
    """Return what bringing in a file would come to, as far as the rows themselves say; nothing is changed."""
    mapped, sheet = Mapped.of(run.mapping), queries.sheet_of(run)
    if wrong := columns.unmapped(mapped, sheet.heads):
        raise MappingRefused(why=" ".join(wrong))
    brought = Brought()
    for row in queries.rows_of(sheet, mapped, run.council):
        brought.rows += 1
        if isinstance(row, Refusal):
            brought.refuse(row.line, row.why)
        elif why := " ".join(importing.wrong(row, now)):
            brought.refuse(row.line, why)
        else:
            brought.kept += 1
    return brought


@transaction.atomic
def drop(*, by: Viewer, run_id: int, now: datetime) -> None:
    """Forget a file that was looked at and is not to be brought in."""
    run = _to_change(by, run_id)
    _tell(by.actor, "servicedesk.import_dropped", run, now)
    run.delete()


def _to_change(by: Viewer, run_id: int) -> ImportRun:
    run = queries.import_run(by, run_id)
    if run.state != _STATE.LOOKED_AT:
        raise ImportBegun
    return run


def _tell(
    by: Actor, what: str, run: ImportRun, now: datetime, facts: Mapping[str, Any] | None = None
) -> None:
    journal.write(by=by, what=what, about=f"import:{run.pk}", council_id=run.council_id, now=now, facts=facts)
