"""What users said of the calls that were closed: for the team that closed them, what went badly first."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, QuerySet

from moothall.councils import gate
from moothall.councils.models import Council, Team
from moothall.councils.rules import Viewer
from moothall.measures import rules as measures
from moothall.process.models import Event
from moothall.servicedesk.errors.packs import NoSuchQuestion
from moothall.servicedesk.models import Call, Survey
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries.calls import there
from moothall.servicedesk.rules.satisfaction import is_low

HEARD_FOR = timedelta(days=90)
_MOST = 200


@dataclass(frozen=True, slots=True)
class Heard:
    """What a team heard in the last three months. `n` is how many answered; the score is shown of enough of them."""

    team: Team | None
    answers: Sequence[Survey]
    asked: int
    n: int
    score: float | None
    interval: tuple[float, float] | None
    content: float | None
    unread: int


def question(council: Council, secret: str) -> Survey:
    """Return the question that a link is for, on the site of its council, whoever comes with it."""
    kept = hashlib.sha256(secret.encode()).hexdigest()
    rows = Survey.objects.filter(council_id=council.pk, secret_sha256=kept)
    found: Survey | None = rows.select_related("call").first()
    if found is None:
        raise NoSuchQuestion
    return found


def worked_on(viewer: Viewer, call: Call) -> bool:
    """Say whether somebody of the staff worked on a call: resolved it, has it, or did anything to another's call."""
    if not viewer.is_staff or viewer.actor.user_id is None:
        return False
    if viewer.staff_id in {call.resolved_by_id, call.person_id}:
        return True
    is_own = call.requester_id == viewer.actor.user_id
    return not is_own and Event.objects.filter(case_id=call.case_id, actor_user=viewer.actor.user_id).exists()


def survey_seen(viewer: Viewer, number: int) -> Survey:
    """Return an answer that is there for the viewer."""
    rows = gate.narrow(
        viewer, Can.SEE_SATISFACTION, Survey.objects.filter(pk=number, answered_at__isnull=False)
    )
    found: Survey | None = rows.filter(call__in=there(viewer)).select_related("call").first()
    if found is None:
        raise NoSuchQuestion
    return found


def teams_heard(viewer: Viewer, now: datetime) -> Sequence[Team]:
    """Return the teams of which somebody said something lately, as far as it is there for the viewer."""
    rows = _answered(viewer, now)
    return list(Team.objects.filter(pk__in=rows.values("call__resolved_team")).order_by("name"))


def heard(viewer: Viewer, team: Team | None, now: datetime) -> Heard:
    """Return what was said of the calls that a team closed, or of all: unread before read, the lowest scores first."""
    rows = _answered(viewer, now)
    asked = gate.narrow(viewer, Can.SEE_SATISFACTION, Survey.objects.filter(asked_at__gte=now - HEARD_FOR))
    if team is not None:
        rows, asked = rows.filter(call__resolved_team=team), asked.filter(call__resolved_team=team)
    scores = list(rows.values_list("recommend", "content", "read_at"))
    given = [score for score, _, _ in scores if score is not None]
    content = [each for _, each, _ in scores if each is not None]
    score = measures.Score(sum(map(measures.promotes, given)), sum(map(measures.detracts, given)), len(given))
    ordered = rows.order_by(
        F("read_at").asc(nulls_first=True),
        F("recommend").asc(nulls_last=True),
        F("content").asc(),
        "-answered_at",
    )
    return Heard(
        team=team,
        answers=list(ordered.select_related("call", "council", "call__resolved_team")[:_MOST]),
        asked=asked.count(),
        n=len(scores),
        score=score.value,
        interval=score.interval,
        content=measures.percent(sum(map(measures.is_content, content)), len(content)),
        unread=sum(read_at is None for _, _, read_at in scores),
    )


def needs_a_look(survey: Survey) -> bool:
    """Say whether an answer is low, and nobody has read it."""
    return survey.read_at is None and is_low(survey.recommend, survey.content)


def _answered(viewer: Viewer, now: datetime) -> "QuerySet[Survey]":
    rows = gate.narrow(viewer, Can.SEE_SATISFACTION, Survey.objects.filter(answered_at__gte=now - HEARD_FOR))
    return rows.filter(call__in=there(viewer))
