"""Failure demand: how much contact could have been avoided, and the contacts behind each figure."""

from datetime import MAXYEAR, date
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from moothall.contacts.models import Channel, Contact
from moothall.contacts.permissions import Can
from moothall.contacts.queries.demand import Behind, Lens, months_back
from moothall.councils.doors import door
from moothall.workplace.forms.contacts import DemandForm
from moothall.workplace.queries import demand as demands
from moothall.workplace.queries.demand import Places
from moothall.workplace.queries.xray.sheets import Cell
from moothall.workplace.views.answering import looking, page

_MONTHS, _FIRST_YEAR = 6, 1900
_NARROWING = ("council", "channel", "about", "months")


@door(Can.COUNT)
@require_safe
def demand(request: HttpRequest) -> HttpResponse:
    """Show how much contact was avoidable: by month, reason, channel, service and council."""
    viewer, now = looking(request)
    places = demands.places(viewer, now)
    form = DemandForm(request.GET, councils=places.choices, services=places.services)
    lens = _lens(request, form, places)
    kept = {key: value for key in _NARROWING if (value := request.GET.get(key))}

    def behind(cell: Cell) -> str:
        return urlencode({**kept, **(cell.behind or {})})

    plate = demands.plate(viewer, lens, places, now)
    return page(request, "demand", form=form, plate=plate, behind=behind, narrowed=bool(kept), now=now)


@door(Can.COUNT)
@require_safe
def contacts(request: HttpRequest) -> HttpResponse:
    """Show the contacts behind a figure, the newest first."""
    viewer, now = looking(request)
    places = demands.places(viewer, now)
    form = DemandForm(request.GET, councils=places.choices, services=places.services)
    found = demands.lines(viewer, _lens(request, form, places), _which(request), now)
    return page(
        request,
        "contacts_behind",
        found=found,
        said=_said(request, places),
        kept=urlencode({key: value for key in _NARROWING if (value := request.GET.get(key))}),
        now=now,
    )


def _lens(request: HttpRequest, form: DemandForm, places: Places) -> Lens:
    """Return what is counted; what cannot be read is as if it had not been chosen."""
    _, now = looking(request)
    form.is_valid()
    given = form.cleaned_data
    return Lens(
        months_back(timezone.localdate(now), given.get("months") or _MONTHS),
        places.number(str(given.get("council") or "")),
        str(given.get("channel") or ""),
        str(given.get("about") or ""),
    )


def _which(request: HttpRequest) -> Behind:
    reason = request.GET.get("reason", "")
    if reason not in Contact.Avoidable.values:
        reason = "any" if request.GET.get("figure") == "any" else ""
    return Behind(_month(request), reason)


def _month(request: HttpRequest) -> date | None:
    """Return the first day of the month that is asked for, if there can be one with contacts."""
    try:
        month = date.fromisoformat(request.GET.get("month", "")).replace(day=1)
    except ValueError:
        return None
    return month if _FIRST_YEAR <= month.year < MAXYEAR else None


def _said(request: HttpRequest, places: Places) -> str:
    """Return in words which contacts these are."""
    parts = []
    if month := _month(request):
        parts.append(f"{month:%B} {month.year}")
    reason = request.GET.get("reason", "")
    if reason in Contact.Avoidable.values:
        parts.append(str(Contact.Avoidable(reason).label))
    elif request.GET.get("figure") == "any":
        parts.append("Avoidable")
    if (channel := request.GET.get("channel", "")) in Channel.values:
        parts.append(str(Channel(channel).label))
    if any(key == request.GET.get("about") for key, _ in places.services):
        parts.append(demands.title(request.GET["about"]))
    parts += [name for code, name in places.choices if code == request.GET.get("council")]
    return ", ".join(parts) or "All contacts"
