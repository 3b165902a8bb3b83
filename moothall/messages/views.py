"""Where letters are handed over; and the demonstration's mailbox, which exists nowhere else."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from moothall.councils import scope
from moothall.councils.doors import public
from moothall.councils.models import Council
from moothall.messages import actions, dropping, queries
from moothall.messages.errors import NotSigned
from moothall.messages.forms import WriteForm
from moothall.messages.models import KeptMail
from moothall.messages.rules import signed_at
from moothall.plain.errors import NotFound, TooLarge

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
SIGNATURE = "X-Moothall-Signature"
UNPROCESSABLE = 422


def _only_in_the_demonstration(view: View[P]) -> View[P]:
    """Show a page in the demonstration, where everybody is made up and sees all mail; elsewhere there is none."""

    @wraps(view)
    def shown(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not settings.DEMO:
            raise NotFound(what="page")
        with scope.everything("all mail of the demonstration is for everybody to read"):
            return view(request, *args, **kwargs)

    return shown


@csrf_exempt
@public
@require_POST
def take(request: HttpRequest, number: int) -> HttpResponse:
    """Take a letter (RFC 5322, as it is) for a mailbox. The signature is the lock; 202 is said once it is kept."""
    header = request.headers.get(SIGNATURE, "")
    if signed_at(header) is None:
        raise NotSigned
    limit: int = settings.MAIL_IN_LIMIT
    body = request.read(limit + 1)
    if len(body) > limit:
        raise TooLarge(limit=f"{limit // 2**20} MB")
    now = timezone.now()
    mailbox = queries.signed_mailbox(number, header, body, now)
    with scope.only([mailbox.council_id]):
        received = actions.keep(mailbox=mailbox, raw=body, now=now)
    return JsonResponse({"id": received.pk}, status=202)


@public
@require_safe
@_only_in_the_demonstration
def mailbox(request: HttpRequest) -> HttpResponse:
    """Show the newest letters, to one address or to all."""
    to = request.GET.get("to", "").replace("\x00", "").strip()[:320]
    facts = {"letters": queries.kept_mail(to), "to": to, "most": queries.SHOWN}
    return render(request, "messages/mailbox.html", facts)


@public
@require_safe
@_only_in_the_demonstration
def letter(request: HttpRequest, number: int) -> HttpResponse:
    """Show one letter."""
    found = _kept(number)
    paragraphs = [part.split("\n") for part in found.body.split("\n\n") if part.strip()]
    facts = {"letter": found, "paragraphs": paragraphs, "council": dropping.writer_of(found)}
    return render(request, "messages/letter.html", facts)


@public
@require_http_methods(["GET", "HEAD", "POST"])
@_only_in_the_demonstration
def write(request: HttpRequest) -> HttpResponse:
    """Write to a council, or answer a letter of it; what is written arrives in its mailbox."""
    councils = list(Council.objects.order_by("name"))
    data = request.POST if request.method == "POST" else None
    form = WriteForm(data, councils=councils, initial=_begun(request.GET.get("answer", "")))
    if form.is_valid():
        given = form.cleaned_data
        council = next(each for each in councils if each.code == given["council"])
        written = dropping.Dropped(
            given["sender"], given["name"], given["subject"], given["text"], given["answers"]
        )
        dropping.drop(council, written, timezone.now())
        messages.success(request, f"Your letter is in the mailbox of {council.name}.")
        return redirect("mail:mailbox")
    return render(
        request, "messages/write.html", {"form": form}, status=200 if data is None else UNPROCESSABLE
    )


def _begun(number: str) -> dict[str, str]:
    """Return how an answer to a kept letter begins."""
    if not (number.isascii() and number.isdigit() and len(number) < 19):  # noqa: PLR2004  what both databases count to
        return {}
    found = _kept(int(number))
    council = dropping.writer_of(found)
    quoted = "\n".join(f"> {line}" for line in found.body.splitlines())
    return {
        "council": council.code if council else "",
        "sender": found.to.partition(",")[0],
        "subject": found.subject if found.subject.lower().startswith("re:") else f"Re: {found.subject}",
        "text": f"\n\nOn {found.at:%d %B %Y}, {found.sender} wrote:\n{quoted}",
        "answers": found.message_id,
    }


def _kept(number: int) -> KeptMail:
    found = KeptMail.objects.filter(pk=number).first()
    if found is None:
        raise NotFound(what="letter")
    return found
