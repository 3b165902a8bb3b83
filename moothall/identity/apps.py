"""Where the identity room joins the house."""

from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "moothall.identity"
    default_auto_field = "django.db.models.BigAutoField"
