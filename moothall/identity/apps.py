"""Where the identity room joins the house."""

from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "moothall.identity"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to what the sign-in library announces, and hang the frame of one's own pages."""
        from moothall.identity import frames, signing
        from moothall.look import hooks as look

        signing.connect()
        look.frame(frames.frame_of)
