"""Where the messages room joins the house."""

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "moothall.messages"
    default_auto_field = "django.db.models.BigAutoField"
