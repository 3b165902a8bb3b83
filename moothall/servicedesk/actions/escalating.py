"""Raising a call to somebody with more say: recorded on the call, and told to them by email, once."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from moothall.councils.rules import Viewer
from moothall.journal import actions as journal
from moothall.messages.actions import send_email
from moothall.plain.errors import Invalid
from moothall.process import actions as process
from moothall.servicedesk.models import Call, Escalation
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries import escalating as queries
from moothall.servicedesk.queries.calls import call_to_work
from moothall.servicedesk.rules.escalating import CallIsOver, NobodyThere, RaisedAlready, Rung

_BODY = """{by} has raised a call to you as: {rung}.

{reference}: {headline}
{council}{priority}

Why: {why}

{address}
"""


@transaction.atomic
def raise_call(*, by: Viewer, call_id: int, rung: str, why: str, now: datetime) -> Escalation:
    """Raise a call to one rung of the ladder; whoever stands there is told by email."""
    call = call_to_work(by, call_id, Can.WORK)
    if not call.open:
        raise CallIsOver
    said = " ".join(why.split())
    if not said:
        raise Invalid({"why": ["Say why you raise it, so that they know what to do."]})
    chosen = next((each for each in queries.ladder(call, now) if each.key == rung), None)
    if chosen is None:
        raise Invalid({"rung": ["Choose to whom you raise it."]})
    if not chosen.people:
        raise NobodyThere(rung=chosen.label)
    if chosen.raised_at is not None:
        raise RaisedAlready
    raised: Escalation = Escalation.objects.create(
        council_id=call.council_id,
        call=call,
        way=Escalation.Way.HIERARCHIC,
        at=now,
        to=f"{chosen.label}: {chosen.names}"[:150],
        why=said[:300],
        by=by.actor.name[:150],
    )
    _tell(by, call, chosen, raised, now)
    process.note(by=by, case_id=call.case_id, text=f"Raised to: {raised.to}.\n{said}"[:4000], now=now)
    journal.write(
        by=by.actor,
        what="servicedesk.call_raised",
        about=f"call:{call.pk}",
        council_id=call.council_id,
        now=now,
        facts={"rung": rung, "people": [each.staff_id for each in chosen.people]},
    )
    return raised


def _tell(by: Viewer, call: Call, rung: Rung, raised: Escalation, now: datetime) -> None:
    for person in rung.people:
        send_email(
            council_id=call.council_id,
            about=f"case:{call.case_id}",
            to=person.email,
            subject=f"{call.reference} was raised to you: {call.headline}"[:200],
            body=_BODY.format(
                by=by.actor.name,
                rung=rung.label,
                reference=call.reference,
                headline=call.headline,
                council=call.council.name,
                priority=f", P{call.priority}" if call.priority else "",
                why=raised.why,
                address=f"{settings.PUBLIC_URL}/work/desk/call/{call.reference}/",
            ),
            key=f"raised:{raised.pk}:{person.staff_id}",
            now=now,
        )
