"""Where the identity room joins the house."""

from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "moothall.identity"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to what the sign-in library announces."""
        from moothall.identity import signing

        signing.connect()
