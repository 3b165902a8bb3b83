"""One's own calls: how they stand, and what one says to them. Nobody else's are here."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from moothall.councils.doors import staff_only
from moothall.look.forms import error_links
from moothall.plain.errors import Invalid, Stale
from moothall.servicedesk.actions import working
from moothall.servicedesk.models import Call
from moothall.workplace.forms.desk.mine import YES, SayForm, WithdrawForm, WorksForm
from moothall.workplace.queries.desk import mine as queries
from moothall.workplace.queries.desk.calls_beside import outages_at
from moothall.workplace.queries.desk.mine import OwnCall
from moothall.workplace.views.answering import UNPROCESSABLE, looking
from moothall.workplace.views.desk.answering import page

_MEANWHILE = "Something happened to your call meanwhile. Look at it, then send what you typed again: it is still below."
_GONE_ON = "Your call is closed, so what you wrote goes on in another call: {reference}."
Form = SayForm | WorksForm | WithdrawForm


@staff_only
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Show the calls that the viewer asked for."""
    viewer, now = looking(request)
    return page(request, "mine", found=queries.mine(viewer), now=now)


@staff_only
@require_safe
def one(request: HttpRequest, reference: str) -> HttpResponse:
    """Show one of the viewer's own calls."""
    viewer, now = looking(request)
    return _show(request, queries.one(viewer, reference, now))


@staff_only
@require_POST
def say(request: HttpRequest, reference: str) -> HttpResponse:
    """Answer what was asked, or add something."""
    viewer, now = looking(request)
    found = queries.one(viewer, reference, now)
    form = SayForm(request.POST, prefix="say")
    if found.question:
        form.answering(found.question)
    return _sent(
        request,
        found,
        form,
        lambda: working.user_answers(
            by=viewer, reference=reference, text=form.cleaned_data["text"], expected=form.seen, now=now
        ),
        "Your answer is sent." if found.question else "It is added to your call.",
    )


@staff_only
@require_POST
def works(request: HttpRequest, reference: str) -> HttpResponse:
    """Say whether it works."""
    viewer, now = looking(request)
    found = queries.one(viewer, reference, now)
    form = _worded(WorksForm(request.POST, prefix="works"), found)
    yes = request.POST.get("works-works") == YES
    return _sent(
        request,
        found,
        form,
        lambda: working.user_says(
            by=viewer,
            reference=reference,
            works=yes,
            text=form.cleaned_data["text"],
            expected=form.seen,
            now=now,
        ),
        "Thank you. Your call is closed." if yes else "Thank you. We take it up again.",
    )


@staff_only
@require_POST
def withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    """Need it no more."""
    viewer, now = looking(request)
    found = queries.one(viewer, reference, now)
    form = WithdrawForm(request.POST, prefix="withdraw")
    return _sent(
        request,
        found,
        form,
        lambda: working.user_withdraws(by=viewer, reference=reference, expected=form.seen, now=now),
        "Your call is withdrawn.",
    )


def _sent(
    request: HttpRequest, found: OwnCall, form: Form, act: Callable[[], Call], done: str
) -> HttpResponse:
    """Do what a user says; whatever is in the way, what they typed stays."""
    if not form.is_valid():
        return _show(request, found, form, status=UNPROCESSABLE)
    try:
        kept = act()
    except Stale as error:
        viewer, now = looking(request)
        fresh = queries.one(viewer, found.line.call.reference, now)
        messages.warning(request, _MEANWHILE if fresh.is_open else error.sentence)
        data = request.POST.copy()
        data[form.add_prefix("expected")] = str(fresh.seq)
        again = type(form)(data, prefix=form.prefix)
        return _show(request, fresh, again, status=error.status)
    except Invalid as error:
        for sentences in (error.fields or {"": [error.sentence]}).values():
            for sentence in sentences:
                form.add_error("text" if "text" in form.fields else None, sentence)
        return _show(request, found, form, status=error.status)
    call = found.line.call
    messages.success(request, done if kept.pk == call.pk else _GONE_ON.format(reference=kept.reference))
    is_theirs = kept.requester_id == looking(request)[0].actor.user_id
    return redirect("workplace:desk_mine_one", (kept if is_theirs else call).reference)


def _worded(form: WorksForm, found: OwnCall) -> WorksForm:
    return form.of_a_request() if found.is_request else form


def _show(
    request: HttpRequest, found: OwnCall, sent: Form | None = None, *, status: int = 200
) -> HttpResponse:
    _, now = looking(request)
    call = found.line.call
    start = {"expected": found.seq}
    say = sent if isinstance(sent, SayForm) else SayForm(prefix="say", initial=start)
    works = sent if isinstance(sent, WorksForm) else WorksForm(prefix="works", initial=start)
    away = outages_at(call.council_id, now, frozenset({call.item_id})) if call.item_id and call.open else ()
    return page(
        request,
        "mine_one",
        status=status,
        found=found,
        call=call,
        say=say.answering(found.question) if found.question else say,
        works=_worded(works, found),
        withdraw=WithdrawForm(prefix="withdraw", initial=start),
        outages=away,
        page_errors=error_links(sent),
        now=now,
    )
