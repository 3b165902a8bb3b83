"""Where health and figures are asked for."""

from django.urls import path

from moothall.config.observability import views

urlpatterns = [
    path("livez", views.livez, name="livez"),
    path("readyz", views.readyz, name="readyz"),
    path("metrics", views.metrics, name="metrics"),
]
