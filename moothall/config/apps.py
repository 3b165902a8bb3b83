"""Where the config room joins the house."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "moothall.config"
    default_auto_field = "django.db.models.BigAutoField"
