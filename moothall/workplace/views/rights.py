"""Answering what people ask under data protection law: for data protection officers, and for auditors to read."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from moothall.councils.doors import door
from moothall.councils.rules import Viewer
from moothall.look.forms import error_links
from moothall.persons.actions import retaining, rights
from moothall.persons.actions.erasing import KEPT, erase
from moothall.persons.actions.looking import looked_at
from moothall.persons.errors import NoSuchPerson
from moothall.persons.permissions import Can
from moothall.persons.queries import retention
from moothall.persons.queries import rights as reading
from moothall.persons.queries.exporting import THIRD
from moothall.persons.queries.people import person_file
from moothall.persons.queries.records import locked
from moothall.persons.queries.rights import HeldRight, RightsFile
from moothall.persons.rules.facts import KINDS, said
from moothall.persons.rules.retention import RULES
from moothall.plain.errors import Invalid
from moothall.workplace.forms.rights import (
    AskForm,
    EraseForm,
    HoldForm,
    KeepForm,
    ProposeForm,
    RectifyForm,
    RestrictForm,
)
from moothall.workplace.queries.people.changing import Changeable, fact_of, teams_of
from moothall.workplace.views.answering import UNPROCESSABLE, looking, page

READING = ("GET", "HEAD")


@dataclass(frozen=True, slots=True)
class Act:
    """What a page of one decision says: its heading, what to know before, and its button."""

    title: str
    about: str
    button: str
    kind: str = ""


_ASK = Act(
    "Take a request",
    "It becomes a case that is answered within one month. The person need not say which right it is, nor use a form.",
    "Take the request",
)
_RESTRICT = Act(
    "Restrict this record",
    "The council may keep it and read it, and not change it, match it or use it otherwise, until the restriction ends.",
    "Restrict the record",
    "warning",
)
_HOLD = Act(
    "Set a legal hold",
    "While it stands, nobody can destroy this record, whatever the schedule says.",
    "Set the hold",
)
_ERASE = Act(
    "Erase this record",
    "All that this council holds on it is destroyed, in every part of Moothall. What other councils hold stays.",
    "Erase the record",
    "warning",
)
_KEEP = Act("Keep this record longer", "It comes back to the list on the day after.", "Keep it")
_PROPOSE = Act(
    "Propose to destroy this record",
    "Its time is up. Somebody else has to confirm it before anything is destroyed.",
    "Propose it",
    "warning",
)


def _one(viewer: Viewer, person: str, record: int, request: HttpRequest) -> tuple[RightsFile, HeldRight]:
    """Return a person with one record of theirs that is open to the viewer; who looked is on record."""
    now = timezone.now()
    found = reading.rights_file(viewer, person, now)
    held = next((each for each in found.held if each.record.pk == record), None)
    if held is None:
        raise NoSuchPerson
    if not held.is_open:
        raise locked(held.record)
    if request.method in READING:
        looked_at(by=viewer, records=[held.record], why="rights", now=now)
    return found, held


def _decide(
    request: HttpRequest,
    found: RightsFile,
    held: HeldRight,
    act: Act,
    form: forms.Form,
    do: Callable[[dict[str, Any]], HttpResponse],
) -> HttpResponse:
    """Show the form of a decision, or take it; what the register refuses stands at its question."""
    if form.is_bound and form.is_valid():
        try:
            return do(form.cleaned_data)
        except Invalid as error:
            for key, sentences in (error.fields or {"": [error.sentence]}).items():
                for sentence in sentences:
                    form.add_error(key if key in form.fields else None, sentence.removesuffix("."))
    return page(
        request,
        "rights_act",
        status=UNPROCESSABLE if form.is_bound else 200,
        found=found,
        held=held,
        act=act,
        form=form,
        page_errors=error_links(form),
    )


def _sent(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _back(found: RightsFile) -> HttpResponse:
    return redirect("workplace:rights", found.reference)


@door(Can.SEE_RIGHTS)
@require_safe
def file(request: HttpRequest, person: str) -> HttpResponse:
    """Show what may be done for a person under data protection law, council by council."""
    viewer, now = looking(request)
    found = reading.rights_file(viewer, person, now)
    looked_at(by=viewer, records=[each.record for each in found.held if each.is_open], why="rights", now=now)
    return page(request, "rights", found=found, facts=_facts(viewer, found, now), now=now)


def _facts(viewer: Viewer, found: RightsFile, now: datetime) -> dict[int, list[tuple[str, str, int]]]:
    """Return what is in force on each record, as people read it, with the number of the fact."""
    facts: dict[int, list[tuple[str, str, int]]] = {}
    for values in person_file(viewer, found.reference, now).values.values():
        for value in values:
            title = KINDS[value.fact.kind].title
            facts.setdefault(value.fact.record_id, []).append((title, value.words, value.fact.pk))
    return facts


@door(Can.EXERCISE)
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, person: str, record: int) -> HttpResponse:
    """Take a request of the person, as a case with its month."""
    viewer, now = looking(request)
    found, held = _one(viewer, person, record, request)

    def do(given: dict[str, Any]) -> HttpResponse:
        case = rights.ask(by=viewer, record_id=record, now=now, **given)
        messages.success(request, f"The request is taken. The reference is {case.reference}.")
        return _back(found)

    return _decide(request, found, held, _ASK, AskForm(_sent(request), today=timezone.localdate(now)), do)


@door(Can.EXERCISE)
@require_http_methods(["GET", "HEAD", "POST"])
def restrict(request: HttpRequest, person: str, record: int) -> HttpResponse:
    """Restrict the use of a record."""
    viewer, now = looking(request)
    found, held = _one(viewer, person, record, request)

    def do(given: dict[str, Any]) -> HttpResponse:
        rights.restrict(by=viewer, record_id=record, now=now, **given)
        messages.success(request, "The record is restricted.")
        return _back(found)

    return _decide(request, found, held, _RESTRICT, RestrictForm(_sent(request)), do)


@door(Can.EXERCISE)
@require_POST
def unrestrict(request: HttpRequest, person: str, record: int) -> HttpResponse:
    """End a restriction."""
    viewer, now = looking(request)
    found, _ = _one(viewer, person, record, request)
    rights.end_restriction(by=viewer, record_id=record, now=now)
    messages.success(request, "The restriction has ended. Tell the person, if you have not yet.")
    return _back(found)


@door(Can.EXERCISE)
@require_http_methods(["GET", "HEAD", "POST"])
def hold(request: HttpRequest, person: str, record: int) -> HttpResponse:
    """Set a legal hold."""
    viewer, now = looking(request)
    found, held = _one(viewer, person, record, request)

    def do(given: dict[str, Any]) -> HttpResponse:
        retaining.hold(by=viewer, record_id=record, now=now, **given)
        messages.success(request, "The hold is set. Nobody can destroy this record.")
        return _back(found)

    return _decide(request, found, held, _HOLD, HoldForm(_sent(request)), do)


@door(Can.EXERCISE)
@require_POST
def unhold(request: HttpRequest, person: str, record: int) -> HttpResponse:
    """Lift a legal hold."""
    viewer, now = looking(request)
    found, _ = _one(viewer, person, record, request)
    retaining.lift_hold(by=viewer, record_id=record, now=now)
    messages.success(request, "The hold is lifted.")
    return _back(found)


@door(Can.EXERCISE)
@require_http_methods(["GET", "HEAD", "POST"])
def rectify(request: HttpRequest, person: str, record: int, number: int) -> HttpResponse:
    """Put right what the person says is wrong, and show whom to tell."""
    viewer, now = looking(request)
    found, held = _one(viewer, person, record, request)
    _, fact = fact_of(viewer, Changeable(found.reference, found.name, [held.record]), number)
    kind = KINDS[fact.kind]
    form = RectifyForm(
        _sent(request),
        kind=kind,
        teams=teams_of([held.record.council_id]) if kind.circled else (),
        today=timezone.localdate(now),
        held=fact,
    )

    def do(_: dict[str, Any]) -> HttpResponse:
        assert form.fact is not None
        done = rights.rectify(
            by=viewer, record_id=record, fact_id=number, fact=form.fact, why=form.cleaned_data["why"], now=now
        )
        return page(request, "rights_told", found=found, held=held, done=done, kind=kind)

    act = Act(
        f"Put right: {kind.title.lower()}", f"It says now: {said(fact.kind, fact.body)}", "Put it right"
    )
    return _decide(request, found, held, act, form, do)


@door(Can.EXERCISE)
@require_http_methods(["GET", "HEAD", "POST"])
def destroy(request: HttpRequest, person: str, record: int) -> HttpResponse:
    """Erase a record, and show the certificate."""
    viewer, now = looking(request)
    found, held = _one(viewer, person, record, request)
    form = EraseForm(
        _sent(request), requests=[(str(each.case_id), each.reference) for each in held.granted_erasure]
    )

    def do(given: dict[str, Any]) -> HttpResponse:
        row = erase(
            by=viewer,
            record_id=record,
            ground=given["ground"],
            why=given["why"],
            case_id=getattr(form, "case_id", None),
            now=now,
        )
        messages.success(request, "The record is erased. This is its certificate.")
        return redirect("workplace:certificate", row.pk)

    return _decide(request, found, held, _ERASE, form, do)


@door(Can.EXERCISE)
@require_safe
def copy(request: HttpRequest, person: str, record: int) -> HttpResponse:
    """Show everything that a council holds about a person, to be looked through and printed."""
    viewer, now = looking(request)
    found, held = _one(viewer, person, record, request)
    export = rights.give_copy(by=viewer, record_id=record, now=now)
    return page(request, "rights_copy", found=found, held=held, export=export, third=THIRD)


@door(Can.EXERCISE)
@require_safe
def copy_file(request: HttpRequest, person: str, record: int) -> HttpResponse:
    """Hand out the same as a file that machines read (UK GDPR article 20)."""
    viewer, now = looking(request)
    found, _ = _one(viewer, person, record, request)
    export = rights.give_copy(by=viewer, record_id=record, now=now)
    answer = JsonResponse(export.as_json, json_dumps_params={"indent": 2, "ensure_ascii": False})
    answer["Content-Disposition"] = f'attachment; filename="{found.reference}.json"'
    return answer


@door(Can.SEE_RIGHTS)
@require_safe
def due(request: HttpRequest) -> HttpResponse:
    """Show the records whose time is up, and the schedule."""
    viewer, now = looking(request)
    listed = retention.due(viewer, now)
    looked_at(by=viewer, records=[each.record for each in listed if each.is_open], why="retention", now=now)
    return page(request, "rights_due", listed=listed, rules=RULES, now=now, most=retention.PAGE)


@door(Can.EXERCISE)
@require_http_methods(["GET", "HEAD", "POST"])
def keep(request: HttpRequest, person: str, record: int) -> HttpResponse:
    """Keep a record longer."""
    viewer, now = looking(request)
    found, held = _one(viewer, person, record, request)

    def do(given: dict[str, Any]) -> HttpResponse:
        retaining.keep_longer(by=viewer, record_id=record, now=now, **given)
        messages.success(request, "The record is kept.")
        return redirect("workplace:retention")

    return _decide(request, found, held, _KEEP, KeepForm(_sent(request)), do)


@door(Can.EXERCISE)
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest, person: str, record: int) -> HttpResponse:
    """Propose to destroy a record whose time is up."""
    viewer, now = looking(request)
    found, held = _one(viewer, person, record, request)

    def do(given: dict[str, Any]) -> HttpResponse:
        retaining.propose(by=viewer, record_id=record, now=now, **given)
        messages.success(request, "It is proposed. Somebody else has to confirm it.")
        return redirect("workplace:retention")

    return _decide(request, found, held, _PROPOSE, ProposeForm(_sent(request)), do)


@door(Can.EXERCISE)
@require_POST
def confirm(request: HttpRequest, person: str, record: int) -> HttpResponse:
    """Destroy what somebody else proposed to destroy."""
    viewer, now = looking(request)
    _one(viewer, person, record, request)
    row = retaining.confirm(by=viewer, record_id=record, now=now)
    messages.success(request, "The record is destroyed. This is its certificate.")
    return redirect("workplace:certificate", row.pk)


@door(Can.SEE_RIGHTS)
@require_safe
def certificates(request: HttpRequest) -> HttpResponse:
    """Show what was destroyed."""
    viewer, _ = looking(request)
    found = [(row, reading.ground_of(row.rule)[0]) for row in reading.certificates(viewer)]
    return page(request, "rights_certificates", found=found)


@door(Can.SEE_RIGHTS)
@require_safe
def certificate(request: HttpRequest, number: int) -> HttpResponse:
    """Show the certificate of a record that was destroyed, to be printed."""
    viewer, _ = looking(request)
    return page(request, "rights_certificate", paper=reading.certificate(viewer, number), kept=KEPT.values())
