"""Every address of the house, room by room."""

from django.urls import URLPattern, URLResolver, include, path

from moothall.config.demo import people
from moothall.messages.urls import coming_in

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("moothall.config.observability.urls")),
    path("account/", include("moothall.identity.urls")),
    path("look/", include("moothall.look.urls")),
    *people.addresses(),
    path("work/", include("moothall.workplace.urls")),
    path("demo/mail/", include("moothall.messages.urls")),
    path("mail/", include((coming_in, "mail_in"))),
    path("api/", include("moothall.servicedesk.urls")),
    path("", include("moothall.portal.urls")),  # last: its addresses begin with the code of a council
]

handler400 = "moothall.look.views.bad_request"
handler403 = "moothall.look.views.forbidden"
handler404 = "moothall.look.views.not_found"
handler500 = "moothall.look.views.failed"
handler429 = "moothall.identity.views.too_many_tries"
