"""What changes each council: a change with canaries, a meeting, a freeze, what was seen, a system and its support."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from moothall.councils.models import Council, Team
from moothall.councils.rules import Viewer
from moothall.estate.models import Item, Maintenance, Supplier, SupportRoute, Use
from moothall.servicedesk.actions.changes import Asked, raise_change
from moothall.servicedesk.models import (
    AgendaItem,
    Call,
    Change,
    Freeze,
    Meeting,
    Observed,
    Seat,
    SupplierCall,
)
from tests import makers

_WINDOW = datetime(2030, 7, 2, 20, tzinfo=UTC)
_LONG = timedelta(hours=2)


@dataclass(frozen=True)
class ChangedThings:
    """What of one council's changes and estate an address may name."""

    change: str = ""
    change_id: int = 0
    meeting: int = 0
    freeze: int = 0
    observed: int = 0
    route: int = 0
    item: str = ""


def changes_of(council: Council, word: str, now: datetime, call: Call) -> None:
    """Record a system of a council, change it, and let the board meet about it; a second time, nothing more."""
    code = f"item-{council.code}"
    if Item.objects.filter(code=code).exists():
        return
    item = Item.objects.create(code=code, name=f"System {word}", kind=Item.Kind.APPLICATION)
    staff = makers.make_staff(council=council, user=makers.make_user(name="Sam Seat"))
    Use.objects.create(council=council, item=item, users=7, since=date(2026, 1, 1), owner=staff)
    route = _route(council, item, word)
    SupplierCall.objects.create(
        council=council, call=call, route=route, their_reference=word, hours="office", passed_at=now
    )
    Maintenance.objects.create(
        council=council, item=item, starts_at=_WINDOW, ends_at=_WINDOW + _LONG, reason=f"Away {word}"
    )
    change = raise_change(
        by=Viewer.system(), council=council, asked=_asked(code, word), now=now, submission=f"change-{word}"
    )
    Seat.objects.create(council=council, holder=staff, since=date(2026, 1, 1))
    Freeze.objects.create(
        council=council,
        reason=f"Rest {word}",
        starts_at=_WINDOW + 9 * _LONG,
        ends_at=_WINDOW + 10 * _LONG,
        set_by=word,
    )
    meeting, _ = Meeting.objects.get_or_create(
        at=_WINDOW, defaults={"place": "A room", "called_by": "somebody"}
    )
    AgendaItem.objects.create(council=council, meeting=meeting, change=change, note=f"About {word}")
    Observed.objects.create(
        council=council,
        source=word,
        key=word,
        at=now,
        item=item,
        item_name=word,
        who=word,
        what=f"Did {word}",
    )


def _route(council: Council, item: Item, word: str) -> SupportRoute:
    supplier, _ = Supplier.objects.get_or_create(name="A supplier")
    made: SupportRoute = SupportRoute.objects.create(
        council=council, item=item, supplier=supplier, contract=word, say=word, starts_on=date(2026, 1, 1)
    )
    return made


def _asked(code: str, word: str) -> Asked:
    return Asked(
        what=f"Change {word}", reason=word, kind="normal", items=(code,), plan=word, tests=word, backout=word,
        rollback_tested=True, done_before=True, in_hours=False, service_away=False, starts_at=_WINDOW,
        ends_at=_WINDOW + _LONG,
    )  # fmt: skip


def teams_for_changes(council: Council) -> None:
    """Give a council the teams that its changes fall to."""
    for function in ("change-manager", "cab", "ecab"):
        if not Team.objects.filter(function=function, councils=council).exists():
            makers.make_team(council=council, code=f"{function}-{council.code}", function=function)


def number_of(model: type[Change | Freeze | Observed | SupportRoute], code: str) -> int:
    """Return the number of the one thing of its kind that a council has; 0 if it has none."""
    return int(model.unscoped("a test").filter(council__code=code).values_list("pk", flat=True).first() or 0)
