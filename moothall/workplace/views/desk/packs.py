"""The performance pack: its months, one pack on a page or as a file, and the calls behind each number."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from moothall.councils import gate
from moothall.councils.doors import door
from moothall.plain.errors import NotFound
from moothall.servicedesk.documents import FORMATS
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries import packs as queries
from moothall.servicedesk.queries.packs import behind
from moothall.servicedesk.queries.packs.behind import Wanted
from moothall.servicedesk.queries.packs.seeing import council_seen, pack_seen
from moothall.workplace.queries.desk import packs as pages
from moothall.workplace.views.answering import looking, number_of
from moothall.workplace.views.desk.answering import page


@door(Can.SEE_PACK)
@require_safe
def months(request: HttpRequest) -> HttpResponse:
    """Show the months for which there is a pack."""
    viewer, now = looking(request)
    return page(
        request,
        "pack_months",
        months=queries.months(viewer, now),
        may_prepare=gate.anywhere(viewer, Can.PREPARE_PACK),
        may_state=gate.anywhere(viewer, Can.PREPARE_PACK) or gate.anywhere(viewer, Can.SIGN_PACK),
        now=now,
    )


@door(Can.SEE_PACK)
@require_safe
def pack(request: HttpRequest, month: str) -> HttpResponse:
    """Show the pack of all councils together."""
    return _show(request, month, "")


@door(Can.SEE_PACK)
@require_safe
def of_council(request: HttpRequest, month: str, code: str) -> HttpResponse:
    """Show the pack of one council."""
    return _show(request, month, code)


def _show(request: HttpRequest, month: str, code: str) -> HttpResponse:
    viewer, now = looking(request)
    return page(request, "pack", shown=pages.shown(viewer, month, code, now))


@door(Can.SEE_PACK)
@require_safe
def calls(request: HttpRequest, month: str) -> HttpResponse:
    """Show the calls behind a number of all councils together."""
    return _calls(request, month, "")


@door(Can.SEE_PACK)
@require_safe
def calls_of_council(request: HttpRequest, month: str, code: str) -> HttpResponse:
    """Show the calls behind a number of one council."""
    return _calls(request, month, code)


def _calls(request: HttpRequest, month: str, code: str) -> HttpResponse:
    viewer, now = looking(request)
    asked = request.GET
    pack_seen(viewer, queries.month_named(month))
    if code:
        council_seen(viewer, code)
    if "figure" not in asked:
        return redirect(pages.address_of(month, code))
    wanted = Wanted(asked["figure"], asked.get("slice", ""), asked.get("part", "of"))
    after = number_of(asked.get("after")) or 0
    found = behind.calls_behind(viewer, queries.month_named(month), code, wanted, now, after)
    kept = asked.copy()
    kept["after"] = str(found.more)
    return page(
        request,
        "pack_calls",
        found=found,
        month=queries.month_named(month),
        scope=next(each.name for each in queries.tabs(viewer) if each.code == code),
        code=code,
        part=behind.PARTS[wanted.part],
        older=f"?{kept.urlencode()}" if found.more else "",
        now=now,
    )


@door(Can.SEE_PACK)
@require_safe
def file(request: HttpRequest, month: str, ending: str) -> HttpResponse:
    """Give the pack of all councils together as a file."""
    return _file(request, month, "", ending)


@door(Can.SEE_PACK)
@require_safe
def file_of_council(request: HttpRequest, month: str, code: str, ending: str) -> HttpResponse:
    """Give the pack of one council as a file."""
    return _file(request, month, code, ending)


def _file(request: HttpRequest, month: str, code: str, ending: str) -> HttpResponse:
    viewer, _ = looking(request)
    wanted = FORMATS.get(ending)
    if wanted is None:
        raise NotFound(what="format")
    document = queries.document(viewer, queries.month_named(month), code)
    response = HttpResponse(wanted.make(document), content_type=wanted.media_type)
    response["Content-Disposition"] = f'attachment; filename="{document.name}.{ending}"'
    return response
