"""The weekly review: every major incident that is not closed, its report, and the actions that were promised."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from moothall.councils import gate
from moothall.councils.models import Council, Staff
from moothall.councils.queries import calendar_of
from moothall.councils.rules import Viewer
from moothall.process import queries as process
from moothall.process import store
from moothall.process.engine import voting
from moothall.process.engine.state import Around, CaseState, StepRun, Voter, signature
from moothall.servicedesk.models import LessonAction, Major
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries import majors
from moothall.servicedesk.rules import reviewing as rules

REVIEW = "review"
_OPEN = (Major.State.OPEN, Major.State.RESTORED, Major.State.REVIEW)
MOST = 200


@dataclass(frozen=True, slots=True)
class Reported:
    """One major incident on the list: how its report stands."""

    major: Major
    standing: rules.ReportStanding


@dataclass(frozen=True, slots=True)
class Owned:
    """The open actions of one person at one council."""

    owner: str
    actions: Sequence[LessonAction]
    overdue: int


@dataclass(frozen=True, slots=True)
class AtCouncil:
    """The open actions at one council, by owner."""

    council: Council
    owners: Sequence[Owned]
    overdue: int


@dataclass(frozen=True, slots=True)
class Review:
    """What the leads of the councils look at together once a week."""

    going_on: Sequence[Major]
    reports: Sequence[Reported]
    councils: Sequence[AtCouncil]
    open: int
    overdue: int
    late: int


def review(viewer: Viewer, now: datetime) -> Review:
    """Return the review list, as far as it is there for the viewer."""
    rows = majors.there(viewer).filter(state__in=_OPEN)
    found = list(rows.select_related("council", "call", "case", "manager__user").order_by("opened_at", "pk"))
    going_on = [each for each in found if each.state == Major.State.OPEN]
    reports = [Reported(each, _standing(each, now)) for each in found if each.state != Major.State.OPEN]
    councils = _by_council(open_actions(viewer), timezone.localdate(now))
    return Review(
        going_on=going_on,
        reports=reports,
        councils=councils,
        open=sum(len(owned.actions) for each in councils for owned in each.owners),
        overdue=sum(each.overdue for each in councils),
        late=sum(each.standing in {"late", "late-in-review"} for each in reports),
    )


def _standing(major: Major, now: datetime) -> rules.ReportStanding:
    return rules.report_standing(
        major.state, due_at=major.report_due_at, reported_at=major.reported_at, now=now
    )


def open_actions(viewer: Viewer) -> list[LessonAction]:
    """Return the actions that are neither done nor dropped, by when they are due."""
    rows = gate.narrow(viewer, Can.SEE_MAJORS, LessonAction.objects.filter(done_at=None))
    rows = rows.filter(major__in=majors.there(viewer).order_by().values("pk"))
    rows = rows.select_related("owner__user", "council", "major__case")
    return list(rows.order_by("due_on", "pk")[:MOST])


def _by_council(actions: Sequence[LessonAction], today: date) -> list[AtCouncil]:
    grouped: dict[int, dict[str, list[LessonAction]]] = {}
    councils = {each.council_id: each.council for each in actions}
    for each in actions:
        grouped.setdefault(each.council_id, {}).setdefault(str(each.owner), []).append(each)
    found = []
    for council_id, people in grouped.items():
        owners = [
            Owned(name, rows, sum(each.due_on < today for each in rows)) for name, rows in people.items()
        ]
        owners.sort(key=lambda each: (-each.overdue, each.owner))
        found.append(AtCouncil(councils[council_id], owners, sum(each.overdue for each in owners)))
    return sorted(found, key=lambda each: each.council.name)


@dataclass(frozen=True, slots=True)
class Seat:
    """One seat of a vote: whose council, and how it voted, if it has."""

    name: str
    choice: str
    by: str
    text: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Vote:
    """How the review of a report stands, and whether the viewer may vote on it."""

    seats: Sequence[Seat]
    standing: voting.Standing
    mine: str
    may: bool
    why_not: str


def vote_of(viewer: Viewer, major: Major, now: datetime) -> Vote | None:
    """Return how the councils have voted on a report; None while it is not in review."""
    case = store.load(major.case_id)
    run = case.steps.get(REVIEW) if case else None
    if case is None or run is None or run.state != "open":
        return None
    place = Around(
        now=now,
        by=viewer.actor,
        team=lambda _: None,
        calendar=lambda name: calendar_of(case.council_id, name),
        staff_id=viewer.staff_id,
        voters=lambda functions: process.voters(case.council_id, functions, now),
        council=process.council_number,
    )
    step = case.definition.steps[REVIEW]
    electorate, given = voting.electorate(case, step, place), voting.seats_of(case, step, place)
    mine = next((each.choice for each in run.votes if each.by == signature(viewer.actor)), "")
    why_not = _why_not(viewer, case, run, electorate)
    return Vote(
        seats=_seats(case, run, electorate, given or {}),
        standing=voting.standing(step, run, electorate, given),
        mine=mine,
        may=not why_not,
        why_not=why_not,
    )


def _why_not(viewer: Viewer, case: CaseState, run: StepRun, electorate: Sequence[Voter]) -> str:
    step = case.definition.steps[REVIEW]
    assert step.vote is not None
    me = signature(viewer.actor)
    mine = next((each for each in electorate if each.by == me), None)
    if mine is None:
        if me in voting.excluded(case, step.vote):
            return "You sent the report for review, so you do not vote on it."
        return "Service owners of the councils that were hit vote on it."
    seat = voting.seat_of(step.vote, mine)
    if any(each.seat == seat and each.by != me for each in run.votes):
        return "Somebody of your council has voted already."
    return ""


def _seats(
    case: CaseState, run: StepRun, electorate: Sequence[Voter], given: Mapping[str, str]
) -> list[Seat]:
    step = case.definition.steps[REVIEW]
    assert step.vote is not None
    cast = {each.seat: each for each in run.votes}
    keys = {*given} or {*cast, *(voting.seat_of(step.vote, each) for each in electorate)}
    numbers = [int(key.partition(":")[2]) for key in keys if key.startswith("council:")]
    names = dict(Council.objects.filter(pk__in=numbers).values_list("pk", "name"))
    people = dict(_names([each.staff_id for each in cast.values()]))
    found = []
    for key in keys:
        vote = cast.get(key)
        number = int(key.partition(":")[2])
        found.append(
            Seat(
                name=names.get(number, key),
                choice=vote.choice if vote else "",
                by=people.get(vote.staff_id, "") if vote else "",
                text=vote.text if vote else "",
                at=vote.at if vote else None,
            )
        )
    return sorted(found, key=lambda each: each.name)


def _names(staff_ids: Sequence[int]) -> list[tuple[int, str]]:
    return [(each.pk, str(each)) for each in Staff.objects.filter(pk__in=staff_ids).select_related("user")]
