"""Forms of steps that come too late: from a browser that is signed out, or signed in anew. What was typed is kept."""

from collections.abc import Callable
from functools import wraps

from allauth.core.internal import ratelimit
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from moothall.identity.errors import TooManyTries
from moothall.identity.models import User
from moothall.look import dates, forgery
from moothall.look.refusals import answer, wants_json
from moothall.workplace import actions, whose
from moothall.workplace.forms.typing import EXPECTED, sent
from moothall.workplace.views.answering import number_of
from moothall.workplace.whose import Whose

# A form keeps itself every two seconds at most; a whole office comes from one address.
_RATES = {"keep_for": "1200/m/ip,40/m/key"}
_LATE = (
    "This page was open for a long time, so for your security we did not take it. What you typed is kept, and stands in"
    " its form below: check it and send it again. If you chose a file, choose it again."
)
_GONE = (
    "This page was open for a long time, so for your security we did not take it. It could not be kept, either: the"
    " step is not yours to do any more."
)
_KEPT = "What you typed is kept. It stands in its form again once you have signed in."
_OTHERS = "That form was made for somebody else. What was typed there is kept for them; they see it once they sign in."
View = Callable[[HttpRequest, str, str], HttpResponseBase]


def losing_nothing(view: View) -> View:
    """Let a form of a step come in late: what is in it is kept for the person it was made for, and for nobody else.

    Hung outside the door, which would send somebody who is signed out away with nothing. A form that cannot be trusted
    is never taken, only kept, and only if its own signed word says whose it is.
    """

    @wraps(view)
    def guarded(request: HttpRequest, reference: str, step: str) -> HttpResponseBase:
        owner = whose.read(request.POST.get("whose", "")) if request.method == "POST" else None
        signed_in = request.user.pk if isinstance(request.user, User) else None
        refused = forgery.refusal(request)
        if refused is None and signed_in is not None and (owner is None or owner.user_id == signed_in):
            return view(request, reference, step)
        if owner is not None and owner.step == step:
            return _keep(request, reference, owner, signed_in)
        if signed_in is None:
            return redirect_to_login(_place(request, reference, step))
        return refused or view(request, reference, step)

    return forgery.gently(guarded)


def place_of(reference: str, step: str) -> str:
    """Return where the form of a step stands."""
    return f"{reverse('workplace:case', args=[reference])}#step-{step}"


def _place(request: HttpRequest, reference: str, step: str) -> str:
    """Return where the form stands that came to this address: the page of the case, or of what somebody asked for."""
    found = request.resolver_match
    if found is not None and found.url_name in {"reply", "keep_reply"}:
        return f"{reverse('workplace:asked_one', args=[reference])}#step-{step}"
    return place_of(reference, step)


def _keep(request: HttpRequest, reference: str, owner: Whose, signed_in: int | None) -> HttpResponseBase:
    """Keep what was typed, and lead to where it will be seen again, by its owner alone."""
    if not ratelimit.consume(
        request, app="moothall.workplace", action="keep_for", config=_RATES, key=str(owner.user_id)
    ):
        return answer(request, TooManyTries())
    now = timezone.now()
    seen = number_of(request.POST.get(f"{owner.step}-{EXPECTED}")) or 0
    kept = actions.keep_for(whose=owner, fields=sent(request.POST, owner.step), seen=seen, now=now)
    place = _place(request, reference, owner.step)
    entrance = redirect_to_login(place)
    if wants_json(request):
        said = (
            f"Kept {dates.time_of_day(now)}, but you are signed out:"
            if kept
            else "Not kept: you are signed out."
        )
        return JsonResponse({"said": said, "link": entrance.url, "link_text": "sign in again to send it"})
    if signed_in is None:
        if kept:
            messages.info(request, _KEPT)
        return entrance
    if signed_in == owner.user_id:
        messages.warning(request, _LATE if kept else _GONE)
    else:
        messages.info(request, _OTHERS)
    return redirect(place if signed_in == owner.user_id else reverse("workplace:home"))
