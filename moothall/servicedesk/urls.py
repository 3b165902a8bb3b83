"""The addresses of the desk for machines, under /api/."""

from django.urls import path, re_path

from moothall.servicedesk.views import api, feeds

app_name = "desk_machines"

urlpatterns = [
    *api.addresses("desk/v1/"),
    path("feeds/<slug:key>/", feeds.hear, name="feed"),
    re_path(
        "", api.nowhere, name="nowhere"
    ),  # last: whatever else is asked for is refused as machines read it
]
