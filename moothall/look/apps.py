"""Where the look room joins the house."""

from django.apps import AppConfig


class LookConfig(AppConfig):
    name = "moothall.look"
    default_auto_field = "django.db.models.BigAutoField"
