"""The addresses of the demonstration's mailbox, and the one at which letters are handed over."""

from django.urls import path

from moothall.messages import views

app_name = "mail"

urlpatterns = [
    path("", views.mailbox, name="mailbox"),
    path("write/", views.write, name="write"),
    path("<int:number>/", views.letter, name="letter"),
]

coming_in = [path("in/<int:number>/", views.take, name="take")]
"""Outside the demonstration as well."""
