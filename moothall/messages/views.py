"""The demonstration's mailbox: every letter the house sent, for everybody to read. Elsewhere it does not exist."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from moothall.councils.doors import public
from moothall.messages import queries
from moothall.messages.models import KeptMail
from moothall.plain.errors import NotFound


def _only_in_the_demonstration() -> None:
    if not settings.DEMO:
        raise NotFound(what="page")


@public
@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """Show the newest letters, to one address or to all."""
    _only_in_the_demonstration()
    to = request.GET.get("to", "").replace("\x00", "").strip()[:320]
    facts = {"letters": queries.kept_mail(to), "to": to, "most": queries.SHOWN}
    return render(request, "messages/mailbox.html", facts)


@public
@require_safe
def letter(request: HttpRequest, number: int) -> HttpResponse:
    """Show one letter."""
    _only_in_the_demonstration()
    found = KeptMail.objects.filter(pk=number).first()
    if found is None:
        raise NotFound(what="letter")
    paragraphs = [part.split("\n") for part in found.body.split("\n\n") if part.strip()]
    return render(request, "messages/letter.html", {"letter": found, "paragraphs": paragraphs})
