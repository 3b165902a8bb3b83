"""The service desk of each council, with canaries: a call, a call that is kept apart, an outage, the catalogue."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import moothall.servicedesk
from moothall.councils.models import Council, Team
from moothall.councils.rules import Viewer
from moothall.estate.models import Item
from moothall.plain.references import new_reference
from moothall.process import actions as process
from moothall.process.language import read
from moothall.process.models import Case, Step
from moothall.servicedesk.actions.calls import log_call
from moothall.servicedesk.models import Call, CatalogueItem, Major, Outage
from tests import makers
from tests.isolation.changed import changes_of, teams_for_changes
from tests.isolation.channelled import channels_of
from tests.isolation.helped import helps
from tests.isolation.majored import major_apart, majors_of

_PROCESSES = Path(moothall.servicedesk.__file__).parent / "processes"
_KINDS = ("ict-change", "ict-incident", "ict-request", "ict-problem", "ict-task", "ict-major-incident")
WISH = "bird-cage"
SYSTEM = "aviary"


@dataclass(frozen=True)
class DeskThings:
    """What of one council's desk an address may name."""

    call: str = ""
    call_id: int = 0
    seq: int = 0
    outage: int = 0


def nowhere(number: int) -> DeskThings:
    """Return a desk that is nowhere."""
    return DeskThings(new_reference("ZZ"), number, 1, number)


def publish_desk(now: datetime) -> None:
    """Publish the processes of the desk, and offer something that every council may ask for."""
    for key in _KINDS:
        source = (_PROCESSES / f"{key}.yaml").read_text(encoding="utf-8")
        definition = read(source, file=f"{key}.yaml").definition
        assert definition is not None, key
        process.publish(by=Viewer.system(), definition=definition, source=source, now=now)
    CatalogueItem.objects.create(
        key=WISH, title="A cage", description="For a bird.", category="Birds", ask="For which bird?"
    )
    Item.objects.create(code=SYSTEM, name="Aviary", kind=Item.Kind.APPLICATION)


def desk_of(council: Council, now: datetime) -> DeskThings:
    """Log a call at a council, and let its system be away."""
    for function in ("service-desk", "resolvers", "major-incident"):
        if not council.served_by.filter(function=function).exists():
            makers.make_team(council=council, code=f"{function}-{council.code}", function=function)
    helps(council, now)
    channels_of(council, now)
    teams_for_changes(council)
    item = Item.objects.get(code=SYSTEM)
    word = f"zq{council.code}call"
    call = _logged(council, word, now, item.pk)
    changes_of(council, f"zq{council.code}estate", now, call)
    outage = Outage.objects.create(
        council=council,
        item=item,
        call=call,
        users=3,
        public=f"We look at zq{council.code}outage",
        started_at=now,
        by="somebody",
    )
    majors_of(council, f"zq{council.code}major", now, call, outage)
    return DeskThings(call.reference, call.pk, Case.objects.get(pk=call.case_id).seq, outage.pk)


def another_call(council: Council, now: datetime) -> None:
    """Log one more call at a council, about no system that anybody is told of."""
    _logged(council, f"zq{council.code}call", now, None)


def kept_apart_at(council: Council, word: str, now: datetime) -> DeskThings:
    """Log a call that is there for the hub alone, whose members never come."""
    call = _logged(council, word, now, None)
    major_apart(council, word, now, call)
    cases = [call.case_id, *Major.objects.filter(call=call).values_list("case_id", flat=True)]
    hub = Team.objects.get(function="hub", council=council)  # a step of one's own team is there for one
    Case.objects.filter(pk__in=cases).update(circle="hub")
    Step.objects.filter(case_id__in=cases).update(circle="hub", team=hub)
    Call.objects.filter(case_id__in=cases).update(circle="hub", team=hub)
    return DeskThings(call.reference, call.pk, Case.objects.get(pk=call.case_id).seq, 0)


def _logged(council: Council, word: str, now: datetime, item_id: int | None) -> Call:
    return log_call(
        by=Viewer.system(),
        council=council,
        kind="incident",
        answers={
            "summary": f"A fault of {word}",
            "detail": f"It said {word}",
            "category": "software",
            "impact": "team",
            "urgency": "no",
        },
        now=now,
        submission=f"{word}-{Call.objects.count()}",
        channel="phone",
        caller_name=f"Cal {word}",
        caller_email=f"{word}@example.org",
        item_id=item_id,
    )
