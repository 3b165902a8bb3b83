"""Addresses of the look."""

from django.urls import path, re_path

from moothall.look import views

app_name = "look"

urlpatterns = [
    re_path(r"^theme/(?P<code>[a-z0-9-]{1,40})-(?P<version>[0-9a-f]{8})\.css$", views.theme, name="theme"),
    path("", views.show_gallery, name="gallery"),
    path("staff/", views.show_gallery, {"name": "staff"}, name="staff-gallery"),
    path("form/", views.show_gallery, {"name": "form"}, name="form-gallery"),
    path("question/", views.show_gallery, {"name": "question"}, name="question-gallery"),
]
