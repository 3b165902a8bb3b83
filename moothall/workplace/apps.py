"""Where the workplace room joins the house."""

from django.apps import AppConfig


class WorkplaceConfig(AppConfig):
    name = "moothall.workplace"
    default_auto_field = "django.db.models.BigAutoField"
