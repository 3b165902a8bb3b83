"""What is typed into a step and not sent yet: kept, thrown away, put together with another's, or kept as a note."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from moothall.councils.doors import door
from moothall.look import dates
from moothall.look.refusals import wants_json
from moothall.process import actions as process
from moothall.process import queries
from moothall.process.permissions import Can
from moothall.workplace import whose
from moothall.workplace.forms import merging
from moothall.workplace.forms.typing import EXPECTED, sent
from moothall.workplace.queries import cases
from moothall.workplace.views import casepage, comparing
from moothall.workplace.views.answering import looking, number_of, page
from moothall.workplace.views.expired import losing_nothing, place_of

_NOTHING = "There is nothing to {do} any more: it was sent or thrown away."
_OVER = "Kept {time}. Somebody finished this step meanwhile:"


def kept(request: HttpRequest, case_id: int, step: str, where: str, reference: str) -> HttpResponse:
    """Keep what is typed into a step for whoever is signed in; `where` names the page on which its form stands."""
    viewer, now = looking(request)
    owner = whose.read(request.POST.get("whose", ""))
    run = owner.run if owner is not None and (owner.case_id, owner.step) == (case_id, step) else None
    newest = process.keep_typing(
        by=viewer,
        case_id=case_id,
        step=step,
        run=run,
        fields=sent(request.POST, step),
        seen=number_of(request.POST.get(f"{step}-{EXPECTED}")) or 0,
        now=now,
    )
    over = newest is not None and (newest.state != "open" or run not in {None, newest.run})
    if "quiet" in request.POST:
        return HttpResponse(status=204)
    if not wants_json(request):
        if newest is not None:
            messages.success(request, "What you typed is kept. It stands here when you come back.")
        return redirect(f"{reverse(where, args=[reference])}#step-{step}")
    time = dates.time_of_day(now)
    if over:
        place = reverse(where, args=[reference])
        return JsonResponse(
            {"said": _OVER.format(time=time), "link": place, "link_text": "see what they did"}
        )
    return JsonResponse({"said": "" if newest is None else f"Kept {time}"})


@losing_nothing
@door(Can.ACT)
@require_POST
def keep(request: HttpRequest, reference: str, step: str) -> HttpResponse:
    """Keep what is typed into a step: asked for by a script while somebody types, or by the button."""
    viewer, _ = looking(request)
    case_id = queries.case_id_of(viewer, reference)
    return kept(request, case_id, step, "workplace:case", reference)


@losing_nothing
@door(Can.ACT)
@require_POST
def forget(request: HttpRequest, reference: str, step: str) -> HttpResponse:
    """Throw away what one has typed into a step."""
    viewer, _ = looking(request)
    case_id = queries.case_id_of(viewer, reference)
    process.drop_typing(by=viewer, case_id=case_id, step=step, run=number_of(request.POST.get("run")))
    messages.success(request, "What you had typed is thrown away.")
    return redirect(place_of(reference, step))


@losing_nothing
@door(Can.ACT)
@require_http_methods(["GET", "HEAD", "POST"])
def compare(request: HttpRequest, reference: str, step: str) -> HttpResponse:
    """Show two versions of a step's answers question by question, and put them together as chosen."""
    viewer, now = looking(request)
    found = cases.case_page(viewer, reference, now)
    versions = comparing.versions(viewer, found, step, request.GET.get("with", ""), now)
    if versions is None:
        messages.info(request, _NOTHING.format(do="compare"))
        return redirect("workplace:case", reference)
    if request.method == "POST" and versions.open_run is not None:
        fields = merging.merged(versions.mine, versions.theirs, versions.rows, request.POST)
        case = found.file.case
        process.keep_typing(
            by=viewer,
            case_id=case.id,
            step=step,
            run=versions.open_run,
            fields=fields,
            seen=case.seq,
            now=now,
        )
        if versions.typed is not None and versions.typed.run != versions.open_run:
            process.drop_typing(by=viewer, case_id=case.id, step=step, run=versions.typed.run)
        messages.success(
            request, "Put together as you chose. Check it below and send it: nothing is sent yet."
        )
        return redirect(place_of(reference, step))
    return page(
        request,
        "compare",
        found=found,
        case=found.file.case,
        asked=versions.step,
        versions=versions,
        picked=merging.picked(request.POST, versions.rows),
        whose=casepage.word_for(viewer, found, step),
        may_be_note=cases.as_note(found, step),
        now=now,
    )


@losing_nothing
@door(Can.NOTE)
@require_POST
def as_note(request: HttpRequest, reference: str, step: str) -> HttpResponse:
    """Keep what one typed, and came too late to send, as a note; answers for few eyes are left out."""
    viewer, now = looking(request)
    found = cases.case_page(viewer, reference, now)
    run = number_of(request.POST.get("run"))
    typed = next((each for each in found.typing if each.mine and each.step == step and each.run == run), None)
    if typed is None:
        messages.info(request, _NOTHING.format(do="keep"))
        return redirect("workplace:case", reference)
    if not cases.as_note(found, step):
        messages.warning(
            request, "A note is read by everybody who sees the case, and this step is not for them."
        )
        return redirect("workplace:case", reference)
    text, left_out = comparing.as_words(viewer, found, typed, now)
    case_id = found.file.case.id
    process.note(by=viewer, case_id=case_id, text=text, now=now)
    process.drop_typing(by=viewer, case_id=case_id, step=step, run=run)
    rest = " What only some may read was left out of it." if left_out else ""
    messages.success(request, f"What you typed is now a note in the history.{rest}")
    return redirect("workplace:case", reference)
