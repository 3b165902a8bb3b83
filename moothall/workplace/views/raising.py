"""Raising a request for somebody on the phone, at the counter, or who wrote."""

from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from moothall.councils.doors import door
from moothall.look.forms import error_links
from moothall.plain.errors import Invalid
from moothall.process.errors import NotYet
from moothall.process.forms import AnswersForm
from moothall.requests import actions as requests
from moothall.requests.permissions import Can
from moothall.workplace.forms.raising import ContactForm
from moothall.workplace.queries import raising
from moothall.workplace.views.answering import looking, page

UNPROCESSABLE = 422


@door(Can.RAISE)
@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """Choose what the request is about, and for which council."""
    viewer, _ = looking(request)
    return page(request, "raise_choose", counters=raising.counters(viewer))


@door(Can.RAISE)
@require_http_methods(["GET", "HEAD", "POST"])
def fill(request: HttpRequest, code: str, service: str) -> HttpResponse:
    """Ask all questions of a service on one page, and how the person can be reached."""
    viewer, now = looking(request)
    council, offer = raising.offered(viewer, code, service)
    definition = offer.definition
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    answers = AnswersForm(data, files, definition=definition, keys=definition.first.ask, known={"now": now})
    answers.one_question = False
    contact = ContactForm(
        data, needed=offer.service.contact, initial={"submission": uuid4().hex, "channel": "phone"}
    )
    refused: list[tuple[str, str]] = []
    good = answers.is_valid() and contact.is_valid()
    kept = answers.keep_files() if good else {}
    if good and not answers.errors:
        try:
            sent = requests.raise_for_resident(
                by=viewer,
                council=council,
                service=service,
                answers={key: value for key, value in answers.answers(kept).items() if value is not None},
                files=kept,
                contact=contact.given(),
                channel=contact.cleaned_data["channel"],
                submission=contact.cleaned_data["submission"],
                now=now,
            )
        except Invalid as error:
            refused = _complain(error, answers, contact)
        except NotYet as error:
            refused = [(reason, "") for reason in error.reasons]
        else:
            messages.success(request, f"The request is made. The reference is {sent.reference}.")
            return redirect("workplace:case", sent.reference)
    return page(
        request,
        "raise_fill",
        status=200 if data is None else UNPROCESSABLE,
        council=council,
        offer=offer,
        answers=answers,
        contact=contact,
        page_errors=[*refused, *error_links(answers), *error_links(contact)],
    )


def _complain(error: Invalid, answers: AnswersForm, contact: ContactForm) -> list[tuple[str, str]]:
    """Say what is wrong at the question it is about; what is about none stands at the top."""
    homeless: list[tuple[str, str]] = []
    for key, sentences in (error.fields or {"": [error.sentence]}).items():
        form = next((each for each in (answers, contact) if key in each.fields), None)
        for sentence in sentences:
            if form is None:
                homeless.append((sentence, ""))
            else:
                form.add_error(key, sentence)
    return homeless
