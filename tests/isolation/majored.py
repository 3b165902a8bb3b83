"""A major incident of each council, with canaries: one that goes on, one whose report is published, one kept apart."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from moothall.councils.models import Council, Membership, Team
from moothall.councils.rules import Viewer
from moothall.estate.models import Item
from moothall.process import actions as process
from moothall.process.models import Case
from moothall.servicedesk.models import Call, CallOut, LessonAction, Major, Notice, Outage, RoomEntry
from tests import makers


def majors_of(council: Council, word: str, now: datetime, call: Call, outage: Outage) -> None:
    """Let a major incident go on at a council, and one be published; a second time, nothing more."""
    if Major.objects.filter(council=council).exists():
        return
    major = _major(council, word, now, call)
    Outage.objects.filter(pk=outage.pk).update(major=major)
    owner = makers.make_staff(council=council, user=makers.make_user(name="Olga Owner"))
    Membership.objects.create(team=Team.objects.get(code=f"major-incident-{council.code}"), staff=owner)
    RoomEntry.objects.create(
        council=council, major=major, at=now, text=f"Saw {word}", by=word, written_at=now
    )
    Notice.objects.create(council=council, major=major, text=f"Told {word}", at=now, by=word)
    CallOut.objects.create(council=council, major=major, name=f"Cal {word}", called_at=now, by=word)
    LessonAction.objects.create(
        council=council, major=major, text=f"Try {word}", owner=owner, due_on=now.date()
    )
    published = _major(council, word, now, _another(council, word, now))
    Major.objects.filter(pk=published.pk).update(
        state=Major.State.CLOSED, public_text="It was away.", published_at=now
    )


def hit_across(councils: Sequence[Council], now: datetime) -> None:
    """Let the major incident of each council have hit the one before it, which was told of it in its own words.

    It is back there: whoever restores a major incident ends what goes on wherever it hit, which is no leak.
    """
    item, began = Item.objects.get(code="aviary"), now - timedelta(hours=1)
    for hit, council in zip(councils, [*councils[1:], councils[0]], strict=True):
        major = Major.objects.filter(council=council, state=Major.State.OPEN).order_by("pk")[0]
        said = f"We look at zq{hit.code}outage"
        over = {"started_at": began, "ended_at": now, "users": 4, "by": "somebody"}
        Outage.objects.create(council=hit, item=item, major=major, public=said, **over)
        Notice.objects.create(council=hit, major=major, text=f"Told zq{hit.code}major", at=now, by="somebody")


def major_apart(council: Council, word: str, now: datetime, call: Call) -> None:
    """Let a call that is there for the hub alone be a major incident."""
    _major(council, word, now, call)


def _another(council: Council, word: str, now: datetime) -> Call:
    case = process.start_case(
        by=Viewer.system(),
        council=council,
        process="ict-incident",
        now=now,
        answers={
            "summary": f"Another of {word}",
            "category": "software",
            "impact": "team",
            "urgency": "no",
        },
    )
    found: Call = Call.objects.get(case_id=case.id)
    return found


def _major(council: Council, word: str, now: datetime, call: Call) -> Major:
    case = process.start_case(
        by=Viewer.system(),
        council=council,
        process="ict-major-incident",
        now=now,
        answers={"summary": f"Major {word}", "call": call.reference},
    )
    made: Major = Major.objects.create(
        council=council,
        call=call,
        case=Case.objects.get(pk=case.id),
        title=f"Major {word}",
        opened_at=now,
        bridge=f"Bridge {word}",
        root_cause=f"Because of {word}",
    )
    return made
