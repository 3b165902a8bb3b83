"""Where the requests room joins the house."""

from django.apps import AppConfig


class RequestsConfig(AppConfig):
    name = "moothall.requests"
    default_auto_field = "django.db.models.BigAutoField"
