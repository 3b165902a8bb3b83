"""Where the councils room joins the house."""

from django.apps import AppConfig


class CouncilsConfig(AppConfig):
    name = "moothall.councils"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Councils"

    def ready(self) -> None:
        from moothall.councils import hooks
        from moothall.councils.permissions import Can

        hooks.permissions(Can)
        hooks.append_only("journal.Entry", "journal.Seal", "journal.Checkpoint")
