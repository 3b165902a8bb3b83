"""Addresses of the service desk: the queue, its calls and what is done to them, and self-service."""

from django.urls import URLPattern, path

from moothall.workplace.views.desk import asking, calls, calls_acting, calls_bulk, calls_new, mine
from moothall.workplace.views.desk import help as self_service

PATTERNS: list[URLPattern] = [
    path("desk/", calls.queue, name="desk_queue"),
    path("desk/together/", calls_bulk.together, name="desk_bulk"),
    path("desk/new/", calls_new.new, name="desk_new"),
    path("desk/help/", self_service.first, name="desk_help"),
    path("desk/help/report/", self_service.report, name="desk_report"),
    path("desk/help/ask/<slug:key>/", asking.ask, name="desk_ask"),
    path("desk/help/outage/<int:number>/", self_service.have_it_too, name="desk_follow"),
    path("desk/mine/", mine.mine, name="desk_mine"),
    path("desk/mine/<slug:reference>/", mine.one, name="desk_mine_one"),
    path("desk/mine/<slug:reference>/say/", mine.say, name="desk_mine_say"),
    path("desk/mine/<slug:reference>/works/", mine.works, name="desk_mine_works"),
    path("desk/mine/<slug:reference>/withdraw/", mine.withdraw, name="desk_mine_withdraw"),
    path("desk/call/<slug:reference>/", calls.call, name="desk_call"),
    *(
        path(
            f"desk/call/<slug:reference>/{act.key}/",
            calls_acting.view_of(act),
            name=act.url.partition(":")[2],
        )
        for act in calls_acting.ALL
    ),
]
