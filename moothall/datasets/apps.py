"""Where the datasets room joins the house."""

from django.apps import AppConfig


class DatasetsConfig(AppConfig):
    name = "moothall.datasets"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Datasets"
