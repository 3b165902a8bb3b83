"""Telling the councils that are hit, on a cadence: users by their calls, and whoever answers for a service there."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from moothall.councils import gate, scope
from moothall.councils.models import Council
from moothall.councils.queries import team_serving
from moothall.councils.rules import Viewer
from moothall.estate.models import Use
from moothall.estate.queries.following import in_force
from moothall.look import dates
from moothall.servicedesk.actions import working
from moothall.servicedesk.actions.majors import keeping
from moothall.servicedesk.actions.majors.keeping import HOUSE, keep_line
from moothall.servicedesk.actions.majors.opening import stand_down_case
from moothall.servicedesk.actions.telling import addressees, write
from moothall.servicedesk.errors.majors import NotSaid
from moothall.servicedesk.models import Call, Escalation, Major, Notice, Outage, RoomEntry
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries import majors as queries
from moothall.servicedesk.rules import majors as rules
from moothall.servicedesk.rules.outages import PUBLIC_LENGTH

AT_ONCE = 100
_OWNERS = "service-owners"


@transaction.atomic
def tell_councils(*, by: Viewer, major_id: int, texts: Mapping[int, str], now: datetime) -> list[Notice]:
    """Tell councils how it goes, each in its own words, and promise when they hear again.

    The users of calls under it, and who follows them, are written to by the call, each person once; and whoever
    answers for the service at the council. Who opens self-service reads the same there.
    """
    major = queries.major_to_change(by, major_id, Can.LEAD_MAJORS)
    if major.state not in {Major.State.OPEN, Major.State.RESTORED}:
        rules.check_going_on(major.state, "tell anybody of it")
    hit = {each.pk: each for each in queries.councils_hit(major)}
    said = rules.check_notice(texts, list(texts))
    for council_id in said:
        if council_id not in hit:
            raise NotSaid({"councils": [_NOT_HIT]}, why=_NOT_HIT)
        gate.allow(by, Can.LEAD_MAJORS, council_id)
    again = now + timedelta(minutes=major.every_minutes) if major.state == Major.State.OPEN else None
    kept = [_tell(by, major, hit[council_id], words, again, now) for council_id, words in said.items()]
    for words in dict.fromkeys(said.values()):
        names = [hit[number].name for number, each in said.items() if each == words]
        keep_line(
            major,
            f"Told {_and(names)}: {words}",
            by=by.actor.name,
            at=now,
            now=now,
            kind=RoomEntry.Kind.NOTICE,
        )
    keeping.record(by, "major_told", major, now, councils=sorted(said))
    return kept


_NOT_HIT = "Nothing is away at that council. Record what is away there first."


def _and(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _tell(
    by: Viewer, major: Major, council: Council, words: str, again: datetime | None, now: datetime
) -> Notice:
    kept: Notice = Notice.objects.create(
        council_id=council.pk, major=major, text=words, at=now, next_at=again, by=by.actor.name[:150]
    )
    open_now = Outage.objects.filter(major=major, council_id=council.pk, ended_at=None)
    open_now.update(public=_shortened(words))
    promise = f"\n\nYou hear again by {dates.time_of_day(again)}." if again else ""
    body = f"{words}{promise}"
    reached = _users(by, major, kept, body, now)
    others = [each for each in _owners(major, council.pk, now) if each not in reached]
    keeping.write_to(
        major,
        others,
        subject=f"{major.title} ({major.case.reference})",
        body=f"{body}\n\n{council.name} ICT service",
        key=f"notice:{kept.pk}",
        now=now,
        council_id=council.pk,
    )
    return kept


def _shortened(words: str) -> str:
    """Return what self-service shows of a notice: all of it, or as many whole words as there is room for."""
    line = " ".join(words.split())
    if len(line) <= PUBLIC_LENGTH:
        return line
    return line[: PUBLIC_LENGTH - 1].rsplit(" ", 1)[0] + "…"


def _calls(major: Major, council_id: int) -> list[Call]:
    """Return the open calls about it of a council's users, the oldest first."""
    own = Call.objects.filter(pk=major.call_id, council_id=council_id, open=True)
    under = Call.objects.filter(parent_id=major.call_id, council_id=council_id, open=True)
    return [*own, *under.order_by("pk")]


def _users(by: Viewer, major: Major, notice: Notice, body: str, now: datetime) -> set[str]:
    """Write to the users of the calls and who follows them, each person once; return the addresses reached by that.

    Who has two calls of the same is written to by the first; the other one keeps it as a note.
    """
    reached: set[str] = set()
    for call in _calls(major, notice.council_id):
        people = addressees(call)
        new = [each for each in people if each.email.lower() not in reached]
        if len(new) == len(people):
            working.reply(by=by, call_id=call.pk, text=body, now=now)
        else:
            working.note(by=by, call_id=call.pk, text=f"Users were told: {body}", now=now)
            write(call, new, [body], f"desk:{call.case_id}:notice:{notice.pk}", now)
        reached |= {each.email.lower() for each in people}
    return reached


def _owners(major: Major, council_id: int, now: datetime) -> Iterable[str]:
    """Return who answers for a service at a council, and so hears of it beside its users."""
    found = keeping.addresses_of(_OWNERS, council_id, employed_at=council_id)
    if major.item_id is not None:
        uses = Use.objects.filter(
            in_force(timezone.localdate(now)), council_id=council_id, item_id=major.item_id
        )
        found += list(uses.exclude(owner=None).values_list("owner__user__email", flat=True))
    return dict.fromkeys(each.strip().lower() for each in found)


def due_notices(now: datetime) -> int:
    """Remind of notices that are due and escalate those that are late, at every council: periodic work."""
    with scope.everything("notices are due at every council"):
        rows = Major.objects.filter(state=Major.State.OPEN).select_related("call", "case", "manager__user")
        return sum(_look(major, now) for major in rows.order_by("pk")[:AT_ONCE])


@transaction.atomic
def _look(major: Major, now: datetime) -> int:
    if _is_part_of_another(major, now):
        return 1
    late: dict[datetime, list[str]] = {}
    for told in queries.told_of(Viewer.system(), major):
        if told.due_at is not None and told.due_at <= now:
            late.setdefault(told.due_at, []).append(told.council.name)
    return sum(_remind(major, due_at, names, now) for due_at, names in sorted(late.items()))


def _remind(major: Major, due_at: datetime, names: list[str], now: datetime) -> int:
    """Write to whoever leads it when a notice is due, and to the ICT managers when it is late; once each."""
    when, whom = dates.time_of_day(due_at), _and(names)
    link = keeping.address_of(major, "tell/")
    leading = [major.manager.user.email] if major.manager else []
    number = keeping.write_to(
        major,
        leading or keeping.addresses_of("major-incident", major.council_id),
        subject=f"Major incident {major.case.reference}: tell {whom} how it goes",
        body=f"{major.title}\n\n{whom} were promised to hear by {when}. Tell them now:\n{link}",
        key=f"due:{due_at.isoformat()}",
        now=now,
    )
    if now < due_at + rules.ESCALATE_AFTER:
        return number
    raised = keeping.write_to(
        major,
        keeping.addresses_of("ict-manager", major.council_id),
        subject=f"Major incident {major.case.reference}: {whom} have not heard",
        body=f"{major.title}\n\n{whom} were promised to hear by {when} and have not. See to it that they do:\n{link}",
        key=f"late:{due_at.isoformat()}",
        now=now,
    )
    if raised:
        text = f"{whom} should have heard by {when}. The ICT managers know of it."
        keep_line(major, text, by=HOUSE, at=now, now=now)
        team_id = team_serving("ict-manager", major.council_id)
        Escalation.objects.create(
            council_id=major.call.council_id,
            call_id=major.call_id,
            way=Escalation.Way.HIERARCHIC,
            at=now,
            to="ICT managers" if team_id else "",
            why=f"No notice to {whom} by {when}"[:300],
            by=HOUSE,
        )
    return number + raised


def _is_part_of_another(major: Major, now: datetime) -> bool:
    """Stand a major incident down whose call was put under, or merged into, that of another one that is going on."""
    over = [number for number in (major.call.parent_id, major.call.merged_into_id) if number is not None]
    first = Major.objects.filter(call__in=over, state=Major.State.OPEN).select_related("case").first()
    if first is None or first.pk == major.pk:
        return False
    Outage.objects.filter(major=major).update(major=first)
    stand_down_case(Viewer.system(), major, f"It is part of {first.case.reference}.", now)
    keep_line(first, f"{major.case.reference} turned out to be part of this.", by=HOUSE, at=now, now=now)
    return True
