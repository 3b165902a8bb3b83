"""Erasing what one council holds about a person, in all rooms at once; what another council holds stays as it is.

The row of the record stays, empty, since its cases, the journal and the certificate hang on it. What the law or the
proof of what happened keeps beside it stands in `KEPT`.
"""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from moothall.councils import scope
from moothall.councils.rules import Viewer
from moothall.messages import actions as messages
from moothall.persons import hooks
from moothall.persons.actions import finding
from moothall.persons.actions.records import write
from moothall.persons.errors import EraseRefused, NotDecided, SayGround
from moothall.persons.hooks import Erasing
from moothall.persons.models import (
    CasePerson,
    Connection,
    Disposal,
    FindKey,
    LetterCode,
    Link,
    Record,
    Relationship,
    Spelling,
)
from moothall.persons.permissions import Can
from moothall.persons.queries.records import record_to_change
from moothall.persons.queries.retention import obstacles
from moothall.persons.rules import keys
from moothall.persons.rules.known import Known
from moothall.persons.rules.rights import ERASING, PROCESS, reasons_against
from moothall.persons.rules.shorts import Held, shortened
from moothall.process.actions import emptying
from moothall.process.models import Case

NAME = "Erased record"
KEPT: Mapping[str, str] = {
    "process_event": "The history of a case only grows, so that it can be proved; its words are beyond use: no page, "
    "search or export of the house reads them (UK GDPR articles 5(2) and 17(3)(e)).",
    "journal_entry": "Who did what, when: the name of whoever acted while signed in, and nothing else of anybody "
    "(UK GDPR articles 5(2) and 32).",
}
"""Which tables may still have words of an erased person, and why."""


@transaction.atomic
def erase(
    *, by: Viewer, record_id: int, ground: str, why: str, now: datetime, case_id: int | None = None
) -> Disposal:
    """Erase a record before its time, on a ground of UK GDPR article 17(1), and return its certificate.

    `case_id` is the request that asked for it, which must have been granted. Refused, in sentences, while there is a
    legal hold, an open case or a duty to keep it.
    """
    record = record_to_change(by, record_id, Can.EXERCISE)
    if ground not in ERASING:
        said = "Choose the ground on which it is erased."
        raise SayGround({"ground": [said]}, reason=said)
    _granted(record, case_id)
    refuse_if_kept(by, record, now, besides=case_id)
    proposal = Disposal(
        council_id=record.council_id,
        record=record,
        rule=ground,
        why=why.replace("\x00", "").strip()[:500],
        case_id=case_id,
        proposed_at=now,
        proposed_by=by.actor.name[:150],
        proposed_by_user=by.actor.user_id,
    )
    record.disposals.filter(outcome=Disposal.Outcome.PROPOSED).delete()
    return destroy(by, record, proposal, now)


def refuse_if_kept(by: Viewer, record: Record, now: datetime, *, besides: int | None = None) -> None:
    """Refuse to destroy what must be kept, with every reason in a sentence."""
    reasons = reasons_against(obstacles(by, record, now, besides=besides), timezone.localdate(now))
    if reasons:
        raise EraseRefused(reasons=" ".join(reasons))


def destroy(by: Viewer, record: Record, proposal: Disposal, now: datetime) -> Disposal:
    """Destroy what a council holds on a record, and keep the proposal as the certificate of that.

    Whoever calls it holds the record, has asked the gate, and is in a transaction.
    """
    refuse_if_kept(by, record, now, besides=proposal.case_id)
    ever = _ever_known(record, now)
    _unfind(record, ever)
    emails, phones = _theirs_alone(record, ever)
    cases = list(CasePerson.objects.filter(record=record).values_list("case_id", flat=True))
    emptied = emptying.empty(by=by, case_ids=[each for each in cases if each != proposal.case_id], now=now)
    counts = {
        "facts": record.facts.all().delete()[0],
        "relationships": Relationship.objects.filter(Q(record=record) | Q(other=record)).delete()[0],
        "connections": Connection.objects.filter(record=record).delete()[0],
        "letter codes": LetterCode.objects.filter(record=record).delete()[0],
        "cases emptied": emptied.cases,
        "files": emptied.files,
        "messages": messages.blank(
            council_id=record.council_id,
            about=[f"record:{record.pk}", *(f"case:{number}" for number in cases)],
            addresses=emails,
        ),
    }
    gone = Erasing(
        record=record, case_ids=cases, emails=emails, phones=phones, files=emptied.digests, now=now
    )
    counts |= {plural: blank(gone) for plural, blank in hooks.erasers.items()}
    CasePerson.objects.filter(record=record).update(by="", score=None)
    _loosen(record, now)
    _empty(record, now)
    proposal.outcome, proposal.counts, proposal.decided_at = Disposal.Outcome.DESTROYED, counts, now
    proposal.decided_by, proposal.decided_by_user = by.actor.name[:150], by.actor.user_id
    proposal.save()
    write(
        by,
        "person.erased",
        record,
        now,
        rule=proposal.rule,
        disposal=proposal.pk,
        case=proposal.case_id,
        counts={what: number for what, number in counts.items() if number},
    )
    return proposal


def _granted(record: Record, case_id: int | None) -> None:
    """Refuse a request that was not granted, or asks for something else, or about somebody else."""
    if case_id is None:
        return
    case = Case.objects.filter(pk=case_id, process=PROCESS, person__record=record).first()
    asks = case is not None and case.data.get("right") in {"erasure", "objection"}
    if case is None or not asks or case.data.get("decision") not in {"grant", "partly"}:
        raise NotDecided(reference=case.reference if case else "")


def _ever_known(record: Record, now: datetime) -> Known:
    """Return everything that was ever known of the person here, also what has ended."""
    rows = record.facts.order_by("id").values_list("kind", "body", "until", "id")
    return shortened((Held(*row) for row in rows), timezone.localdate(now)).known


def _unfind(record: Record, ever: Known) -> None:
    """Let nothing find the record, and forget names that nobody else at the council bears."""
    finding.index(record.pk, record.council_id, Known.of(record.traits) if record.traits else ever, None)
    alone = _nobody_elses(record, {keys.key("word", word): word for word in keys.names(ever)})
    Spelling.objects.filter(
        council_id=record.council_id,
        word__in=alone,
        variant__in=sorted({variant for word in alone for variant in keys.spellings(word)}),
    ).delete()


def _theirs_alone(record: Record, ever: Known) -> tuple[list[str], list[str]]:
    """Return the email addresses and phone numbers by which nobody else at the council is reached."""
    emails = {keys.key("email", email): email for email in ever.emails}
    phones = {keys.key("phone", keys.last_digits(phone)): phone for phone in ever.phones}
    return _nobody_elses(record, emails), _nobody_elses(record, phones)


def _nobody_elses(record: Record, found: Mapping[int, str]) -> list[str]:
    """Return what no other record of the council is found by, once this one is found by nothing any more."""
    rows = FindKey.objects.filter(council_id=record.council_id, key__in=list(found))
    others = set(rows.values_list("key", flat=True))
    return sorted(text for key, text in found.items() if key not in others)


def _loosen(record: Record, now: datetime) -> None:
    """Take out of the links what was said when they were made; that they are one person may join others, and stays."""
    with scope.everything("a link of an erased record may belong to the council of the other"):
        links = Link.objects.filter(Q(low=record) | Q(high=record))
        links.filter(kind=Link.Kind.MAYBE, ended_at=None).update(ended_at=now, ended_why="One was erased.")
        links.update(reasons=[], why="", score=None)


def _empty(record: Record, now: datetime) -> None:
    record.state, record.name, record.born, record.address, record.traits = (
        Record.State.ERASED,
        NAME,
        None,
        "",
        {},
    )
    record.circle = record.locked_why = record.restricted_why = record.hold_why = record.created_by = ""
    record.keep_until, record.changed_at = None, now
    record.seq += 1
    record.save()
