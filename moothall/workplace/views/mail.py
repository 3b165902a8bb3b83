"""Mail that could not be read or filed: read again, set aside, or taken away as it came."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from moothall.contacts.models import Contact
from moothall.councils.doors import door
from moothall.messages import actions, queries
from moothall.messages.permissions import Can
from moothall.workplace.views.answering import looking


@door(Can.SORT)
@require_POST
def again(request: HttpRequest, number: int) -> HttpResponse:
    """Read a letter once more from the beginning."""
    viewer, now = looking(request)
    actions.process_again(by=viewer, received_id=number, now=now)
    messages.success(request, "The letter is read again in a moment.")
    return redirect("workplace:contacts")


@door(Can.SORT)
@require_POST
def aside(request: HttpRequest, number: int) -> HttpResponse:
    """Set a letter aside for one of a few reasons; it stays kept as it came."""
    viewer, now = looking(request)
    reason = request.POST.get("reason", "")
    words = str(Contact.Aside(reason).label) if reason in Contact.Aside.values else ""
    actions.set_aside(by=viewer, received_id=number, reason=words, now=now)
    messages.success(request, "The letter is set aside.")
    return redirect("workplace:contacts")


@door(Can.SEE)
@require_safe
def original(request: HttpRequest, number: int) -> HttpResponse:
    """Give a letter byte for byte as it came, to be kept and not to be opened here."""
    viewer, _ = looking(request)
    response = HttpResponse(queries.raw(viewer, number), content_type="message/rfc822")
    response["Content-Disposition"] = f'attachment; filename="letter-{number}.eml"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
