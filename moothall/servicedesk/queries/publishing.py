"""Reports for everybody: what a redacted report begins with, and those that a council has published."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, F, OuterRef, Q

from moothall.councils import scope
from moothall.councils.models import Council, Staff
from moothall.councils.rules import Viewer
from moothall.estate.models import Item
from moothall.look import dates
from moothall.servicedesk.errors.majors import NoSuchReport
from moothall.servicedesk.models import Major, Outage
from moothall.servicedesk.queries import majors
from moothall.servicedesk.rules import redacting

_PUBLIC = "a published report is for everybody"
_HIDDEN = (Item.Kind.SERVER, Item.Kind.NETWORK, Item.Kind.DATABASE, Item.Kind.IDENTITY, Item.Kind.DEVICES)
"""Kinds of systems that the public does not know by name."""
SHOWN = 200


def people() -> dict[str, str]:
    """Return the role of everybody of the staff, by name, also of those who left: reports name them, too."""
    rows = Staff.objects.select_related("user").order_by("pk")
    return redacting.roles_of((str(each.user), each.job_title) for each in rows)


def systems() -> dict[str, str]:
    """Return what the machines behind the services are, by name and by code."""
    found: dict[str, str] = {}
    for item in Item.objects.filter(kind__in=_HIDDEN):
        kind = Item.Kind(item.kind).label.lower()
        found |= {item.name: kind, item.code: kind}
    return found


def proposed(viewer: Viewer, major: Major, now: datetime) -> redacting.Redacted:
    """Return a report for everybody as the house proposes it: somebody reads and changes it before it is published."""
    return redacting.redact(whole(viewer, major, now), people=people(), systems=systems())


def still_there(text: str) -> tuple[str, ...]:
    """Return what in a text for everybody looks like somebody's name, an address, a number or a machine."""
    return redacting.still_there(text, people=people(), systems=systems())


def whole(viewer: Viewer, major: Major, now: datetime) -> str:
    """Return the report as text, unredacted: what happened, how long and for how many, why, and what is done now."""
    room = majors.room(viewer, major, now)
    back = major.restored_at or now
    parts: Mapping[str, Sequence[str]] = {
        "What happened": [major.summary],
        "How long, and how many": [
            f"It began on {dates.with_time(room.since)} and was over on {dates.with_time(back)}.",
            *_impact(room),
        ],
        "Why": [f"{major.get_cause_display()}. {major.root_cause}".strip()] if major.cause else [],
        "What went well": [major.went_well],
        "What we learned": [major.lessons],
        "What we do about it": [_promise(each.text, each.due_on, done=each.done_at) for each in room.actions],
    }
    said = {head: [line.strip() for line in lines if line.strip()] for head, lines in parts.items()}
    return "\n\n".join(f"## {head}\n\n" + "\n\n".join(lines) for head, lines in said.items() if lines)


def _impact(room: majors.Room) -> list[str]:
    return [
        f"{hit.outage.council.name}: {hit.outage.item.name} for {hit.minutes:,} minutes, {hit.outage.users:,} people."
        for hit in room.hits
    ]


def _promise(text: str, due_on: date, *, done: datetime | None) -> str:
    when = "Done" if done else f"By {dates.in_words(due_on)}"
    return f"{when}: {text}"


@dataclass(frozen=True, slots=True)
class Published:
    """One report that everybody may read."""

    reference: str
    title: str
    text: str
    at: datetime
    began: datetime


def published(council: Council) -> list[Published]:
    """Return the reports of major incidents that hit a council and were published, the newest first."""
    hit = Outage.objects.filter(major=OuterRef("pk"), council_id=council.pk).exclude(ended_at=F("started_at"))
    with scope.everything(_PUBLIC):
        rows = Major.objects.filter(
            Q(council_id=council.pk) | Exists(hit), published_at__isnull=False, state=Major.State.CLOSED
        ).select_related("case", "item")
        return [_published(each) for each in rows.order_by("-opened_at", "-pk")[:SHOWN]]


def report_of(council: Council, reference: str) -> Published:
    """Return one report that was published at a council."""
    found = next((each for each in published(council) if each.reference == reference.upper()), None)
    if found is None:
        raise NoSuchReport
    return found


def _published(major: Major) -> Published:
    assert major.published_at is not None
    title = f"{major.item.name} was not available" if major.item else "A service was not available"
    hidden = major.item is not None and major.item.kind in _HIDDEN
    return Published(
        reference=major.case.reference,
        title="A service was not available" if hidden else title,
        text=major.public_text,
        at=major.published_at,
        began=major.opened_at,
    )
