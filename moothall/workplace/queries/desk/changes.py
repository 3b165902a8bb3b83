"""What the pages of changes show: the form's choices, what a change would come to, and one change step by step."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from moothall.councils import gate
from moothall.councils.models import Council, Staff
from moothall.councils.permissions import Permission
from moothall.councils.rules import Viewer
from moothall.estate import queries as estate
from moothall.look import dates
from moothall.process.engine.choosing import kept_from
from moothall.process.engine.state import signature
from moothall.process.kinds import words
from moothall.process.models import Step
from moothall.process.permissions import Can as ProcessCan
from moothall.servicedesk.actions.changes import Asked
from moothall.servicedesk.models import Change
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries import changes as queries
from moothall.servicedesk.queries.board import ON_PAGE
from moothall.servicedesk.queries.changes import ChangeFile
from moothall.servicedesk.queries.changes.colliding import freezes_said, planned
from moothall.servicedesk.queries.risk import judged
from moothall.servicedesk.rules.risk import WORDS

Pairs = Sequence[tuple[str, str]]
COLOURS = {
    "raised": "blue",
    "board": "purple",
    "approved": "turquoise",
    "making": "yellow",
    "implemented": "green",
    "failed": "red",
    "backed-out": "orange",
    "rejected": "grey",
    "withdrawn": "grey",
}
LEVEL_COLOURS = {1: "grey", 2: "blue", 3: "orange", 4: "red"}


def council_choices(viewer: Viewer, can: Permission) -> Pairs:
    """Return the councils at which the viewer may do this, their own first."""
    rows = Council.objects.filter(id__in=sorted(gate.councils(viewer, can))).order_by("name")
    return [(str(each.pk), each.name) for each in sorted(rows, key=lambda each: each.pk != viewer.council_id)]


def item_choices(viewer: Viewer) -> Pairs:
    """Return the systems that are there for the viewer, by their codes."""
    rows = estate.items_seen(viewer).exclude(status="retired").order_by("name")
    return [(code, f"{name} ({code})") for code, name in rows.values_list("code", "name")]


def people_choices(viewer: Viewer) -> Pairs:
    """Return the colleagues of the viewer's teams, who may attend as a second resource."""
    seen = sorted(gate.councils(viewer, Can.SEE_CHANGES))
    rows = Staff.objects.filter(teams__in=sorted(viewer.team_ids), council__in=seen, ended_on=None)
    rows = rows.exclude(pk=viewer.staff_id or 0)
    found = rows.distinct().order_by("user__name").values_list("id", "user__name")
    return [(str(number), name) for number, name in found]


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a change would come to: impact and risk with their reasons, who must vote, and what its window runs into."""

    impact: str
    risk: str
    complex: bool
    reasons: Sequence[str]
    councils: Sequence[str]
    freezes: Sequence[str]
    advice: Sequence[str]


def foreseen(viewer: Viewer, council_id: int, asked: Asked) -> Foreseen:
    """Return what a change would come to if it were raised like this."""
    items = list(estate.items_seen(viewer).filter(code__in=list(asked.items)))
    on = asked.starts_at.astimezone(dates.LONDON).date()
    answers = {
        "rollback_tested": asked.rollback_tested,
        "done_before": asked.done_before,
        "in_hours": asked.in_hours,
        "service_away": asked.service_away,
    }
    found, reached = judged(items, council_id, answers, on)
    this = planned(0, (each.pk for each in items), asked.starts_at, asked.ends_at)
    names = Council.objects.filter(id__in=sorted(reached.councils)).order_by("name")
    whole = asked.starts_at < asked.ends_at
    return Foreseen(
        impact=WORDS[found.impact],
        risk=WORDS[found.risk],
        complex=found.complex,
        reasons=found.reasons,
        councils=[each.name for each in names],
        freezes=freezes_said(reached.councils, asked.starts_at, asked.ends_at) if whole else (),
        advice=queries.advice(viewer, this, council_ids=reached.councils, service_away=asked.service_away)
        if whole
        else (),
    )


@dataclass(frozen=True, slots=True)
class ChangePage:
    """One change as its page shows it. `facts` are answers; `waits` says for what and whom it waits.

    `not_you` says why the viewer, whose team it waits for, may not do what it waits for.
    """

    file: ChangeFile
    facts: Sequence[tuple[str, str]]
    waits: Sequence[str]
    not_you: Sequence[str]
    review: "Review | None"
    has_step: bool
    may_triage: bool
    may_see_case: bool

    @property
    def change(self) -> Change:
        return self.file.change


@dataclass(frozen=True, slots=True)
class Review:
    """How a change was looked back at: in words, by whom and when; or until when that is to be done."""

    lines: Sequence[tuple[str, str]]
    by: str = ""
    at: datetime | None = None
    due_at: datetime | None = None


_NOT_DONE = frozenset({"window", *ON_PAGE})
"""What nobody does by hand: for its window it waits, and votes are cast on its own page."""
_SHOWN = ("reason", "plan", "tests", "backout", "freeze_reason", "result")
_REVIEW = ("objectives", "backout_used", "findings", "lessons")


def change_page(viewer: Viewer, reference: str, now: datetime) -> ChangePage:
    """Return the page of a change."""
    file = queries.change_file(viewer, reference, now)
    definition = file.case.definition
    facts = [
        (definition.fields[key].name, str(file.data[key]))
        for key in _SHOWN
        if key in definition.fields and file.data.get(key)
    ]
    waits = []
    for key, run in file.open_steps.items():
        who = run.person.user.name if run.person else run.team.name if run.team else ""
        title = "its window to open" if key == "window" else definition.steps[key].title
        waits.append(f"{title} ({who})" if who.casefold() not in {"", title.casefold()} else title)
    council_id = file.change.council_id
    kept = _kept_from(viewer, file, now)
    return ChangePage(
        file,
        facts,
        waits,
        list(dict.fromkeys(say for each in kept.values() for say in each)),
        _review(file),
        bool(file.open_steps.keys() - _NOT_DONE - kept.keys()),
        gate.may(viewer, Can.TRIAGE_OBSERVED, council_id),
        _may_see_case(viewer, council_id),
    )


def _kept_from(viewer: Viewer, file: ChangeFile, now: datetime) -> dict[str, Sequence[str]]:
    """Return the open steps of the viewer's teams that are for somebody else than them, with why."""
    theirs = [
        key for key, run in file.open_steps.items() if key not in _NOT_DONE and run.team_id in viewer.team_ids
    ]
    steps = file.case.definition.steps
    found = {key: kept_from(file.case, steps[key], signature(viewer.actor), now) for key in theirs}
    return {key: why for key, why in found.items() if why}


def _review(file: ChangeFile) -> Review | None:
    """Return the review of a change that was reviewed, or has to be."""
    change, definition = file.change, file.case.definition
    if change.reviewed_at is None:
        if "review" not in file.open_steps:
            return None
        clock = file.case.clocks.get("review")
        return Review((), due_at=clock.due_at if clock else None)
    done = Step.objects.filter(case_id=file.case.id, key="review", state=Step.State.DONE, current=True)
    by = done.values_list("person__user__name", flat=True).first()
    lines = [("Closed as", change.get_state_display().lower())]
    for key in _REVIEW:
        field = definition.fields.get(key)
        if field is not None and file.data.get(key) not in {None, ""}:
            lines.append((field.name, words(field, file.data[key])))
    return Review(lines, by or "", change.reviewed_at)


def _may_see_case(viewer: Viewer, council_id: int) -> bool:
    return gate.may(viewer, ProcessCan.SEE, council_id)


def window_briefly(change: Any) -> str:
    """Return the window of a change for a list, the day once where it is the same."""
    start, end = change.starts_at.astimezone(dates.LONDON), change.ends_at.astimezone(dates.LONDON)
    ends = dates.time_of_day(end) if start.date() == end.date() else dates.short_with_time(end)
    return f"{dates.short_with_time(start)} to {ends}"


def window_words(change: Any) -> str:
    """Return the window of a change in words, the day once where it is the same."""
    start, end = change.starts_at.astimezone(dates.LONDON), change.ends_at.astimezone(dates.LONDON)
    if start.date() == end.date():
        return f"{dates.weekday(start)}, {dates.time_of_day(start)} to {dates.time_of_day(end)}"
    return f"{dates.weekday(start)}, {dates.time_of_day(start)} to {dates.weekday(end)}, {dates.time_of_day(end)}"
