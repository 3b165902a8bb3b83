"""Where the process room joins the house."""

from django.apps import AppConfig


class ProcessConfig(AppConfig):
    name = "moothall.process"
    default_auto_field = "django.db.models.BigAutoField"
