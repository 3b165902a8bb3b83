"""Where the portal room joins the house."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "moothall.portal"
    default_auto_field = "django.db.models.BigAutoField"
