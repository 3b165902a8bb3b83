"""Where measures join the house."""

from django.apps import AppConfig


class MeasuresConfig(AppConfig):
    name = "moothall.measures"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Measures"

    def ready(self) -> None:
        """Hang the permissions."""
        from moothall.councils import hooks as councils
        from moothall.measures.permissions import Can

        councils.permissions(Can)
