"""Where the estate joins the house."""

from django.apps import AppConfig


class EstateConfig(AppConfig):
    name = "moothall.estate"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Estate"

    def ready(self) -> None:
        """Hang the permissions."""
        from moothall.councils import hooks as councils
        from moothall.estate.permissions import Can

        councils.permissions(Can)
