"""Starting a case, and finishing a step of one."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from moothall.councils import gate
from moothall.councils.models import Council
from moothall.councils.rules import Viewer
from moothall.process import circles, queries, rules, search
from moothall.process.actions.keeping import allow_doing, around, found, keep
from moothall.process.actions.making import HEADLINE_LENGTH, new_case, say
from moothall.process.answers import headline, search_text
from moothall.process.definition import RESIDENT
from moothall.process.engine import steps
from moothall.process.engine.state import CaseState
from moothall.process.errors import NotYet, NotYourStep
from moothall.process.permissions import Can

AS_REQUESTER = frozenset({RESIDENT})


@transaction.atomic
def start_case(
    *,
    by: Viewer,
    council: Council,
    process: str,
    now: datetime,
    answers: Mapping[str, Any] | None = None,
    requester_id: int | None = None,
    words: Iterable[str] = (),
    version_id: int | None = None,
) -> CaseState:
    """Start a case of a published process; with answers, its first step is finished at once.

    The caller has asked its own gate whether this person may start it: a resident's right to ask is no permission.
    `words` are further texts to find the case by. Without `version_id` it follows the newest version,
    the council's own if it has an overlay.
    """
    version = version_id or queries.newest_version(process, council.pk)
    case = new_case(council=council, version_id=version, now=now, requester_id=requester_id)
    first = case.definition.first
    hats = rules.acts_as(by, council.pk, first, None, supervises=False) if by.is_staff else AS_REQUESTER
    place = around(by, council.pk, now, hats)
    steps.begin(case, place)
    if answers is not None:
        steps.complete(case, place, step=first.key, given=answers)
    say(case, words)
    return keep(case, place, what="case.started")


@transaction.atomic
def act(
    *,
    by: Viewer,
    case_id: int,
    step: str,
    expected: int | None,
    now: datetime,
    answers: Mapping[str, Any] | None = None,
    outcome: str = "",
    text: str = "",
    waived: Mapping[int, str] = steps.NONE_WAIVED,
    as_requester: bool = False,
) -> CaseState:
    """Finish an open step. `expected` is the `seq` the actor saw; None only where nobody looked (an import).

    `waived` says, by the number of a need, why the step may be finished although it is not met.
    `as_requester` is said by a room that has proved that this is the person who asked; the gate is not asked then,
    and only steps that wait for the requester can be done.
    """
    case = found(case_id, expected, by=None if as_requester else by)
    asked = case.definition.steps.get(step)
    if not as_requester:
        gate.allow(by, Can.ACT, case)
        circles.allow_step(by, case, step)
    run = steps.open_run(case, step)
    assert asked is not None
    supervises = not as_requester and allow_doing(by, case, step, run)
    if as_requester and not rules.waits_for_requester(asked):
        raise NotYourStep(title=asked.title, who=queries.who_does(asked, run.team_id))
    hats = rules.acts_as(by, case.council_id, asked, run.team_id, supervises=supervises)
    place = around(by, case.council_id, now, AS_REQUESTER if as_requester else hats)
    before = case.data
    words = rules.said(text, field="text", thing="Reason")
    whys = {index: rules.said(why, field=f"waive_{index}", thing="Reason") for index, why in waived.items()}
    try:
        steps.complete(case, place, step=step, given=answers or {}, outcome=outcome, text=words, waived=whys)
    except NotYet as error:
        if as_requester:
            raise
        reasons = circles.as_told(circles.sight(by, case), case, asked, error.reasons, outcome)
        raise NotYet(reasons=reasons) from None
    say_again(case, before)
    return keep(case, place, what="case.step_done", facts={"step": step, "outcome": case.steps[step].outcome})


def say_again(case: CaseState, before: Mapping[str, Any]) -> None:
    """Bring the headline up to date, and let the case be found by what is new in it."""
    if case.data == before:
        return
    new = {key: value for key, value in case.data.items() if before.get(key) != value}
    line = headline(case.definition, case.data)[:HEADLINE_LENGTH]
    texts = [search_text(case.definition, new)]
    if line != case.headline:
        texts, case.headline = [line, *texts], line
    search.index(case.id, case.council_id, texts)
