"""The addresses of the demonstration's mailbox."""

from django.urls import path

from moothall.messages import views

app_name = "mail"

urlpatterns = [
    path("", views.mailbox, name="mailbox"),
    path("<int:number>/", views.letter, name="letter"),
]
