"""Addresses of the service desk: changes, the board, what was observed, the estate and its suppliers."""

from django.urls import URLPattern, path

from moothall.workplace.views.desk import board, changes, estate, observed, suppliers

PATTERNS: list[URLPattern] = [
    path("desk/changes/", changes.calendar, name="desk_changes"),
    path("desk/changes/new/", changes.new, name="desk_change_new"),
    path("desk/changes/<slug:reference>/", changes.change, name="desk_change"),
    path("desk/changes/<slug:reference>/vote/", board.vote, name="desk_vote"),
    path("desk/freezes/", changes.freezes, name="desk_freezes"),
    path("desk/freezes/new/", changes.freeze, name="desk_freeze_new"),
    path("desk/freezes/<int:freeze>/lift/", changes.lift, name="desk_freeze_lift"),
    path("desk/board/", board.board, name="desk_board"),
    path("desk/board/seat/<slug:code>/", board.seat, name="desk_seat"),
    path("desk/board/seat/<slug:code>/away/", board.away, name="desk_seat_away"),
    path("desk/board/new/", board.call, name="desk_meeting_new"),
    path("desk/board/<int:meeting>/", board.meeting, name="desk_meeting"),
    path("desk/board/<int:meeting>/agenda/", board.fill, name="desk_meeting_fill"),
    path("desk/board/<int:meeting>/item/", board.item, name="desk_meeting_item"),
    path("desk/board/<int:meeting>/present/", board.present, name="desk_meeting_present"),
    path("desk/board/<int:meeting>/close/", board.close, name="desk_meeting_close"),
    path("desk/observed/", observed.observed, name="desk_observed"),
    path("desk/observed/file/", observed.file, name="desk_observed_file"),
    path("desk/observed/<int:observed>/", observed.one, name="desk_observed_one"),
    path("desk/observed/<int:observed>/decide/", observed.decide, name="desk_observed_decide"),
    path("desk/observed/<int:observed>/afterwards/", observed.retrospective, name="desk_observed_afterwards"),
    path("desk/estate/", estate.items, name="desk_estate"),
    path("desk/estate/new/", estate.new, name="desk_item_new"),
    path("desk/estate/route/<int:route>/", estate.change_route, name="desk_route"),
    path("desk/estate/item/<slug:item>/", estate.item, name="desk_item"),
    path("desk/estate/item/<slug:item>/change/", estate.change, name="desk_item_change"),
    path("desk/estate/item/<slug:item>/needs/", estate.need, name="desk_item_need"),
    path("desk/estate/item/<slug:item>/needs/drop/", estate.drop_need, name="desk_item_drop"),
    path("desk/estate/item/<slug:item>/used/", estate.use, name="desk_item_use"),
    path("desk/estate/item/<slug:item>/away/", estate.maintenance, name="desk_item_away"),
    path("desk/estate/item/<slug:item>/route/", estate.route, name="desk_item_route"),
    path("desk/suppliers/", suppliers.suppliers, name="desk_suppliers"),
]
