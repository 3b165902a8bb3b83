"""Where the service desk joins the house."""

from django.apps import AppConfig


class ServiceDeskConfig(AppConfig):
    name = "moothall.servicedesk"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Service desk"

    def ready(self) -> None:
        """Hang the permissions, and let calls follow their cases."""
        from moothall.councils import hooks as councils
        from moothall.servicedesk.permissions import Can

        councils.permissions(Can)
