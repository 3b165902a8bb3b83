"""Where the councils room joins the house."""

from django.apps import AppConfig


class CouncilsConfig(AppConfig):
    name = "moothall.councils"
    default_auto_field = "django.db.models.BigAutoField"
