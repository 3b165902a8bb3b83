"""Addresses of the service desk: channels."""

from django.urls import URLPattern, path

from moothall.workplace.views.desk import channels, importing

PATTERNS: list[URLPattern] = [
    path("desk/keys/", channels.keys, name="desk_keys"),
    path("desk/keys/new/", channels.new_key, name="desk_key_new"),
    path("desk/keys/<int:key>/end/", channels.end_key, name="desk_key_end"),
    path("desk/feeds/", channels.feeds, name="desk_feeds"),
    path("desk/feeds/new/", channels.new_feed, name="desk_feed_new"),
    path("desk/feeds/<int:feed>/", channels.feed, name="desk_feed"),
    path("desk/feeds/<int:feed>/secret/", channels.rotate_feed, name="desk_feed_rotate"),
    path("desk/feeds/<int:feed>/test/", channels.try_feed, name="desk_feed_try"),
    path("desk/feeds/<int:feed>/end/", channels.end_feed, name="desk_feed_end"),
    path("desk/import/", importing.runs, name="desk_import"),
    path("desk/import/new/", importing.new, name="desk_import_new"),
    path("desk/import/<int:run>/", importing.one, name="desk_import_run"),
    path("desk/import/<int:run>/start/", importing.start, name="desk_import_start"),
    path("desk/import/<int:run>/drop/", importing.drop, name="desk_import_drop"),
]
