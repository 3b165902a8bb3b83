"""Where the journal room joins the house."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "moothall.journal"
    default_auto_field = "django.db.models.BigAutoField"
