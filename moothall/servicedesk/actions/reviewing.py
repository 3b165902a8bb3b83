"""The report of a major incident: written, sent to the councils that were hit, and approved by one vote of each."""

from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from moothall.councils import scope
from moothall.councils.rules import Viewer
from moothall.estate.models import Item
from moothall.process import actions as process
from moothall.servicedesk.actions.majors import keeping
from moothall.servicedesk.actions.majors.pointing import point_to_earlier
from moothall.servicedesk.errors.majors import NotNow, NotSaid
from moothall.servicedesk.models import LessonAction, Major
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries import majors as queries
from moothall.servicedesk.rules import reviewing as rules
from moothall.servicedesk.rules.reviewing import Report

_WRITTEN = (Major.State.OPEN, Major.State.RESTORED)


@transaction.atomic
def save_report(
    *, by: Viewer, major_id: int, report: Report, cause_item_id: int | None, now: datetime
) -> Major:
    """Keep the report as far as it is written. Once the cause is set, earlier ones of the same cause are pointed to."""
    major = queries.major_to_change(by, major_id, Can.LEAD_MAJORS)
    if major.state not in _WRITTEN:
        raise NotNow(why="The report is in review or approved, so it is not changed any more.")
    rules.check_lengths(report)
    _check_choices(report)
    if cause_item_id is not None and not Item.objects.filter(pk=cause_item_id).exists():
        why = "Choose a system from the list."
        raise NotSaid({"cause_item": [why]}, why=why)
    for key, words in asdict(report).items():
        setattr(major, key, words.strip())
    major.cause_item_id = cause_item_id
    major.save(update_fields=[*asdict(report), "cause_item"])
    keeping.record(by, "major_report_saved", major, now)
    with scope.everything("an earlier major incident that hit the same council is pointed to"):
        point_to_earlier(major, now)
    return major


def _check_choices(report: Report) -> None:
    if report.cause and report.cause not in Major.Cause.values:
        raise NotSaid({"cause": [_CAUSE]}, why=_CAUSE)
    if report.cause_owner and report.cause_owner not in Major.Owner.values:
        raise NotSaid({"cause_owner": [_OWNER]}, why=_OWNER)


_CAUSE, _OWNER = "Select what lay behind it.", "Select whose cause it was."


@transaction.atomic
def send_report(*, by: Viewer, major_id: int, now: datetime) -> Major:
    """Send a report to the councils that were hit, for one vote of each; refuses one that does not say enough."""
    major = queries.major_to_change(by, major_id, Can.LEAD_MAJORS)
    if major.state != Major.State.RESTORED:
        raise NotNow(why="A report goes to review once the service is back, and only once at a time.")
    report = report_of(major)
    rules.check_report(report, actions=LessonAction.objects.filter(major=major).count())
    with scope.everything("every council that was hit has a seat in the review"):
        codes = [each.code for each in queries.councils_hit(major)]
    answers = {
        "councils": rules.hit_first(codes, major.council.code),
        "what_happened": report.summary,
        "cause": report.cause,
        "cause_owner": report.cause_owner,
        "root_cause": report.root_cause,
        "lessons": report.lessons,
        **({"went_well": report.went_well} if report.went_well else {}),
    }
    process.act(
        by=by,
        case_id=major.case_id,
        step="report",
        expected=None,
        now=now,
        answers=answers,
        outcome="written",
    )
    major.refresh_from_db()
    return major


def report_of(major: Major) -> Report:
    """Return what the report of a major incident says."""
    return Report(
        summary=major.summary,
        cause=major.cause,
        cause_owner=major.cause_owner,
        root_cause=major.root_cause,
        went_well=major.went_well,
        lessons=major.lessons,
    )


def vote_on_report(*, by: Viewer, major_id: int, choice: str, text: str, now: datetime) -> Major:
    """Vote for a council on a report: for it, or against it with the words for whoever writes it again."""
    major = queries.major_to_change(by, major_id, Can.REVIEW_MAJORS)
    if major.state != Major.State.REVIEW:
        raise NotNow(why="This report is not in review.")
    process.cast(
        by=by, case_id=major.case_id, step="review", expected=None, choice=choice, text=text, now=now
    )
    major.refresh_from_db()
    return major
