"""Adding somebody: first the register says who they may be, then they are added, or found."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from moothall.councils.doors import door
from moothall.councils.models import Council
from moothall.councils.rules import Viewer
from moothall.look.forms import error_links
from moothall.persons.actions.finding import tell_elsewhere
from moothall.persons.actions.looking import looked_at
from moothall.persons.actions.telling import add_although, learn
from moothall.persons.models import Record
from moothall.persons.permissions import Can
from moothall.persons.queries.records import record_seen
from moothall.workplace import actions
from moothall.workplace.forms.people import PersonForm, ReasonForm, as_typed
from moothall.workplace.queries.contacts import councils_for
from moothall.workplace.queries.people.casework import CaseToPut, case_to_put
from moothall.workplace.queries.people.likely import LikelyPeople, likely
from moothall.workplace.views.answering import UNPROCESSABLE, looking, number_of, page

_TOLD = "adviser"


@door(Can.ADD)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Ask who somebody is, show who in the register that may be, and add them if it is nobody."""
    viewer, now = looking(request)
    case = _case(request, viewer, now)
    councils = [case.council] if case else councils_for(viewer, Can.ADD)
    choices = [(each.code, each.name) for each in councils]
    today = timezone.localdate(now)
    if request.method != "POST":
        typed = case.begin if case else as_typed(request.GET.get("q", "").replace("\0", "")[:200])
        form = PersonForm(councils=choices, today=today, initial={"council": councils[0].code, **typed})
        return page(request, "register/new", form=form, found=None, reason=None, case=case, page_errors=[])
    form = PersonForm(request.POST, councils=choices, today=today)
    if not form.is_valid():
        errors = error_links(form)
        return page(
            request,
            "register/new",
            status=UNPROCESSABLE,
            form=form,
            found=None,
            reason=None,
            case=case,
            page_errors=errors,
        )
    code = form.cleaned_data.get("council")
    council = next((each for each in councils if each.code == code), councils[0])
    if (number := number_of(request.POST.get("use"))) is not None:
        record = _use(viewer, council, number, form, keep="keep" in request.POST, now=now)
        return _done(viewer, record, case, now)
    return _add_or_show(request, viewer, council, form, case, now)


def _case(request: HttpRequest, viewer: Viewer, now: datetime) -> CaseToPut | None:
    """Return the case for which somebody is added, if there is one."""
    reference = (request.POST or request.GET).get("case", "").replace("\0", "")
    return case_to_put(viewer, reference, now) if reference else None


def _done(viewer: Viewer, record: Record, case: CaseToPut | None, now: datetime) -> HttpResponse:
    """Put the case to whoever was added or found, and go on with the case; else with the person."""
    if case is None:
        return redirect("workplace:register_person", record.person.reference)
    actions.put_case(
        by=viewer, case_id=case.case.id, council_id=case.council.pk, record_id=record.pk, now=now
    )
    return redirect("workplace:case", case.case.reference)


def _use(
    viewer: Viewer, council: Council, number: int, form: PersonForm, *, keep: bool, now: datetime
) -> Record:
    """Return the record of somebody who is known, with what is new in it if that is to be kept."""
    if not keep:
        return record_seen(viewer, number)
    return learn(by=viewer, council_id=council.pk, record_id=number, facts=form.facts, source=_TOLD, now=now)


def _add_or_show(
    request: HttpRequest,
    viewer: Viewer,
    council: Council,
    form: PersonForm,
    case: CaseToPut | None,
    now: datetime,
) -> HttpResponse:
    """Add somebody whom nobody is like, or about whom it was decided; else show who they may be."""
    found = likely(viewer, council.pk, form.known, now)
    deciding = request.POST.get("act") == "add" and _were_shown(request, found)
    reason = _reason(request, deciding=deciding) if found.needs_reason else None
    decided = not found.anybody or (deciding and (reason is None or reason.is_valid()))
    if decided and form.may_be_kept():
        record = add_although(
            by=viewer,
            council_id=council.pk,
            facts=form.facts,
            found=found.candidates,
            why=reason.cleaned_data["why"] if reason is not None else "",
            source=_TOLD,
            now=now,
        )
        messages.success(request, f"{record.name} is in the register now.")
        return _done(viewer, record, case, now)
    looked_at(by=viewer, records=found.records, why="intake", now=now)
    tell_elsewhere(by=viewer, council_id=council.pk, found=found.candidates, now=now)
    return page(
        request,
        "register/new",
        status=UNPROCESSABLE if deciding or form.errors else 200,
        form=form,
        found=found,
        reason=reason,
        case=case,
        page_errors=error_links(reason) + error_links(form),
    )


def _reason(request: HttpRequest, *, deciding: bool) -> ReasonForm:
    if deciding:
        return ReasonForm(request.POST)
    return ReasonForm(initial={"why": request.POST.get("why", "")})


def _were_shown(request: HttpRequest, found: LikelyPeople) -> bool:
    """Say whether everybody who was found had been shown: whoever was added meanwhile is to be seen first."""
    return set(found.ids.split()) <= set(request.POST.get("shown", "").split())
