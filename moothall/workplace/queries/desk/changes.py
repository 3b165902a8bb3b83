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
from moothall.process import store
from moothall.process.permissions import Can as ProcessCan
from moothall.servicedesk.actions.changes import Asked
from moothall.servicedesk.models import Change
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries import changes as queries
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
    """One change as its page shows it. `facts` are answers; `waits` says for what and whom it waits."""

    file: ChangeFile
    facts: Sequence[tuple[str, str]]
    waits: Sequence[str]
    may_triage: bool
    may_see_case: bool

    @property
    def change(self) -> Change:
        return self.file.change

    @property
    def has_step(self) -> bool:
        """Whether somebody may do a step of it; for its window it waits, and the board votes on this page."""
        return bool(self.file.open_steps.keys() - _NOT_DONE)


_NOT_DONE = frozenset({"window", "board", "afterwards"})
_SHOWN = ("reason", "plan", "tests", "backout", "freeze_reason", "result", "findings", "lessons")


def change_page(viewer: Viewer, reference: str, now: datetime) -> ChangePage:
    """Return the page of a change."""
    file = queries.change_file(viewer, reference, now)
    definition = store.definition_of(file.case.version_id)
    facts = [
        (definition.fields[key].name, str(file.data[key]))
        for key in _SHOWN
        if key in definition.fields and file.data.get(key)
    ]
    waits = []
    for key, run in file.open_steps.items():
        who = run.person.user.name if run.person else run.team.name if run.team else ""
        title = definition.steps[key].title
        waits.append(f"{title} ({who})" if who else title)
    council_id = file.change.council_id
    return ChangePage(
        file,
        facts,
        waits,
        gate.may(viewer, Can.TRIAGE_OBSERVED, council_id),
        _may_see_case(viewer, council_id),
    )


def _may_see_case(viewer: Viewer, council_id: int) -> bool:
    return gate.may(viewer, ProcessCan.SEE, council_id)


def window_words(change: Any) -> str:
    """Return the window of a change in words, the day once where it is the same."""
    start, end = change.starts_at.astimezone(dates.LONDON), change.ends_at.astimezone(dates.LONDON)
    if start.date() == end.date():
        return f"{dates.weekday(start)}, {dates.time_of_day(start)} to {dates.time_of_day(end)}"
    return f"{dates.weekday(start)}, {dates.time_of_day(start)} to {dates.weekday(end)}, {dates.time_of_day(end)}"
