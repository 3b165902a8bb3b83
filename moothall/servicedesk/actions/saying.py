"""What somebody says of a call that is there, by letter, by another system or on their own page: where it belongs.

Of one that was merged, it belongs to the call that goes on. It answers the question that is open, takes up again what
was resolved, or is added. Nobody reads on in a call that is closed, so what is said of one becomes a new call.
"""

import hashlib
from datetime import datetime

from moothall.councils.models import Council
from moothall.councils.rules import Viewer
from moothall.process import actions as process
from moothall.process.engine.state import CaseState
from moothall.servicedesk.actions import calls, joining
from moothall.servicedesk.actions.routing_to import again, state_of
from moothall.servicedesk.models import Call
from moothall.servicedesk.models.calls import State
from moothall.servicedesk.rules import arriving, kinds

HOUSE = Viewer.system()
ONLY_THANKS = "They only say thank you, so the call stays resolved."
TOO_LONG = "It is longer than an answer may be: the whole stands below."
AFTER_CLOSING = "This answers {reference}, which is closed."
WORDS_LENGTH = 2_000
"""As long as the words of a step may be."""
ANSWER, CONFIRM = "answer", "confirm"
_MOST_MERGED = 20


def now_of(call: Call | None) -> Call | None:
    """Return the call that a call has been merged into, if it was."""
    for _ in range(_MOST_MERGED):
        if call is None or call.merged_into_id is None:
            break
        call = Call.objects.filter(pk=call.merged_into_id).first()
    return call


def moves(*, by: Viewer, case: CaseState, text: str, remarks: list[str], now: datetime) -> bool:
    """Answer the question that is open, or take up again what was resolved; return whether all of it is kept by that.

    What the desk should know of it is put to the remarks.
    """
    words = text[: arriving.DETAIL_LENGTH]
    if _waits(case, ANSWER):
        process.act(
            by=by, case_id=case.id, step=ANSWER, expected=None, now=now, answers={"told": words},
            as_requester=True,
        )  # fmt: skip
    elif _waits(case, CONFIRM) and arriving.only_thanks(text):
        remarks.append(ONLY_THANKS)
        return False
    elif _waits(case, CONFIRM):
        process.act(
            by=by, case_id=case.id, step=CONFIRM, expected=None, now=now, outcome="not-fixed",
            text=text[:WORDS_LENGTH], as_requester=True,
        )  # fmt: skip
    else:
        return False
    if len(text) > len(words):
        remarks.append(TOO_LONG)
    return len(text) <= WORDS_LENGTH


def _waits(case: CaseState, step: str) -> bool:
    run = case.steps.get(step)
    return run is not None and run.state == "open"


def as_new(
    *,
    council: Council,
    subject: str,
    text: str,
    submission: str,
    channel: str,
    requester_id: int | None,
    name: str,
    email: str,
    now: datetime,
    logged_at: datetime | None = None,
) -> Call:
    """Log what somebody wrote as a new call: of what kind and how urgent it is, whoever sorts it finds out."""
    return calls.log_call(
        by=HOUSE,
        council=council,
        kind=kinds.INCIDENT,
        answers={
            "summary": arriving.summary_of(subject, text),
            "detail": text.strip()[: arriving.DETAIL_LENGTH],
            "category": "other",
            "impact": "one-person",
            "urgency": "partly",
        },
        now=now,
        submission=submission,
        channel=channel,
        requester_id=requester_id,
        caller_name=name,
        caller_email=email,
        logged_at=logged_at,
    )


def link_to(call: Call, earlier: Call, now: datetime) -> None:
    """Let a new call and the closed one that it answers know of each other, where both are of one council."""
    if earlier.council_id == call.council_id:
        joining.link(by=HOUSE, call_id=call.pk, other=earlier.reference, now=now)


def hear(*, by: Viewer, call: Call, text: str, channel: str, now: datetime) -> Call:
    """Take what the user of a call says of it, and return the call in which that stands now.

    Of a closed one it is a new call of theirs. The same words of it again make no other one while that is open, so
    that whoever is not sure that they were heard may say them twice.
    """
    found = now_of(call) or call
    if found.state != State.CLOSED:
        _add(by, found, text, now)
        return again(found)
    said = hashlib.sha256(f"{by.actor.name}\0{text}".encode()).hexdigest()[:32]
    submission = f"after:{found.pk}:{said}"
    before = calls.logged_as(found.council_id, submission)
    if before is None:
        return _after_closing(by, found, text, channel, submission, now)
    return before if before.open else hear(by=by, call=before, text=text, channel=channel, now=now)


def _add(by: Viewer, call: Call, text: str, now: datetime) -> None:
    remarks: list[str] = []
    whole = moves(by=by, case=state_of(call), text=text, remarks=remarks, now=now)
    if remarks:
        process.note(by=HOUSE, case_id=call.case_id, text=" ".join(remarks), now=now)
    if not whole:
        process.note(by=by, case_id=call.case_id, text=text, now=now, as_requester=True)


def _after_closing(
    by: Viewer, earlier: Call, text: str, channel: str, submission: str, now: datetime
) -> Call:
    call = as_new(
        council=earlier.council,
        subject=earlier.headline,
        text=text,
        submission=submission,
        channel=channel,
        requester_id=earlier.requester_id,
        name=earlier.caller_name or by.actor.name,
        email=earlier.caller_email,
        now=now,
    )
    words = AFTER_CLOSING.format(reference=earlier.reference)
    process.note(by=HOUSE, case_id=call.case_id, text=words, now=now)
    link_to(call, earlier, now)
    return again(call)
