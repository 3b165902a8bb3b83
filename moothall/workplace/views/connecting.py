"""Letters by which people connect their account with their record, and ending such a connection."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from moothall.councils.doors import door
from moothall.persons.actions.connecting import addressed, end_connection, make_letter
from moothall.persons.actions.looking import looked_at
from moothall.persons.permissions import Can
from moothall.plain.errors import NotFound
from moothall.workplace.forms.connecting import LetterForm
from moothall.workplace.queries.connecting import connectable
from moothall.workplace.views.answering import UNPROCESSABLE, looking, number_of, page

_METHODS = ["GET", "HEAD", "POST"]


@door(Can.CONNECT)
@never_cache
@require_http_methods(_METHODS)
def letter(request: HttpRequest, person: str) -> HttpResponse:
    """Make a letter with a code, and show it once, to be printed."""
    viewer, now = looking(request)
    found = connectable(viewer, person, writing=True)
    form = LetterForm(request.POST if request.method == "POST" else None, records=found.records)
    if form.is_bound and form.is_valid():
        record = found.record(form.cleaned_data.get("record", ""))
        made = make_letter(by=viewer, record_id=record.pk, now=now)
        looked_at(by=viewer, records=[record], why="print", now=now)
        site = f"{settings.PUBLIC_URL}{reverse('portal:details', args=[made.council.code])}"
        return page(request, "connect_letter", found=found, letter=made, site=site)
    to = addressed(found.records[0], timezone.localdate(now)) if len(found.records) == 1 else None
    looked_at(by=viewer, records=found.records, why="letter", now=now)
    return page(
        request,
        "connect",
        status=UNPROCESSABLE if form.is_bound else 200,
        found=found,
        form=form,
        to=to,
    )


@door(Can.CONNECT)
@never_cache
@require_http_methods(_METHODS)
def end(request: HttpRequest, person: str) -> HttpResponse:
    """Show which accounts are connected with a person's records, and end such a connection."""
    viewer, now = looking(request)
    found = connectable(viewer, person)
    if request.method == "POST":
        number = number_of(request.POST.get("connection"))
        if number not in {each.id for each in found.connected if each.may_end} or number is None:
            raise NotFound(what="connection")
        end_connection(by=viewer, connection_id=number, now=now)
        messages.success(request, "The account is not connected any more.")
        return redirect("workplace:register_connection", found.reference)
    looked_at(by=viewer, records=found.records, why="connection", now=now)
    return page(request, "connect_end", found=found)
