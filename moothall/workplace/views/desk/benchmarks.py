"""What figures are held to and rest on: benchmarks, who may see what, and user accounts."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from moothall.councils.doors import door
from moothall.measures import queries as measures
from moothall.measures.actions import set_benchmark
from moothall.measures.errors import NotABenchmark
from moothall.measures.permissions import Can as MeasuresCan
from moothall.servicedesk.actions import packs as actions
from moothall.servicedesk.errors.packs import PackRefused
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries.packs import settings
from moothall.workplace.forms.desk.packs import BenchmarkForm, LevelForm, UsersForm
from moothall.workplace.forms.desk.setting_up import complain
from moothall.workplace.queries.desk import packs as pages
from moothall.workplace.views.answering import UNPROCESSABLE, looking
from moothall.workplace.views.desk.answering import page

_METHODS = ["GET", "HEAD", "POST"]


@door(MeasuresCan.SEE)
@require_safe
def benchmarks(request: HttpRequest) -> HttpResponse:
    """Show every benchmark with its source."""
    viewer, _ = looking(request)
    return page(
        request,
        "benchmarks",
        rows=measures.benchmarks(viewer),
        figures=measures.figures(),
        may_set=pages.may_set_benchmarks(viewer),
    )


@door(MeasuresCan.SET_BENCHMARKS)
@require_http_methods(_METHODS)
def new(request: HttpRequest) -> HttpResponse:
    """Hold a figure to a value, with where it is from."""
    viewer, now = looking(request)
    form = BenchmarkForm(
        _given(request), figures=pages.figure_choices(), begin={"in_force_from": timezone.localdate(now)}
    )
    if form.is_bound and form.is_valid():
        try:
            set_benchmark(by=viewer, now=now, **form.cleaned_data)
        except NotABenchmark as error:
            complain(form, error)
        else:
            messages.success(request, "The benchmark is set.")
            return redirect("workplace:desk_benchmarks")
    return page(request, "benchmark_new", status=UNPROCESSABLE if form.is_bound else 200, form=form)


@door(Can.PREPARE_PACK)
@require_http_methods(_METHODS)
def levels(request: HttpRequest) -> HttpResponse:
    """Show who may see each council's part of every figure, and change it."""
    viewer, now = looking(request)
    form = LevelForm(_given(request), figures=pages.figure_choices())
    if form.is_bound and form.is_valid():
        actions.set_level(by=viewer, now=now, **form.cleaned_data)
        messages.success(request, "It is changed from now on.")
        return redirect("workplace:desk_pack_levels")
    return page(
        request,
        "pack_levels",
        status=UNPROCESSABLE if form.is_bound else 200,
        levels=settings.levels_with_history(viewer),
        form=form,
    )


@door(Can.PREPARE_PACK, Can.SIGN_PACK)
@require_http_methods(_METHODS)
def users(request: HttpRequest) -> HttpResponse:
    """Show how many user accounts each council has stated, and state another number."""
    viewer, now = looking(request)
    councils = settings.councils_stated_by(viewer)
    form = UsersForm(
        _given(request),
        councils=[(each.code, each.name) for each in councils],
        begin={"in_force_from": timezone.localdate(now).replace(day=1)},
    )
    if form.is_bound and form.is_valid():
        given = dict(form.cleaned_data)
        code = given.pop("council")
        council = next(each for each in councils if each.code == code)
        try:
            actions.state_users(by=viewer, council_id=council.pk, now=now, **given)
        except PackRefused as error:
            complain(form, error)
        else:
            messages.success(request, "The number of accounts is kept.")
            return redirect("workplace:desk_pack_users")
    return page(
        request,
        "pack_users",
        status=UNPROCESSABLE if form.is_bound else 200,
        rows=settings.heads_stated(viewer),
        form=form,
    )


def _given(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None
