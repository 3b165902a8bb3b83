"""Raising a request for somebody on the phone, at the counter, or who wrote."""

from datetime import datetime
from urllib.parse import urlencode
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from moothall.councils import gate
from moothall.councils.doors import door
from moothall.look.forms import error_links
from moothall.persons.actions.looking import looked_at
from moothall.persons.permissions import Can as PersonsCan
from moothall.plain.errors import Invalid
from moothall.process.errors import NotYet
from moothall.process.forms import AnswersForm
from moothall.requests.permissions import Can
from moothall.requests.queries import Offer
from moothall.workplace import actions
from moothall.workplace.forms.raising import ContactForm
from moothall.workplace.queries import raising
from moothall.workplace.queries.people.prefilling import ForWhom, for_whom
from moothall.workplace.views.answering import UNPROCESSABLE, looking, number_of, page


@door(Can.RAISE)
@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """Choose what the request is about, and for which council."""
    viewer, now = looking(request)
    reference = _named(request)
    whom = for_whom(viewer, reference, now) if reference else None
    kept = {key: value for key in ("person", "contact") if (value := request.GET.get(key))}
    may_find = gate.anywhere(viewer, PersonsCan.SEARCH)
    return page(
        request,
        "raise_choose",
        counters=raising.counters(viewer),
        whom=whom,
        may_find=may_find,
        kept=urlencode(kept),
    )


@door(Can.RAISE)
@require_http_methods(["GET", "HEAD", "POST"])
def fill(request: HttpRequest, code: str, service: str) -> HttpResponse:
    """Ask all questions of a service on one page, and how the person can be reached."""
    viewer, now = looking(request)
    council, offer = raising.offered(viewer, code, service)
    reference = _named(request)
    whom = for_whom(viewer, reference, now, council, offer.definition) if reference else None
    answers, contact = _forms(request, offer, whom, now)
    refused: list[tuple[str, str]] = []
    good = answers.is_valid() and contact.is_valid()
    kept = answers.keep_files() if good else {}
    if good and not answers.errors:
        try:
            sent = actions.raise_for_person(
                by=viewer,
                council=council,
                service=service,
                answers={key: value for key, value in answers.answers(kept).items() if value is not None},
                files=kept,
                contact=contact.given(),
                channel=contact.cleaned_data["channel"],
                submission=contact.cleaned_data["submission"],
                record_id=whom.record_id if whom else None,
                contact_id=number_of(request.GET.get("contact")),
                now=now,
            )
        except Invalid as error:
            refused = _complain(error, answers, contact)
        except NotYet as error:
            refused = [(reason, "") for reason in error.reasons]
        else:
            messages.success(request, f"The request is made. The reference is {sent.reference}.")
            return redirect("workplace:case", sent.reference)
    if whom is not None:
        looked_at(by=viewer, records=whom.records, why="request", now=now)
    return page(
        request,
        "raise_fill",
        status=UNPROCESSABLE if contact.is_bound else 200,
        council=council,
        offer=offer,
        answers=answers,
        contact=contact,
        whom=whom,
        kept=request.GET.urlencode(),
        page_errors=[*refused, *error_links(answers), *error_links(contact)],
    )


def _forms(
    request: HttpRequest, offer: Offer, whom: ForWhom | None, now: datetime
) -> tuple[AnswersForm, ContactForm]:
    """Return the questions of a service and how the person can be reached, with what is known of them filled in."""
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    answers = AnswersForm(
        data,
        files,
        definition=offer.definition,
        keys=offer.definition.first.ask,
        known={"now": now},
        held=whom.answers if whom else None,
    )
    answers.one_question = False
    begin = {"submission": uuid4().hex, "channel": "phone"}
    known = whom.contact if whom else {}
    contact = ContactForm(data, needed=offer.service.contact, initial={**begin, **known})
    if whom is not None:
        _say_from_where(whom, answers, contact)
    return answers, contact


def _named(request: HttpRequest) -> str:
    """Return the reference of the person that the address names, who the form is for."""
    return request.GET.get("person", "").replace("\0", "")


def _say_from_where(whom: ForWhom, answers: AnswersForm, contact: ContactForm) -> None:
    """Say at each answer that is filled in where the register has it from."""
    for key, words in whom.receipts.items():
        place, _, name = key.rpartition(":")
        form = contact if place else answers
        if name in form.fields:
            form.fields[name].help_text = f"{form.fields[name].help_text} {words}".strip()


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
