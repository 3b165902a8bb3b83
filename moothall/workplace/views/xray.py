"""How work really goes: the pages of the X-ray, the cases behind each figure, and tables and logs to take away."""

import csv
import io
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from moothall.councils import gate
from moothall.councils.doors import door
from moothall.councils.models import Council
from moothall.councils.rules import Viewer
from moothall.plain.errors import NotFound
from moothall.process import xray
from moothall.process.permissions import Can
from moothall.process.xray import Cohort
from moothall.workplace import exporting
from moothall.workplace.forms.xray import LensForm
from moothall.workplace.queries import xray as plates
from moothall.workplace.queries.xray import PLATES, SUMMARY, Cell
from moothall.workplace.views.answering import looking, number_of, page

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_OURS = frozenset({"since", "until", "council"})


@door(Can.XRAY)
@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """Show the processes of which there is something to see."""
    viewer, _ = looking(request)
    form = LensForm(request.GET, [], timezone.localdate())
    lens = form.lens("", {})
    return page(request, "xray_choose", choices=xray.choices(viewer, lens.since, lens.until), lens=lens)


@door(Can.XRAY)
@require_safe
def summary(request: HttpRequest, key: str) -> HttpResponse:
    """Show the first figures of a process."""
    return _plate(request, key, SUMMARY)


@door(Can.XRAY)
@require_safe
def plate(request: HttpRequest, key: str, view: str) -> HttpResponse:
    """Show one page of figures."""
    return _plate(request, key, view)


def _plate(request: HttpRequest, key: str, view: str) -> HttpResponse:
    if view not in PLATES:
        raise NotFound(what="page")
    viewer, now = looking(request)
    form, cohort = _looked_at(request, viewer, key)
    title, made = PLATES[view]
    return page(
        request,
        "xray",
        key=key,
        view=view,
        title=title,
        tabs=[(name, label) for name, (label, _) in PLATES.items() if _shown(name, cohort)],
        form=form,
        cohort=cohort,
        plate=made(cohort),
        kept=_kept(request),
        chosen=request.GET.getlist("council"),
        behind=lambda cell: _behind(request, cell),
        may_export=gate.anywhere(viewer, Can.EXPORT),
        now=now,
    )


def _shown(name: str, cohort: Cohort) -> bool:
    return name != "councils" or len(cohort.councils) > 1


@door(Can.XRAY)
@require_safe
def cases(request: HttpRequest, key: str) -> HttpResponse:
    """Show the cases behind a figure, as far as they may be seen."""
    viewer, _ = looking(request)
    _, cohort = _looked_at(request, viewer, key)
    asked = {name: str(value) for name, value in request.GET.items() if name not in _OURS}
    figure, number = asked.pop("figure", "cases"), number_of(asked.pop("page", "1")) or 1
    back = asked.pop("from", SUMMARY)
    found = xray.behind(viewer, cohort, figure, asked, number)
    title, duration = plates.title_of(cohort, figure, asked)
    return page(
        request,
        "xray_cases",
        key=key,
        title=title,
        duration=duration,
        cohort=cohort,
        found=found,
        said=plates.said,
        kept=_kept(request),
        back=back if back in PLATES else SUMMARY,
        back_title=PLATES.get(back, PLATES[SUMMARY])[0],
        newer=_page(request, number - 1) if number > 1 else "",
        older=_page(request, number + 1) if found.more else "",
    )


def _page(request: HttpRequest, number: int) -> str:
    here = request.GET.copy()
    here["page"] = str(number)
    return f"?{here.urlencode()}"


@door(Can.XRAY)
@require_safe
def table(request: HttpRequest, key: str, view: str) -> HttpResponse:
    """Give one table of a page as CSV, with bare figures."""
    if view not in PLATES:
        raise NotFound(what="page")
    viewer, _ = looking(request)
    _, cohort = _looked_at(request, viewer, key)
    sheets = PLATES[view][1](cohort).sheets
    wanted = request.GET.get("table", sheets[0].key)
    sheet = next((each for each in sheets if each.key == wanted), None)
    if sheet is None:
        raise NotFound(what="table")
    written = io.StringIO()
    rows = csv.writer(written)
    rows.writerow([column.for_csv for column in sheet.columns])
    rows.writerows([_harmless(cell.value) for cell in row] for row in sheet.rows)
    answer = HttpResponse("\ufeff" + written.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{key}-{view}-{sheet.key}.csv"'
    return answer


@door(Can.EXPORT)
@require_POST
def export(request: HttpRequest, key: str) -> HttpResponseBase:
    """Give the events of the cases as a log for tools of process mining; what leaves the house is written down."""
    viewer, now = looking(request)
    form = LensForm(request.POST, _councils(viewer), timezone.localdate())
    lens = form.lens(key, _numbers(viewer))
    how = request.POST.get("how", "")
    file = exporting.log(by=viewer, lens=lens, how=how, now=now)
    return FileResponse(
        file,
        as_attachment=True,
        filename=f"{key}.{exporting.ENDINGS[how]}",
        content_type=exporting.TYPES[how],
    )


def _looked_at(request: HttpRequest, viewer: Viewer, key: str) -> tuple[LensForm, Cohort]:
    form = LensForm(request.GET, _councils(viewer), timezone.localdate())
    return form, xray.cohort(viewer, form.lens(key, _numbers(viewer)), timezone.now())


def _reached(viewer: Viewer) -> list[Council]:
    return list(Council.objects.filter(id__in=sorted(gate.councils(viewer, Can.XRAY))))


def _councils(viewer: Viewer) -> list[tuple[str, str]]:
    return [(council.code, council.name) for council in _reached(viewer)]


def _numbers(viewer: Viewer) -> dict[str, int]:
    return {council.code: council.pk for council in _reached(viewer)}


def _kept(request: HttpRequest) -> str:
    """Return what was chosen, for the next address."""
    return urlencode([(name, value) for name in sorted(_OURS) for value in request.GET.getlist(name)])


def _behind(request: HttpRequest, cell: Cell) -> str:
    """Return what the address of the cases behind a figure asks."""
    asked: Mapping[str, Any] = cell.behind or {}
    return "&".join(part for part in (urlencode(asked), _kept(request)) if part)


def _harmless(value: str | float) -> str | float:
    """Return a value that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
