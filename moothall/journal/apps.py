"""Where the journal room joins the house."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "moothall.journal"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Hang the journal's own periodic work, and keep what happens at sign-in."""
        from moothall.identity import hooks as identity
        from moothall.journal import periodic, signing  # noqa: F401

        identity.record(signing.keep)
