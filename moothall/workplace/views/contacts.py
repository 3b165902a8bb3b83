"""Contacts: recording one, sorting what came in, and what may be said of one afterwards."""

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from moothall.contacts import actions
from moothall.contacts import rules as contacts
from moothall.contacts.errors import ContactRefused
from moothall.contacts.models import Contact
from moothall.contacts.permissions import Can
from moothall.contacts.queries import sorting
from moothall.contacts.queries.people import Line
from moothall.contacts.queries.seeing import contact_seen
from moothall.councils import gate
from moothall.councils.doors import door
from moothall.councils.rules import Viewer
from moothall.look.forms import error_links
from moothall.messages import queries as mail
from moothall.messages.models import Received
from moothall.messages.permissions import Can as MailCan
from moothall.persons.actions.finding import tell_elsewhere
from moothall.persons.actions.looking import looked_at
from moothall.workplace.forms.contacts import AnswerForm, AsideForm, ContactForm, PutForm
from moothall.workplace.queries import contacts as desks
from moothall.workplace.queries.contacts import Desk
from moothall.workplace.views.answering import UNPROCESSABLE, looking, number_of, page, remember

_CHANNEL = "contact_channel"
_METHODS = ["GET", "HEAD", "POST"]
_TABS = {"": "To sort", "nobody": "Calls of nobody", "aside": "Set aside"}


@door(Can.SORT)
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """Show what came in and waits: mail, and conversations with nobody known; and what was set aside."""
    viewer, now = looking(request)
    tab = request.GET.get("tab", "")
    tab = tab if tab in _TABS else ""
    found = _of_tab(viewer, tab, now)
    several = len({each.council_id for each in found}) > 1
    sorts_mail = gate.anywhere(viewer, MailCan.SORT)
    return page(
        request,
        "contacts",
        found=found,
        letters=_letters(viewer, tab) if sorts_mail else (),
        tabs=list(_TABS.items()),
        tab=tab,
        several=several,
        asides=Contact.Aside.choices,
        now=now,
    )


def _of_tab(viewer: Viewer, tab: str, now: datetime) -> list[Line]:
    if tab == "nobody":
        return sorting.of_nobody(viewer, now)
    return sorting.aside(viewer, now) if tab else sorting.waiting(viewer)


def _letters(viewer: Viewer, tab: str) -> Sequence[Received]:
    """Return the letters that never became a contact: those that wait, or were set aside."""
    if tab == "nobody":
        return ()
    return mail.waiting(viewer, state=Received.State.SET_ASIDE if tab else Received.State.WAITING)


@door(Can.RECORD)
@require_http_methods(_METHODS)
def new(request: HttpRequest) -> HttpResponse:
    """Record a contact with somebody who gives no name, or is not in the register."""
    return _record(request, "")


@door(Can.RECORD)
@require_http_methods(_METHODS)
def with_person(request: HttpRequest, person: str) -> HttpResponse:
    """Record a contact with a person; who looked is on record."""
    return _record(request, person)


def _record(request: HttpRequest, reference: str) -> HttpResponse:
    viewer, now = looking(request)
    desk = desks.desk(viewer, now, reference)
    form = ContactForm(
        request.POST if request.method == "POST" else None,
        now=now,
        desk=desk,
        begin={
            "channel": request.session.get(_CHANNEL, ""),
            "outcome": request.GET.get("outcome", ""),
            "phone": contacts.shown(desk.whom.phone) if desk.whom else "",
        },
    )
    refused: list[tuple[str, str]] = []
    if form.is_bound and form.is_valid():
        remember(request, _CHANNEL, form.cleaned_data["channel"])
        try:
            made = _keep(viewer, desk, form, request)
        except ContactRefused as error:
            refused = _complain(error, form)
        else:
            return _onwards(request, desk, made)
    if desk.whom is not None:
        looked_at(by=viewer, records=desk.whom.records, why="contact", now=now)
    return page(
        request,
        "contact_new",
        status=UNPROCESSABLE if form.is_bound else 200,
        desk=desk,
        form=form,
        may_sort=gate.anywhere(viewer, Can.SORT),
        page_errors=[*refused, *error_links(form)],
        now=now,
    )


def _keep(viewer: Viewer, desk: Desk, form: ContactForm, request: HttpRequest) -> Contact:
    """Record what the form says: a contact, or a call-back with its contact."""
    _, now = looking(request)
    given = form.cleaned_data
    council = desk.council(given["council"])
    record = desk.whom.record_at(council.pk) if desk.whom else None
    if given["outcome"] == Contact.Outcome.CALL_BACK:
        return actions.promise(
            by=viewer,
            council_id=council.pk,
            record_id=record.pk if record else None,
            phone=given["phone"] or given["address"],
            at=given["call_at"],
            about=given["summary"],
            now=now,
            submission=given["submission"],
            given_name=given["given_name"],
            case_id=form.case_id,
            channel=given["channel"],
            service=form.service,
            avoidable=given["avoidable"],
            seconds=form.seconds,
        ).contact
    return actions.record_contact(
        by=viewer,
        council_id=council.pk,
        channel=given["channel"],
        direction=given["direction"],
        at=now,
        outcome=given["outcome"],
        submission=given["submission"],
        now=now,
        record_id=record.pk if record else None,
        case_id=form.case_id,
        address=given["address"],
        given_name=given["given_name"],
        about=form.service,
        summary=given["summary"],
        resolved=given["resolved"],
        avoidable=given["avoidable"],
        seconds=form.seconds,
    )


def _complain(error: ContactRefused, form: ContactForm) -> list[tuple[str, str]]:
    """Say what is wrong at the question it is about; what is about none stands at the top."""
    homeless: list[tuple[str, str]] = []
    for key, sentences in (error.fields or {"": [error.sentence]}).items():
        name = {"call_at": "time", "case": "about"}.get(key, key)
        for sentence in sentences:
            if name in form.fields:
                form.add_error(name, sentence)
            else:
                homeless.append((sentence, ""))
    return homeless


def _onwards(request: HttpRequest, desk: Desk, made: Contact) -> HttpResponse:
    """Go on where the adviser goes on: to a request for them, back to the person, or to the contact."""
    if request.POST.get("then") == "request":
        query = f"?contact={made.pk}" + (f"&person={desk.whom.reference}" if desk.whom else "")
        return redirect(reverse("workplace:raise") + query)
    call = made.outcome == Contact.Outcome.CALL_BACK
    messages.success(request, "The call-back is promised." if call else "The contact is recorded.")
    if desk.whom is not None:
        return redirect("workplace:register_person", desk.whom.reference)
    return redirect("workplace:contact", made.pk)


@door(Can.SEE)
@require_safe
def contact(request: HttpRequest, number: int) -> HttpResponse:
    """Show one contact, and to whoever may sort it whose it may be."""
    return _show(request, number)


def _show(
    request: HttpRequest,
    number: int,
    *,
    put: PutForm | None = None,
    aside: AsideForm | None = None,
    status: int = 200,
) -> HttpResponse:
    viewer, now = looking(request)
    found = sorting.contact_file(viewer, number, now)
    looked_at(by=viewer, records=found.records, why="intake", now=now)
    tell_elsewhere(by=viewer, council_id=found.contact.council_id, found=found.register, now=now)
    return page(
        request,
        "contact",
        status=status,
        found=found,
        contact=found.contact,
        line=found.line,
        put=put or PutForm(),
        aside=aside or AsideForm(),
        reasons=Contact.Avoidable.choices,
        may_see_mail=gate.may(viewer, MailCan.SEE, found.contact.council_id),
        page_errors=[*error_links(put), *error_links(aside)],
        now=now,
    )


@door(Can.SORT)
@require_POST
def put(request: HttpRequest, number: int) -> HttpResponse:
    """Put a contact to a person or a case: one that was suggested, or by its reference."""
    viewer, now = looking(request)
    contact_seen(viewer, number, Can.SORT)
    record_id, case_id = number_of(request.POST.get("record")), number_of(request.POST.get("case"))
    if record_id is None and case_id is None:
        form = PutForm(request.POST)
        meant, why = desks.meant_or_why(viewer, form.cleaned_data["to"]) if form.is_valid() else (None, "")
        if meant is None:
            if why:
                form.add_error("to", why)
            return _show(request, number, put=form, status=UNPROCESSABLE)
        record_id, case_id = meant.record_id, meant.case_id
    actions.put_to(by=viewer, contact_id=number, record_id=record_id, case_id=case_id, now=now)
    messages.success(request, "It is put there.")
    return redirect("workplace:contact", number)


@door(Can.RECORD)
@require_POST
def avoidable(request: HttpRequest, number: int) -> HttpResponse:
    """Mark a contact as avoidable by a tap, or take that back."""
    viewer, now = looking(request)
    reason = request.POST.get("reason", "")
    if reason and reason not in Contact.Avoidable.values:
        return redirect("workplace:contact", number)
    actions.mark_avoidable(by=viewer, contact_id=number, reason=reason, now=now)
    messages.success(request, "It is marked as avoidable." if reason else "The mark is taken away.")
    return redirect("workplace:contact", number)


@door(Can.RECORD)
@require_POST
def settled(request: HttpRequest, number: int) -> HttpResponse:
    """Say whether a contact settled its matter; what waited is answered with that."""
    viewer, now = looking(request)
    found = contact_seen(viewer, number, Can.RECORD)
    waits = found.outcome == Contact.Outcome.WAITING
    actions.settle(
        by=viewer,
        contact_id=number,
        resolved=request.POST.get("settled") == "yes",
        outcome=Contact.Outcome.ANSWERED if waits else "",
        now=now,
    )
    messages.success(request, "That is recorded.")
    return redirect("workplace:contact", number)


@door(Can.SORT)
@require_POST
def aside(request: HttpRequest, number: int) -> HttpResponse:
    """Set aside what needs nothing, and go on with the queue."""
    viewer, now = looking(request)
    form = AsideForm(request.POST)
    if not form.is_valid():
        return _show(request, number, aside=form, status=UNPROCESSABLE)
    actions.set_aside(by=viewer, contact_id=number, reason=form.cleaned_data["reason"], now=now)
    messages.success(request, "It is set aside.")
    return redirect("workplace:contacts")


@door(Can.SORT)
@require_http_methods(_METHODS)
def answer(request: HttpRequest, number: int) -> HttpResponse:
    """Answer a contact by email."""
    viewer, now = looking(request)
    found = sorting.contact_file(viewer, number, now)
    contact_seen(viewer, number, Can.SORT)
    subject = contacts.answered_subject(found.line.summary.partition("\n")[0][:150])
    begin = {"subject": subject, "submission": uuid4().hex}
    form = AnswerForm(request.POST if request.method == "POST" else None, initial=begin)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        actions.answer(
            by=viewer,
            contact_id=number,
            subject=given["subject"],
            text=given["text"],
            submission=given["submission"],
            now=now,
        )
        messages.success(request, "Your answer is on its way.")
        return redirect("workplace:contact", number)
    status = UNPROCESSABLE if form.is_bound else 200
    return page(
        request, "contact_answer", status=status, found=found, contact=found.contact, form=form, now=now
    )
