"""Where the requests room joins the house."""

from django.apps import AppConfig


class RequestsConfig(AppConfig):
    name = "moothall.requests"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Hang permissions."""
        from moothall.councils import hooks as councils
        from moothall.requests.permissions import Can

        councils.permissions(Can)
