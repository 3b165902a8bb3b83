"""What is done to a pack: worked out, commented, signed, published, compared."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from moothall.councils.doors import door
from moothall.servicedesk.actions import packs as actions
from moothall.servicedesk.errors.packs import NotSigned, PackRefused
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries import packs as queries
from moothall.servicedesk.queries.packs.seeing import council_seen
from moothall.workplace.forms.desk.packs import CommentForm, PublishForm
from moothall.workplace.forms.desk.setting_up import complain
from moothall.workplace.views.answering import UNPROCESSABLE, looking
from moothall.workplace.views.desk.answering import page

_METHODS = ["GET", "HEAD", "POST"]


@door(Can.PREPARE_PACK)
@require_POST
def work_out(request: HttpRequest, month: str) -> HttpResponse:
    """Work the figures of a month out, or those of the twelve months before that have none."""
    viewer, now = looking(request)
    wanted = queries.month_named(month)
    if request.POST.get("before"):
        number = actions.work_out_before(by=viewer, month=wanted, now=now)
        messages.success(request, f"{number} months before are worked out.")
    else:
        actions.work_out(by=viewer, month=wanted, now=now)
        messages.success(request, f"The figures of {wanted.words} are worked out.")
    return redirect("workplace:desk_pack", month)


@door(Can.PREPARE_PACK)
@require_http_methods(_METHODS)
def publish(request: HttpRequest, month: str) -> HttpResponse:
    """Ask once more, then publish; what was published never changes."""
    viewer, now = looking(request)
    document = queries.document(viewer, queries.month_named(month), "")
    form = PublishForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            actions.publish(by=viewer, month=document.month, why=form.cleaned_data["why"], now=now)
        except NotSigned as error:
            form.add_error("why", f"{error.sentence} Enter why it is published without them")
        else:
            messages.success(request, f"The pack of {document.month.words} is published.")
            return redirect("workplace:desk_pack", month)
    status = UNPROCESSABLE if form.is_bound else 200
    unsigned = [each.council for each in document.signs if each.at is None]
    return page(request, "pack_publish", status=status, document=document, form=form, unsigned=unsigned)


@door(Can.PREPARE_PACK)
@require_POST
def compare(request: HttpRequest, month: str) -> HttpResponse:
    """Compare what was published with what the calls say today."""
    viewer, now = looking(request)
    number = actions.compare(by=viewer, month=queries.month_named(month), now=now)
    messages.success(
        request,
        f"{number} figures differ from what was published: they are listed as restated."
        if number
        else "Nothing differs from what was published.",
    )
    return redirect("workplace:desk_pack", month)


@door(Can.SIGN_PACK)
@require_POST
def sign(request: HttpRequest, month: str, code: str) -> HttpResponse:
    """Sign off the figures of one's council, or take that back."""
    viewer, now = looking(request)
    wanted, council = queries.month_named(month), council_seen(viewer, code)
    if request.POST.get("back"):
        actions.take_back_sign_off(by=viewer, month=wanted, council_id=council.pk, now=now)
        messages.success(request, "Your sign-off is taken back.")
    else:
        actions.sign_off(by=viewer, month=wanted, council_id=council.pk, now=now)
        messages.success(request, f"You have signed off the figures of {council.name}.")
    return redirect("workplace:desk_pack_council", month, code)


@door(Can.SIGN_PACK, Can.PREPARE_PACK)
@require_http_methods(_METHODS)
def comment(request: HttpRequest, month: str, code: str) -> HttpResponse:
    """Say something to a figure of a council, or to all of them."""
    viewer, now = looking(request)
    document = queries.document(viewer, queries.month_named(month), code)
    seen = [block.definition for area in document.areas for block in area.blocks]
    form = CommentForm(
        request.POST if request.method == "POST" else None,
        figures=[(each.name, each.title) for each in seen],
        begin=request.GET.get("figure", ""),
    )
    if form.is_bound and form.is_valid():
        try:
            actions.comment(
                by=viewer, month=document.month, council_id=document.council_id, now=now, **form.cleaned_data
            )
        except PackRefused as error:
            complain(form, error)
        else:
            messages.success(request, "Your comment stands in the pack.")
            return redirect("workplace:desk_pack_council", month, code)
    return page(
        request,
        "pack_comment",
        status=UNPROCESSABLE if form.is_bound else 200,
        document=document,
        form=form,
    )
