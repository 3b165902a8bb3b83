"""Who asks, what they said, and sending it."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from moothall.councils.doors import public
from moothall.councils.middleware import viewer_of
from moothall.identity.models import User
from moothall.look import forgery
from moothall.portal import holding, limits
from moothall.portal.forms import ContactForm
from moothall.portal.views.applying import CHECKING
from moothall.portal.visit import Visit, council_here, visit
from moothall.process.errors import AnswersRefused, NotYet
from moothall.process.kinds import words
from moothall.requests import actions, queries, rules
from moothall.requests.errors import ContactRefused, NotComplete


@forgery.gently
@public
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest, council: str, service: str) -> HttpResponseBase:
    """Ask who is asking, as far as the service needs to know."""
    found = visit(request, service)
    if found is None or found.draft is None:
        return redirect("portal:start", council, service)
    if rules.first_open(found.questions) or not found.needs_contact:
        return redirect(found.next_page)
    form = ContactForm(
        request.POST if request.method == "POST" else None,
        needed=found.service.contact,
        initial=_known(request, found),
    )
    forged = forgery.is_forged(request)
    if request.method == "POST" and form.is_valid() and not forged:
        try:
            actions.give_contact(
                by=found.viewer,
                council=found.council,
                service=service,
                draft_id=found.draft.pk,
                raw=form.cleaned_data,
                now=found.now,
            )
        except ContactRefused as error:
            form.complain(error.fields)
        else:
            return redirect(found.address("check"))
    return render(
        request,
        "portal/contact.html",
        {
            "service": found.service,
            "form": form,
            "prefilled": isinstance(request.user, User) and not found.draft.contact,
            "back": found.address("check") if CHECKING in request.GET else found.last_question,
            "notice": forgery.SHOWN_AGAIN if forged else "",
        },
        status=422 if form.is_bound and form.errors else 200,
    )


def _known(request: HttpRequest, found: Visit) -> dict[str, str]:
    if found.draft is not None and found.draft.contact:
        return dict(found.draft.contact)
    if isinstance(request.user, User):
        return {"name": request.user.name, "email": request.user.email, "prefers": "email"}
    return {}


@forgery.gently
@public
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, council: str, service: str) -> HttpResponseBase:
    """Show every answer once more, and take the request when it is sent."""
    if request.method == "POST" and _was_sent(request, service):
        return redirect("portal:sent", council, service)
    found = visit(request, service)
    if found is None or found.draft is None:
        return redirect("portal:start", council, service)
    if found.next_page != found.address("check"):
        return redirect(found.next_page)
    return _send(request, found) if request.method == "POST" else _show(request, found, [])


def _send(request: HttpRequest, found: Visit) -> HttpResponseBase:
    assert found.draft is not None
    if forgery.is_forged(request):
        return _show(request, found, [], forgery.SHOWN_AGAIN)
    limits.sending(request, found.draft.contact.get("email", ""))
    try:
        actions.submit(
            by=found.viewer, council=found.council, service=found.key, draft_id=found.draft.pk, now=found.now
        )
    except NotYet as error:
        return _show(request, found, error.reasons)
    except (AnswersRefused, NotComplete) as error:
        return _show(request, found, _sentences(found, error.fields))
    return redirect(found.address("sent"))


def _was_sent(request: HttpRequest, service: str) -> bool:
    """Say whether the request was made a moment ago, and the form comes a second time."""
    here = council_here(request)
    draft = queries.draft(viewer_of(request), here, holding.held(request, here, service))
    return draft is not None and draft.request_id is not None


def _sentences(found: Visit, wrong: dict[str, list[str]]) -> list[str]:
    fields = found.definition.fields
    return [f"{fields[key].name}: {text}" for key, texts in wrong.items() for text in texts]


def _show(request: HttpRequest, found: Visit, wrong: list[str], notice: str = "") -> HttpResponse:
    rows = [
        (each.field.name, each.words, f"{found.address('question', each.key)}?{CHECKING}=1")
        for each in found.questions
    ]
    person = found.draft.contact if found.draft else {}
    who = [
        (field.label or field.ask, words(field, person[field.key]))
        for field in (rules.NAME, rules.EMAIL, rules.PHONE)
        if person.get(field.key)
    ]
    return render(
        request,
        "portal/check.html",
        {
            "service": found.service,
            "rows": rows,
            "who": who,
            "needs_contact": found.needs_contact,
            "contact_url": f"{found.address('contact')}?{CHECKING}=1",
            "back": found.address("contact") if found.needs_contact else found.last_question,
            "page_errors": [(text, "") for text in wrong],
            "notice": notice,
            "council": found.council,
        },
        status=422 if wrong else 200,
    )


@public
@require_safe
def sent(request: HttpRequest, council: str, service: str) -> HttpResponse:
    """Confirm a request: its reference, what happens next and by when, and the link to follow it."""
    del council
    here, viewer = council_here(request), viewer_of(request)
    done = queries.confirmed(viewer, here, holding.held(request, here, service), timezone.now())
    return render(request, "portal/sent.html", {"done": done, "council": here})
