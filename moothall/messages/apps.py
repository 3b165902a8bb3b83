"""Where the messages room joins the house."""

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "moothall.messages"
    label = "moothall_messages"  # Django has an app of its own called messages
    default_auto_field = "django.db.models.BigAutoField"
