"""Agreements: what councils share, for how long, and that it ends."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from moothall.councils import gate, hooks, walls
from moothall.councils.actions.keeping import keep, write
from moothall.councils.errors import NotAnAgreement
from moothall.councils.models import Agreement, Council
from moothall.councils.permissions import Can
from moothall.councils.rules import Viewer
from moothall.plain.errors import Refused


@transaction.atomic
def sign_agreement(  # each is one clause of the agreement
    *,
    by: Viewer,
    name: str,
    councils: Iterable[Council],
    kinds: Iterable[str],
    purpose: str,
    lawful_basis: str,
    starts_on: date,
    ends_on: date | None = None,
    now: datetime,
) -> Agreement:
    """Let councils share kinds of data (the first words of permissions: “requests”, “process”) from a date on."""
    parties, shared = list(councils), sorted(set(kinds))
    _may_sign(by, parties)
    kinds_here = sorted(hooks.kinds() | {model._meta.app_label for model in walls.walled()})
    if unknown := sorted(set(shared).difference(kinds_here)):
        raise NotAnAgreement(
            reason=f"“{unknown[0]}” is no kind of data here; kinds are {', '.join(kinds_here)}"
        )
    if len({council.pk for council in parties}) < 2:  # noqa: PLR2004
        raise NotAnAgreement(reason="it takes at least two councils")
    if not shared:
        raise NotAnAgreement(reason="it names no kind of data")
    if ends_on is not None and ends_on < starts_on:
        raise NotAnAgreement(reason="it would end before it starts")
    agreement = Agreement(
        name=name,
        kinds=shared,
        purpose=purpose,
        lawful_basis=lawful_basis,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    keep(agreement)
    agreement.councils.set(parties)
    facts = {
        "name": name,
        "councils": sorted(council.code for council in parties),
        "kinds": shared,
        "purpose": purpose,
        "lawful_basis": lawful_basis,
        "starts_on": starts_on,
        "ends_on": ends_on,
    }
    for council in parties:  # each council's own chain shows what it has signed
        write(by=by, what="agreement.signed", about=agreement, council_id=council.pk, now=now, facts=facts)
    return agreement


@transaction.atomic
def end_agreement(*, by: Viewer, agreement: Agreement, on: date, reason: str, now: datetime) -> Agreement:
    """Let an agreement end; its last day is `on`. From the next day on, nothing is shared under it."""
    parties = list(agreement.councils.all())
    _may_sign(by, parties)
    if on < agreement.starts_on:
        raise NotAnAgreement(reason="it would end before it starts")
    before, agreement.ends_on = agreement.ends_on, on
    agreement.save(update_fields=["ends_on"])
    facts = {"name": agreement.name, "ends_on": on, "before": before, "reason": reason}
    for council in parties:
        write(by=by, what="agreement.ended", about=agreement, council_id=council.pk, now=now, facts=facts)
    return agreement


def _may_sign(by: Viewer, parties: list[Council]) -> None:
    """Ask the gate: whoever signs must be allowed to at one of the councils that take part."""
    if not by.is_system and not any(gate.may(by, Can.SIGN_AGREEMENTS, council.pk) for council in parties):
        raise Refused(act=Can.SIGN_AGREEMENTS.label)
