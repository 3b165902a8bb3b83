"""Addresses of the service desk: the performance pack, benchmarks, and what users say."""

from django.urls import URLPattern, path

from moothall.workplace.views.desk import benchmarks, pack_acts, packs, satisfaction

_MONTH = "desk/pack/<slug:month>/"
_COUNCIL = f"{_MONTH}at/<slug:code>/"

PATTERNS: list[URLPattern] = [
    path("desk/pack/", packs.months, name="desk_packs"),
    path("desk/pack/levels/", benchmarks.levels, name="desk_pack_levels"),
    path("desk/pack/users/", benchmarks.users, name="desk_pack_users"),
    path(_MONTH, packs.pack, name="desk_pack"),
    path(f"{_MONTH}calls/", packs.calls, name="desk_pack_calls"),
    path(f"{_MONTH}file/<slug:ending>/", packs.file, name="desk_pack_file"),
    path(f"{_MONTH}work-out/", pack_acts.work_out, name="desk_pack_work_out"),
    path(f"{_MONTH}publish/", pack_acts.publish, name="desk_pack_publish"),
    path(f"{_MONTH}compare/", pack_acts.compare, name="desk_pack_compare"),
    path(_COUNCIL, packs.of_council, name="desk_pack_council"),
    path(f"{_COUNCIL}calls/", packs.calls_of_council, name="desk_pack_council_calls"),
    path(f"{_COUNCIL}file/<slug:ending>/", packs.file_of_council, name="desk_pack_council_file"),
    path(f"{_COUNCIL}sign/", pack_acts.sign, name="desk_pack_sign"),
    path(f"{_COUNCIL}comment/", pack_acts.comment, name="desk_pack_comment"),
    path("desk/benchmarks/", benchmarks.benchmarks, name="desk_benchmarks"),
    path("desk/benchmarks/new/", benchmarks.new, name="desk_benchmark_new"),
    path("desk/satisfaction/", satisfaction.heard, name="desk_satisfaction"),
    path("desk/satisfaction/<int:number>/read/", satisfaction.read, name="desk_satisfaction_read"),
]
