"""Working on a call: each act moves its case by the steps of the process, so that history and clocks follow."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from moothall.councils.rules import Viewer
from moothall.process import actions as process
from moothall.process.engine.state import CaseState
from moothall.servicedesk.actions import saying
from moothall.servicedesk.actions.routing_to import again, send_to, state_of, working_on
from moothall.servicedesk.errors.calls import CallRefused, NothingToDo
from moothall.servicedesk.models import Article, Call
from moothall.servicedesk.models.calls import Channel, State
from moothall.servicedesk.queries.calls import call_to_work, own_call
from moothall.servicedesk.rules import states

SORTING, ACCEPTED, RESOLVED, ASK_USER, WITH_SUPPLIER = (
    "triage", "accepted", "resolved", "ask-user", "with-supplier",
)  # fmt: skip
ANSWER, SUPPLIER, CONFIRM, NOT_FIXED, WORKS = "answer", "supplier", "confirm", "not-fixed", "works"


@transaction.atomic
def take(*, by: Viewer, call_id: int, expected: int | None, now: datetime) -> Call:
    """Take a call as one's own; one that nobody has sorted is taken to be sorted."""
    call = call_to_work(by, call_id)
    run = working_on(state_of(call))
    process.take(by=by, case_id=call.case_id, step=run.key, expected=expected, now=now)
    return again(call)


@transaction.atomic
def put_back(*, by: Viewer, call_id: int, expected: int | None, now: datetime) -> Call:
    """Give a call back to its team, for anybody of it."""
    call = call_to_work(by, call_id)
    run = working_on(state_of(call))
    process.put_back(by=by, case_id=call.case_id, step=run.key, expected=expected, now=now)
    return again(call)


@transaction.atomic
def assign(
    *,
    by: Viewer,
    call_id: int,
    team_id: int,
    person_id: int | None,
    why: str,
    expected: int | None,
    now: datetime,
) -> Call:
    """Give a call to a team, or to a person of one, saying why; what goes to another team counts as escalated."""
    call = call_to_work(by, call_id)
    if not why.strip():
        words = "Say why, so that they know what to do."
        raise CallRefused({"why": [words]}, why=words)
    send_to(call=call, team_id=team_id, person_id=person_id, why=why, now=now, by=by, expected=expected)
    return again(call)


@transaction.atomic
def accept(*, by: Viewer, call_id: int, expected: int | None, now: datetime) -> Call:
    """Say that a call is for the desk: it is sorted, and its work begins."""
    call = call_to_work(by, call_id)
    case = state_of(call)
    if working_on(case).key != SORTING:
        raise NothingToDo(why="This call has been sorted already.")
    process.act(by=by, case_id=case.id, step=SORTING, expected=expected, now=now, outcome=ACCEPTED)
    return again(call)


@transaction.atomic
def turn_down(*, by: Viewer, call_id: int, why: str, expected: int | None, now: datetime) -> Call:
    """Say that a call is not for the desk, or that it cannot be done, in words that the user reads."""
    call = call_to_work(by, call_id)
    case = state_of(call)
    step = working_on(case).key
    outcome = next((key for key in ("not-ours", "cannot", "not-done") if key in _outcomes(case, step)), "")
    if not outcome:
        raise NothingToDo(why="A call that was accepted is resolved or withdrawn, not turned down.")
    process.act(by=by, case_id=case.id, step=step, expected=expected, now=now, outcome=outcome, text=why)
    return again(call)


@transaction.atomic
def reply(*, by: Viewer, call_id: int, text: str, now: datetime, article_id: int | None = None) -> Call:
    """Write to the user. The words of an article may be part of it; that it was used is counted when it closes."""
    call = call_to_work(by, call_id)
    process.write(by=by, case_id=call.case_id, text=text, now=now)
    if article_id is not None:
        Call.objects.filter(pk=call.pk).update(article_id=_article(article_id))
    return again(call)


@transaction.atomic
def note(*, by: Viewer, call_id: int, text: str, now: datetime) -> Call:
    """Write a note for the desk, which the user never reads."""
    call = call_to_work(by, call_id)
    process.note(by=by, case_id=call.case_id, text=text, now=now)
    return again(call)


@transaction.atomic
def resolve(
    *,
    by: Viewer,
    call_id: int,
    fix: str,
    expected: int | None,
    now: datetime,
    article_id: int | None = None,
) -> Call:
    """Resolve a call: one that is not sorted is accepted by that, one that is with the user or a supplier comes back.

    The user is told, and has five working days to say that it does not work.
    """
    call = call_to_work(by, call_id)
    if article_id is not None:
        Call.objects.filter(pk=call.pk).update(article_id=_article(article_id))
    case, seen = _at_work(by, call, expected, now, "Resolved without an answer.")
    process.act(
        by=by,
        case_id=case.id,
        step=working_on(case).key,
        expected=seen,
        now=now,
        answers={"fix": fix},
        outcome=_resolving(case),
    )
    if article_id is not None:
        Article.objects.filter(pk=article_id).update(helped=F("helped") + 1)
    return again(call)


@transaction.atomic
def ask_user(*, by: Viewer, call_id: int, question: str, expected: int | None, now: datetime) -> Call:
    """Put a question to the user: the promises that wait for them stand still until they answer."""
    return _turn(by, call_id, ASK_USER, {"asked": question}, expected, now)


@transaction.atomic
def with_supplier(*, by: Viewer, call_id: int, supplier: str, expected: int | None, now: datetime) -> Call:
    """Say that a supplier has it. Their own clock is kept by `actions.suppliers`."""
    return _turn(by, call_id, WITH_SUPPLIER, {"with_supplier": supplier}, expected, now)


@transaction.atomic
def bring_back(*, by: Viewer, call_id: int, text: str, expected: int | None, now: datetime) -> Call:
    """Take a call back from the user or the supplier, with what they said."""
    call = call_to_work(by, call_id)
    case = state_of(call)
    step = working_on(case).key
    answers = {ANSWER: {"told": text}, SUPPLIER: {"supplier_result": text}}.get(step)
    if answers is None:
        raise NothingToDo(why="This call is neither with the user nor with a supplier.")
    process.act(by=by, case_id=case.id, step=step, expected=expected, now=now, answers=answers)
    return again(call)


@transaction.atomic
def reopen(*, by: Viewer, call_id: int, why: str, expected: int | None, now: datetime) -> Call:
    """Take up a resolved call again, saying what does not work. A closed one is not reopened: log a new one."""
    call = call_to_work(by, call_id)
    case = state_of(call)
    _confirmable(case)
    process.act(by=by, case_id=case.id, step=CONFIRM, expected=expected, now=now, outcome=NOT_FIXED, text=why)
    return again(call)


@transaction.atomic
def set_priority(
    *, by: Viewer, call_id: int, impact: str, urgency: str, why: str, expected: int | None, now: datetime
) -> Call:
    """Give a call another impact and urgency, from which its priority and promises follow, saying why."""
    given = {"impact": impact, "urgency": urgency}
    return amend(by=by, call_id=call_id, answers=given, why=why, expected=expected, now=now)


@transaction.atomic
def amend(
    *,
    by: Viewer,
    call_id: int,
    answers: Mapping[str, Any],
    why: str,
    expected: int | None,
    now: datetime,
) -> Call:
    """Put answers of a call right outside any step, such as its summary or category."""
    call = call_to_work(by, call_id)
    case = state_of(call)
    known = {key: value for key, value in answers.items() if key in case.definition.fields}
    process.amend(by=by, case_id=case.id, expected=expected, answers=known, now=now, why=why)
    return again(call)


@transaction.atomic
def withdraw(*, by: Viewer, call_id: int, why: str, expected: int | None, now: datetime) -> Call:
    """End a call that nobody needs any more."""
    call = call_to_work(by, call_id)
    process.end_case(by=by, case_id=call.case_id, ending="withdrawn", expected=expected, now=now, text=why)
    return again(call)


@transaction.atomic
def user_says(
    *, by: Viewer, reference: str, works: bool, text: str, expected: int | None, now: datetime
) -> Call:
    """Take the user's word, or that of whoever asked for them, whether it works; if not, the call is taken up again."""
    call = own_call(by, reference)
    case = state_of(call)
    _confirmable(case)
    process.act(
        by=by,
        case_id=case.id,
        step=CONFIRM,
        expected=expected,
        answers={},
        now=now,
        outcome=WORKS if works else NOT_FIXED,
        text=text,
        as_requester=True,
    )
    return again(call)


@transaction.atomic
def user_answers(*, by: Viewer, reference: str, text: str, expected: int | None, now: datetime) -> Call:
    """Take the user's answer to what they were asked, or what they add; what they add to a closed call is a new one."""
    call = own_call(by, reference)
    if call.state == State.CLOSED and not call.circle:
        return saying.hear(by=by, call=call, text=text, channel=Channel.PORTAL, now=now)
    case = state_of(call)
    run = case.steps.get(ANSWER)
    if run is not None and run.state == "open":
        process.act(
            by=by,
            case_id=case.id,
            step=ANSWER,
            expected=expected,
            answers={"told": text},
            now=now,
            as_requester=True,
        )
    else:
        process.note(by=by, case_id=case.id, text=text, now=now, as_requester=True)
    return again(call)


@transaction.atomic
def user_withdraws(*, by: Viewer, reference: str, expected: int | None, now: datetime) -> Call:
    """End a call that its user needs no more."""
    call = own_call(by, reference)
    process.end_case(
        by=by, case_id=call.case_id, ending="withdrawn", expected=expected, now=now, as_requester=True
    )
    return again(call)


def _turn(
    by: Viewer, call_id: int, outcome: str, answers: Mapping[str, Any], expected: int | None, now: datetime
) -> Call:
    call = call_to_work(by, call_id)
    case, seen = _at_work(by, call, expected, now, "")
    run = working_on(case)
    if outcome not in _outcomes(case, run.key):
        raise NothingToDo(why="A call of this kind cannot go there.")
    case = process.act(
        by=by, case_id=case.id, step=run.key, expected=seen, now=now, answers=answers, outcome=outcome
    )
    _stays_with(by, case, run.team_id, now)
    return again(call)


def _stays_with(by: Viewer, case: CaseState, team_id: int | None, now: datetime) -> None:
    """Leave what waits for the user or a supplier with the team that had the call: they take it back."""
    run = working_on(case)
    if team_id is None or run.team_id == team_id:
        return
    process.pass_on(
        by=Viewer.system(),
        case_id=case.id,
        step=run.key,
        expected=None,
        now=now,
        team_id=team_id,
        person_id=by.staff_id if team_id in by.team_ids else None,
        why="It stays with those who asked.",
    )


def _at_work(
    by: Viewer, call: Call, expected: int | None, now: datetime, words: str
) -> tuple[CaseState, int | None]:
    """Return the case of a call in the step in which it is put right, and what the actor has seen of it.

    It is sorted if need be, and taken back from the user or a supplier if there are `words` for that.
    """
    case = state_of(call)
    step = working_on(case).key
    before: dict[str, dict[str, Any]] = {
        SORTING: {"outcome": ACCEPTED},
        **(
            {ANSWER: {"answers": {"told": words}}, SUPPLIER: {"answers": {"supplier_result": words}}}
            if words
            else {}
        ),
    }
    if step in before:
        case = process.act(by=by, case_id=case.id, step=step, expected=expected, now=now, **before[step])
        return case, case.seq
    if step not in states.WORKING:
        raise NothingToDo(why="This call is with somebody else. Take it back first.")
    return case, expected


def _resolving(case: CaseState) -> str:
    """Return the outcome by which the open work ends well."""
    return RESOLVED if RESOLVED in _outcomes(case, working_on(case).key) else ""


def _outcomes(case: CaseState, step: str) -> Mapping[str, Any]:
    return case.definition.steps[step].outcomes


def _confirmable(case: CaseState) -> None:
    run = case.steps.get(CONFIRM)
    if run is None or run.state != "open":
        raise NothingToDo(why="This call is not waiting for word whether it works.")


def _article(article_id: int) -> int:
    if not Article.objects.filter(pk=article_id, state=Article.State.PUBLISHED).exists():
        why = "Choose a published article, or none."
        raise CallRefused({"article": [why]}, why=why)
    return article_id
